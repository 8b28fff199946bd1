"""Marks of more strokes than memory holds: computed, drawn and dropped block by block."""

import operator
from collections.abc import Callable
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.drawing.scene import Drawable, flat
from gradart.drawing.shapes import Group, Many, Mark, Raster
from gradart.drawing.style import Blend, BlendKind, Style, as_blend
from gradart.errors import ArtError


def many(count: int, block: Callable[[int], Drawable], blend: BlendKind | Blend = "ink") -> Mark:
    """More strokes and dots than memory holds, added up block by block as ink or light.

    Those of `block(0)` to `block(count - 1)`, each a mark or a list of marks. Only one block is in
    memory at a time, so the number of strokes has no limit. `blend`, "ink", "light" or a value of
    these, is that of all of them. Without a box for the scene the blocks are computed twice, first
    to fit the drawing. SVG and PDF hold a picture of them. ArtError inside of a film's frame.

    >>> def shower(i):
    ...     p = ga.scatter(jax.random.key(i), 1000, box=((-1, -1), (1, 1)))
    ...     return ga.dots(p * abs(p), 0.3, alpha=0.1)
    >>> ga.many(5, shower)
    """
    try:
        blocks = operator.index(count)
    except TypeError:
        blocks = 0
    if blocks < 1:
        raise ArtError(f"ga.many(count, block) takes a number of blocks, not {short(count)}")
    if not callable(block):
        kind = type(block).__name__
        raise ArtError(f"ga.many takes a function of the block's number to marks, not {kind}")
    mix = as_blend(blend)
    if mix.kind == "over":
        raise ArtError("ga.many adds up its strokes; write blend='ink' or blend='light'")
    if isinstance(jnp.zeros(()), jax.core.Tracer):  # so it is while JAX traces a frame
        raise ArtError("ga.many computes while it is drawn; make it outside of the film's frame")

    def marks(index: int) -> tuple[Mark, ...]:
        with jax.enable_x64(True):
            return tuple(_added(mark, mix) for mark in flat(block(index)))

    return Mark(Many(marks, blocks), Style(None, np.array(0.0), None, mix))


def _added(mark: Mark, blend: Blend) -> Mark:
    kind = type(mark.shape).__name__
    if isinstance(mark.shape, Raster | Many | Group) or (
        kind != "Dots" and mark.style.fill is not None
    ):
        raise ArtError(f"ga.many adds up strokes and dots, not {kind.lower()} or fills")
    return replace(mark, style=replace(mark.style, blend=blend))
