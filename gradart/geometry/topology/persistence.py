"""Persistence: which saddle belongs to which summit, and the network without what rises little.

Hollows are the summits of the field turned over.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pairs:
    """Summits, each with the saddle by which it is joined to a higher one."""

    keys: np.ndarray  # (a,) which saddle, -1 for a summit that is joined to none
    rises: np.ndarray  # (a,) how far above it

    def gone(self, summits: np.ndarray) -> np.ndarray:
        """The saddles that go with those summits that go, (a,) true or false."""
        return self.keys[summits & (self.keys >= 0)]


def pairs(summits: np.ndarray, saddles: np.ndarray, joins: np.ndarray, floor: float) -> Pairs:
    """The pairs of summits and saddles, of heights (a,) and (c,), where each saddle joins two.

    The saddles are taken from the highest to the lowest. Each joins two groups of summits, if they
    are not one already; the group whose highest summit is lower ends there, and that summit and the
    saddle are a pair. The highest of all rises above the floor. H. Edelsbrunner, D. Letscher and A.
    Zomorodian, "Topological persistence and simplification", Discrete and Computational Geometry 28
    (2002).
    """
    group = np.arange(len(summits))

    def highest(of: int) -> int:
        while group[of] != of:
            group[of] = group[group[of]]
            of = int(group[of])
        return of

    # What no line leads to is a summit by rounding alone, and rises by nothing.
    keys, rises = np.full(len(summits), -1), np.zeros(len(summits))
    top = int(np.argmax(summits))
    rises[top] = summits[top] - floor
    for saddle in np.argsort(-saddles, kind="stable"):
        a, b = map(highest, joins[saddle])
        if a == b:
            continue
        low, high = sorted((a, b), key=lambda i: (summits[i], -i))
        group[low] = high
        keys[low], rises[low] = saddle, summits[low] - saddles[saddle]
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
