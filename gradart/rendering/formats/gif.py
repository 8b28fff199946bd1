"""GIF: a film of at most 256 colors a frame; what it says of its making is the comment."""

import math
import struct
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.errors import warn
from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    from gradart.rendering.formats.output import FilmSource, OutputSpec

_FPS = 50  # players take a delay of 10 ms for a mistake, and show such a frame for 100
_SAMPLES = 8  # frames that the palette is made from


def prepare(fps: float) -> float:
    """The frames a second that a GIF can show, and a warning where they are not what was asked."""
    if not math.isfinite(fps):
        return fps  # refused later, with the others
    if fps > _FPS:
        message = f"GIF shows at most {_FPS} frames a second, so these are not {fps:g}"
        warn(message)
        return _FPS
    if fps > 0 and (100 / fps) % 1:
        message = (
            f"GIF counts in 10 ms, so at {fps:g} fps some frames are shown 10 ms longer than"
            " others; 10, 20, 25 and 50 fps are even"
        )
        warn(message)
    return fps


def write(target: Path, film: "FilmSource", spec: "OutputSpec") -> None:
    """Write a film by a palette that is made from some of its frames."""
    from gradart.rendering.formats.gif_encoder import write_gif
    from gradart.rendering.formats.output import delays

    times = delays(film.count, film.fps, 10)
    with open(target, "wb") as file:
        write_gif(
            *(file, zip(film.frames(), times, strict=True), film.sample(_SAMPLES)),
            comment=spec.provenance,
            transparent=spec.transparent,
            plays=spec.plays,
            most=spec.colors,
        )


def size_in(file: BinaryIO) -> tuple[int, int]:
    """The width and height in pixels."""
    width, height = struct.unpack("<6x2H", file.read(10))
    return width, height


def text_in(file: BinaryIO) -> bytes:
    """The comment, if there is one before the first image."""
    data = file.read(provenance.MOST)
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while data[at] == 0x21:
        label, at, text = data[at + 1], at + 2, []
        while size := data[at]:
            text.append(data[at + 1 : at + 1 + size])
            at += 1 + size
        if label == 0xFE:
            return b"".join(text)
        at += 1
    return b""
