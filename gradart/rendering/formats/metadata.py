"""The text that a file keeps about itself, found by its format.

Files may come from anywhere. Of each, a bounded part is read, once, so that the time is bounded
too, whatever lengths the file claims. A broken file raises ValueError, LookupError, struct.error,
zlib.error or ParseError.
"""

import re
import struct
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from typing import BinaryIO

PROVENANCE = "https://gradart.org/provenance"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_MOST = 1 << 24  # bytes that are read of a file's beginning, of its end, or of one text in it
_PARTS = 1 << 18  # chunks or boxes that are walked over
_STEP = 1 << 16  # bytes of XML at a time, at first
_LONGEST = 1 << 22  # bytes of a PDF's string, which is read letter by letter if need be

_SUBJECT = b"/Subject"
_REFERENCE = re.compile(rb"\s+(\d{1,10})\s+(\d{1,5})\s+R\b")
_STRING = re.compile(rb"\s*(?:<([0-9A-Fa-f\s]*)>|\()")
_PIECES = re.compile(rb"[^()\\\r]+|\\(?:[0-7]{1,3}|\r\n|.)|\r\n?|[()]", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(file: BinaryIO) -> str | bytes:
    """The JSON in a file of ours; nothing in another."""
    head = file.read(12)
    file.seek(0)
    if head.startswith(b"\x89PNG"):
        return _png(file)
    if head.startswith(b"GIF8"):
        return _gif(file.read(_MOST))
    if head.startswith(b"RIFF"):
        return _webp(file)
    if head[4:8] == b"ftyp":
        return _mp4(file)
    if head.startswith(b"%PDF"):
        return _pdf(_ends(file))
    return _svg(file)


def _png(file: BinaryIO) -> bytes:
    """The text chunk `gradart`, which stands before the pixels."""
    file.seek(8)
    for _ in range(_PARTS):
        length, kind = struct.unpack(">I4s", file.read(8))
        if kind == b"tEXt" and file.read(8) == b"gradart\0":
            return file.read(min(length - 8, _MOST))
        if kind == b"IDAT":
            break
        file.seek(length + 4 - 8 * (kind == b"tEXt"), 1)
    return b""


def _gif(data: bytes) -> bytes:
    """The comment, if there is one before the first image."""
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while data[at] == 0x21:
        label, at, text = data[at + 1], at + 2, []
        while size := data[at]:
            text.append(data[at + 1 : at + 1 + size])
            at += 1 + size
        if label == 0xFE:
            return b"".join(text)
        at += 1
    return b""


def _webp(file: BinaryIO) -> str:
    """The packet of XMP, which stands after the pictures."""
    file.seek(12)
    for _ in range(_PARTS):
        kind, size = struct.unpack("<4sI", file.read(8))
        if kind == b"XMP ":
            (node,) = ET.fromstring(file.read(min(size, _MOST))).iter(f"{{{RDF}}}Description")
            return node.attrib[f"{{{PROVENANCE}}}provenance"]
        file.seek(size + size % 2, 1)
    return ""


def _mp4(file: BinaryIO) -> bytes:
    """The body of the box at moov / udta / meta / ilst / (c)cmt / data (ISO 14496-12)."""
    wanted = [b"data", b"\xa9cmt", b"ilst", b"meta", b"udta", b"moov"]
    stop = None  # of the box that is looked into
    for _ in range(_PARTS):
        start = file.tell()
        if stop is not None and start + 8 > stop:
            break
        size, kind = struct.unpack(">I4s", file.read(8))
        if size == 1:  # the length follows, in 64 bits
            (size,) = struct.unpack(">Q", file.read(8))
            if size >> 62:
                raise ValueError("no file is as long as that")
        if kind != wanted[-1]:
            file.seek(start + max(size, 8) if size else 0, 0 if size else 2)
            continue
        wanted.pop()
        end = start + size if size else None  # without one, it runs to the end of the file
        stop = end if stop is None else min(end or stop, stop)
        if kind == b"meta":
            file.seek(4, 1)
        if not wanted:
            file.seek(8, 1)
            return file.read(_MOST if stop is None else max(min(stop - file.tell(), _MOST), 0))
    return b""


class _Metadata:
    """What an XML parser tells its findings to: keeps the text of `metadata` below the root."""

    def __init__(self) -> None:
        self._depth = 0
        self._inside = self.done = False
        self._texts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._inside = self._depth == 2 and tag == "{http://www.w3.org/2000/svg}metadata"

    def end(self, tag: str) -> None:
        self.done = self.done or self._inside
        self._inside = False
        self._depth -= 1

    def data(self, text: str) -> None:
        if self._inside and not self.done:
            self._texts.append(text)

    def close(self) -> str:
        return "".join(self._texts) if self.done else ""


def _svg(file: BinaryIO) -> str:
    """The text of the element `metadata`, within the outermost one."""
    found = _Metadata()
    parser = ET.XMLParser(target=found)
    step, read = _STEP, 0
    while not found.done and read < _MOST and (part := file.read(step)):
        parser.feed(part)
        read, step = read + step, 2 * step  # so that a long token is not looked at too often
    return found.close()


def _ends(file: BinaryIO) -> bytes:
    """A file's bytes, of a long one only those at its beginning and its end."""
    size = file.seek(0, 2)
    file.seek(0)
    if size <= 2 * _MOST:
        return file.read(2 * _MOST)
    head = file.read(_MOST)
    file.seek(-_MOST, 2)
    return head + b"\n" + file.read(_MOST)


def _pdf(data: bytes) -> str:
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
    at, rest = 0, _MOST
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
