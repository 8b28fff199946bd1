"""From art to a file: all is checked, then rendered, then put in place whole."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO, TypeGuard, Unpack, overload

import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.drawing.scene import Film, Scene, scene
from gradart.drawing.shapes import Mark
from gradart.errors import ArtError, kind_of
from gradart.files.reading import reading, spelled_out
from gradart.files.temporary import scratch
from gradart.rendering.files.atomic import folders, replacing, replacing_folder
from gradart.rendering.files.streams import Stream, pour, stream
from gradart.rendering.film.painted_frames import PaintedFrames
from gradart.rendering.film.tracing import TracedFilm, playheads
from gradart.rendering.film_frames import film_source
from gradart.rendering.film_size import Way, most_bytes, ways, write_within
from gradart.rendering.formats.output import OutputSpec, StillSource
from gradart.rendering.formats.provenance import Provenance, as_json, date
from gradart.rendering.formats.registry import FRAMES, Format, Kind, format_of, suffixes
from gradart.rendering.formats.soundtrack import decoded, track
from gradart.rendering.layout.page import Page, pixel_size
from gradart.rendering.layout.page import page as sheet_of
from gradart.rendering.layout.print_marks import printed
from gradart.rendering.options import (
    OPTIONS,
    Options,
    RenderOptions,
    check_names,
    settled,
    takes_options,
)
from gradart.rendering.pipeline import Composition, compose
from gradart.rendering.program_source import check_choices, live_film, program_source

_BOUNDED = ("ppi", "plays", "bleed")  # options that nothing else holds to their bounds

Progress = Callable[[int, int], object]


class _Keywords(RenderOptions, total=False):
    """All that `render` takes by name."""

    format: str | None
    provenance: Provenance | None
    progress: Progress | None


@overload
def render(art: object, path: str | Path, **how: Unpack[_Keywords]) -> Path: ...
@overload
def render(art: object, path: None = None, **how: Unpack[_Keywords]) -> bytes: ...
@overload
def render(art: object, path: BinaryIO, **how: Unpack[_Keywords]) -> BinaryIO: ...
@takes_options
@reading()
def render(
    art: object,
    path: str | Path | BinaryIO | None = None,
    *,
    format: str | None = None,
    provenance: Provenance | None = None,
    progress: Progress | None = None,
    **options: Unpack[RenderOptions],
) -> Path | BinaryIO | bytes:
    """Render a scene, marks, a film, or a sketch's for its defaults, to a file; return its path.

    `art` goes to `path`, whose ending says what it becomes: a still as .png, .jpg, .webp, .svg or
    .pdf, a film as .gif, .webp, .apng, .mp4, .webm, .mov (ProRes 4444), or without an ending a
    folder of pictures. To a binary file object, and to bytes where there is no path, it becomes
    what `format` says, like "png". The still of a film is its frame at playhead `at`. `page`,
    `landscape`, `margin` (mm), and a film's length in `seconds` at `fps` frames a second are those
    of the sketch that the art is of, or else A4, 7.5 % of its short side, 4 s at 25 frames a
    second, and playhead 0. With `transparent` the paper is left out.

    The page's long side has `px` pixels, or its inch `ppi`. For print a still has `bleed` mm more
    on each side, and `crop_marks` at its corners. `selectable_text` leaves text in SVG and PDF as
    letters of its font, but for mathtext and digits. For a plotter `optimize` joins and sorts the
    strokes of each layer of an SVG, and `keep_order` gives each run of one pen a layer. GIF, WebP
    and APNG play for ever, or `plays` times. A GIF has at most `max_size` bytes, like "2MB" or
    "500kB", where that is asked for: by fewer colors, then fewer pixels, then fewer frames, as a
    warning tells. Of another no pixel is farther than 0.1 in OKLab from the picture's color, nor,
    as far as 255 colors can, more than one in fifty farther than 0.02. An MP4, WebM or MOV plays
    `audio`, the file of a sound: from its beginning, cut where the film ends, or followed by
    silence, as a warning tells. With `inspect` a sketch's .html has a panel to look at its curves
    and fields, with all derivatives; with `choices`, the name of a parameter, it offers a still at
    a few values of that, computed beforehand, and all others are fixed. `provenance` goes into the
    file as JSON, and its `title` (or `sketch`) and `date` where the format has them;
    `progress(done, total)` is called after each frame.

    >>> ring = ga.scene(ga.circles((0, 0), 1))
    >>> ga.render(ring, "ring.svg", page="square").name
    'ring.svg'
    >>> ga.render(ring, format="png", px=60)[:4]
    b'\\x89PNG'
    """
    check_names(options, render)
    if not isinstance(path, str | Path) or stream(_named(path)):
        to = stream(_named(path)) if isinstance(path, str | Path) else path
        given = {"provenance": provenance, "progress": progress, **options}
        return _elsewhere(partial(render, art, **given), to, format)
    path = _named(path)
    if format is not None and _ending(format) != path.suffix.lower():
        raise ArtError(f"format={format!r} is not that of {path.name}; leave it out")
    form = format_of(path, bool(options.get("transparent")))
    audio = track(options.get("audio"), form)
    tracing = getattr(art, "_live_", None) if form.computed else None
    if (drawn := getattr(art, "_art_", None)) is not None:
        art = drawn(options)
    if isinstance(art, Mark | list | tuple):
        art = scene(art)
    meant: Options = getattr(art, "options", None) or Options()
    sheet = sheet_for(meant, options)
    how = settled(meant, options)
    checked = _checked(art, form, how)
    still = isinstance(checked, Scene)
    kind = form.shows("still" if still else "film")
    sheet, px = sheet_and_pixels(how, form, kind, sheet)
    fps = form.prepare(how.fps)
    most = most_bytes(how.max_size, form.suffix)
    check_choices(how, form, checked, of_sketch=tracing is not None)
    facts = {"date": date()} if provenance is None else provenance
    sketch = str(facts.get("sketch") or "")
    spec = OutputSpec(
        sheet,
        px,
        how.transparent,
        title=str(facts.get("title") or sketch or meant.title or path.stem),
        provenance=as_json(provenance),
        day=str(facts.get("date", "")),
        sketch=sketch,
        ppi=how.ppi,
        plays=how.plays,
        selectable_text=how.selectable_text,
        keep_order=how.keep_order,
        optimize=how.optimize,
    )

    @cache
    def composed(fps: float) -> Composition:
        return compose(checked, sheet, np.zeros(1) if still else playheads(how.seconds, fps))

    with folders([path.absolute().parent]):  # wherever a frame goes
        if form.computed:
            with replacing(path) as temporary:
                temporary.touch()
                live = tracing(options) if tracing else live_film(checked)
                form.write(temporary, program_source(composed(fps), how, live), spec)
            return path
        if kind == "still":
            with replacing(path) as temporary:
                temporary.touch()  # where nothing can be written, that is said before the work
                _write_still(temporary, composed(fps), how.at, form, spec)
            return path
        more = checked.to_come[px or 0] if isinstance(checked, TracedFilm) else 1
        whole = replacing(path) if form.suffix else replacing_folder(path, FRAMES)
        with whole as temporary:
            if form.suffix:
                temporary.touch()
            film, same = composed(fps), (px or 0, how.transparent)
            if most is not None or more > 1:
                film.painted.setdefault(same, PaintedFrames())
            if most is None:
                _write_film(temporary, film, fps, form, spec, progress, audio)
            else:

                def write(file: Path, way: Way) -> None:
                    changed = replace(spec, colors=way.colors, px=way.px)
                    _write_film(file, composed(way.fps), way.fps, form, changed, progress)

                tried = ways(px or 0, fps, len(film.heads))
                write_within(most, temporary, write, tried)
            if more <= 1:
                film.painted.pop(same, None)
    return path


def _named(path: str | Path) -> Path:
    """A path that a file can have; ArtError for one that only a shell understands."""
    if "\0" in str(path):
        raise ArtError("a file's name holds no NUL character")
    return spelled_out(path)


def _elsewhere(
    whole: Callable[[Path], Path], to: Stream | BinaryIO | None, format: str | None
) -> Path | BinaryIO | bytes:
    """Render to a pipe, a device or a file object, and return that; or to bytes without one.

    `whole(file)` renders to a file that has a name, from where the bytes are taken.
    """
    if isinstance(to, Stream):
        format = format or to.ending
        if str(to.path) == "-":
            raise ArtError("for standard output write ga.render(.., sys.stdout.buffer, format=..)")
    elif to is not None and not hasattr(to, "write"):
        raise ArtError(f"what is rendered to is a path or a binary file, not {kind_of(to)}")
    if not isinstance(format, str) or not format:
        given = "" if format is None or isinstance(format, str) else f", not {short(format)}"
        say = f'write what it becomes, like format="png"{given}'
        raise ArtError(say if given else f"{say}: no ending of a path says so")
    with scratch() as folder:
        file = whole(folder / f"art{_ending(format)}")
        if isinstance(to, Stream):
            pour(file, to)
            return to.path
        data = file.read_bytes()
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


def _checked(art: object, form: Format, how: Options) -> Scene | Film:
    """The art that is rendered; ArtError for what cannot be done, before anything is."""
    if isinstance(art, Scene):
        if form.kind == "film":
            raise ArtError(
                f"{form.suffix or 'a folder of frames'} is for films, and this is a still; write"
                f" one of {' '.join(suffixes('still'))}, or return a function of the playhead u"
            )
    elif isinstance(art, type) or not callable(art):
        raise ArtError(
            f"what is rendered is a scene, marks, a film or a sketch, not {kind_of(art)}"
        )
    elif not _takes_one(art):
        raise ArtError(
            "a film is a function of the playhead u alone; call the function that makes the art:"
            " ga.render(f(), ...)"
        )
    if not OPTIONS["at"].holds(how.at):
        raise ArtError(f"at is a playhead from 0 to 1, not {short(how.at)}")
    for name in _BOUNDED:
        told, value = OPTIONS[name], getattr(how, name)
        if not told.holds(value):
            number = "a whole number" if told.type is int else "a number"
            bounds = f"from {told.low:g} to {told.high:g}"
            raise ArtError(f"{name} is {number} {bounds}, not {short(value)}")
    return art


def _takes_one(function: Callable[..., object]) -> TypeGuard[Film]:
    """Whether a function can be called with one argument; where that is not known, it is."""
    try:
        inspect.signature(function).bind(0.0)
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def sheet_for(meant: Options, given: RenderOptions | None = None) -> Page:
    """The page that art is meant for, where no other is asked for."""
    given = given or {}
    page = given.get("page")
    if page is None or isinstance(page, str):
        how = settled(meant, given)
        return sheet_of(page or meant.page, landscape=how.landscape, margin=how.margin)
    if given.get("landscape") or given.get("margin") is not None:
        raise ArtError("give landscape and margin to ga.page(...), where the page is made")
    if not isinstance(page, Page):
        raise ArtError(f"page is {short(page)}: give the name of one, like 'a4', or ga.page(...)")
    return page


def sheet_and_pixels(how: Options, form: Format, kind: Kind, page: Page) -> tuple[Page, int | None]:
    """What a file shows of a page, with bleed and crop marks, and the pixels of its long side.

    Of a format of lines these mean nothing. ArtError where they are more than the format holds.
    """
    sheet = printed(page, how.bleed, how.crop_marks) if kind == "still" else page
    if how.px is not None and how.ppi is not None:
        raise ArtError("px and ppi both say how many pixels the page has; write one of them")
    px = form.px(kind) if how.px is None else how.px
    if form.default_px is None:
        return sheet, px
    if how.ppi is not None:
        px = max(1, round(max(sheet.width, sheet.height) / 25.4 * how.ppi))
    if px is not None:
        longest = max(pixel_size(sheet, px))
        limit = form.largest_side or longest
        if longest > limit:
            raise ArtError(f"a side of {form.suffix} has at most {limit} px, not {longest}")
    return sheet, px


def _write_still(
    target: Path, composition: Composition, at: float, form: Format, spec: OutputSpec
) -> None:
    still = composition.still(at)
    pixels = partial(still.pixels, spec.px or 0, transparent=spec.transparent)
    bands = partial(still.bands, spec.px or 0, transparent=spec.transparent)
    paper = None if spec.transparent else still.paper
    marks = partial(still.marks, letters=spec.selectable_text, exact=spec.optimize)
    form.write(target, StillSource(pixels, bands, marks, paper), spec)


def _write_film(
    target: Path,
    film: Composition,
    fps: float,
    form: Format,
    spec: OutputSpec,
    progress: Progress | None,
    audio: Path | None = None,
) -> None:
    with decoded(audio, len(film.heads) / fps) as sound:
        form.write(target, film_source(film, fps, spec, progress, sound), spec)
