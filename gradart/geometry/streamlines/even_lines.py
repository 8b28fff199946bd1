"""Lines along directions that are given on a grid, everywhere about a separation apart.

After B. Jobard and W. Lefer, Creating Evenly-Spaced Streamlines of Arbitrary Density (1997): each
line sends out seeds at the separation to both of its sides, and a line grows until it comes nearer
to another than a part of that. Of several seeds the one that makes the longest line is taken, as
long lines are what the eye follows.
"""

import math

import numpy as np

from gradart.geometry.streamlines.streamline_derivatives import Grown

SEEDS = 0.5  # separations from seed to seed along a line
FIRST = 12.0  # separations between the seeds to begin with
LONGEST = 8.0  # widths and heights of the box
TRIES = 12  # lines that are grown for one that is kept


def spread(
    courses: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    separation: float,
    nearest: float,
    axes: bool = False,
) -> list[Grown]:
    """The lines along a flow that is given at the nodes (rows, columns, 2) of the box.

    If it is of `axes`, which have no sign, what is given are vectors at the doubled angle.
    """
    from gradart.geometry.streamlines import streamline_kernel as g

    size = high - low
    nodes = (np.array(courses.shape[1::-1]) - 1) / size
    plan = np.array([*low, *high, separation, nearest, *nodes, axes])
    counts = np.ceil(size / separation).astype(int)
    heads = np.full(counts + 2, -1)
    # What should fit into the cells, and some.
    most = heads.size * math.ceil(1.5 * separation / (g.STEP * nearest))
    places, following, owners = np.empty((most, 3)), np.empty(most, int), np.empty(most, int)
    pen = np.empty((2, int(2 * LONGEST * size.sum() / (g.STEP * separation)), 3))
    tally = np.zeros(7, int)
    ground = g.Ground(plan, heads, places, following, owners)
    kept: list[Grown] = []
    for gap in (FIRST * separation, separation):  # the second for what no line sent a seed to
        pool = np.ascontiguousarray(_lattice(low, high, gap))  # as those that are added
        tally[g.POOL] = len(pool)
        while tally[g.POOL]:
            seed = np.array(g.longest(courses, ground, tally, pen, pool, TRIES))
            if not np.isfinite(seed[0]):
                continue
            back, forward = pen[1, : tally[g.BACK]], pen[0, : tally[g.FORWARD]]
            kept.append(Grown(seed, forward.copy(), back.copy()))
            seeds = _beside(kept[-1].line, separation)
            end = tally[g.POOL] + len(seeds)
            if end > len(pool):
                pool = np.concatenate([pool, np.empty((end, 2))])
            pool[tally[g.POOL] : end] = seeds
            tally[g.POOL] = end
    return kept


def _beside(line: np.ndarray, separation: float) -> np.ndarray:
    """Seeds (k, 2) at the separation to either side of a line (m, 2)."""
    at = np.append(0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1)))
    index = np.unique(at // (SEEDS * separation), return_index=True)[1]
    along = np.gradient(line, axis=0)[index]
    out = np.stack([-along[:, 1], along[:, 0]], 1) / np.linalg.norm(along, axis=1, keepdims=True)
    return np.concatenate([line[index] + separation * sign * out for sign in (1, -1)])


def _lattice(low: np.ndarray, high: np.ndarray, gap: float) -> np.ndarray:
    """Seeds (k, 2) all over the box, in the middles of squares."""
    counts = np.ceil((high - low) / gap).astype(int)
    return low + (np.indices(counts).reshape(2, -1).T + 0.5) / counts * (high - low)
