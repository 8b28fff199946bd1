"""Every format that art can become, told once: what its files are, and which module writes them.

To add a format, write its file in this folder and its line in FORMATS. The file has

    write(target, source, spec)     writes a StillSource or a FilmSource to the path `target`, or
                                    a ProgramSource where a file computes the picture
    text_in(file)                   what a file of this format says of its making, or nothing
    prepare(fps)                    optional, of a film: raises what is missing before the work,
                                    and returns the frames a second that the format can show

and is imported when it is used, so that the command line's help stays light.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO, Literal

from gradart.errors import ArtError

if TYPE_CHECKING:
    from gradart.rendering.formats.output import OutputSpec, Source

_ROOM = "gradart.rendering.formats"

Kind = Literal["still", "film"]


@dataclass(frozen=True)
class Format:
    """A format of files: `module` names the one that writes and reads it.

    A still is one picture, a film many; a format of "either" has what the art is. `default_px` are
    the pixels of the long side where none are asked for, None for a format of lines, which has no
    pixels; `still_px` those of a still, where they differ from a film's. `largest_side` is in
    pixels, None for as many as can be painted. `alpha` is whether a file can be transparent. By the
    bytes of `signature`, `offset` bytes from its beginning, a file is known whatever its name is.
    `aliases` are other endings of the same files. `plays` is whether a film says how often it is
    played, `sound` whether it can have one, `computed` whether a file has a program instead of the
    picture.
    """

    suffix: str  # with its dot; a folder has none
    kind: Literal["still", "film", "either"]
    module: str
    default_px: int | None
    largest_side: int | None = None
    alpha: bool = True
    signature: bytes = b""
    offset: int = 0
    still_px: int | None = None
    aliases: tuple[str, ...] = ()
    plays: bool = False
    computed: bool = False
    sound: bool = False

    def px(self, kind: Kind) -> int | None:
        """The pixels of the long side where none are asked for; None for a format of lines."""
        return self.still_px if kind == "still" and self.still_px else self.default_px

    def shows(self, art: Kind) -> Kind:
        """What a file shows of art that is a still or a film."""
        return "film" if art == "film" and self.kind != "still" else "still"

    def write(self, target: Path, source: "Source", spec: "OutputSpec") -> None:
        """Write art to the path `target`: a StillSource if the format is one of stills."""
        self._module().write(target, source, spec)

    def text_in(self, file: BinaryIO) -> str | bytes:
        """What a file of this format says of its making: JSON, or nothing."""
        text: str | bytes = self._module().text_in(file)
        return text

    def prepare(self, fps: float) -> float:
        """The frames a second that the format can show; raises what it lacks to be written."""
        prepare = getattr(self._module(), "prepare", None)
        return fps if prepare is None else prepare(fps)

    def _module(self) -> ModuleType:
        return import_module(self.module)


FORMATS: dict[str, Format] = {
    ending: format
    for format in (
        Format(".png", "still", f"{_ROOM}.png", 2048, signature=b"\x89PNG"),
        Format(".svg", "still", f"{_ROOM}.svg", None, signature=b"<?xml"),
        Format(".pdf", "still", f"{_ROOM}.pdf", None, signature=b"%PDF"),
        Format(
            ".jpg", "still", f"{_ROOM}.jpeg", 2048, None, False, b"\xff\xd8\xff", aliases=(".jpeg",)
        ),
        Format(
            *(".hpgl", "still", f"{_ROOM}.hpgl", None, None, True, b"IN;", 0, None, (".plt",)),
        ),
        Format(".gcode", "still", f"{_ROOM}.gcode", None, signature=b"; gradart "),
        Format(".dxf", "still", f"{_ROOM}.dxf", None, signature=b"999\ngradart"),
        Format(".gif", "film", f"{_ROOM}.gif", 640, signature=b"GIF8", plays=True),
        Format(
            *(".webp", "either", f"{_ROOM}.webp", 640, 16_383, True, b"WEBP", 8),
            still_px=2048,
            plays=True,
        ),
        Format(".apng", "film", f"{_ROOM}.apng", 640, signature=b"\x89PNG", plays=True),
        Format(".mp4", "film", f"{_ROOM}.mp4", 1080, 16_384, False, b"ftyp", 4, sound=True),
        Format(
            *(".webm", "film", f"{_ROOM}.webm", 1080, 16_384, True, b"\x1a\x45\xdf\xa3"),
            sound=True,
        ),
        Format(".mov", "film", f"{_ROOM}.mov", 1080, 16_384, True, b"ftypqt", 4, sound=True),
        Format(".html", "either", f"{_ROOM}.html", None, signature=b"<!doctype ht", computed=True),
        Format("", "film", f"{_ROOM}.folder", 1080),
    )
    for ending in (format.suffix, *format.aliases)
}
STILL, FILM = ".png", ".gif"  # what art becomes where nobody says
PAGE = ".html"  # which computes it
FIRST_FRAME, FRAMES = "frame_0000.png", "frame_*.png"  # the pictures in a folder

HEAD = 12  # bytes of a file's beginning, which hold every signature


def suffixes(kind: Kind | None = None) -> list[str]:
    """The endings of the formats of stills or of films, or all, without a folder's, which is none.

    Each format has one of them here, without its aliases.
    """
    return [
        ending
        for ending, format in FORMATS.items()
        if ending and ending == format.suffix and (kind is None or format.kind in (kind, "either"))
    ]


def with_sound() -> str:
    """The endings of the formats whose films can have sound, as a sentence lists them."""
    *others, last = (ending for ending in suffixes("film") if FORMATS[ending].sound)
    return f"{', '.join(others)} and {last}"


def format_of(path: Path, transparent: bool = False) -> Format:
    """The format that a path's ending names; ArtError if none has it, or it has no transparency."""
    ending = path.suffix.lower()
    if ending not in FORMATS:
        known = " ".join(suffixes())
        raise ArtError(f"no format {ending!r}; write one of {known}, or no ending for a folder")
    format = FORMATS[ending]
    if transparent and not format.alpha:
        kind: Kind = "film" if format.kind == "film" else "still"
        *others, last = (suffix for suffix in suffixes(kind) if FORMATS[suffix].alpha)
        raise ArtError(f"{ending} has no transparency; write {', '.join(others)} or {last}")
    return format


def recognized(head: bytes) -> list[Format]:
    """The formats that a file's first HEAD bytes may be of, the likeliest first.

    What has no other's signature may be an SVG, which as a text can begin in many ways.
    """
    found = [
        format
        for ending, format in FORMATS.items()
        if ending == format.suffix
        and format.signature
        and head.startswith(format.signature, format.offset)
    ]
    return sorted(found, key=lambda format: -len(format.signature)) or [FORMATS[".svg"]]
