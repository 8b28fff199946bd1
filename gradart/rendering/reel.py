"""A film's frames as pixels: computed one by one, painted side by side, only a few at a time."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from gradart.drawing.marks import Lines, Mark
from gradart.drawing.scene import Scene
from gradart.errors import ArtError
from gradart.rendering import cairo
from gradart.rendering.ahead import ahead
from gradart.rendering.film import Frames
from gradart.rendering.page import Page, Placement, fit
from gradart.rendering.place import paper as ground
from gradart.rendering.place import place

Framing = Callable[[Scene], Placement]


def framing(frames: Frames, heads: Iterable[float], page: Page) -> Framing:
    """How each scene of a film lies on the page: all the same, so that their union fits.

    Scenes with a box lie by it, which may move: a camera that pans and zooms.
    """
    heads = iter(heads)
    first = frames.at(next(heads))
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
        yield first
        for u in heads:
            yield moved(frames.at(u))

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

    What does not move and lies under all that moves is painted once. A warning tells of a mark
    that is in no frame, unless these are only samples of the film.
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
    under = _still(frames)
    base = None
    complaints = not samples
    for u in heads:
        scene = frames.at(u)
        placement = framed(scene)
        paper = None if transparent else ground(scene)
        if under and base is None:
            back = replace(scene, marks=scene.marks[:under])
            base = cairo.painted(place(back, placement, page), page, px, paper)
        front = replace(scene, marks=scene.marks[under:])
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            try:
                marks = place(front, placement, page)
            except ArtError:
                place(scene, placement, page)  # counts the marks as the artist does
                raise
        complaints = complaints and bool(said)
        yield partial(_front, base, marks, page, px, paper)
    if complaints:  # out of sight in some frames is meant, in all of them is not
        place(scene, placement, page)


def _still(frames: Frames) -> int:
    """How many marks, counted from the back, are the same in all frames, paper and box too."""
    if frames.moves is None or frames.paper_moves or frames.box_moves:
        return 0
    return next((i for i, moves in enumerate(frames.moves) if moves), len(frames.moves))


def _front(
    base: np.ndarray | None, marks: list[Mark], page: Page, px: int, paper: np.ndarray | None
) -> np.ndarray:
    """A frame's pixels: its marks over what is painted already, or else on paper."""
    bare = paper if base is None else None
    return cairo.straight(cairo.painted(marks, page, px, bare, base))
