"""Exposures that are found: one for all frames of a film, and that of the whole page for a view.

Found for each frame anew they would flicker; for each view, what is zoomed to would get darker.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count

import numpy as np

from gradart.drawing.groups import leaves
from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Group, Mark
from gradart.errors import ArtError
from gradart.rendering.film.tracing import Frames
from gradart.rendering.ink.blending import every_run, exposure_at, exposure_on, runs
from gradart.rendering.layout.page import Page, Placement
from gradart.rendering.layout.pixel_grid import PixelGrid
from gradart.rendering.layout.transform import place

_SAMPLES = 5  # frames; the fullest of them is exposed well

Exposures = Mapping[int, float]  # by the number of the run of marks, see `blending.every_run`


def film_exposures(
    frames: Frames, heads: np.ndarray, framed: Callable[[Scene], Placement], page: Page
) -> Exposures:
    """Return the exposures that a film leaves to be found, each that of its fullest frame."""
    wanted = _automatic(frames.at(heads[0]))
    found: dict[int, float] = {}
    if not wanted:
        return found
    samples = np.unique(np.linspace(0, len(heads) - 1, _SAMPLES).astype(int)).tolist()
    for at in [*samples, *(i for i in range(len(heads)) if i not in samples)]:
        if at not in samples and wanted <= found.keys():
            break  # else ink that is in none of the samples is looked for in all other frames
        u = float(heads[at])
        with frames.naming(u):
            scene = frames.at(u)
            here = exposures(scene, framed(scene), page)
        for number, factor in here.items():
            found[number] = min(factor, found.get(number, factor))
    return found


def exposed(scene: Scene, found: Exposures) -> Scene:
    """Return the scene with the exposures of some of its runs, by their numbers, set to these."""
    if not found:
        return scene
    numbers = count()

    def told(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
        """Marks whose runs are counted as `every_run` does."""
        some: list[Mark] = []
        for blend, run in runs(marks):
            number = next(numbers)
            if blend.exposure is None and number in found:
                run = [_with(mark, found[number]) for mark in run]
            some += [_inside(mark, told) for mark in run]
        return tuple(some)

    return replace(scene, marks=told(scene.marks))


def _inside(mark: Mark, change: Callable[[tuple[Mark, ...]], tuple[Mark, ...]]) -> Mark:
    """A mark with what is in it changed, if it is a group."""
    if not isinstance(mark.shape, Group):
        return mark
    return replace(mark, shape=replace(mark.shape, marks=change(mark.shape.marks)))


def _automatic(scene: Scene) -> set[int]:
    """Return the numbers of the runs whose exposure is to be found."""
    return {
        number
        for number, (blend, _) in enumerate(every_run(scene.marks))
        if blend.kind != "over" and blend.exposure is None
    }


def exposures(
    scene: Scene, placement: Placement, page: Page, whole: PixelGrid | None = None
) -> Exposures:
    """Return the exposures that are to be found, by the numbers of the runs that have some ink.

    They are those of the page, or those that a picture of it in the pixels `whole` finds.
    """
    found: dict[int, float] = {}
    for number, (blend, run) in enumerate(every_run(scene.marks)):
        if blend.kind == "over" or blend.exposure is not None:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they come again when the frames are painted
            try:
                # Of a clipped scene they lie in a group.
                marks = list(leaves(place(replace(scene, marks=tuple(run)), placement, page)))
            except ArtError:
                place(scene, placement, page)  # counts the marks as the artist does
                raise
        if whole is None:
            factor = exposure_on(marks, blend.kind, page)
        else:
            factor = exposure_at(marks, blend.kind, whole)
        if factor:
            found[number] = factor
    return found


def _with(mark: Mark, exposure: float) -> Mark:
    blend = replace(mark.style.blend, exposure=exposure)
    return replace(mark, style=replace(mark.style, blend=blend))
