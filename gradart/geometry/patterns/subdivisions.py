"""Boxes divided into boxes: by chance, or in four wherever there is more than a box may hold."""

import math

import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import FIELD, as_count, checked, plain_numbers
from gradart.errors import ArtError
from gradart.geometry.patterns.partitions import held_box, place_array, refuse_derivatives
from gradart.geometry.points import grid, survey
from gradart.library import keys
from gradart.types import Corners, Field, Key, Number, Numbers

DEEPEST = 10  # times that a quadtree divides
FINE = 512  # squares along a side of a quadtree, at least, in which a field is looked up
MANY = 100_000  # rectangles of a subdivision


def subdivide(
    key: Key,
    box: Corners,
    n: int,
    *,
    cut: tuple[float, float] = (0.3, 0.7),
    least: Number = 0.0,
) -> np.ndarray:
    """A box cut into rectangles by chance, as in a painting of Mondrian: (n, 4, 2).

    The corners of the `n` rectangles, counterclockwise from the lower left, ready for `polygons`;
    `[:, ::2]` of them are their boxes. Again and again one of them, the larger the likelier, is cut
    in two across its longer side, at a part of it between the two of `cut`. None gets a side
    shorter than `least`, so that there may be fewer than n. `key` is a random key: another key,
    other cuts; a larger n makes the same ones, and goes on. `box` is ((x0, y0), (x1, y1)).

    ArtError unless 0 < cut[0] <= cut[1] < 1. No derivatives.

    >>> rooms = ga.subdivide(jax.random.key(3), ((0, 0), (3, 2)), 12)
    >>> ga.polygons(rooms, fill="#f7f4ed", stroke="#1b1b1e", width=1.5)
    """
    refuse_derivatives("subdivide", key, box, cut, least)
    n = as_count(n, "n", 1)
    if n > MANY:
        raise ArtError(f"n is {n}: give {MANY:,} rectangles at most")
    low, high = held_box(box)
    shortest = float(np.asarray(as_number(least, "least", "length", least=0)))
    parts = plain_numbers(cut, "cut")
    if parts.shape != (2,) or not 0 < parts[0] <= parts[1] < 1:
        raise ArtError(f"cut is {short(cut)}: give two parts of a side, such as (0.3, 0.7)")
    rng = keys.rng(key)
    boxes = np.empty((n, 2, 2))
    boxes[0] = low, high
    areas = np.zeros(n)  # of those that can be cut
    areas[0] = (high - low).prod() * ((high - low).max() >= 2 * shortest)
    count = 1
    while count < n and areas.any():
        chance, part = rng.random(2)
        total = np.cumsum(areas[:count])
        k = min(int(np.searchsorted(total, chance * total[-1], side="right")), count - 1)
        side = boxes[k, 1] - boxes[k, 0]
        axis = int(np.argmax(side))
        margin = shortest / side[axis]
        # Where the rule leaves no place that is far enough from both ends, halfway is.
        first, last = (min(max(x, margin), 1 - margin) for x in parts.tolist())
        at = boxes[k, 0, axis] + (first + part * (last - first)) * side[axis]
        boxes[count] = boxes[k]
        boxes[k, 1, axis] = boxes[count, 0, axis] = at
        for m in (k, count):
            sides = boxes[m, 1] - boxes[m, 0]
            areas[m] = sides.prod() * (sides.max() >= 2 * shortest)
        count += 1
    return _outlines(boxes[:count, 0], boxes[:count, 1])


def quadtree(of: Field | Numbers, box: Corners, most: Number, *, depth: int = 8) -> np.ndarray:
    """A box divided in four, and again wherever there is too much in a part: (n, 4, 2).

    The corners of the parts, counterclockwise from the lower left, ready for `polygons`; `[:, ::2]`
    of them are their boxes. `of` is points (m, 2), of which a part holds `most` at most, or a
    field, which varies by `most` at most in it; but none is divided more than `depth` times. A
    field is looked up at the middles of 512 by 512 squares, or as many as the finest parts are.
    `box` is ((x0, y0), (x1, y1)). R. A. Finkel and J. L. Bentley, "Quad trees" (1974).

    ArtError for a depth above 10. No derivatives.

    >>> face = ga.photograph(smooth=2)
    >>> parts = ga.quadtree(face, face.box, 0.3, depth=6)
    >>> ga.polygons(parts, fill=ga.colormap("gray")(ga.value(face, parts.mean(1))))
    """
    refuse_derivatives("quadtree", box, most)
    low, high = held_box(box)
    limit = float(np.asarray(as_number(most, "most", least=0)))
    depth = as_count(depth, "depth", 0)
    if depth > DEEPEST:
        raise ArtError(f"depth is {depth}: give {DEEPEST} at most")
    fullest = _spans(of, low, high, depth) if callable(of) else _counts(of, low, high, depth)
    found: list[np.ndarray] = []
    open_parts = np.zeros((1, 2), int)  # row and column
    for level in range(depth + 1):
        row, column = open_parts.T
        full = (fullest[level][row, column] > limit) & (level < depth)
        shut = open_parts[~full][:, ::-1]
        found.append(np.stack([shut, shut + 1], axis=1) / 2**level)
        quarters = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
        open_parts = (2 * open_parts[full][:, None] + quarters).reshape(-1, 2)
    parts = low + np.concatenate(found) * (high - low)
    return _outlines(parts[:, 0], parts[:, 1])


def _counts(of: Numbers, low: np.ndarray, high: np.ndarray, depth: int) -> list[np.ndarray]:
    """How many points lie in each part of a box, at each level (2^level, 2^level)."""
    places = place_array(of, "quadtree")
    places = places[((places >= low) & (places <= high)).all(axis=1)]
    at = np.minimum(((places - low) / (high - low) * 2**depth).astype(int), 2**depth - 1)
    counts = np.zeros((2**depth, 2**depth))
    np.add.at(counts, (at[:, 1], at[:, 0]), 1)
    levels = [counts]
    for _ in range(depth):
        levels.append(_fours(levels[-1]).sum(axis=(1, 3)))
    return levels[::-1]


def _spans(of: Field, low: np.ndarray, high: np.ndarray, depth: int) -> list[np.ndarray]:
    """By how much a field varies in each part of a box, at each level (2^level, 2^level)."""
    size = max(2**depth, FINE)
    half = (high - low) / size / 2
    nodes = grid(size, size, jnp.asarray([low + half, high - half]))
    found = survey(checked(of, FIELD), nodes)
    refuse_derivatives("quadtree", found)
    highest = lowest = np.asarray(found, np.float64)
    if not np.isfinite(highest).all():
        raise ArtError("the field of ga.quadtree is not finite all over the box")
    levels = []
    for level in range(int(math.log2(size)), -1, -1):
        if level <= depth:
            levels.append(highest - lowest)
        if level:
            highest, lowest = _fours(highest).max(axis=(1, 3)), _fours(lowest).min(axis=(1, 3))
    return levels[::-1]


def _fours(table: np.ndarray) -> np.ndarray:
    """A table (2 m, 2 m) as (m, 2, m, 2): four numbers for each part of the next coarser level."""
    m = len(table) // 2
    return table.reshape(m, 2, m, 2)


def _outlines(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The corners (n, 4, 2) of boxes, counterclockwise from low; the third is high (n, 2)."""
    x0, y0, x1, y1 = *low.T, *high.T
    return np.stack([np.stack([x0, x1, x1, x0], 1), np.stack([y0, y0, y1, y1], 1)], axis=-1)
