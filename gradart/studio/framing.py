"""Messages as bytes: JSON, and a body behind it, which mostly is a picture.

The same between server and worker as between server and browser: two big-endian 32-bit lengths, the
JSON in UTF-8, the body.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

Message = tuple[dict[str, Any], bytes]  # as it was read: JSON can be anything
ToSend = tuple[Mapping[str, object], bytes]

_LENGTHS = struct.Struct(">II")
HEAD = _LENGTHS.size  # bytes


def pack(head: Mapping[str, object], body: bytes = b"") -> bytes:
    """A message as bytes. NaN and infinity, which JSON has not, are refused."""
    text = json.dumps(head, separators=(",", ":"), allow_nan=False).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def lengths(start: bytes) -> tuple[int, int]:
    """The lengths of the JSON and of the body, from the first HEAD bytes of a message."""
    text, body = _LENGTHS.unpack(start)
    return text, body


def read(stream: BinaryIO) -> Message | None:
    """The next message of a stream; None at its end."""
    start = stream.read(HEAD)
    if len(start) < HEAD:
        return None
    text, body = lengths(start)
    return json.loads(stream.read(text)), stream.read(body)
