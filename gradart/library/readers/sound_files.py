"""Files of sound as ffmpeg reads them: what it says of one, and its samples."""

import os
import re
import subprocess
from functools import lru_cache
from pathlib import Path

from gradart.errors import ArtError
from gradart.ffmpeg import ffmpeg
from gradart.library.readers.file_checks import opened

STREAM = r"\n *Stream #0:.*: Audio:"  # in what ffmpeg says of a file that holds sound
# What ffmpeg may take a file for: no playlist, which would name other files and addresses.
_CONTAINERS = "wav,w64,aiff,caf,au,mp3,flac,ogg,aac,mov,matroska,webm"


def checked(file: str | os.PathLike[str]) -> str:
    """What ffmpeg says of a file that holds sound; ArtError for one that does not.

    Any sound that ffmpeg reads, also that of a film. A pipe or a device is none, as for `opened`.
    """
    with opened(file) as (path, stream):
        state = os.fstat(stream.fileno())
    told = _told(path.absolute(), state.st_mtime_ns, state.st_size)
    if not re.search(f"{STREAM} ", told):
        raise ArtError(f"{path.name} holds no sound that can be read: name a WAV, MP3, FLAC or Ogg")
    return told


@lru_cache(maxsize=16)
def _told(path: Path, changed: int, size: int) -> str:
    """What ffmpeg says of a file, once for all who ask before and after the sketch is drawn."""
    return _said(path)


def decode(path: Path, samples: Path, *how: str) -> None:
    """Write the samples of the first sound in a file, as options of ffmpeg say, to another."""
    _said(path, "-map", "0:a:0", *how, str(samples))
    if not samples.exists() or not samples.stat().st_size:
        raise ArtError(f"{path.name} is broken, or there is no sound in it")


def _said(path: Path, *more: str) -> str:
    """What ffmpeg says of a file while it does what `more` tells it."""
    safe = ["-protocol_whitelist", "file", "-format_whitelist", _CONTAINERS]
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-y", *safe, "-i", f"file:{path.absolute()}"]
    done = subprocess.run([*command, *more], capture_output=True, check=False)
    return done.stderr.decode(errors="replace")
