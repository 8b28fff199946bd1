"""How far the picture travels along each slider, and where on it the picture stays on its page."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.drawing.shapes import Mark
from gradart.optimizing.placed_marks.page_points import Drawn, PagePoints
from gradart.optimizing.placed_marks.tangents import tangents
from gradart.optimizing.placed_marks.varied_numbers import Coordinate, inserted
from gradart.optimizing.sensitivity.sensitivity import Flow, flow, summed_moves

_PLACES = 13  # of a slider, where it is measured how fast the picture moves
_STEPS = 64  # of a slider, for which it is told how far the picture has gone by then
_SLOWEST = 0.1  # of the mean: slower parts of a slider are passed as if the picture moved so fast
_HALVINGS = 7  # of a slider's part, to find where the picture leaves its page
_MEASURED = 0.7  # of the places; elsewhere it jumps, or the sketch refuses
_STILL = 1e-3  # mm over all of a slider: nobody sees it move

# What is drawn at numbers (k,), and its change along a direction (k,), at a playhead.
Moving = Callable[[np.ndarray, np.ndarray, float], tuple[Drawn, Drawn]]


class Travel(NamedTuple):
    """How the picture goes as a slider goes from its low end to its high one.

    `shares` (65,) are of its way, from 0 to 1, at evenly spaced places of the slider; None where
    that has no measure. `on_page` are the places between which all of the picture stays on the
    page as it does now; None for a picture that is fitted to its page, one that is cut already,
    and one that no place of the slider takes off it.
    """

    shares: np.ndarray | None
    on_page: tuple[float, float] | None


def moving(drawing: PagePoints) -> Moving:
    """A compiled function of a drawing's numbers: what is drawn for them, and how it changes."""

    @jax.jit
    def both(x: jax.Array, along: jax.Array, u: jax.Array) -> tuple[Drawn, Drawn]:
        here, change = jax.jvp(lambda y: drawing(y, u), (x,), (along,))
        kept = [
            jnp.where(jnp.isnan(p), 0, v)
            for p, v in zip(*(here.points, change.points), strict=True)
        ]
        return here, change._replace(points=tuple(kept))

    return lambda vector, along, u: both(jnp.asarray(vector), jnp.asarray(along), u)


@dataclass(frozen=True)
class Sliding:
    """One number of a drawing as its slider moves it, all others being what they are.

    `motion` is what `moving` compiled for a drawing that JAX can trace, whose `marks` are always as
    many. Another one has None for both, and is differentiated by differences. The mean is over the
    playheads `heads`.
    """

    drawing: PagePoints
    index: int
    heads: tuple[float, ...]
    motion: Moving | None = None
    marks: tuple[Mark, ...] | None = None

    @property
    def coordinate(self) -> Coordinate:
        """The number that is moved."""
        return self.drawing.coordinates[self.index]

    @property
    def place(self) -> float:
        """Where the slider is now."""
        return self.coordinate.place(float(self.drawing.vector[self.index]))

    def at(self, place: float) -> list[Flow]:
        """What is drawn with the slider at a place in [0, 1], and how it moves: for each head.

        Raises ValueError where it has no derivative, and what the sketch raises.
        """
        vector = self.drawing.vector
        vector[self.index] = self.coordinate.value(place)
        return [self._flow(vector, u) for u in self.heads]

    def _flow(self, vector: np.ndarray, u: float) -> Flow:
        if self.motion is not None and self.marks is not None:
            along = np.zeros(len(vector))
            along[self.index] = self.coordinate.slope(vector[self.index])
            here, change = self.motion(vector, along, u)
            return flow(u, self.marks, here, [change])
        values = inserted(self.drawing.coordinates, vector, self.drawing.values)
        alone = replace(self.drawing, coordinates=(self.coordinate,), values=values)
        x = vector[[self.index]]
        here, (tangent,) = tangents(alone, x, u)
        if tangent.how == "jumps":
            raise ValueError
        return flow(u, alone.marks(x, u), here, [tangent.change])


def travel(sliding: Sliding, boxed: bool, seconds: float = np.inf) -> Travel:
    """How the picture goes along a slider; what is not known after some `seconds` of work is None.

    The speed is the root of the mean square over all that is drawn on the page, by length, as
    `sensitivity` has it; it is linear between places where it was measured. `boxed` is whether the
    sketch says how it lies on the page, so that it can leave it.
    """
    deadline = time.process_time() + seconds
    places = np.linspace(0, 1, _PLACES)
    speeds, outside = np.full(_PLACES, np.nan), np.full(_PLACES, np.nan)
    for i, place in enumerate(places):
        try:
            flows = sliding.at(float(place))
        except Exception:  # whatever a sketch raises that is called with what it cannot take
            flows = []
        if flows:
            speeds[i], outside[i] = _speed(sliding, flows), _outside(sliding, flows)
        if time.process_time() > deadline:
            return Travel(None, None)
    try:
        on_page = _around(sliding, places, outside) if boxed else None
    except Exception:  # as above
        on_page = None
    return Travel(_shares(places, speeds), on_page)


def _shares(places: np.ndarray, speeds: np.ndarray) -> np.ndarray | None:
    found = np.isfinite(speeds)
    if found.mean() < _MEASURED or speeds[found].mean() < _STILL:
        return None
    fine = np.linspace(0, 1, _STEPS + 1)
    slowest = _SLOWEST * speeds[found].mean()
    speed = np.interp(fine, places[found], np.maximum(speeds[found], slowest))
    way = np.concatenate([[0.0], np.cumsum(speed[1:] + speed[:-1])])
    return np.asarray(way / way[-1])


def _speed(sliding: Sliding, flows: list[Flow]) -> float:
    squares, length = 0.0, 0.0
    for one in flows:
        for square, long, _ in summed_moves(one, 0, sliding.drawing.page):
            squares, length = squares + square, length + long
    return float(np.sqrt(squares / length)) if length else 0.0


def _outside(sliding: Sliding, flows: list[Flow]) -> float:
    """How many mm the picture reaches over the page's edge; below 0 if it stays within."""
    corner = np.array([sliding.drawing.page.width, sliding.drawing.page.height])
    over = [np.maximum(-path, path - corner) for one in flows for path in one.paths]
    reach = [np.nanmax(x) for x in over if x.size and not np.isnan(x).all()]
    return float(max(reach, default=-np.inf))


def _around(
    sliding: Sliding, places: np.ndarray, outside: np.ndarray
) -> tuple[float, float] | None:
    """The places about the slider's own between which the picture stays on the page."""
    now = sliding.place
    off = outside > 0
    if not off.any() or _outside(sliding, sliding.at(now)) > 0:
        return None
    step = 1 / (_PLACES - 1)
    below, above = places[off & (places < now)], places[off & (places > now)]
    low = _edge(sliding, min(below[-1] + step, now), below[-1]) if below.size else 0.0
    high = _edge(sliding, max(above[0] - step, now), above[0]) if above.size else 1.0
    return low, high


def _edge(sliding: Sliding, inside: float, outside: float) -> float:
    """Where between a place at which the picture stays on its page and one at which it does not."""
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if _outside(sliding, sliding.at(middle)) <= 0:
            inside = middle
        else:
            outside = middle
    return float(inside)
