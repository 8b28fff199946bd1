"""GIF: a palette for the whole film, of each frame only what changed, exact durations.

A frame that the film's palette does not hold has one of its own. So a film looks like its pictures
whatever it does: no pixel is farther from the picture's than 0.1 in OKLab, and as far as 255 colors
can, 49 of 50 and every area of one color are within 0.02.

The container is written here (W3C, "Graphics Interchange Format, Version 89a"): Pillow's own
writer holds all frames in memory and merges those that are the same.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import numpy as np

from gradart.rendering.formats.indexed_colors import (
    Keys,
    Tally,
    adapted,
    channels,
    keys,
    merged,
    palette,
    tally,
)
from gradart.rendering.formats.lzw_kernel import compressed
from gradart.rendering.formats.quantization import indexer
from gradart.rendering.thread_pool import ahead

_KEEP, _CLEAR = 1, 2  # what becomes of a frame when the next one comes


@dataclass(frozen=True)
class Indexed:
    """A frame as indices (h, w) into colors, uint8; one past the last is no color."""

    picture: np.ndarray
    colors: Keys


def write_gif(
    file: BinaryIO,
    timed: Iterable[tuple[np.ndarray, int]],
    samples: Iterable[np.ndarray],
    *,
    comment: str = "",
    transparent: bool = False,
    plays: int | None = None,
    most: int = 256,
) -> None:
    """Write frames (h, w, 4) of straight RGBA bytes, each with the ms for which it is shown.

    These are multiples of 10. Without `plays` the film plays for ever. The palette is made from
    `samples`, which are frames too. With `transparent`, pixels that are less than half opaque are
    left out. Where the film may have fewer than 256 colors at `most`, all frames have the same, not
    dithered, however far these are from theirs.
    """

    def look(sample: np.ndarray) -> Tally:
        return tally(keys(sample)[sample[..., 3] > 127] if transparent else keys(sample))

    seen = merged(ahead(partial(look, s) for s in samples))
    small = most < 256
    colors = palette(seen, min(most, 255) if transparent else most)

    def index_by(colors: Keys, seen: Tally) -> Callable[[np.ndarray], tuple[np.ndarray, bool]]:
        return indexer(colors, seen, len(colors) if transparent else None, dithered=not small)

    index = index_by(colors, seen)

    def indexed(frame: np.ndarray, delay: int) -> tuple[Indexed, int]:
        picture, held = index(frame)
        if held or small:
            return Indexed(picture, colors), delay
        own = adapted(colors, here := look(frame))
        if own is not colors:
            picture, _ = index_by(own, here)(frame)
        return Indexed(picture, own), delay

    def images() -> Iterator[Callable[[], bytes]]:
        before = None
        for shown, delay in ahead(partial(indexed, *each) for each in timed):
            if before is None:
                file.write(_head(shown.picture.shape, colors, comment, plays))
            yield partial(image, shown, before, delay, transparent, shown.colors is not colors)
            before = shown

    file.writelines(ahead(images()))
    file.write(b";")


def rectangle(changed: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is True; one pixel if nothing is."""
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
    if not len(rows):
        return 0, 0, 1, 1
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _head(shape: tuple[int, ...], colors: Keys, comment: str, plays: int | None) -> bytes:
    """All that comes before the first frame."""
    height, width = shape
    bits, table = _table(colors)
    screen = struct.pack("<HHBBB", width, height, 0xF0 | bits - 1, 0, 0)
    # The block says how often the film is played again, 0 for ever; without it, not at all.
    again = 0 if plays is None else plays - 1
    loop = b"" if plays == 1 else b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<Hx", again)
    text = comment.encode("ascii", "replace")
    blocks = [text[i : i + 255] for i in range(0, len(text), 255)]
    said = b"".join(bytes([len(block)]) + block for block in blocks)
    return b"GIF89a" + screen + table + loop + (b"\x21\xfe" + said + b"\0" if said else b"")


def _table(colors: Keys) -> tuple[int, bytes]:
    """The bits of an index, at least one past the last if there are fewer than 256, and colors."""
    bits = max(len(colors).bit_length(), 2) if len(colors) < 256 else 8
    return bits, channels(colors).tobytes().ljust(3 << bits, b"\0")


def image(
    shown: Indexed, before: Indexed | None, delay: int, transparent: bool, own: bool = False
) -> bytes:
    """One frame as it follows on the one before: its control block, rectangle, colors, pixels.

    Without `own` its colors are the film's, and are not written.
    """
    picture, blank = shown.picture, len(shown.colors)
    left = top = 0
    hole = blank if transparent else None
    if before is not None:
        changed = picture != blank if transparent else _changed(shown, before)
        left, top, right, bottom = rectangle(changed)
        picture, changed = picture[top:bottom, left:right], changed[top:bottom, left:right]
        if blank < 256 and not transparent:
            some = slice(None, None, 4)  # rows
            holes = np.where(changed[some], picture[some], np.uint8(blank))
            if _jumps(holes) < _jumps(picture[some]):  # shorter in LZW, most likely
                picture, hole = np.where(changed, picture, np.uint8(blank)), blank
    height, width = picture.shape
    flags = (_CLEAR if transparent else _KEEP) << 2 | (hole is not None)
    control = struct.pack("<BHBB", flags, delay // 10, hole or 0, 0)
    bits, table = _table(shown.colors) if own else (0, b"")
    place = struct.pack("<4HB", left, top, width, height, 0x80 | bits - 1 if own else 0)
    return b"!\xf9\x04" + control + b"," + place + table + b"\x08" + compressed(picture)


def _changed(shown: Indexed, before: Indexed) -> np.ndarray:
    """Where a frame has another color than the one before, which the screen shows."""
    if shown.colors is before.colors:
        return shown.picture != before.picture
    return shown.colors[shown.picture] != before.colors[before.picture]


def _jumps(rows: np.ndarray) -> int:
    """How often a pixel differs from the one before it."""
    return int(np.count_nonzero(rows[:, 1:] != rows[:, :-1]))
