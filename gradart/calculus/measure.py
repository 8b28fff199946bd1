"""Arc length, and parameters that are equally spaced in it."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks import CURVE, as_count, as_floats, checked, warn
from gradart.calculus.derivatives import jet
from gradart.calculus.frames import Curve, speed
from gradart.calculus.host import batched, interval
from gradart.errors import ArtError

# Gauss and Legendre's nodes and weights on [0, 1]: exact for polynomials of degree 23.
NODES, WEIGHTS = (x / 2 for x in np.polynomial.legendre.leggauss(12))
NODES = NODES + 0.5
PANELS = 8  # where the adaptive search begins
LOOK = 1024  # where it begins anew if so many panels say something else: there is a narrow bump
ALIKE = 1e-7  # of the length
MOST = 100_000  # panels; what needs more is noise
TRACED = 32  # panels that the traced length has


def arc_length(curve: Curve, a: float, b: float, tolerance: float = 1e-10) -> float:
    """The length of a curve, in the plane or in space, from t = a to t = b.

    Panels are halved until Gauss and Legendre's rule on a panel and on its halves agree, so that
    the error is under `tolerance` times the length; a warning says so where it is not, and in
    float32 it cannot be under about 1e-6. The curve must have a finite speed everywhere.
    """
    return float(_panels(curve, *interval(a, b), tolerance)[1].sum())


def equally_spaced(curve: Curve, a: float, b: float, n: int) -> np.ndarray:
    """Parameters (n,) from a to b between which the curve has equal lengths.

    For n dots around a closed curve take n + 1 and leave out the last. Newton's method on the arc
    length, whose derivative is the speed, held inside a bracket that shrinks; exact to rounding.

    >>> dots(point(heart, equally_spaced(heart, 0, math.tau, 61)[:-1]))
    """
    n = as_count(n)
    a, b = interval(a, b)
    knots, lengths = _panels(curve, a, b, 1e-10)
    reached = np.concatenate([[0.0], np.cumsum(lengths)])
    wanted = np.linspace(0, reached[-1], n)
    panel = np.clip(np.searchsorted(reached, wanted, "right") - 1, 0, len(lengths) - 1)
    start, low, high = knots[panel], knots[panel], knots[panel + 1]
    need = wanted - reached[panel]
    t = low + (high - low) * need / np.where(lengths[panel] > 0, lengths[panel], 1)

    inside = batched(lambda start, t: (_gauss(curve, start, t), speed(curve, t)))
    for _ in range(60):
        length, rate = inside(start, t)
        low, high = np.where(length < need, t, low), np.where(length < need, high, t)
        step = (length - need) / np.where(rate > 0, rate, np.inf)
        newton = t - step
        fine = (newton >= low) & (newton <= high) & (rate > 0)
        t, before = np.where(fine, newton, (low + high) / 2), t
        if np.all(np.abs(t - before) <= 4 * np.finfo(length.dtype).eps * (b - a)):
            break
    t[0], t[-1] = a, b
    return t


def length_from(curve: Curve, start: ArrayLike = 0.0) -> Callable[[ArrayLike], jax.Array]:
    """The signed arc length from t = start, as a function of t with derivatives of every order.

    It can be traced, so its panels are fixed: 32 of 12 nodes each between start and t. That is
    exact to rounding unless the curve nearly stops on the way, or has very many waves;
    `arc_length` adapts to those.
    """

    def length(t: ArrayLike) -> jax.Array:
        begin, end = jnp.broadcast_arrays(as_floats(start, "start"), as_floats(t, "t"))
        knots = begin + (end - begin) * np.arange(TRACED).astype(end.dtype) / TRACED
        return jnp.sum(_gauss(curve, knots, knots + (end - begin) / TRACED))

    return length


def _gauss(curve: Curve, low: ArrayLike, high: ArrayLike) -> jax.Array:
    """The length from low to high, each (...), by one rule of 12 nodes: (...)."""
    low, high = as_floats(low, "low"), as_floats(high, "high")
    width = high - low
    weights = WEIGHTS.astype(low.dtype)
    nodes = low[..., None] + width[..., None] * NODES.astype(low.dtype)
    return jnp.sum(weights * speed(curve, nodes), axis=-1) * width


def _panels(curve: Curve, a: float, b: float, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """Knots (m + 1,) from a to b and the length (m,) of each panel between them."""

    def halves(low: jax.Array, high: jax.Array) -> tuple[jax.Array, jax.Array]:
        middle = (low + high) / 2
        both = _gauss(curve, jnp.stack([low, middle]), jnp.stack([middle, high]))
        return jnp.sum(both), _gauss(curve, low, high)

    measure = batched(halves)
    narrow = np.linspace(a, b, LOOK + 1)
    looked = float(measure(narrow[:-1], narrow[1:])[0].sum())
    found = _adapted(measure, np.linspace(a, b, PANELS + 1), tolerance)
    if abs(found[1].sum() - looked) > ALIKE * looked:
        found = _adapted(measure, narrow, tolerance)
    knots, lengths, doubt, total = found
    eps = float(np.finfo(jnp.result_type(float)).eps)
    if doubt > max(tolerance, 1e3 * eps) * total:
        warn(
            f"the arc length is only right within {doubt:.1g}: the speed of the curve jumps,"
            " or has a pole or very many waves"
        )
    ends = batched(lambda t: jet(checked(curve, CURVE), t, 0)[0])(knots)
    gaps = np.linalg.norm(np.diff(ends, axis=0), axis=1)
    torn = gaps > 1.01 * lengths + 1e3 * eps * np.abs(ends).max()
    if torn.any():  # no way is shorter than the straight one
        warn(f"the curve jumps at t = {knots[1:][torn][0]:.6g}, which is no part of the arc length")
    return knots, lengths


def _adapted(
    measure: Callable[..., tuple[np.ndarray, np.ndarray]], knots: np.ndarray, tolerance: float
) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Knots and lengths of panels that are halved until they are right; the doubt, the length."""
    a, b = knots[0], knots[-1]
    low, high = knots[:-1], knots[1:]
    starts: list[np.ndarray] = []
    lengths: list[np.ndarray] = []
    doubt = total = 0.0
    while len(low):
        fine, coarse = measure(low, high)
        if not np.all(np.isfinite(fine + coarse)):
            bad = int(np.argmin(np.isfinite(fine + coarse)))
            raise ArtError(
                f"the curve has no finite speed between t = {low[bad]:.6g} and {high[bad]:.6g}:"
                " measure it on either side"
            )
        total = total or fine.sum()
        error = np.abs(fine - coarse)
        # Below rounding, and at the end of what halving can do, a panel is as good as it gets.
        rounding = 16 * np.finfo(fine.dtype).eps
        done = error <= np.maximum(tolerance * (high - low) / (b - a), rounding) * total
        done |= (high - low <= 1e-9 * (b - a)) | (len(low) + sum(map(len, starts)) > MOST)
        starts.append(low[done])
        lengths.append(fine[done])
        doubt += float(error[done].sum())
        low, high = low[~done], high[~done]
        middle = (low + high) / 2
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    order = np.argsort(np.concatenate(starts))
    return (
        np.append(np.concatenate(starts)[order], b),
        np.concatenate(lengths)[order].astype(float),
        doubt,
        float(total),
    )
