"""What a slider does to the picture: how far that goes along it, and what it moves, where it is."""

from collections.abc import Mapping
from dataclasses import replace

import jax
import numpy as np

from gradart.drawing.marks import Mark
from gradart.errors import ArtError
from gradart.optimizing.coordinates import coordinates, numbers
from gradart.optimizing.drag import Drag
from gradart.optimizing.page_points import page_points
from gradart.optimizing.sensitivity import Flow
from gradart.optimizing.slider_travel import Moving, Sliding, moving, travel
from gradart.rendering.layout.page import Page
from gradart.studio import protocol
from gradart.studio.protocol import ToSend, Values
from gradart.studio.worker.picture import noted
from gradart.studio.worker.sketch_runner import Say, SketchRunner

_SECONDS = 8.0  # that the travel of one slider may take; slower ones stay evenly spaced
_THIRDS = 0.0, 1 / 3, 2 / 3  # playheads of a film that its travel is measured at
_ACROSS = 15  # cells along the page's long side; in each an arrow at most


class SliderMotion:
    """The tasks about the sliders of a runner's sketch; what they compile is kept between them."""

    def __init__(self, runner: SketchRunner) -> None:
        self._runner = runner
        self._compiled: tuple[Drag, Moving | None, tuple[Mark, ...]] | None = None

    def travel(self, say: Say, values: Values, seed: int) -> ToSend:
        """How the picture goes along each slider, told one by one."""
        with noted(), jax.enable_x64(True):
            for parameter in self._runner.sketch.parameters:
                if parameter.type != "float" or parameter.choices:
                    continue
                sliding = self._sliding(values, seed, parameter.name, None)
                if sliding is None:
                    continue
                found = travel(sliding, _boxed(sliding), _SECONDS)
                shares = found.shares
                head: protocol.Travel = {
                    "parameter": parameter.name,
                    "shares": None if shares is None else shares.round(5).tolist(),
                    "on_page": found.on_page,
                }
                say(head)
        return {}, b""

    def touch(
        self, say: Say, values: Values, seed: int, frame: int | None, parameter: str
    ) -> ToSend:
        """What a parameter moves, at the values that all have."""
        with noted(), jax.enable_x64(True):
            u = self._runner.sketch.options.at if frame is None else self._runner.playhead(frame)
            sliding = self._sliding(values, seed, parameter, u)
            if sliding is None:
                raise ArtError(f"{parameter} has no slider")
            value = sliding.coordinate.value(sliding.place)
            (flow,) = sliding.at(sliding.place)
            places = _spread(flow, sliding.drawing.page)
        head: protocol.Touched = {
            "parameter": parameter,
            "at": float(value),
            "unit": sliding.coordinate.slope(value),
        }
        return head, places.astype("<f4").tobytes()

    def _sliding(self, values: Values, seed: int, name: str, u: float | None) -> Sliding | None:
        """A parameter's slider, at a playhead or at those that stand for a film; if it has one."""
        sketch, full = self._runner.sketch, self._runner.job(values, seed).values
        found = coordinates(sketch, full)
        if name not in [c.parameter for c in found if c.index is None]:
            return None
        hand = self._runner.hand(values, seed)
        heads = (0.0,) if not hand.film else _THIRDS if u is None else (u,)
        motion, marks = self._motion(hand, full)
        names = [c.name for c in hand.drawing.coordinates]
        if motion is not None and name in names:
            drawing = replace(hand.drawing, values=full)
            return Sliding(drawing, names.index(name), heads, motion, marks)
        drawing, _ = page_points(sketch, found, full, seed)
        return Sliding(drawing, [c.name for c in found].index(name), heads)

    def _motion(
        self, hand: Drag, values: Mapping[str, object]
    ) -> tuple[Moving | None, tuple[Mark, ...]]:
        """How a drawing moves, compiled, and its marks; None for one that JAX cannot trace."""
        if self._compiled is None or self._compiled[0] is not hand:
            motion, vector = moving(hand.drawing), hand.vector(values)
            marks = hand.drawing.marks(vector, 0.0)
            try:
                motion(vector, 0 * vector, 0.0)
            except Exception:  # whatever a sketch raises that is called with what it cannot take
                self._compiled = hand, None, marks
            else:
                self._compiled = hand, motion, marks
        return self._compiled[1:]


def _boxed(sliding: Sliding) -> bool:
    """Whether the sketch says itself how it lies on the page."""
    vector = numbers(sliding.drawing.coordinates, sliding.drawing.values)
    return sliding.drawing.scene(vector, sliding.heads[0]).box is not None


def _spread(flow: Flow, page: Page) -> np.ndarray:
    """Places of a drawing that lie apart, and how these move: (2, n, 2) in mm."""
    corner = np.array([page.width, page.height])
    places = np.concatenate([path.reshape(-1, 2) for path in flow.paths] or [np.empty((0, 2))])
    moves = np.concatenate([m[0].reshape(-1, 2) for m in flow.moves] or [np.empty((0, 2))])
    with np.errstate(invalid="ignore"):
        seen = ((places >= 0) & (places <= corner)).all(-1)
    places, moves = places[seen], moves[seen]
    cell = corner.max() / _ACROSS
    cells = np.floor(places / cell)
    central = np.argsort(np.abs(places / cell - cells - 0.5).max(-1), kind="stable")
    _, first = np.unique(cells[central], axis=0, return_index=True)
    return np.stack([places[central[first]], moves[central[first]]])
