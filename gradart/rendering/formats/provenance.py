"""What a file says of its making: JSON, where its format keeps such things, as told there.

EXIF, for formats without fields of their own, says besides how large a picture is, and that its
colors are sRGB.

No clock is read: the same work gives the same file. A date is told only where
SOURCE_DATE_EPOCH sets one, there and where the format has a field for it.

Files to be read may come from anywhere. Of each, a bounded part is read, once, so that the time is
bounded too, whatever lengths the file claims.
"""

import json
import os
import re
import struct
import xml.etree.ElementTree as ET
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from gradart.errors import ArtError
from gradart.files.reading import opened
from gradart.rendering.formats.registry import FIRST_FRAME, HEAD, recognized

Provenance = dict[str, object]  # what a file says of its making, as JSON can

MOST = 1 << 24  # bytes that are read of a file's beginning, of its end, or of one text in it
PARTS = 1 << 18  # chunks or boxes that are walked over

# Letters and halves of letters that no file's name can hold, and no file.
_NOWHERE = re.compile("[\0\ud800-\udfff]")
# Of the standard: CIPA DC-008, "Exchangeable image file format for digital still cameras" (2023).
_ACROSS, _DOWN, _UNIT, _CAMERA = 0x011A, 0x011B, 0x0128, 0x8769
_MADE, _ZONE, _COLORS = 0x9003, 0x9011, 0xA001
_INCH, _SRGB = 2, 1


def as_json(facts: Provenance | None) -> str:
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


def read(path: str | Path) -> Provenance | None:
    """What the file at `path` says of its making; None if it says nothing.

    A folder of frames says what its first frame does.
    """
    path = Path(path)
    if path.is_dir():
        path = path / FIRST_FRAME
        if not path.exists():
            raise ArtError(f"{path.parent} is a folder, and not one of a film's frames")
    try:
        with opened(path) as file:
            facts = _plain(json.loads(text_of(file)))
    except OSError as error:
        raise ArtError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, LookupError, RecursionError, struct.error, zlib.error, ET.ParseError):
        return None  # another program's file, or a broken one
    return facts if isinstance(facts, dict) else None


def text_of(file: BinaryIO) -> str | bytes:
    """The JSON in a file of ours; nothing in another.

    A broken file raises ValueError, LookupError, struct.error, zlib.error or ParseError.
    """
    head = file.read(HEAD)
    file.seek(0)
    return recognized(head)[0].text_in(file)


def _plain(value: object) -> object:
    """A value of JSON whose texts can be names of files, and written."""
    if isinstance(value, str):
        return _NOWHERE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_plain(name): _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def exif(density: float, day: str) -> bytes:
    """The bytes that say that a picture has `density` pixels to the inch, sRGB, and its day."""
    from PIL import Image

    told = Image.Exif()
    told[_ACROSS] = told[_DOWN] = density
    told[_UNIT] = _INCH
    camera: dict[int, object] = {_COLORS: _SRGB}
    if made := moment(day):
        camera |= {_MADE: f"{made:%Y:%m:%d %H:%M:%S}", _ZONE: "+00:00"}
    told[_CAMERA] = camera
    return told.tobytes()
