"""Frames as indices into a palette, dithered where bands would show."""

from collections.abc import Callable

import numpy as np

from gradart.drawing.color.oklab import oklab
from gradart.rendering.formats.indexed_colors import (
    CLOSE,
    FAR,
    FLAT,
    MUCH,
    SEEN,
    Keys,
    Tally,
    channels,
    keys,
    nearest,
)

_ROWS = 64  # of pixels at a time: what is small stays in the processor's cache
_NEAR = 8  # of the palette's colors, which one can be mixed with
_NOISE = 0.05  # what the contrast of a mixture costs, against its error
_EVEN = 3  # of 255: how far neighboring pixels of a smooth area differ at most


def _bayer(side: int) -> np.ndarray:
    """The numbers 0 ... side^2 - 1, those next to each other as far apart as can be.

    Bayer, "An optimum method for two-level rendition of continuous-tone pictures" (1973).
    """
    if side == 1:
        return np.zeros((1, 1), np.uint8)
    quarter = 4 * _bayer(side // 2)
    return np.block([[quarter, quarter + 2], [quarter + 3, quarter + 1]]).astype(np.uint8)


_THRESHOLDS = _bayer(8)


_APART, _ASTRAY = 1 << 9, 1 << 10  # marks of a color whose index is not close, or far


def indexer(
    colors: Keys, seen: Tally, blank: int | None = None, *, dithered: bool = True
) -> Callable[[np.ndarray], tuple[np.ndarray, bool]]:
    """A function from frames (h, w, 4) of RGBA bytes to indices (h, w) into `colors`, uint8.

    With it comes whether the colors hold the frame: none of its pixels is farther than FAR from
    its color in OKLab, 49 of 50 and every flat area are CLOSE. With `blank`, what is less than half
    opaque has this index.

    A pixel gets the nearest color. Where that is visibly off in a smooth area, every so many get a
    second one, by a pattern that stands still: there is no flicker. But not where few pixels of
    what was `seen` are that far off, and not without `dithered`. Both are searched for once for
    each color that occurs. Several threads may call the function: what they write is the same.
    """
    centers = oklab(channels(colors) / 255)
    lab, weights = oklab(channels(seen[0]) / 255), seen[1]
    strays = weights[_off(lab, nearest(lab, centers), centers)].sum()
    dithers = dithered and strays > MUCH * weights.sum()
    first = np.zeros(1 << 24, np.uint16)  # 1 + index; the system gives memory where it is touched
    second = np.zeros(1 << 24, np.uint16)  # 64ths of it in the mixture, and its index

    def learn(new: Keys) -> None:
        lab = oklab(channels(new) / 255)
        closest = nearest(lab, centers)
        if dithers:
            share, other = _mixture(lab, closest, centers)
            second[new] = share << 8 | other
        gap = ((lab - centers[closest]) ** 2).sum(-1)
        first[new] = closest + 1 + _APART * (gap > CLOSE**2) + _ASTRAY * (gap > FAR**2)

    def index(frame: np.ndarray) -> tuple[np.ndarray, bool]:
        picture = np.empty(frame.shape[:2], np.uint8)
        astray, apart = False, [np.empty(0, np.uint32)]
        for i in range(0, len(frame), _ROWS):
            pixels = keys(frame[i : i + _ROWS])
            if blank is not None:
                clear = frame[i : i + _ROWS, :, 3] < 128
                pixels = np.where(clear, colors[0], pixels)
            found = first.take(pixels)
            if not found.all():
                new = np.sort(pixels[found == 0])  # faster than NumPy's unique, which hashes
                learn(new[np.diff(new, prepend=1 << 24) != 0])
                found = first.take(pixels)
            if (worst := found.max(initial=0)) >= _APART:
                astray |= bool(worst >= _ASTRAY)
                apart.append(pixels[found >= _APART])
            picture[i : i + _ROWS] = found - np.uint16(1)
            if dithers:
                mix = second.take(pixels)
                rows, columns = pixels.shape
                pattern = np.tile(_THRESHOLDS, (_ROWS // 8, columns // 8 + 1))
                dither = pattern[:rows, :columns] < mix >> 8
                if dither.any():
                    dither &= _smooth(frame, i, i + len(pixels))
                    np.copyto(picture[i : i + _ROWS], mix.astype(np.uint8), where=dither)
            if blank is not None:
                picture[i : i + _ROWS][clear] = blank
        return picture, not astray and _few(np.concatenate(apart), picture.size)

    return index


def _few(apart: Keys, pixels: int) -> bool:
    """Whether those of a frame's pixels which are not close are few, and no flat area."""
    if len(apart) > MUCH * pixels:
        return False
    ends = np.flatnonzero(np.diff(np.sort(apart), append=1 << 24))
    return bool(np.diff(ends, prepend=-1).max(initial=0) <= FLAT * pixels)


def _off(lab: np.ndarray, closest: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """Which colors (n, 3) are visibly another than the center that is closest."""
    return ((lab - centers[closest]) ** 2).sum(-1) > SEEN**2


def _mixture(
    lab: np.ndarray, closest: np.ndarray, centers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of each color (n, 3), how many 64ths a second center has in the best mixture, and which."""
    share, other = np.zeros(len(lab), np.uint16), np.zeros(len(lab), np.uint16)
    off = np.flatnonzero(_off(lab, closest, centers))
    if len(off) and len(centers) > 1:
        apart = ((centers[:, None] - centers) ** 2).sum(-1)
        around = np.argsort(apart, -1)[:, 1 : 1 + _NEAR]
        start = centers[closest[off]]
        way = centers[around[closest[off]]] - start[:, None]  # (n, 8, 3)
        length = (way**2).sum(-1)
        error = lab[off] - start
        part = np.clip((way * error[:, None]).sum(-1) / length, 0, 0.5)
        part[((error[:, None] - way) ** 2).sum(-1) > FAR**2] = 0
        left = ((error[:, None] - part[..., None] * way) ** 2).sum(-1)
        best = (left + _NOISE * part * (1 - part) * length).argmin(-1)[:, None]
        share[off] = np.round(64 * np.take_along_axis(part, best, -1)[:, 0])
        other[off] = np.take_along_axis(around[closest[off]], best, -1)[:, 0]
    return share, other


def _smooth(frame: np.ndarray, start: int, stop: int) -> np.ndarray:
    """Which pixels of the rows from `start` to `stop` differ but little from their neighbors."""
    top = max(start - 1, 0)
    rows = frame[top : stop + 1]
    even = np.ones(rows.shape[:2], bool)
    for axis in (0, 1):
        before = (slice(None),) * axis + (slice(None, -1),)
        after = (slice(None),) * axis + (slice(1, None),)
        # In bytes, which wrap around: a difference of -3 ... 3 becomes 0 ... 6.
        small = rows[after] - rows[before] + np.uint8(_EVEN) <= 2 * _EVEN
        alike = small.view("<u4")[..., 0] == 0x01010101
        even[before] &= alike
        even[after] &= alike
    return even[start - top : stop - top]
