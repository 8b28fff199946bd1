"""Broken files through every reader: each must be read, or refused in one line.

A file is a good one with some bytes changed, cut out, doubled, or put in from another; where a
checksum would end it there, the checksum is made right again, so that what lies behind is reached.
"""

import io
import re
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image

from gradart.drawing.marks import dots
from gradart.drawing.scene import scene
from gradart.errors import ArtError, ArtWarning
from gradart.library.readers.elevation import Elevation, read_elevation
from gradart.library.sampled import Sampled, photograph
from gradart.rendering.formats import provenance
from gradart.rendering.render import render

Rng = np.random.Generator
HEIGHTS = np.add.outer(np.arange(12.0), np.arange(9.0))
ELEVATION = (".npz", ".hgt", ".tif", ".asc")  # a .tiff is given to photograph
MOST = 1_500_000  # KB of memory that reading a file may take


@cache
def good() -> dict[str, bytes]:
    """A small file of each kind that is read, by its ending."""
    pixels = np.random.default_rng(0).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    files = {}
    said = {"sketch": "a", "parameters": {"x": 1.0}}
    with tempfile.TemporaryDirectory() as folder:
        for ending in (".svg", ".pdf", "p.png", "s.jpg", "s.webp"):
            path = render(scene(dots((0, 0), 1)), f"{folder}/a{ending}", px=9, provenance=said)
            files[ending] = path.read_bytes()
    for kind in ("png", "jpeg", "webp", "bmp", "gif", "tiff"):
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, kind)
        files[f".{kind}"] = out.getvalue()
    for name, save in ((".npz", np.savez), ("c.npz", np.savez_compressed)):
        out = io.BytesIO()
        save(out, elevation=HEIGHTS, dx=0.1, dy=0.1, ymin=3.0, ymax=4.0)
        files[name] = out.getvalue()
    turned = rasterio.Affine(0.1, 0.02, 10, 0.02, -0.1, 60)
    for name, options in (
        (".tif", {"transform": rasterio.Affine(0.1, 0, 10, 0, -0.1, 60)}),
        ("z.tif", {"transform": turned, "compress": "deflate", "predictor": 2}),
        ("deep.tiff", {"photometric": "MINISWHITE", "compress": "lzw"}),
    ):
        files[name] = _raster(HEIGHTS.astype(np.uint16), nodata=3, crs="EPSG:4326", **options)
    files[".asc"] = (
        b"ncols 9\nnrows 12\nxllcorner 10\nyllcorner 50\ncellsize 0.1\nNODATA_value -9999\n"
        + "\n".join(" ".join(map(str, row)) for row in HEIGHTS).encode()
    )
    return files


def _raster(heights: np.ndarray, **options: object) -> bytes:
    size = {"width": heights.shape[1], "height": heights.shape[0], "dtype": heights.dtype}
    with warnings.catch_warnings(), rasterio.MemoryFile() as file:
        warnings.simplefilter("ignore")  # of one that does not say where it lies
        with file.open(driver="GTiff", count=1, **size, **options) as data:
            data.write(heights[None])
        return bytes(file.getbuffer())


def mutated(rng: Rng, files: dict[str, bytes]) -> tuple[str, bytes]:
    """One of the files, spoiled, with the ending that it had."""
    name = list(files)[rng.integers(len(files))]
    data = bytearray(files[name])
    for _ in range(rng.integers(1, 6)):
        at = int(rng.integers(len(data) or 1))
        match rng.integers(8):
            case 0 | 1:
                data[at : at + 1] = rng.bytes(1)
            case 2:
                data[at : at + 4] = struct.pack("<I", _edge(rng))
            case 3:
                data[at : at + 4] = struct.pack(">I", _edge(rng))
            case 4:
                del data[at : at + int(rng.integers(1, 40))]
            case 5:
                data = data[:at]
            case 6:
                data[at:at] = data[at : at + int(rng.integers(1, 40))]
            case 7:
                other = list(files.values())[rng.integers(len(files))]
                start = int(rng.integers(len(other)))
                data[at : at + 16] = other[start : start + 16]
    return name, _checked(bytes(data)) if rng.random() < 0.7 else bytes(data)


def _edge(rng: Rng) -> int:
    edges = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 100_000)
    return int(edges[rng.integers(len(edges))])


def _checked(data: bytes) -> bytes:
    """The file with the checksums of a PNG, or of a zip's members, made right."""
    if data.startswith(b"\x89PNG"):
        at, parts = 8, [data[:8]]
        while at + 12 <= len(data):
            length = int.from_bytes(data[at : at + 4], "big")
            body = data[at + 4 : at + 8 + length]
            parts += [data[at : at + 4], body, struct.pack(">I", zlib.crc32(body))]
            at += 12 + length
        return b"".join(parts)
    if data.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for item in archive.infolist():
                    item.CRC = None
                    item.CRC = zlib.crc32(archive.read(item))
                    where = data.find(struct.pack("<H", 20), item.header_offset)
                    data = data[: where + 10] + struct.pack("<I", item.CRC) + data[where + 14 :]
        except Exception:
            return data
    return data


def read(name: str, data: bytes, folder: Path) -> str:
    """Give a file to the readers of its kind: `read`, or `refused`. Anything else is raised.

    What is read has to be numbers, all finite, on a box or cells that have a size.
    """
    path = folder / f"file.{name.rpartition('.')[2]}"
    path.write_bytes(data)
    before = _peak(anew=True)
    readers: list[Callable[[Path], object]] = [provenance.read]
    if path.suffix not in (".svg", ".pdf"):
        readers.append(read_elevation if path.suffix in ELEVATION else photograph)
    outcome = "read"
    for reader in readers:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ArtWarning)
                _sane(reader(path))
        except ArtError as error:
            outcome = "refused"
            if "\n" in str(error):
                raise ValueError(f"an error is not one line: {error}") from error
        if _peak() - before > MOST:
            raise MemoryError(f"{name} has taken too much")
    return outcome


def _peak(anew: bool = False) -> int:
    """The most memory in KB that this process has held, from now on if `anew`; 0 off Linux.

    Not getrusage's, which a process inherits from the one that starts it.
    """
    process = Path("/proc/self")
    if not process.exists():
        return 0
    if anew:
        (process / "clear_refs").write_text("5")
    found = re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())
    return int(found[1]) if found else 0


def _sane(found: object) -> None:
    match found:
        case Elevation(heights, cell, _):
            good = np.isfinite(heights).all() and (cell is None or 0 < min(cell) <= max(cell) < 1e9)
        case Sampled():
            (x0, y0), (x1, y1) = found.box
            good = np.isfinite(found.coefficients).all() and 0 < x1 - x0 <= 2 and 0 < y1 - y0 <= 2
        case _:
            good = found is None or isinstance(found, dict)
    if not good:
        raise ValueError(f"what was read is {found}")
