"""GIF: one palette for the whole film, of each frame only what changed, exact durations.

The container is written here (W3C, "Graphics Interchange Format, Version 89a"): Pillow's own
writer holds all frames in memory and merges those that are the same. Pillow compresses the pixels.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import BinaryIO

import numpy as np

from gradart.rendering.palette import channels, indexer, keys, palette

_KEEP, _CLEAR = 1, 2  # what becomes of a frame when the next one comes


def write_gif(
    file: BinaryIO,
    frames: Iterable[np.ndarray],
    delays: Sequence[int],
    samples: Iterable[np.ndarray],
    *,
    comment: str = "",
    transparent: bool = False,
) -> None:
    """Write frames (h, w, 4) of straight RGBA bytes, each shown for its delay in ms, for ever.

    Delays are multiples of 10 ms. The palette is made from `samples`, which are frames too. With
    `transparent`, pixels that are less than half opaque are left out.
    """
    seen = (keys(s)[s[..., 3] > 127] if transparent else keys(s) for s in samples)
    colors = palette(seen, 255 if transparent else 256)
    blank = len(colors)  # the index that stands for no color; 256 is no index
    index = indexer(colors)
    screen = None
    for frame, delay in zip(frames, delays, strict=True):
        picture = index(keys(frame))
        if transparent:
            picture[frame[..., 3] < 128] = blank
        if screen is None:
            file.write(_head(frame, colors, comment))
            screen = np.full_like(picture, blank if transparent else -1)
        changed = picture != screen
        left, top, right, bottom = rectangle(changed)
        part = picture[top:bottom, left:right]
        if blank < 256:
            part = np.where(changed[top:bottom, left:right], part, blank)
        file.write(_image(part.astype(np.uint8), (left, top), delay, blank, transparent))
        if not transparent:
            screen = picture


def rectangle(changed: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is True; one pixel if nothing is."""
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
    if not len(rows):
        return 0, 0, 1, 1
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _head(frame: np.ndarray, colors: np.ndarray, comment: str) -> bytes:
    """All that comes before the first frame."""
    height, width = frame.shape[:2]
    bits = max(len(colors).bit_length(), 2) if len(colors) < 256 else 8
    table = channels(colors).tobytes().ljust(3 << bits, b"\0")
    screen = struct.pack("<HHBBB", width, height, 0xF0 | bits - 1, 0, 0)
    loop = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    text = comment.encode("ascii", "replace")
    blocks = [text[i : i + 255] for i in range(0, len(text), 255)]
    said = b"".join(bytes([len(block)]) + block for block in blocks)
    return b"GIF89a" + screen + table + loop + (b"\x21\xfe" + said + b"\0" if said else b"")


def _image(
    part: np.ndarray, place: tuple[int, int], delay: int, blank: int, transparent: bool
) -> bytes:
    """One frame: its control block, its rectangle and its pixels."""
    from PIL import Image
    from PIL.GifImagePlugin import getdata

    marks = {"transparency": blank} if blank < 256 else {}
    disposal = _CLEAR if transparent else _KEEP
    image = Image.fromarray(part)
    return b"".join(getdata(image, place, duration=delay, disposal=disposal, **marks))
