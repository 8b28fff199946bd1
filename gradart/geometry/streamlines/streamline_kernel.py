"""The compiled growth of streamlines: each is followed until it comes too near to another.

The ground is divided into cells as wide as the separation, so that whatever is nearer than that
lies in the nine cells around a point; a cell's points are a list whose newest comes first, so that
a line that is not wanted is taken off again.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 or int64.

import math
from typing import NamedTuple

import numpy as np

from gradart.geometry.streamlines.direction_kernel import (
    AXES,
    NEAREST,
    SEPARATION,
    X0,
    X1,
    Y0,
    Y1,
    course,
)
from gradart.numba_jit import compiled

# In separations:
STEP = 0.25  # from point to point, at most; the numerical step is twice as long
ROUND = 0.99  # of a step, since the point amid it is not in its middle
CLOSED = 0.05  # how far a line that closes may miss its start
SMALLEST = 1 / 64  # where a step must be shorter than this, the line ends
STORED = 0.06  # from one point that others keep away from to the next, at least
LOOP = 3.0  # after this a line may come near itself
SHORTEST = 2.0  # a shorter line is left out

STRAIGHT = math.cos(math.radians(25))  # no step turns more
ALMOST = 1 - 1e-5  # what rounding may take from a length

# The tally: points stored, the number of the line that grows, how many points it has on from its
# seed and behind it, whether it closes, seeds in the pool, and the last number drawn.
COUNT, LINE, FORWARD, BACK, CLOSES, POOL, DRAWN = range(7)


class Ground(NamedTuple):
    """The points that lines keep away from, as lists in the cells of a plan.

    heads: (columns + 2, rows + 2), each cell's newest point, or -1; places: (n, 3), x, y and the
    length along its line from the seed; following: (n,), the point before it in its cell, or -1;
    owners: (n,), the number of its line.
    """

    plan: np.ndarray
    heads: np.ndarray
    places: np.ndarray
    following: np.ndarray
    owners: np.ndarray


class _Grown(NamedTuple):
    """What has grown of half a line: points, its length, the length at the last point stored.

    kept, doubted: points and length before it went past its own start, -1 if it did not; around:
    whether it has turned by more than a right angle.
    """

    points: int
    length: float
    stored: float
    kept: int
    doubted: float
    around: bool


class _Step(NamedTuple):
    """The points (x, y) amid and at the end of a step, its length, and if it ends at the start.

    `whole` is its length before it was cut at the edge of the box, to that part.
    """

    middle: tuple[float, float]
    end: tuple[float, float]
    length: float
    whole: float
    part: float
    home: bool


@compiled
def _cell(plan, heads, x, y):
    """The cell of a point, those at the edge for what lies beyond: numbers first, then indices."""
    column = min(max((x - plan[X0]) / plan[SEPARATION], 0.0), heads.shape[0] - 3.0)
    row = min(max((y - plan[Y0]) / plan[SEPARATION], 0.0), heads.shape[1] - 3.0)
    return int(column) + 1, int(row) + 1


@compiled
def _near(ground, x, y, gap, line, at):
    """How far the point is along the growing line that it comes too near to: a place in `places`.

    -1 if it comes near to none, -2 to another line. Of its own, what lies within LOOP of it, at
    the length `at` from the seed, does not count.
    """
    plan, heads, places, following, owners = ground
    column, row = _cell(plan, heads, x, y)
    square, found = gap * gap, -1
    for i in range(column - 1, column + 2):
        for j in range(row - 1, row + 2):
            k = heads[i, j]
            while k >= 0:
                dx, dy = places[k, 0] - x, places[k, 1] - y
                if dx * dx + dy * dy < square:
                    if owners[k] != line:
                        return -2
                    if abs(places[k, 2] - at) > LOOP * plan[SEPARATION]:
                        found = max(found, k)
                k = following[k]
    return found


@compiled
def _store(ground, tally, x, y, at):
    """Put a point of the growing line on the ground, at that length from its seed."""
    plan, heads, places, following, owners = ground
    k = tally[COUNT]
    if k < places.shape[0]:
        column, row = _cell(plan, heads, x, y)
        places[k, 0], places[k, 1], places[k, 2] = x, y, at
        owners[k], following[k] = tally[LINE], heads[column, row]
        heads[column, row] = k
        tally[COUNT] = k + 1


@compiled
def _forget(ground, tally, count):
    """Remove the newest points from the grid of occupied cells, until `count` are left."""
    plan, heads, places, following, _ = ground
    for k in range(tally[COUNT] - 1, count - 1, -1):
        column, row = _cell(plan, heads, places[k, 0], places[k, 1])
        heads[column, row] = following[k]
    tally[COUNT] = count


@compiled
def free(ground, x, y):
    """Whether a point of the box is as far from all lines as the separation."""
    plan = ground.plan
    inside = plan[X0] <= x <= plan[X1] and plan[Y0] <= y <= plan[Y1]
    gap = plan[SEPARATION] * ALMOST
    return inside and _near(ground, x, y, gap, -1, 0.0) == -1


@compiled
def _ahead(flow, plan, place, way, h, sign):
    """Return what a step of length h adds to x and y, and its way, (u, v), at the end.

    By the classic Runge-Kutta method of order 4, its stages one loop so that it compiles fast.
    """
    x, y = place
    ue, ve = way
    dx = dy = 0.0
    for stage in range(4):
        share = h / 3 if 0 < stage < 3 else h / 6
        dx += share * ue
        dy += share * ve
        reach = h if stage == 2 else h / 2
        qx, qy = (x + dx, y + dy) if stage == 3 else (x + reach * ue, y + reach * ve)
        ue, ve = course(flow, plan, qx, qy)
        if plan[AXES]:  # an axis is gone along on, and not back
            sign = -1.0 if ue * way[0] + ve * way[1] < 0 else 1.0
        ue, ve = sign * ue, sign * ve
    return dx, dy, ue, ve


@compiled
def _part_inside(plan, x, y, dx, dy):
    """Return what part of a step from a point of the box lies in it, at most 1."""
    part = 1.0
    if dx > 0:
        part = min(part, (plan[X1] - x) / dx)
    elif dx < 0:
        part = min(part, (plan[X0] - x) / dx)
    if dy > 0:
        part = min(part, (plan[Y1] - y) / dy)
    elif dy < 0:
        part = min(part, (plan[Y0] - y) / dy)
    return part


@compiled
def _draw(ground, tally, pen, half, grown, step):
    """Put a step's points into pen[half], unless one is too near to others: what has grown, if so.

    Those to be kept away from are stored.
    """
    n, at, stored, kept, doubted, around = grown
    plan, sign = ground.plan, 1.0 - 2.0 * half
    gap, separation = plan[NEAREST] * ALMOST, plan[SEPARATION]
    stopped = False
    for last in range(2):
        qx, qy = step.end if last else step.middle
        s = at + step.length * (last + 1) / 2
        near = _near(ground, qx, qy, gap, tally[LINE], sign * s)
        if near == -2:
            stopped = True
            break
        if near >= 0 and not step.home:
            # Past its own start it may go on for a while, to come home.
            if not (around and abs(ground.places[near, 2]) < LOOP * separation):
                stopped = True
                break
            if kept < 0:
                kept, doubted = n, at
            elif s - doubted > LOOP * separation:
                stopped = True
                break
        pen[half, n, 0], pen[half, n, 1] = qx, qy
        pen[half, n, 2] = step.part if last else (-step.whole if step.home else step.whole)
        n += 1
        if s - stored >= STORED * separation:
            _store(ground, tally, qx, qy, sign * s)
            stored = s
    return _Grown(n, at, stored, kept, doubted, around), stopped


@compiled
def _end(ground, tally, pen, half, grown, count):
    """Take off what went past the line's own start, and store its last point: its length.

    `count` points were stored before.
    """
    n, at, stored, kept, doubted, _ = grown
    sign = 1.0 - 2.0 * half
    if kept >= 0:
        n, at = kept, doubted
        while tally[COUNT] > count and sign * ground.places[tally[COUNT] - 1, 2] > at:
            _forget(ground, tally, tally[COUNT] - 1)
        stored = -1.0
    if n > 0 and at > stored:
        _store(ground, tally, pen[half, n - 1, 0], pen[half, n - 1, 1], sign * at)
    tally[FORWARD + half] = n
    return at


@compiled
def _half(flow, ground, tally, pen, seed, half):
    """Grow a line from a seed, with the flow (half = 0) or against it (half = 1): its length.

    Points to be kept away from are stored; all are put into pen[half], with what
    `moving_streamlines.Grown` says of steps, and their count in tally.
    """
    (x0, y0), plan, sign = seed, ground.plan, 1.0 - 2.0 * half
    separation, count = plan[SEPARATION], tally[COUNT]
    longest, shortest = 2 * STEP * ROUND * separation, SMALLEST * separation
    u0, v0 = course(flow, plan, x0, y0)
    u0, v0 = sign * u0, sign * v0
    x, y, u, v, h = x0, y0, u0, v0, longest
    grown = _Grown(0, 0.0, 0.0, -1, 0.0, False)
    while h > shortest and grown.points + 2 <= pen.shape[1] and math.isfinite(u):
        dx, dy, ue, ve = _ahead(flow, plan, (x, y), (u, v), h, sign)
        # Where the slopes of one step disagree, it is too long, or there is a sink or a source.
        if not (ue * u + ve * v >= STRAIGHT and math.hypot(dx, dy) >= STRAIGHT * h):
            h /= 2
            continue

        # An arc that leaves its start and its end at the same angle joins the two.
        px, py = x0 - x, y0 - y
        home = grown.around and half == 0 and px * u + py * v > 0 and math.hypot(px, py) <= h
        miss = abs((u * py - v * px) - (px * v0 - py * u0))
        home = home and miss <= 2 * CLOSED * separation
        part = 1.0
        if home:
            dx, dy, ue, ve, length = px, py, u0, v0, math.hypot(px, py)
            end = seed
        else:
            # A step over the edge is shortened until it nearly ends there, then cut.
            part = _part_inside(plan, x, y, dx, dy)
            if part < 0.99 and part * h > shortest:
                h = part * h
                continue
            if not part > 0:
                break
            dx, dy, length = part * dx, part * dy, part * h
            end = min(max(x + dx, plan[X0]), plan[X1]), min(max(y + dy, plan[Y0]), plan[Y1])
        # Of Hermite's cubic.
        middle = x + dx / 2 + length / 8 * (u - ue), y + dy / 2 + length / 8 * (v - ve)
        step = _Step(middle, end, length, h, part, home)
        grown, stopped = _draw(ground, tally, pen, half, grown, step)
        if stopped:
            break
        x, y, u, v = x + dx, y + dy, ue, ve
        n, at, stored, kept, doubted, around = grown
        around = around or u * u0 + v * v0 < 0
        grown = _Grown(n, at + length, stored, -1 if home else kept, doubted, around)
        if home:
            tally[CLOSES] = 1
            break
        if part < 1:
            break
        h = min(2 * h, longest)
    return _end(ground, tally, pen, half, grown, count)


@compiled
def longest(flow, ground, tally, pen, pool, tries):
    """Grow lines from seeds of the pool (n, 2), here and there, and keep the longest: its seed.

    NaN if the pool is exhausted. Seeds that are not free, and those of short lines, leave it.
    """
    count, best, x, y = tally[COUNT], 0.0, math.nan, math.nan
    tally[LINE] += 1
    k = 0
    while True:
        again = k >= min(tries, tally[POOL])  # the longest, to be kept
        if again:
            if not best > 0:
                return x, y
        else:
            tally[DRAWN] = (1103515245 * tally[DRAWN] + 12345) % 2147483648
            other = k + tally[DRAWN] % (tally[POOL] - k)
            for axis in range(2):
                pool[k, axis], pool[other, axis] = pool[other, axis], pool[k, axis]
        x0, y0 = (x, y) if again else (pool[k, 0], pool[k, 1])
        length = 0.0
        if free(ground, x0, y0):
            _store(ground, tally, x0, y0, 0.0)
            tally[CLOSES] = tally[BACK] = 0
            for half in range(2):
                if tally[CLOSES] == 0:
                    length += _half(flow, ground, tally, pen, (x0, y0), half)
        if again:
            return x, y
        _forget(ground, tally, count)
        if length < SHORTEST * ground.plan[SEPARATION]:
            tally[POOL] -= 1
            for axis in range(2):
                pool[k, axis] = pool[tally[POOL], axis]
        else:
            if length > best:
                best, x, y = length, x0, y0
            k += 1
