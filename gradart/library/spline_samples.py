"""What the coefficients of splines were made of: samples, which fewer bytes tell than these."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gradart.library.moving_tables import blurred, spline_coefficients
from gradart.library.photographs import LUMA

_MOST = 2**21  # coefficients; no page holds more
_known: dict[int, tuple[weakref.ref[np.ndarray], "SplineSamples"]] = {}


@dataclass(frozen=True, eq=False)
class SplineSamples:
    """Samples, and all that is done with them until they are coefficients.

    `read` gives them, (rows, columns), the bottom row first, or colors (rows, columns, 3), whose
    luma is meant. They are blurred by `smooth`, brought to [0, 1] if they are `leveled`, and then
    it is the coefficients of the spline of a `degree` through them.
    """

    read: Callable[[], np.ndarray]
    smooth: float
    leveled: bool
    degree: int

    def coefficients(self, samples: np.ndarray) -> np.ndarray:
        """The coefficients, made again of what was read."""
        tones = blurred(samples @ LUMA if samples.ndim == 3 else samples, self.smooth)
        if self.leveled:
            tones = (tones - tones.min()) / (np.ptp(tones) or 1.0)
        return np.asarray(spline_coefficients(tones, self.degree))


def remember(coefficients: np.ndarray, samples: SplineSamples) -> None:
    """Remember what coefficients were made of, for as long as they are there."""
    if coefficients.size > _MOST:
        return
    key = id(coefficients)
    gone = weakref.ref(coefficients, lambda _: _known.pop(key, None))
    _known[key] = gone, samples


def samples_of(coefficients: np.ndarray) -> SplineSamples | None:
    """What coefficients, or others that are equal, were made of; None if that is not known."""
    for known, samples in reversed(_known.values()):
        array = known()
        if array is not None and np.array_equal(array, coefficients):
            return samples
    return None
