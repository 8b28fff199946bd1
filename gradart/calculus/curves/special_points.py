"""Special points of plane curves: cusps, inflections, vertices.

All of them in an interval of the parameter, its ends included, to rounding. Each is the root of an
exact derivative, bracketed on a grid of 1,000 cells (two roots in one cell are told apart by the
extremum between them) and polished by Newton's method inside its bracket. Differentiated, the roots
move, and their number stays.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import PLANE, checked
from gradart.calculus.derivatives import derivative, jet
from gradart.calculus.programs.batching import batched, interval
from gradart.calculus.programs.present_values import closes_over_moving, present, stepped
from gradart.calculus.vectors import cross, safe_norm
from gradart.types import Curve, Function

CELLS = 1000
Parameters = np.ndarray | jax.Array  # (k,), of JAX where they are differentiated


def cusps(curve: Curve, a: float, b: float) -> Parameters:
    """The parameters at which a curve stops, and as a rule turns back on itself: (k,).

    Where the velocity of `curve` is 0, from t = `a` to t = `b`, found by Newton's method and exact
    to rounding. Differentiated, they move, and their number stays.

    >>> wheel = ga.cycloid()
    >>> ga.cusps(wheel, -1, 7).round(3) + 0.0
    array([0.   , 6.283])
    >>> t = jnp.linspace(-1, 7, 200)
    >>> ga.scene(ga.lines(ga.point(wheel, t)), ga.dots(ga.point(wheel, ga.cusps(wheel, -1, 7))))
    """

    def speed_change(t: jax.Array) -> jax.Array:
        _, velocity, acceleration = jet(checked(curve, PLANE), t, 2)
        return jnp.sum(velocity * acceleration, -1)

    return _following(speed_change, _cusps(curve, speed_change, *interval(a, b)))


def _cusps(curve: Curve, speed_change: Function, a: float, b: float) -> np.ndarray:
    t = sign_changes(speed_change, a, b)
    # The speed at a root of its derivative is either a plain minimum or nothing but rounding.
    around = np.concatenate([np.linspace(a, b, 200), t])
    speeds = batched(lambda t: safe_norm(derivative(checked(curve, PLANE), t)))(around)
    return t[speeds[200:] <= _root_of_eps(speeds) * np.nanmax(speeds)]


def inflections(curve: Curve, a: float, b: float) -> Parameters:
    """The parameters at which a curve's curvature changes its sign: (k,); of a straight line, none.

    Of the plane `curve`, from t = `a` to t = `b`, exact to rounding. Differentiated, they move, and
    their number stays.

    >>> def wave(t):
    ...     return jnp.array([t, jnp.sin(t)])
    >>> ga.inflections(wave, 1, 6).round(4)
    array([3.1416])
    >>> t = jnp.linspace(1, 20, 100)
    >>> places = ga.dots(ga.point(wave, ga.inflections(wave, 1, 20)), 1)
    >>> ga.scene(ga.lines(ga.point(wave, t)), places)
    """

    def turning(t: jax.Array) -> jax.Array:
        _, velocity, acceleration = jet(checked(curve, PLANE), t, 2)
        size = safe_norm(velocity) * safe_norm(acceleration)
        return jnp.stack([cross(velocity, acceleration), size])

    return _without_cusps(curve, a, b, turning)


def vertices(curve: Curve, a: float, b: float) -> Parameters:
    """The parameters at which a curve's curvature is greatest or least: (k,); of a circle, none.

    Of the plane `curve`, from t = `a` to t = `b`, exact to rounding. A closed curve without
    crossings has four or more (Mukhopadhyaya, 1909; Kneser, 1912).

    >>> egg = ga.ellipse(2.0, 1.0)
    >>> ga.vertices(egg, 0.1, 6).round(3)
    array([1.571, 3.142, 4.712])
    >>> places = ga.dots(ga.point(egg, ga.vertices(egg, 0.1, 6)), 1)
    >>> ga.scene(ga.lines(ga.point(egg, jnp.linspace(0, 6.2832, 100))), places)
    """

    def curvature_change(t: jax.Array) -> jax.Array:
        _, v, acceleration, jerk = jet(checked(curve, PLANE), t, 3)
        square, turn = jnp.sum(v**2, -1), cross(v, acceleration)
        growing = square * cross(v, jerk) - 3 * turn * jnp.sum(v * acceleration, -1)
        size = square * safe_norm(v) * safe_norm(jerk) + 3 * square * jnp.sum(acceleration**2, -1)
        return jnp.stack([growing, size])

    return _without_cusps(curve, a, b, curvature_change)


def offset_cusps(curve: Curve, distance: float, a: float, b: float) -> Parameters:
    """The parameters at which the offset of a curve has cusps: (k,).

    Where 1 + distance * curvature is 0 on `curve`, from t = `a` to t = `b`: there `offset(curve,
    distance)` stops, for a `distance` to the right, negative to the left. Exact to rounding.

    >>> egg = ga.ellipse(2.0, 1.0)
    >>> inner, t = ga.offset(egg, -1.0), jnp.linspace(0, 6.2832, 200)
    >>> tips = ga.offset_cusps(egg, -1.0, 0, 6.2832)
    >>> ga.scene(ga.lines(ga.point(inner, t)), ga.dots(ga.point(inner, tips)))
    """

    as_number(distance, "distance")

    def offset_speed(t: jax.Array) -> jax.Array:
        _, velocity, acceleration = jet(checked(curve, PLANE), t, 2)
        cube = safe_norm(velocity) ** 3
        swing = distance * cross(velocity, acceleration)
        return jnp.stack([cube + swing, cube + jnp.abs(swing)])

    return _without_cusps(curve, a, b, offset_speed)


def sign_changes(g: Function, a: float, b: float) -> np.ndarray:
    """Parameters (k,) in [a, b] where g, a function of one number, passes through zero.

    g may return (2,) instead, its value and how large its terms are: a value that is no more than
    their rounding is zero then, so that a g that is zero throughout has no roots.
    """

    def pair(t: jax.Array) -> jax.Array:
        y = jnp.atleast_1d(g(t))
        return jnp.stack([y[0], y[-1] if len(y) == 2 else 0 * y[0]])

    values = batched(lambda t: jet(pair, t, 1))

    def both(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        y = values(t)
        return y[:, 0, 0], y[:, 1, 0]

    # The grid reaches beyond both ends, for roots at the ends, and begins at no round number.
    cell = (b - a) / CELLS
    t = a + cell * (np.arange(CELLS + 3) - 1.381966)
    first = values(t)
    y, slope = first[:, 0, 0], first[:, 1, 0]
    floor = 1e4 * np.finfo(y.dtype).eps * np.nanmax(first[:, 0, 1], initial=0)
    toward = (y[:-1] * slope[:-1] < 0) & (y[1:] * slope[1:] > 0) & (y[:-1] * y[1:] > 0)
    if toward.any():  # an extremum lies between, and may lie beyond zero

        def only_slope(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return both(t)[1], np.zeros_like(t)

        extrema = bracketed(only_slope, t[:-1][toward], t[1:][toward])
        t = np.sort(np.append(t, extrema))
        y, _ = both(t)
    bound = np.maximum(np.abs(y[:-1]), np.abs(y[1:]))
    change = (y[:-1] * y[1:] < 0) & (bound > floor)
    found = bracketed(both, t[:-1][change], t[1:][change])
    # A pole changes sign too, but not through zero.
    found = found[np.abs(both(found)[0]) <= _root_of_eps(y) * bound[change]]
    edge = 8 * np.finfo(y.dtype).eps * (b - a)
    return np.clip(found[(found >= a - edge) & (found <= b + edge)], a, b)


def bracketed(
    g: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]], low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """The roots (k,) of g, between low and high (k,), by Newton's method, else by halving.

    g gives the values and the slopes, each (k,); the value changes its sign in between.
    """
    low, high = np.array(low), np.array(high)
    rising = g(low)[0] < 0
    t = (low + high) / 2
    for _ in range(60):
        y, slope = g(t)
        below = (y < 0) == rising
        low, high = np.where(below, t, low), np.where(below, high, t)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = t - y / slope
        inside = (newton > low) & (newton < high)
        t, before = np.where(inside, newton, (low + high) / 2), t
        t = np.where(y == 0, before, t)
        if np.all(abs(t - before) <= 2 * np.finfo(y.dtype).eps * np.maximum(abs(t), 1e-3)):
            break
    return t


def _root_of_eps(values: np.ndarray) -> float:
    """The root of the rounding of 1, in the precision of the values: what is small beside 1."""
    return float(np.sqrt(np.finfo(values.dtype).eps))


def _without_cusps(curve: Curve, a: float, b: float, g: Function) -> Parameters:
    """Where g is zero, but for the cusps of the curve, where curvature is not defined: (k,)."""
    a, b = interval(a, b)
    t, stops = sign_changes(g, a, b), np.asarray(present(cusps(curve, a, b)))
    near = abs(t[:, None] - stops) <= 1e-6 * (b - a)
    return _following(g, t[~near.any(1)])


def _following(g: Function, roots: np.ndarray) -> Parameters:
    """Roots (k,) of g, which may return (2,) with its value first, as g moves."""
    if not len(roots) or not closes_over_moving(g, roots[0]):
        return roots
    value, slope = jet(lambda t: jnp.atleast_1d(g(t))[0], roots, 1)
    return stepped(roots, value / present(slope))
