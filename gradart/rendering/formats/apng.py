"""APNG: a film without loss, of each frame only what changed. It says what a PNG does."""

import io
import struct
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.rendering.formats.png import COLORS, chunk, chunks, time_body, write_png
from gradart.rendering.formats.png import text_in as text_in
from gradart.rendering.formats.provenance import moment
from gradart.rendering.thread_pool import ahead

if TYPE_CHECKING:
    import numpy as np

    from gradart.rendering.formats.output import FilmSource, OutputSpec

_Change = tuple[tuple[int, int, int, int], bool, list[tuple[bytes, bytes]]]


def write(target: Path, film: "FilmSource", spec: "OutputSpec") -> None:
    """Write a film, exactly as its frames are."""
    about = spec.provenance, spec.day, spec.plays
    with open(target, "wb") as file:
        write_apng(file, film.frames(), film.count, film.fps, *about)


def write_apng(
    file: BinaryIO,
    frames: "Iterable[np.ndarray]",
    count: int,
    fps: float,
    comment: str = "",
    day: str = "",
    plays: int | None = None,
) -> None:
    """Write an animated PNG, of each frame only what changed; without `plays` it plays for ever.

    The chunks are put together here (W3C, "Portable Network Graphics", third edition, 2025), from
    those of Pillow's pictures: Pillow's own writer holds all frames in memory.
    """
    delay = (1 / Fraction(fps)).limit_denominator(60_000)
    rate = (delay.numerator, delay.denominator)

    def changes() -> Iterator[Callable[[], _Change]]:
        before = None
        for frame in frames:
            yield partial(_change, before, frame)
            before = frame

    serial = 0
    for number, (place, over, parts) in enumerate(ahead(changes())):
        if number == 0:
            file.write(b"\x89PNG\r\n\x1a\n")
            file.writelines(chunk(*part) for part in parts if part[0] == b"IHDR")
            file.writelines(chunk(*part) for part in COLORS)
            if comment:
                file.write(chunk(b"tEXt", b"gradart\0" + comment.encode("latin-1")))
            if made := moment(day):
                file.write(chunk(b"tIME", time_body(made)))
            file.write(chunk(b"acTL", struct.pack(">II", count, plays or 0)))
        file.write(chunk(b"fcTL", struct.pack(">5I2H2B", serial, *place, *rate, 0, over)))
        serial += 1
        for body in (body for kind, body in parts if kind == b"IDAT"):
            if number == 0:
                file.write(chunk(b"IDAT", body))
            else:
                file.write(chunk(b"fdAT", struct.pack(">I", serial) + body))
                serial += 1
    file.write(chunk(b"IEND", b""))


def _change(before: "np.ndarray | None", frame: "np.ndarray") -> _Change:
    """What changes from one frame to the next: width, height, left, top; how; the chunks of it."""
    import numpy as np

    from gradart.rendering.formats.gif_encoder import rectangle

    pixels = frame.view("<u4")[..., 0]
    same = np.False_ if before is None else pixels == before.view("<u4")[..., 0]
    changed = np.broadcast_to(~same, pixels.shape)
    left, top, right, bottom = rectangle(changed)
    part, fresh = frame[top:bottom, left:right], changed[top:bottom, left:right, None]
    # What is opaque can be laid over the frame before, with holes where nothing has changed.
    over = bool((part[..., 3] == 255).all())
    data = io.BytesIO()
    write_png(data, np.where(fresh, part, 0) if over else part)
    return (right - left, bottom - top, left, top), over, list(chunks(data.getvalue()))
