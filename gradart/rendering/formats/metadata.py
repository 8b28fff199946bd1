"""What a file says of its making, read as text, whatever its format.

Files may come from anywhere. Of each, a bounded part is read, once, so that the time is bounded
too, whatever lengths the file claims. A broken file raises ValueError, LookupError, struct.error,
zlib.error or ParseError.
"""

from typing import BinaryIO

from gradart.rendering.formats.registry import HEAD, recognized

MOST = 1 << 24  # bytes that are read of a file's beginning, of its end, or of one text in it
PARTS = 1 << 18  # chunks or boxes that are walked over


def text_of(file: BinaryIO) -> str | bytes:
    """The JSON in a file of ours; nothing in another."""
    head = file.read(HEAD)
    file.seek(0)
    return recognized(head)[0].text_in(file)
