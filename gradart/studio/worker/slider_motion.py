"""What a slider does to the picture: how far it moves it, and what a page draws meanwhile."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import jax
import numpy as np

from gradart.drawing.shapes import Beziers, Dots, Lines, Mark
from gradart.errors import ArtError
from gradart.optimizing.dragging.drag import Drag
from gradart.optimizing.placed_marks.page_points import inked, page_points
from gradart.optimizing.placed_marks.varied_numbers import coordinates
from gradart.optimizing.sensitivity.slider_polynomial import Series, polynomial, series
from gradart.optimizing.sensitivity.slider_travel import Moving, Sliding, moving, travel
from gradart.rendering.layout.page import Page
from gradart.sketching.roles import RANGE
from gradart.studio import protocol
from gradart.studio.protocol import ToSend, Values
from gradart.studio.worker.picture import noted
from gradart.studio.worker.sketch_runner import Say, SketchRunner
from gradart.types import Array

_SECONDS = 8.0  # of the processor, for the travel of one slider; slower ones stay evenly spaced
_THIRDS = 0.0, 1 / 3, 2 / 3  # playheads of a film that its travel is measured at
_NONE = np.empty((0, 2))
_MOST = 20_000  # points; of more, lines are thinned
_ACROSS = 15  # cells along the page's long side; in each an arrow at most


@dataclass(frozen=True)
class Preview:
    """The fields of an answer, the coefficients (order + 1, n, 2), and which points are drawn."""

    head: protocol.Touched
    coefficients: np.ndarray
    kept: np.ndarray


class SliderMotion:
    """The tasks about the sliders of a runner's sketch; what they compile is kept between them."""

    def __init__(self, runner: SketchRunner) -> None:
        self._runner = runner
        self._compiled: _Compiled | None = None

    def travel(self, say: Say, values: Values, seed: int) -> ToSend:
        """How the picture goes along each slider, told one by one."""
        parameters = self._runner.sketch.parameters
        with noted(), jax.enable_x64(True):
            sliding = None
            for parameter in parameters:
                if parameter.type != "float" or parameter.choices:
                    continue
                at_heads = self._sliding(values, seed, parameter.name, None)
                if at_heads is None:
                    continue
                sliding = at_heads
                found = travel(sliding, _boxed(sliding), _SECONDS)
                shares = found.shares
                head: protocol.Travel = {
                    "parameter": parameter.name,
                    "shares": None if shares is None else shares.round(5).tolist(),
                    "on_page": found.on_page,
                }
                say(head)
            if sliding is None:
                for parameter in parameters:
                    if parameter.role is RANGE:
                        sliding = self._sliding(values, seed, f"{parameter.name}[0]", None)
            if sliding is not None:  # so that it is compiled when the first slider is touched
                self._preview(sliding, self._runner.sketch.options.at)
        return {}, b""

    def touch(
        self, say: Say, values: Values, seed: int, frame: int | None, parameter: str
    ) -> ToSend:
        """What a parameter, or a number in its list, moves, at the values that all have."""
        with noted(), jax.enable_x64(True):
            u = self._runner.sketch.options.at if frame is None else self._runner.playhead(frame)
            sliding = self._sliding(values, seed, parameter, u)
            if sliding is None:
                raise ArtError(f"{parameter} has no slider")
            (flow,) = sliding.at(sliding.place)
            value = float(sliding.coordinate.value(sliding.place))
            found = self._preview(sliding, u)
        head: protocol.Touched = {
            "parameter": parameter,
            "at": value,
            "unit": sliding.coordinate.slope(value),
            "low": value,
            "high": value,
            "places": 0,
            "paper": "",
            "marks": [],
        }
        page = sliding.drawing.page
        if found is None:
            points = np.concatenate([_NONE, *(path.reshape(-1, 2) for path in flow.paths)])
            moves = np.concatenate([_NONE, *(move[0].reshape(-1, 2) for move in flow.moves)])
            coefficients = np.stack([points, moves])
            coefficients = coefficients[:, spread(points, page)]
            head["places"] = coefficients.shape[1]
        else:
            head |= found.head
            arrows = spread(found.coefficients[0], page)
            head["places"] = len(arrows)
            coefficients = np.concatenate(
                [found.coefficients[:, arrows], found.coefficients[:, found.kept]], 1
            )
        return head, coefficients.astype("<f4").tobytes()

    def _sliding(self, values: Values, seed: int, name: str, u: float | None) -> Sliding | None:
        """A number's slider, at a playhead or at those that stand for a film; if it has one."""
        sketch, full = self._runner.sketch, self._runner.job(values, seed).values
        found = coordinates(sketch, full)
        if name not in [c.name for c in found]:
            return None
        hand = self._runner.hand(values, seed)
        heads = (0.0,) if not hand.film else _THIRDS if u is None else (u,)
        known = self._known(hand, full)
        names = [c.name for c in hand.drawing.coordinates]
        if known.motion is not None and name in names:
            drawing = replace(hand.drawing, values=full)
            return Sliding(drawing, names.index(name), heads, known.motion, known.marks)
        drawing, _ = page_points(sketch, found, full, seed)
        return Sliding(drawing, [c.name for c in found].index(name), heads)

    def _preview(self, sliding: Sliding, u: float) -> Preview | None:
        """What the page can draw by itself; None for a sketch that has no series."""
        known = self._compiled
        if known is None or known.series is None or sliding.motion is None:
            return None
        try:
            return preview(sliding, known.series, u)
        except Exception:  # whatever a sketch raises that is called with what it cannot take
            self._compiled = known._replace(series=None)
            return None

    def _known(self, hand: Drag, values: Mapping[str, object]) -> "_Compiled":
        """What is compiled of a drawing, with the marks that it is for."""
        if self._compiled is None or self._compiled.hand is not hand:
            vector = hand.vector(values)
            motion: Moving | None = None
            with suppress(Exception):  # whatever a sketch raises for what it cannot take
                tried = moving(hand.drawing)
                tried(vector, 0 * vector, 0.0)
                motion = tried
            # A film that is fitted to its page is fitted by frames that are chosen for its numbers.
            simple = motion is not None and not hand.drawing.heads
            told = series(hand.drawing) if simple and hand.drawing.whole(vector, 0.0) else None
            self._compiled = _Compiled(hand, motion, told, hand.drawing.marks(vector, 0.0))
        return self._compiled


class _Compiled(NamedTuple):
    """What is compiled for a hand's drawing; None for what cannot be: JAX does not trace it."""

    hand: Drag
    motion: Moving | None
    series: Series | None
    marks: tuple[Mark, ...]


def _boxed(sliding: Sliding) -> bool:
    """Whether the sketch says itself how it lies on the page."""
    drawing = sliding.drawing
    return drawing.scene(drawing.vector, sliding.heads[0]).box is not None


def preview(sliding: Sliding, known: Series, u: float) -> Preview | None:
    """What the page draws while a slider moves.

    None where no polynomial is right, where the slider also changes colors or widths, and of more
    points than the page can draw in a frame.
    """
    coordinate, drawing = sliding.coordinate, sliding.drawing
    assert sliding.motion is not None
    assert sliding.marks is not None
    vector = drawing.vector
    along = np.eye(len(vector))[sliding.index]
    here, change = sliding.motion(vector, along, u)
    if any(np.any(np.asarray(leaf)) for leaf in change.ink):
        return None
    kept = _kept(
        [(mark, np.asarray(p)) for mark, p in zip(sliding.marks, here.points, strict=True)]
    )
    if kept is None:
        return None
    ends = coordinate.low, coordinate.high
    found = polynomial(known, vector, sliding.index, ends, u, drawing.page)
    if found is None:
        return None
    marks = [
        _stroked(mark, chosen.shape)
        for mark, chosen in zip(inked(sliding.marks, here.ink), kept, strict=True)
    ]
    head: protocol.Touched = {
        "parameter": coordinate.name,
        "at": found.at,
        "unit": found.unit,
        "low": found.low,
        "high": found.high,
        "places": 0,
        "paper": _css(here.ink[0])[0],
        "marks": marks,
    }
    rows = np.concatenate([chosen.ravel() for chosen in kept] or [np.empty(0, int)])
    return Preview(head, found.coefficients, rows)


def _kept(drawn: list[tuple[Mark, np.ndarray]]) -> list[np.ndarray] | None:
    """Which points are drawn of each mark, (paths, points); None if they are too many."""
    lines = sum(p.shape[0] * p.shape[1] for mark, p in drawn if isinstance(mark.shape, Lines))
    rest = sum(p.shape[0] * p.shape[1] for _, p in drawn) - lines
    stride = -(-lines // max(_MOST - rest, 1))
    found, start = [], 0
    for mark, points in drawn:
        count, long = points.shape[:2]
        chosen = np.arange(long)
        if isinstance(mark.shape, Lines) and stride > 1 and long > 2:
            if np.isnan(points).any():  # thinned, a line would go on where its pen lifts
                return None
            chosen = np.unique(np.append(chosen[::stride], long - 1))
        found.append(start + long * np.arange(count)[:, None] + chosen)
        start += count * long
    return found if sum(map(np.size, found)) <= 1.2 * _MOST else None


def _stroked(mark: Mark, size: tuple[int, ...]) -> protocol.Stroked:
    shape, style = mark.shape, mark.style
    closed = isinstance(shape, Lines | Beziers) and shape.closed
    kind: Literal["lines", "beziers", "dots"] = "beziers"
    kind = "dots" if isinstance(shape, Dots) else "lines" if isinstance(shape, Lines) else kind
    return {
        "shape": kind,
        "paths": size[0],
        "points": size[1],
        "closed": closed,
        "stroke": None if style.stroke is None else _css(style.stroke),
        "width": _mm(style.width),
        "fill": None if style.fill is None else _css(style.fill),
        "radius": _mm(shape.radius) if isinstance(shape, Dots) else [],
        "blend": style.blend.kind,
    }


def _mm(sizes: Array) -> list[float]:
    return [round(float(size), 4) for size in np.ravel(np.asarray(sizes))]


def _css(colors: Array) -> list[str]:
    rows = np.clip(np.atleast_2d(np.asarray(colors)), 0, 1)
    return [f"rgb({r:.4g} {g:.4g} {b:.4g} / {a:.4g})" for r, g, b, a in rows * [255, 255, 255, 1]]


def spread(points: np.ndarray, page: Page) -> np.ndarray:
    """Which of points (n, 2) in mm lie on a page, and apart from one another."""
    corner = np.array([page.width, page.height])
    with np.errstate(invalid="ignore"):
        seen = np.flatnonzero(((points >= 0) & (points <= corner)).all(-1))
    scaled = points[seen] / (corner.max() / _ACROSS)
    cells = np.floor(scaled)
    central = np.argsort(np.abs(scaled - cells - 0.5).max(-1), kind="stable")
    _, first = np.unique(cells[central], axis=0, return_index=True)
    return np.asarray(seen[central[first]])
