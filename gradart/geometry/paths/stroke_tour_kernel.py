"""A pen's way from stroke to stroke, shortened: links of near ends, 2-opt and Or-opt, compiled.

Stroke i has the ends 2i and 2i + 1, so that e ^ 1 is the other end of e's stroke. A tour lists, in
order, the end at which each stroke is begun; it is a cycle, which one stroke more, from nowhere to
nowhere, makes a path: its ends have no place and are at no distance from any other.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, arrays of float64 for ends, of int64 for the tour.

import math

from gradart.numba_jit import compiled

_GAIN = 1e-9  # of a length: less is rounding
_LONGEST = 3  # strokes that are moved together


@compiled
def link(pairs, mate, other):
    """Join pairs of ends (p, 2) in turn where both are free and it makes no ring; return how many.

    `mate` (2n,) says which end each is joined to, -1 for none; `other` which end of its chain is
    opposite to a free one. Both are written.
    """
    count = 0
    for k in range(len(pairs)):
        a, b = pairs[k, 0], pairs[k, 1]
        if mate[a] == -1 and mate[b] == -1 and other[a] != b:
            mate[a], mate[b] = b, a
            c, d = other[a], other[b]
            other[c], other[d] = d, c
            count += 1
    return count


@compiled
def link_few(ends, mate, other, reach):
    """Join free ends (2n, 2) no farther apart than `reach`, the nearest first; return how many.

    As `link` does it with pairs that are in order: here all are looked at each time.
    """
    count = 0
    while True:
        least, a, b = math.inf, -1, -1
        for c in range(len(ends)):
            if mate[c] != -1:
                continue
            for d in range(c + 1, len(ends)):
                if mate[d] == -1 and other[c] != d and _far(ends, c, d) < least:
                    least, a, b = _far(ends, c, d), c, d
        if a == -1 or least > reach:
            return count
        mate[a], mate[b] = b, a
        c, d = other[a], other[b]
        other[c], other[d] = d, c
        count += 1


@compiled
def near_few(ends, near):
    """Write the nearest other ends (2n, k) of each of few, by distance."""
    width = near.shape[1]
    for c in range(len(ends)):
        count = 0
        for d in range(len(ends)):
            if d == c:
                continue
            at = count
            while at > 0 and _far(ends, c, d) < _far(ends, c, near[c, at - 1]):
                at -= 1
            if at < width:
                count = min(count + 1, width)
                for k in range(count - 1, at, -1):
                    near[c, k] = near[c, k - 1]
                near[c, at] = d


@compiled
def walk(mate, tour, heads):
    """Write the chains of joined strokes one after the other, and which strokes begin one.

    `tour` (n,) are the ends at which strokes are begun; `heads` (n,) of zeros gets a 1 where a
    chain begins. An end that is joined to none is negative in `mate`, which is overwritten.
    """
    k = 0
    for end in range(len(mate)):
        if mate[end] >= 0 or mate[end] == -9:
            continue
        heads[k] = 1
        at = end
        while at >= 0:
            tour[k] = at
            k += 1
            out = at ^ 1
            following = mate[out]
            mate[at], mate[out] = -9, -9
            at = following


@compiled
def nearest(ends, near, tour, free):
    """Write the tour (n,) that begins with the first stroke and goes to the nearest end each time.

    `near` (2n, k) are other ends by distance; `free` (n,) of ones is room to work in.
    """
    at = 0
    for k in range(len(tour)):
        tour[k] = at
        free[at >> 1] = 0
        out, at = at ^ 1, -1
        for j in range(near.shape[1]):
            if free[near[out, j] >> 1]:
                at = near[out, j]
                break
        if at == -1:
            best = math.inf
            for end in range(len(ends)):
                if free[end >> 1] and _far(ends, out, end) < best:
                    best, at = _far(ends, out, end), end


@compiled
def _far(ends, a, b):
    if a >= len(ends) or b >= len(ends):
        return 0.0
    return _length(ends[a, 0] - ends[b, 0], ends[a, 1] - ends[b, 1])


@compiled
def _length(x, y):
    return math.sqrt(x * x + y * y)  # in a third of the time that math.hypot takes


@compiled
def _across(tour, place, end):
    """Return the end that the pen comes from, or goes to, with the pen up."""
    at = place[end >> 1]
    if tour[at] == end:
        return tour[at - 1] ^ 1 if at > 0 else tour[len(tour) - 1] ^ 1
    return tour[at + 1] if at + 1 < len(tour) else tour[0]


@compiled
def _flip(tour, place, first, last):
    """Turn a part of the tour around, or all but this, if that is less; return how much."""
    size = len(tour)
    first, last = first % size, last % size
    count = (last - first) % size + 1
    if 2 * count > size:
        first, last, count = (last + 1) % size, (first - 1) % size, size - count
    for _ in range(count // 2):
        a, b = tour[first] ^ 1, tour[last] ^ 1
        tour[first], tour[last] = b, a
        place[b >> 1], place[a >> 1] = first, last
        first = first + 1 if first + 1 < size else 0
        last = last - 1 if last > 0 else size - 1
    if count % 2:
        tour[first] ^= 1
    return count


@compiled
def _exchange(tour, place, x, y, z, w):
    """Instead of x to y and z to w, which the tour has, go x to z and y to w; return the work.

    x and z are both where strokes end, or both where they begin.
    """
    if tour[place[x >> 1]] == x ^ 1:
        return _flip(tour, place, place[x >> 1] + 1, place[z >> 1])
    return _flip(tour, place, place[y >> 1] + 1, place[w >> 1])


@compiled
def _move(tour, place, c, d, q):
    """Take the strokes from end d to end q out and put them beside c, d next to it."""
    s, a, b = _across(tour, place, c), _across(tour, place, d), _across(tour, place, q)
    alike = (tour[place[a >> 1]] == a) == (tour[place[c >> 1]] == c)
    if alike:
        work = _exchange(tour, place, a, d, c, s)
        work += _exchange(tour, place, a, c, b, q)
        return work + _exchange(tour, place, c, q, d, s)
    work = _exchange(tour, place, a, d, s, c)
    return work + _exchange(tour, place, a, s, b, q)


@compiled
def _better(ends, near, tour, place, c):
    """Make a shorter way out of end c, if there is one: return the work of that, or 0."""
    s = _across(tour, place, c)
    now = _far(ends, c, s)
    for k in range(near.shape[1]):
        d = near[c, k]
        gain = now - _far(ends, c, d)
        if gain <= _GAIN:
            return 0
        if d >> 1 == c >> 1:
            continue
        a = _across(tour, place, d)
        saved = gain + _far(ends, d, a)
        alike = (tour[place[d >> 1]] == d) == (tour[place[c >> 1]] == c)
        if alike and saved - _far(ends, s, a) > _GAIN:
            return _exchange(tour, place, c, s, d, a)
        q = d ^ 1
        for _ in range(_LONGEST):
            b = _across(tour, place, q)
            if q == s or q >> 1 == c >> 1 or b == a or q >= len(ends):
                break
            change = _far(ends, q, b) - _far(ends, a, b) - _far(ends, q, s)
            if b != c and saved + change > _GAIN:
                return _move(tour, place, c, d, q)
            q = b ^ 1
    return 0


@compiled
def best(ends, near, tour, other, cuts, room, most):
    """Shorten two tours (n,), and `tour` gets the shorter; return how long that way is.

    Then, for each of the `cuts` (k, 3), which rise, the two parts between change places, and what
    that is shortened to counts if it is shorter still. `ends` (2n, 2); `near` (2n, k) are other
    ends by distance; `room` are arrays (n + 1,), (n + 1,) and (2n,) to work in. Shortening ends
    when `most` strokes have been turned around.
    """
    ring, place, awake = room
    awake[:] = 1
    least = _shortened(ends, near, tour, ring, place, awake, most)
    for k in range(-1, len(cuts)):
        if k == -1:
            awake[:] = 1
        else:
            for at in range(len(tour)):
                other[at] = tour[at]
            i, j, m = cuts[k, 0], cuts[k, 1], cuts[k, 2]
            for at in range(i, m):
                other[at] = tour[at + j - i] if at < i + m - j else tour[at - m + j]
            for at in (i, i + m - j, m):  # what else was shortened cannot be yet
                for end in (other[at - 1], other[at]):
                    awake[end] = 1
                    awake[end ^ 1] = 1
        way = _shortened(ends, near, other, ring, place, awake, most)
        if way < least:
            least = way
            for at in range(len(tour)):
                tour[at] = other[at]
    return least


@compiled
def _shortened(ends, near, tour, ring, place, awake, most):
    """Shorten a tour (n,), and return how long its way is."""
    n = len(tour)
    for k in range(n):
        ring[k] = tour[k]
        place[tour[k] >> 1] = k
    ring[n] = 2 * n  # by way of nowhere it is a cycle
    place[n] = n
    _shorten(ends, near, ring, place, awake, most)
    way = 0.0
    for k in range(n):
        tour[k] = ring[(place[n] + 1 + k) % (n + 1)]
        if k > 0:
            way += _far(ends, tour[k - 1] ^ 1, tour[k])
    return way


@compiled
def _shorten(ends, near, tour, place, awake, most):
    """Shorten a tour (n + 1,) by 2-opt and Or-opt among near ends, until neither gains.

    `place` (n + 1,) is where the tour has each stroke; `awake` (2n,) is not 0 at the ends that are
    to be looked at, and 0 afterwards.
    """
    work, again = 0, True
    while again and work < most:
        again = False
        for c in range(len(ends)):
            while awake[c] and work < most:
                s = _across(tour, place, c)
                done = _better(ends, near, tour, place, c)
                if not done:
                    awake[c] = 0
                    break
                work += done
                again = True
                for end in (c, s, _across(tour, place, c)):
                    if end < len(ends):
                        awake[end] = 1
                        awake[end ^ 1] = 1
                        for k in range(near.shape[1]):
                            awake[near[end, k]] = 1


@compiled
def turn(ends, tour, corners, corner_at, chosen, times):
    """Begin each closed stroke of a path where the way from and to its neighbors is shortest.

    That of stroke i may be begun at `corners[corner_at[i] : corner_at[i + 1]]`: its ends are
    written, and in `chosen` (n,) which corner they are at. So from first to last, some `times`.
    """
    for turned in range(times * len(tour)):
        k = turned % len(tour)
        item = tour[k] >> 1
        best = math.inf
        for corner in range(corner_at[item], corner_at[item + 1]):
            x, y, way = corners[corner, 0], corners[corner, 1], 0.0
            if k > 0:
                before = tour[k - 1] ^ 1
                way += _length(x - ends[before, 0], y - ends[before, 1])
            if k + 1 < len(tour):
                after = tour[k + 1]
                way += _length(x - ends[after, 0], y - ends[after, 1])
            if way < best:
                best = way
                chosen[item] = corner - corner_at[item]
                for end in (2 * item, 2 * item + 1):
                    ends[end, 0] = x
                    ends[end, 1] = y
