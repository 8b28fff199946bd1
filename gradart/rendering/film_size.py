"""Films made to fit a number of bytes: by fewer colors, then fewer pixels, then fewer frames."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from gradart.errors import ArtError, warn
from gradart.files.temporary import scratch

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20}
_COLORS = (256, 128, 64, 32)
_SIDES = (0.84, 0.71, 0.59, 0.5)  # of the pixels asked for: each leaves 0.7 of the area before it
_EVERY = (2, 3, 4)  # of so many frames, one
_SLOWEST = 6  # frames a second, below which a film is a row of pictures


@dataclass(frozen=True)
class Way:
    """One way to write a film: its colors at most, the pixels of its long side, frames a second."""

    colors: int
    px: int
    fps: float

    def __str__(self) -> str:
        return f"{self.colors} colors, {self.px} px and {self.fps:g} fps"


def most_bytes(max_size: str | None, suffix: str) -> int | None:
    """The bytes that a file may have, None for any number; ArtError where that is not for GIF."""
    if max_size is None:
        return None
    if suffix != ".gif":
        raise ArtError(f"max_size is for .gif, not for {suffix or 'a folder of pictures'}")
    return size_in_bytes(max_size)


def size_in_bytes(text: str) -> int:
    """The bytes that a text like 2MB, 500 kB, 1.5MiB or 800000 names; ArtError for another."""
    found = re.fullmatch(r"\s*(\d{1,12}(?:\.\d{1,12})?)\s*([A-Za-z]{0,3})\s*", str(text))
    if found and found[2].upper() in _UNITS:
        count = int(Fraction(found[1]) * _UNITS[found[2].upper()])
        if count > 0:
            return count
    raise ArtError(f"max_size is a size like 2MB, 500kB or 800000 (bytes), not {str(text)[:40]!r}")


def ways(px: int, fps: float, count: int) -> list[Way]:
    """Ways to write a film of `count` frames, each but for chance in fewer bytes than the last."""
    found = [Way(colors, px, fps) for colors in _COLORS]
    found += [Way(_COLORS[-1], max(1, round(px * side)), fps) for side in _SIDES]
    # Such that a whole number of frames takes as long.
    slower = [fps * (count // n) / count for n in _EVERY]
    return found + [Way(_COLORS[-1], found[-1].px, less) for less in slower if less >= _SLOWEST]


def write_within(
    most: int, target: Path, write: Callable[[Path, Way], None], tried: list[Way]
) -> None:
    """Write a film in the first way that takes at most so many bytes; a warning tells which.

    `write(file, way)` writes it. The way is found by halving: the file fits in any case, but where
    sizes do not fall from way to way, the way may not be the first. ArtError if the last one does
    not fit.
    """
    with scratch() as folder:

        def size(number: int) -> int:
            file = folder / f"{number}.gif"
            write(file, tried[number])
            return file.stat().st_size

        too_large, fits = 0, len(tried) - 1
        if size(0) <= most:
            fits = 0
        elif (least := size(fits)) > most:
            raise ArtError(
                f"with {tried[fits]} the film still has {least:,} bytes, not {most:,}: make it"
                " shorter, or smaller with px"
            )
        while fits - too_large > 1:
            middle = (too_large + fits) // 2
            if size(middle) <= most:
                fits = middle
            else:
                too_large = middle
        shutil.copyfile(folder / f"{fits}.gif", target)
    if fits:
        message = f"to fit {most:,} bytes the film has {tried[fits]}, not {tried[0]}"
        warn(message)
