"""Zeros and poles of a complex function in a box, each with its order, by winding numbers.

The logarithmic derivative f' / f has a simple pole at each of them, whose residue is the order. So
what is left of it without the poles that are known shows where others are.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import as_count, outside
from gradart.calculus.complex_functions import ComplexFunction, Jets, analytic, derivatives, jets
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import TracedFunction, compiled, held, jit_with
from gradart.calculus.programs.precision import constant
from gradart.calculus.programs.present_values import moves, with_derivatives_of
from gradart.geometry.points import corners_now, square_cells
from gradart.types import Corners

OFF = 0.381966  # of a cell, by which a grid begins beyond its box: on no round number
SUSPECT = 0.02  # how much the logarithm of f changes over a cell next to a zero, at least
STANDS_OUT = 1.2  # and how much more than around it: so it has no maxima but at its poles
NEWTON_STEPS = 40
SEEDS = 64  # of Newton's method at once
NEAREST = 1e-4  # of a cell: what lies nearer together is one
ROUNDS = 16  # of searching for what is left
MOST = 1000  # zeros and poles
AROUND = 64  # points of a circle around a zero; its order is less than half of that
RADII = 0.4 * 3.0 ** -np.arange(12)  # of such circles, as a share of the way to the next zero
TERMS = 8  # of Laurent's series that are 0 where nothing else is in the circle
TURNS = np.exp(2j * np.pi * np.arange(AROUND) / AROUND)


class ZerosAndPoles(NamedTuple):
    """Where a complex function is 0 or infinite: k points, from left to right, and their orders."""

    points: np.ndarray | jax.Array
    """(k, 2)"""
    orders: np.ndarray
    """(k,), whole numbers: of zeros positive, of poles negative"""


def zeros_and_poles(f: ComplexFunction, box: Corners, *, resolution: int = 200) -> ZerosAndPoles:
    """Every zero and pole of a complex function in a box: points (k, 2) and orders (k,).

    `f` is an analytic function of one complex number, written with jnp; its x + i y is the point
    (x, y) of `box`, ((x0, y0), (x1, y1)). The order of a zero is positive, 2 of a double one, that
    of a pole negative. They come from left to right. Where no branch cut crosses the edge of the
    box, the orders add up to how often f winds around 0 along it: the argument principle.

    The logarithmic derivative f' / f is looked at on a grid with `resolution` cells along the
    longer side. What it shows is found by Newton's method on its inverse, which is simple there
    whatever the order; is counted by the winding number on a circle with nothing else in it; and is
    taken out of f' / f, which then shows the next one, until nothing is left. Its place is Cauchy's
    integral on that circle, to rounding also where it is multiple. What lies nearer together than
    a hundredth of a cell may be taken for one, with the sum of the orders. A zero on a branch cut
    is none, nor is a branch point; next to an essential singularity some of many are missed.

    Differentiated, the points move, a multiple one as the mean of those into which it splits, while
    their number and orders stay.

    >>> points, orders = ga.zeros_and_poles(lambda z: (z**2 + 1) ** 2 / (z - 1), ((-2, -2), (2, 2)))
    >>> orders
    array([ 2,  2, -1])
    >>> ga.dots(points, np.where(orders > 0, 2.0, 1.0))
    """
    outside("zeros_and_poles", box)
    moving = analytic(f)
    corner = corners_now(box)
    low, high = corner @ [1, 1j]
    with jax.ensure_compile_time_eval():  # in a frame, what does not move has its zeros
        places, orders, radii = _found(held(moving), corner, as_count(resolution, "resolution"))
    edge = 1e-9 * abs(high - low)
    offset, side = places - low, high - low
    inside = (offset.real >= -edge) & (offset.real <= side.real + edge)
    inside &= (offset.imag >= -edge) & (offset.imag <= side.imag + edge)
    first = np.lexsort([places.imag, np.round(places.real / edge)])
    first = first[inside[first]]
    places, orders, radii = places[first], orders[first], radii[first]
    points = np.stack([places.real, places.imag], -1)
    if not moves(moving):
        return ZerosAndPoles(points, orders)
    moves_to = jit_with(_means, moving)(places, orders, radii)
    return ZerosAndPoles(with_derivatives_of(moves_to, points), orders)


def complex_grid(corner: np.ndarray, resolution: int) -> tuple[np.ndarray, float]:
    """Complex numbers (rows, columns) on a grid that reaches beyond a box (2, 2); and its cell."""
    rows, columns = square_cells(corner, resolution)
    cell = float((corner[1] - corner[0]).max() / resolution)
    x = corner[0, 0] + cell * (np.arange(columns + 2) - OFF)
    y = corner[0, 1] + cell * (np.arange(rows + 2) - OFF)
    return x + 1j * y[:, None], cell


def _found(
    f: TracedFunction, corner: np.ndarray, resolution: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Zeros and poles in a box and next to it: complex places, orders, radii around them: (k,)."""
    nodes, cell = complex_grid(corner, resolution)
    jet = jets(f, 1)
    slopes = _ratio(jet(nodes.ravel())).reshape(nodes.shape)
    newton = chunked(compiled(jax.vmap(_newton(f, cell)), still=True), SEEDS)
    far = nodes[-1, -1] + 1e3 * resolution * cell
    places, orders, radii = np.empty(0, complex), np.empty(0, int), np.empty(0)
    for _ in range(ROUNDS):
        seeds = _seeds(nodes, slopes - _shares(nodes, places, orders), cell)
        # Those that are known, in few lengths, for each of which Newton's method is compiled.
        room = 16 * 2 ** max(0, math.ceil(math.log2(max(len(places), 1) / 16)))
        known = np.zeros((2, room), complex) + np.array([[far], [0]])
        known[:, : len(places)] = places, orders
        ends = newton(seeds, *np.broadcast_to(known[:, None], (2, len(seeds), room)))
        new = _counted(jet, _apart(ends, places, nodes, cell), places, cell)
        both = zip((places, orders, radii), new, strict=True)
        places, orders, radii = (np.concatenate(pair) for pair in both)
        if not len(new[0]) or len(places) > MOST:
            break
    return places, orders, radii


def _ratio(values: np.ndarray) -> np.ndarray:
    """f' / f of values (..., 2) of f and f'; 0 where that is not known."""
    with np.errstate(all="ignore"):
        found = values[..., 1] / values[..., 0]
    return np.where(np.isfinite(found), found, 0)


def _shares(z: np.ndarray, places: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """What zeros and poles at places (k,) add to f' / f at z (...)."""
    total = np.zeros_like(z)
    for place, order in zip(places, orders, strict=True):
        total += order / (z - place)
    return total


def _seeds(nodes: np.ndarray, slopes: np.ndarray, cell: float) -> np.ndarray:
    """The nodes (n,) next to what is not yet known, by what is left of f' / f."""
    from scipy.ndimage import maximum_filter, minimum_filter

    change = cell * np.abs(np.where(np.isfinite(slopes), slopes, 0))
    peak = (change >= SUSPECT) & (change == maximum_filter(change, 3))
    peak &= change >= STANDS_OUT * minimum_filter(change, 3)
    seeds = nodes[peak]
    return seeds[np.argsort(-change[peak], kind="stable")][:MOST]


def _newton(f: TracedFunction, cell: float) -> Callable[..., jax.Array]:
    """From a number to a zero or pole of f near it, that is none of those at places (m,).

    They have orders (m,), of which some are 0. By Newton's method on the inverse of what is left of
    f' / f, no step longer than two cells.
    """

    def settled(start: jax.Array, places: jax.Array, orders: jax.Array) -> jax.Array:
        def step(_: int, z: jax.Array) -> jax.Array:
            w, slope, bend = derivatives(f, z, 2)
            away = 1 / (z - places)
            left = slope / w - jnp.sum(orders * away)
            change = bend / w - (slope / w) ** 2 + jnp.sum(orders * away**2)
            move = left / change
            move = move / jnp.maximum(1, jnp.abs(move) / (2 * cell))
            return jnp.where(jnp.isfinite(move), z + move, z)

        return jax.lax.fori_loop(0, NEWTON_STEPS, step, start)

    return settled


def _apart(ends: np.ndarray, places: np.ndarray, nodes: np.ndarray, cell: float) -> np.ndarray:
    """Those of the ends (n,) that are not at places (k,), nor near another, nor far from nodes."""
    low, high = nodes[0, 0] - 2 * cell * (1 + 1j), nodes[-1, -1] + 2 * cell * (1 + 1j)
    kept: list[complex] = []
    for z in ends:
        near = low.real < z.real < high.real and low.imag < z.imag < high.imag
        if near and all(abs(z - other) > NEAREST * cell for other in [*places, *kept]):
            kept.append(z)
    return np.array(kept, complex)


def _counted(
    jet: Jets, starts: np.ndarray, known: np.ndarray, cell: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The zeros and poles among starts (n,): their places, orders, and the radii of the circles.

    A circle counts if nothing else lies inside: all negative terms of Laurent's series but the
    residue are 0. Of several, the largest.
    """
    every = np.concatenate([known, starts])
    away = np.abs(starts[:, None] - every)
    reach = np.minimum(np.where(away > 0, away, np.inf).min(1, initial=np.inf), cell)
    places, orders, radii = starts.copy(), np.zeros(len(starts), int), np.zeros(len(starts))
    for share in RADII:
        left = np.flatnonzero(orders == 0)
        if not len(left):
            break
        radius = share * reach[left]
        first, _ = _around(jet, places[left], radius)
        moved = places[left] + radius * first  # Newton's place, of many a zero, is not the last
        shift, count = _around(jet, moved, radius)
        fine = count != 0
        places[left[fine]] = (moved + radius * shift)[fine]
        orders[left], radii[left] = count, radius
    return places[orders != 0], orders[orders != 0], radii[orders != 0]


def _around(jet: Jets, centers: np.ndarray, radii: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the one zero or pole in a circle is, in radii, and its order, 0 for none: (n,)."""
    circles = centers[:, None] + radii[:, None] * TURNS
    values = jet(circles.ravel()).reshape(*circles.shape, 2)
    terms = np.fft.fft(_ratio(values) * radii[:, None] * TURNS) / AROUND
    small = float(np.sqrt(np.finfo(values.dtype).eps))
    with np.errstate(all="ignore"):
        turns = np.angle(np.roll(values[..., 0], -1, 1) / values[..., 0]).sum(1) / (2 * np.pi)
        shift = terms[:, -1] / terms[:, 0]
    order = np.nan_to_num(np.round(turns)).astype(int)
    alone = np.abs(terms[:, 0] - order) <= 0.01
    alone &= (np.abs(terms[:, -TERMS:-1]) <= small * np.abs(order)[:, None]).all(1)
    shift = np.where(np.abs(shift) < 1, shift, 0)
    return shift, np.where(alone & (np.abs(shift) <= np.sqrt(small)), order, 0)


def _means(f: TracedFunction, places: jax.Array, orders: jax.Array, radii: jax.Array) -> jax.Array:
    """From places (k,) to the means of the zeros or poles of f in circles around them: (k, 2)."""

    def mean(place: jax.Array, order: jax.Array, radius: jax.Array) -> jax.Array:
        way = radius * jnp.asarray(constant(TURNS))
        w, slope = jax.vmap(lambda z: jnp.stack(derivatives(f, z, 1)))(place + way).T
        found = jnp.mean(way**2 * slope / w) / order
        return jnp.stack([found.real, found.imag])

    return jax.vmap(mean)(places, orders, radii)
