"""A drawing pulled by hand: its sketch's numbers follow, so that what is held goes along."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import jax
import numpy as np

from gradart.drawing.shapes import Mark
from gradart.errors import ArtError, Untraceable, causes
from gradart.optimizing.coordinates import Coordinate, coordinates, inserted, numbers
from gradart.optimizing.grips import Grip, nearest
from gradart.optimizing.page_points import Drawn, PagePoints, page_points
from gradart.optimizing.tangents import tangents
from gradart.optimizing.traced_points import MOST, TracedPoints
from gradart.sketching.sketch import Sketch
from gradart.sketching.values import Value

_STEPS = 40
_NEAR, _LANDED = 1e-4, 0.05  # mm; nearer does not count; is near enough not to look elsewhere
_STILL = 1e-4  # mm that a step would bring what is held nearer; less does not count
_FAR = 0.25  # of a slider, at most, in one step
_START, _LEAST, _GIVE_UP = 1e-6, 1e-12, 1e6  # of the damping
_SIDES = 3  # slopes that a step is to suit
_DIGITS = 1e-6  # of a slider: what numbers are rounded to

# Where the grips are (h, 2) at places of all sliders (k,), and how they move with these (h, 2, k).
_Move = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


class Pulled(NamedTuple):
    """The numbers that a pull ended with, (k,); where the grips are then, (h, 2) in mm.

    `held_back` are the names of those numbers that are at a bound and would have gone farther.
    """

    vector: np.ndarray
    at: np.ndarray
    held_back: tuple[str, ...]


@dataclass(frozen=True)
class Drag:
    """A sketch whose drawing can be held and pulled, with all but its floats as they are.

    What is compiled for it serves all pulls, at any playhead. `slow` is whether JAX cannot trace
    the sketch: each step then calls it a few times.
    """

    drawing: PagePoints
    film: bool
    traced: TracedPoints | None
    _checked: list[bool] = field(default_factory=list, repr=False, compare=False)
    # Of a slow one, by grips and playhead: the places of the last step, and the slope there.
    _slopes: dict[object, tuple[np.ndarray, np.ndarray, np.ndarray]] = field(
        default_factory=dict, repr=False, compare=False
    )

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

    def values(self, vector: np.ndarray) -> dict[str, Value]:
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
        drawn = self.drawing(vector, u)
        if self.traced is None or self._checked == [False]:
            return self.drawing.marks(vector, u), drawn
        if [np.shape(rows) for rows in drawn.points] == self.traced.shapes:
            return self.drawing.marks(vector, u), drawn
        points = self.traced.every_point(self._places(vector), u)
        first = self.drawing.vector
        return self.drawing.marks(first, u), drawn._replace(points=tuple(points))

    def _by_its_own_index(self, grip: Grip, drawn: Drawn, vector: np.ndarray, u: float) -> Grip:
        """A place by the index that its path has in any order of the paths."""
        places = self._places(vector)
        if (traced := self._exact([grip], places, u)) is None or not traced.sorts:
            return grip
        path = traced.path(grip.mark, np.asarray(drawn.points[grip.mark])[grip.path], places, u)
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
                return grip.at(self.drawing(vector, u))
            return traced.moves([grip], places, u)[0][0]

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
    ) -> Pulled:
        """Move the numbers (k,) so that each of the grips comes as near to its target as it can.

        Numbers stay within their bounds, and those of `locked` parameters where they are. Of all
        ways the one is taken on which sliders move least: damped least squares, with the bounds
        that are met taken out (Levenberg, Marquardt). It ends after some `seconds`, if need be on
        the way. Raises ArtError for more than eight grips.
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
            move = self._move(grips, u, start)
            deadline = time.perf_counter() + seconds
            limits = low, high, free
            places, at, back = _solve(move, start, wanted, limits, deadline)
            for nudge in _nudges(free):
                off = np.linalg.norm(wanted - at)
                if off < _LANDED or back.any() or time.perf_counter() > deadline:
                    break
                other = _solve(move, np.clip(places + nudge, low, high), wanted, limits, deadline)
                if np.linalg.norm(wanted - other[1]) < off / 2:
                    places, at, back = other
        moved = np.array([c.value(s) for c, s in zip(found, places, strict=True)])
        ended = np.where(places == start, vector, moved)
        return Pulled(ended, at, tuple(c.name for c, b in zip(found, back, strict=True) if b))

    def _move(self, grips: Sequence[Grip], u: float, start: np.ndarray) -> _Move:
        """How the grips move, exactly, or where that is slow by a slope that is kept up."""
        drawing, found = self.drawing, self.drawing.coordinates
        traced = self._exact(grips, start, u)
        if traced is not None:
            return lambda places: traced.moves(grips, places, u)

        def vector(places: np.ndarray) -> np.ndarray:
            return np.array([c.value(s) for c, s in zip(found, places, strict=True)])

        known = self._slopes.get((tuple(grips), u))
        if known is not None and np.array_equal(known[0], start):
            _, at_start, slope = known
        else:
            here, columns = tangents(drawing, vector(start), u)
            slope = np.stack([[g.at(c.change) for g in grips] for c in columns], -1)
            at_start = np.array([g.at(here) for g in grips])
        last = start, at_start
        self._slopes.clear()

        def by_steps(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            """The slope follows what each step has shown (Broyden's method)."""
            nonlocal slope, last
            if np.array_equal(places, last[0]):
                return last[1], slope
            drawn = drawing(vector(places), u)
            try:
                at = np.array([g.at(drawn) for g in grips])
            except IndexError:  # it has fewer points there
                return np.full((len(grips), 2), np.nan), slope
            step = places - last[0]
            if np.isfinite(at).all() and (size := float(step @ step)) > 0:
                slope = slope + ((at - last[1] - slope @ step)[..., None] * step) / size
                last = places, at
                self._slopes[tuple(grips), u] = places, at, slope
            return at, slope

        return by_steps

    def _exact(self, grips: Sequence[Grip], places: np.ndarray, u: float) -> TracedPoints | None:
        """The drawing as JAX has traced it; None if that has failed, or has no derivative here."""
        if self.traced is not None and not self._checked:
            try:
                at, slopes = self.traced.moves(grips, places, u)
                fine = bool(np.isfinite(at).all() and np.isfinite(slopes).all())
            except Exception:  # whatever a sketch raises that is called with what it cannot take
                fine = False
            self._checked.append(fine)
        return self.traced if self._checked == [True] else None


def drag(sketch: Sketch, values: Mapping[str, object], seed: int) -> Drag:
    """A sketch to be pulled about, with all of its parameters' values; see `Drag`.

    A float on which the structure of the drawing depends, as how many strokes there are, stays as
    it is if there are others. Raises ArtError for a sketch without floats, and what the sketch
    raises.
    """
    with jax.enable_x64(True):
        found = coordinates(sketch, values)
        if not found:
            raise ArtError(f"{sketch.name} has no float parameter that a hand could move")
        drawing, film = page_points(sketch, found, values, seed)
        drawing, traced = _traceable(drawing)
        return Drag(drawing, film, traced)


def _traceable(drawing: PagePoints) -> tuple[PagePoints, TracedPoints | None]:
    """A drawing with those coordinates by which JAX can trace it; with all, if it can by none."""
    found = drawing.coordinates

    def by(some: tuple[Coordinate, ...]) -> tuple[PagePoints, TracedPoints] | None:
        one = replace(drawing, coordinates=some, ahead=True)
        try:
            return one, TracedPoints(one)
        except Exception as error:  # whatever a sketch raises that is called with what is traced
            if not any(isinstance(e, Untraceable) and "text" in str(e) for e in causes(error)):
                return None
        try:  # with what its texts tell: to know that takes as long as a picture, or ten times that
            one = replace(one, texts=one.numbers_in_texts(numbers(some, one.values)))
            return one, TracedPoints(one)
        except Exception:  # as above
            return None

    try:
        return drawing, TracedPoints(drawing)
    except Exception:  # as above
        traced = by(found)
    if traced is None and len(found) > 1:
        some = tuple(c for c in found if by((c,)) is not None)
        traced = by(some) if some else None
    return traced or (drawing, None)


def _nudges(free: np.ndarray) -> Iterator[np.ndarray]:
    """Small changes of one slider each: from there another way may lead to where none has led."""
    for size in (0.02, 0.08):
        for index in np.flatnonzero(free):
            for sign in (1, -1):
                yield sign * size * np.eye(len(free))[index]


def _solve(
    move: _Move,
    places: np.ndarray,
    targets: np.ndarray,
    limits: tuple[np.ndarray, np.ndarray, np.ndarray],
    deadline: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where sliders end, where the grips are then, and which are held back by a bound."""
    low, high, free = limits
    at, slope = move(places)
    slopes = [slope]  # the one here, and those of steps that have failed
    damping = _START
    active = free
    for _ in range(_STEPS):
        left = (targets - at).ravel()
        rows = np.concatenate([s.reshape(len(left), -1) for s in slopes])
        wanted = np.tile(left, len(slopes))
        uphill = rows.T @ wanted
        active = free & ~((places <= low) & (uphill < 0)) & ~((places >= high) & (uphill > 0))
        if np.abs(left).max(initial=0.0) < _NEAR or not active.any():
            break
        some = rows[:, active]
        size = max(float((some**2).sum()), 1e-12)
        # The least step of those that do it: solved on the side of the grips, which are few.
        square = some @ some.T + damping * size * np.eye(len(wanted))
        step = np.zeros_like(places)
        step[active] = some.T @ np.linalg.solve(square, wanted)
        step *= min(1.0, _FAR / max(float(np.abs(step).max()), 1e-300))
        if np.abs(slopes[0].reshape(len(left), -1) @ step).max() < _STILL:
            break
        tried = np.clip(places + step, low, high)
        new_at, new_slope = move(tried)
        error, new_error = float((left**2).sum()), float(((targets - new_at) ** 2).sum())
        if new_error < error:
            places, at = tried, new_at
            slopes = [new_slope] if new_error < error / 4 else [new_slope, *slopes[1:]]
            damping = max(damping / 8, _LEAST)
        else:  # so it is for NaN, too
            # Where other ink comes to touch the margin, slopes jump: a step has to suit both sides.
            if np.isfinite(new_slope).all():
                slopes = [slopes[0], new_slope, *slopes[1:]][:_SIDES]
            damping = max(8 * damping, 1e-9)
        if damping > _GIVE_UP or np.abs(step).max() < 1e-12 or time.perf_counter() > deadline:
            break
    return places, at, free & ~active
