"""Smooth tables as sums of cosines: a blurred terrain has few, all of long waves.

Cosines that have their peaks at the first and the last sample are those of a table that is mirrored
there, as what is blurred and what is interpolated is.
"""

from dataclasses import dataclass

import numpy as np

_STEPS = 2**24  # of a sample, over the range of the table, if all heights are rounded
_ROUNDING = 1e-12  # of the range
_SPARE = (1, 2, 0)  # samples on each side that repeat those within: of a spline, half its degree
_LEAST = 8  # samples along a side
_MOST = 2**31 - 1  # steps of a height


@dataclass(frozen=True)
class Cosines:
    """What a table is the sum of: `low`, and cosines whose heights are `whole` (m, n) steps.

    The first of them is level, and 0. There are `spare` samples more on each side.
    """

    whole: np.ndarray
    step: float
    low: float
    spare: int


def in_cosines(table: np.ndarray) -> np.ndarray:
    """A table (h, w), rounded to a sum of cosines whose heights are whole steps.

    Together they change a sample by about 2^-26 of the range of the table, wherever it is: its
    slopes keep six digits, its curvatures five. One that is level, or has no end, stays as it is.
    """
    spare, inside = _inside(table)
    step = _step(inside)
    if step is None:
        return table
    return _summed(np.round(_heights(inside) / step) * step, spare).astype(table.dtype)


def cosines_of(table: np.ndarray) -> Cosines | None:
    """What a table is the sum of that was rounded so; None for any other."""
    spare, inside = _inside(table)
    exact = _step(inside)
    if exact is None:
        return None
    found = _heights(inside)
    for step in (exact, exact / 2, exact * 2):  # the range has been rounded too
        whole = np.round(found / step)
        again = _summed(whole * step, spare)
        if np.allclose(again, table, rtol=0, atol=_ROUNDING * np.ptp(table)):
            low = float(whole[0, 0] * step)
            whole[0, 0] = 0
            some = whole != 0
            if not some.any() or np.abs(whole).max() > _MOST:
                return None
            rows, columns = (int(np.flatnonzero(some.any(k)).max()) + 1 for k in (1, 0))
            return Cosines(whole[:rows, :columns].astype(np.int32), step, low, spare)
    return None


def _inside(table: np.ndarray) -> tuple[int, np.ndarray]:
    """How many samples a table has to spare on each side, mirrored, and what is within these."""
    for spare in _SPARE:
        inside = table[spare : table.shape[0] - spare, spare : table.shape[1] - spare]
        if min(inside.shape) >= _LEAST and np.array_equal(
            np.pad(inside, spare, mode="reflect"), table
        ):
            return spare, inside.astype(float)
    return 0, table.astype(float)


def _step(inside: np.ndarray) -> float | None:
    """A power of two, of which half is the rounding of a height; None for a table that is level, or
    has no end: a table of n samples is changed by up to sqrt(n) / 2 such roundings."""
    spread = float(np.ptp(inside)) if inside.size else 0.0
    if not 0 < spread < np.inf:
        return None
    return float(2.0 ** np.floor(np.log2(2 * spread / np.sqrt(inside.size) / _STEPS)))


def _heights(inside: np.ndarray) -> np.ndarray:
    """The heights (h, w) of the cosines that a table (h, w) is the sum of."""
    from scipy import fft

    found: np.ndarray = fft.dctn(inside, type=1)
    for axis, n in enumerate(found.shape):
        share = np.full(n, 1 / (n - 1))
        share[[0, -1]] /= 2
        found *= np.expand_dims(share, 1 - axis)
    return found


def _summed(heights: np.ndarray, spare: int) -> np.ndarray:
    """The table that is the sum of cosines, with samples to spare on each side."""
    from scipy import fft

    doubled = heights.copy()
    for axis, n in enumerate(heights.shape):
        share = np.full(n, 0.5)
        share[[0, -1]] *= 2
        doubled *= np.expand_dims(share, 1 - axis)
    return np.pad(fft.dctn(doubled, type=1), spare, mode="reflect")
