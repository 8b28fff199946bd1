"""ffmpeg, which encodes films: found, handed the frames, and listened to where it fails."""

import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from gradart.errors import RenderFault
from gradart.ffmpeg import ffmpeg
from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    import numpy as np

    from gradart.rendering.formats.output import FilmSource, OutputSpec


SOUND_RATE, SAMPLE = 48_000, 6  # samples a second, and bytes of one: 24 bits for each of two ears
RAW_SOUND = ["-f", "s24le", "-ar", str(SOUND_RATE), "-ac", "2"]


def prepare(fps: float) -> float:
    """Raise RenderFault if ffmpeg is missing; any number of frames a second is shown."""
    ffmpeg()
    return fps


def colors(pixels: str) -> str:
    """The filter that makes sRGB the colors of television, as players take them, in `pixels`."""
    return (
        "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,"
        f"format={pixels},setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    )


def heard(samples: Path | None, codec: str, rate: str | None = None) -> list[str]:
    """Options, the first of all, by which samples in a file are heard, encoded by a `codec`."""
    if samples is None:
        return []
    bits = ["-b:a", rate] if rate else []
    return [*RAW_SOUND, "-i", str(samples), "-c:a", codec, *bits]


def is_clear(film: "FilmSource", spec: "OutputSpec") -> bool:
    """Whether what lies behind a film is seen through it."""
    return spec.transparent or bool(film.paper()[3] < 1)


def encode(
    path: Path,
    frames: "Iterable[np.ndarray]",
    size: tuple[int, int],
    fps: float,
    how: Sequence[str],
    comment: str = "",
    day: str = "",
) -> None:
    """Write frames of `size` (width, height) as ffmpeg's options `how` say, which name a format.

    Frames are (h, w, 4), straight RGBA bytes. The same frames give the same file.
    """
    import numpy as np

    source = ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", "{}x{}".format(*size)]
    rate = str(Fraction(fps).limit_denominator(10_000))
    same = ["-fflags", "+bitexact", "-flags", "+bitexact", "-map_metadata", "-1"]
    dated = ["-metadata", f"creation_time={day}"] if provenance.moment(day) else []
    command = [ffmpeg(), "-loglevel", "error", "-y", *source, "-r", rate, "-i", "-"]
    command += [*how[:-2], *same, "-metadata", f"comment={comment}", *dated, *how[-2:], str(path)]
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
