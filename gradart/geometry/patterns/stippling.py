"""Dots that lie where a density is, evenly: relaxed, and as many for as much of it everywhere."""

import numpy as np

from gradart.calculus.checks.artist_functions import as_count
from gradart.errors import ArtError
from gradart.geometry.patterns.partitions import held_box, place_array, refuse_derivatives
from gradart.geometry.patterns.power_cells import (
    Density,
    balanced,
    cells,
    density_of,
    density_table,
)
from gradart.library import keys
from gradart.types import Corners, Field, Key, Numbers

SPREAD = 10  # rounds that bring random dots apart
# How far from its mass a cell may be, in parts of that, in each round of those in which all hold
# the same.
EVEN = (*[0.02] * 7, 1e-3)
# Of the mean density, all over the box: so that all cells join, and one can grow for another.
FAINT = 1e-4
MOST = 200_000  # dots, and minutes


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
