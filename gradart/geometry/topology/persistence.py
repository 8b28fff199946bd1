"""Persistence: which saddle belongs to which summit, and the network without what rises little.

Hollows are the summits of the field turned over.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Heights:
    """Heights (n,) of places, and their ranks (n,) from the lowest, in which no two are alike."""

    heights: np.ndarray
    ranks: np.ndarray

    def over(self) -> "Heights":
        """The heights of the field turned over: its summits are pits."""
        return Heights(-self.heights, len(self.ranks) - 1 - self.ranks)


def ranked(heights: np.ndarray, points: np.ndarray, tilt: np.ndarray) -> Heights:
    """The heights (n,) of points (n, 2), of which those that are alike are told apart by a tilt."""
    order = np.lexsort((np.arange(len(heights)), heights + points @ tilt))
    return Heights(heights, np.argsort(order))


@dataclass(frozen=True)
class Pairs:
    """Summits, each with the saddle by which it is joined to a higher one."""

    keys: np.ndarray  # (a,) which saddle, -1 for a summit that is joined to none
    rises: np.ndarray  # (a,) how far above it

    def gone(self, summits: np.ndarray) -> np.ndarray:
        """The saddles that go with those summits that go, (a,) true or false."""
        return self.keys[summits & (self.keys >= 0)]


def pairs(
    summits: Heights, saddles: Heights, joins: np.ndarray, floor: float, free: np.ndarray
) -> Pairs:
    """The pairs of summits (a,) and of those of the saddles (c,) that are free; each joins two.

    The saddles are taken from the highest to the lowest. Each joins two groups of summits, if they
    are not one already; the group whose highest summit is lower ends there, and that summit and the
    saddle are a pair. The highest of all rises above the floor. H. Edelsbrunner, D. Letscher and A.
    Zomorodian, "Topological persistence and simplification", Discrete and Computational Geometry 28
    (2002).
    """
    group = np.arange(len(summits.heights))

    def highest(of: int) -> int:
        while group[of] != of:
            group[of] = group[group[of]]
            of = int(group[of])
        return of

    keys, rises = np.full(len(group), -1), np.zeros(len(group))
    top = int(np.argmax(summits.ranks))
    rises[top] = summits.heights[top] - floor
    order = np.argsort(-saddles.ranks)
    for saddle in order[free[order]]:
        a, b = map(highest, joins[saddle])
        if a == b:
            continue
        low, high = sorted((a, b), key=lambda i: summits.ranks[i])
        group[low] = high
        keys[low], rises[low] = saddle, summits.heights[low] - saddles.heights[saddle]
    return Pairs(keys, rises)


def all_paired(
    found: Pairs,
    summits: tuple[Heights, np.ndarray],
    saddles: tuple[Heights, np.ndarray],
    free: np.ndarray,
) -> Pairs:
    """Pairs of which each summit but the highest has its saddle: heights, and points (n, 2).

    No line leads to a summit where a crest that is level is finer than the grid. Each such goes
    with the nearest saddle (c,) that is free.
    """
    from scipy.optimize import linear_sum_assignment

    single = np.flatnonzero((found.keys < 0) & (summits[0].ranks < len(found.keys) - 1))
    spare = np.flatnonzero(free)
    if not len(single) or not len(spare):
        return found
    away = np.linalg.norm(summits[1][single][:, None] - saddles[1][spare], axis=-1)
    a, b = linear_sum_assignment(away)
    a, b = single[a], spare[b]
    keys, rises = found.keys.copy(), found.rises.copy()
    keys[a], rises[a] = b, np.maximum(summits[0].heights[a] - saddles[0].heights[b], 0)
    return Pairs(keys, rises)


@dataclass(frozen=True)
class Network:
    """What is left of saddles and summits, and which of the lines between them."""

    joins: np.ndarray  # (c, 2): which summit each line of a saddle leads to at last
    used: np.ndarray  # (c, 2): whether the line is part of a way from a saddle that is left


def network(found: Pairs, joins: np.ndarray, gone: np.ndarray, left: np.ndarray) -> Network:
    """The network without the summits that are gone (a,), for the saddles that are left (c,).

    Where a line leads to a summit that is gone, it goes on over that summit's saddle, and so on, to
    a summit that is there.
    """
    roads: dict[int, list[tuple[int, int]]] = {}
    for saddle in found.gone(gone):
        a, b = map(int, joins[saddle])
        roads.setdefault(a, []).append((b, int(saddle)))
        roads.setdefault(b, []).append((a, int(saddle)))
    # The saddles of what is gone make trees, in each of which one summit is not gone.
    towards: dict[int, tuple[int, int]] = {}
    reached = [int(i) for i in np.flatnonzero(~gone)]
    goals = {i: i for i in reached}
    for at in reached:
        for other, saddle in roads.get(at, ()):
            if other not in goals:
                goals[other], towards[other] = goals[at], (at, saddle)
                reached.append(other)
    used = np.zeros(joins.shape, bool)
    used[left] = True
    for saddle in np.flatnonzero(left):
        for at in map(int, joins[saddle]):
            while at in towards and not used[towards[at][1]].all():
                at, between = towards[at]
                used[between] = True
    ends = [[goals.get(int(i), -1) for i in row] for row in joins]
    return Network(np.array(ends, int).reshape(-1, 2), used)
