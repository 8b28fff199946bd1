"""One exposure for a whole film: automatic ones, a frame at a time, would flicker."""

import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gradart.drawing.marks import Mark
from gradart.drawing.scene import Scene
from gradart.errors import ArtError
from gradart.rendering.film import Frames
from gradart.rendering.layers import exposure_on, runs
from gradart.rendering.page import Page, Placement
from gradart.rendering.place import place

_SAMPLES = 5  # frames; the fullest of them is exposed well


def steady(
    frames: Frames, heads: np.ndarray, framed: Callable[[Scene], Placement], page: Page
) -> Frames:
    """Return the film with its automatic exposures set, each to that of the fullest frame."""
    if not _automatic(frames.at(heads[0])):
        return frames
    found: dict[int, float] = {}
    for at in np.unique(np.linspace(0, len(heads) - 1, _SAMPLES).astype(int)):
        scene = frames.at(heads[at])
        for number, factor in _exposures(scene, framed(scene), page):
            found[number] = min(factor, found.get(number, factor))

    def exposed(u: float) -> Scene:
        scene = frames.at(u)
        marks: list[Mark] = []
        for number, (blend, run) in enumerate(runs(scene.marks)):
            if blend.exposure is None and number in found:
                run = [_with(mark, found[number]) for mark in run]
            marks += run
        return replace(scene, marks=tuple(marks))

    return replace(frames, at=exposed)


def _automatic(scene: Scene) -> bool:
    blends = [mark.style.blend for mark in scene.marks]
    return any(blend.kind != "over" and blend.exposure is None for blend in blends)


def _exposures(scene: Scene, placement: Placement, page: Page) -> list[tuple[int, float]]:
    """Return the numbers of the runs that have some ink to expose, and the exposure of each."""
    found = []
    for number, (blend, run) in enumerate(runs(scene.marks)):
        if blend.kind == "over" or blend.exposure is not None:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they come again when the frames are painted
            try:
                marks = place(replace(scene, marks=tuple(run)), placement, page)
            except ArtError:
                place(scene, placement, page)  # counts the marks as the artist does
                raise
        if factor := exposure_on(marks, blend.kind, page):
            found.append((number, factor))
    return found


def _with(mark: Mark, exposure: float) -> Mark:
    blend = replace(mark.style.blend, exposure=exposure)
    return replace(mark, style=replace(mark.style, blend=blend))
