"""Scenes and frames of films laid on their page, in mm: with numbers of JAX, or of NumPy."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import ModuleType
from typing import NamedTuple, assert_never

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.programs.by_numpy import floats
from gradart.calculus.programs.padded_lengths import longer, rows_again, shorter
from gradart.calculus.programs.present_values import moves, present
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.drawing.scene import Film, Scene
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.geometry.paths.cubic_strokes import pieces
from gradart.rendering.film.tracing import playheads, scene_at, trace
from gradart.rendering.layout.page import Page, fit
from gradart.rendering.layout.path_commands import extremes
from gradart.sketching.sketch import Sketch
from gradart.types import Array

_POINTS = 1_000_000  # of blocks of `many`, beyond which no more of them are looked at
_STEPS = 30  # of Newton's method on the scale; two are the rule


def flat(marks: Sequence[Mark], most: int | None = None, *, reach: bool = False) -> Iterator[Mark]:
    """The marks, with those of the blocks of `many` in its place: of all, or evenly of some.

    Of some, there are fewer of them if they have very many points.

    Those of groups are in their place too; for their `reach` a mask's, of groups that have one.
    """
    for mark in marks:
        match mark.shape:
            case Many(block, count):
                first = list(flat(block(0), most))
                yield from first
                some = min(count, most or count)
                if most is not None:
                    some = min(some, max(1, _POINTS // max(1, sum(map(_size, first)))))
                for index in np.unique(np.linspace(0, count - 1, some).astype(int))[1:]:
                    yield from flat(block(int(index)), most)
            case Group(inside, mask):
                yield from flat(mask if reach and mask is not None else inside, most, reach=reach)
            case Lines() | Beziers() | Dots() | Raster():
                yield mark
            case _:
                assert_never(mark.shape)


def _size(mark: Mark) -> int:
    """How many points a mark has, or numbers."""
    return max(map(np.size, jax.tree.leaves(mark.shape)), default=0) // 2


def heads_at_margin(art: Scene | Film, sketch: Sketch, page: Page) -> tuple[float, ...]:
    """The playheads of those frames of a film whose ink touches the margin first: at most four.

    All frames are laid on the page as these are. There is none for a scene, or with a box.
    """
    if isinstance(art, Scene) or scene_at(art, 0.0).box is not None:
        return ()
    heads = playheads(sketch.options.seconds, sketch.options.fps)
    frames = trace(art)
    scale = jnp.asarray(fit((frames.at(head) for head in heads), page).scale)
    ends = np.array([np.concatenate(_ends(_ink(frames.at(head)), scale)) for head in heads])
    ends[:, 2:] *= -1
    drawn = np.where(np.isnan(ends), np.inf, ends)
    return tuple(sorted({float(heads[row]) for row in np.argmin(drawn, axis=0)}))


def laid_on_page(scene: Scene, fitted: Sequence[Scene], page: Page) -> tuple[Mark, ...]:
    """The marks of a scene in mm, on a page to which all of the scenes `fitted` are fitted.

    JAX differentiates it by all numbers in the scenes.
    """
    ink = _all_of([_ink(each) for each in fitted])
    if moves(ink):
        again = rows_again(len(ink.at))
        ink = _Ink(*(x[again] if isinstance(x, np.ndarray) else taken_rows(x, again) for x in ink))
    scale, shift = _placement(ink, page)
    return tuple(_laid(mark, scale, shift, jnp) for mark in flat(scene.marks))


def numbers_on_page(scene: Scene, fitted: Sequence[Scene], page: Page) -> tuple[Mark, ...]:
    """The same as `laid_on_page`, of plain numbers and by NumPy.

    JAX would compile each of its steps for each number of points.
    """
    placement = fit(fitted, page)
    shift = np.array([placement.dx, placement.dy])
    return tuple(_laid(mark, placement.scale, shift, np) for mark in flat(scene.marks))


def placed_at(scene: Scene, placement: Array) -> tuple[Mark, ...]:
    """The marks of a scene in mm, on a page where it lies so: its scale, dx and dy, (3,)."""
    traced = any(isinstance(x, jax.core.Tracer) for x in jax.tree.leaves((scene, placement)))
    marks = flat(scene.marks)
    return tuple(_laid(mark, placement[0], placement[1:], jnp if traced else np) for mark in marks)


def _laid(mark: Mark, scale: Array | float, shift: Array, xp: ModuleType) -> Mark:
    """A mark in mm, by `numpy` or `jax.numpy`."""

    def moved(points: Array, offset: Array | float = 0.0) -> Array:
        if xp is jnp:
            return _moved_by_jax(points, scale, shift, offset)
        return _moved(points, scale, shift, offset, np)

    match mark.shape:
        case Beziers(points, closed, anchor) if anchor is not None:
            return replace(mark, shape=Beziers(moved(anchor, points), closed))
        case Dots(centers, radius):
            return replace(mark, shape=Dots(moved(centers), xp.asarray(radius)))
        case Raster(pixels, box):
            corners = moved(box)
            for axis in (0, 1):  # the first row on top
                turned = corners[0, axis] > corners[1, axis]
                pixels = xp.where(turned, xp.flip(pixels, 1 - axis), pixels)
            return replace(mark, shape=Raster(pixels, xp.sort(corners, axis=0)))
        case Lines(points) | Beziers(points) as shape:
            return replace(mark, shape=replace(shape, points=moved(points)))
        case Many() | Group():
            raise AssertionError("its marks stand in its place")
        case _:
            assert_never(mark.shape)


def _moved(
    points: Array, scale: Array | float, shift: Array, offset: Array | float, xp: ModuleType
) -> Array:
    """Points (..., 2) in mm, and so much further."""
    flip, p = np.array([1.0, -1.0]), xp.asarray(points, float)
    # A NaN has no part in the derivative by the scale.
    fine = ~xp.isnan(p)
    at = xp.where(fine, p, 0) * scale * flip + shift + xp.asarray(offset) * flip
    found: Array = xp.where(fine, at, xp.nan)
    return found


_moved_as_one = jax.jit(functools.partial(_moved, xp=jnp))


def _moved_by_jax(
    points: Array, scale: Array | float, shift: Array, offset: Array | float
) -> Array:
    """The same by one program, of few for all numbers of points."""
    if np.ndim(offset):
        return _moved_as_one(points, scale, shift, offset)
    given = floats(points)
    return shorter(_moved_as_one(longer(given, -2), scale, shift, offset), -2, given.shape[-2])


class _Ink(NamedTuple):
    """Points (n, 2) in the artist's units, NaN for none, and the mm of ink before and behind."""

    at: Array
    low: Array
    high: Array


def _all_of(inks: Sequence[_Ink]) -> _Ink:
    """All ink of several, by NumPy where it can."""

    def joined(column: Sequence[Array]) -> Array:
        if all(isinstance(x, np.ndarray) for x in column):
            return np.concatenate(column)
        return jnp.concatenate(column)

    return _Ink(*map(joined, zip(*inks, strict=True)))


def _ink(scene: Scene) -> _Ink:
    """The ink that a page is fitted to, as `gradart.rendering.layout.page.fit` reads it."""
    none = np.full((1, 2), np.nan)
    if scene.box is not None:
        zeros = np.zeros((2, 2))
        return _Ink(jnp.asarray(scene.box, float), zeros, zeros)
    marks = flat(scene.marks, reach=True)
    return _all_of([_Ink(none, 0 * none, 0 * none), *map(_ink_of, marks)])


def _ink_of(mark: Mark) -> _Ink:
    pen: Array = np.zeros(())
    if mark.style.stroke is not None:
        width = mark.style.width
        xp = jnp if isinstance(width, jax.core.Tracer) else np
        pen = xp.max(xp.asarray(width, float), initial=0.0) / 2
    match mark.shape:
        case Dots(centers, radius):
            at = jnp.asarray(centers, float)
            reach = (jnp.asarray(radius) + pen)[..., None] + jnp.zeros_like(at)
            return _Ink(at, -reach, reach)
        case Beziers(points, _, anchor):
            at = _outermost(extremes(pieces(jnp.asarray(points, float)), jnp))
            if anchor is not None:
                foot = jnp.broadcast_to(jnp.asarray(anchor, float), at.shape)
                return _Ink(foot, at - pen, at + pen)
        case Raster(_, points):
            at = jnp.asarray(points, float)
        case Lines(points):
            at = _outermost(points)
        case Many() | Group():
            raise AssertionError("its marks stand in its place")
        case _:
            assert_never(mark.shape)
    around = np.zeros(at.shape) + pen
    return _Ink(at, -around, around)


def _outermost(points: Array) -> jax.Array:
    """The points (4, 2) that lie farthest to the left, down, right and up; NaN where none is."""
    given = floats(points)
    if not given.size:
        return jnp.full((4, 2), jnp.nan)
    if moves(given):
        now = np.asarray(present(given)).reshape(-1, 2)
        lifted = np.isnan(now).any(-1, keepdims=True)
        least = np.where(lifted, np.inf, now).argmin(0)
        outer = np.append(least, np.where(lifted, -np.inf, now).argmax(0))
        return taken_rows(given, np.where(lifted[outer, 0], -1, outer))
    p = given.reshape(-1, 2)
    away = jnp.isnan(p).any(-1, keepdims=True)
    low = jnp.argmin(jnp.where(away, jnp.inf, p), axis=0)
    high = jnp.argmax(jnp.where(away, -jnp.inf, p), axis=0)
    found = jnp.concatenate([low, high])
    return jnp.where(away[found], jnp.nan, p[found])


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


@functools.partial(jax.jit, static_argnums=1)
def _placement(ink: _Ink, page: Page) -> tuple[jax.Array, jax.Array]:
    """The scale at which all ink lies on its page, and how far it is moved, (2,)."""
    scale = _scale(ink, page)
    start, end = _ends(ink, scale)
    middle = jnp.where(jnp.isfinite(start + end), (start + end) / 2, 0)
    return scale, jnp.array([page.width, page.height]) / 2 + middle * jnp.array([-1, 1])


def _scale(ink: _Ink, page: Page) -> jax.Array:
    """The largest scale at which all ink fits within the margin; see `page.fit`.

    Newton's method as there; its last step, from the ink that touches the margin, has derivatives.
    """
    still = jax.lax.stop_gradient(ink)
    scale, crowded = _found_scale(still, page)
    bare = ink._replace(low=0 * ink.low, high=0 * ink.high)
    fitted = jnp.where(crowded, _fitted(bare, still, page, scale), _fitted(ink, still, page, scale))
    return jnp.where(jnp.isfinite(fitted) & (fitted > 0), fitted, 1.0)


def _found_scale(ink: _Ink, page: Page) -> tuple[jax.Array, jax.Array]:
    """The scale without derivatives, and whether ink alone fills the page.

    Then it is the points that are fitted, and ink overlaps the margin.
    """
    scale = _fitted(ink, ink, page, jnp.array(jnp.inf))
    scale = jax.lax.fori_loop(0, _STEPS, lambda _, s: _fitted(ink, ink, page, s), scale)
    bare = ink._replace(low=0 * ink.low, high=0 * ink.high)
    lone = _fitted(bare, bare, page, jnp.array(jnp.inf))
    crowded = (scale <= 0) & (lone > 0)
    return jnp.where(crowded, lone, scale), crowded


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
