"""A film's frames as pixels: computed one by one, painted side by side, only a few at a time."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from gradart.drawing.shapes import Group, Mark, Raster
from gradart.errors import ArtError, warn
from gradart.rendering.film.painted_frames import PaintedFrames
from gradart.rendering.film.tracing import frame_name
from gradart.rendering.formats.output import FilmSource, OutputSpec
from gradart.rendering.ink.blending import weight
from gradart.rendering.layout.pixel_grid import PixelGrid, pixel_grid
from gradart.rendering.layout.transform import place
from gradart.rendering.painting import cairo
from gradart.rendering.pipeline import Composition, Still
from gradart.rendering.thread_pool import ahead

_KEPT = 1 << 26  # bytes of frames that a palette is made from, until they are written
_FEW = 10_000  # numbers in marks, painted in about the time in which a picture is laid on another


def paint(
    film: Composition,
    px: int,
    heads: Iterable[float] | None = None,
    *,
    transparent: bool = False,
    samples: bool = False,
    ready: PaintedFrames | None = None,
) -> Iterator[np.ndarray]:
    """The frames of a film, or those at `heads`, in turn: (h, w, 4) of straight RGBA bytes.

    What does not move and lies under all that moves, or over it, is painted once. A warning tells
    of a mark that is in no frame, unless these are only samples of the film. Frames that are
    `ready` are not painted anew.
    """
    grid = pixel_grid(film.page, px)
    heads = film.heads if heads is None else heads
    ready = PaintedFrames(0) if ready is None else ready
    return ahead(_works(film, heads, grid, transparent, samples, ready))


def film_source(
    film: Composition,
    fps: float,
    spec: OutputSpec,
    progress: Callable[[int, int], object] | None = None,
    sound: Path | None = None,
) -> FilmSource:
    """What a format's writer is handed of a film, which calls `progress(done, total)`.

    The frames that a palette is made from are kept until they are written; and all, as far as there
    is room, where `film.painted` is to have those of this size.
    """
    assert spec.px is not None  # no film without pixels
    px, transparent = spec.px, spec.transparent
    count = len(film.heads)
    shared = film.painted.get((px, transparent))
    kept = PaintedFrames(_KEPT) if shared is None else shared

    def all_frames() -> Iterator[np.ndarray]:
        frames = paint(film, px, transparent=transparent, ready=kept)
        for number, (u, frame) in enumerate(zip(film.heads, frames, strict=True), 1):
            if shared is not None:
                shared.keep(u, frame)
            if progress is not None:
                progress(number, count)
            yield frame

    def sample(most: int) -> Iterator[np.ndarray]:
        heads = film.heads[np.unique(np.linspace(0, count - 1, most).astype(int))]
        frames = paint(film, px, heads, transparent=transparent, samples=True, ready=kept)
        for u, frame in zip(heads, frames, strict=True):
            kept.keep(u, frame)
            yield frame

    def paper() -> np.ndarray:
        return film.still(film.heads[0]).paper

    return FilmSource(all_frames, sample, count, fps, spec.size, paper, sound)


def _works(
    film: Composition,
    heads: Iterable[float],
    grid: PixelGrid,
    transparent: bool,
    samples: bool,
    ready: PaintedFrames,
) -> Iterator[Callable[[], np.ndarray]]:
    """For each frame what is left to a painter: its marks are computed and placed here."""
    complaints = not samples
    layers = None
    inked = False
    blank: list[float] = []  # playheads of frames without ink after one with some
    between: list[float] = []  # and before another one
    for u in heads:
        still = film.still(u)
        with film.frames.naming(u):
            paper = None if transparent else still.paper
            if layers is None:
                layers = _layers(still, grid, paper)
            below, moving, above = layers
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                try:
                    marks = _placed(still, moving)
                except ArtError:
                    _placed(still)  # counts the marks as the artist does
                    raise
        complaints = complaints and bool(said)
        if marks or below is not None or above is not None:
            inked, blank, between = True, [], between + blank
        elif inked:  # a film may begin and end with bare paper
            blank.append(u)
        bare = paper if below is None else None
        if u in ready:
            yield partial(ready.frame, u)
            continue
        yield partial(cairo.pixels, marks, grid, bare, below, above, by_area=film.by_area)
    if complaints:  # out of sight in some frames is meant, in all of them is not
        _placed(still)
    if between and not samples:
        many = f", and {len(between) - 1} more," if len(between) > 1 else ""
        where = frame_name(between[0], film.frames.count or len(between))
        message = f"{where}{many} shows nothing: no mark has a point on the page there"
        warn(message)


def _placed(still: Still, some: slice = slice(None)) -> list[Mark]:
    """Some of a still's marks, or all, placed on the page."""
    scene = replace(still.scene, marks=still.scene.marks[some])
    return place(scene, still.placement, still.composition.page)


def _layers(
    still: Still, grid: PixelGrid, paper: np.ndarray | None
) -> tuple[np.ndarray | None, slice, np.ndarray | None]:
    """What lies below all marks that move, painted; these marks; what lies above, painted.

    Nothing is painted where paper or box move, and of what is above only what takes long.
    """
    frames, marks = still.composition.frames, still.scene.marks
    if frames.moves is None or frames.paper_moves or frames.box_moves:
        return None, slice(None), None
    moving = [i for i, moves in enumerate(frames.moves) if moves] or [len(marks)]
    start, stop = moving[0], moving[-1] + 1

    def painted(some: slice, paper: np.ndarray | None) -> np.ndarray:
        marks = _placed(still, some)
        return cairo.painted(marks, grid, paper, by_area=still.composition.by_area)

    above = _many(marks[stop:])
    return (
        painted(slice(start), paper) if marks[:start] else None,
        slice(start, stop if above else len(marks)),
        painted(slice(stop, None), None) if above else None,
    )


def _many(marks: tuple[Mark, ...]) -> bool:
    """Whether a picture of marks is laid over a frame sooner than they are painted, and as well.

    It is where they are opaque: what is faint loses some of its 8 bits in a picture of its own.
    """
    for mark in marks:
        inks = [ink for ink in (mark.style.stroke, mark.style.fill) if ink is not None]
        opaque = all((np.asarray(ink)[..., 3] == 1).all() for ink in inks)
        if isinstance(mark.shape, Raster | Group) or mark.style.blend.kind != "over" or not opaque:
            return False
    return weight(marks) > _FEW
