"""A sketch in a worker process, the last picture of it, and the tasks that draw it."""

import importlib
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from typing import NotRequired, TypedDict, Unpack

import numpy as np

from gradart.drawing.color.palettes import NAMED
from gradart.errors import ArtError
from gradart.jobs.job import Job
from gradart.jobs.sources import sources_of
from gradart.optimizing.dragging.drag import Drag, drag
from gradart.rendering.film.tracing import playheads
from gradart.rendering.formats.registry import FORMATS, suffixes
from gradart.rendering.layout.page import Placement
from gradart.rendering.layout.pixel_grid import View
from gradart.rendering.options import RenderOptions
from gradart.sketching.error_reporting import said
from gradart.sketching.loading import choose, load
from gradart.sketching.parameters import Parameter, checked
from gradart.sketching.sketch import Sketch, check_seed
from gradart.sketching.value_texts import as_plain, paths
from gradart.studio import protocol
from gradart.studio.protocol import ToSend, Values
from gradart.studio.worker.picture import Format, Picture, draw, film_frames, noted, show

# say(head, body) sends a message, and raises Interrupted if another request has come.
Say = Callable[..., None]


class Seen(TypedDict):
    """The part of the page that is wanted, None for all, and whether the drawing is held."""

    view: View | None
    held: NotRequired[bool]


class SketchRunner:
    """Holds a loaded sketch. Its methods are the tasks; each returns its last answer.

    Or what encodes it: a task of its own, before which the next request may be sent.
    """

    def __init__(self) -> None:
        self._sketch: Sketch | None = None
        self._picture: Picture | None = None
        self._hand: tuple[object, Drag] | None = None  # and what else it was made for
        self.pulled_to: object = None  # the targets of the last pull
        self.held: Placement | None = None  # how the drawing lay when it was taken hold of

    def load(self, say: Say, file: str, sketch: str | None) -> ToSend:
        """Load a sketch file; one that cannot be loaded leaves the last one loaded."""
        importlib.invalidate_caches()
        loaded = load(Path(file))
        self._sketch = choose(loaded, Path(file), sketch)
        self._picture = self._hand = self.held = None
        files = [file for _, file in paths({p.name: p.default for p in self._sketch.parameters})]
        watched = [self._sketch.file, *loaded.imports, *files]
        head: protocol.Loaded = {
            "sketch": described(self._sketch),
            "watch": [str(path) for path in watched],
        }
        return head, b""

    def draw(
        self,
        say: Say,
        values: Values,
        seed: object,
        px: int,
        kind: Format,
        frame: int | None,
        **seen: Unpack[Seen],
    ) -> Callable[[], ToSend]:
        """A still, or of a film one frame, whole or the part of the page that is seen.

        While it is held the drawing lies as it did when it was taken hold of.
        """
        with noted() as notes:
            picture, new = self._drawn(values, seed)
            at, lying = _at(picture, frame), self.held if seen.get("held") else None
            encode, placement, stages = show(picture, at, px, kind, seen["view"], lying)
        for name, ms in picture.stages.items() if new else ():
            stages[name] = stages.get(name, 0.0) + ms
        page = picture.page
        head: protocol.Drawn = {
            "page": (page.width, page.height, page.margin),
            "placement": {"scale": placement.scale, "dx": placement.dx, "dy": placement.dy},
            "frames": len(picture.heads),
            "frame": _frame(picture, at),
            "stages": stages,
            "fields": [probe.name for probe in picture.fields],
            "notes": list(dict.fromkeys(picture.notes + notes)),
        }
        return lambda: (head, encode())

    def frames(self, say: Say, values: Values, seed: object, px: int, first: int) -> ToSend:
        """All frames of a film, one after the other, from the one that is seen."""
        with noted():
            picture, _ = self._drawn(values, seed)
            for index, data in film_frames(picture, first, px):
                say({"frame": index}, data)
        return {}, b""

    def thumbnails(self, say: Say, file: str, px: int) -> ToSend:
        """A small picture of each sketch of a file, which is then no longer loaded.

        If all could be drawn, the last answer tells what they were made from.
        """
        self._sketch = self._picture = self._hand = None
        loaded = load(Path(file))
        jobs = [Job(sketch, {}, sketch.seed) for sketch in loaded.sketches]
        whole = True
        for job in jobs:
            sketch = job.sketch
            several = f"{Path(file).stem}:{sketch.name}" if len(jobs) > 1 else None
            head = {"name": sketch.name, "title": sketch.title, "address": several}
            try:
                with noted():
                    picture = draw(job)
                    encode, _, _ = show(picture, _at(picture, None), px, "jpeg")
                say(head, encode())
            except ArtError as exc:
                whole = False
                say({**head, "wrong": said(exc)})
        return ({"sources": sources_of(jobs)} if whole else {}), b""

    def probe(
        self,
        say: Say,
        values: Values,
        seed: object,
        field: int,
        at: tuple[float, float],
    ) -> ToSend:
        """The value of a field at a point of the drawing, and its gradient there."""
        picture, _ = self._drawn(values, seed)
        if not picture.fields:
            raise ArtError("the sketch looks at no field")
        probe = picture.fields[field % len(picture.fields)]
        value, gradient = probe.at(at)
        return {"name": probe.name, "at": at, "value": value, "gradient": gradient}, b""

    def _drawn(self, values: Values, seed: object) -> tuple[Picture, bool]:
        """The picture of these values, and whether it is new."""
        job = self.job(values, seed)
        last = self._picture
        if last is not None and (last.job.values, last.job.seed) == (job.values, job.seed):
            return last, False
        self._picture = None  # two may be more than the memory holds
        self._picture = draw(job)
        return self._picture, True

    def hand(self, values: Values, seed: object) -> Drag:
        """The sketch to be pulled about; the same, compiled, while only its floats change.

        Raises ArtError for a sketch without floats.
        """
        job = self.job(values, seed)
        held = None if self.held is None else np.array(astuple(self.held))
        if self._hand is None or self._hand[0] != self._hand[1].fixed(job.values, job.seed):
            hand = drag(job.sketch, job.values, job.seed, held)
            self._hand = hand.fixed(job.values, job.seed), hand
        elif held is not None and not np.array_equal(held, self._hand[1].placement):
            self._hand = self._hand[0], self._hand[1].laid(held)
        return self._hand[1]

    def placement(self, values: Values, seed: object, frame: int | None) -> Placement:
        """How the picture of these values lies on its page."""
        picture, _ = self._drawn(values, seed)
        return picture.composition.still(_at(picture, frame)).placement

    @property
    def sketch(self) -> Sketch:
        """The loaded sketch. Raises ArtError if there is none."""
        if self._sketch is None:
            raise ArtError("there is no sketch yet")
        return self._sketch

    def job(self, values: Values, seed: object, **options: Unpack[RenderOptions]) -> Job:
        """A job of the loaded sketch; the values are held to what the command line holds them."""
        full = checked(self.sketch.name, self.sketch.parameters, values)
        return Job(self.sketch, full, check_seed(seed), options)

    def playhead(self, frame: int) -> float:
        """The playhead of a film's frame."""
        heads = playheads(self.sketch.options.seconds, self.sketch.options.fps)
        return float(heads[frame % len(heads)])


def _at(picture: Picture, frame: int | None) -> float:
    """The playhead of a frame; without one that of the sketch's still."""
    if not len(picture.heads):
        return 0.0
    if frame is None:
        return picture.job.settled.at
    return float(picture.heads[frame % len(picture.heads)])


def _frame(picture: Picture, at: float) -> int | None:
    """The number of the frame that is nearest to a playhead."""
    return round(at * len(picture.heads)) % len(picture.heads) if len(picture.heads) else None


def described(sketch: Sketch) -> protocol.Sketch:
    """What the browser needs to know of a sketch."""
    return {
        "name": sketch.name,
        "title": sketch.title,
        "notes": sketch.notes,
        "file": sketch.file.name,
        "seed": sketch.seed,
        "takesKey": sketch.takes_key,
        "fps": sketch.options.fps,
        "formats": [{"suffix": ending, "kind": FORMATS[ending].kind} for ending in suffixes()],
        "parameters": [_parameter(p) for p in sketch.parameters],
    }


def _parameter(p: Parameter) -> protocol.Parameter:
    bounds, named = p.bounds, p.type in ("palette", "ramp")
    return {
        "name": p.name,
        "type": p.type,
        "default": as_plain(p.default),
        "low": bounds.low if bounds else None,
        "high": bounds.high if bounds else None,
        "step": bounds.step if bounds else None,
        "log": bool(bounds and bounds.log),
        "choices": list(NAMED if named else p.choices),
        "palettes": NAMED if named else {},
        "parts": [_parameter(part) for part in p.parts],
        "varies": p.varies,
        "optional": p.optional,
        "role": p.role.name if p.role else "",
        "section": p.section,
        "help": p.help,
    }
