"""How what is held moves from picture to picture, of a sketch that JAX cannot trace."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from gradart.drawing.shapes import Mark
from gradart.optimizing.dragging.grips import Grip, line_of, nearest, nearest_on
from gradart.optimizing.dragging.least_squares import START, Move
from gradart.optimizing.dragging.pictures import Pictures
from gradart.optimizing.placed_marks.page_points import Drawn

_STALE = 0.1  # of a slider: so far from where a slope was taken, it is taken anew
_SHORTEST = 8.0  # of the damping: a step of a ninth of the whole one
_SAME = 1e-6  # of a slider: what numbers are rounded to on their way
_BESIDE = 1.0  # mm from what is held, at most, to the place of its line that is held instead


class Known(NamedTuple):
    """Where grips are, (h, 2), at places of all sliders (k,), and about how they move, (h, 2, k).

    `exact` are the places at which that is their slope, and no secant; `grips` those that are there
    now, for a line may have more points at one step, and fewer at the next, and `lines` those that
    they lie on. `damping` is that with which a step from there begins. One that `slides` holds the
    place of its line that is nearest to the target.
    """

    places: np.ndarray
    at: np.ndarray
    slope: np.ndarray
    exact: np.ndarray
    grips: tuple[Grip, ...]
    lines: tuple[np.ndarray, ...]
    damping: float = START
    slides: bool = False


class PictureSteps:
    """The steps of a pull: each draws a picture, and looks for the grips where they should be.

    Held are `grips` of a drawing at a playhead, laid by a placement; `vector` tells the numbers at
    places of the sliders.
    """

    def __init__(
        self,
        pictures: Pictures,
        vector: Callable[[np.ndarray], np.ndarray],
        grips: tuple[Grip, ...],
        u: float,
        placement: np.ndarray,
    ) -> None:
        self._pictures, self._vector = pictures, vector
        self._grips, self._u, self._placement = grips, u, placement
        self._targets = np.full((len(grips), 2), np.nan)
        self.known: Known | None = None

    def move(self, start: np.ndarray, targets: np.ndarray, about: bool) -> Move:
        """How the grips move on the way to targets (h, 2): by pictures, or `about`, by a slope."""
        known = self.known
        if known is not None and known.slides and not np.array_equal(targets, self._targets):
            at, _ = _slid(known, self._targets)  # and so what is held is there from now on
            known = self.known = known._replace(at=at, slides=False)
        self._targets = targets
        if known is None or (not about and np.abs(start - known.exact).max(initial=0) > _STALE):
            known = self.known = self._with_slope(start)
        if about:
            return lambda places: (known.at + known.slope @ (places - known.places), known.slope)

        def by_pictures(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            found = self._at(places)
            if found is None:  # nothing is drawn there
                return np.full((len(self._grips), 2), np.nan), known.slope
            return _slid(found, targets) if found.slides else (found.at, found.slope)

        return by_pictures

    def otherwise(self, known: Known, targets: np.ndarray) -> bool:
        """Whether there is another way on from where a step has led no nearer to targets (h, 2).

        By the exact slope, then to another place of the line that is held, then by shorter steps.
        """
        if np.abs(known.exact - known.places).max(initial=0) > _SAME:
            self.known = known._replace(exact=np.full(len(known.exact), np.inf))
        elif not known.slides and (abs(_slid(known, targets)[0] - known.at) < _BESIDE).all():
            self.known = known._replace(slides=True)
        elif known.damping < _SHORTEST:
            self.known = known._replace(damping=max(1.0, 8 * known.damping))
        else:
            return False
        return True

    def _with_slope(self, start: np.ndarray) -> Known:
        """The grips there with their exact slope."""
        vector, held, last = self._vector(start), self._grips, self.known
        here, columns = self._pictures.tangents(vector, self._u, self._placement)
        marks = self._pictures.marks(vector, self._u)
        if last is not None:
            ahead = last.at + last.slope @ (start - last.places)
            held = _found_again(last, ahead, marks, here)
        slope = np.stack([[g.at(c.change) for g in held] for c in columns], -1)
        at = np.array([g.at(here) for g in held])
        slides = last is not None and last.slides
        return Known(start, at, slope, start, held, _lines(held, marks, here), slides=slides)

    def _at(self, places: np.ndarray) -> Known | None:
        """The grips there; the slope follows what each step has shown (Broyden's method)."""
        last = self.known
        if last is None or np.abs(step := places - last.places).max(initial=0) <= _SAME:
            return last
        marks, drawn = self._pictures.drawn(self._vector(places), self._u, self._placement)
        slope = last.slope
        held = _found_again(last, last.at + slope @ step, marks, drawn)
        try:
            at = np.array([g.at(drawn) for g in held])
        except IndexError:
            return None
        if not np.isfinite(at).all():
            return None
        slope = slope + ((at - last.at - slope @ step)[..., None] * step) / float(step @ step)
        lines = _lines(held, marks, drawn)
        self.known = Known(places, at, slope, last.exact, held, lines, slides=last.slides)
        return self.known


def _lines(held: Sequence[Grip], marks: Sequence[Mark], drawn: Drawn) -> tuple[np.ndarray, ...]:
    return tuple(line_of(grip, marks, drawn) for grip in held)


def _slid(known: Known, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of the lines that are held which are nearest to targets (h, 2), and how these move.

    Along its line none of them moves.
    """
    at, slope = known.at.copy(), known.slope.copy()
    for number, (line, target) in enumerate(zip(known.lines, targets, strict=True)):
        place, inside = nearest_on(line, target)
        at[number], way = place, target - place
        if inside and (size := float(np.linalg.norm(way))) > 0:
            slope[number] = np.outer(way, way @ slope[number]) / size**2
    return at, slope


def _found_again(
    last: Known, ahead: np.ndarray, marks: Sequence[Mark], drawn: Drawn
) -> tuple[Grip, ...]:
    """The grips in another picture: the places of their marks that are nearest to those ahead.

    Not those of the same numbers: of what is cut, sorted or traced anew these are others.
    """
    found = []
    for grip, point in zip(last.grips, ahead, strict=True):
        own = nearest(marks, drawn, point, only=grip.mark)
        found.append(own or nearest(marks, drawn, point) or grip)
    return tuple(found)
