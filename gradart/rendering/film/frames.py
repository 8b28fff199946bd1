"""A film's frames as pixels: computed one by one, painted side by side, only a few at a time."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from gradart.drawing.marks import Lines, Mark, Raster
from gradart.drawing.scene import Scene
from gradart.errors import ArtError, ArtWarning
from gradart.rendering.film.thread_pool import ahead
from gradart.rendering.film.tracing import Frames, frame_name
from gradart.rendering.ink.blending import weight
from gradart.rendering.layout.page import Page, Placement, fit
from gradart.rendering.layout.transform import paper as ground
from gradart.rendering.layout.transform import place
from gradart.rendering.painting import cairo
from gradart.rendering.painting.pixel_format import straight

_FEW = 10_000  # numbers in marks, painted in about the time in which a picture is laid on another

Framing = Callable[[Scene], Placement]


def framing(frames: Frames, heads: Iterable[float], page: Page) -> Framing:
    """How each scene of a film lies on the page: all the same, so that their union fits.

    Scenes with a box lie by it, which may move: a camera that pans and zooms.
    """
    heads = iter(heads)
    now = next(heads)
    with frames.naming(lambda: now):
        first = frames.at(now)
    if first.box is not None:
        return lambda scene: fit([scene], page)

    def moved(scene: Scene) -> Scene:
        """The scene without the ink that the first one has shown already."""
        if frames.moves is None:
            return scene
        empty = Lines(np.empty((0, 2, 2)))  # keeps the numbers of the other marks in messages
        pairs = zip(scene.marks, frames.moves, strict=True)
        return replace(
            scene, marks=tuple(m if moves else replace(m, shape=empty) for m, moves in pairs)
        )

    def extents() -> Iterator[Scene]:
        nonlocal now
        yield first
        for now in heads:
            yield moved(frames.at(now))

    with frames.naming(lambda: now):
        placement = fit(extents(), page)
    return lambda scene: placement


def paint(
    frames: Frames,
    heads: Iterable[float],
    framed: Framing,
    page: Page,
    px: int,
    *,
    transparent: bool = False,
    samples: bool = False,
) -> Iterator[np.ndarray]:
    """The frames at the playheads in turn, (h, w, 4) of straight RGBA bytes.

    What does not move and lies under all that moves, or over it, is painted once. A warning tells
    of a mark that is in no frame, unless these are only samples of the film.
    """
    return ahead(_works(frames, heads, framed, page, px, transparent, samples))


def _works(
    frames: Frames,
    heads: Iterable[float],
    framed: Framing,
    page: Page,
    px: int,
    transparent: bool,
    samples: bool,
) -> Iterator[Callable[[], np.ndarray]]:
    """For each frame what is left to a painter: its marks are computed and placed here."""
    complaints = not samples
    layers = None
    inked = False
    blank: list[float] = []  # playheads of frames without ink after one with some
    between: list[float] = []  # and before another one
    for u in heads:
        with frames.naming(u):
            scene = frames.at(u)
            placement = framed(scene)
            paper = None if transparent else ground(scene)
            if layers is None:
                layers = _layers(frames, scene, placement, page, px, paper)
            below, moving, above = layers
            front = replace(scene, marks=scene.marks[moving])
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                try:
                    marks = place(front, placement, page)
                except ArtError:
                    place(scene, placement, page)  # counts the marks as the artist does
                    raise
        complaints = complaints and bool(said)
        if marks or below is not None or above is not None:
            inked, blank, between = True, [], between + blank
        elif inked:  # a film may begin and end with bare paper
            blank.append(u)
        bare = paper if below is None else None
        yield partial(_front, marks, page, px, bare, below, above)
    if complaints:  # out of sight in some frames is meant, in all of them is not
        place(scene, placement, page)
    if between and not samples:
        many = f", and {len(between) - 1} more," if len(between) > 1 else ""
        where = frame_name(between[0], frames.count or len(between))
        message = f"{where}{many} shows nothing: no mark has a point on the page there"
        warnings.warn(message, ArtWarning, stacklevel=2)


def _layers(
    frames: Frames,
    scene: Scene,
    placement: Placement,
    page: Page,
    px: int,
    paper: np.ndarray | None,
) -> tuple[np.ndarray | None, slice, np.ndarray | None]:
    """What lies below all marks that move, painted; these marks; what lies above, painted.

    Nothing is painted where paper or box move, and of what is above only what takes long.
    """
    if frames.moves is None or frames.paper_moves or frames.box_moves:
        return None, slice(None), None
    moving = [i for i, moves in enumerate(frames.moves) if moves] or [len(scene.marks)]
    start, stop = moving[0], moving[-1] + 1

    def painted(marks: tuple[Mark, ...], paper: np.ndarray | None) -> np.ndarray:
        return cairo.painted(place(replace(scene, marks=marks), placement, page), page, px, paper)

    below, above = scene.marks[:start], scene.marks[stop:]
    return (
        painted(below, paper) if below else None,
        slice(start, stop if _many(above) else len(scene.marks)),
        painted(above, None) if _many(above) else None,
    )


def _many(marks: tuple[Mark, ...]) -> bool:
    """Whether a picture of marks is laid over a frame sooner than they are painted, and as well.

    It is where they are opaque: what is faint loses some of its 8 bits in a picture of its own.
    """
    for mark in marks:
        inks = [ink for ink in (mark.style.stroke, mark.style.fill) if ink is not None]
        opaque = all((np.asarray(ink)[..., 3] == 1).all() for ink in inks)
        if isinstance(mark.shape, Raster) or mark.style.blend.kind != "over" or not opaque:
            return False
    return weight(marks) > _FEW


def _front(*painting: Any) -> np.ndarray:
    """A frame's pixels."""
    return straight(cairo.painted(*painting))
