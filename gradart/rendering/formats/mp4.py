"""MP4: H.264 as every player takes it; what it says of its making is the comment."""

import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.errors import RenderFault
from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    import numpy as np

    from gradart.rendering.formats.output import FilmSource, OutputSpec


def prepare(fps: float) -> float:
    """Raise RenderFault if ffmpeg is missing; any number of frames a second is shown."""
    ffmpeg()
    return fps


def write(target: Path, film: "FilmSource", spec: "OutputSpec") -> None:
    """Write a film as H.264."""
    about = spec.provenance, spec.day
    write_mp4(target, film.frames(), film.size, film.fps, film.paper(), *about)


def ffmpeg() -> str:
    """The path of ffmpeg, which travels with imageio-ffmpeg."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        found = shutil.which(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        found = None
    if found is None:
        raise RenderFault(
            "ffmpeg is missing, which .mp4 needs: pip install imageio-ffmpeg, or name it in"
            " the environment variable IMAGEIO_FFMPEG_EXE"
        )
    return found


def write_mp4(
    path: Path,
    frames: "Iterable[np.ndarray]",
    size: tuple[int, int],
    fps: float,
    paper: "np.ndarray",
    comment: str = "",
    day: str = "",
) -> None:
    """Write H.264 as every player takes it; a side of odd length gets a row of `paper` (4,)."""
    import numpy as np

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
    dated = ["-metadata", f"creation_time={day}"] if provenance.moment(day) else []
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


def text_in(file: BinaryIO) -> bytes:
    """The body of the box at moov / udta / meta / ilst / (c)cmt / data (ISO 14496-12)."""
    wanted = [b"data", b"\xa9cmt", b"ilst", b"meta", b"udta", b"moov"]
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
            file.seek(8, 1)
            rest = provenance.MOST if stop is None else stop - file.tell()
            return file.read(max(min(rest, provenance.MOST), 0))
    return b""
