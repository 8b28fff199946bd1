"""Offsets without their swallowtails."""

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.crossings import crossings, self_intersections
from gradart.calculus.derived import offset
from gradart.calculus.frames import Curve
from gradart.calculus.host import batched, interval
from gradart.calculus.roots import sign_changes
from gradart.errors import ArtError

SAMPLES = 4000  # of the curve, where a point's distance to it is looked up


def trimmed_offset(curve: Curve, distance: float, a: float, b: float, n: int = 1000) -> np.ndarray:
    """The points of `offset` that are no nearer to the curve than the distance: (m, 2).

    A polyline of about n points; NaN lifts the pen where a part is cut out. The cuts are exact:
    they lie where the offset crosses itself, the offset to the other side, or the circles around
    the ends of an open curve, which are the places where the nearest point of the curve changes.
    """
    a, b = interval(a, b)
    if np.ndim(distance) or not np.isfinite(distance):
        raise ArtError(f"distance is {distance}: give one finite number")
    side = offset(curve, distance)
    start, end = batched(curve)(np.array([a, b]))

    def past_an_end(t: jax.Array) -> jax.Array:
        p = side(t)
        return jnp.prod(jnp.array([jnp.sum((p - q) ** 2) - distance**2 for q in (start, end)]))

    cuts = [
        np.array([a, b]),
        self_intersections(side, a, b).ravel(),
        crossings(side, offset(curve, -distance), a, b)[:, 0],
        sign_changes(past_an_end, a, b),
    ]
    knots = np.unique(np.concatenate(cuts))
    middles = batched(side)((knots[:-1] + knots[1:]) / 2)
    samples = batched(curve)(np.linspace(a, b, SAMPLES))
    samples = samples[np.isfinite(samples).all(1)]
    rounding = 10 * np.sqrt(np.finfo(samples.dtype).eps)
    clear = np.array([_nearest(p, samples) for p in middles]) >= abs(distance) * (1 - rounding)

    grid = np.linspace(a, b, n)
    kept = [np.array([])]
    for k in np.flatnonzero(clear):
        before, after = knots[k], knots[k + 1]
        lift = [] if k and clear[k - 1] else [np.nan]
        kept.append(np.array([*lift, before, *grid[(grid > before) & (grid < after)], after]))
    return batched(side)(np.concatenate(kept)[1:])


def _nearest(p: np.ndarray, samples: np.ndarray) -> float:
    """The distance from p to a sampled curve, by the parabola through each three samples."""
    d = np.sum((samples - p) ** 2, axis=-1)
    before, here, after = d[:-2], d[1:-1], d[2:]
    bend = before - 2 * here + after
    low = (here <= before) & (here <= after) & (bend > 0)
    valleys = here[low] - (after - before)[low] ** 2 / (8 * bend[low])
    return float(np.sqrt(np.min(valleys, initial=d.min()).clip(0)))
