"""The Taylor polynomial of a drawing in one of its numbers, and where on its slider it is right."""

from collections.abc import Callable
from math import factorial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.derivatives import jet
from gradart.optimizing.placed_marks.page_points import PagePoints
from gradart.rendering.layout.page import Page

ORDER = 8  # of the series; the polynomial leaves out the last term at least
TOLERANCE = 0.2  # mm that a polynomial may be wrong between the values that are told
_CHECKED = 0.5  # of that, at the places where it is compared with what is drawn
_HALVINGS = 7  # of the slider to each side, where that is done
_NEAR = 20.0  # mm; what is farther from the page than that may be wrong


class Series(NamedTuple):
    """A drawing's points (n, 2), all marks' in a row, compiled: as they are, and as derivatives.

    `points` takes numbers (k,) and a playhead; `derivatives` (order + 1, n, 2) also takes the
    direction (k,) that they are along.
    """

    points: Callable[[np.ndarray, float], jax.Array]
    derivatives: Callable[[np.ndarray, np.ndarray, float], jax.Array]


class Polynomial(NamedTuple):
    """The points of a drawing as polynomials in s, where a number is at + unit s.

    `coefficients` are (order + 1, n, 2) in mm of the page, NaN of order 0 and 0 beyond that where
    the pen lifts. For numbers from `low` to `high`, which are those of s from -1 to 1 at most, all
    that lies on the page is right to 0.2 mm.
    """

    coefficients: np.ndarray
    at: float
    unit: float
    low: float
    high: float


def series(drawing: PagePoints) -> Series:
    """The points of a drawing that JAX can trace, and their derivatives in Taylor mode."""

    def flat(x: jax.Array, u: float | jax.Array) -> jax.Array:
        return jnp.concatenate([p.reshape(-1, 2) for p in drawing(x, u).points])

    derivatives = jax.jit(lambda x, along, u: jet(lambda y: flat(y, u), x, along, ORDER))
    points = jax.jit(flat)
    return Series(
        lambda x, u: points(jnp.asarray(x), u),
        lambda x, along, u: derivatives(jnp.asarray(x), jnp.asarray(along), u),
    )


def polynomial(
    known: Series, vector: np.ndarray, index: int, ends: tuple[float, float], u: float, page: Page
) -> Polynomial | None:
    """The polynomial in one of the numbers (k,) about where it is, within the `ends` of its slider.

    It is compared with what is drawn at seven values to each side, and the first term that is left
    out must be small there, too. That chooses its order. None if it is right nowhere.
    """
    at, (low_end, high_end) = float(vector[index]), ends
    unit = max(at - low_end, high_end - at)
    along = np.zeros(len(vector))
    along[index] = unit
    terms = np.array(known.derivatives(vector, along, u))
    terms /= np.array([factorial(k) for k in range(len(terms))])[:, None, None]
    lifted = np.isnan(terms[0]).any(-1)
    terms[0, lifted], terms[1:, lifted] = np.nan, 0.0
    finite = np.isfinite(terms[1:]).all((1, 2))
    usable = len(finite) if finite.all() else int(np.argmin(finite))
    if usable < 2:
        return None
    reaches = []
    for end in (low_end, high_end):
        places = (end - at) / unit * 0.5 ** np.arange(_HALVINGS)[::-1]
        moved = [np.where(np.arange(len(vector)) == index, at + unit * s, vector) for s in places]
        errors = np.array(
            [
                _errors(np.asarray(known.points(x, u)), terms, s, page)
                for x, s in zip(moved, places, strict=True)
            ]
        )
        fine = np.minimum.accumulate(errors[:, : usable - 1] <= _CHECKED * TOLERANCE, axis=0)
        steps = fine.sum(0)
        reaches.append(np.where(steps > 0, np.abs(places)[steps - 1], 0.0))
    below, above = reaches
    reach = below + above
    if not reach.max() > 0:
        return None
    order = 1 + int(np.argmax(reach >= 0.95 * reach.max()))  # the lowest that reaches as far
    back, forth = float(below[order - 1]), float(above[order - 1])
    most = max(back, forth)
    scaled = terms[: order + 1] * most ** np.arange(order + 1)[:, None, None]
    return Polynomial(scaled, at, unit * most, at - unit * back, at + unit * forth)


def _errors(exact: np.ndarray, terms: np.ndarray, s: float, page: Page) -> np.ndarray:
    """By how many mm polynomials of order 1, 2, ... are, or may be, wrong at s: (orders - 1,)."""
    if (np.isnan(exact).any(-1) != np.isnan(terms[0]).any(-1)).any():
        return np.full(len(terms) - 2, np.inf)
    powers = terms * s ** np.arange(len(terms))[:, None, None]
    sums = np.cumsum(powers, axis=0)
    corner = np.array([page.width, page.height])
    places = np.stack([exact, terms[0]])
    with np.errstate(invalid="ignore"):
        near = ((places > -_NEAR) & (places < corner + _NEAR)).all(-1).any(0)
    wrong = np.linalg.norm(sums[1:-1, near] - exact[near], axis=-1).max(-1, initial=0.0)
    left_out = np.linalg.norm(powers[2:, near], axis=-1).max(-1, initial=0.0)
    return np.asarray(np.maximum(wrong, left_out))
