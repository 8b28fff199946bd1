"""A drawing pulled by hand: its sketch's numbers follow, so that what is held goes along."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

import jax
import numpy as np

from gradart.drawing.shapes import Mark
from gradart.errors import ArtError
from gradart.optimizing.dragging.grips import Grip, nearest
from gradart.optimizing.dragging.held_points import MOST, TracedPoints, traceable
from gradart.optimizing.dragging.least_squares import LANDED, Limits, Move, solved
from gradart.optimizing.dragging.picture_steps import PictureSteps
from gradart.optimizing.dragging.pictures import Pictures
from gradart.optimizing.placed_marks.page_points import Drawn, PagePoints, page_points
from gradart.optimizing.placed_marks.tangents import Tangent
from gradart.optimizing.placed_marks.varied_numbers import (
    coordinates,
    inserted,
    numbers,
)
from gradart.sketching.sketch import Sketch

_DIGITS = 1e-6  # of a slider: what numbers are rounded to
_NEAR, _ON_THE_WAY = 1e-4, 0.01  # mm from a target, where the hand rests and where it goes on
_NEARER = 0.01  # mm by which a pull has to help, for another one to the same target

# What is held: the grips, the playhead, and how the drawing lies on its page.
_Held = tuple[tuple[Grip, ...], float, tuple[float, ...]]


class Pulled(NamedTuple):
    """The numbers that a pull ended with, (k,); where the grips are then, (h, 2) in mm.

    `held_back` are the names of those numbers that are at a bound and would have gone farther. To
    pull `again` to the same targets may bring the grips nearer.
    """

    vector: np.ndarray
    at: np.ndarray
    held_back: tuple[str, ...]
    again: bool


@dataclass(frozen=True)
class Drag:
    """A sketch whose drawing can be held and pulled, with all but its floats as they are.

    How it lies on its page, by scale, dx and dy (3,), stays as it is meanwhile: fitted anew at each
    step, all of it would move for what touches the margin, with kinks. What is compiled serves all
    pulls, at any playhead and placement. `slow` is whether JAX cannot trace
    the sketch: each step then calls it a few times.
    """

    drawing: PagePoints
    film: bool
    traced: TracedPoints | None
    placement: np.ndarray
    _pictures: Pictures = field(repr=False, compare=False)
    _checked: list[bool] = field(default_factory=list, repr=False, compare=False)
    # Of what is held: how it moves from picture to picture, or where it was last, and its slope.
    _steps: dict[_Held, PictureSteps] = field(default_factory=dict, repr=False, compare=False)
    _last: dict[_Held, tuple[np.ndarray, np.ndarray, np.ndarray]] = field(
        default_factory=dict, repr=False, compare=False
    )
    # Whether what is followed has had other points than what is drawn, as before it is simplified.
    _other: list[bool] = field(default_factory=list, repr=False, compare=False)

    def laid(self, placement: np.ndarray) -> "Drag":
        """The same where the drawing lies on the page by another scale, dx and dy (3,)."""
        return replace(self, placement=placement)

    @property
    def slow(self) -> bool:
        """Whether JAX cannot trace the sketch; of one that it can, known after the first grip."""
        return self.traced is None or self._checked == [False]

    def vector(self, values: Mapping[str, object]) -> np.ndarray:
        """The numbers (k,) among the values of all parameters."""
        return numbers(self.drawing.coordinates, values)

    def fixed(self, values: Mapping[str, object], seed: int) -> object:
        """All but the numbers; if that changes, another drawing is to be pulled."""
        moving = {c.parameter for c in self.drawing.coordinates}
        kept = [(name, value) for name, value in values.items() if name not in moving]
        lengths = [len(v) for n, v in values.items() if n in moving and isinstance(v, tuple)]
        return kept, lengths, seed

    def values(self, vector: np.ndarray) -> dict[str, object]:
        """The values of those parameters that hold the numbers (k,), rounded beyond sight."""
        found = self.drawing.coordinates
        rounded = [
            round(float(x), max(0, int(-np.floor(np.log10(_DIGITS * (c.high - c.low))))))
            for c, x in zip(found, vector, strict=True)
        ]
        held = [
            min(max(x, c.low), c.high) if c.bounded else x
            for c, x in zip(found, rounded, strict=True)
        ]
        all_of = inserted(found, np.array(held), self.drawing.values)
        return {c.parameter: all_of[c.parameter] for c in found}

    def grip(self, vector: np.ndarray, u: float, point: Sequence[float]) -> Grip:
        """The place on the drawing that is nearest to a point of the page in mm.

        Raises ArtError if nothing is drawn.
        """
        with jax.enable_x64(True):
            marks, drawn = self._followed(vector, u)
            found = nearest(marks, drawn, np.asarray(point, float))
            if found is None:
                raise ArtError("nothing is drawn that could be held")
            return self._by_its_own_index(found, drawn, vector, u)

    def _followed(self, vector: np.ndarray, u: float) -> tuple[Sequence[Mark], Drawn]:
        """The marks that are drawn, or as they are followed: with texts of numbers as at first."""
        if self.traced is None or self._checked == [False]:
            return self.drawn(vector, u)
        if not self._other:
            marks, drawn = self.drawn(vector, u)
            if [np.shape(rows) for rows in drawn.points] == self.traced.shapes:
                return marks, drawn
            self._other.append(True)
        points = tuple(self.traced.every_point(self._places(vector), u, self.placement))
        return self.drawing.marks(self.drawing.vector, u), Drawn(points, ())

    def _by_its_own_index(self, grip: Grip, drawn: Drawn, vector: np.ndarray, u: float) -> Grip:
        """A place by the index that its path has in any order of the paths."""
        places = self._places(vector)
        if (traced := self._exact([grip], places, u)) is None or not traced.sorts:
            return grip
        points = np.asarray(drawn.points[grip.mark])[grip.path]
        path = traced.path(grip.mark, points, places, u, self.placement)
        if path is not None:
            return grip._replace(path=path)
        traced.in_any_order()
        return grip

    def at(self, vector: np.ndarray, u: float, grip: Grip) -> np.ndarray:
        """Where a place of the drawing is, (2,) in mm."""
        with jax.enable_x64(True):
            places = self._places(vector)
            traced = self._exact([grip], places, u)
            if traced is None:
                return grip.at(self.drawn(vector, u)[1])
            return traced.moves([grip], places, u, self.placement)[0][0]

    def _places(self, vector: np.ndarray) -> np.ndarray:
        found = self.drawing.coordinates
        return np.array([c.place(x) for c, x in zip(found, vector, strict=True)])

    def pull(
        self,
        vector: np.ndarray,
        u: float,
        grips: Sequence[Grip],
        targets: Sequence[Sequence[float]] | np.ndarray,
        *,
        locked: Collection[str] = (),
        seconds: float = np.inf,
        resting: bool = True,
    ) -> Pulled:
        """Move the numbers (k,) so that each of the grips comes as near to its target as it can.

        Numbers stay within their bounds, and those of `locked` parameters where they are. Of all
        ways the one is taken on which sliders move least: damped least squares, with the bounds
        that are met taken out (Levenberg, Marquardt). It ends after some `seconds`, if need be on
        the way. A picture may take longer than that: then, unless the hand is `resting`, the
        numbers follow the slope of the last one, and so about. Raises ArtError for more than eight
        grips.
        """
        if len(grips) > MOST:
            raise ArtError(f"{MOST} places can be held at a time, not {len(grips)}")
        found = self.drawing.coordinates
        start = self._places(vector)
        limits = self._limits(locked, _NEAR if resting else _ON_THE_WAY)
        wanted = np.asarray(targets, float).reshape(-1, 2)
        with jax.enable_x64(True):
            steps, about = None, False
            if traced := self._exact(grips, start, u):
                move: Move = partial(self._followed_to, traced, self._key(grips, u))
            else:
                steps = self._steps_of(grips, u)
                about = not resting and self._pictures.seconds > seconds / 2
                move = steps.move(start, wanted, about)
            before = float(np.linalg.norm(wanted - move(start)[0]))
            known = steps.known if steps else None
            if known:
                limits = limits._replace(damping=known.damping)
            deadline = time.perf_counter() + (0.0 if about else seconds)  # one step is all of it
            places, at, back = solved(move, start, wanted, limits, deadline)
            off = float(np.linalg.norm(wanted - at))
            again = about or (off > LANDED and (not resting or off < before - _NEARER))
            if steps and known and resting and off > LANDED and not again:
                again = steps.otherwise(known, wanted)
        moved = np.array([c.value(s) for c, s in zip(found, places, strict=True)])
        ended = np.where(places == start, vector, moved)
        names = tuple(c.name for c, b in zip(found, back, strict=True) if b)
        return Pulled(ended, at, names, again)

    def _limits(self, locked: Collection[str], near: float) -> Limits:
        found = self.drawing.coordinates
        low = np.array([0.0 if c.bounded else -np.inf for c in found])
        high = np.array([1.0 if c.bounded else np.inf for c in found])
        return Limits(low, high, np.array([c.parameter not in locked for c in found], bool), near)

    def drawn(self, vector: np.ndarray, u: float) -> tuple[Sequence[Mark], Drawn]:
        """What is drawn, by its marks in the artist's coordinates and in mm."""
        return self._pictures.drawn(vector, u, self.placement)

    def tangents(self, vector: np.ndarray, u: float) -> tuple[Drawn, list[Tangent]]:
        """What a slow sketch draws, and its change by each number."""
        return self._pictures.tangents(vector, u, self.placement)

    def _key(self, grips: Sequence[Grip], u: float) -> _Held:
        return tuple(grips), u, tuple(self.placement.tolist())

    def _steps_of(self, grips: Sequence[Grip], u: float) -> PictureSteps:
        """The steps by which a slow sketch is pulled: the last ones, if these held the same."""
        key = self._key(grips, u)
        if key not in self._steps:
            held, vector = tuple(grips), self._vector
            self._steps.clear()
            self._steps[key] = PictureSteps(self._pictures, vector, held, u, self.placement)
        return self._steps[key]

    def _followed_to(
        self, traced: TracedPoints, key: _Held, places: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Where grips are and how they move; the last is kept, where the next move begins."""
        last = self._last.get(key)
        if last is not None and np.abs(step := places - last[0]).max(initial=0) <= _DIGITS:
            return last[1] + last[2] @ step, last[2]
        found = traced.moves(key[0], places, key[1], self.placement)
        self._last.clear()
        self._last[key] = places, *found
        return found

    def _vector(self, places: np.ndarray) -> np.ndarray:
        found = self.drawing.coordinates
        return np.array([c.value(s) for c, s in zip(found, places, strict=True)])

    def _exact(self, grips: Sequence[Grip], places: np.ndarray, u: float) -> TracedPoints | None:
        """The drawing as JAX has traced it; None if that has failed, or has no derivative here."""
        if self.traced is not None and not self._checked:
            try:
                at, slopes = self.traced.moves(grips, places, u, self.placement)
                fine = bool(np.isfinite(at).all() and np.isfinite(slopes).all())
            except Exception:  # whatever a sketch raises that is called with what it cannot take
                fine = False
            self._checked.append(fine)
        return self.traced if self._checked == [True] else None


def drag(
    sketch: Sketch,
    values: Mapping[str, object],
    seed: int,
    placement: np.ndarray | None = None,
) -> Drag:
    """A sketch to be pulled about, with all of its parameters' values; see `Drag`.

    It lies on its page by a `placement`, scale, dx and dy (3,), or as it is fitted to it now. A
    float on which the structure of the drawing depends, as how many strokes there are, stays as
    it is if there are others. Raises ArtError for a sketch without floats, and what the sketch
    raises.
    """
    with jax.enable_x64(True):
        found = coordinates(sketch, values)
        if not found:
            raise ArtError(f"{sketch.name} has no float parameter that a hand could move")
        drawing, film = page_points(sketch, found, values, seed)
        placement = drawing.fitted(sketch.options.at) if placement is None else placement
        drawing, traced = traceable(drawing)
        return Drag(drawing, film, traced, placement, Pictures(drawing))
