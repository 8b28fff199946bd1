"""One step of growing curves, compiled: forces between near nodes, and moves that never cross.

Nodes lie in square cells as wide as the gap, whose rows and columns are counted around a table, so
that curves may grow beyond any box; a cell's nodes are a list. Lengths are in gaps.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: arrays of float64, int64 or bool.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled

SPACING = 0.5  # the longest edge
SHORTEST = 0.25  # edge that grows
FARTHEST = 0.05  # that a node goes in a step
SAFE = 0.45  # of its way to the nearest edge: two that go towards one another do not meet
REPULSION = 0.08  # of a node at no distance, falling to 0 at the gap
SMOOTHING = 0.3  # of the way to the middle between the two neighbors


class Nodes(NamedTuple):
    """Closed curves as nodes, of which the first `count` are there, in arrays that have more.

    place: (n, 2); after: (n,), the next node along each curve; free: (n,), whether it moves.
    """

    place: np.ndarray
    after: np.ndarray
    free: np.ndarray


class Table(NamedTuple):
    """What a step works with.

    heads: (side, side), a node of each cell, or -1, side a power of 2; following: (n,), the next
    node in its cell, or -1; push: (n, 2), forces; clear, edge_clear: (n,), how far each node is
    from all edges but its own, and its edge to the next node from all others.
    """

    heads: np.ndarray
    following: np.ndarray
    push: np.ndarray
    clear: np.ndarray
    edge_clear: np.ndarray


@compiled
def _fill(place, count, heads, following):
    heads[:] = -1
    mask = heads.shape[0] - 1
    for i in range(count):
        column, row = math.floor(place[i, 0]) & mask, math.floor(place[i, 1]) & mask
        following[i] = heads[column, row]
        heads[column, row] = i


@compiled
def _distance(px, py, ax, ay, bx, by):
    """From a point to the segment from a to b."""
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    t = 0.0
    if square > 0.0:
        t = min(max(((px - ax) * dx + (py - ay) * dy) / square, 0.0), 1.0)
    return math.hypot(px - ax - t * dx, py - ay - t * dy)


@compiled
def _look_around(nodes, count, table):
    """Find the forces on all nodes, and how far they and their edges are from others."""
    place, after, free = nodes
    heads, following, push, clear, edge_clear = table
    _fill(place, count, heads, following)
    mask = heads.shape[0] - 1
    push[:count] = 0.0
    clear[:count] = 1.0
    edge_clear[:count] = 1.0
    for i in range(count):
        x, y, j = place[i, 0], place[i, 1], after[i]
        ahead_x, ahead_y = place[j, 0], place[j, 1]
        column, row = math.floor(x), math.floor(y)
        for u in range(column - 1, column + 2):
            for v in range(row - 1, row + 2):
                k = heads[u & mask, v & mask]
                while k >= 0:
                    if k != i and (free[i] or free[k]):
                        dx, dy = x - place[k, 0], y - place[k, 1]
                        far = math.hypot(dx, dy)
                        if far < 1.0:
                            if far > 0.0:
                                push[i, 0] += REPULSION * (1.0 - far) * dx / far
                                push[i, 1] += REPULSION * (1.0 - far) * dy / far
                            if k != j:
                                d = _distance(place[k, 0], place[k, 1], x, y, ahead_x, ahead_y)
                                clear[k] = min(clear[k], d)
                                edge_clear[i] = min(edge_clear[i], d)
                    k = following[k]
    for i in range(count):
        j = after[i]
        # The middle between the neighbors of j is that of i and of what comes after j.
        k = after[j]
        push[j, 0] += SMOOTHING * ((place[i, 0] + place[k, 0]) / 2 - place[j, 0])
        push[j, 1] += SMOOTHING * ((place[i, 1] + place[k, 1]) / 2 - place[j, 1])
        edge_clear[i] = min(edge_clear[i], clear[i], clear[j])


@compiled
def step(nodes, count, table, noise, grows):
    """Move all free nodes once, and part the edges that are too long; return how many there are.

    noise: (count, 2), is added to the forces. Arrays have room for twice as many nodes.
    """
    place, after, free = nodes
    _look_around(nodes, count, table)
    push, clear, edge_clear = table.push, table.clear, table.edge_clear
    for i in range(count):
        clear[after[i]] = edge_clear[i]
    for i in range(count):
        if free[i]:
            dx, dy = push[i, 0] + noise[i, 0], push[i, 1] + noise[i, 1]
            far = math.hypot(dx, dy)
            most = min(FARTHEST, SAFE * min(clear[i], edge_clear[i]))
            if far > most:
                dx, dy = dx * most / far, dy * most / far
            place[i, 0] += dx
            place[i, 1] += dy
    for i in range(count):
        j = after[i]
        length = math.hypot(place[j, 0] - place[i, 0], place[j, 1] - place[i, 1])
        if free[i] and length > (SHORTEST if grows[i] else SPACING):
            place[count, 0] = (place[i, 0] + place[j, 0]) / 2
            place[count, 1] = (place[i, 1] + place[j, 1]) / 2
            after[i], after[count], free[count] = count, j, True
            count += 1
    return count


@compiled
def crossed(nodes, count, table):
    """A node whose edge to the next crosses an edge that is not beside it, or -1."""
    place, after, _ = nodes
    heads, following = table.heads, table.following
    _fill(place, count, heads, following)
    mask = heads.shape[0] - 1
    for i in range(count):
        j = after[i]
        ax, ay, bx, by = place[i, 0], place[i, 1], place[j, 0], place[j, 1]
        column, row = math.floor(ax), math.floor(ay)
        for u in range(column - 1, column + 2):
            for v in range(row - 1, row + 2):
                k = heads[u & mask, v & mask]
                while k >= 0:
                    n = after[k]
                    if k != i and k != j and n != i:
                        cx, cy, dx, dy = place[k, 0], place[k, 1], place[n, 0], place[n, 1]
                        if _left(ax, ay, bx, by, cx, cy) != _left(ax, ay, bx, by, dx, dy) and _left(
                            cx, cy, dx, dy, ax, ay
                        ) != _left(cx, cy, dx, dy, bx, by):
                            return i
                    k = following[k]
    return -1


@compiled
def _left(ax, ay, bx, by, cx, cy):
    """Whether c lies to the left of the way from a to b."""
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0.0
