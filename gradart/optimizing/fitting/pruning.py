"""Strokes that a picture does without, moved to where it asks for more."""

from dataclasses import replace
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from gradart.drawing.scene import Scene
from gradart.errors import ArtError
from gradart.optimizing.fitting.settings import Parameters
from gradart.types import Array

State = TypeVar("State")  # a pytree

_SHARE = 0.03  # of the strokes that are moved at a time, at most


def stroke_count(parameters: Parameters) -> int:
    """How many strokes there are: all arrays have a row for each of them, or an ArtError."""
    rows = {leaf.shape[:1] for leaf in jax.tree.leaves(parameters)}
    if len(rows) != 1 or rows == {()}:
        found = ", ".join(str(leaf.shape) for leaf in jax.tree.leaves(parameters))
        raise ArtError(
            "a fit with prune= moves rows of the parameters, so that each array needs a row for"
            f" each stroke, not the shapes {found}"
        )
    return int(rows.pop()[0])


def faded(scene: Scene, left: jax.Array) -> Scene:
    """The scene with the alpha of each stroke or dot multiplied by what is `left` (n,) of it."""

    def paled(paint: Array | None) -> Array | None:
        if paint is None:
            return None
        rgba = jnp.broadcast_to(jnp.asarray(paint), (len(left), 4))
        return rgba.at[:, 3].multiply(left.astype(rgba.dtype))

    marks = []
    for mark in scene.marks:
        if len(jax.tree.leaves(mark.shape)[0]) == len(left):
            style = mark.style
            style = replace(style, stroke=paled(style.stroke), fill=paled(style.fill))
            mark = replace(mark, style=style)
        marks.append(mark)
    return replace(scene, marks=tuple(marks))


def pruned(
    parameters: Parameters, state: State, slopes: jax.Array, key: jax.Array, away: float
) -> tuple[Parameters, State]:
    """Parameters, in mm of movement, and an optimizer's `state`, a few strokes of them moved.

    `slopes` (n,) are those of the loss in how much there is of each stroke. Where one is positive,
    or 0 because nothing of the stroke is seen, the picture is better off without it: it becomes a
    copy of a stroke of which the picture asks for more, `away` mm from it in every parameter. The
    optimizer forgets what it knew of a moved stroke.
    """
    n = len(slopes)
    count = max(1, int(_SHARE * n))
    order = jnp.argsort(jnp.where(slopes == 0, jnp.inf, slopes))
    wanted, useless = order[:count], order[::-1][:count]
    take = (jnp.flip(jnp.sort(slopes)) >= 0)[:count] | (slopes[useless] == 0)
    source = jnp.arange(n).at[useless].set(jnp.where(take, wanted, useless))
    moved = source != jnp.arange(n)

    def rows(leaf: jax.Array) -> jax.Array:
        return moved.reshape(-1, *[1] * (leaf.ndim - 1))

    leaves, tree = jax.tree.flatten(parameters)
    keys = jax.random.split(key, len(leaves))
    changed = [
        leaf[source] + rows(leaf) * away * jax.random.normal(k, leaf.shape, leaf.dtype)
        for leaf, k in zip(leaves, keys, strict=True)
    ]

    def forgotten(leaf: jax.Array) -> jax.Array:
        if np.ndim(leaf) and leaf.shape[0] == n:
            return jnp.where(rows(leaf), jnp.zeros((), leaf.dtype), leaf)
        return leaf

    return jax.tree.unflatten(tree, changed), jax.tree.map(forgotten, state)
