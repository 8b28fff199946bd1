"""Arc length, and parameters that are equally spaced in it."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import CURVE, as_count, as_floats, checked
from gradart.calculus.curves.frames import speed
from gradart.calculus.derivatives import jet
from gradart.calculus.programs.batching import batched, moving_interval
from gradart.calculus.programs.present_values import (
    closes_over_moving,
    present,
    stepped,
    with_derivatives_of,
)
from gradart.errors import ArtError, warn
from gradart.types import Curve

# Gauss and Legendre's nodes and weights on [0, 1]: exact for polynomials of degree 23.
NODES, WEIGHTS = (x / 2 for x in np.polynomial.legendre.leggauss(12))
NODES = NODES + 0.5
PANELS = 8  # where the adaptive search begins
CHECK_PANELS = 1024  # if so many say something else, it begins anew with them: a narrow bump
LEAP_SAMPLES = 50_000  # of point and speed, for what is narrower still
SAMPLE_PLACE = 0.381966  # of a cell, where its sample is
SPEED_LEAP = 1e-3  # of the speed, by which it may leave the line through its neighbors
MOST_LEAPS = 2000  # cells; more are waves, which the panels see
CHECK_TOLERANCE = 1e-7  # of the length
MOST_PANELS = 100_000  # panels; what needs more is noise
TRACED_PANELS = 32  # panels that the traced length has


def arc_length(curve: Curve, a: float, b: float, tolerance: float = 1e-10) -> float | jax.Array:
    """The length of a curve, in the plane or in space, between two of its parameters.

    Of `curve` from t = `a` to t = `b`. Panels are halved until Gauss and Legendre's rule on a panel
    and on its halves agree, so that the error is under `tolerance` times the length; a warning says
    so where it is not, and in float32 it cannot be under about 1e-6. The curve must have a finite
    speed everywhere. What it does within less than a 100,000th of the interval can escape unseen.
    Differentiated, it is an array of JAX.

    ArtError where the speed is not finite, and for an interval that is not a < b. Untraceable in a
    frame or jit, where `a` and `b` are traced.

    >>> round(ga.arc_length(ga.circle(2.0), 0, 2 * np.pi), 6)
    12.566371
    """
    as_number(tolerance, "tolerance", "share of the length", above=0)
    span = moving_interval(a, b)
    curve = span.of(curve)
    knots, lengths = _panels(curve, span.a, span.b, tolerance)
    length = float(lengths.sum())
    if not closes_over_moving(checked(curve, CURVE), 0.0):
        return length
    return with_derivatives_of(jnp.sum(_gauss(curve, knots[:-1], knots[1:])), length)


def equally_spaced(curve: Curve, a: float, b: float, n: int) -> np.ndarray | jax.Array:
    """Parameters between which a curve has equal lengths: (n,).

    `n` of them from `a` to `b`, both included. For n dots around a closed `curve` take n + 1 and
    leave out the last. Newton's method on the arc length, whose derivative is the speed, held
    inside a bracket that shrinks; exact to rounding. Differentiated, they move along, an array of
    JAX.

    >>> heart = ga.heart()
    >>> t = ga.equally_spaced(heart, 0, 6.2832, 61)[:-1]
    >>> ga.dots(ga.point(heart, t))
    """
    n = as_count(n)
    span = moving_interval(a, b)
    curve, (a, b) = span.of(curve), (span.a, span.b)
    knots, lengths = _panels(curve, a, b, 1e-10)
    reached = np.concatenate([[0.0], np.cumsum(lengths)])
    wanted = np.linspace(0, reached[-1], n)
    panel = np.clip(np.searchsorted(reached, wanted, "right") - 1, 0, len(lengths) - 1)
    start, low, high = knots[panel], knots[panel], knots[panel + 1]
    missing = wanted - reached[panel]
    t = low + (high - low) * missing / np.where(lengths[panel] > 0, lengths[panel], 1)

    length_and_speed = batched(lambda start, t: (_gauss(curve, start, t), speed(curve, t)))
    for _ in range(60):
        length, rate = length_and_speed(start, t)
        low, high = np.where(length < missing, t, low), np.where(length < missing, high, t)
        step = (length - missing) / np.where(rate > 0, rate, np.inf)
        newton = t - step
        fine = (newton >= low) & (newton <= high) & (rate > 0)
        t, before = np.where(fine, newton, (low + high) / 2), t
        if np.all(np.abs(t - before) <= 4 * np.finfo(length.dtype).eps * (b - a)):
            break
    t[0], t[-1] = a, b
    if not closes_over_moving(checked(curve, CURVE), 0.0):
        return t
    gone = jnp.append(0, jnp.cumsum(_gauss(curve, knots[:-1], knots[1:])))
    rate = np.asarray(present(speed(curve, t)))
    miss = gone[panel] + _gauss(curve, knots[panel], t) - gone[-1] * np.linspace(0, 1, n)
    return span(stepped(t, miss / np.where(rate > 0, rate, np.inf)))


def length_from(curve: Curve, start: ArrayLike = 0.0) -> Callable[[ArrayLike], jax.Array]:
    """The signed arc length from t = start, as a function of t with derivatives of every order.

    It can be traced, so its panels are fixed: 32 of 12 nodes each between start and t. That is
    exact to rounding unless the curve nearly stops on the way, or has very many waves;
    `arc_length` adapts to those.

    >>> length_from(circle(2.0))(math.pi)  # half of the way around
    Array(6.28318531, dtype=float64)
    """

    def length(t: ArrayLike) -> jax.Array:
        begin, end = jnp.broadcast_arrays(as_floats(start, "start"), as_floats(t, "t"))
        knots = begin + (end - begin) * np.arange(TRACED_PANELS).astype(end.dtype) / TRACED_PANELS
        return jnp.sum(_gauss(curve, knots, knots + (end - begin) / TRACED_PANELS))

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
    narrow = np.linspace(a, b, CHECK_PANELS + 1)
    check = float(measure(narrow[:-1], narrow[1:])[0].sum())
    found = _halved_until_right(measure, np.linspace(a, b, PANELS + 1), tolerance)
    leap_knots = _knots_at_leaps(curve, a, b)
    if len(leap_knots) or abs(found[1].sum() - check) > CHECK_TOLERANCE * check:
        refined = _halved_until_right(measure, np.union1d(narrow, leap_knots), tolerance)
        _warn_of_jumps(curve, refined[0], refined[1])
        if abs(found[1].sum() - refined[1].sum()) > CHECK_TOLERANCE * check:
            found = refined
    knots, lengths, doubt, total = found
    eps = float(np.finfo(jnp.result_type(float)).eps)
    if doubt > max(tolerance, 1e3 * eps) * total:
        warn(
            f"the arc length is only right within {doubt:.1g}: the speed of the curve jumps,"
            " or has a pole or very many waves"
        )
    return knots, lengths


def _warn_of_jumps(curve: Curve, knots: np.ndarray, lengths: np.ndarray) -> None:
    """Warn where the curve jumps: where its ends are further apart than a panel is long."""
    run = batched(lambda t: jet(checked(curve, CURVE), t, 1))
    p, v = np.moveaxis(run(knots), 1, 0)
    chords, speeds = np.linalg.norm(np.diff(p, axis=0), axis=1), np.linalg.norm(v, axis=1)
    least = 1e3 * np.finfo(p.dtype).eps * np.abs(p).max()
    # No way is shorter than the straight one; but at a corner the rule does not tell the way.
    corner = 2 * np.fmax(speeds[1:], speeds[:-1]) * np.diff(knots)
    torn = np.flatnonzero(chords > np.maximum(1.01 * lengths, corner) + least)
    if not len(torn):
        return
    low, high = knots[torn[0]], knots[torn[0] + 1]
    for _ in range(40):
        middle = (low + high) / 2
        p, q, r = run(np.array([low, middle, high]))[:, 0]
        low, high = (
            (low, middle) if np.linalg.norm(q - p) >= np.linalg.norm(r - q) else (middle, high)
        )
    warn(f"the curve jumps at t = {high:.6g}, which is no part of the arc length")


def _knots_at_leaps(curve: Curve, a: float, b: float) -> np.ndarray:
    """Knots (k,) around places where the speed, or the way from sample to sample, leaps."""
    cell = (b - a) / LEAP_SAMPLES
    t = a + cell * (np.arange(LEAP_SAMPLES) + SAMPLE_PLACE)
    p, v = np.moveaxis(batched(lambda t: jet(checked(curve, CURVE), t, 1))(t), 1, 0).astype(float)
    eps = float(np.finfo(jnp.result_type(float)).eps)
    with np.errstate(all="ignore"):
        speeds = np.linalg.norm(v, axis=-1)
        gone = np.linalg.norm(np.diff(p, axis=0), axis=-1)
        most = np.maximum(speeds[1:], speeds[:-1])
        leaps = ~(gone <= 2 * most * cell + 1e3 * eps * np.nanmax(np.abs(p)))
        bent = ~(
            np.abs(speeds[2:] - 2 * speeds[1:-1] + speeds[:-2]) <= SPEED_LEAP * np.median(speeds)
        )
    leaps[:-1] |= bent
    leaps[1:] |= bent
    at = np.flatnonzero(leaps)
    # The samples on both sides, and those beside them.
    return (
        np.unique(t[np.clip(at[:, None] + np.arange(-1, 3), 0, LEAP_SAMPLES - 1)])
        if len(at) <= MOST_LEAPS
        else t[:0]
    )


def _halved_until_right(
    measure: Callable[..., tuple[np.ndarray, ...]], knots: np.ndarray, tolerance: float
) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Knots, lengths of panels that are halved until they are right, the error left, the length."""
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
        done |= (high - low <= 1e-9 * (b - a)) | (len(low) + sum(map(len, starts)) > MOST_PANELS)
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
