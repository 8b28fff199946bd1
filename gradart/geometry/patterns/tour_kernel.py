"""The compiled improvement of a tour: Lin and Kernighan's chains of turned parts, and no crossings.

A tour is the numbers of its cities in order, and the place of each in it. City n, where a tour is
open, is no distance from any other: its two neighbors are the ends.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 or int64.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled

DEPTH = 8  # parts that are turned in a chain
NEARBY = 50  # cities at most in each of two parts that a kick exchanges


class Tour(NamedTuple):
    """A tour: points (n, 2), and `order` and `place`, (n,) or (n + 1,) where it is open."""

    points: np.ndarray
    order: np.ndarray
    place: np.ndarray


class Work(NamedTuple):
    """Room for what is to be looked at, and for what has been done, so that it can be undone.

    queue: (n,), cities to look at; waits: (n,), whether each is in it; turned: (DEPTH, 3), b, c and
    d of each turn of a chain; log: (m, 3), a, b and c of each turn of the tour.
    """

    queue: np.ndarray
    waits: np.ndarray
    turned: np.ndarray
    log: np.ndarray


@compiled
def apart(points, i, j):
    """The distance between two cities."""
    n = len(points)
    if i == n or j == n:
        return 0.0
    return math.hypot(points[i, 0] - points[j, 0], points[i, 1] - points[j, 1])


@compiled
def turn(tour, a, b, c):
    """Turn round the part of a tour that begins with b, next to a, and goes on from it to c.

    Either that part, or what is not of it, whichever is shorter: the tour is the same.
    """
    order, place = tour.order, tour.place
    size = len(order)
    if order[(place[a] + 1) % size] == b:
        i, j = place[b], place[c]
    else:
        i, j = place[c], place[b]
    count = (j - i + size) % size + 1
    if 2 * count > size:
        i, j, count = (j + 1) % size, (i - 1 + size) % size, size - count
    for _ in range(count // 2):
        x, y = order[i], order[j]
        order[i], order[j] = y, x
        place[y], place[x] = i, j
        i = i + 1 if i + 1 < size else 0
        j = j - 1 if j > 0 else size - 1


@compiled
def chain(tour, near, ends, turned, reach, rough):
    """Turn parts one after another, all next to one city, as long as it may pay: turns, and gain.

    ends: (a, b), a city and its neighbor, from which it is parted. Each turn joins the end that is
    free to a city near it, and frees the city before that. What does not pay is turned back.
    No turn is of more than `reach` cities.
    `turned` takes b, c and d of each turn, whose part from b to d now ends next to c.
    """
    points, order, place = tour
    n, size = len(points), len(order)
    a, first = ends
    for k in range(near.shape[1]):  # the first turn of the chain is each of these, in turn
        b, saved = first, apart(points, a, first)
        best, paid, depth = 0, rough, 0
        while depth < DEPTH and b != n:
            way = 1 if order[(place[a] + 1) % size] == b else -1
            c = d = -1
            most = 0.0
            for m in range(k if depth == 0 else 0, k + 1 if depth == 0 else near.shape[1]):
                near_b = near[b, m]
                still = saved - apart(points, b, near_b)
                if still <= rough:
                    break
                before = order[(place[near_b] - way + size) % size]
                if near_b in (a, b) or before == b:
                    continue
                long = abs(place[b] - place[before])
                if min(long, size - long) > reach:
                    continue
                value = still + apart(points, before, near_b)
                if value > most:
                    most, c, d = value, near_b, before
            if c < 0:
                break
            turn(tour, a, b, d)
            turned[depth, 0], turned[depth, 1], turned[depth, 2] = b, c, d
            depth += 1
            saved = most
            if saved - apart(points, a, d) > paid:
                paid, best = saved - apart(points, a, d), depth
            b = d
        while depth > best:
            depth -= 1
            turn(tour, a, turned[depth, 2], turned[depth, 0])
        if best:
            return best, paid
    return 0, 0.0


@compiled
def improve(tour, near, work, counts, reach, rough):
    """Improve a tour by chains until none pays: what is gained, and how many turns are logged.

    counts: (2,), how many cities are in the queue, from which it begins and goes on to those whose
    neighbors then change; and how many turns are in the log. No turn is of more than `reach`.
    """
    points, order, place = tour
    queue, waits, turned, log = work
    n, size = len(points), len(order)
    count, logged = counts
    head, gained = 0, 0.0
    while count:
        a = queue[head]
        head = (head + 1) % n
        count -= 1
        waits[a] = False
        way = 1
        while way >= -1:
            b = order[(place[a] + way + size) % size]
            turns, gain = chain(tour, near, (a, b), turned, reach, rough) if b != n else (0, 0.0)
            gained += gain
            way = 1 if turns else way - 2
            for k in range(turns):
                if logged < len(log):
                    log[logged, 0], log[logged, 1], log[logged, 2] = a, turned[k, 0], turned[k, 2]
                logged += 1
                for m in range(3):
                    city = turned[k, m]
                    if city != n and not waits[city]:
                        queue[(head + count) % n] = city
                        waits[city] = True
                        count += 1
    return gained, logged


@compiled
def kick(tour, near, work, chances, rough):
    """Exchange two short parts next to each other by chance, improve, and keep it where it pays.

    chances: (k, 3), whole numbers by chance. What does not pay is turned back. After O. Martin, S.
    W. Otto and E. W. Felten, "Large-step Markov chains for the traveling salesman problem" (1991).
    """
    points, order = tour.points, tour.order
    queue, waits, _, log = work
    n, size = len(points), len(order)
    most = min(NEARBY, (size - 2) // 2)
    for k in range(len(chances)):
        start, one, two = chances[k, 0] % size, 1 + chances[k, 1] % most, 1 + chances[k, 2] % most
        a, b, c = order[start], order[(start + 1) % size], order[(start + one) % size]
        d, e = order[(start + one + 1) % size], order[(start + one + two) % size]
        f = order[(start + one + two + 1) % size]
        lost = apart(points, a, d) + apart(points, e, b) + apart(points, c, f)
        lost -= apart(points, a, b) + apart(points, c, d) + apart(points, e, f)
        for m, (x, y, z) in enumerate(((a, b, e), (a, e, d), (e, c, b))):
            turn(tour, x, y, z)
            log[m, 0], log[m, 1], log[m, 2] = x, y, z
        count = 0
        for city in (a, b, c, d, e, f):
            if city != n and not waits[city]:
                queue[count] = city
                waits[city] = True
                count += 1
        gained, logged = improve(tour, near, work, (count, 3), NEARBY * 10, rough)
        if gained - lost > rough or logged > len(log):
            continue
        for m in range(logged - 1, -1, -1):
            turn(tour, log[m, 0], log[m, 2], log[m, 1])


@compiled
def uncross(tour, starts, ends, sequence, rough):
    """Undo crossings of a tour's lines, each of which makes it shorter: how many were undone.

    Lines go from the cities `starts` to `ends` (k,), looked at in a sequence (k,) from left to
    right by their left ends. A line that has been undone is not looked at again.
    """
    points, order, place = tour
    size, undone = len(order), 0
    for s in range(len(sequence)):
        a, b = starts[sequence[s]], ends[sequence[s]]
        right = max(points[a, 0], points[b, 0])
        for t in range(s + 1, len(sequence)):
            c, d = starts[sequence[t]], ends[sequence[t]]
            if min(points[c, 0], points[d, 0]) > right:
                break
            if not crosses(points, a, b, c, d):
                continue
            way = 1 if order[(place[a] + 1) % size] == b else -1
            if order[(place[a] + way + size) % size] != b:
                break
            if order[(place[c] + way + size) % size] != d:
                c, d = d, c
            if order[(place[c] + way + size) % size] != d:
                continue
            gain = apart(points, a, b) + apart(points, c, d)
            if gain - apart(points, a, c) - apart(points, b, d) > rough:
                turn(tour, a, b, c)
                undone += 1
                break
    return undone


@compiled
def crosses(points, a, b, c, d):
    """Whether the lines from a to b and from c to d cross, at a point inside of both."""
    return _side(points, a, b, c) * _side(points, a, b, d) < 0 and (
        _side(points, c, d, a) * _side(points, c, d, b) < 0
    )


@compiled
def _side(points, a, b, c):
    """Twice the area of a triangle of three cities: above 0 if it is counterclockwise."""
    x, y = points[b, 0] - points[a, 0], points[b, 1] - points[a, 1]
    return x * (points[c, 1] - points[a, 1]) - y * (points[c, 0] - points[a, 0])
