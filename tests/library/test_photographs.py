"""A picture has the same tones however its file keeps them, and what is no file is not read."""

import os
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
import rasterio
from hostile import chunk
from PIL import Image

from gradart.errors import ArtError
from gradart.library.photographs import LUMA, read_tones

RNG = np.random.default_rng(0)
GRAY = RNG.integers(0, 256, (12, 17), dtype=np.uint8)
RGB = RNG.integers(0, 256, (12, 17, 3), dtype=np.uint8)
ALPHA = RNG.integers(0, 256, (12, 17), dtype=np.uint8)
GRAY_TONES, RGB_TONES = GRAY / 255, RGB / 255 @ LUMA
TYPES = {1: "B", 3: "H", 4: "I"}
KINDS = {"u": 1, "i": 2, "f": 3, "b": 1}


def tiff(path, samples, photometric=1, *, order="<", planar=False, packed=False, **tags):
    """Write a TIFF of one strip (or one a plane), its samples as they are: (h, w) or (h, w, n)."""
    samples = np.asarray(samples)
    height, width = samples.shape[:2]
    planes = samples.reshape(height, width, -1)
    count = planes.shape[-1]
    strips = np.moveaxis(planes, -1, 0) if planar else [planes]
    data = [np.ascontiguousarray(s, samples.dtype.newbyteorder(order)).tobytes() for s in strips]
    data = [zlib.compress(strip) for strip in data] if packed else data
    starts = np.cumsum([8, *map(len, data)])
    fields = {
        256: (4, [width]),
        257: (4, [height]),
        258: (3, [samples.dtype.itemsize * 8] * count),
        259: (3, [8 if packed else 1]),
        262: (3, [photometric]),
        273: (4, starts[:-1]),
        274: (3, [tags.get("orientation", 1)]),
        277: (3, [count]),
        278: (4, [height]),
        279: (4, [len(strip) for strip in data]),
        284: (3, [2 if planar else 1]),
        338: (3, tags.get("extra", [])),
        339: (3, [KINDS[samples.dtype.kind]] * count),
    }
    fields = {tag: field for tag, field in fields.items() if len(field[1])}
    entries, tail = b"", b""
    after = starts[-1] + 2 + 12 * len(fields) + 4
    for tag, (kind, values) in fields.items():
        value = struct.pack(f"{order}{len(values)}{TYPES[kind]}", *values)
        if len(value) > 4:
            value, tail = struct.pack(f"{order}I", after + len(tail)), tail + value
        entries += struct.pack(f"{order}HHI", tag, kind, len(values)) + value.ljust(4, b"\0")
    head = b"II*\0" if order == "<" else b"MM\0*"
    directory = struct.pack(f"{order}H", len(fields)) + entries + bytes(4) + tail
    path.write_bytes(head + struct.pack(f"{order}I", starts[-1]) + b"".join(data) + directory)
    return path


def turned(tones, orientation):
    """What is to be stored so that a viewer who obeys the orientation shows the tones."""
    stored = {
        1: lambda t: t,
        2: np.fliplr,
        3: lambda t: np.rot90(t, 2),
        4: np.flipud,
        5: lambda t: np.swapaxes(t, 0, 1),
        6: np.rot90,  # shown by a quarter turn to the right
        7: lambda t: np.swapaxes(np.rot90(t, 2), 0, 1),
        8: lambda t: np.rot90(t, -1),
    }
    return np.ascontiguousarray(stored[orientation](tones))


def deep(samples, dtype):
    """8 bits as the same shares of the range of another type."""
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return (samples / 255).astype(dtype)
    return samples.astype(dtype) * dtype.type(np.iinfo(dtype).max // 255)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "u8", "f2", "f4", "f8"])
def test_a_tiff_has_the_tones_of_its_8_bit_sibling(tmp_path, dtype, order, packed):
    options = {"order": order, "packed": packed}
    atol = 3e-4 if dtype == "f2" else 1e-7
    gray = deep(GRAY, dtype)
    black = tiff(tmp_path / "a.tif", gray, **options)
    np.testing.assert_allclose(read_tones(black), GRAY_TONES, atol=atol)
    white = tiff(tmp_path / "b.tif", deep(255 - GRAY, dtype), 0, **options)
    np.testing.assert_allclose(read_tones(white), GRAY_TONES, atol=atol)
    for planar in (False, True):
        color = tiff(tmp_path / "c.tif", deep(RGB, dtype), 2, planar=planar, **options)
        np.testing.assert_allclose(read_tones(color), RGB_TONES, atol=atol)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "f4", "f8"])
def test_a_turned_tiff_is_shown_upright(tmp_path, dtype, orientation):
    for packed in (False, True):
        gray = deep(turned(GRAY, orientation), dtype)
        path = tiff(tmp_path / "a.tif", gray, orientation=orientation, packed=packed)
        np.testing.assert_allclose(read_tones(path), GRAY_TONES, atol=1e-7)
        color = deep(turned(RGB, orientation), dtype)
        path = tiff(tmp_path / "b.tif", color, 2, orientation=orientation, packed=packed)
        np.testing.assert_allclose(read_tones(path), RGB_TONES, atol=1e-7)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
def test_other_turned_pictures_are_shown_upright(tmp_path, ending, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    smooth = np.add.outer(np.arange(24), 5 * np.arange(32)).astype(np.uint8)
    options = {"webp": {"lossless": True}, "jpg": {"quality": 100}}.get(ending, {})
    Image.fromarray(turned(smooth, orientation)).save(
        tmp_path / f"a.{ending}", exif=exif, **options
    )
    np.testing.assert_allclose(read_tones(tmp_path / f"a.{ending}"), smooth / 255, atol=0.02)


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
@pytest.mark.parametrize("planar", [False, True])
def test_glass_is_seen_on_white_and_inks_take_light_away(tmp_path, dtype, planar):
    for colors, tones, photometric in ((GRAY, GRAY_TONES, 1), (RGB, RGB_TONES, 2)):
        on_white = 1 - ALPHA / 255 * (1 - tones)
        both = deep(np.dstack([colors, ALPHA]), dtype)
        path = tiff(tmp_path / "a.tif", both, photometric, planar=planar, extra=[2])
        np.testing.assert_allclose(read_tones(path), on_white, atol=1e-6)
        more = deep(np.dstack([colors, ALPHA]), dtype)  # one that says nothing of transparency
        path = tiff(tmp_path / "b.tif", more, photometric, planar=planar, extra=[0])
        np.testing.assert_allclose(read_tones(path), tones, atol=1e-6)
    inks = np.dstack([255 - RGB, 0 * GRAY])
    path = tiff(tmp_path / "c.tif", deep(inks, dtype), 5, planar=planar)
    np.testing.assert_allclose(read_tones(path), RGB_TONES, atol=0.003)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "float32", "float64"])
@pytest.mark.parametrize(
    "options",
    [
        {"compress": "lzw"},
        {"compress": "lzw", "predictor": 2},
        {"compress": "deflate", "predictor": 3},
        {"compress": "zstd", "bigtiff": "YES"},
        {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "packbits"},
        {"endianness": "BIG", "compress": "lzw", "predictor": 2, "interleave": "band"},
    ],
    ids=lambda options: " ".join(map(str, options.values())),
)
def test_compressions_predictors_tiles(tmp_path, dtype, options):
    floats = dtype.startswith("f")
    if options.get("predictor") == 3 and not floats:
        options = {**options, "predictor": 2}
    size = {"width": 17, "height": 12, "dtype": dtype, "driver": "GTiff"}
    with rasterio.open(tmp_path / "a.tif", "w", count=3, photometric="RGB", **size, **options) as a:
        a.write(np.moveaxis(deep(RGB, dtype), -1, 0))
    np.testing.assert_allclose(read_tones(tmp_path / "a.tif"), RGB_TONES, atol=1e-7)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_depths_between_8_and_16_bits_and_below(tmp_path):
    for bits in (10, 12, 14):
        samples = np.round(GRAY_TONES * (2**bits - 1)).astype(np.uint16)
        size = {"width": 17, "height": 12, "dtype": "uint16", "driver": "GTiff", "count": 1}
        with rasterio.open(tmp_path / "a.tif", "w", nbits=bits, **size) as data:
            data.write(samples[None])
        np.testing.assert_allclose(read_tones(tmp_path / "a.tif"), GRAY_TONES, atol=1e-3)
    bilevel = Image.fromarray(GRAY > 127)
    for ending in ("tif", "png", "bmp"):
        bilevel.save(tmp_path / f"b.{ending}")
        np.testing.assert_array_equal(read_tones(tmp_path / f"b.{ending}"), GRAY > 127)


def test_light_beyond_white_stays_and_no_number_is_said(tmp_path):
    light = (GRAY_TONES * 5).astype("f4")
    np.testing.assert_allclose(read_tones(tiff(tmp_path / "a.tif", light)), light)
    light[3, 4] = np.nan
    with pytest.raises(ArtError, match=r"a\.tif holds tones that are NaN or infinite"):
        read_tones(tiff(tmp_path / "a.tif", light))


def test_only_the_first_of_several_pages_is_seen(tmp_path):
    pages = [Image.fromarray(GRAY), Image.fromarray(255 - GRAY)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    np.testing.assert_allclose(read_tones(tmp_path / "a.tif"), GRAY_TONES)


def png(path, samples, kind, depth=16, clear=None):
    """Write a PNG of 16 bits, with one transparent color if asked."""
    height, width = samples.shape[:2]
    rows = samples.astype(">u2").reshape(height, -1)
    data = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    parts = [chunk(b"IHDR", header)]
    if clear is not None:
        parts.append(chunk(b"tRNS", np.asarray(clear, ">u2").tobytes()))
    parts += [chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return path


def test_a_png_of_16_bits_in_every_color_and_with_glass(tmp_path):
    gray, color = deep(GRAY, "u2"), deep(RGB, "u2")
    np.testing.assert_allclose(read_tones(png(tmp_path / "a.png", gray, 0)), GRAY_TONES)
    np.testing.assert_allclose(read_tones(png(tmp_path / "a.png", color, 2)), RGB_TONES)
    for colors, tones, kind in ((gray, GRAY_TONES, 4), (color, RGB_TONES, 6)):
        both = np.dstack([colors, deep(ALPHA, "u2")])
        on_white = 1 - ALPHA / 255 * (1 - tones)
        np.testing.assert_allclose(read_tones(png(tmp_path / "a.png", both, kind)), on_white)
    found = read_tones(png(tmp_path / "a.png", gray, 0, clear=[gray[2, 3]]))
    np.testing.assert_allclose(found, np.where(gray == gray[2, 3], 1, GRAY_TONES))
    found = read_tones(png(tmp_path / "a.png", color, 2, clear=color[2, 3]))
    same = (color == color[2, 3]).all(-1)
    np.testing.assert_allclose(found, np.where(same, 1, RGB_TONES))


def test_a_palette_with_glass_in_it(tmp_path):
    picture = Image.fromarray(GRAY % 4).convert("P")
    picture.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0, 255, 255, 255])
    tones = np.array([0, 0.2126, 1, 1])  # the third is transparent
    for ending in ("png", "gif"):
        picture.save(tmp_path / f"a.{ending}", transparency=2)
        np.testing.assert_allclose(read_tones(tmp_path / f"a.{ending}"), tones[GRAY % 4])
    picture.save(tmp_path / "a.tif")
    tones[2] = 0.7152
    np.testing.assert_allclose(read_tones(tmp_path / "a.tif"), tones[GRAY % 4])


def test_without_rasterio_it_is_told_and_what_pillow_reads_is_read(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "rasterio", None)
    for samples, photometric, planar in (
        (deep(GRAY, "u4"), 1, False),
        (deep(GRAY, "u2"), 0, False),
        (deep(RGB, "u2"), 2, True),
        (deep(GRAY, "f8"), 1, False),
    ):
        tiff(tmp_path / "a.tif", samples, photometric, planar=planar)
        with pytest.raises(ArtError, match=r"a\.tif .*pip install 'gradart\[geotiff\]'"):
            read_tones(tmp_path / "a.tif")
    plain = tiff(tmp_path / "a.tif", deep(GRAY, "u2"))
    np.testing.assert_allclose(read_tones(plain), GRAY_TONES)


def test_a_pipe_a_device_and_a_folder_are_not_read(tmp_path):
    """In a process of its own: what would wait for ever is ended."""
    names = ["a.png", "a.npz", "a.hgt", "a.tif"]
    for name in names:
        (tmp_path / name).mkdir()
        os.mkfifo(tmp_path / f"pipe_{name}")
        (tmp_path / f"link_{name}").symlink_to("/dev/zero")
    code = (
        "import sys\n"
        "from gradart.library.photographs import read_tones\n"
        "from gradart.library.readers.elevation import read_elevation\n"
        "from gradart.errors import ArtError\n"
        "for file in sys.argv[1:]:\n"
        "    try: (read_tones if file.endswith('png') else read_elevation)(file)\n"
        "    except ArtError as error: print(error)\n"
    )
    files = [str(tmp_path / f"{kind}{name}") for kind in ("", "pipe_", "link_") for name in names]
    found = subprocess.run(
        [sys.executable, "-c", code, *files], capture_output=True, text=True, timeout=60, check=True
    )
    what = ["a folder"] * 4 + ["a pipe or a socket"] * 4 + ["a device"] * 4
    told = [f"{file} is not a file but {kind}" for file, kind in zip(files, what, strict=True)]
    assert found.stdout.splitlines() == told


def test_what_is_no_path_is_said_so():
    for wrong in (np.zeros((4, 4)), 7, None, "a\0b.png"):
        with pytest.raises(ArtError):
            read_tones(wrong)
