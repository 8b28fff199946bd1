"""Differential growth: closed curves that lengthen everywhere, keep apart, and so fold."""

import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import as_count, as_floats, outside
from gradart.calculus.programs.present_values import present
from gradart.errors import ArtError
from gradart.geometry.paths.paths import padded
from gradart.geometry.patterns.growth_kernel import SHORTEST, SPACING, Nodes, Table, crossed, step
from gradart.library import keys
from gradart.types import Key, Number, Numbers

NODES = 500_000  # minutes for a few steps more
CELLS = 256  # of a table, on each side
NOISE = 0.01  # of a force, in gaps, without which a circle stays one
FEWEST = 12  # points on a curve to begin with


def differential_growth(
    key: Key,
    start: Numbers,
    steps: int,
    *,
    gap: Number,
    within: Numbers | None = None,
    rate: Number = 0.01,
) -> np.ndarray:
    """Closed curves that grow, fold and never cross, like coral or the brain: (..., m, 2).

    `start` is one closed curve (m, 2), or several (k, m, 2), rows padded with NaN; they come back
    in the same form after `steps` steps, to be drawn with `closed=True`, or to go on from. Nodes
    push one another away that are nearer than `gap`, in the artist's units, and are pulled to the
    middle of their two neighbors; in a step, about the part `rate` of all edges grows, each by a
    node. `key` is a random key. Curves may be `within` others, (m, 2) or (k, m, 2), like a polygon
    with holes: closed curves which stand still, and which they do not cross either.

    No edge is longer than half of the gap. No node goes farther in a step than 0.45 of its way to
    the nearest edge, so that no two edges can cross: curves that do not cross at first never do.
    The first call on a machine takes some seconds more, to compile that. ArtError for curves that
    cross at first, and for more than 500,000 nodes. What has grown has no derivative.

    After A. Hoff, "Differential line" (2015), and Nervous System's "Floraform" (2014).

    >>> ring = ga.point(ga.circle(), jnp.linspace(0, 6.28, 60))
    >>> folds = ga.differential_growth(jax.random.key(1), ring, 250, gap=0.2)
    >>> ga.lines(folds, closed=True)
    """
    outside("differential_growth", key, start, within)
    rng = keys.rng(key)
    unit = np.asarray(present(as_number(gap, "gap", "length", above=0))).item()
    part = np.asarray(present(as_number(rate, "rate", least=0))).item()
    curves, alone = _curves(start, "start", unit)
    walls = [] if within is None else _curves(within, "within", unit)[0]
    place = np.concatenate(curves + walls)
    count = len(place)
    lengths = [len(curve) for curve in curves + walls]
    ends = np.cumsum(lengths)
    after = np.arange(1, count + 1)
    after[ends - 1] = ends - lengths
    nodes = Nodes(place, after, np.arange(count) < sum(map(len, curves)))
    nodes, table = _room(nodes, count)
    if (wrong := crossed(nodes, count, table)) >= 0:
        x, y = nodes.place[wrong] * unit
        say = "give closed curves that do not cross, and a gap that is small beside them"
        raise ArtError(f"the curves cross near ({x:.4g}, {y:.4g}) before they grow: {say}")
    for _ in range(as_count(steps, "steps", 0)):
        if 2 * count > len(nodes.place):
            nodes, table = _room(nodes, count)
        noise = NOISE * rng.standard_normal((count, 2))
        count = step(nodes, count, table, noise, rng.random(count) < part)
        if count > NODES:
            raise ArtError(f"the curves have over {NODES} nodes: fewer steps, or a wider gap")
    rows = [_in_order(nodes, int(end) - n) * unit for end, n in zip(ends, lengths, strict=True)]
    found = padded(rows[: len(curves)], (len(curves),))
    return found[0] if alone else found


def _curves(given: Numbers, name: str, unit: float) -> tuple[list[np.ndarray], bool]:
    """Closed curves, in gaps, by points evenly apart; and whether a single one was given."""
    array = np.asarray(as_floats(present(given), name), float) / unit
    if array.ndim not in (2, 3) or array.shape[-1] != 2 or not array.size:
        say = "give one closed curve (m, 2), or several (k, m, 2)"
        raise ArtError(f"{name} has shape {array.shape}: {say}")
    if np.isinf(array).any():
        raise ArtError(f"{name} has infinite points: give finite ones, and NaN after a curve's end")
    return [_even(row, name) for row in array.reshape(-1, *array.shape[-2:])], array.ndim == 2


def _even(row: np.ndarray, name: str) -> np.ndarray:
    """A closed curve (m, 2) by points equally far apart along it; one that has grown stays.

    So growth can go on where it ended: points between those that it has could make it cross.
    """
    row = row[np.isfinite(row).all(-1)]
    sides = np.hypot(*(np.roll(row, -1, 0) - row).T)
    grown = len(row) >= FEWEST and sides.min() > SHORTEST / 8 and sides.max() < 1.001 * SPACING
    if grown and sides.mean() > SHORTEST / 2:
        return row
    row = np.concatenate([row, row[:1]])
    far = np.append(0, np.cumsum(sides))
    if far[-1] == 0:
        raise ArtError(f"{name} has a curve of no length: give 3 points or more")
    n = max(int(np.ceil(far[-1] / (0.9 * SPACING))), FEWEST)
    if n > NODES:
        raise ArtError(f"gap is too small for {name}, which would have over {NODES} nodes")
    along = np.arange(n) * far[-1] / n
    return np.stack([np.interp(along, far, x) for x in row.T], -1)


def _room(nodes: Nodes, count: int) -> tuple[Nodes, Table]:
    """The nodes in arrays that have room for four times as many, and a table for as many."""
    size = 4 * count
    place, after, free = np.empty((size, 2)), np.empty(size, np.int64), np.empty(size, bool)
    place[:count], after[:count], free[:count] = (a[:count] for a in nodes)
    heads, following = np.empty((CELLS, CELLS), np.int64), np.empty(size, np.int64)
    table = Table(heads, following, np.empty((size, 2)), np.empty(size), np.empty(size))
    return Nodes(place, after, free), table


def _in_order(nodes: Nodes, first: int) -> np.ndarray:
    """The nodes of a curve (m, 2) one after another, from its first."""
    after = nodes.after.tolist()
    order = [first]
    while after[order[-1]] != first:
        order.append(after[order[-1]])
    return nodes.place[order]
