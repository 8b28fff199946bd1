"""What a file says of its making: JSON, where each format keeps such things.

PNG and APNG in a text chunk `gradart`, SVG in `<metadata>`, PDF as the subject, GIF and MP4 as the
comment, WebP as XMP. No clock is read: the same work gives the same file. A date is told only where
SOURCE_DATE_EPOCH sets one, there and where the format has a field for it.
"""

import json
import os
import re
import struct
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from gradart.errors import ArtError

_NAMESPACE = "https://gradart.org/provenance"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP = "http://ns.adobe.com/xap/1.0/"


def as_json(facts: dict[str, Any] | None) -> str:
    """The facts as JSON in ASCII, which every format can hold; nothing for None."""
    return "" if facts is None else json.dumps(facts, separators=(",", ":"))


def date() -> str:
    """The moment that SOURCE_DATE_EPOCH sets, as 2026-11-26T10:15:00Z; nothing if it is not set.

    The variable is that of reproducible-builds.org: seconds since 1970.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not seconds:
        return ""
    try:
        return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        raise ArtError(
            f"SOURCE_DATE_EPOCH is {seconds!r}; set it to whole seconds since 1970, or unset it"
        ) from None


def moment(day: str) -> datetime | None:
    """What `date` gave, as a moment; None for another text."""
    try:
        return datetime.strptime(day, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def as_xmp(said: str, day: str = "") -> bytes:
    """A packet of XMP that holds the text, and the date of its making."""
    if not said and not day:
        return b""
    dated = f' xmlns:xmp="{_XMP}" xmp:CreateDate={quoteattr(day)}' if day else ""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="{_RDF}"><rdf:Description rdf:about=""{dated}'
        f' xmlns:gradart="{_NAMESPACE}" gradart:provenance={quoteattr(said)}/></rdf:RDF>'
        "</x:xmpmeta>"
    ).encode()


def read(path: str | Path) -> dict[str, Any] | None:
    """What the file at `path` says of its making; None if it says nothing.

    A folder of frames says what its first frame does.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "frame_0000.png"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ArtError(f"{path} cannot be read: {error.strerror}") from error
    try:
        facts = json.loads(_find(data))
    except (ValueError, LookupError, RecursionError, struct.error, zlib.error, ET.ParseError):
        return None  # another program's file, or a broken one
    return facts if isinstance(facts, dict) else None


def _find(data: bytes) -> str | bytes:
    """The JSON in a file's bytes, by the format that its first ones tell."""
    if data.startswith(b"\x89PNG"):
        chunks = (body for kind, body in png_chunks(data) if kind == b"tEXt")
        return next((body[8:] for body in chunks if body.startswith(b"gradart\0")), b"")
    if data.startswith(b"GIF8"):
        return _gif_comment(data)
    if data.startswith(b"RIFF"):
        return _webp_attribute(data)
    if data[4:8] == b"ftyp":
        return _mp4_comment(data)
    if data.startswith(b"%PDF"):
        return _pdf_subject(data)
    return ET.fromstring(data).findtext("{http://www.w3.org/2000/svg}metadata", "")


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The kind and the body of each chunk of a PNG file."""
    at = 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _gif_comment(data: bytes) -> bytes:
    """The comment, if there is one before the first image."""
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while data[at] == 0x21:
        label, at, text = data[at + 1], at + 2, b""
        while size := data[at]:
            text += data[at + 1 : at + 1 + size]
            at += 1 + size
        if label == 0xFE:
            return text
        at += 1
    return b""


def _webp_attribute(data: bytes) -> str:
    at = 12
    while at < len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        if kind == b"XMP ":
            packet = ET.fromstring(data[at + 8 : at + 8 + size])
            (node,) = packet.iter(f"{{{_RDF}}}Description")
            return node.attrib[f"{{{_NAMESPACE}}}provenance"]
        at += 8 + size + size % 2
    return ""


def _mp4_comment(data: bytes) -> bytes:
    """The body of the atom at moov / udta / meta / ilst / (c)cmt / data."""
    start, stop = 0, len(data)
    for wanted in (b"moov", b"udta", b"meta", b"ilst", b"\xa9cmt", b"data"):
        while data[start + 4 : start + 8] != wanted:
            size = max(struct.unpack_from(">I", data, start)[0], 8)
            start += size
            if start >= stop:
                return b""
        stop = start + struct.unpack_from(">I", data, start)[0]
        start += 8 + 4 * (wanted == b"meta") + 8 * (wanted == b"data")
    return data[start:stop]


def _pdf_subject(data: bytes) -> str:
    """The string after /Subject, in the open or in a compressed stream."""
    streams = re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    for part in [data, *(_inflated(match[1]) for match in streams)]:
        # Cairo writes UTF-16 in hexadecimal where there are brackets or backslashes.
        if found := re.search(rb"/Subject\s*(?:\(([^()\\]*)\)|<FEFF([0-9A-Fa-f\s]*)>)", part):
            plain, coded = found[1], found[2]
            if plain is not None:
                return plain.decode("ascii")
            return bytes.fromhex(coded.decode("ascii")).decode("utf-16-be")
    return ""


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, 1 << 24)
    except zlib.error:
        return b""
