"""Numbers as few bytes for a web page: whole steps, told by those before them or beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from zlib import compress

import numpy as np

from gradart.rendering.html.packed_array import Packed
from gradart.rendering.html.prediction import weighed
from gradart.rendering.html.whole_numbers import folded, planes, ways

_ORDERS = 5  # of differences
_APART = 4  # elements along the last axis at most, of which all first are told, then all second
_SIDE = 64  # of a table, at least
_MOST = 2**31  # steps from the lowest to the highest element


def of_steps(array: np.ndarray) -> list[Packed]:
    """The ways in which numbers are told as whole steps; as all their bytes where there is none."""
    none = no_place(array)
    holes, finite = np.unique(array[none]), array[~none].astype(float)
    if not len(finite) or len(holes) > 1:
        return [plain(array)]
    low, step = float(finite.min()), _step(finite)
    minus = np.signbit(finite[finite == 0]).any()  # which no whole number has
    if minus or not (float(finite.max()) - low) / step < _MOST:
        return [plain(array)]
    steps = ((np.where(none, low, array) - low) / step).astype(np.int64)
    table = is_table(array)
    tried = [
        (along, order, table, changes)
        for along in {0, max(array.ndim - 2, 0)}
        for order, changes in enumerate(_differences(steps, none, along, table), 1)
    ]
    if table:  # of which rows may be alike
        tried.append((0, 1, False, next(_differences(steps, none, 0, across=False))))
    along, order, across, least = min(tried, key=_deflated)
    bits = np.packbits(none.ravel()).tobytes() if none.any() else b""
    hole = str(holes[0] if len(holes) else np.nan)
    hole = hole.replace("inf", "Infinity").replace("nan", "NaN")
    kind = "steps", array.dtype.name, array.shape, bits
    told = Packed(*kind, low, step, along, order, hole, lifted=bool(bits), across=across)
    made = [(told, least)]
    if table:
        beside = weighed(steps)
        changes = (steps - beside.told(steps)).astype(np.int32).ravel()
        made.append((replace(told, across=True, weights=beside.weights), changes))
    near = _back(array.shape)
    return [
        replace(how, data=bits + data, back=back)
        for how, changes in made
        for back, data in ways(changes, near)
    ]


def plain(array: np.ndarray) -> Packed:
    """An array as all its bytes, exactly."""
    little = array.astype(array.dtype.newbyteorder("<"), order="C")
    bits = np.frombuffer(little.tobytes(), np.uint8).reshape(-1, array.itemsize).T
    bits = bits.reshape(array.itemsize, *array.shape)
    if array.ndim:
        along = max(array.ndim - 1, 1)  # the last axis but one, behind that of the planes
        before = np.moveaxis(bits, along, 0)
        bits = np.moveaxis(np.concatenate([before[:1], before[1:] ^ before[:-1]]), 0, along)
    return Packed("plain", array.dtype.name, array.shape, bits.tobytes())


def is_table(array: np.ndarray) -> bool:
    """Whether an array is numbers over a grid, as the heights of a terrain."""
    return array.dtype.kind == "f" and array.ndim == 2 and min(array.shape) >= _SIDE


def no_place(array: np.ndarray) -> np.ndarray:
    """Where elements are no numbers that a place can have."""
    return ~(np.abs(array) < np.finfo(array.dtype).max)


def _differences(
    steps: np.ndarray, none: np.ndarray, along: int, across: bool
) -> Iterator[np.ndarray]:
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
        yield changes.ravel().astype(np.int32)


def _deflated(way: tuple[int, int, bool, np.ndarray]) -> int:
    """About how many bytes whole numbers take."""
    return len(compress(planes(folded(way[-1])), 1))


def _is_apart(shape: Sequence[int]) -> bool:
    """Whether all first elements of such an array are told, then all second ones, and so on."""
    return len(shape) > 1 and shape[-1] <= _APART


def _back(shape: Sequence[int]) -> int:
    """How many numbers before each its neighbor is told: that above it, or x of a y."""
    size = int(np.prod(shape))
    if len(shape) < 2:
        return size
    return size // shape[-1] if _is_apart(shape) else shape[-1]


def _step(numbers: np.ndarray) -> float:
    """The largest power of two that numbers (n,) are whole multiples of; 1 for zeros."""
    mantissas, exponents = np.frexp(numbers[numbers != 0])
    bits = (mantissas * 2.0**53).astype(np.int64)
    lowest = np.log2((bits & -bits).astype(float)) - 53 + exponents
    return float(2.0 ** lowest.min()) if len(bits) else 1.0
