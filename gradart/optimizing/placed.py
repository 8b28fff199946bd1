"""A sketch's marks on its page, in mm, as a function of its parameters that JAX differentiates."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from gradart.calculus.checks import warn
from gradart.calculus.present_values import known, moves, present
from gradart.drawing.marks import Beziers, Dots, Many, Mark, Raster
from gradart.drawing.scene import Film, Scene
from gradart.errors import Untraceable
from gradart.rendering.film.tracing import playheads, trace
from gradart.rendering.layout.page import Page, fit
from gradart.rendering.render import sheet_for
from gradart.sketching.sketch import Sketch
from gradart.types import Number

T = TypeVar("T")
R = TypeVar("R")

_STEPS = 30  # of Newton's method on the scale; two are the rule


def placed(
    sketch: Sketch,
    values: Mapping[str, object],
    *,
    page: Page | None = None,
    u: Number | None = None,
    seed: int | None = None,
) -> tuple[Mark, ...]:
    """The marks of a sketch in mm from the page's top left corner, y down, in float64.

    `values` are parameters by name, the others have their defaults; the page, the playhead `u` of
    a film's frame and the seed are those that the sketch is meant for. What is painted is this, cut
    to the paper: here all points are kept, so that they only move. The blocks of `many` are told
    one after the other. The drawing is fitted to the page as `fit` does it, and so moves with all
    that touches the margin, in any frame of a film.

    JAX differentiates it by all numbers in `values`, forward and backward. What is counted, as how
    many contours there are, stays as it is. A sketch has few numbers and many points, and so the
    derivative is taken forward, for all numbers at once, and is there in both directions. Where the
    pen lifts, points are NaN, and their derivative 0. Derivatives of derivatives are not there.

    >>> def points(turns):
    ...     return [mark.shape.points for mark in placed(sketch, {"turns": turns})]
    >>> points, velocities = jax.jvp(points, (5.0,), (1.0,))
    """
    meant = sketch.options
    sheet = page or sheet_for(meant)
    moving = {name: value for name, value in values.items() if moves(value)}

    def drawn(numbers: Mapping[str, object]) -> tuple[Mark, ...]:
        return _drawn(sketch, {**values, **numbers}, sheet, u, seed)

    with jax.enable_x64(True), formatting_present_values():
        return _linear(drawn, moving) if moving else drawn({})


def _linear(f: Callable[[T], R], moving: T) -> R:
    """f of a pytree of numbers that are differentiated, by its derivative where they are now."""
    now, shaped = ravel_pytree(jax.tree.map(_as_float64, present(moving)))
    change = ravel_pytree(jax.tree.map(_as_float64, moving))[0] - now

    def push(direction: jax.Array) -> tuple[R, R]:
        return jax.jvp(lambda x: f(shaped(x)), (now,), (direction,))

    value, rates = jax.vmap(push, out_axes=(None, -1))(jnp.eye(len(now)))

    def moved(y: jax.Array, rate: jax.Array) -> jax.Array:
        if not jnp.issubdtype(y.dtype, jnp.floating):
            return y
        return y + jnp.where(jnp.isnan(y)[..., None], 0, rate) @ change

    return jax.tree.map(moved, value, rates)


def _drawn(
    sketch: Sketch, values: Mapping[str, object], page: Page, u: Number | None, seed: int | None
) -> tuple[Mark, ...]:
    meant = sketch.options
    given = {name: _as_float64(value) for name, value in values.items()}
    art = sketch(seed=seed, **given)
    if isinstance(art, Scene):
        return laid_on_page(art, [art], page)
    scene = art(jnp.asarray(meant.at if u is None else u, float))
    if scene.box is not None:
        return laid_on_page(scene, [scene], page)
    if not known(given):
        raise Untraceable(
            "a film without a box is fitted to all of its frames, which needs numbers: give its"
            " scene box=((x0, y0), (x1, y1)), or place it outside of jax.jit"
        )
    heads = playheads(meant.seconds, meant.fps)
    film = sketch(seed=seed, **present(given))
    assert not isinstance(film, Scene)
    at_margin = [art(jnp.asarray(head)) for head in heads_at_margin(film, heads, page)]
    return laid_on_page(scene, at_margin, page)


def _as_float64(value: object) -> object:
    floating = isinstance(value, jax.Array) and jnp.issubdtype(value.dtype, jnp.floating)
    return jnp.asarray(value, float) if floating else value


def laid_on_page(scene: Scene, fitted: Sequence[Scene], page: Page) -> tuple[Mark, ...]:
    """The marks of a scene in mm, on a page to which all of the scenes `fitted` are fitted."""
    inks = [_ink(each) for each in fitted]
    ink = _Ink(*(jnp.concatenate(column) for column in zip(*inks, strict=True)))
    scale = _scale(ink, page)
    start, end = _ends(ink, scale)
    middle = jnp.where(jnp.isfinite(start + end), (start + end) / 2, 0)
    shift = jnp.array([page.width, page.height]) / 2 + middle * jnp.array([-1, 1])
    return tuple(_laid(mark, scale, shift) for mark in _flat(scene.marks))


def _flat(marks: Sequence[Mark]) -> Iterator[Mark]:
    """The marks, with those of all blocks in the place of `many`."""
    for mark in marks:
        if isinstance(mark.shape, Many):
            for index in range(mark.shape.count):
                yield from _flat(mark.shape.block(index))
        else:
            yield mark


def _laid(mark: Mark, scale: jax.Array, shift: jax.Array) -> Mark:
    flip = jnp.array([1.0, -1.0])

    def moved(points: object, offset: object = 0.0) -> jax.Array:
        p = jnp.asarray(points, float)
        # A NaN has no part in the derivative by the scale.
        fine = ~jnp.isnan(p)
        at = jnp.where(fine, p, 0) * scale * flip + shift + jnp.asarray(offset) * flip
        return jnp.where(fine, at, jnp.nan)

    match mark.shape:
        case Beziers(points, closed, anchor) if anchor is not None:
            return replace(mark, shape=Beziers(moved(anchor, points), closed))
        case Dots(centers, radius):
            return replace(mark, shape=Dots(moved(centers), jnp.asarray(radius)))
        case Raster(pixels, box):
            corners = moved(box)
            for axis in (0, 1):  # the first row on top
                turned = corners[0, axis] > corners[1, axis]
                pixels = jnp.where(turned, jnp.flip(pixels, 1 - axis), pixels)
            return replace(mark, shape=Raster(pixels, jnp.sort(corners, axis=0)))
        case Many():
            raise AssertionError("its blocks stand in its place")
        case shape:
            return replace(mark, shape=replace(shape, points=moved(shape.points)))


class _Ink(NamedTuple):
    """Points (n, 2) in the artist's units, NaN for none, and the mm of ink before and behind."""

    at: jax.Array
    low: jax.Array
    high: jax.Array


def _ink(scene: Scene) -> _Ink:
    """The ink that a page is fitted to, as `gradart.rendering.layout.page.fit` reads it."""
    none = jnp.full((1, 2), jnp.nan)
    if scene.box is not None:
        zeros = jnp.zeros((2, 2))
        return _Ink(jnp.asarray(scene.box, float), zeros, zeros)
    parts = [_Ink(none, 0 * none, 0 * none)]
    parts += [_ink_of(mark) for mark in _flat(scene.marks)]
    return _Ink(*(jnp.concatenate(column) for column in zip(*parts, strict=True)))


def _ink_of(mark: Mark) -> _Ink:
    pen = jnp.zeros(())
    if mark.style.stroke is not None:
        pen = jnp.max(jnp.asarray(mark.style.width, float), initial=0.0) / 2
    match mark.shape:
        case Dots(centers, radius):
            at = jnp.asarray(centers, float)
            reach = (jnp.asarray(radius) + pen)[..., None] + jnp.zeros_like(at)
            return _Ink(at, -reach, reach)
        case Beziers(points, _, anchor) if anchor is not None:
            outline = _outermost(points)
            foot = jnp.broadcast_to(jnp.asarray(anchor, float), outline.shape)
            return _Ink(foot, outline - pen, outline + pen)
        case Raster(_, points):
            at = jnp.asarray(points, float)
        case Many():
            raise AssertionError("its blocks stand in its place")
        case shape:
            at = _outermost(shape.points)
    return _Ink(at, jnp.zeros_like(at) - pen, jnp.zeros_like(at) + pen)


def _outermost(points: object) -> jax.Array:
    """The points (4, 2) that lie farthest to the left, down, right and up; NaN where none is."""
    p = jnp.asarray(points, float).reshape(-1, 2)
    if not len(p):
        return jnp.full((4, 2), jnp.nan)
    lifted = jnp.isnan(p).any(-1, keepdims=True)
    low = jnp.argmin(jnp.where(lifted, jnp.inf, p), axis=0)
    high = jnp.argmax(jnp.where(lifted, -jnp.inf, p), axis=0)
    found = jnp.concatenate([low, high])
    return jnp.where(lifted[found], jnp.nan, p[found])


def _touching(ink: _Ink, scale: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Which ink, on each axis (2,), comes first at a scale, and which last."""
    none = jnp.isnan(ink.at)
    first = jnp.argmin(jnp.where(none, jnp.inf, scale * ink.at + ink.low), axis=0)
    last = jnp.argmax(jnp.where(none, -jnp.inf, scale * ink.at + ink.high), axis=0)
    return first, last


def _ends(ink: _Ink, scale: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Where all ink begins and ends, on each axis (2,), in mm from the origin."""
    first, last = _touching(ink, jax.lax.stop_gradient(scale))
    axes = np.arange(2)
    start = scale * ink.at[first, axes] + ink.low[first, axes]
    return start, scale * ink.at[last, axes] + ink.high[last, axes]


def _scale(ink: _Ink, page: Page) -> jax.Array:
    """The largest scale at which all ink fits within the margin; see `page.fit`.

    Newton's method as there; its last step, from the ink that touches the margin, has derivatives.
    """
    still = jax.lax.stop_gradient(ink)
    scale = _fitted(still, still, page, jnp.array(jnp.inf))
    scale = jax.lax.fori_loop(0, _STEPS, lambda _, s: _fitted(still, still, page, s), scale)
    bare = still._replace(low=0 * still.low, high=0 * still.high)
    lone = _fitted(bare, bare, page, jnp.array(jnp.inf))
    # The ink alone fills the page: the points are fitted, and it overlaps.
    crowded = (scale <= 0) & (lone > 0)
    scale = jnp.where(crowded, lone, scale)
    bare = ink._replace(low=0 * ink.low, high=0 * ink.high)
    fitted = jnp.where(crowded, _fitted(bare, still, page, scale), _fitted(ink, still, page, scale))
    return jnp.where(jnp.isfinite(fitted) & (fitted > 0), fitted, 1.0)


def _fitted(ink: _Ink, still: _Ink, page: Page, scale: jax.Array) -> jax.Array:
    """The scale at which the ink that is outermost at `scale` reaches from margin to margin."""
    axes, room = np.arange(2), np.array([page.width, page.height]) - 2 * page.margin
    first, last = _touching(still, jnp.where(jnp.isfinite(scale), scale, 1e9))
    span = ink.at[last, axes] - ink.at[first, axes]
    pads = ink.high[last, axes] - ink.low[first, axes]
    size = jnp.maximum(jnp.abs(ink.at[last, axes]), jnp.abs(ink.at[first, axes]))
    wide = span > 1e-12 * size
    each = jnp.where(wide, (room - pads) / jnp.where(wide, span, 1), jnp.inf)
    return jnp.min(each)


def heads_at_margin(film: Film, heads: np.ndarray, page: Page) -> list[float]:
    """The playheads of those frames whose ink touches the margin first: at most four."""
    frames = trace(film)
    scale = jnp.asarray(fit((frames.at(head) for head in heads), page).scale)
    ends = np.array([np.concatenate(_ends(_ink(frames.at(head)), scale)) for head in heads])
    ends[:, 2:] *= -1
    drawn = np.where(np.isnan(ends), np.inf, ends)
    return sorted({float(heads[row]) for row in np.argmin(drawn, axis=0)})


@contextmanager
def formatting_present_values() -> Iterator[None]:
    """A block in which an f-string of a number that is differentiated shows what it is now."""
    told = False
    plain = jax.core.Tracer.__format__

    def shown(number: Any, form: str) -> str:
        nonlocal told
        if not moves(number):
            if form:
                raise Untraceable(
                    "an f-string shows a number that is traced, and has no value: set it by"
                    " ga.digits(number, at)"
                )
            return plain(number, form)
        if not told:
            told = True
            warn("a text shows the present value of a number: its letters have no derivative")
        return format(np.asarray(present(number)).item(), form)

    jax.core.Tracer.__format__ = shown  # type: ignore[method-assign]
    try:
        yield
    finally:
        jax.core.Tracer.__format__ = plain  # type: ignore[method-assign]
