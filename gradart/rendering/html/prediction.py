"""What the numbers to the left of one and above it tell of it: of pixels, and of heights.

Terrain and photographs are no noise: most of what a number is stands beside it. What it is more
than that is small, and told by few bits.
"""

from dataclasses import dataclass

import numpy as np

_ONE = 256  # of weights: they are told by whole numbers
# Rows up and columns to the right, of those that are weighed; none is known later than the number.
_PLACES = (
    *((0, -1), (1, 0), (1, -1), (1, 1), (0, -2), (2, 0)),
    *((2, -1), (2, 1), (1, -2), (1, 2), (0, -3), (3, 0)),
)
_LEFT, _RIGHT, _UP = 3, 2, 3  # how far they reach
_SIDE = 32  # numbers along each side at least, for which weights are found
_ENOUGH = 2**19  # numbers, from whose rows weights are found as well as from more


@dataclass(frozen=True)
class Beside:
    """How a number is told by those beside it.

    It is the sum of that to the left and that above without the one between these; or, a `median`,
    the median of these two and of that, for which an edge is no rise (Martucci 1990); or the sum of
    twelve by their `weights`, in 256ths, if there are such, and it has all of them.
    """

    median: bool = False
    weights: tuple[int, ...] = ()

    def told(self, numbers: np.ndarray) -> np.ndarray:
        """What those beside each of the whole numbers (..., h, w) tell of it; beyond all are 0."""
        around = np.pad(numbers, [(0, 0)] * (numbers.ndim - 2) + [(1, 0)] * 2)
        left, above, corner = around[..., 1:, :-1], around[..., :-1, 1:], around[..., :-1, :-1]
        found: np.ndarray = left + above - corner
        if self.median:
            return np.clip(found, np.minimum(left, above), np.maximum(left, above))
        if self.weights:
            some = zip(self.weights, _neighbors(numbers.astype(np.int64)), strict=True)
            sums = sum((weight * one for weight, one in some), np.int64(_ONE // 2))
            found[..., _UP:, _LEFT:-_RIGHT] = sums // _ONE
        return found


def beside_each(numbers: np.ndarray) -> list[Beside]:
    """The ways in which whole numbers (..., h, w) may be told; the last by weights, if there are
    so many that these cost little.
    """
    found = [Beside(), Beside(median=True)]
    return [*found, weighed(numbers)] if min(numbers.shape[-2:]) >= _SIDE else found


def weighed(numbers: np.ndarray) -> Beside:
    """The weights for which what is left of whole numbers (..., h, w) is least, by squares."""
    apart = -(-numbers.size // _ENOUGH)
    middle = float(numbers.mean())  # so that the squares are exact enough

    def some(one: np.ndarray) -> np.ndarray:
        return one[..., ::apart, :].ravel() - middle

    rows = np.stack(list(map(some, _neighbors(numbers))), -1)
    here = some(numbers[..., _UP:, _LEFT:-_RIGHT])
    found = np.linalg.lstsq(rows.T @ rows, rows.T @ here, rcond=None)[0]
    return Beside(weights=tuple(int(weight) for weight in np.round(found * _ONE)))


def _neighbors(numbers: np.ndarray) -> list[np.ndarray]:
    """The twelve beside each of the numbers (..., h, w) that has all of them."""
    height, width = numbers.shape[-2:]
    return [
        numbers[..., _UP - up : height - up, _LEFT + right : width - _RIGHT + right]
        for up, right in _PLACES
    ]
