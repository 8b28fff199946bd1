"""Arrays as few bytes for a web page, exactly; and what is drawn, in steps that no eye can see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import compress

import numpy as np

from gradart.errors import ArtError
from gradart.library.splines import SplineSamples, samples_of

_EXACT = 4096  # bytes of an array that is kept as it is
DRAWN = 2**16  # steps of what is drawn, over its range: of 1000 pixels, each is 1/65 of one
COLORS = 2**10  # of a color's channels, of which a screen has a quarter
TABLE = 2**30  # steps of a table that a field goes through
_ORDERS = 5  # of differences
_APART = 4  # elements along the last axis at most, of which each has bytes of its own
_SIDE = 64  # of a table, at least
_MOST = 2**31  # steps from the lowest to the highest element
_COARSE = 1e-3  # of how far its elements lie from their median: a step that would be seen
_PALETTE = 2**12  # colors at most, of which a pixel or a mark is told by a number
_OFTEN = 8  # marks for each such color, at least
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Packed:
    """An array as bytes. `kind` is how they are read, by `static/packing.js`.

    "plain" are the first bytes of all its elements, of type `dtype`, then the second ones, and so
    on, each as those bits in which it differs from the one before, along the last axis but one:
    neighbors are alike there, and compress. "steps" are whole numbers,
    differences along the axis `along`, of differences if the `order` is 2, and so on, of which all
    lowest bytes come first, then the next: an element is `low` + a sum of these * `step`, a power
    of two. Holes are elements that are all
    NaN, all infinite, or all the largest number there is: `hole`. They repeat what stands before,
    and are told by bits behind all other bytes. Of a table, `across`, they are differences along
    the last axis too; of anything else the x of all points come first, as do the reds of colors.

    "rows" are few, the `palette` (m, k), of which the numbers `of` (n,) tell which comes when. Rows
    that are alike stand beside each other in it.

    "levels" are 255ths from 0 to 1, exactly, as pixels (..., h, w, channels) have them: a byte for
    each, channel after channel. It tells what a level is more than that to the left of it and that
    above it are together more than the one between these, modulo 256; or, a `median`, more than the
    median of these two and of that. In "tones" the levels of red and blue are those by which they
    are more than green, from -128 to 127: of grays, and of most ramps, that is less.
    "colors" begins with a palette of so many `colors`, from dark to light; then the first bytes and
    the second of the numbers of the pixels in it, told by those beside them as levels are.

    "spline" are coefficients which the page makes of the samples `of`, all bits of which are there:
    it takes the luma of colors, blurs it by `smooth`, brings it to [0, 1] if it is `leveled`, and
    finds the spline of a `degree`.
    """

    kind: str
    dtype: str
    shape: tuple[int, ...]
    data: bytes
    low: float = 0.0
    step: float = 1.0
    along: int = 0
    order: int = 1
    hole: str = "NaN"
    across: bool = False
    colors: int = 0
    median: bool = False
    palette: "Packed | None" = None
    of: "Packed | None" = None
    smooth: float = 0.0
    leveled: bool = False
    degree: int = 3


def packed(array: np.ndarray) -> Packed:
    """An array as bytes, from which a page has the same numbers; those of int64 as floats."""
    array = np.ascontiguousarray(array)
    if array.dtype == np.int64:
        array = array.astype(np.float64)  # as the translation keeps them
    if array.dtype.kind != "f" or array.nbytes <= _EXACT:
        return _plain(array)
    levels = _levels(array)
    if levels is not None:
        return _smallest(_of_levels(levels, array.dtype.name))
    if samples := is_table(array) and samples_of(array):
        made = _of_samples(samples, array)
        return _smallest([*([made] if made else []), _of_steps(array)])
    few = _of_rows(array)
    return _smallest([few, _of_steps(array)]) if few else _of_steps(array)


def _smallest(ways: Sequence[Packed]) -> Packed:
    return min(ways, key=lambda way: len(compress(way.data, 6)))


def _of_levels(levels: np.ndarray, dtype: str) -> list[Packed]:
    """The ways in which pixels of 255ths are told."""
    return [way for median in (False, True) for way in _of_pixels(levels, dtype, median)]


def _of_pixels(levels: np.ndarray, dtype: str, median: bool) -> Iterator[Packed]:
    """The ways that take the median of what those beside a pixel tell, or that do not."""
    data = _changes(levels, median)
    yield Packed("levels", dtype, levels.shape, data, median=median)
    if levels.shape[-1] < 3:
        return
    tones = levels.astype(np.int16)
    tones[..., :3:2] = (levels[..., :3:2] - levels[..., 1:2]).view(np.int8)
    yield Packed("tones", dtype, levels.shape, _changes(tones, median), median=median)
    palette, numbers = np.unique(levels.reshape(-1, levels.shape[-1]), axis=0, return_inverse=True)
    if len(palette) <= _PALETTE:
        light = np.argsort(palette.sum(1, dtype=int), kind="stable")
        places = np.argsort(light).astype(np.int16)[numbers].reshape(levels.shape[:-1])
        changes = places - _beside(places, median)
        folded = ((changes << 1) ^ (changes >> 15)).view(np.uint16)
        data = palette[light].tobytes() + _planes(folded)
        colors = len(palette)
        yield Packed("colors", dtype, levels.shape, data, colors=colors, median=median)


def _of_samples(samples: SplineSamples, coefficients: np.ndarray) -> Packed | None:
    """Coefficients as the samples that they are made of; None where these are there no more."""
    try:
        table = samples.read()
    except (ArtError, OSError):
        return None
    for pixels in (table, table[..., None]):  # such may differ from 255ths by rounding
        if pixels.ndim == 3 and np.allclose(pixels, in_levels(pixels), rtol=0, atol=_ROUNDING):
            table = in_levels(pixels)
            break
    same = samples.coefficients(table[..., 0] if table.shape[2:] == (1,) else table)
    if not np.allclose(same, coefficients, rtol=0, atol=_ROUNDING * np.ptp(coefficients)):
        return None
    of = packed(table)
    return Packed(
        "spline",
        coefficients.dtype.name,
        coefficients.shape,
        of.data,
        of=of,
        smooth=samples.smooth,
        leveled=samples.leveled,
        degree=samples.degree,
    )


def _of_rows(array: np.ndarray) -> Packed | None:
    """Rows by their numbers among those that differ; None where most do, or one has holes."""
    if array.ndim != 2 or array.shape[1] not in (3, 4) or _none(array).any():
        return None
    if np.signbit(array[array == 0]).any():  # which is a zero that differs from no other
        return None
    rows, numbers = np.unique(array, axis=0, return_inverse=True)
    if len(rows) > min(_PALETTE, len(array) // _OFTEN):
        return None
    walk = _walk(rows)
    places = np.argsort(walk)[numbers.ravel()].astype(float)
    palette, of = _of_steps(rows[walk]), _of_steps(places)
    data = palette.data + of.data
    return Packed("rows", array.dtype.name, array.shape, data, palette=palette, of=of)


def _walk(rows: np.ndarray) -> np.ndarray:
    """The order of rows in which each is the nearest to the one before, of those that are left."""
    rows = rows.astype(float)
    far = np.square(rows - rows.mean(0)).sum(1)
    walk = [int(far.argmax())]
    left = np.zeros(len(rows))
    for _ in range(len(rows) - 1):
        left[walk[-1]] = np.inf
        walk.append(int((np.square(rows - rows[walk[-1]]).sum(1) + left).argmin()))
    return np.array(walk)


def _of_steps(array: np.ndarray) -> Packed:
    """Numbers as whole steps, or all their bytes where that cannot be."""
    none = _none(array)
    holes, finite = np.unique(array[none]), array[~none].astype(float)
    if not len(finite) or len(holes) > 1:
        return _plain(array)
    low, step = float(finite.min()), _step(finite)
    minus = np.signbit(finite[finite == 0]).any()  # which no whole number has
    if minus or not (float(finite.max()) - low) / step < _MOST:
        return _plain(array)
    steps = ((np.where(none, low, array) - low) / step).astype(np.int64)
    across = is_table(array)
    ways = [
        (along, order, data)
        for along in {0, max(array.ndim - 2, 0)}
        for order, data in enumerate(_differences(steps, none, along, across), 1)
    ]
    along, order, data = min(ways, key=lambda way: len(compress(way[2], 1)))
    bits = np.packbits(none.ravel()).tobytes() if none.any() else b""
    hole = str(holes[0] if len(holes) else np.nan)
    hole = hole.replace("inf", "Infinity").replace("nan", "NaN")
    kind = "steps", array.dtype.name, array.shape
    return Packed(*kind, data + bits, low, step, along, order, hole, across)


def _differences(steps: np.ndarray, none: np.ndarray, along: int, across: bool) -> Iterator[bytes]:
    """The first, second, ... differences of whole numbers along an axis."""
    kept, lost = np.moveaxis(steps, along, 0).copy(), np.moveaxis(none, along, 0)
    for k in range(1, len(kept) if none.any() else 1):  # so that what is missing costs nothing
        kept[k] = np.where(lost[k], kept[k - 1], kept[k])
    for _ in range(_ORDERS):
        kept = np.diff(kept, axis=0, prepend=0)
        changes = np.moveaxis(kept, 0, along)
        if across:
            changes = np.diff(changes, prepend=0)
        elif _is_apart(changes.shape):
            changes = np.moveaxis(changes, -1, 0)
        flat = changes.ravel().astype(np.int32)
        yield _planes(((flat << 1) ^ (flat >> 31)).view(np.uint32))  # signs in the lowest bit


def _is_apart(shape: Sequence[int]) -> bool:
    """Whether all first elements of such an array are told, then all second ones, and so on."""
    return len(shape) > 1 and shape[-1] <= _APART


def _planes(numbers: np.ndarray) -> bytes:
    """The first bytes of all whole numbers, then their second ones, and so on."""
    return numbers.view(np.uint8).reshape(-1, numbers.itemsize).T.tobytes()


def _changes(levels: np.ndarray, median: bool) -> bytes:
    """What each level of pixels is more than those beside it tell, channel after channel."""
    planes = np.moveaxis(levels.astype(np.int16), -1, -3)
    return (planes - _beside(planes, median)).astype(np.uint8).tobytes()


def _beside(numbers: np.ndarray, median: bool) -> np.ndarray:
    """Each number as it is predicted from its neighbors to the left, above, and between these two.

    That is the sum of the first two without the third, or the `median` of both and of that sum, for
    which an edge is no rise (Martucci 1990).
    """
    around = np.pad(numbers, [(0, 0)] * (numbers.ndim - 2) + [(1, 0)] * 2)
    left, above, corner = around[..., 1:, :-1], around[..., :-1, 1:], around[..., :-1, :-1]
    if not median:
        return left + above - corner
    return np.clip(left + above - corner, np.minimum(left, above), np.maximum(left, above))


def in_levels(pixels: np.ndarray) -> np.ndarray:
    """Pixels as they are drawn, each channel one of 256 numbers from 0 to 1."""
    return np.round(np.clip(pixels, 0, 1) * 255) / 255


def in_colors(array: np.ndarray) -> np.ndarray:
    """Colors of many marks, if they are no pixels' levels, in steps finer than those."""
    if array.dtype.kind != "f" or array.nbytes <= _EXACT or _levels(array) is not None:
        return array
    return np.round(array * COLORS) / COLORS


def in_steps(array: np.ndarray, count: int = DRAWN) -> np.ndarray:
    """An array rounded to a share of its range, if it is large, and if that is not seen.

    What is drawn is, and a table. It is not for what else a page computes with: there a rounding
    may become any amount larger.
    """
    if array.dtype.kind != "f" or array.nbytes <= _EXACT:
        return array
    none = _none(array)
    finite = array[~none].astype(float)
    spread = float(np.ptp(finite)) if len(finite) else 0.0
    if not 0 < spread < np.inf or _levels(array) is not None:
        return array
    step = 2.0 ** np.floor(np.log2(spread / count))
    away = np.abs(finite - np.median(finite))
    if step > _COARSE * np.median(away[away > 0]):
        return array
    steps = np.round(np.where(none, 0, array) / step)
    return np.where(none, array, steps * step + 0.0).astype(array.dtype)


def is_table(array: np.ndarray) -> bool:
    """Whether an array is numbers over a grid, as the heights of a terrain."""
    return array.dtype.kind == "f" and array.ndim == 2 and min(array.shape) >= _SIDE


def _none(array: np.ndarray) -> np.ndarray:
    """Where elements are no numbers that a place can have."""
    return ~(np.abs(array) < np.finfo(array.dtype).max)


def _step(numbers: np.ndarray) -> float:
    """The largest power of two that numbers (n,) are whole multiples of; 1 for zeros."""
    mantissas, exponents = np.frexp(numbers[numbers != 0])
    bits = (mantissas * 2.0**53).astype(np.int64)
    lowest = np.log2((bits & -bits).astype(float)) - 53 + exponents
    return float(2.0 ** lowest.min()) if len(bits) else 1.0


def _levels(array: np.ndarray) -> np.ndarray | None:
    """Whole numbers from 0 to 255 for an array of pixels that is made of 255ths, or else None."""
    if array.ndim < 3 or not np.array_equal(array, in_levels(array)):
        return None
    return np.round(array * 255).astype(np.uint8)


def _plain(array: np.ndarray) -> Packed:
    little = array.astype(array.dtype.newbyteorder("<"), order="C")
    planes = np.frombuffer(little.tobytes(), np.uint8).reshape(-1, array.itemsize).T
    planes = planes.reshape(array.itemsize, *array.shape)
    if array.ndim:
        along = max(array.ndim - 1, 1)  # the last axis but one, behind that of the planes
        before = np.moveaxis(planes, along, 0)
        planes = np.moveaxis(np.concatenate([before[:1], before[1:] ^ before[:-1]]), 0, along)
    return Packed("plain", array.dtype.name, array.shape, planes.tobytes())
