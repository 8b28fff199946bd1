"""Films as files: MP4, WebP and APNG without loss, folders of pictures. GIF has its own page.

Frames are straight RGBA bytes (h, w, 4), and are taken one by one as they are needed.
"""

import io
import shutil
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from gradart.errors import RenderFault
from gradart.rendering.files.provenance import moment, png_chunks
from gradart.rendering.film.thread_pool import ahead
from gradart.rendering.formats.gif import rectangle

_Change = tuple[tuple[int, int, int, int], bool, list[tuple[bytes, bytes]]]


def delays(count: int, fps: float, step: int) -> list[int]:
    """How long each of `count` frames is shown, in ms, in multiples of `step` ms.

    The ends are rounded, not the lengths, so that the sum is right within half a step.
    """
    ends = np.round(np.arange(count + 1) * (1000 / step / fps)).astype(int) * step
    return [int(delay) for delay in np.diff(ends)]


def without_alpha(frame: np.ndarray) -> np.ndarray:
    """A frame as (h, w, 3) if all of it is opaque."""
    return frame[..., :3] if (frame[..., 3] == 255).all() else frame


def write_png(
    file: BinaryIO, frame: np.ndarray, *, comment: str = "", day: str = "", **options: Any
) -> None:
    """Write one picture (h, w, 3 or 4) as PNG, made on a day; `options` are Pillow's."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    if comment:
        text.add_text("gradart", comment)
    if made := moment(day):
        text.add(b"tIME", _time(made))
    data = io.BytesIO()  # Pillow would hide why a disk does not take the bytes
    # Of line art, higher levels make no smaller files.
    Image.fromarray(frame).save(data, "PNG", pnginfo=text, compress_level=2, **options)
    file.write(data.getbuffer())


def write_folder(
    folder: Path, frames: Iterable[np.ndarray], comment: str = "", day: str = ""
) -> None:
    """Write each frame as a picture, frame_0000.png and so on."""

    def write(number: int, frame: np.ndarray) -> None:
        with open(folder / f"frame_{number:04}.png", "wb") as file:
            write_png(file, without_alpha(frame), comment=comment, day=day)

    for _ in ahead(partial(write, *numbered) for numbered in enumerate(frames)):
        pass


def write_apng(
    file: BinaryIO,
    frames: Iterable[np.ndarray],
    count: int,
    fps: float,
    comment: str = "",
    day: str = "",
) -> None:
    """Write an animated PNG, of each frame only what changed.

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
            file.writelines(_chunk(*part) for part in parts if part[0] == b"IHDR")
            if comment:
                file.write(_chunk(b"tEXt", b"gradart\0" + comment.encode("latin-1")))
            if made := moment(day):
                file.write(_chunk(b"tIME", _time(made)))
            file.write(_chunk(b"acTL", struct.pack(">II", count, 0)))
        file.write(_chunk(b"fcTL", struct.pack(">5I2H2B", serial, *place, *rate, 0, over)))
        serial += 1
        for body in (body for kind, body in parts if kind == b"IDAT"):
            if number == 0:
                file.write(_chunk(b"IDAT", body))
            else:
                file.write(_chunk(b"fdAT", struct.pack(">I", serial) + body))
                serial += 1
    file.write(_chunk(b"IEND", b""))


def _change(before: np.ndarray | None, frame: np.ndarray) -> _Change:
    """What changes from one frame to the next: width, height, left, top; how; the chunks of it."""
    pixels = frame.view("<u4")[..., 0]
    same = np.False_ if before is None else pixels == before.view("<u4")[..., 0]
    changed = np.broadcast_to(~same, pixels.shape)
    left, top, right, bottom = rectangle(changed)
    part, fresh = frame[top:bottom, left:right], changed[top:bottom, left:right, None]
    # What is opaque can be laid over the frame before, with holes where nothing has changed.
    over = bool((part[..., 3] == 255).all())
    data = io.BytesIO()
    write_png(data, np.where(fresh, part, 0) if over else part)
    return (right - left, bottom - top, left, top), over, list(png_chunks(data.getvalue()))


def _time(made: datetime) -> bytes:
    return struct.pack(">H5B", *made.timetuple()[:6])


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def write_webp(
    file: BinaryIO, frames: Iterable[np.ndarray], count: int, fps: float, xmp: bytes = b""
) -> None:
    """Write an animated WebP without loss; `xmp` is a packet of metadata."""
    from PIL import Image

    rest = iter(frames)

    class Reel(Image.Image):
        """An image that takes its next frame when Pillow asks for it."""

        n_frames = count
        at = 0

        def seek(self, frame: int) -> None:
            if frame == self.at + 1:
                self.im = Image.fromarray(next(rest)).im
                self.at = frame

    reel = Reel()
    first = Image.fromarray(next(rest))
    reel.im, reel._mode, reel._size = first.im, first.mode, first.size
    data = io.BytesIO()
    reel.save(
        data,
        "WEBP",
        save_all=True,
        duration=delays(count, fps, 1),
        loop=0,
        lossless=True,
        method=2,  # a twentieth larger than the smallest, in half the time
        quality=20,
        xmp=xmp,
    )
    file.write(_timed(data.getvalue(), sum(delays(count, fps, 1))))


def _timed(data: bytes, milliseconds: int) -> bytes:
    """Return a WebP file as a film, also where all of its frames are the same.

    Of these the library makes a still, which has no duration; here its picture becomes the one
    frame of an animation, put together as in RFC 9649, "WebP Image Format" (2024).
    """
    at, parts = 12, []
    while at < len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        parts.append((kind, data[at : at + 8 + size + size % 2]))
        at += 8 + size + size % 2
    if any(kind == b"ANIM" for kind, _ in parts):
        return data
    (picture,) = (part for kind, part in parts if kind == b"VP8L")
    xmp = b"".join(part for kind, part in parts if kind == b"XMP ")
    (head,) = struct.unpack_from("<I", picture, 9)  # 14 bits of width, 14 of height, 1 of alpha
    flags = 0x02 | (0x10 if head >> 28 & 1 else 0) | (0x04 if xmp else 0)
    sides = _three(head & 0x3FFF) + _three(head >> 14 & 0x3FFF)
    frame = bytes(6) + sides + _three(milliseconds) + b"\0" + picture
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(part)) + part
        for kind, part in (
            (b"VP8X", struct.pack("<I", flags) + sides),
            (b"ANIM", bytes(6)),
            (b"ANMF", frame),
        )
    )
    return b"RIFF" + struct.pack("<I", len(body + xmp)) + body + xmp


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")


def ffmpeg() -> str:
    """The path of ffmpeg, which travels with imageio-ffmpeg."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        found = shutil.which(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        found = None
    if found is None:
        raise RenderFault(
            "ffmpeg is missing, which .mp4 needs: pip install 'imageio[ffmpeg]', or name it in"
            " the environment variable IMAGEIO_FFMPEG_EXE"
        )
    return found


def write_mp4(
    path: Path,
    frames: Iterable[np.ndarray],
    size: tuple[int, int],
    fps: float,
    paper: np.ndarray,
    comment: str = "",
    day: str = "",
) -> None:
    """Write H.264 as every player takes it; a side of odd length gets a row of `paper` (4,)."""
    red, green, blue = np.round(np.clip(paper[:3], 0, 1) * 255).astype(int)
    filters = (
        f"pad=ceil(iw/2)*2:ceil(ih/2)*2:color=0x{red:02x}{green:02x}{blue:02x},"
        "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,"
        "format=yuv420p,setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    )
    source = ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", "{}x{}".format(*size)]
    rate = str(Fraction(fps).limit_denominator(10_000))
    # x264 notes its number of threads in the file, which else is that of the machine's processors.
    codec = ["-c:v", "libx264", "-crf", "18", "-threads", "8", "-movflags", "+faststart"]
    same = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1"]
    command = [ffmpeg(), "-loglevel", "error", "-y", *source, "-r", rate, "-i", "-", "-vf", filters]
    dated = ["-metadata", f"creation_time={day}"] if moment(day) else []
    command += [*codec, *same, "-metadata", f"comment={comment}", *dated, "-f", "mp4", str(path)]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said)
        assert process.stdin is not None
        try:
            for frame in frames:
                process.stdin.write(np.ascontiguousarray(frame).data)
            process.stdin.close()
            failed = process.wait() != 0
        except BrokenPipeError:
            failed = True
        finally:
            process.kill()
            process.wait()
            with suppress(BrokenPipeError):
                process.stdin.close()
        if failed:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            reason = lines[-1] if lines else f"it ended with status {process.returncode}"
            raise RenderFault(f"ffmpeg has failed: {reason}")
