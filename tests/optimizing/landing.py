"""Random pulls whose target can be reached, for the tests and the benchmark of dragging."""

import time
from typing import NamedTuple

import jax
import numpy as np

from gradart.optimizing.drag import drag
from gradart.sketching.parameters import checked

MOVES = 8  # on the way from the place that is held to the target, as a hand makes them


class Landing(NamedTuple):
    """How a pull ended: mm from the target, whether at a bound, and the milliseconds of moves."""

    sketch: str
    off: float
    way: float
    bound: bool
    slow: bool
    moves: tuple[float, ...]


def pulls(sketch, count, rng, most=25.0):
    """Pull a random place of a sketch's ink, `count` times, and yield how each ends.

    The target is where the place goes when all float parameters change at random, so that it can
    be reached: a direction on the sliders, from a length of a third of them, halved until the place
    moves by no more than `most` mm. Places that no such change moves by 1 mm are drawn anew.
    """
    values = checked(sketch.name, sketch.parameters, {})
    hand = drag(sketch, values, sketch.seed)
    found, start = hand.drawing.coordinates, hand.vector(values)
    places = np.array([c.place(x) for c, x in zip(found, start, strict=True)])
    page = np.array([hand.drawing.page.width, hand.drawing.page.height])
    with jax.enable_x64(True):
        u = float(rng.choice([0.0, 0.3, 0.6])) if hand.film else 0.0
        before = hand.drawing(start, u)
        ink = np.concatenate([np.asarray(p).reshape(-1, 2) for p in before.points])
    ink = ink[((ink > 0) & (ink < page)).all(-1)]
    done = tried = 0
    while done < count and tried < 8 * count:
        tried += 1
        grip = hand.grip(start, u, ink[rng.integers(len(ink))])
        origin = hand.at(start, u, grip)
        way = rng.normal(size=len(found))
        way /= 3 * np.linalg.norm(way)
        for _ in range(24):
            there = np.clip(places + way, [0.0 if c.bounded else -np.inf for c in found], 1e9)
            there = np.where([c.bounded for c in found], np.minimum(there, 1.0), there)
            moved = np.array([c.value(s) for c, s in zip(found, there, strict=True)])
            try:
                target = hand.at(moved, u, grip)
            except IndexError:  # it has other points there
                target = np.full(2, np.nan)
            if np.linalg.norm(target - origin) <= most:
                break
            way /= 2
        else:
            continue
        if not np.linalg.norm(target - origin) >= 1.0:
            continue
        done += 1
        if done == 1:
            hand.pull(start, u, [grip], [origin])  # compiles
        vector, times = start, []
        for share in np.arange(1, MOVES + 1) / MOVES:
            begun = time.perf_counter()
            ended = hand.pull(vector, u, [grip], [origin + share * (target - origin)])
            times.append(1e3 * (time.perf_counter() - begun))
            vector = ended.vector
        off = float(np.linalg.norm(hand.at(vector, u, grip) - target))
        far = float(np.linalg.norm(target - origin))
        yield Landing(sketch.name, off, far, bool(ended.held_back), hand.slow, tuple(times))
