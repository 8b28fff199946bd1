"""PNG: a picture without loss; what it says of its making is in a text chunk `gradart`."""

import io
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    from gradart.rendering.formats.output import OutputSpec, StillSource

_UNSEEN = 2  # of 255, a difference of colors side by side
_PART = 1 << 22  # bytes of a large picture that are compressed at a time
_LEVEL = 2  # of its compression: as in small pictures


# Colors are sRGB, which is said here in the three ways that readers old and new look for, with the
# numbers of W3C, "Portable Network Graphics", third edition (2025), 11.3.2.5.
COLORS = (
    (b"gAMA", struct.pack(">I", 45_455)),
    (
        b"cHRM",
        struct.pack(">8I", 31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000),
    ),
    (b"sRGB", b"\0"),  # where not all can be shown, as photographs are: perceptually
)


def write(target: Path, still: "StillSource", spec: "OutputSpec") -> None:
    """Write a picture of the page's size, which is told in pixels per meter.

    A large one is written as it is painted.
    """
    said = partial(write_png, comment=spec.provenance, day=spec.day, density=spec.density)
    width, height = spec.size
    bands = still.bands()
    first = next(bands)
    with open(target, "wb") as file:
        if len(first) == height:
            said(file, without_alpha(first))
        else:  # on opaque paper all of a picture is opaque
            channels = 3 if still.paper is not None and still.paper[3] >= 1 else 4
            shown = (band[..., :channels] for band in chain([first], bands))
            _write_bands(file, shown, (width, height, channels), said)


def _write_bands(
    file: BinaryIO,
    bands: "Iterator[np.ndarray]",
    size: tuple[int, int, int],
    said: "Callable[[BinaryIO, np.ndarray], None]",
) -> None:
    """Write bands as a picture whose width, height and channels are its `size`.

    What a file says beside its pixels is what `said` writes with a picture of one pixel.
    """
    import numpy as np

    width, height, channels = size
    one = io.BytesIO()
    said(one, np.zeros((1, 1, channels), np.uint8))
    file.write(one.getvalue()[:8])
    for kind, body in chunks(one.getvalue()):
        if kind == b"IDAT":
            file.writelines(chunk(kind, part) for part in _compressed(bands))
        elif kind == b"IHDR":
            file.write(chunk(kind, struct.pack(">II", width, height) + body[8:]))
        else:
            file.write(chunk(kind, body))


def _compressed(bands: "Iterable[np.ndarray]") -> Iterator[bytes]:
    """The rows of bands (h, w, channels) as parts of one zlib stream (RFC 1950).

    Each part ends with a whole byte, and refers to none before it; they are compressed side by
    side, as the bands are painted. Rows are as they are, and not told by their neighbors: of line
    art and ink that is smaller.
    """
    import numpy as np

    from gradart.rendering.thread_pool import ahead

    checksum = 1

    def works() -> Iterator[Callable[[], bytes]]:
        nonlocal checksum
        for band in bands:
            count = -(-band.size // _PART)
            for part in np.array_split(band, count):
                rows = np.zeros((len(part), 1 + part[0].size), np.uint8)  # 0: told by no neighbor
                rows[:, 1:] = part.reshape(len(part), -1)
                checksum = zlib.adler32(rows.data, checksum)
                yield partial(_deflated, rows)

    yield b"\x78\x5e"
    yield from ahead(works())
    yield b"\x03\x00" + struct.pack(">I", checksum)  # behind a last block of no bytes


def _deflated(rows: "np.ndarray") -> bytes:
    deflate = zlib.compressobj(_LEVEL, wbits=-zlib.MAX_WBITS)
    return deflate.compress(rows.data) + deflate.flush(zlib.Z_SYNC_FLUSH)


def without_alpha(frame: "np.ndarray") -> "np.ndarray":
    """A frame as (h, w, 3) if all of it is opaque."""
    return frame[..., :3] if (frame[..., 3] == 255).all() else frame


def write_png(
    file: BinaryIO,
    frame: "np.ndarray",
    *,
    comment: str = "",
    day: str = "",
    density: float | None = None,
) -> None:
    """Write one picture (h, w, 3 or 4) of sRGB as PNG, made on a day; `density` pixels an inch."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    for kind, body in COLORS:
        text.add(kind, body)
    if comment:
        text.add_text("gradart", comment)
    if made := provenance.moment(day):
        text.add(b"tIME", time_body(made))
    data = io.BytesIO()  # Pillow would hide why a disk does not take the bytes
    how = {} if density is None else {"dpi": (density, density)}
    # Of line art, higher levels make no smaller files.
    Image.fromarray(frame).save(data, "PNG", pnginfo=text, compress_level=2, **how)
    file.write(data.getbuffer())


def compact(data: bytes) -> bytes:
    """A PNG in fewer bytes, which take longer to find; one with alpha is left as it is.

    It has a palette if 256 colors come within 2 of 255 of all its own. That holds for drawings in
    few inks, whose files become a third as large. Others keep their colors. What it says stays.
    """
    import numpy as np
    from PIL.Image import Dither, Quantize
    from PIL.Image import open as opened
    from PIL.PngImagePlugin import PngInfo

    picture = opened(io.BytesIO(data))
    if picture.mode != "RGB":
        return data
    before = np.asarray(picture)
    packed = _in_cells(before) or picture.quantize(256, Quantize.MEDIANCUT, dither=Dither.NONE)
    after = np.asarray(packed.convert("RGB"), np.int16)
    in_palette = np.abs(after - before).max() <= _UNSEEN
    text = PngInfo()
    for kind, body in chunks(data):
        if kind not in (b"IHDR", b"IDAT", b"IEND"):
            text.add(kind, body)
    how = {"dpi": picture.info["dpi"]} if "dpi" in picture.info else {}
    smaller = io.BytesIO()
    kept = packed if in_palette else picture
    kept.save(smaller, "PNG", pnginfo=text, compress_level=9, **how)
    if in_palette:
        return smaller.getvalue()
    return min(data, smaller.getvalue(), _unfiltered(data, before), key=len)


def _unfiltered(data: bytes, pixels: "np.ndarray") -> bytes:
    """A PNG of these pixels (h, w, 3) whose rows are as they are, and not told by their neighbors.

    Of many fine lines over each other that is smaller. All else is as `data` has it.
    """
    rows = zlib.compress(b"".join(b"\0" + row.tobytes() for row in pixels), 9)
    before, after = io.BytesIO(), io.BytesIO()
    part = before
    for kind, body in chunks(data):
        if kind == b"IDAT":
            part = after
        else:
            part.write(chunk(kind, body))
    return data[:8] + before.getvalue() + chunk(b"IDAT", rows) + after.getvalue()


def _in_cells(pixels: "np.ndarray") -> "Image | None":
    """Pixels (h, w, 3) with a color for each cell of the cube that has any, if 256 are enough.

    Cells are as wide as colors may be off, to either side, and the paper is in the middle of one.
    """
    import numpy as np
    from PIL.Image import fromarray

    side = 2 * _UNSEEN + 1
    red, green, blue = np.moveaxis(pixels.astype(np.int32), -1, 0)
    packed = red << 16 | green << 8 | blue
    colors, index, counts = np.unique(packed, return_inverse=True, return_counts=True)
    rgb = np.stack([colors >> 16, colors >> 8 & 255, colors & 255], -1)
    shift = (_UNSEEN - rgb[counts.argmax()]) % side
    cells, cell = np.unique((rgb + shift) // side, axis=0, return_inverse=True)
    if len(cells) > 256:
        return None
    image = fromarray(cell.ravel()[index.ravel()].reshape(pixels.shape[:2]).astype(np.uint8), "P")
    image.putpalette(np.clip(cells * side - shift + _UNSEEN, 0, 255).astype(np.uint8).tobytes())
    return image


def time_body(made: datetime) -> bytes:
    """The body of the chunk tIME."""
    return struct.pack(">H5B", *made.timetuple()[:6])


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The kind and the body of each chunk of a PNG file."""
    at = 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def text_in(file: BinaryIO) -> bytes:
    """The text chunk `gradart`, which stands before the pixels."""
    file.seek(8)
    for _ in range(provenance.PARTS):
        length, kind = struct.unpack(">I4s", file.read(8))
        if kind == b"tEXt" and file.read(8) == b"gradart\0":
            return file.read(min(length - 8, provenance.MOST))
        if kind == b"IDAT":
            break
        file.seek(length + 4 - 8 * (kind == b"tEXt"), 1)
    return b""
