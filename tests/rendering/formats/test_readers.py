"""Readers of files from anywhere: what they find, and that they look at a byte only a few times."""

import io
import json
import struct
import zlib

import pytest

from gradart.errors import ArtError
from gradart.rendering.formats import provenance
from gradart.rendering.formats.provenance import read, text_of

SAID = '{"sketch":"a (b) \\\\u00e9 )( \\\\\\\\ /Subject (x) 5 0 R","n":[1]}'


class Counted(io.BytesIO):
    """A file that counts the bytes that are read of it."""

    def __init__(self, data):
        super().__init__(data)
        self.count = 0

    def read(self, size=-1):
        data = Looked(super().read(size))
        self.count += len(data)
        return data


class Looked(bytes):
    """Bytes that count how far they are searched."""

    seen = 0

    def find(self, what, start=0, *rest):
        at = super().find(what, start, *rest)
        Looked.seen += (len(self) if at < 0 else at) - start
        return at


def found(data):
    """What is found, and None where nothing can be; the bytes read and searched."""
    file = Counted(data)
    Looked.seen = 0
    try:
        text = text_of(file)
    except (ValueError, LookupError, struct.error, zlib.error, SyntaxError):
        text = None
    return text, file.count + Looked.seen


def _escaped(text):
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _hex(text):
    return b"<" + ("\ufeff" + text).encode("utf-16-be").hex().encode() + b">"


STRINGS = {
    "escaped": b"(" + _escaped(SAID).encode() + b")",
    "balanced": b"(" + SAID.replace("\\", "\\\\").replace(")(", "").encode() + b")",
    "octal": b"(" + "".join(f"\\{ord(c):03o}" for c in SAID).encode() + b")",
    "hexadecimal": b"<" + SAID.encode().hex().encode() + b">",
    "hexadecimal in lines": b"\n<\n" + SAID.encode().hex(" ").upper().encode() + b" >",
    "UTF-16 in hexadecimal": _hex(SAID),
    "UTF-16 in brackets": b"("
    + ("\ufeff" + SAID)
    .encode("utf-16-be")
    .replace(b"\\", b"\\\\")
    .replace(b"(", b"\\(")
    .replace(b")", b"\\)")
    + b")",
    "UTF-8 in brackets": b"(\xef\xbb\xbf" + _escaped(SAID).encode() + b")",
    "folded": b"(" + _escaped(SAID).replace(",", "\\\r\n,\\\n").encode() + b")",
}


def _object_stream(body):
    packed = zlib.compress(body)
    head = b"3 0 obj\n<< /Type /ObjStm /Filter /FlateDecode /N 1 /First 5 /Length %d >>\n"
    return head % len(packed) + b"stream\n" + packed + b"\nendstream\nendobj\n"


@pytest.mark.parametrize("kind", STRINGS)
@pytest.mark.parametrize("place", ["open", "object stream", "elsewhere"])
def test_a_pdf_may_write_its_subject_in_any_way(kind, place):
    """ISO 32000-1, 7.3.4 and 7.5.7: strings, and objects that are compressed together."""
    string, page = STRINGS[kind], b"2 0 obj\n<< >>\nstream\n/ObjStm /Q\nendstream\nendobj\n"
    if place == "open":
        body = page + b"1 0 obj\n<< /Title (\\(a) /Subject " + string + b" /Creator (b) >>\nendobj"
    elif place == "object stream":
        body = page + _object_stream(b"1 0 << /Subject" + string + b" /Author (c) >>")
    else:
        string = string.replace(b"/Subject", b"/subject")
        body = b"1 0 obj\n<< /Subject 7 0 R >>\nendobj\n7 0 obj\n" + string + b"\nendobj\n"
    text, _ = found(b"%PDF-1.7\n" + body + b"\ntrailer")
    wanted = json.loads(SAID.replace(")(", "") if kind == "balanced" else SAID)
    assert json.loads(text.replace("/subject", "/Subject")) == wanted


def test_a_pdf_that_was_changed_says_what_was_written_last():
    text, _ = found(b"%PDF-1.4\n<< /Subject (old) >>\n%%EOF\n<< /Subject (new) >>\n")
    assert text == "new"


N = 20_000
HOSTILE = {
    "PDF, streams without an end": b"%PDF-1.4\n" + b"stream\n" * N,
    "PDF, object streams without an end": b"%PDF-1.4\n" + b"/ObjStm stream\n" * N,
    "PDF, streams of nothing": b"%PDF-1.4\n" + b"/ObjStm stream\nendstream\n" * N,
    "PDF, subjects without an end": b"%PDF-1.4\n" + b"/Subject (" * N,
    "PDF, subjects elsewhere": b"%PDF-1.4\n" + b"/Subject 5 0 R " * N,
    "PDF, brackets": b"%PDF-1.4\n/Subject " + b"(" * N,
    "PDF, hexadecimal without an end": b"%PDF-1.4\n" + b"/Subject <41" * N,
    "PNG, empty chunks": b"\x89PNG\r\n\x1a\n" + (b"\0\0\0\0abcd" + b"0000") * N,
    "PNG, empty texts": b"\x89PNG\r\n\x1a\n" + (b"\0\0\0\0tEXt" + b"0000") * N,
    "PNG, a length of 4 GB": b"\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXtgradart\0" + b"x" * N,
    "GIF, a comment in many parts": b"GIF89a" + bytes(7) + b"!\xfe" + b"\x01x" * N,
    "GIF, many comments": b"GIF89a" + bytes(7) + b"!\xf9\x01x\0" * N,
    "WebP, empty chunks": b"RIFF0000WEBP" + b"ABCD\0\0\0\0" * N,
    "WebP, a length of 4 GB": b"RIFF0000WEBPXMP \xff\xff\xff\xff" + b"<a>" * N,
    "MP4, empty boxes": b"\0\0\0\x08ftyp" + b"\0\0\0\x08free" * N,
    "MP4, boxes of no length": b"\0\0\0\x08ftyp" + b"\0\0\0\x02free" * N,
    "MP4, boxes within each other": b"\0\0\0\x08ftyp" + b"\0\xff\xff\xffmoov" * N,
    "MP4, a length of 64 bits": b"\0\0\0\x08ftyp" + b"\0\0\0\x01moov" + b"\xff" * 8 * N,
    "SVG, elements within each other": b"<svg>" + b"<g>" * N,
    "SVG, a text without an end": b"<svg><metadata>" + b"x" * N * 10,
    "SVG, a tag without an end": b"<svg a='" + b"x" * N * 10,
    "neither": b"\0" * N,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_says_nothing_and_is_read_a_few_times_at_most(kind):
    """The count of bytes that are read and searched grows as the file."""
    data = HOSTILE[kind]
    text, count = found(data)
    assert not text or not text.startswith(b"{" if isinstance(text, bytes) else "{")
    assert count <= 4 * len(data) + 2000


def test_entities_that_grow_are_refused():
    entities = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(12))
    text = f'<!DOCTYPE svg [<!ENTITY e0 "ha">{entities}]><svg><metadata>&e12;</metadata></svg>'
    assert found(text.encode())[0] is None


def test_of_an_endless_file_a_part_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "MOST", 1 << 16)
    heads = b"%PDF-1.4", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP", b"<svg>", b"1234ftyp"
    for head in heads:
        path = tmp_path / "a"
        with open(path, "wb") as file:
            file.write(head)
            file.truncate(1 << 40)  # a terabyte of holes
        assert read(path) is None
        path.unlink()


def test_a_subject_at_the_end_of_a_long_pdf_is_found(monkeypatch):
    monkeypatch.setattr(provenance, "MOST", 1 << 12)
    text, count = found(b"%PDF-1.4\n" + b"x" * 100_000 + b"/Subject (here)\n")
    assert text == "here"
    assert count < 40_000


def test_a_box_of_64_bits_is_walked_over():
    def box(kind, body, wide=False):
        size = len(body) + 8
        if wide:
            return struct.pack(">I4sQ", 1, kind, size + 8) + body
        return struct.pack(">I4s", size, kind) + body

    data = box(b"data", bytes(8) + b"{}")
    meta = box(b"meta", bytes(4) + box(b"ilst", box(b"\xa9cmt", data)))
    moov = box(b"moov", box(b"udta", meta, wide=True), wide=True)
    assert found(box(b"ftyp", b"isom") + box(b"mdat", b"x" * 99, wide=True) + moov)[0] == b"{}"


def test_a_gif_says_what_fits_into_ten_megabytes():
    text = b'{"sketch":"' + b"a" * 10_000_000 + b'"}'
    parts = b"".join(
        bytes([len(part)]) + part for part in (text[i : i + 255] for i in range(0, len(text), 255))
    )
    assert found(b"GIF89a" + bytes(7) + b"!\xfe" + parts + b"\0")[0] == text


def test_a_pipe_and_a_folder_without_frames_are_no_files(tmp_path):
    with pytest.raises(ArtError, match="is a folder, and not one of a film's frames"):
        read(tmp_path)
    with pytest.raises(ArtError, match="no regular file"):
        read("/dev/zero")
