"""The sound of a film: a file that the artist names, decoded, and made as long as the film."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gradart.errors import ArtError, warn
from gradart.files.temporary import scratch
from gradart.library.readers.sound_files import STREAM, checked, decode
from gradart.rendering.formats.registry import Format, with_sound
from gradart.rendering.formats.video_encoder import RAW_SOUND, SAMPLE, SOUND_RATE

_NEARLY = 0.1  # seconds by which a sound may miss the film's end, and nobody hears it


def track(audio: str | Path | None, form: Format) -> Path | None:
    """Where a file of sound is that a film is asked to have; ArtError if it cannot have it."""
    if audio is None:
        return None
    if not form.sound:
        which = form.suffix or "a folder of pictures"
        raise ArtError(f"audio is for {with_sound()}, not for {which}")
    checked(audio)
    return Path(audio).absolute()


def _seconds(told: str) -> float | None:
    """How long a file sounds, if it says so."""
    if (found := re.search(r"Duration: (\d+):(\d\d):(\d\d\.\d+)", told)) is None:
        return None
    hours, minutes, seconds = map(float, found.groups())
    return 3600 * hours + 60 * minutes + seconds


@contextmanager
def decoded(path: Path | None, seconds: float) -> Iterator[Path | None]:
    """The first `seconds` of a sound, as samples in a file, while the block lasts; None of None.

    After the end of the sound it is silent. A warning tells where the two are not equally long.
    """
    if path is None:
        yield None
        return
    told = checked(path)
    # ffmpeg halves the power of one channel that becomes two.
    both = ["-af", "pan=stereo|c0=c0|c1=c0"] if re.search(f"{STREAM}.* mono,", told) else []
    with scratch() as folder:
        samples = folder / "samples"
        length = ["-t", f"{seconds:.6f}"]
        decode(path, samples, *both, *length, *RAW_SOUND)
        os.truncate(samples, round(seconds * SOUND_RATE) * SAMPLE)  # or filled up with zeros
        lasts = _seconds(told)
        if lasts is not None and abs(lasts - seconds) > _NEARLY:
            what = f"{path.name} sounds for {lasts:.4g} s, and the film lasts {seconds:.4g} s"
            cut = f"the rest is cut off; for all of it write seconds={lasts:.4g}"
            silent = (
                f"its rest is silent; for a film as long as its sound write seconds={lasts:.4g}"
            )
            message = f"{what}: {cut if lasts > seconds else silent}"
            warn(message)
        yield samples
