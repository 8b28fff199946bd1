"""Arrays as few bytes for a web page, exactly; and what is drawn, in steps that no eye can see."""

from collections.abc import Sequence
from zlib import compress

import numpy as np

from gradart.errors import ArtError
from gradart.library.splines import samples_of
from gradart.rendering.html.cosines import cosines_of
from gradart.rendering.html.packed_array import Packed
from gradart.rendering.html.pixel_packing import PALETTE, in_levels, levels_of, of_levels
from gradart.rendering.html.step_packing import is_table, no_place, of_steps, plain
from gradart.rendering.html.whole_numbers import ways

_EXACT = 4096  # bytes of an array that is kept as it is
DRAWN = 2**16  # steps of what is drawn, over its range: of 1000 pixels, each is 1/65 of one
COLORS = 2**10  # of a color's channels, of which a screen has a quarter
TABLE = 2**30  # steps of a table that a field goes through
_COARSE = 1e-3  # of how far its elements lie from their median: a step that would be seen
_OFTEN = 8  # marks for each such color, at least
_ROUNDING = 1e-12


def packed(array: np.ndarray) -> Packed:
    """An array as bytes, from which a page has the same numbers; those of int64 as floats."""
    array = np.ascontiguousarray(array)
    if array.dtype == np.int64:
        array = array.astype(np.float64)  # as the translation keeps them
    if array.dtype.kind != "f" or array.nbytes <= _EXACT:
        return plain(array)
    levels = levels_of(array)
    if levels is not None:
        return _smallest([*of_levels(levels, array.dtype.name)])
    others = [_of_samples(array), _of_cosines(array)] if is_table(array) else [_of_rows(array)]
    return _smallest([*of_steps(array), *(way for way in others if way is not None)])


def _smallest(ways: Sequence[Packed]) -> Packed:
    return min(ways, key=lambda way: len(compress(way.data, 6)))


def _of_samples(coefficients: np.ndarray) -> Packed | None:
    """Coefficients as the samples that they are made of; None where these are there no more."""
    samples = samples_of(coefficients)
    if samples is None:
        return None
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


def _of_cosines(table: np.ndarray) -> Packed | None:
    """A table as the heights of the cosines that it is the sum of; None if these are not whole."""
    found = cosines_of(table)
    if found is None:
        return None
    how = "steps", "float64", found.whole.shape
    heights = _smallest(
        [
            Packed(*how, data, step=found.step, order=0, back=back)
            for back, data in ways(found.whole, found.whole.shape[1])
        ]
    )
    dtype, low, spare = table.dtype.name, found.low, found.spare
    return Packed("cosines", dtype, table.shape, heights.data, low, of=heights, spare=spare)


def _of_rows(array: np.ndarray) -> Packed | None:
    """Rows by their numbers among those that differ; None where most do, or one has holes."""
    if array.ndim != 2 or array.shape[1] not in (3, 4) or no_place(array).any():
        return None
    if np.signbit(array[array == 0]).any():  # which is a zero that differs from no other
        return None
    rows, numbers = np.unique(array, axis=0, return_inverse=True)
    if len(rows) > min(PALETTE, len(array) // _OFTEN):
        return None
    walk = _walk(rows)
    places = np.argsort(walk)[numbers.ravel()].astype(float)
    palette, of = _smallest(of_steps(rows[walk])), _smallest(of_steps(places))
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


def in_colors(array: np.ndarray) -> np.ndarray:
    """Colors of many marks, if they are no pixels' levels, in steps finer than those."""
    if array.dtype.kind != "f" or array.nbytes <= _EXACT or levels_of(array) is not None:
        return array
    return np.round(array * COLORS) / COLORS


def in_steps(array: np.ndarray, count: int = DRAWN, reach: float = 0.0) -> np.ndarray:
    """An array rounded to a share of its range, or of that of a drawing that reaches farther, if it
    is large, and if that is not seen.

    What is drawn is, and a table. It is not for what else a page computes with: there a rounding
    may become any amount larger.
    """
    if array.dtype.kind != "f" or array.nbytes <= _EXACT:
        return array
    none = no_place(array)
    finite = array[~none].astype(float)
    own = spread(array)
    if not 0 < own < np.inf or levels_of(array) is not None:
        return array
    away = np.abs(finite - np.median(finite))
    most = _COARSE * np.median(away[away > 0])
    least = _power(own / count)
    if least > most:
        return array
    step = max(least, _power(min(reach / count, most)))
    steps = np.round(np.where(none, 0, array) / step)
    return np.where(none, array, steps * step + 0.0).astype(array.dtype)


def _power(number: float) -> float:
    """The largest power of two that is not above a number; 0 where there is none."""
    return float(2.0 ** np.floor(np.log2(number))) if number > 0 else 0.0


def spread(array: np.ndarray) -> float:
    """How far it is from the least to the largest of numbers that a place can have."""
    finite = array[~no_place(array)].astype(float)
    return float(np.ptp(finite)) if len(finite) else 0.0
