"""Dots that lie where a density is, evenly: relaxed, and as many for as much of it everywhere.

The cell of a point is where the square of the distance to it, less its weight, is the least. Where
all weights are equal these are the Voronoi cells; by their weights cells get the mass that each
should have. F. Aurenhammer, "Power diagrams: properties, algorithms and applications" (1987).
"""

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from gradart.calculus.boxes import box_of
from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import FIELD, as_count, checked
from gradart.errors import ArtError
from gradart.geometry.patterns.partitions import (
    held_box,
    place_array,
    refuse_derivatives,
    surrounded,
)
from gradart.geometry.points import grid, survey
from gradart.library import keys
from gradart.types import Corners, Field, Key, Numbers

SPREAD = 10  # rounds that bring random dots apart
# How far from its mass a cell may be, in parts of that, in each round of those in which all hold
# the same.
EVEN = (*[0.02] * 7, 1e-3)
# Of the mean density, all over the box: so that all cells join, and one can grow for another.
FAINT = 1e-4
MOST = 200_000  # dots, and minutes
PIXELS = 600  # along the longer side of a field that is taken as a density
STEPS = 12  # of Newton's method, for the weights

# What holds the weight of a cell, to what its sides do on the average: at first, and where cells
# that share hardly any density on their sides would go too far.
STIFF, STIFFER = 1e-9, 1e-3


@dataclass(frozen=True)
class Density:
    """A density on a box, constant within each pixel: the sums that its integrals are made of.

    sums: (4, rows, columns + 1), see `power_kernel`; pixel: (2,), its width and height.
    """

    sums: np.ndarray
    low: np.ndarray
    high: np.ndarray
    pixel: np.ndarray

    @property
    def mass(self) -> float:
        return float(self.sums[1, :, -1].sum() * self.pixel.prod())


@dataclass(frozen=True)
class Cells:
    """What of a density lies in the cells of points: mass (n,), centroid (n, 2), energy (n,).

    The energy is the integral of the density times the square of the distance to the cell's point.
    `joins` (k, 2) are the cells on both sides of each side, `inks` (k,) the integrals along them.
    """

    mass: np.ndarray
    centroid: np.ndarray
    energy: np.ndarray
    joins: np.ndarray
    inks: np.ndarray


def stipple(key: Key, density: Field, n: int, *, box: Corners | None = None) -> np.ndarray:
    """Dots whose number is in proportion to a density, as evenly apart as they can be: (n, 2).

    `n` dots in `box`, ((x0, y0), (x1, y1)), by default the field's own. `density` is a field that
    is 0 or more: for black dots from a photograph, how dark it is. Each dot lies in the middle
    (centroid) of a cell of its own, and all cells hold the same mass of the density, to a
    thousandth, or to some hundredths where white parts it into islands; so the tone is right
    everywhere, and no two dots clump. `key` is a random key: another key, other dots.

    The density is that in the middles of 600 pixels along the longer side of the box, and is
    integrated over cells exactly. Dots begin by chance, come apart by Lloyd's method as in A.
    Secord, "Weighted Voronoi stippling" (2002), and go on with cells of equal mass: F. de Goes, K.
    Breeden, V. Ostromoukhov and M. Desbrun, "Blue noise through optimal transport" (2012). 5,000
    dots take some seconds.

    ArtError for a density that is negative, not finite, or 0 all over. No derivatives.

    >>> face = ga.photograph(smooth=4)
    >>> ga.dots(ga.stipple(jax.random.key(1), lambda p: 1 - face(p), 300, box=face.box), 0.8)
    """
    refuse_derivatives("stipple", key, box)
    n = as_count(n, "n", 1)
    if n > MOST:
        raise ArtError(f"n is {n}: give {MOST:,} dots at most")
    rng = keys.rng(key)
    ink = density_of(density, box, "stipple")
    dots = _drawn(rng, ink, n)
    # Lloyd's method sets dots in proportion to the root of the density that it is given.
    tones = ink.sums[0, :, :-1]
    even = density_table(tones + FAINT * tones.mean(), np.stack([ink.low, ink.high]))
    squared = density_table(tones**2, np.stack([ink.low, ink.high]))
    for _ in range(SPREAD):
        dots = cells(dots, np.zeros(n), squared).centroid
    weights = np.zeros(n)
    for part in EVEN:
        weights, found = balanced(dots, weights, even, part)
        dots = found.centroid
    return dots


def relax(
    points: Numbers, box: Corners, *, density: Field | None = None, rounds: int = 20
) -> np.ndarray:
    """Points moved to the middles of their Voronoi cells, again and again: evenly apart, (n, 2).

    Each of `points` (n, 2) in `box`, ((x0, y0), (x1, y1)), goes `rounds` times to the centroid of
    its cell, weighted by `density`, a field that is 0 or more, where one is given. The sum over all
    places of the squared distance to the nearest point falls in each round. S. Lloyd, "Least
    squares quantization in PCM" (1982); weighted, A. Secord, "Weighted Voronoi stippling" (2002).
    With a density, points gather as its root: `stipple` is for tones that are right.

    ArtError for points that are not finite. Of points that coincide all but one stay where they
    are. No derivatives.

    >>> box = ((0, 0), (3, 2))
    >>> ga.dots(ga.relax(ga.scatter(jax.random.key(1), 200, box), box, rounds=10), 1)
    """
    rounds = as_count(rounds, "rounds", 0)
    refuse_derivatives("relax", points, box)
    places = place_array(points, "relax")
    flat = density_table(np.ones((1, 1)), np.stack(held_box(box)))
    ink = flat if density is None else density_of(density, box, "relax")
    for _ in range(rounds if len(places) else 0):
        places = cells(places, np.zeros(len(places)), ink).centroid
    return places


def _drawn(rng: np.random.Generator, ink: Density, n: int) -> np.ndarray:
    """Dots (n, 2) by chance, each pixel as likely as its density."""
    tones = ink.sums[0, :, :-1]
    share = np.cumsum(tones.ravel())
    # The i-th of n equal parts of the whole holds one dot.
    index = np.searchsorted(share, (np.arange(n) + rng.random(n)) / n * share[-1], side="right")
    row, column = np.divmod(np.minimum(index, tones.size - 1), tones.shape[1])
    return ink.low + ink.pixel * (np.stack([column, row], axis=1) + rng.random((n, 2)))


def density_table(table: np.ndarray, box: Corners) -> Density:
    """The density of a table (rows, columns) over a box, the bottom row first."""
    low, high = held_box(box)
    rows, columns = table.shape
    x = np.arange(columns + 1.0)
    sums = np.zeros((4, rows, columns + 1))
    sums[0, :, :-1] = table
    for power in range(3):
        weight = np.diff(x ** (power + 1)) / (power + 1)
        sums[power + 1, :, 1:] = np.cumsum(table * weight, axis=1)
    return Density(sums, low, high, (high - low) / (columns, rows))


def density_of(field: Field, box: Corners | None, name: str) -> Density:
    """A field over a box as a density; ArtError where it is negative, not finite, or 0 all over."""
    land = checked(field, FIELD)
    box = box_of(field, box)
    refuse_derivatives(name, box)
    low, high = held_box(box)
    columns, rows = np.maximum(np.round(PIXELS * (high - low) / (high - low).max()), 1).astype(int)
    half = (high - low) / (columns, rows) / 2
    nodes = grid(int(rows), int(columns), jnp.asarray([low + half, high - half]))
    found = survey(land, nodes)
    refuse_derivatives(name, found)
    table = np.asarray(found, np.float64)
    if not np.isfinite(table).all() or table.min() < -1e-6 * max(table.max(), 0):
        worst = np.nanmin(table) if np.isfinite(table).all() else table[~np.isfinite(table)][0]
        raise ArtError(f"the density of ga.{name} is {short(float(worst))} somewhere: 0 or more")
    if not table.max() > 0:
        raise ArtError(f"the density of ga.{name} is 0 all over the box: give more somewhere")
    return density_table(np.maximum(table, 0) / table.max(), (low, high))


def sides(seeds: np.ndarray, weights: np.ndarray, density: Density) -> tuple[np.ndarray, ...]:
    """The sides between the cells of seeds (n, 2): start and end (k, 2), cells left and right (k,).

    Cells and their sides are the lower half of the convex hull of the seeds, lifted onto a
    paraboloid and lowered by their weights. Four more cells, n to n + 3, lie outside of the box.
    """
    from scipy.spatial import ConvexHull

    around, middle, size = surrounded(seeds, density.low, density.high)
    height = (around**2).sum(axis=1)
    height[: len(seeds)] -= (weights - weights.max()) / size**2
    hull = ConvexHull(np.column_stack([around, height]))
    slope = hull.equations[:, :3]
    lower = slope[:, 2] < -1e-12
    corner = middle - size * slope[:, :2] / np.where(lower, 2 * slope[:, 2], -1)[:, None]
    one, opposite = np.nonzero(lower[hull.neighbors] & lower[:, None])
    other = hull.neighbors[one, opposite]
    once = one < other
    one, other, opposite = one[once], other[once], opposite[once]
    a = hull.simplices[one, (opposite + 1) % 3]
    b = hull.simplices[one, (opposite + 2) % 3]
    start, end = corner[one], corner[other]
    along, apart = end - start, around[b] - around[a]
    turned = along[:, 0] * apart[:, 1] > along[:, 1] * apart[:, 0]  # b lies on the left
    return start, end, np.where(turned, b, a), np.where(turned, a, b)


def cells(seeds: np.ndarray, weights: np.ndarray, density: Density) -> Cells:
    """What of a density lies in the cells of seeds (n, 2) with weights (n,)."""
    from gradart.geometry.patterns.power_kernel import integrals

    n = len(seeds)
    start, end, left, right = sides(seeds, weights, density)
    moments, inks = np.zeros((n + 4, 5)), np.zeros(len(start))
    pixel, low = density.pixel, density.low
    left, right = left.astype(np.int64), right.astype(np.int64)
    integrals((start - low) / pixel, (end - low) / pixel, left, right, density.sums, moments, inks)
    mass, first, second = moments[:n, 0], moments[:n, 1:3] * pixel, moments[:n, 3:5] * pixel**2
    held = mass > 0
    centroid = np.where(held[:, None], first / np.where(held, mass, 1)[:, None], seeds - low)
    spread = (second - 2 * (seeds - low) * first).sum(axis=1)
    energy = (spread + mass * ((seeds - low) ** 2).sum(axis=1)) * pixel.prod()
    inner = np.maximum(left, right) < n
    joins = np.stack([left, right], axis=1)[inner]
    inks = (inks * np.linalg.norm(end - start, axis=1))[inner]
    return Cells(mass * pixel.prod(), low + centroid, energy, joins, inks)


def balanced(
    seeds: np.ndarray, weights: np.ndarray, density: Density, even: float
) -> tuple[np.ndarray, Cells]:
    """Weights (n,) by which all cells hold the same mass, to a part `even` of it, and those cells.

    By Newton's method, with shorter steps where a cell would come to nothing: J. Kitagawa, Q.
    Merigot and B. Thibert, "Convergence of a Newton algorithm for semi-discrete optimal transport"
    (2019).
    """
    n = len(seeds)
    goal = density.mass / n
    found = cells(seeds, weights, density)
    least = min(found.mass.min(), goal) / 2
    if least <= 0:
        weights = np.zeros(n)
        found = cells(seeds, weights, density)
        least = min(found.mass.min(), goal) / 2
    stiff = STIFF
    for _ in range(STEPS):
        short_of = goal - found.mass
        if np.abs(short_of).max() < even * goal:
            break
        move = _step(seeds, found, short_of, stiff)
        for part in (1.0, 0.5, 0.25):
            tried = cells(seeds, weights + part * move, density)
            nearer = np.linalg.norm(goal - tried.mass) < 0.999 * np.linalg.norm(short_of)
            if nearer and tried.mass.min() >= least:
                weights, found, stiff = weights + part * move, tried, max(stiff / 30, STIFF)
                break
        else:
            stiff = max(30 * stiff, STIFFER)
    return weights, found


def _step(seeds: np.ndarray, found: Cells, short_of: np.ndarray, stiff: float) -> np.ndarray:
    """By how much weights (n,) grow so that cells get what they are short of, (n,)."""
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import splu

    n = len(seeds)
    i, j = found.joins.T
    pull = found.inks / (2 * np.linalg.norm(seeds[i] - seeds[j], axis=1))
    whole = np.bincount(i, pull, n) + np.bincount(j, pull, n)
    diagonal = np.arange(n)
    held = stiff * (whole.mean() or 1.0)
    entries = np.concatenate([-pull, -pull, whole + held])
    at = np.concatenate([i, j, diagonal]), np.concatenate([j, i, diagonal])
    return splu(coo_array((entries, at), shape=(n, n)).tocsc()).solve(short_of)
