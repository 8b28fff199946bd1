"""JPEG: a picture as everyone takes it; what it says of its making is in its comments."""

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    import numpy as np

    from gradart.rendering.formats.output import OutputSpec, StillSource

_QUALITY = 92  # of 95: around fine lines no ripples are seen, at half the size of the best
_LONGEST = 65_533  # bytes of one comment
_APPLICATION, _COMMENT, _SCAN = range(0xE0, 0xF0), 0xFE, 0xDA  # kinds of segments


def write(target: Path, still: "StillSource", spec: "OutputSpec") -> None:
    """Write a picture in full color; what its paper lets through is white."""
    from PIL import Image

    from gradart.rendering.formats.provenance import exif

    data = io.BytesIO()  # Pillow would hide why a disk does not take the bytes
    Image.fromarray(_on_white(still.pixels())).save(
        data,
        "JPEG",
        quality=_QUALITY,
        subsampling=0,  # else a red line has a gray one beside it
        optimize=True,
        dpi=(spec.density, spec.density),
        exif=exif(spec.density, spec.day),
    )
    said, picture = spec.provenance.encode("ascii"), data.getvalue()
    parts = [said[at : at + _LONGEST] for at in range(0, len(said), _LONGEST)]
    comments = b"".join(struct.pack(">BBH", 0xFF, _COMMENT, len(part) + 2) + part for part in parts)
    # Readers look for the density and EXIF in the first segments: the comments come after these.
    after = next(at for at, kind, _ in _segments(io.BytesIO(picture)) if kind not in _APPLICATION)
    with open(target, "wb") as file:
        file.write(picture[:after] + comments + picture[after:])


def _on_white(frame: "np.ndarray") -> "np.ndarray":
    """A frame (h, w, 4) of straight RGBA as RGB, laid on white."""
    import numpy as np

    alpha = frame[..., 3:].astype(np.uint16)
    if (alpha == 255).all():
        return frame[..., :3]
    return ((frame[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def _segments(file: BinaryIO) -> Iterator[tuple[int, int, int]]:
    """Where each segment before the pixels begins, its kind, and how long its body is.

    The file stands at the body when a segment is told (ITU-T T.81, annex B).
    """
    at = 2
    for _ in range(provenance.PARTS):
        file.seek(at)
        mark, kind, length = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF:
            raise ValueError("what is no segment stands between segments")
        yield at, kind, length - 2
        if kind == _SCAN:
            return
        at += 2 + max(length, 2)


def text_in(file: BinaryIO) -> bytes:
    """The comments, one after another, as far as they stand before the pixels."""
    parts, rest = [], provenance.MOST
    for _, kind, length in _segments(file):
        if kind == _COMMENT:
            parts.append(file.read(max(min(length, rest), 0)))
            rest -= len(parts[-1])
    return b"".join(parts)
