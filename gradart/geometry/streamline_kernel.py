"""Streamlines that grow until they come too near to others, compiled.

The flow is given at the nodes of a grid and is cubic in between: Lagrange's polynomials through
four nodes each way, of the fourth order. The ground is divided into cells as wide as the
separation, so that whatever is nearer than that lies in the nine cells around a point; a cell's
points are a list whose newest comes first, so that a line that is not wanted is taken off again.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 or int64.

import math

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

# The plan: a box, the separation, how near lines may come, the flow's nodes to a unit of length.
X0, Y0, X1, Y1, SEPARATION, NEAREST, NODES_X, NODES_Y = range(8)
# The tally: points stored, the number of the line that grows, how many points it has on from its
# seed and behind it, whether it closes, seeds in the pool, and the last number drawn.
COUNT, LINE, FORWARD, BACK, CLOSES, POOL, DRAWN = range(7)


@compiled
def _cubic(a, k):
    """Lagrange's polynomial at a that is 1 at k and 0 at the others of 0, 1, 2, 3."""
    if k == 0:
        return -(a - 1) * (a - 2) * (a - 3) / 6
    if k == 1:
        return a * (a - 2) * (a - 3) / 2
    if k == 2:
        return -a * (a - 1) * (a - 3) / 2
    return a * (a - 1) * (a - 2) / 6


@compiled
def course(flow, plan, x, y):
    """The unit vector of the flow at a point; NaN where it is 0 or there is none."""
    if not (math.isfinite(x) and math.isfinite(y)):  # what a step into a hole comes to; no index
        return math.nan, math.nan
    rows, columns = flow.shape[0], flow.shape[1]
    a = min(max((x - plan[X0]) * plan[NODES_X], 0.0), columns - 1.0)
    b = min(max((y - plan[Y0]) * plan[NODES_Y], 0.0), rows - 1.0)
    i, j = min(max(int(a) - 1, 0), columns - 4), min(max(int(b) - 1, 0), rows - 4)
    a0, a1, a2, a3 = _cubic(a - i, 0), _cubic(a - i, 1), _cubic(a - i, 2), _cubic(a - i, 3)
    u = v = 0.0
    for k in range(4):
        w = _cubic(b - j, k)
        for axis in range(2):
            row = a0 * flow[j + k, i, axis] + a1 * flow[j + k, i + 1, axis]
            row += a2 * flow[j + k, i + 2, axis] + a3 * flow[j + k, i + 3, axis]
            if axis == 0:
                u += w * row
            else:
                v += w * row
    if not math.isfinite(u + v):  # at the edge of a hole, linear
        i, j = min(int(a), columns - 2), min(int(b), rows - 2)
        a, b = a - i, b - j
        u = (1 - b) * ((1 - a) * flow[j, i, 0] + a * flow[j, i + 1, 0])
        u += b * ((1 - a) * flow[j + 1, i, 0] + a * flow[j + 1, i + 1, 0])
        v = (1 - b) * ((1 - a) * flow[j, i, 1] + a * flow[j, i + 1, 1])
        v += b * ((1 - a) * flow[j + 1, i, 1] + a * flow[j + 1, i + 1, 1])
    speed = math.hypot(u, v)
    if not (speed > 0 and math.isfinite(speed)):
        return math.nan, math.nan
    return u / speed, v / speed


@compiled
def _cell(plan, heads, x, y):
    """The cell of a point, those at the edge for what lies beyond: numbers first, then indices."""
    column = min(max((x - plan[X0]) / plan[SEPARATION], 0.0), heads.shape[0] - 3.0)
    row = min(max((y - plan[Y0]) / plan[SEPARATION], 0.0), heads.shape[1] - 3.0)
    return int(column) + 1, int(row) + 1


@compiled
def _near(plan, heads, places, following, owners, x, y, gap, line, at):
    """How far the point is along the growing line that it comes too near to: a place in `places`.

    -1 if it comes near to none, -2 to another line. Of its own, what lies within LOOP of it, at
    the length `at` from the seed, does not count.
    """
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
def _store(plan, heads, places, following, owners, tally, x, y, at):
    k = tally[COUNT]
    if k < places.shape[0]:
        column, row = _cell(plan, heads, x, y)
        places[k, 0], places[k, 1], places[k, 2] = x, y, at
        owners[k], following[k] = tally[LINE], heads[column, row]
        heads[column, row] = k
        tally[COUNT] = k + 1


@compiled
def forget(plan, heads, places, following, tally, count):
    """Take the newest points off the ground, down to that many."""
    for k in range(tally[COUNT] - 1, count - 1, -1):
        column, row = _cell(plan, heads, places[k, 0], places[k, 1])
        heads[column, row] = following[k]
    tally[COUNT] = count


@compiled
def free(plan, heads, places, following, owners, x, y):
    """Whether a point of the box is as far from all lines as the separation."""
    inside = plan[X0] <= x <= plan[X1] and plan[Y0] <= y <= plan[Y1]
    gap = plan[SEPARATION] * ALMOST
    return inside and _near(plan, heads, places, following, owners, x, y, gap, -1, 0.0) == -1


@compiled
def _half(flow, plan, heads, places, following, owners, tally, pen, x0, y0, half):
    """Grow half of a line from a seed, along the flow or for half = 1 against it: its length.

    Points to be kept away from are stored; all are put into pen[half], and their count in tally.
    """
    separation, sign = plan[SEPARATION], 1.0 - 2.0 * half
    gap, line = plan[NEAREST] * ALMOST, tally[LINE]
    longest, shortest = 2 * STEP * ROUND * separation, SMALLEST * separation
    u0, v0 = course(flow, plan, x0, y0)
    u0, v0 = sign * u0, sign * v0
    x, y, u, v, h = x0, y0, u0, v0, longest
    n, at, stored = 0, 0.0, 0.0
    around = False
    kept, doubted = -1, 0.0  # points before it went past its own start, and the length there
    count = tally[COUNT]
    while h > shortest and n + 2 <= pen.shape[1] and math.isfinite(u):
        # The classic Runge-Kutta method of order 4, its stages one loop so that it compiles fast.
        dx = dy = 0.0
        ue, ve = u, v
        for stage in range(4):
            share = h / 3 if 0 < stage < 3 else h / 6
            dx += share * ue
            dy += share * ve
            reach = h if stage == 2 else h / 2
            qx, qy = (x + dx, y + dy) if stage == 3 else (x + reach * ue, y + reach * ve)
            ue, ve = course(flow, plan, qx, qy)
            ue, ve = sign * ue, sign * ve
        # Where the slopes of one step disagree, it is too long, or there is a sink or a source.
        if not (ue * u + ve * v >= STRAIGHT and math.hypot(dx, dy) >= STRAIGHT * h):
            h /= 2
            continue

        # An arc that leaves its start and its end at the same angle joins the two.
        px, py = x0 - x, y0 - y
        home = around and half == 0 and px * u + py * v > 0 and math.hypot(px, py) <= h
        miss = abs((u * py - v * px) - (px * v0 - py * u0))
        home = home and miss <= 2 * CLOSED * separation
        part = 1.0
        if home:
            dx, dy, ue, ve, length = px, py, u0, v0, math.hypot(px, py)
        else:
            # A step over the edge is shortened until it nearly ends there, then cut.
            if dx > 0:
                part = min(part, (plan[X1] - x) / dx)
            elif dx < 0:
                part = min(part, (plan[X0] - x) / dx)
            if dy > 0:
                part = min(part, (plan[Y1] - y) / dy)
            elif dy < 0:
                part = min(part, (plan[Y0] - y) / dy)
            if part < 0.99 and part * h > shortest:
                h = part * h
                continue
            if not part > 0:
                break
            dx, dy, length = part * dx, part * dy, part * h
        mx = x + dx / 2 + length / 8 * (u - ue)  # of Hermite's cubic
        my = y + dy / 2 + length / 8 * (v - ve)
        stopped = False
        for last in range(2):
            qx, qy = (x0, y0) if home and last else (mx, my)
            if last and not home:
                qx = min(max(x + dx, plan[X0]), plan[X1])
                qy = min(max(y + dy, plan[Y0]), plan[Y1])
            s = at + length * (last + 1) / 2
            near = _near(plan, heads, places, following, owners, qx, qy, gap, line, sign * s)
            if near == -2:
                stopped = True
                break
            if near >= 0 and not home:
                # Past its own start it may go on for a while, to come home.
                if not (around and abs(places[near, 2]) < LOOP * separation):
                    stopped = True
                    break
                if kept < 0:
                    kept, doubted = n, at
                elif s - doubted > LOOP * separation:
                    stopped = True
                    break
            pen[half, n, 0], pen[half, n, 1] = qx, qy
            n += 1
            if s - stored >= STORED * separation:
                _store(plan, heads, places, following, owners, tally, qx, qy, sign * s)
                stored = s
        if stopped:
            break
        x, y, u, v = x + dx, y + dy, ue, ve
        at += length
        around = around or u * u0 + v * v0 < 0
        if home:
            tally[CLOSES] = 1
            kept = -1
            break
        if part < 1:
            break
        h = min(2 * h, longest)
    if kept >= 0:
        n, at = kept, doubted
        while tally[COUNT] > count and sign * places[tally[COUNT] - 1, 2] > at:
            forget(plan, heads, places, following, tally, tally[COUNT] - 1)
        stored = -1.0
    if n > 0 and at > stored:
        end_x, end_y = pen[half, n - 1, 0], pen[half, n - 1, 1]
        _store(plan, heads, places, following, owners, tally, end_x, end_y, sign * at)
    tally[FORWARD + half] = n
    return at


@compiled
def longest(flow, plan, heads, places, following, owners, tally, pen, pool, tries):
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
        if free(plan, heads, places, following, owners, x0, y0):
            _store(plan, heads, places, following, owners, tally, x0, y0, 0.0)
            tally[CLOSES] = tally[BACK] = 0
            for half in range(2):
                if tally[CLOSES] == 0:
                    length += _half(
                        flow, plan, heads, places, following, owners, tally, pen, x0, y0, half
                    )
        if again:
            return x, y
        forget(plan, heads, places, following, tally, count)
        if length < SHORTEST * plan[SEPARATION]:
            tally[POOL] -= 1
            for axis in range(2):
                pool[k, axis] = pool[tally[POOL], axis]
        else:
            if length > best:
                best, x, y = length, x0, y0
            k += 1
