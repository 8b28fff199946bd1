"""Summed density as a primitive of JAX: under jit and vmap, with exact derivatives both ways.

Its operands are three for each block of marks, as the artist has them: points, width or radius in
mm, density. All else is static. What is computed leaves JAX for compiled kernels and comes back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import ShapedArray
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir

from gradart.errors import ArtError
from gradart.optimizing.differentiable_picture.host_calls import IS_KNOWN, calling
from gradart.rendering.ink.adjoint import Block, Rates, pull, push
from gradart.rendering.ink.blending import added, chord_count, chords, from_chords, tints_of
from gradart.rendering.ink.density import Disks, Strokes
from gradart.rendering.ink.tone import exposure_of
from gradart.rendering.layout.page import Placement
from gradart.rendering.layout.pixel_grid import PixelGrid
from gradart.types import Array

if TYPE_CHECKING:
    from jaxlib.mlir import ir

Arrays = Sequence[np.ndarray]
Shaped = tuple[tuple[int, ...], np.dtype]
Operands = Sequence[jax.Array]
Tangents = Sequence[jax.Array | ad.Zero]
Changed = tuple[list[jax.Array], list[jax.Array]]
Call = Callable[..., tuple[np.ndarray, ...]]
Active = tuple[bool, ...]  # which of the operands have a derivative
_RANKS = {"lines": 3, "beziers": 3, "dots": 2}


@dataclass(frozen=True)
class Layout:
    """What is static: the pixels, how a drawing lies on its page, and its blocks.

    Of each block the kind, "lines", "beziers" or "dots", and whether its strokes close.
    """

    grid: PixelGrid
    placement: Placement
    blocks: tuple[tuple[str, bool], ...]

    @property
    def flip(self) -> np.ndarray:
        """Pixels to the artist's unit, along both axes."""
        return np.array([1.0, -1.0]) * self.placement.scale * self.grid.unit


def summed_density(operands: Sequence[Array], layout: Layout) -> jax.Array:
    """Return the density (h, w, 3), float32, that blocks of three operands each add to pixels.

    The same bits as in `render` for the same numbers, but where a mark is cut at the page's edge.
    """
    if not operands:
        return jnp.zeros((*layout.grid.size, 3), jnp.float32)
    return _sum.bind(*operands, layout=layout, active=())[0]


def _drawn(layout: Layout, operands: Arrays) -> tuple[list[Block], list[int]]:
    """The blocks in pixels, and how many chords a piece of each has, 0 if it is no Bezier."""
    placement, grid = layout.placement, layout.grid
    flip = np.array([placement.scale, -placement.scale])
    shift = np.array([placement.dx, placement.dy])
    blocks: list[Block] = []
    counts = []
    for (kind, closed), k in zip(layout.blocks, range(0, len(operands), 3), strict=True):
        points, size, density = (np.asarray(values, float) for values in operands[k : k + 3])
        with np.errstate(over="ignore", invalid="ignore"):  # what is too far out is not drawn
            points = grid.place(points * flip + shift)
        counts.append(chord_count(points) if kind == "beziers" else 0)
        if kind == "dots":
            blocks.append(Disks(points, size * grid.unit, density))
        else:
            rows = chords(points, counts[-1]) if counts[-1] else points
            blocks.append(Strokes(rows, size * grid.unit, density, closed))
    return blocks, counts


def _host_sum(layout: Layout, active: Active, operands: Arrays) -> Arrays:
    blocks, _ = _drawn(layout, operands)
    return [added(blocks, [block.density for block in blocks], layout.grid.size)]


def _host_push(layout: Layout, active: Active, operands: Arrays) -> Arrays:
    own = len(active)
    blocks, counts = _drawn(layout, operands[:own])
    given = iter(operands[own:])
    moves = [np.asarray(next(given), float) if live else None for live in active]
    rates = []
    for k, count in enumerate(counts):
        points, size, density = moves[3 * k : 3 * k + 3]
        if points is not None:
            points = np.where(np.isfinite(operands[3 * k]), points * layout.flip, 0.0)
            points = chords(points, count) if count else points
        rates.append(Rates(points, None if size is None else size * layout.grid.unit, density))
    return [push(layout.grid.size, blocks, rates)]


def _host_pull(layout: Layout, active: Active, operands: Arrays) -> Arrays:
    own = len(active)
    blocks, counts = _drawn(layout, operands[:own])
    weights, inked = np.ascontiguousarray(operands[own], np.float32), active[2::3]
    tints = np.concatenate([tints_of(block.density) for block in blocks])
    if not any(inked) and len(tints) and (tints == tints[0]).all():  # one channel is enough
        weights = np.ascontiguousarray(weights @ tints[0].astype(np.float32))[..., None]
        blocks = [replace(each, density=each.density.max(-1, keepdims=True)) for each in blocks]
    gains: list[np.ndarray] = []
    for count, gain in zip(counts, pull(blocks, weights, inked), strict=True):
        points = from_chords(gain.points, count) if count else gain.points
        gains += points * layout.flip, gain.size * layout.grid.unit, gain.density
    return [gain for gain, live in zip(gains, active, strict=True) if live]


def _shapes(kind: str, operands: Sequence[Array], layout: Layout, active: Active) -> list[Shaped]:
    """The shapes and types of results, leading axes of vmap included."""
    lead = operands[0].shape[: operands[0].ndim - _RANKS[layout.blocks[0][0]]]
    if kind == "pull":
        own = operands[: len(active)]
        return [(x.shape, x.dtype) for x, live in zip(own, active, strict=True) if live]
    return [((*lead, *layout.grid.size, 3), np.dtype(np.float32))]


def _on_host(kind: str, *given: Array, layout: Layout, active: Active) -> Arrays:
    """Compute with NumPy, one after the other of what vmap has put together."""
    operands = [np.asarray(values) for values in given]
    lead = operands[0].shape[: operands[0].ndim - _RANKS[layout.blocks[0][0]]]
    compute = _COMPUTE[kind]
    shapes = _shapes(kind, operands, layout, active)
    if not lead:
        found = compute(layout, active, operands)
        return [np.asarray(result, dtype) for result, (_, dtype) in zip(found, shapes, strict=True)]
    results = [np.empty(shape, dtype) for shape, dtype in shapes]
    for index in np.ndindex(*lead):
        found = compute(layout, active, [values[index] for values in operands])
        for result, value in zip(results, found, strict=True):
            result[index] = value
    return results


_COMPUTE = {"sum": _host_sum, "push": _host_push, "pull": _host_pull}


def _from_host(
    compute: Callable[..., Arrays], like: Sequence[ShapedArray], operands: Sequence[Array]
) -> list[jax.Array]:
    """What NumPy computes of operands while a compiled function runs; of these shapes and types.

    The host is handed NumPy's arrays. Those of JAX, which `jax.pure_callback` hands on, wait for a
    thread of XLA that may be the only one. Its own thread does not know of float64, which a sketch
    has from a context, and would round results to float32: they come as two words of 32 bits each.
    """

    def call(*values: np.ndarray) -> tuple[np.ndarray, ...]:
        return tuple(
            np.asarray(x, order="C")[..., None].view(np.uint32) if x.dtype == np.float64 else x
            for x in compute(*values)
        )

    words = tuple(
        ShapedArray((*x.shape, 2), np.dtype(np.uint32)) if x.dtype == np.float64 else x
        for x in like
    )
    results = _host.bind(*operands, call=call, like=words)
    return [
        jax.lax.bitcast_convert_type(x, own.dtype) if own.dtype == np.float64 else x
        for x, own in zip(results, like, strict=True)
    ]


def _host_lowered(
    context: mlir.LoweringRuleContext,
    *operands: "ir.Value[ir.Type]",
    call: Call,
    like: Sequence[ShapedArray],
) -> "Sequence[ir.Value[ir.Type] | tuple[ir.Value[ir.Type], ...]]":
    given = cast("Sequence[ShapedArray]", context.avals_in)  # JAX declares less of them
    results, _, _ = mlir.emit_python_callback(
        context, call, None, operands, given, like, has_side_effect=False, returns_token=False
    )
    return results


_host = Primitive("gradart_host")
_host.multiple_results = True
_host.def_abstract_eval(lambda *operands, call, like: list(like))
mlir.register_lowering(_host, _host_lowered)


class _Static(TypedDict):
    """What the primitives are given beside arrays."""

    layout: Layout
    active: Active


def _made(kind: str) -> Primitive:
    """A primitive whose results are computed on the host."""
    primitive = Primitive(f"gradart_density_{kind}")
    primitive.multiple_results = True

    compute = partial(_on_host, kind)

    def now(*operands: Array, **static: Unpack[_Static]) -> list[jax.Array]:
        return [jnp.asarray(value) for value in compute(*operands, **static)]

    def abstract(*operands: Array, **static: Unpack[_Static]) -> list[ShapedArray]:
        return [ShapedArray(*like) for like in _shapes(kind, operands, **static)]

    def staged(*operands: Array, **static: Unpack[_Static]) -> list[jax.Array]:
        return _from_host(partial(compute, **static), abstract(*operands, **static), operands)

    def batched(
        operands: Sequence[jax.Array], axes: Sequence[int | None], **static: Unpack[_Static]
    ) -> tuple[list[jax.Array], list[int]]:
        count = next(
            value.shape[axis]
            for value, axis in zip(operands, axes, strict=True)
            if axis is not None
        )
        rows = [
            jnp.broadcast_to(value, (count, *value.shape))
            if axis is None
            else jnp.moveaxis(value, axis, 0)
            for value, axis in zip(operands, axes, strict=True)
        ]
        results = primitive.bind(*rows, **static)
        return results, [0] * len(results)

    primitive.def_impl(now)
    primitive.def_abstract_eval(abstract)
    mlir.register_lowering(primitive, mlir.lower_fun(staged, multiple_results=True))
    if IS_KNOWN:
        mlir.register_lowering(primitive, calling(compute), platform="cpu")
    batching.primitive_batchers[primitive] = batched
    return primitive


_sum, _push, _pull = _made("sum"), _made("push"), _made("pull")


def _sum_rule(primals: Operands, tangents: Tangents, *, layout: Layout, active: Active) -> Changed:
    live = tuple(type(tangent) is not ad.Zero for tangent in tangents)
    moves = [tangent for tangent, is_live in zip(tangents, live, strict=True) if is_live]
    value = _sum.bind(*primals, layout=layout, active=())
    return value, _push.bind(*primals, *moves, layout=layout, active=live)


def _second(tangents: Tangents, count: int) -> None:
    if any(type(tangent) is not ad.Zero for tangent in tangents[:count]):
        raise ArtError(
            "a picture has first derivatives alone: its coverage is piecewise smooth; take one"
            " jax.grad or jvp of it, and no derivative of that"
        )


def _push_rule(primals: Operands, tangents: Tangents, *, layout: Layout, active: Active) -> Changed:
    count = len(active)
    _second(tangents, count)
    moves = [ad.instantiate_zeros(tangent) for tangent in tangents[count:]]
    value = _push.bind(*primals, layout=layout, active=active)
    return value, _push.bind(*primals[:count], *moves, layout=layout, active=active)


def _pull_rule(primals: Operands, tangents: Tangents, *, layout: Layout, active: Active) -> Changed:
    count = len(active)
    _second(tangents, count)
    weights = ad.instantiate_zeros(tangents[count])
    value = _pull.bind(*primals, layout=layout, active=active)
    return value, _pull.bind(*primals[:count], weights, layout=layout, active=active)


def _push_transposed(
    weights: Tangents, *operands: jax.Array, layout: Layout, active: Active
) -> list[jax.Array | None]:
    own = operands[: len(active)]
    weight = ad.instantiate_zeros(weights[0])
    return [None] * len(own) + list(_pull.bind(*own, weight, layout=layout, active=active))


def _pull_transposed(
    moves: Tangents, *operands: jax.Array, layout: Layout, active: Active
) -> list[jax.Array | None]:
    own = operands[: len(active)]
    given = [ad.instantiate_zeros(move) for move in moves]
    return [None] * len(own) + list(_push.bind(*own, *given, layout=layout, active=active))


ad.primitive_jvps[_sum] = _sum_rule
ad.primitive_jvps[_push] = _push_rule
ad.primitive_jvps[_pull] = _pull_rule
ad.primitive_transposes[_push] = _push_transposed
ad.primitive_transposes[_pull] = _pull_transposed


def found_exposure(total: jax.Array, cell: int) -> jax.Array:
    """Return the exposure that `render` finds for a density (h, w, 3), held: it has no slope.

    Means over `cell` x `cell` pixels count.
    """
    return _exposure.bind(jax.lax.stop_gradient(total), cell=cell)


def _exposures(totals: Array, cell: int) -> Arrays:
    totals = np.asarray(totals)
    rows = totals.reshape(-1, *totals.shape[-3:])
    found = [exposure_of(row, cell) for row in rows]
    return [np.asarray(found, np.float32).reshape(totals.shape[:-3])]


def _exposures_batched(
    operands: Sequence[jax.Array], axes: Sequence[int], *, cell: int
) -> tuple[jax.Array, int]:
    return _exposure.bind(jnp.moveaxis(operands[0], axes[0], 0), cell=cell), 0


def _exposures_staged(total: jax.Array, *, cell: int) -> jax.Array:
    like = [ShapedArray(total.shape[:-3], np.dtype(np.float32))]
    return _from_host(partial(_exposures, cell=cell), like, [total])[0]


_exposure = Primitive("gradart_found_exposure")
_exposure.def_impl(lambda total, cell: jnp.asarray(_exposures(total, cell)[0]))
_exposure.def_abstract_eval(lambda total, cell: ShapedArray(total.shape[:-3], np.dtype(np.float32)))
mlir.register_lowering(_exposure, mlir.lower_fun(_exposures_staged, multiple_results=False))
if IS_KNOWN:
    mlir.register_lowering(_exposure, calling(_exposures), platform="cpu")
batching.primitive_batchers[_exposure] = _exposures_batched
