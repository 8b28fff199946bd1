"""At most 256 colors for a whole film."""

import heapq
from collections.abc import Iterable

import numpy as np

from gradart.drawing.style import oklab

Keys = np.ndarray  # (...) uint32, 0xBBGGRR: one number for one color
Tally = tuple[Keys, np.ndarray]  # colors, each once, and how often they occur

_MANY = 1 << 15  # colors, above which neighbors are lumped together before clustering
_ROUNDS = 8  # of Lloyd's algorithm


def keys(frame: np.ndarray) -> Keys:
    """One number for each pixel of (h, w, 4) bytes, its alpha left out."""
    return np.ascontiguousarray(frame).view("<u4")[..., 0] & 0xFFFFFF


def channels(colors: Keys) -> np.ndarray:
    """RGB bytes (..., 3) of keys (...)."""
    return np.stack([colors >> shift & 255 for shift in (0, 8, 16)], -1).astype(np.uint8)


def tally(sample: Keys) -> Tally:
    """The colors in a sample, each once, and how often they occur."""
    return np.unique(sample, return_counts=True)


def merged(parts: Iterable[Tally]) -> Tally:
    """The colors in all the parts, each once, and how often they occur."""
    found = list(parts)
    colors, place = np.unique(np.concatenate([c for c, _ in found]), return_inverse=True)
    return colors, np.bincount(place, np.concatenate([n for _, n in found]))


def palette(seen: Tally, most: int) -> Keys:
    """The colors that were seen, if they are at most `most`; or else 255 like them.

    These are clusters in OKLab, weighted by how often their colors occur: boxes split where the
    variance is largest, then moved to the middle of what is nearest to them.
    """
    colors, weights = seen
    if len(colors) <= most:
        return colors if len(colors) else np.zeros(1, np.uint32)
    if len(colors) > _MANY:
        colors, weights = _lumped(colors, weights)
    return _cluster(colors, weights, 255)


def _lumped(colors: Keys, weights: np.ndarray) -> tuple[Keys, np.ndarray]:
    """Fewer colors: the most frequent as they are, and the middles of the cells of the others."""
    frequent = weights >= np.partition(weights, -256)[-256]
    cells = np.where(frequent, colors, colors & 0xF8F8F8 | 0x040404)
    return merged([(cells, weights)])


def _cluster(colors: Keys, weights: np.ndarray, size: int) -> Keys:
    lab = oklab(channels(colors) / 255)

    def box(members: np.ndarray) -> tuple[float, int, float, int, np.ndarray]:
        """A heap's entry: the axis of the largest weighted variance, and the mean along it."""
        points, weight = lab[members], weights[members, None]
        mean = (points * weight).sum(0) / weight.sum()
        spread = ((points - mean) ** 2 * weight).sum(0)
        axis = int(spread.argmax())
        return -float(spread[axis]), axis, float(mean[axis]), int(members[0]), members

    heap = [box(np.arange(len(colors)))]
    while len(heap) < size and heap[0][0] < 0:
        _, axis, mean, _, members = heapq.heappop(heap)
        low = lab[members, axis] <= mean
        heapq.heappush(heap, box(members[low]))
        heapq.heappush(heap, box(members[~low]))
    owner = np.empty(len(colors), int)
    for number, (*_, members) in enumerate(heap):
        owner[members] = number
    for _ in range(_ROUNDS):
        owner = np.unique(owner, return_inverse=True)[1]  # without the empty ones
        total = np.bincount(owner, weights)
        centers = np.stack([np.bincount(owner, weights * axis) / total for axis in lab.T], -1)
        owner = nearest(lab, centers)
    owner = np.unique(owner, return_inverse=True)[1]
    # The middle of each cluster; but a color that is most of it, paper or a flat ink, as it is.
    total = np.bincount(owner, weights)
    sums = [np.bincount(owner, weights * c) for c in channels(colors).T.astype(float)]
    red, green, blue = (np.round(s / total).astype(np.uint32) for s in sums)
    middles = red | green << 8 | blue << 16
    main = np.flatnonzero(weights > total[owner] / 2)
    middles[owner[main]] = colors[main]
    return np.unique(middles)


def nearest(lab: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """The index of the center (k, 3) nearest to each of the points (n, 3)."""
    half = (centers**2).sum(1) / 2
    found = np.empty(len(lab), int)
    for i in range(0, len(lab), 256):  # too few for threads of BLAS, which only wait
        found[i : i + 256] = (half - lab[i : i + 256] @ centers.T).argmin(1)
    return found
