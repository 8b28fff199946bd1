"""What a format's writer is handed: a picture or a film to write, and what its file is to say."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gradart.drawing.shapes import Mark
from gradart.rendering.layout.page import Page, sides

if TYPE_CHECKING:
    from gradart.rendering.html.page_types import ToldPiece


@dataclass(frozen=True)
class OutputSpec:
    """What a file is to be, and what it says of itself, whatever its format.

    The page's long side has `px` pixels, where the format has any, and `ppi` of them are to be an
    inch, if that is asked for; a film is played `plays` times, None for ever, and has at most
    `colors`, where its format counts them. With `selectable_text` type is letters, where the format
    has these. Layers of a format that has them follow the order of drawing if that is to be kept
    (`keep_order`), and what is in them is sorted for a plotter with `optimize`. `sketch` is the
    name of the one that the picture is of, `provenance` JSON that says where it comes from, and
    `day` the moment of its making, as `provenance.date` gives it; each may be empty.
    """

    page: Page
    px: int | None
    transparent: bool
    title: str
    provenance: str
    day: str
    sketch: str = ""
    ppi: float | None = None
    plays: int | None = None
    selectable_text: bool = False
    colors: int = 256
    keep_order: bool = False
    optimize: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """The width and the height in pixels."""
        assert self.px is not None, "of a format that has pixels"
        return sides(self.page, self.px)

    @property
    def density(self) -> float:
        """How many pixels are an inch, so that the picture is as large as its page."""
        assert self.px is not None
        return self.ppi or self.px / max(self.page.width, self.page.height) * 25.4


@dataclass(frozen=True)
class StillSource:
    """A picture that is painted when its writer asks: as pixels, or as marks for what has none.

    `pixels()` are (h, w, 4) straight RGBA bytes; `bands()` are the same in one part, or a large
    picture in several, from top to bottom; `marks()` lie on the page, in mm from its top left
    corner; `paper` is an RGBA color (4,), or None where there is to be none.
    """

    pixels: Callable[[], np.ndarray]
    bands: Callable[[], Iterator[np.ndarray]]
    marks: Callable[[], list[Mark]]
    paper: np.ndarray | None


@dataclass(frozen=True)
class FilmSource:
    """A film whose frames are painted as its writer takes them.

    `frames()` are all `count` of them, (h, w, 4) straight RGBA bytes, to be taken once; `sample(n)`
    are some n that are spread evenly; `size` is their width and height; `paper()` is the RGBA color
    (4,) of the first frame's. `sound` is a file of samples, as many as the
    film lasts.
    """

    frames: Callable[[], Iterator[np.ndarray]]
    sample: Callable[[int], Iterator[np.ndarray]]
    count: int
    fps: float
    size: tuple[int, int]
    paper: Callable[[], np.ndarray]
    sound: Path | None = None


@dataclass(frozen=True)
class ProgramSource:
    """Art as a program that computes it where it is seen.

    `art` is what the page is told of it, but for what `OutputSpec` says; `code` is JavaScript, an
    expression `(constants) => program`; `constants` are its arrays. Where there are lessons,
    `lessons` is such an expression too, and its constants come behind those.
    """

    art: "ToldPiece"
    code: str
    constants: Sequence[np.ndarray]
    lessons: str | None = None


Source = StillSource | FilmSource | ProgramSource


def delays(count: int, fps: float, step: int) -> list[int]:
    """How long each of `count` frames is shown, in ms, in multiples of `step` ms.

    The ends are rounded, not the lengths, so that the sum is right within half a step.
    """
    ends = np.round(np.arange(count + 1) * (1000 / step / fps)).astype(int) * step
    return [int(delay) for delay in np.diff(ends)]
