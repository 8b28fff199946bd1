"""Random pulls whose target can be reached, for the tests and the benchmark of dragging.

What is held is a random point of the ink that is seen: on the paper, and not of no width or ink.
Not every pull can be followed: of a mark that one number moves, each place has one way to go. So
the target is where the place goes when all float parameters change together in a random direction,
as far as brings it a random 2 to 10 mm from where it was. Places that nothing moves so far, or that
jump on the way, are drawn anew. Of a sketch that JAX cannot trace a place cannot be followed that
far: there the target lies straight ahead, the way that the parameters move the place at first.

A hand makes several moves on a straight line from the place to the target. There it rests, and the
studio asks again, with more time, as long as that brings the place nearer. A pull has landed if the
place ends within 0.1 mm of the target; else it may be at a bound of a parameter. Straight ahead may
be out of reach: then it counts as landed, too, where no small change of the parameters would bring
it nearer.
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

MOVES = 8  # on the way from the place that is held to the target
NEAREST, FARTHEST = 2.0, 10.0  # mm from the place to its target
LANDED = 0.1  # mm
AGAIN = 12  # times at most that the studio asks again


class Landing(NamedTuple):
    """How a pull ended: mm from the target, and what each move took, in milliseconds.

    What is asked again while the pointer rests is no move of it.

    `bound` is whether a parameter is at a bound that it would have passed, `nearest` whether the
    place is as near as it gets to a target that may be out of reach; `slow` whether JAX cannot
    trace the sketch. `cpu` is the processor's time for the moves.
    """

    sketch: str
    off: float
    way: float
    bound: bool
    nearest: bool
    slow: bool
    moves: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def landed(self) -> bool:
        """Whether the place has come to where it was pulled, or as near as it gets."""
        return self.off < LANDED or self.nearest


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
    if hand.slow:
        along = _slopes(hand, start, u, grip) @ way
        length = float(np.linalg.norm(along))
        return origin + along * far / length if length > far else None
    places = np.array([c.place(x) for c, x in zip(found, start, strict=True)])
    bounded = np.array([c.bounded for c in found])

    def there(share: float) -> np.ndarray:
        sliders = places + share * way
        sliders = np.where(bounded, np.clip(sliders, 0, 1), sliders)
        vector = np.array([c.value(s) for c, s in zip(found, sliders, strict=True)])
        return hand.at(vector, u, grip)

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
    if not steps[widest] < far / 4 or _jumps(there, *shares[widest : widest + 2]):
        return None
    return there(low)


def _jumps(there: Callable[[float], np.ndarray], a: float, b: float) -> bool:
    """Whether a place does not go from a to b but leaps, as a label does from stroke to stroke."""
    first, last = there(a), there(b)
    whole = float(np.linalg.norm(last - first))
    for _ in range(8):
        middle = (a + b) / 2
        there_then = there(middle)
        if np.linalg.norm(there_then - first) > np.linalg.norm(last - there_then):
            b, last = middle, there_then
        else:
            a, first = middle, there_then
    return float(np.linalg.norm(last - first)) > whole / 8


def _slopes(hand: Drag, vector: np.ndarray, u: float, grip: Grip) -> np.ndarray:
    """How a place of a sketch that JAX cannot trace moves with each slider, (2, k) in mm."""
    with jax.enable_x64(True):
        columns = hand.tangents(vector, u)[1]
        return np.stack([grip.at(column.change) for column in columns], -1)


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
    for number in range(AGAIN):
        before = float(np.linalg.norm(ended.at[0] - target))
        if before < LANDED / 2:
            break
        ended = hand.pull(vector, u, [grip], [target], seconds=seconds[1])
        vector = ended.vector
        if number and np.linalg.norm(ended.at[0] - target) > before - LANDED / 10:
            break
    off, far = (float(np.linalg.norm(x - target)) for x in (ended.at[0], origin))
    nearest = False
    if hand.slow and off >= LANDED:
        with jax.enable_x64(True):
            marks, drawn = hand.drawn(vector, u)
        held = found_again(marks, drawn, ended.at[0], only=grip.mark) or grip
        slopes = _slopes(hand, vector, u, held)
        every, sizes, _ = np.linalg.svd(slopes, full_matrices=False)
        ways = every[:, sizes > 1e-6 * max(sizes.max(), 1e-9)]
        nearest = float(np.linalg.norm(ways.T @ (target - ended.at[0]))) < LANDED
    bound = bool(ended.held_back)
    return Landing(
        hand.drawing.sketch.name, off, far, bound, nearest, hand.slow, tuple(walls), tuple(cpus)
    )
