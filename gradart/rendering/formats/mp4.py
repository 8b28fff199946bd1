"""MP4: H.264 and AAC as every player takes them; what it says of its making is the comment."""

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.rendering.formats import provenance
from gradart.rendering.formats.video_encoder import colors, encode, heard
from gradart.rendering.formats.video_encoder import prepare as prepare

if TYPE_CHECKING:
    import numpy as np

    from gradart.rendering.formats.output import FilmSource, OutputSpec


def write(target: Path, film: "FilmSource", spec: "OutputSpec") -> None:
    """Write a film as H.264."""
    how = [*heard(film.sound, "aac", "192k"), *_how(film.paper())]
    encode(target, film.frames(), film.size, film.fps, how, spec.provenance, spec.day)


def write_mp4(
    path: Path,
    frames: "Iterable[np.ndarray]",
    size: tuple[int, int],
    fps: float,
    paper: "np.ndarray",
    comment: str = "",
) -> None:
    """Write frames, without sound; a side of odd length gets a row of `paper` (4,)."""
    encode(path, frames, size, fps, _how(paper), comment)


def _how(paper: "np.ndarray") -> list[str]:
    """H.264 as every player takes it."""
    from gradart.drawing.style import hex_code

    even = f"pad=ceil(iw/2)*2:ceil(ih/2)*2:color={hex_code(paper[:3])}"
    # x264 notes its number of threads in the file, which else is that of the machine's processors.
    codec = ["-c:v", "libx264", "-crf", "18", "-threads", "8", "-movflags", "+faststart"]
    return ["-vf", f"{even},{colors('yuv420p')}", *codec, "-f", "mp4"]


def text_in(file: BinaryIO) -> bytes:
    """The body of the box at moov / udta / meta / ilst / (c)cmt / data."""
    return boxed(file, [b"moov", b"udta", b"meta", b"ilst", b"\xa9cmt", b"data"], 8)


def boxed(file: BinaryIO, path: Sequence[bytes], head: int) -> bytes:
    """The body, after `head` bytes of it, of the box that lies at a path (ISO 14496-12)."""
    wanted = list(reversed(path))
    stop = None  # of the box that is looked into
    for _ in range(provenance.PARTS):
        start = file.tell()
        if stop is not None and start + 8 > stop:
            break
        size, kind = struct.unpack(">I4s", file.read(8))
        if size == 1:  # the length follows, in 64 bits
            (size,) = struct.unpack(">Q", file.read(8))
            if size >> 62:
                raise ValueError("no file is as long as that")
        if kind != wanted[-1]:
            file.seek(start + max(size, 8) if size else 0, 0 if size else 2)
            continue
        wanted.pop()
        end = start + size if size else None  # without one, it runs to the end of the file
        stop = end if stop is None else min(end or stop, stop)
        if kind == b"meta":
            file.seek(4, 1)
        if not wanted:
            file.seek(head, 1)
            rest = provenance.MOST if stop is None else stop - file.tell()
            return file.read(max(min(rest, provenance.MOST), 0))
    return b""
