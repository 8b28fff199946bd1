"""One line through all points, short and without a crossing: the traveling salesman's tour."""

import jax
import numpy as np

from gradart.geometry.patterns.partitions import place_array, taken
from gradart.types import Numbers

NEAR = 8  # neighbors to which a point may be joined, while the tour is improved
ORDER = 16  # bits of each coordinate along Hilbert's curve
LOG = 1000  # turns after a kick that can be undone
KICKS = 10_000  # one for each point, but no more: they take most of the time
ROUGH = 1e-11  # of the drawing's size: a gain that may be of rounding alone


def tour(points: Numbers, *, closed: bool = True) -> np.ndarray | jax.Array:
    """One short line through all points that never crosses itself: (n + 1, 2), back at its start.

    `points` are (n, 2), each of which it visits once; unless it is `closed` it ends where that
    makes it shorter, (n, 2). A few hundredths longer than the shortest line there is: Hilbert's
    curve, improved by the method of S. Lin and B. W. Kernighan, "An effective heuristic algorithm
    for the traveling-salesman problem" (1973). 10,000 points take some seconds. As a picture: C. S.
    Kaplan and R. Bosch, "TSP art" (2005).

    Differentiated, the order stays, and the points move. ArtError for points that are not finite.

    >>> ga.lines(ga.tour(ga.scatter(jax.random.key(1), 500, ((0, 0), (3, 2)))))
    """
    order = visited(place_array(points, "tour"), closed=closed)
    return taken(points, np.append(order, order[:1]) if closed else order)


def visited(places: np.ndarray, *, closed: bool) -> np.ndarray:
    """The numbers (n,) of places (n, 2) in the order of a short tour."""
    from scipy.spatial import KDTree

    from gradart.geometry.patterns import tour_kernel as kernel

    n = len(places)
    order = _along_hilbert(places)
    if n < 4:
        return order
    low = places.min(axis=0)
    size = float(np.ptp(places, axis=0).max()) or 1.0
    spots = np.ascontiguousarray((places - low) / size)
    near = KDTree(spots).query(spots, k=min(NEAR + 1, n))[1][:, 1:].astype(np.int64)
    order = order if closed else np.append(order, n)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    found = kernel.Tour(spots, order, place)
    queue, turned = order[order < n].copy(), np.empty((kernel.DEPTH, 3), np.int64)
    work = kernel.Work(queue, np.ones(n, bool), turned, np.empty((LOG, 3), np.int64))
    kernel.improve(found, near, work, (n, 0), n, ROUGH)
    if n >= 8:
        chances = np.random.default_rng(0).integers(0, 2**40, (min(n, KICKS), 3))
        kernel.kick(found, near, work, chances, ROUGH)
    undone = 1
    while undone:
        a, b = order, np.roll(order, -1)
        real = (a < n) & (b < n)
        a, b = a[real], b[real]
        sequence = np.argsort(np.minimum(spots[a, 0], spots[b, 0]))
        undone = kernel.uncross(found, a, b, sequence, ROUGH)
    if closed:
        return order
    return np.roll(order, -1 - place[n])[:-1]


def _along_hilbert(places: np.ndarray) -> np.ndarray:
    """The numbers (n,) of places (n, 2) in their order along Hilbert's curve."""
    if not len(places):
        return np.empty(0, np.int64)
    size = float(np.ptp(places, axis=0).max()) or 1.0
    x, y = ((places - places.min(axis=0)) / size * (2**ORDER - 1)).astype(np.int64).T
    at = np.zeros(len(places), np.int64)
    for bit in range(ORDER - 1, -1, -1):
        right, up = (x >> bit) & 1, (y >> bit) & 1
        at = 4 * at + (3 * right ^ up)
        low = (1 << bit) - 1
        x, y = x & low, y & low
        # The lower quarters of the curve are mirrored at a diagonal.
        flipped = (up == 0) & (right == 1)
        x, y = np.where(flipped, low - x, x), np.where(flipped, low - y, y)
        x, y = np.where(up == 0, y, x), np.where(up == 0, x, y)
    return np.argsort(at, kind="stable")
