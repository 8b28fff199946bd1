"""Curves as cubic Bezier pieces within a tolerance, from their exact tangents."""

import math
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import CURVE, Kind, checked, name_of
from gradart.calculus.derivatives import jet
from gradart.calculus.programs.batching import batched, moving_interval
from gradart.calculus.programs.present_values import (
    closes_over_moving,
    closes_over_traced,
    known,
    present,
)
from gradart.calculus.recorder import notice_curve
from gradart.errors import warn
from gradart.geometry.paths.bezier_fit import (
    NODES,
    SAMPLES,
    Plan,
    Reach,
    angle,
    angles,
    best_pieces,
    even_pieces,
    following,
    runs,
    stroke,
    told,
    wavy,
)
from gradart.types import Curve

PLANE: Kind = (CURVE[0], "(2,)", ((2,),))
Runner = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
Row = np.ndarray  # (n,)
Ends = tuple[np.ndarray, np.ndarray]
Parts = tuple[np.ndarray, np.ndarray, np.ndarray]

CELLS = 1000  # where jumps, corners and cusps are looked for
ODD = 0.381966  # of a cell
CORNER = 0.02  # radians; less is a bend that pieces can follow
TURN = math.pi / 2  # radians that no piece turns more than
PARTS = 400  # pieces at a time, to stay in the cache
MOST = 10_000  # pieces; what needs more is noise
FAR = 1000  # sizes of a curve; what runs further at a pole is left out
HIDDEN = 6  # halvings of a piece, after which breaks are looked for that the cells have hidden
FINENESS = 5e-5  # of a curve's size, the tolerance if none is given: 0.01 mm on a sheet of A4


def to_beziers(
    curve: Curve, a: float, b: float, tolerance: float | None = None
) -> np.ndarray | jax.Array:
    """A plane curve as cubic Bezier pieces, for `beziers`: (3k + 1, 2).

    No point of `curve`, from t = `a` to t = `b`, is further than `tolerance`, in the artist's
    units, from its piece, measured densely; by default that is a 20,000th of the curve's size. Each
    piece has the curve's tangents at its ends; the lengths of its two handles are fitted, so that
    the error falls with the sixth power of the piece's length, as that of pieces with the curve's
    curvatures at their ends does (de Boor, Hollig and Sabin, High accuracy geometric Hermite
    interpolation, 1987), and is smaller. The curve is broken at cusps and corners; where it jumps
    or is NaN, two NaN points lift the pen, and so at a pole, a thousand times the curve's size
    away. Where it goes to and fro within the tolerance of a straight line, as sin(1 / t) does near
    0, that line is drawn instead, and a warning says where.

    Differentiated, the pieces slide along the curve and are fitted to it as it moves; how many
    there are, breaks, and lines that stand for waves stay. Traced, as in a film's frame where it
    moves, a curve has 400 pieces, evenly in t, of which none goes over a jump.

    >>> pieces = ga.to_beziers(ga.heart(), 0, 6.2832, tolerance=0.01)
    >>> pieces.shape
    (25, 2)
    >>> ga.beziers(pieces)
    """
    for end in (a, b):
        notice_curve(curve, end)
    if not known((a, b)) or closes_over_traced(checked(curve, PLANE), 0.0):
        return even_pieces(checked(curve, PLANE), a, b)
    span = moving_interval(a, b)
    curve, (a, b) = span.of(curve), (span.a, span.b)
    run = _runner(curve)
    if tolerance is None:
        tolerance = _fineness(run, a, b)
    as_number(tolerance, "tolerance", "length in the curve's units", above=0)
    tolerance = float(present(tolerance))
    reach = _reach(run, a, b)
    first, last, trimmed = _smooth(run, reach, a, b)
    name = name_of(curve, PLANE)
    places, pieces, more, plan = _fitted(run, reach, first, last, tolerance, name)
    if not len(pieces):
        return np.full((1, 2), np.nan)
    extent = np.ptp(pieces.reshape(-1, 2), axis=0).max()
    gaps = np.abs(pieces[1:, 0] - pieces[:-1, 3]).max(1)
    lifted = np.append(False, gaps > max(1e-3 * tolerance, 1e-6 * extent))
    lifted[1:] |= np.isin(places[1:], np.append(trimmed, more))
    each = np.arange(4 * len(pieces)).reshape(-1, 4)
    order = [each[0, :1]]
    for corners, up in zip(each, lifted, strict=True):
        order += [np.array([-1, -1]), corners] if up else [corners[1:]]
    path = np.concatenate(order)
    found = np.where(path[:, None] < 0, np.nan, pieces.reshape(-1, 2)[path])
    if not closes_over_moving(checked(curve, PLANE), 0.0):
        return found
    return following(checked(curve, PLANE), found, path, plan)


def _runner(curve: Curve) -> Runner:
    """Points and velocities (n, 2) at parameters (n,); both NaN where either is not finite."""
    run = batched(lambda t: jet(checked(curve, PLANE), t, 1))

    def both(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        p, v = np.moveaxis(run(t.ravel()), 1, 0).reshape(2, *t.shape, 2).astype(float)
        lost = ~np.all(np.isfinite(p) & np.isfinite(v), axis=-1, keepdims=True)
        return np.where(lost, np.nan, p), np.where(lost, np.nan, v)

    return both


def _fineness(run: Runner, a: float, b: float) -> float:
    """The default tolerance: a part of the curve's size, of which a pole's branches do not tell."""
    points = run(np.linspace(a, b, CELLS + 1))[0]
    points = points[np.isfinite(points).all(1)]
    if not len(points):
        return 1.0
    middle = 2 * np.subtract(*np.quantile(points, [0.75, 0.25], axis=0))
    return FINENESS * float(np.max(np.maximum(middle, 1e-3 * np.ptp(points, axis=0)))) or 1.0


def _reach(run: Runner, a: float, b: float) -> Reach:
    """The middle of a curve, and how far from there it is still drawn where it runs off."""
    points = run(np.linspace(a, b, CELLS + 1))[0]
    points = points[np.isfinite(points).all(1)]
    if not len(points):
        return np.zeros(2), np.inf
    low, middle, high = np.quantile(points, [0.25, 0.5, 0.75], axis=0)
    return middle, FAR * (float(np.max(high - low)) or float(np.max(np.ptp(points, axis=0))))


def _smooth(run: Runner, reach: Reach, a: float, b: float) -> Parts:
    """Where the parts of a curve begin and end (k,), parted by jumps, corners, cusps and NaN.

    A break is a cell of a grid that, however often it is halved, has a jump or a corner in it.
    """
    # No cell ends at a round number, where a cusp might be: its velocity has no direction.
    inner = a + (b - a) * (np.arange(CELLS) + ODD) / CELLS
    # Any closer, and rounding would turn the chord.
    close = np.sqrt(np.finfo(jnp.result_type(float)).eps) * (b - a) / 2
    low, high = _broken(run, np.append(a, inner), np.append(inner, b), close)
    return _short_of_poles(run, reach, np.append(a, high), np.append(low, b), (a, b))


def _broken(run: Runner, low: np.ndarray, high: np.ndarray, close: float) -> Ends:
    """Just before and just after each break: the cells (k,) that have one, as narrow as can be."""
    suspect = _breaks(run, low, high) > 0
    low, high = low[suspect], high[suspect]
    while len(low) and np.max(high - low) > close:
        middle = low + ODD * (high - low)
        left, right = _breaks(run, low, middle), _breaks(run, middle, high)
        low, high = np.where(left >= right, low, middle), np.where(left >= right, middle, high)
    broken = _breaks(run, low, high) > 0
    return low[broken], high[broken]


def _short_of_poles(
    run: Runner, reach: Reach, start: np.ndarray, end: np.ndarray, kept: Sequence[float] | Row
) -> Parts:
    """The parts of a curve (k,), each ended where it runs off to a pole; and the later beginnings.

    `kept` are the ends at which no part is broken.
    """
    there = (end > start) & np.isfinite(run((start + end) / 2)[0]).all(1)
    start, end = start[there], end[there]
    middle, far = reach

    def near(t: np.ndarray) -> np.ndarray:
        return np.abs(run(t)[0] - middle).max(1) <= far

    def moved(tip: np.ndarray) -> np.ndarray:
        inside, outside = (start + end) / 2, tip
        beyond = ~near(tip) & ~np.isin(tip, kept) & near(inside)
        for _ in range(50 if beyond.any() else 0):
            between = (inside + outside) / 2
            fine = near(between)
            inside, outside = np.where(fine, between, inside), np.where(fine, outside, between)
        return np.where(beyond, inside, tip)

    first, last = moved(start), moved(end)
    return first, last, first[first > start]


def _breaks(run: Runner, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """How much of a break lies between low and high (n,): 0 for none, inf for an end of NaN."""
    (p, v), (q, w) = run(low), run(high)
    lost = np.isnan(p[:, 0]) != np.isnan(q[:, 0])
    # By way of the chord, which at a pole goes against both velocities.
    with np.errstate(over="ignore", invalid="ignore"):  # at a pole
        turn = angle(np, v, q - p) + angle(np, q - p, w)
        gone = np.linalg.norm(q - p, axis=-1)
        pace = np.maximum(np.linalg.norm(v, axis=-1), np.linalg.norm(w, axis=-1)) * (high - low)
        jump = np.where(gone > 4 * pace, gone / np.maximum(pace, 1e-300), 0)
    return np.where(lost, np.inf, np.nan_to_num(np.where(turn > CORNER, turn, 0) + jump))


def _fitted(
    run: Runner, reach: Reach, start: np.ndarray, end: np.ndarray, tolerance: float, name: str
) -> tuple[Row, np.ndarray, Row, Plan]:
    """Where pieces begin (k,) and the pieces (k, 4, 2) of the smooth parts of a curve, in order.

    None turns far, and all are made to fit. Then where parts begin that had been hidden, and how
    the pieces come about.
    """
    knots, most = [], max(1, MOST // 8 // max(1, len(start)))
    for a, b in zip(start, end, strict=True):
        t = np.linspace(a, b, NODES)
        turned = np.append(0, np.cumsum(np.nan_to_num(angles(np, run(t)[1]))))
        even = np.linspace(
            0, turned[-1], min(most, max(1, math.ceil(turned[-1] / TURN - 1e-6))) + 1
        )
        knots.append(np.append(np.append(a, np.interp(even[1:-1], turned, t)), b))
    begun = np.array([])
    low = np.concatenate([t[:-1] for t in knots] + [begun])
    high = np.concatenate([t[1:] for t in knots] + [begun])
    kept = [(begun, begun, np.empty((0, SAMPLES, 2)), np.empty((0, 4, 2)), begun.astype(bool))]
    halved, said = 0, list[str]()
    while len(low):
        parts = [
            best_pieces(np, run, low[i : i + PARTS], high[i : i + PARTS], tolerance)
            for i in range(0, len(low), PARTS)
        ]
        samples, corners, error = (np.concatenate(x) for x in zip(*parts, strict=True))
        # The rest is for what may lie between the samples.
        good = error <= 0.96 * tolerance
        waves = ~good & wavy(samples, reach, tolerance)
        rough = ~good & ~waves
        if rough.any() and sum(len(x[0]) for x in kept) + len(low) > MOST:
            said = [
                f"{np.sum(rough)} Bezier pieces of {name} are not within {tolerance:.3g}, the"
                f" first at t = {low[rough].min():.6g}: a rough curve"
            ]
            corners[rough] = _straight(samples[rough, 0], samples[rough, -1])
            rough[:] = False
        done = low, high, samples, corners, waves
        kept.append(tuple(x[~rough] for x in done))
        low, high = low[rough], high[rough]
        halved += 1
        if halved == HIDDEN:
            low, high, begun = _parted(run, reach, low, high)
        middle = (low + high) / 2
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    low, high, samples, corners, waves = (np.concatenate(x) for x in zip(*kept, strict=True))
    order = np.argsort(low)
    low, high, samples, corners, waves = (x[order] for x in (low, high, samples, corners, waves))
    strokes = runs(low, high, samples, waves, reach, tolerance) if waves.any() else []
    i, j = np.array(strokes, int).reshape(-1, 2).T
    if strokes:
        said.insert(0, told(name, low[i], high[j - 1], tolerance))
    if said:
        warn("; ".join(said))
    if not strokes:
        return low, corners, begun, Plan(knots, low, high, tolerance)
    plain = np.ones(len(low), bool)
    for first, last in strokes:
        plain[first:last] = False
    paths = np.array([stroke(np.concatenate(samples[i:j]), reach) for i, j in strokes])
    places = np.concatenate([low[plain], np.linspace(low[i], high[j - 1], 4)[:3].T.ravel()])
    pieces = _straight(paths[:, :-1].reshape(-1, 2), paths[:, 1:].reshape(-1, 2))
    order = np.argsort(places)
    ends = np.append(high[plain], np.full(len(pieces), np.nan))[order]
    plan = Plan(knots, places[order], ends, tolerance)
    return places[order], np.concatenate([corners[plain], pieces])[order], begun, plan


def _parted(run: Runner, reach: Reach, low: np.ndarray, high: np.ndarray) -> Parts:
    """Where pieces (k,) begin and end once they are split at breaks that a cell had hidden."""
    if not len(low):
        return low, high, low
    close = np.sqrt(np.finfo(jnp.result_type(float)).eps) * (high - low).max() / 2
    before, after = _broken(run, low, high, close)
    start, end = np.sort(np.append(low, after)), np.sort(np.append(high, before))
    return _short_of_poles(run, reach, start, end, np.setdiff1d([*low, *high], [*before, *after]))


def _straight(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Straight pieces (k, 4, 2) between points (k, 2)."""
    return start[:, None] + (end - start)[:, None] * (np.arange(4) / 3)[:, None]


def flattened(outline: np.ndarray, flat: float, apart: float = np.inf) -> np.ndarray:
    """A closed path of cubic pieces (3k + 1, 2) as corners (m, 2), the first not last.

    They are right to `flat`, and no farther apart than `apart`.
    """
    pieces = np.stack([outline[k : len(outline) - 3 + k : 3] for k in range(4)], 1)
    bend = np.abs(np.diff(pieces, 2, axis=1)).sum(-1).max(-1)
    leg = np.linalg.norm(np.diff(pieces, axis=1), axis=-1).max(-1)
    # A chord over 1 / n of a piece is within 0.75 bend / n^2 of it, and no longer than 3 leg / n.
    counts = np.ceil(np.maximum(np.sqrt(0.75 * bend / flat), 3 * leg / apart)).astype(int)
    points = []
    for (a, b, c, d), n in zip(pieces, np.maximum(counts, 1), strict=True):
        t = (np.arange(n) / n)[:, None]
        u = 1 - t
        points.append(u**3 * a + 3 * u * u * t * b + 3 * u * t * t * c + t**3 * d)
    return np.concatenate(points)
