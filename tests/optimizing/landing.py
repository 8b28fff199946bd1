"""Random pulls whose target can be reached, for the tests and the benchmark of dragging.

What is held is a random point of the ink that is seen: on the paper, and not of no width or ink.
Not every pull can be followed: of a mark that one number moves, each place has one way to go. So
the target is where the place goes when all float parameters change together in a random direction,
as far as brings it a random 2 to 10 mm from where it was. Places that nothing moves so far, or that
jump on the way, are drawn anew. Of a sketch that JAX cannot trace, each of some steps on the way is
drawn, and the place looked for where the step before has led to; what is held there is a line, and
in the end any place of it that is near.

A hand makes several moves on a straight line from the place to the target. There it rests, and the
studio asks again, with more time, as long as that brings the place nearer. A pull has landed if the
place ends within 0.1 mm of the target; else it may be at a bound of a parameter.
"""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import jax
import numpy as np

from gradart.optimizing.dragging.drag import Drag, drag
from gradart.optimizing.dragging.grips import Grip
from gradart.optimizing.dragging.grips import nearest as found_again
from gradart.sketching.parameters import checked
from gradart.sketching.sketch import Sketch

STEPS = 3  # in which a place is followed that JAX cannot trace
MOVES = 8  # on the way from the place that is held to the target
NEAREST, FARTHEST = 2.0, 10.0  # mm from the place to its target
LANDED = 0.1  # mm
AGAIN = 40  # times at most that the studio asks again


class Landing(NamedTuple):
    """How a pull ended: mm from the target, and what each move took, in milliseconds.

    What is asked again while the pointer rests is no move of it.

    `bound` is whether a parameter is at a bound that it would have passed, `slow` whether JAX can
    not trace the sketch. `cpu` is the processor's time for the moves.
    """

    sketch: str
    off: float
    way: float
    bound: bool
    slow: bool
    moves: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def landed(self) -> bool:
        """Whether the place has come to where it was pulled."""
        return self.off < LANDED


def pulls(
    sketch: Sketch,
    count: int,
    rng: np.random.Generator,
    *,
    seconds: float = np.inf,
    at_rest: float = np.inf,
) -> Iterator[Landing]:
    """Pull a random place of a sketch's ink, `count` times, and yield how each ends.

    A film is pulled at the playhead of its still. A pull has `seconds` of time, others `at_rest`
    of the pointer.
    """
    values = checked(sketch.name, sketch.parameters, {})
    hand = drag(sketch, values, sketch.seed)
    start, u = hand.vector(values), sketch.options.at if hand.film else 0.0
    with jax.enable_x64(True):
        ink = seen(hand, start, u)
    done = tried = 0
    while done < count and tried < 10 * count:
        tried += 1
        grip = hand.grip(start, u, ink[rng.integers(len(ink))])
        target = _target(hand, start, u, grip, rng)
        if target is None:
            continue
        done += 1
        hand.pull(start, u, [grip], [hand.at(start, u, grip)])  # compiles
        yield _pulled(hand, start, u, grip, target, (seconds, at_rest))


def seen(hand: Drag, vector: np.ndarray, u: float) -> np.ndarray:
    """The points (n, 2) of all ink that is on the paper."""
    page = np.array([hand.drawing.page.width, hand.drawing.page.height])
    kept = []
    marks, drawn = hand.drawn(vector, u)
    for mark, points in zip(marks, drawn.points, strict=True):
        rows = np.asarray(points)
        inked = np.zeros(len(rows), bool)
        for color in (mark.style.stroke, mark.style.fill):
            if color is not None:
                inked |= np.broadcast_to(np.asarray(color)[..., 3] > 0, len(rows))
        if not hasattr(mark.shape, "pixels"):
            rows = rows[inked]
        kept.append(rows.reshape(-1, 2))
    ink = np.concatenate(kept)
    return ink[((ink > 0) & (ink < page)).all(-1)]


def _target(
    hand: Drag, start: np.ndarray, u: float, grip: Grip, rng: np.random.Generator
) -> np.ndarray | None:
    """A point of the page to which the place can be brought; None if the way is too short."""
    found = hand.drawing.coordinates
    far = rng.uniform(NEAREST, FARTHEST)
    way = rng.normal(size=len(found))
    way /= np.abs(way).max()
    origin = hand.at(start, u, grip)
    places = np.array([c.place(x) for c, x in zip(found, start, strict=True)])
    bounded = np.array([c.bounded for c in found])

    def vector(share: float) -> np.ndarray:
        sliders = places + share * way
        sliders = np.where(bounded, np.clip(sliders, 0, 1), sliders)
        return np.array([c.value(s) for c, s in zip(found, sliders, strict=True)])

    if hand.slow:
        return _followed(hand, start, u, grip, way, far, vector)

    def there(share: float) -> np.ndarray:
        return hand.at(vector(share), u, grip)

    low, high = 0.0, 1e-4
    while not np.linalg.norm(there(high) - origin) >= far:
        low, high = high, 1.6 * high
        if high > 1:
            return None
    for _ in range(12):  # to a four-thousandth of the way
        middle = (low + high) / 2
        if np.linalg.norm(there(middle) - origin) < far:
            low = middle
        else:
            high = middle
    shares = np.linspace(0, low, 17)
    steps = np.linalg.norm(np.diff([there(share) for share in shares], axis=0), axis=-1)
    widest = int(np.argmax(steps))
    if not steps[widest] < far / 4 or _jumps(there, *shares[widest : widest + 2], halvings=8):
        return None
    return there(low)


def _jumps(there: Callable[[float], np.ndarray], a: float, b: float, halvings: int) -> bool:
    """Whether a place does not go from a to b but leaps, as a label does from stroke to stroke."""
    first, last = there(a), there(b)
    whole = float(np.linalg.norm(last - first))
    for _ in range(halvings):
        middle = (a + b) / 2
        there_then = there(middle)
        if np.linalg.norm(there_then - first) > np.linalg.norm(last - there_then):
            b, last = middle, there_then
        else:
            a, first = middle, there_then
    return float(np.linalg.norm(last - first)) > whole / 8


def _followed(
    hand: Drag,
    start: np.ndarray,
    u: float,
    grip: Grip,
    way: np.ndarray,
    far: float,
    vector: Callable[[float], np.ndarray],
) -> np.ndarray | None:
    """Where a place of a sketch that JAX cannot trace comes to, by steps of a given first length.

    None if it jumps, as lines do that are laid anew at each step, or stays behind.
    """
    with jax.enable_x64(True):
        columns = hand.tangents(start, u)[1]
        slopes = np.stack([grip.at(column.change) for column in columns], -1)
        sizes = np.linalg.norm(slopes, axis=0)
        way[sizes < 1e-3 * sizes.max()] = 0  # they may lead anywhere
        step = slopes @ way
        size = float(np.linalg.norm(step))
        if not size > 2 * far:  # over half of a slider
            return None

        def near(share: float, ahead: np.ndarray) -> np.ndarray:
            marks, drawn = hand.drawn(vector(share), u)
            held = found_again(marks, drawn, ahead, only=grip.mark)
            return np.full(2, np.nan) if held is None else held.at(drawn)

        shares = far / size * np.arange(STEPS + 1) / STEPS
        step = step * shares[1]
        places, off = [hand.at(start, u, grip)], []
        for share in shares[1:]:
            places.append(near(share, places[-1] + step))
            off.append(float(np.linalg.norm(places[-1] - places[-2] - step)))
            if not off[-1] < np.linalg.norm(step) / 4:
                return None
            step = places[-1] - places[-2]
        widest = int(np.argmax(off))

        def there(share: float) -> np.ndarray:
            ahead = [np.interp(share, shares, along) for along in np.transpose(places)]
            return near(share, np.array(ahead))

        if _jumps(there, *shares[widest : widest + 2], halvings=5):
            return None
    far = float(np.linalg.norm(places[-1] - places[0]))
    return places[-1] if NEAREST <= far <= FARTHEST else None


def _pulled(
    hand: Drag,
    start: np.ndarray,
    u: float,
    grip: Grip,
    target: np.ndarray,
    seconds: tuple[float, float],
) -> Landing:
    origin = hand.at(start, u, grip)
    vector, walls, cpus = start, [], []
    for share in np.arange(1, MOVES + 1) / MOVES:
        wall, cpu = time.perf_counter(), time.process_time()
        to = origin + share * (target - origin)
        ended = hand.pull(vector, u, [grip], [to], seconds=seconds[0], resting=False)
        walls.append(1e3 * (time.perf_counter() - wall))
        cpus.append(1e3 * (time.process_time() - cpu))
        vector = ended.vector
    for _ in range(AGAIN):
        if not ended.again:
            break
        ended = hand.pull(vector, u, [grip], [target], seconds=seconds[1])
        vector = ended.vector
    off, far = (float(np.linalg.norm(x - target)) for x in (ended.at[0], origin))
    bound = bool(ended.held_back)
    return Landing(hand.drawing.sketch.name, off, far, bound, hand.slow, tuple(walls), tuple(cpus))
