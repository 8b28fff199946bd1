"""PDF: a drawing for print, of one page; what it says of its making is its subject."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    from gradart.rendering.formats.output import OutputSpec, StillSource

_LONGEST = 1 << 22  # bytes of a string, which is read letter by letter if need be
_SUBJECT = b"/Subject"
_REFERENCE = re.compile(rb"\s+(\d{1,10})\s+(\d{1,5})\s+R\b")
_STRING = re.compile(rb"\s*(?:<([0-9A-Fa-f\s]*)>|\()")
_PIECES = re.compile(rb"[^()\\\r]+|\\(?:[0-7]{1,3}|\r\n|.)|\r\n?|[()]", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def write(target: Path, still: "StillSource", spec: "OutputSpec") -> None:
    """Write the marks of a picture, as cairo prints them."""
    from gradart.rendering.painting import cairo

    marks, told = still.marks(), {"title": spec.title, "subject": spec.provenance}
    with open(target, "wb") as file:
        cairo.pdf(marks, spec.page, still.paper, file, **told, day=spec.day)


def text_in(file: BinaryIO) -> str:
    """The subject of a file, of which only the beginning and the end are looked at."""
    return _subject(_ends(file))


def _ends(file: BinaryIO) -> bytes:
    """A file's bytes, of a long one only those at its beginning and its end."""
    size = file.seek(0, 2)
    file.seek(0)
    if size <= 2 * provenance.MOST:
        return file.read(2 * provenance.MOST)
    head = file.read(provenance.MOST)
    file.seek(-provenance.MOST, 2)
    return head + b"\n" + file.read(provenance.MOST)


def _subject(data: bytes) -> str:
    """The string after /Subject, in the open or in an object stream (ISO 32000-1).

    Of several it is the last: a PDF is changed by what is written after its end.
    """
    for part in (data, *_object_streams(data)):
        text, at, elsewhere = "", 0, None
        while (at := part.find(_SUBJECT, at)) >= 0:
            at += len(_SUBJECT)
            if found := _string(part, at):
                (text, at), elsewhere = found, None
            else:
                elsewhere = _REFERENCE.match(part, at) or elsewhere
        if elsewhere and (place := re.search(rb"\b%s %s obj" % elsewhere.groups(), part)):
            text = (_string(part, place.end()) or (text, 0))[0]
        if text:
            return text
    return ""


def _object_streams(data: bytes) -> Iterator[bytes]:
    """The inflated object streams: those with /ObjStm in the dictionary before them."""
    at, rest = 0, provenance.MOST
    while rest > 0 and (start := data.find(b"stream", at)) >= 0:
        end = data.find(b"endstream", start)
        if end < 0:
            return
        if b"/ObjStm" in data[max(at, start - 1024) : start]:
            body = memoryview(data)[start + len(b"stream") : end]
            skip = 2 if bytes(body[:2]) == b"\r\n" else 1
            try:
                part = zlib.decompressobj().decompress(body[skip:], rest)
            except zlib.error:
                part = b""
            rest -= len(part)
            yield part
        at = end + len(b"endstream")


def _string(data: bytes, at: int) -> tuple[str, int] | None:
    """The string object that stands there, hexadecimal or in brackets, and where it ends."""
    found = _STRING.match(data, at)
    if found is None:
        return None
    if found[1] is not None:
        digits = b"".join(found[1].split())
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
        return _decoded(raw), found.end()
    parts: list[bytes] = []
    depth = 1
    for piece in _PIECES.finditer(data, found.end(), found.end() + _LONGEST):
        token = piece[0]
        if token in (b"(", b")"):
            depth += 1 if token == b"(" else -1
            if not depth:
                return _decoded(b"".join(parts)), piece.end()
        parts.append(_unescaped(token))
    raise ValueError("a string has no end")


def _unescaped(token: bytes) -> bytes:
    if token in (b"\r", b"\r\n"):
        return b"\n"
    if not token.startswith(b"\\"):
        return token
    rest = token[1:]
    if rest[:1].isdigit() and rest[:1] < b"8":
        return bytes([int(rest, 8) & 255])
    return b"" if rest in (b"\n", b"\r", b"\r\n") else _ESCAPES.get(rest, rest)


def _decoded(raw: bytes) -> str:
    for mark, code in ((b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if raw.startswith(mark):
            return raw[len(mark) :].decode(code)
    return raw.decode("latin-1")
