"""WebP: a picture or a film without loss; what it says of its making is in a packet of XMP."""

import io
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import quoteattr

from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    import numpy as np

    from gradart.rendering.formats.output import FilmSource, OutputSpec, StillSource

_PROVENANCE = "https://gradart.org/provenance"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP = "http://ns.adobe.com/xap/1.0/"


def write(target: Path, art: "StillSource | FilmSource", spec: "OutputSpec") -> None:
    """Write a picture or a film, exactly as its pixels are."""
    from gradart.rendering.formats.output import StillSource

    xmp = as_xmp(spec.provenance, spec.day)
    with open(target, "wb") as file:
        if isinstance(art, StillSource):
            _write_still(file, art.pixels(), spec, xmp)
        else:
            write_webp(file, art.frames(), art.count, art.fps, xmp, spec.plays)


def _write_still(file: BinaryIO, picture: "np.ndarray", spec: "OutputSpec", xmp: bytes) -> None:
    """Write one picture; that it is sRGB goes without saying here, but not to all readers."""
    from PIL import Image

    from gradart.rendering.formats.png import without_alpha
    from gradart.rendering.formats.provenance import exif

    data = io.BytesIO()
    how = {"lossless": True, "method": 4, "quality": 50}  # a tenth smaller than at once
    about = {"xmp": xmp, "exif": exif(spec.density, spec.day)}
    Image.fromarray(without_alpha(picture)).save(data, "WEBP", **how, **about)
    file.write(data.getbuffer())


def write_webp(
    file: BinaryIO,
    frames: "Iterable[np.ndarray]",
    count: int,
    fps: float,
    xmp: bytes = b"",
    plays: int | None = None,
) -> None:
    """Write an animated WebP without loss; `xmp` is a packet of metadata.

    Without `plays` it plays for ever.
    """
    from PIL import Image

    from gradart.rendering.formats.output import delays

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
    reel.__setstate__(first.__getstate__())  # a copy, by what Pillow has for pickle
    data = io.BytesIO()
    reel.save(
        data,
        "WEBP",
        save_all=True,
        duration=delays(count, fps, 1),
        loop=plays or 0,
        lossless=True,
        method=2,  # a twentieth larger than the smallest, in half the time
        quality=20,
        xmp=xmp,
    )
    file.write(_timed(data.getvalue(), sum(delays(count, fps, 1)), plays or 0))


def _timed(data: bytes, milliseconds: int, plays: int) -> bytes:
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
            (b"ANIM", struct.pack("<4xH", plays)),
            (b"ANMF", frame),
        )
    )
    return b"RIFF" + struct.pack("<I", len(body + xmp)) + body + xmp


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")


def as_xmp(said: str, day: str = "") -> bytes:
    """A packet of XMP that holds the text, and the date of its making."""
    if not said and not day:
        return b""
    dated = f' xmlns:xmp="{_XMP}" xmp:CreateDate={quoteattr(day)}' if day else ""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="{_RDF}"><rdf:Description rdf:about=""{dated}'
        f' xmlns:gradart="{_PROVENANCE}" gradart:provenance={quoteattr(said)}/></rdf:RDF>'
        "</x:xmpmeta>"
    ).encode()


def text_in(file: BinaryIO) -> str:
    """The packet of XMP, which stands after the pictures."""
    file.seek(12)
    for _ in range(provenance.PARTS):
        kind, size = struct.unpack("<4sI", file.read(8))
        if kind == b"XMP ":
            packet = ET.fromstring(file.read(min(size, provenance.MOST)))
            (node,) = packet.iter(f"{{{_RDF}}}Description")
            return node.attrib[f"{{{_PROVENANCE}}}provenance"]
        file.seek(size + size % 2, 1)
    return ""
