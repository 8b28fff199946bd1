"""A drawing pulled by hand: its sketch's numbers follow, so that what is held goes along."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.drawing.shapes import Mark
from gradart.errors import ArtError
from gradart.optimizing.dragging.grips import Grip, nearest
from gradart.optimizing.dragging.held_points import MOST, TracedPoints, traceable
from gradart.optimizing.dragging.least_squares import Limits, Move, solved
from gradart.optimizing.placed_marks.page_points import Drawn, PagePoints, page_points
from gradart.optimizing.placed_marks.tangents import Tangent, tangents
from gradart.optimizing.placed_marks.varied_numbers import (
    coordinates,
    inserted,
    numbers,
)
from gradart.sketching.sketch import Sketch

_STALE = 0.1  # of a slider: so far from where a slope was taken, it is taken anew
_DIGITS = 1e-6  # of a slider: what numbers are rounded to


class Pulled(NamedTuple):
    """The numbers that a pull ended with, (k,); where the grips are then, (h, 2) in mm.

    `held_back` are the names of those numbers that are at a bound and would have gone farther.
    """

    vector: np.ndarray
    at: np.ndarray
    held_back: tuple[str, ...]


class _Known(NamedTuple):
    """Where grips are, (h, 2), at places of all sliders (k,), and about how they move, (h, 2, k).

    `exact` are the places at which that is their slope, and no secant; `grips` those that are there
    now, for a line may have more points at one step, and fewer at the next.
    """

    places: np.ndarray
    at: np.ndarray
    slope: np.ndarray
    exact: np.ndarray
    grips: tuple[Grip, ...]


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
    _checked: list[bool] = field(default_factory=list, repr=False, compare=False)
    # Of a slow one, by grips and playhead: the last of its pictures, of the grips that are held.
    _last: dict[object, _Known] = field(default_factory=dict, repr=False, compare=False)
    _pictures: dict[object, tuple[Sequence[Mark], Drawn]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _tangents: dict[object, tuple[Drawn, list[Tangent]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _seconds: list[float] = field(default_factory=list, repr=False, compare=False)
    # Whether a slow one takes JAX's numbers for Python's.
    _takes_arrays: list[bool] = field(default_factory=list, repr=False, compare=False)

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
        marks, drawn = self.drawn(vector, u)
        if self.traced is None or self._checked == [False]:
            return marks, drawn
        if [np.shape(rows) for rows in drawn.points] == self.traced.shapes:
            return marks, drawn
        points = self.traced.every_point(self._places(vector), u, self.placement)
        first = self.drawing.vector
        return self.drawing.marks(first, u), drawn._replace(points=tuple(points))

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
        low = np.array([0.0 if c.bounded else -np.inf for c in found])
        high = np.array([1.0 if c.bounded else np.inf for c in found])
        free = np.array([c.parameter not in locked for c in found], bool)
        wanted = np.asarray(targets, float).reshape(-1, 2)
        with jax.enable_x64(True):
            about = not resting and min(self._seconds, default=0.0) > seconds / 2
            move = self._move(grips, u, start, about)
            deadline = time.perf_counter() + seconds
            places, at, back = solved(move, start, wanted, Limits(low, high, free), deadline)
        moved = np.array([c.value(s) for c, s in zip(found, places, strict=True)])
        ended = np.where(places == start, vector, moved)
        return Pulled(ended, at, tuple(c.name for c, b in zip(found, back, strict=True) if b))

    def drawn(self, vector: np.ndarray, u: float) -> tuple[Sequence[Mark], Drawn]:
        """What is drawn, by its marks in the artist's coordinates and in mm; the last is kept."""
        key = tuple(vector.tolist()), u, tuple(self.placement.tolist())
        if key not in self._pictures:
            self._pictures.clear()
            began = time.perf_counter()
            self._pictures[key] = self._with_marks(vector, u)
            if not self.drawing.is_made(vector):  # what is made already takes no time
                self._seconds.append(time.perf_counter() - began)
        return self._pictures[key]

    def _with_marks(self, vector: np.ndarray, u: float) -> tuple[Sequence[Mark], Drawn]:
        """What is drawn, by programs that serve all numbers if the sketch can take JAX's.

        A number of Python's is written into what is compiled, which is then compiled at each value.
        """
        if self._takes_arrays == [True]:
            try:
                return self.drawing.with_marks(jnp.asarray(vector), u, self.placement)
            except Exception:  # whatever a sketch raises that is called with what it cannot take
                self._takes_arrays[:] = [False]
        return self.drawing.with_marks(vector, u, self.placement)

    def tangents(self, vector: np.ndarray, u: float) -> tuple[Drawn, list[Tangent]]:
        """What a slow sketch draws, and its change by each number; the last is kept."""
        key = tuple(vector.tolist()), u, tuple(self.placement.tolist())
        if key not in self._tangents:
            self._tangents.clear()
            drawing = replace(self.drawing, placement=self.placement)
            self._tangents[key] = _, columns = tangents(drawing, vector, u, traceable=False)
            if not self._takes_arrays:
                self._takes_arrays.append(all(column.how == "exact" for column in columns))
        return self._tangents[key]

    def _move(self, grips: Sequence[Grip], u: float, start: np.ndarray, about: bool) -> Move:
        """How the grips move: exactly, or by a slope that is kept if that is slow; or `about`."""
        traced = self._exact(grips, start, u)
        if traced is not None:
            return lambda places: traced.moves(grips, places, u, self.placement)
        key = tuple(grips), u, tuple(self.placement.tolist())
        known = self._last.get(key)
        if known is None or (not about and np.abs(start - known.exact).max(initial=0) > _STALE):
            vector, held = self._vector(start), tuple(grips)
            here, columns = self.tangents(vector, u)
            if known is not None:
                marks = self.drawing.marks(vector, u)
                ahead = known.at + known.slope @ (start - known.places)
                held = _found_again(known, ahead, marks, here)
            slope = np.stack([[g.at(c.change) for g in held] for c in columns], -1)
            known = _Known(start, np.array([g.at(here) for g in held]), slope, start, held)
            self._last.clear()
            self._last[key] = known
        if about:
            return lambda places: (known.at + known.slope @ (places - known.places), known.slope)

        def by_steps(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            """The slope follows what each step has shown (Broyden's method)."""
            last = self._last[key]
            if np.array_equal(places, last.places):
                return last.at, last.slope
            marks, drawn = self.drawn(self._vector(places), u)
            step, slope = places - last.places, last.slope
            held = _found_again(last, last.at + slope @ step, marks, drawn)
            try:
                at = np.array([g.at(drawn) for g in held])
            except IndexError:  # nothing is drawn there
                return np.full((len(grips), 2), np.nan), slope
            if np.isfinite(at).all() and (size := float(step @ step)) > 0:
                slope = slope + ((at - last.at - slope @ step)[..., None] * step) / size
                self._last[key] = _Known(places, at, slope, last.exact, held)
            return at, slope

        return by_steps

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


def _found_again(
    last: _Known, ahead: np.ndarray, marks: Sequence[Mark], drawn: Drawn
) -> tuple[Grip, ...]:
    """The grips in another picture: the places of their marks that are nearest to those ahead.

    Not those of the same numbers: of what is cut, sorted or traced anew these are others.
    """
    found = []
    for grip, point in zip(last.grips, ahead, strict=True):
        own = nearest(marks, drawn, point, only=grip.mark)
        found.append(own or nearest(marks, drawn, point) or grip)
    return tuple(found)


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
        return Drag(drawing, film, traced, placement)
