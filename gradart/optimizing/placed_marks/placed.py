"""A sketch's marks on its page, in mm, as a function of its parameters that JAX differentiates."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree

from gradart.calculus.programs.present_values import known, moves, present, stepped
from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Mark
from gradart.errors import Untraceable
from gradart.optimizing.placed_marks.marks_in_mm import heads_at_margin, laid_on_page
from gradart.rendering.film.tracing import scene_at
from gradart.rendering.layout.page import Page
from gradart.rendering.render import sheet_for
from gradart.sketching.numbers_in_texts import formatting_present_values
from gradart.sketching.sketch import Sketch, on_page
from gradart.types import Number

T = TypeVar("T")
R = TypeVar("R")


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
    pen lifts, points are NaN, and their derivative 0. ArtError for derivatives of derivatives.

    >>> def points(turns):
    ...     return [mark.shape.points for mark in placed(sketch, {"turns": turns})]
    >>> points, velocities = jax.jvp(points, (5.0,), (1.0,))
    """
    sheet = page or sheet_for(sketch.options)
    sketch = on_page(sketch, {"page": page})
    moving = {name: value for name, value in values.items() if moves(value)}

    def drawn(numbers: Mapping[str, object]) -> tuple[Mark, ...]:
        return _drawn(sketch, {**values, **numbers}, sheet, u, seed)

    with jax.enable_x64(True), formatting_present_values():
        return _linear(drawn, moving) if moving else drawn({})


def _linear(f: Callable[[T], R], moving: T) -> R:
    """f of a pytree of numbers that are differentiated, by its derivative where they are now."""
    now, shaped = ravel_pytree(jax.tree.map(_as_float64, present(moving)))
    change = stepped(jnp.zeros_like(now), -ravel_pytree(jax.tree.map(_as_float64, moving))[0])

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
    given = {name: _as_float64(value) for name, value in values.items()}
    art = sketch(seed=seed, **given)
    scene = scene_at(art, sketch.options.at if u is None else u)
    if isinstance(art, Scene) or scene.box is not None:
        return laid_on_page(scene, [scene], page)
    if not known(given):
        raise Untraceable(
            "a film without a box is fitted to all of its frames, which needs numbers: give its"
            " scene box=((x0, y0), (x1, y1)), or place it outside of jax.jit"
        )
    heads = heads_at_margin(sketch(seed=seed, **present(given)), sketch, page)
    return laid_on_page(scene, [scene_at(art, head) for head in heads], page)


def _as_float64(value: object) -> object:
    floating = isinstance(value, jax.Array) and jnp.issubdtype(value.dtype, jnp.floating)
    return jnp.asarray(value, float) if floating else value
