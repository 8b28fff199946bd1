"""The order in which a pen draws strokes: ends that touch joined, and a short way between."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import dist, prod

import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import outside, plain_numbers
from gradart.errors import ArtError
from gradart.geometry.paths.paths import padded
from gradart.types import Numbers

_NEAR = 8  # ends that are looked at from each
_FEW = 24  # strokes: all their ends are compared in less time than a tree of them is made
_ROUNDS = 4  # of choosing where closed strokes begin, and the tour for that
_WORTH = 0.005  # of the way: a round that saves less is the last
_WORK = 300_000_000  # strokes turned around: a second or two
_KICKS, _KICKED = 30, 1_000
_TOUCHING = 1 / 5000  # of the drawing's size: 0.05 mm on a page


@dataclass(frozen=True)
class Step:
    """One stroke of a plot: its number, whether it is drawn backwards, and where it is begun.

    `corner` counts for a closed one: the point at which it is begun, and ends.
    """

    item: int
    backwards: bool
    corner: int = 0


def touching(ends: np.ndarray, tolerance: float) -> list[list[Step]]:
    """Join strokes with ends (n, 2, 2), start and end, that touch: chains of strokes, in order.

    The nearest ends are joined first. A closed stroke, or a chain that has closed, is joined to
    none.
    """
    from gradart.geometry.paths import stroke_tour_kernel

    n = len(ends)
    if n < 2:
        return [[Step(0, False)]] * n
    flat, mate, other = _unlinked(ends)
    mate[np.repeat((ends[:, 0] == ends[:, 1]).all(-1), 2)] = -2
    if not _link(flat, mate, other, tolerance):
        return [[Step(k, False)] for k in range(n)]
    entries, heads = np.empty(n, np.int64), np.zeros(n, np.int64)
    stroke_tour_kernel.walk(mate, entries, heads)
    chains: list[list[Step]] = []
    for entry, head in zip(entries.tolist(), heads.tolist(), strict=True):
        if head:
            chains.append([])
        chains[-1].append(Step(entry >> 1, bool(entry & 1)))
    return chains


def toured(ends: np.ndarray, corners: Sequence[np.ndarray]) -> list[Step]:
    """An order of strokes with ends (n, 2, 2) that keeps the way from one to the next short.

    Each stroke may be drawn backwards. `corners` holds for each the points (k, 2) where it may be
    begun if it is closed, none for an open one. It is never longer than the order that is given.
    Links of the nearest ends first (greedy edges), then 2-opt and Or-opt among near ends: Bentley,
    "Fast algorithms for geometric traveling salesman problems", ORSA Journal on Computing 4 (1992).
    Of few strokes two parts of the tour then change places, and that is shortened, many times:
    Martin, Otto, Felten, "Large-step Markov chains for the traveling salesman problem" (1991).
    """
    from gradart.geometry.paths import stroke_tour_kernel

    n = len(ends)
    if n < 2:
        return [Step(k, False) for k in range(n)]
    flat, at = _flat(corners)
    now = np.array(ends, float).reshape(-1, 2)
    given, chosen = 2 * np.arange(n), np.zeros(n, np.int64)
    best = _way(now, given), given, chosen.copy()
    for _ in range(_ROUNDS):
        length, entries = _tour(now)
        if len(flat):
            stroke_tour_kernel.turn(now, entries, flat, at, chosen, 3)
            length = _way(now, entries)
        before = best[0]
        if length < before:
            best = length, entries, chosen.copy()
        if not len(flat) or length > (1 - _WORTH) * before:
            break
    return _steps(*best[1:])


def toured_after(
    ends: np.ndarray, corners: Sequence[np.ndarray], below: Sequence[np.ndarray]
) -> list[Step]:
    """An order like that of `toured` in which each stroke comes after those `below` it.

    These are numbers for each, all lower than its own. Of the tour of all, that is followed first
    of which nothing is missing. It is never longer than the order that is given.
    """
    n = len(ends)
    tour = toured(ends, corners)
    given = [Step(k, False) for k in range(n)]
    place = {step.item: k for k, step in enumerate(tour)}
    above: list[list[int]] = [[] for _ in range(n)]
    for k, some in enumerate(below):
        for other in some.tolist():
            above[other].append(k)
    missing = [len(some) for some in below]
    ready = sorted(place[k] for k in range(n) if not missing[k])
    followed = []
    while ready:
        followed.append(tour[heappop(ready)])
        for k in above[followed[-1].item]:
            missing[k] -= 1
            if not missing[k]:
                heappush(ready, place[k])
    ways = [_begun(ends, corners, steps) for steps in (given, followed)]
    return _steps(*min(ways, key=lambda way: way[0])[1:])


def _begun(
    ends: np.ndarray, corners: Sequence[np.ndarray], steps: list[Step]
) -> tuple[float, np.ndarray, np.ndarray]:
    """Strokes in this order, turned around and begun elsewhere as long as one of them gains."""
    from gradart.geometry.paths import stroke_tour_kernel

    now = np.ascontiguousarray(ends, float).reshape(-1, 2).copy()
    entries = np.array([2 * step.item + step.backwards for step in steps], np.int64)
    chosen = np.zeros(len(steps), np.int64)
    for step in steps:
        chosen[step.item] = step.corner
        if step.corner:
            now[2 * step.item : 2 * step.item + 2] = corners[step.item][step.corner]
    for _ in range(3):
        stroke_tour_kernel.turn(now, entries, *_flat(corners), chosen, 1)
        for k in range(len(entries)):
            some = entries[max(k - 1, 0) : k + 2]
            turned = np.where(some == entries[k], some ^ 1, some)
            if _way(now, turned) < _way(now, some):
                entries[k] ^= 1
    return _way(now, entries), entries, chosen


def _flat(corners: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The corners of all strokes one after the other, and where those of each begin and end."""
    at = np.cumsum([0, *map(len, corners)], dtype=np.int64)
    return np.concatenate([np.empty((0, 2)), *corners]), at


def _steps(entries: np.ndarray, chosen: np.ndarray) -> list[Step]:
    return [Step(e >> 1, bool(e & 1), int(chosen[e >> 1])) for e in entries.tolist()]


def _way(flat: np.ndarray, entries: np.ndarray) -> float:
    """How far the pen goes from stroke to stroke, which begin at these of the ends (2n, 2)."""
    return float(np.hypot(*(flat[entries[1:]] - flat[entries[:-1] ^ 1]).T).sum())


def _unlinked(ends: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    flat = np.ascontiguousarray(ends, float).reshape(-1, 2)
    return flat, np.full(len(flat), -1, np.int64), np.arange(len(flat), dtype=np.int64) ^ 1


def _link(flat: np.ndarray, mate: np.ndarray, other: np.ndarray, reach: float) -> int:
    """Join free ends (2n, 2) no farther apart than `reach`, the nearest first, without rings.

    Returns how many joins those are.
    """
    from gradart.geometry.paths import stroke_tour_kernel

    if len(flat) <= 2 * _FEW:
        return int(stroke_tour_kernel.link_few(flat, mate, other, float(reach)))
    from scipy.spatial import cKDTree

    count = 0
    while len(free := np.flatnonzero(mate == -1)) > 2:
        near = min(_NEAR, len(free))
        bound = np.nextafter(reach, np.inf)
        apart, who = cKDTree(flat[free]).query(flat[free], near, distance_upper_bound=bound)
        a = np.repeat(np.arange(len(free)), near)
        apart, b = apart.ravel(), who.ravel()
        pairs = np.flatnonzero(np.isfinite(apart) & (a != b))
        order = pairs[np.lexsort([b[pairs], a[pairs], apart[pairs]])]
        joins = np.stack([free[a[order]], free[b[order]]], -1)
        if not (joined := stroke_tour_kernel.link(joins, mate, other)):
            break
        count += joined
    return count


def _near(flat: np.ndarray) -> np.ndarray:
    """The nearest ends to each of the ends (2n, 2), by distance: (2n, k)."""
    from gradart.geometry.paths import stroke_tour_kernel

    if len(flat) <= 2 * _FEW:
        near = np.empty((len(flat), min(_NEAR + 1, len(flat) - 1)), np.int64)
        stroke_tour_kernel.near_few(flat, near)
        return near
    from scipy.spatial import cKDTree

    return np.asarray(cKDTree(flat).query(flat, _NEAR + 2)[1], np.int64)


def _tour(flat: np.ndarray) -> tuple[float, np.ndarray]:
    """A short way through strokes with ends (2n, 2): its length, and where each is begun (n,).

    The shorter of two that are improved: links of the nearest ends, and always to the nearest.
    """
    from gradart.geometry.paths import stroke_tour_kernel

    n, near = len(flat) // 2, _near(flat)
    mate, other = np.full(2 * n, -1, np.int64), np.arange(2 * n, dtype=np.int64) ^ 1
    _link(flat, mate, other, np.inf)
    linked, followed = np.empty(n, np.int64), np.empty(n, np.int64)
    stroke_tour_kernel.walk(mate, linked, np.zeros(n, np.int64))
    stroke_tour_kernel.nearest(flat, near, followed, np.ones(n, np.uint8))
    kicks = _KICKS * (3 < n <= _KICKED)
    cuts = np.sort(np.random.default_rng(0).integers(1, n, (kicks, 3)))
    ring, place = np.empty(n + 1, np.int64), np.empty(n + 1, np.int64)
    room = stroke_tour_kernel.Room(ring, place, np.empty(2 * n, np.uint8))
    way = stroke_tour_kernel.best(flat, near, linked, followed, cuts, room, _WORK)
    return way, linked


def plot_order(paths: Numbers, tolerance: float | None = None) -> np.ndarray:
    """Paths in an order and directions that a pen draws with little travel between: (n, m', 2).

    Each run of ink of `paths` (..., m, 2) is a stroke; equal ones are drawn once, and those whose
    ends are within `tolerance` become one, by default a 5,000th of the drawing's size: 0.05 mm on a
    page. A closed stroke may begin at any of its points. The way with the pen up is never longer
    than it was: see `toured`, and `gradart run --optimize`, which does this to a file's layers.
    Differentiated, paths stay: order what is differentiated beforehand. ArtError for paths of
    another shape and infinite points.

    >>> p = ga.scatter(jax.random.key(1), 400, box=((0, 0), (3, 2))).reshape(200, 2, 2)
    >>> ga.lines(ga.plot_order(p), stroke=ga.ramp("teal", "orange")(jnp.linspace(0, 1, 200)))
    """
    outside("plot_order", paths, tolerance)
    points = plain_numbers(paths, "paths")
    if points.shape == (0,):  # a list of nothing
        return np.empty((0, 0, 2))
    if points.ndim < 2 or points.shape[-1] != 2:
        raise ArtError(f"plot_order takes paths (..., m, 2), not {points.shape}")
    finite = np.isfinite(points)
    if not finite.all() and np.isinf(points).any():
        raise ArtError("plot_order takes finite points; NaN lifts the pen")
    rows = prod(points.shape[:-2]), *points.shape[-2:]
    runs = _runs(points.reshape(rows), finite.reshape(rows))
    if not runs:
        return np.empty((0, 0, 2))
    if tolerance is None:
        reach = _TOUCHING * max(float(np.ptp(axis)) for axis in np.concatenate(runs).T)
    else:
        reach = float(as_number(tolerance, "tolerance", "length", least=0))
    drawn = ordered(runs, reach)
    return padded(drawn, (len(drawn),))


def ordered(runs: list[np.ndarray], tolerance: float) -> list[np.ndarray]:
    """Strokes (m, 2) in an order of little travel: see `plot_order`."""
    runs = without_copies(runs)
    if len(runs) < 2:
        return runs
    chains = touching(_ends(runs), tolerance)
    joined = [
        _joined([runs[step.item][:: -1 if step.backwards else 1] for step in chain])
        for chain in chains
    ]
    ends = _ends(joined)
    closed = (ends[:, 0] == ends[:, 1]).all(-1).tolist()
    rings = [run[: len(run) - 1 if ring else 0] for run, ring in zip(joined, closed, strict=True)]
    drawn: list[np.ndarray] = []
    for step in toured(ends, rings):
        run = joined[step.item]
        if step.corner:
            run = np.concatenate([run[step.corner : -1], run[: step.corner + 1]])
        run = run[:: -1 if step.backwards else 1]
        if drawn and dist(run[0].tolist(), drawn[-1][-1].tolist()) <= tolerance:
            run = _joined([drawn.pop(), run])  # closed ones, which have found where they touch
        drawn.append(run)
    return drawn


def without_copies(runs: list[np.ndarray]) -> list[np.ndarray]:
    """Strokes (m, 2) without those that are, forwards or backwards, the same as one before."""
    if len(runs) < 2:
        return runs
    # Most have ends of their own, and need not be compared.
    keys = [
        (len(run), *sorted(map(tuple, ends)))
        for run, ends in zip(runs, _ends(runs).tolist(), strict=True)
    ]
    counts = Counter(keys)
    found: dict[object, np.ndarray] = {}
    for key, run in zip(keys, runs, strict=True):
        if counts[key] == 1:
            found[key] = run
            continue
        there, back = (run + 0.0).tobytes(), (run[::-1] + 0.0).tobytes()  # -0 is 0
        if there not in found and back not in found:
            found[there] = run
    return list(found.values())


def _runs(rows: np.ndarray, finite: np.ndarray) -> list[np.ndarray]:
    """The runs of ink in rows (n, m, 2), of which these coordinates are numbers."""
    if finite.all():
        return list(rows) if rows.size else []
    inked = np.zeros((len(rows), rows.shape[1] + 2), bool)  # with a lift on both sides
    np.logical_and(finite[..., 0], finite[..., 1], out=inked[:, 1:-1])
    flat = inked.reshape(-1)
    row, spans = np.divmod(np.flatnonzero(flat[1:] != flat[:-1]).reshape(-1, 2), inked.shape[1])
    return [rows[k, a:b] for k, a, b in zip(row[:, 0].tolist(), *spans.T.tolist(), strict=True)]


def _ends(runs: list[np.ndarray]) -> np.ndarray:
    return np.array([run[i] for run in runs for i in (0, -1)]).reshape(-1, 2, 2)


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    """Strokes that touch as one, each point once."""
    kept = [
        part[1:] if before is not None and (part[0] == before[-1]).all() else part
        for before, part in zip([None, *parts], parts, strict=False)
    ]
    return np.concatenate(kept)
