"""At most 256 colors for a whole film, and for a frame that these do not hold."""

import heapq
from collections.abc import Iterable

import numpy as np

from gradart.drawing.color.oklab import oklab

Keys = np.ndarray  # (...) uint32, 0xBBGGRR: one number for one color
Tally = tuple[Keys, np.ndarray]  # colors, each once, and how often they occur

_MANY = 1 << 15  # colors, above which neighbors are lumped together before clustering
_ROUNDS = 8  # of Lloyd's algorithm
_MANY_HERE, _ROUNDS_HERE = 1 << 12, 2  # the same for one frame, which is not to take long

# In OKLab, from a color to the one that stands for it:
SEEN = 0.005  # half the step between two flat areas that the eye tells apart
CLOSE = 0.02  # of nearly all pixels, and of flat areas
FAR = 0.1  # of any pixel
MUCH = 0.02  # of a frame's pixels: less of them may be less close
FLAT = 1 / 2000  # of a frame's pixels, from which on a color is a flat area
_ROOM = 64  # colors at least for what the film's palette does not hold


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
    """The colors that were seen, if they are at most `most`; or else so many like them, up to 255.

    These are clusters in OKLab, weighted by how often their colors occur: boxes split where the
    variance is largest, then moved to the middle of what is nearest to them.
    """
    colors, weights = seen
    if len(colors) <= most:
        return colors if len(colors) else np.zeros(1, np.uint32)
    if len(colors) > _MANY:
        colors, weights = _lumped(colors, weights, 3)
    return _cluster(colors, weights, min(most, 255))


def adapted(colors: Keys, seen: Tally) -> Keys:
    """At most 255 colors for one frame, whose colors were seen, near to the film's own `colors`.

    Of these it keeps what is close to something in the frame, so that what has not changed since
    the frame before looks the same; but not where the others then do not hold the frame. Of a
    frame that 255 colors cannot hold it returns the film's, if its own are hardly better.
    """
    new, weights = seen
    lab, film = oklab(channels(new) / 255), oklab(channels(colors) / 255)
    closest = nearest(lab, film)
    before = ((lab - film[closest]) ** 2).sum(-1)
    good = before <= CLOSE**2
    use = np.bincount(closest[good], weights[good], len(colors))
    kept = np.argsort(-use, kind="stable")[: min(255 - _ROOM, np.count_nonzero(use))]
    for own in (colors[kept], colors[:0]):
        found = _completed(own, new, weights, lab)
        gap = _gaps(lab, oklab(channels(found) / 255))
        if holds(gap, weights):
            return found
    better = 2 * weights[gap > CLOSE**2].sum() < weights[~good].sum()
    return found if better or before.max() > FAR**2 else colors


def holds(gap: np.ndarray, weights: np.ndarray) -> bool:
    """Whether colors are held whose distances, squared, to the nearest of a palette are `gap`.

    None may be FAR; nor may those that are not CLOSE be many, or one of them a flat area. weights:
    (n,), the pixels of each.
    """
    apart = weights[gap > CLOSE**2]
    pixels = weights.sum()
    few = apart.sum() <= MUCH * pixels and apart.max(initial=0) <= FLAT * pixels
    return bool(few and gap.max(initial=0) <= FAR**2)


def _gaps(lab: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """The squares of the distances from points (n, 3) to the nearest of the centers (k, 3)."""
    if not len(centers):
        return np.full(len(lab), np.inf)
    return ((lab - centers[nearest(lab, centers)]) ** 2).sum(-1)


def _completed(kept: Keys, new: Keys, weights: np.ndarray, lab: np.ndarray) -> Keys:
    """The kept colors, and as many as there is room for of what they leave of the new ones.

    First those of flat areas, then what is FAR, then clusters.
    """
    gap = _gaps(lab, oklab(channels(kept) / 255))
    room = 255 - len(kept)
    rest = gap > CLOSE**2
    if np.count_nonzero(rest) <= room:
        return np.unique(np.concatenate([kept, new[rest]]))
    flat = np.flatnonzero(rest & (weights > FLAT * weights.sum()))
    chosen: list[int] = []
    for i in flat[np.argsort(-weights[flat], kind="stable")]:
        if gap[i] > SEEN**2 and len(chosen) < room // 2:
            chosen.append(int(i))
            gap = np.minimum(gap, ((lab - lab[i]) ** 2).sum(-1))
    chosen += _net(lab, gap, room - len(chosen))
    rest = gap > CLOSE**2
    found = [kept, new[chosen]]
    if (room := room - len(chosen)) and rest.any():
        some = new[rest], weights[rest]
        if len(some[0]) > _MANY_HERE:
            some = _lumped(*some, 4)
        found.append(_cluster(*some, room, _ROUNDS_HERE))
    return np.unique(np.concatenate(found))


def _net(lab: np.ndarray, gap: np.ndarray, most: int) -> list[int]:
    """Points (n, 3), the farthest first, until none is farther than FAR from these or the others.

    gap: (n,), the squares of the distances to the nearest, which are brought up to date.

    Gonzalez, "Clustering to minimize the maximum intercluster distance" (1985).
    """
    chosen: list[int] = []
    while len(chosen) < most and gap[far := int(gap.argmax())] > (0.95 * FAR) ** 2:
        chosen.append(far)
        np.minimum(gap, ((lab - lab[far]) ** 2).sum(-1), out=gap)
    return chosen


def _lumped(colors: Keys, weights: np.ndarray, bits: int) -> Tally:
    """Fewer colors: the most frequent, and the middles of the cells, 2^bits wide, of the others."""
    frequent = weights >= np.partition(weights, -256)[-256]
    low = 0x010101 * ((1 << bits) - 1)
    cells = np.where(frequent, colors, colors & (0xFFFFFF ^ low) | 0x010101 << bits - 1)
    return merged([(cells, weights)])


def _cluster(colors: Keys, weights: np.ndarray, size: int, rounds: int = _ROUNDS) -> Keys:
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
        if low.all() or not low.any():  # they differ by rounding only
            heapq.heappush(heap, (0.0, axis, mean, int(members[0]), members))
            continue
        heapq.heappush(heap, box(members[low]))
        heapq.heappush(heap, box(members[~low]))
    owner = np.empty(len(colors), int)
    for number, (*_, members) in enumerate(heap):
        owner[members] = number
    for _ in range(rounds):
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
