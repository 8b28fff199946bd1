"""Films of random scenes: some of the marks move, the file is opened again, frame by frame."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np

import gradart as ga
from gradart.drawing.groups import leaves
from gradart.drawing.shapes import Beziers, Dots, Lines, Mark
from gradart.rendering.layout.page import pixel_size
from tests.pictures import played, read

from .painting import Wrong
from .scenes import drawing

ENDINGS = (".gif", ".webp", ".apng", "")
_EXACT = (".apng", "")  # and WebP, but for colors where it is transparent


def check(seed: int, index: int, folder: Path) -> str:
    """Draw a film and look at its frames; raise Wrong for one too few, or other than its still.

    Returns whether there was anything to draw.
    """
    rng = np.random.default_rng([seed, index, 1])
    make, page, px, transparent = drawing(seed, index)
    scene = make()
    if scene.box is None:
        scene = replace(scene, box=np.array([(-1.0, -1.0), (1.0, 1.0)]) * 10 ** rng.uniform(-1, 3))
    way = rng.normal(size=2) * np.ptp(np.asarray(scene.box, float), axis=0)
    moves = rng.random(len(scene.marks)) < rng.choice([0.0, 0.5, 1.0])
    ending, count, fps = rng.choice(ENDINGS), int(rng.integers(1, 6)), float(rng.choice([10, 25]))

    def film(u: Any) -> ga.Scene:
        marks = zip(scene.marks, moves, strict=True)
        return replace(scene, marks=tuple(_moved(m, u * way) if go else m for m, go in marks))

    options = {"page": page, "px": px, "transparent": transparent}
    path = ga.render(film, folder / f"film{ending}", seconds=count / fps, fps=fps, **options)
    durations: list[int] = []
    if path.is_dir():
        frames = [read(file) for file in sorted(path.iterdir())]
    else:
        frames, durations = played(path)
    size = pixel_size(page, px)
    fewer = ending == ".webp"  # where frames are the same, the library makes one of them
    if len(frames) not in (range(1, count + 1) if fewer else [count]):
        raise Wrong(f"{count} frames are {len(frames)} in {path.name}")
    if any(frame.shape != (*size[::-1], 4) for frame in frames):
        raise Wrong(f"a frame of {path.name} is not {size}")
    if ending and abs(sum(durations) - 1000 * count / fps) > 1:
        raise Wrong(f"{path.name} takes {sum(durations)} ms, not {1000 * count / fps}")
    plain = all(mark.style.blend.kind == "over" for mark in leaves(scene.marks))
    if plain and ending in _EXACT:
        last = film(jnp.asarray((count - 1) / count))
        still = read(ga.render(last, folder / "still.png", **options))
        off = np.abs(frames[-1].astype(int) - still)
        if off.mean() > 0.5:  # traced, points are rounded otherwise
            raise Wrong(f"the last frame is {off.max()} off its still")
    return "drawn" if scene.marks else "blank"


def _moved(mark: Mark, way: Any) -> Mark:
    shape = mark.shape
    match shape:
        case Lines(points) | Beziers(points):
            return replace(mark, shape=replace(shape, points=points + way))
        case Dots(centers):
            return replace(mark, shape=replace(shape, centers=centers + way))
    return mark
