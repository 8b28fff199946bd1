"""WebM: VP9 and Opus, over a page in browsers; what it says of its making is the tag COMMENT."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.rendering.formats import provenance
from gradart.rendering.formats.video_encoder import colors, encode, heard, is_clear
from gradart.rendering.formats.video_encoder import prepare as prepare

if TYPE_CHECKING:
    from gradart.rendering.formats.output import FilmSource, OutputSpec

# Elements of Matroska (RFC 9559, 2024), by the bytes that they begin with.
_SEGMENT, _TAGS, _TAG = b"\x18\x53\x80\x67", b"\x12\x54\xc3\x67", b"\x73\x73"
_SIMPLE, _NAME, _TEXT = b"\x67\xc8", b"\x45\xa3", b"\x44\x87"


def write(target: Path, film: "FilmSource", spec: "OutputSpec") -> None:
    """Write a film, with opacity where it is transparent."""
    shades = colors("yuva420p" if is_clear(film, spec) else "yuv420p")
    codec = ["-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0", "-cpu-used", "2"]
    # Opacity is encoded as a film of its own, which must have no frames that are never shown.
    codec += ["-auto-alt-ref", "0", "-tile-columns", "2", "-threads", "8"]
    how = [*heard(film.sound, "libopus", "160k"), "-vf", shades, *codec, "-f", "webm"]
    encode(target, film.frames(), film.size, film.fps, how, spec.provenance, spec.day)


def text_in(file: BinaryIO) -> bytes:
    """The text of the tag COMMENT, at Segment / Tags / Tag / SimpleTag."""
    steps = iter(range(provenance.PARTS))
    places = [(0, file.seek(0, 2))]
    for kind in (_SEGMENT, _TAGS, _TAG, _SIMPLE):
        places = [inner for place in places for inner in _inside(file, place, kind, steps)]
    for place in places:
        names = [_body(file, name) for name in _inside(file, place, _NAME, steps)]
        if names == [b"COMMENT"]:
            for text in _inside(file, place, _TEXT, steps):
                return _body(file, text)
    return b""


_Place = tuple[int, int]  # where an element's body begins and ends


def _inside(file: BinaryIO, place: _Place, wanted: bytes, steps: Iterator[int]) -> Iterator[_Place]:
    """The bodies of the elements of one kind that stand in a body (RFC 8794, 2020)."""
    at, stop = place
    while at < stop and next(steps, None) is not None:
        file.seek(at)
        kind, size = _number(file), _number(file)
        body, known = file.tell(), int.from_bytes(size) & (1 << 7 * len(size)) - 1
        endless = known == (1 << 7 * len(size)) - 1  # written without looking back
        at = stop if endless else min(body + known, stop)
        if kind == wanted:
            yield body, at


def _number(file: BinaryIO) -> bytes:
    """The bytes of a number: as many as its first one has zeros before a one, and that one."""
    first = file.read(1)
    return first + file.read(8 - first[0].bit_length())


def _body(file: BinaryIO, place: _Place) -> bytes:
    start, stop = place
    file.seek(start)
    return file.read(min(stop - start, provenance.MOST))
