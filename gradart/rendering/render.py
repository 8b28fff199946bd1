"""From art to a file: all is checked, then rendered, then put in place whole."""

import inspect
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypedDict, Unpack, overload

import numpy as np

from gradart.drawing.scene import Scene
from gradart.errors import ArtError, ArtWarning, kind_of
from gradart.rendering.files.atomic import folders, replacing, replacing_folder, scratch
from gradart.rendering.files.provenance import as_json, as_xmp, date
from gradart.rendering.files.streams import Stream, pour, stream
from gradart.rendering.film.frames import paint
from gradart.rendering.film.tracing import playheads
from gradart.rendering.formats import encoders
from gradart.rendering.formats.gif import write_gif
from gradart.rendering.layout.page import Page, pixel_size
from gradart.rendering.layout.page import page as sheet_of
from gradart.rendering.options import Options
from gradart.rendering.painting import cairo
from gradart.rendering.pipeline import Composition, compose
from gradart.rendering.vector.svg import svg

STILLS = (".png", ".svg", ".pdf")
FILMS = (".gif", ".mp4", ".webp", ".apng", "")  # the last is a folder of frames
_SIDES = {".webp": 16_383, ".mp4": 16_384}  # px, what the format can hold
_GIF_FPS = 50  # players take a delay of 10 ms for a mistake, and show such a frame for 100
_SAMPLES = 8  # frames that a GIF's palette is made from

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class _Print:
    """What becomes of art: the format, its size, and what the file says of itself."""

    ending: str
    sheet: Page
    px: int  # of the long side
    transparent: bool
    title: str
    said: str  # where it comes from, as JSON
    day: str


class How(TypedDict, total=False):
    """The options of `render`."""

    format: str | None
    page: str | Page | None
    landscape: bool | None
    margin: float | None
    px: int | None
    seconds: float | None
    fps: float | None
    transparent: bool
    at: float | None
    provenance: dict[str, Any] | None
    progress: Progress | None


@overload
def render(art: Any, path: str | Path, **how: Unpack[How]) -> Path: ...
@overload
def render(art: Any, path: None = None, **how: Unpack[How]) -> bytes: ...
@overload
def render(art: Any, path: BinaryIO, **how: Unpack[How]) -> BinaryIO: ...
def render(
    art: Any,
    path: str | Path | BinaryIO | None = None,
    *,
    format: str | None = None,
    page: str | Page | None = None,
    landscape: bool | None = None,
    margin: float | None = None,
    px: int | None = None,
    seconds: float | None = None,
    fps: float | None = None,
    transparent: bool = False,
    at: float | None = None,
    provenance: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> Path | BinaryIO | bytes:
    """Render a scene or a film, or a sketch's for its defaults, to `path`, and return that.

    The ending says what it becomes: a still as .png, .svg or .pdf, a film as .gif, .mp4, .webp,
    .apng, or without an ending a folder of pictures. To a binary file object, and to bytes where
    there is no path, it becomes what `format` says, like "png". The still of a film is its frame at
    playhead `at`. Page, margin, length and playhead are those of the sketch that the art is of, or
    else A4, 7.5 %, 4 s at 25 frames a second and 0. The page's long side has `px` pixels. Of a GIF
    no pixel is farther than 0.1 in OKLab from the picture's color, nor, as far as 255 colors can,
    more than one in fifty farther than 0.02. `provenance` goes into the file as JSON, and its
    `title` (or `sketch`) and `date` where the format has them; `progress(done, total)` is called
    after each frame.

    >>> render(skiers(n=50), "skiers.gif", page="square", px=480)
    >>> data = render(forward_spiral, format="svg")
    """
    flow = stream(_named(path)) if isinstance(path, str | Path) else None
    if flow or not isinstance(path, str | Path):
        given: How = {"page": page, "landscape": landscape, "margin": margin, "px": px}
        given |= {"seconds": seconds, "fps": fps, "transparent": transparent, "at": at}
        given |= {"provenance": provenance, "progress": progress}
        return _elsewhere(art, flow or path, format, given)
    path = Path(path)
    ending = path.suffix.lower()
    if format is not None and _ending(format) != ending:
        raise ArtError(f"format={format!r} is not that of {path.name}; leave it out")
    check_format(path, transparent)
    if (drawn := getattr(art, "_art_", None)) is not None:
        art = drawn()
    meant: Options = getattr(art, "options", None) or Options()
    seconds = meant.seconds if seconds is None else seconds
    fps = meant.fps if fps is None else fps
    at = meant.at if at is None else at
    _check(art, ending, at)
    sheet = sheet_for(meant, page, landscape, margin)
    px = default_px(path) if px is None else px
    _check_size(px, ending, sheet)
    if ending == ".gif":
        fps = _gif_fps(fps)
    heads = np.zeros(1) if isinstance(art, Scene) else playheads(seconds, fps)
    facts = {"date": date()} if provenance is None else provenance
    how = _Print(
        ending,
        sheet,
        px,
        transparent,
        title=str(facts.get("title") or facts.get("sketch") or meant.title or path.stem),
        said=as_json(provenance),
        day=str(facts.get("date", "")),
    )
    with folders([path.absolute().parent]):  # wherever a frame goes
        if isinstance(art, Scene) or ending in STILLS:
            with replacing(path) as temporary, open(temporary, "wb") as file:
                _write_still(file, compose(art, sheet, heads), at, how)
        else:
            with replacing(path) if ending else replacing_folder(path, "frame_*.png") as temporary:
                _write_film(temporary, compose(art, sheet, heads), fps, how, progress)
    return path


def _named(path: str | Path) -> Path:
    """A path that a file can have; ArtError for one that only a shell understands."""
    if "\0" in str(path):
        raise ArtError("a file's name holds no NUL character")
    if str(path).startswith("~/"):
        raise ArtError(f"~ is known to the shell alone; write Path({str(path)!r}).expanduser()")
    return Path(path)


def _elsewhere(art: Any, to: Any, format: str | None, how: How) -> Any:
    """Render to a pipe, a device or a file object, and return that; or to bytes without one."""
    if isinstance(to, Stream):
        format = format or to.ending
        if str(to.path) == "-":
            raise ArtError("for standard output write ga.render(.., sys.stdout.buffer, format=..)")
    elif to is not None and not hasattr(to, "write"):
        raise ArtError(f"what is rendered to is a path or a binary file, not {kind_of(to)}")
    if not format:
        raise ArtError('write what it becomes, like format="png": no ending of a path says so')
    with scratch() as folder:
        whole = render(art, folder / f"art{_ending(format)}", **how)
        if isinstance(to, Stream):
            pour(whole, to)
            return to.path
        data = whole.read_bytes()
    if to is None:
        return data
    try:
        to.write(data)
    except TypeError:
        raise ArtError("the file takes text; open it as open(path, 'wb')") from None
    return to


def _ending(format: str) -> str:
    """The ending of a format's name, which may have its dot; a folder has none."""
    return f".{format.lower().removeprefix('.')}"


def check_format(path: Path, transparent: bool = False) -> None:
    """Raise ArtError if no format has the path's ending, or it cannot be transparent."""
    ending = path.suffix.lower()
    if ending not in STILLS + FILMS:
        known = " ".join([*STILLS, *FILMS[:-1]])
        raise ArtError(f"no format {ending!r}; write one of {known}, or no ending for a folder")
    if transparent and ending == ".mp4":
        raise ArtError(".mp4 has no transparency; write .webp, .apng or .gif")


def default_px(path: Path) -> int:
    """Pixels of the long side where none are given: 2048 for stills, fewer for films."""
    return {".png": 2048, ".mp4": 1080, "": 1080}.get(path.suffix.lower(), 640)


def _check(art: Any, ending: str, at: float) -> None:
    """Raise ArtError for what cannot be done, before anything is."""
    if isinstance(art, Scene):
        if ending in FILMS:
            raise ArtError(
                f"{ending or 'a folder of frames'} is for films, and this is a still; write one of"
                f" {' '.join(STILLS)}, or return a function of the playhead u"
            )
    elif isinstance(art, type) or not callable(art):
        raise ArtError(f"what is rendered is a scene, a film or a sketch, not {kind_of(art)}")
    elif not _takes_one(art):
        raise ArtError(
            "a film is a function of the playhead u alone; call the function that makes the art:"
            " ga.render(f(), ...)"
        )
    if not (isinstance(at, int | float) and 0 <= at <= 1):
        raise ArtError(f"at is a playhead from 0 to 1, not {at!r}")
    if ending == ".mp4":
        encoders.ffmpeg()


def _takes_one(function: Any) -> bool:
    """Whether a function can be called with one argument; where that is not known, it is."""
    try:
        inspect.signature(function).bind(0.0)
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def sheet_for(
    meant: Options,
    page: str | Page | None = None,
    landscape: bool | None = None,
    margin: float | None = None,
) -> Page:
    """The page that art is meant for, where no other is asked for."""
    if page is None or isinstance(page, str):
        margin = meant.margin if margin is None else margin
        landscape = meant.landscape if landscape is None else landscape
        return sheet_of(page or meant.page, landscape=landscape, margin=margin)
    if landscape or margin is not None:
        raise ArtError("give landscape and margin to ga.page(...), where the page is made")
    return page


def _check_size(px: int, ending: str, sheet: Page) -> None:
    if ending not in (".svg", ".pdf"):  # these have none
        longest = max(pixel_size(sheet, px))
        if longest > (limit := _SIDES.get(ending, longest)):
            raise ArtError(f"a side of {ending} has at most {limit} px, not {longest}")


def _gif_fps(fps: float) -> float:
    """The frames a second that a GIF can show, and a warning where they are not what was asked."""
    if not math.isfinite(fps):
        return fps  # refused later, with the others
    if fps > _GIF_FPS:
        message = f"GIF shows at most {_GIF_FPS} frames a second, so these are not {fps:g}"
        warnings.warn(message, ArtWarning, stacklevel=3)
        return _GIF_FPS
    if fps > 0 and (100 / fps) % 1:
        message = (
            f"GIF counts in 10 ms, so at {fps:g} fps some frames are shown 10 ms longer than"
            " others; 10, 20, 25 and 50 fps are even"
        )
        warnings.warn(message, ArtWarning, stacklevel=3)
    return fps


def _write_still(file: BinaryIO, composition: Composition, at: float, how: _Print) -> None:
    still = composition.still(at)
    if how.ending == ".png":
        density = how.px / max(how.sheet.width, how.sheet.height) * 25.4
        picture = encoders.without_alpha(still.pixels(how.px, transparent=how.transparent))
        encoders.write_png(file, picture, comment=how.said, day=how.day, dpi=(density, density))
        return
    marks = still.marks()
    paper = None if how.transparent else still.paper
    if how.ending == ".svg":
        file.write(svg(marks, how.sheet, paper, title=how.title, metadata=how.said).encode())
    else:
        cairo.pdf(marks, how.sheet, paper, file, title=how.title, subject=how.said, day=how.day)


def _write_film(
    target: Path, film: Composition, fps: float, how: _Print, progress: Progress | None
) -> None:
    px, transparent = how.px, how.transparent
    about = how.said, how.day
    count = len(film.heads)

    def frames() -> Iterator[np.ndarray]:
        for number, frame in enumerate(paint(film, px, transparent=transparent), 1):
            if progress is not None:
                progress(number, count)
            yield frame

    if how.ending == ".mp4":
        paper = film.still(film.heads[0]).paper
        encoders.write_mp4(target, frames(), pixel_size(how.sheet, px), fps, paper, *about)
        return
    if how.ending == "":
        encoders.write_folder(target, frames(), *about)
        return
    with open(target, "wb") as file:
        if how.ending == ".gif":
            some = film.heads[np.unique(np.linspace(0, count - 1, _SAMPLES).astype(int))]
            samples = paint(film, px, some, transparent=transparent, samples=True)
            delays = encoders.delays(count, fps, 10)
            write_gif(file, frames(), delays, samples, comment=how.said, transparent=transparent)
        elif how.ending == ".webp":
            encoders.write_webp(file, frames(), count, fps, as_xmp(*about))
        else:
            encoders.write_apng(file, frames(), count, fps, *about)
