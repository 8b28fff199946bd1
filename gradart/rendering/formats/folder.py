"""A folder of pictures, one for each frame of a film: frame_0000.png and so on."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gradart.rendering.formats.png import text_in as text_in  # of its first frame
from gradart.rendering.formats.png import without_alpha, write_png
from gradart.rendering.formats.registry import FRAMES
from gradart.rendering.thread_pool import ahead

if TYPE_CHECKING:
    import numpy as np

    from gradart.rendering.formats.output import FilmSource, OutputSpec


def write(target: Path, film: "FilmSource", spec: "OutputSpec") -> None:
    """Write the frames of a film into a folder that is there."""
    write_folder(target, film.frames(), spec.provenance, spec.day, spec.density)


def write_folder(
    folder: Path,
    frames: "Iterable[np.ndarray]",
    comment: str = "",
    day: str = "",
    density: float | None = None,
) -> None:
    """Write each frame as a picture, frame_0000.png and so on, of `density` pixels an inch."""

    def write_frame(number: int, frame: "np.ndarray") -> None:
        with open(folder / FRAMES.replace("*", f"{number:04}"), "wb") as file:
            picture = without_alpha(frame)
            write_png(file, picture, comment=comment, day=day, density=density)

    for _ in ahead(partial(write_frame, *numbered) for numbered in enumerate(frames)):
        pass
