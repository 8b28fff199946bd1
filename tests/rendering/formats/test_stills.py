"""PNG, JPEG and WebP stills, as pngcheck and Pillow read them: size, colors, and what they say."""

import io
import struct
import subprocess

import numpy as np
import pytest
from pictures import read
from PIL import Image

import gradart as ga
from gradart.rendering.formats.jpeg import text_in
from gradart.rendering.formats.png import chunks

INCH = "2x1in"
SAID = {"sketch": "a", "date": "2026-11-26T10:15:00Z"}


def red(paper="#ffffff"):
    """Fine lines, which lossy formats find hard."""
    return ga.scene(
        ga.lines([[(0, y), (2, 1 - y)] for y in (0.0, 0.3, 0.8)], stroke="#c00000", width=0.4),
        paper=paper,
        box=((0, 0), (2, 1)),
    )


def write(path, **options):
    return ga.render(red(), path, page=INCH, margin=0, **options)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.jpeg", "a.webp"])
@pytest.mark.parametrize("ppi", [300, 72.5])
def test_a_still_has_so_many_pixels_an_inch_and_says_so(name, ppi, tmp_path):
    with Image.open(write(tmp_path / name, ppi=ppi)) as picture:
        assert picture.size == (round(2 * ppi), round(ppi))
        if name != "a.webp":
            assert picture.info["dpi"] == pytest.approx((ppi, ppi), abs=0.51)
        if name != "a.png":
            told = picture.getexif()
            assert float(told[0x011A]) == float(told[0x011B]) == ppi
            assert told[0x0128] == 2  # inches


def test_pixels_that_are_counted_say_how_large_the_page_is(tmp_path):
    for name in "a.png", "a.jpg":
        with Image.open(write(tmp_path / name, px=500)) as picture:
            assert picture.info["dpi"] == pytest.approx((250, 250), abs=0.02)


def test_a_png_says_that_its_colors_are_srgb_as_the_standard_has_it(tmp_path):
    ga.render(lambda u: red(), tmp_path / "a.apng", page=INCH, px=40, seconds=0.1, fps=20)
    ga.render(lambda u: red(), tmp_path / "frames", page=INCH, px=40, seconds=0.1, fps=20)
    write(tmp_path / "a.png", px=40)
    files = tmp_path / "a.png", tmp_path / "a.apng", tmp_path / "frames" / "frame_0000.png"
    for file in files:
        told = list(chunks(file.read_bytes()))
        kinds = [kind for kind, _ in told]
        assert set(kinds[:5]) >= {b"IHDR", b"gAMA", b"cHRM", b"sRGB"}, file
        assert kinds.index(b"sRGB") < kinds.index(b"IDAT")
        assert dict(told)[b"sRGB"] == b"\0"
        with Image.open(file) as picture:
            assert picture.info["gamma"] == 0.45455
            assert picture.info["chromaticity"] == (
                *(0.3127, 0.329),
                *(0.64, 0.33),
                *(0.3, 0.6),
                *(0.15, 0.06),
            )
    said = subprocess.run(["pngcheck", "-v", *files], check=True, capture_output=True, text=True)
    assert said.stdout.count("rendering intent = perceptual") == 3


def test_a_jpeg_is_close_to_the_picture_and_its_red_lines_are_red(tmp_path):
    exact = read(write(tmp_path / "a.png", px=600)).astype(int)
    with Image.open(write(tmp_path / "a.jpg", px=600, provenance=SAID)) as picture:
        layers = picture.layer  # type: ignore[attr-defined]
        assert [layer[1:3] for layer in layers] == 3 * [(1, 1)]  # full color
        assert picture.getexif().get_ifd(0x8769)[0xA001] == 1  # sRGB
        assert picture.getexif().get_ifd(0x8769)[0x9003] == "2026:11:26 10:15:00"
        shown = np.asarray(picture).astype(int)
    assert np.abs(shown - exact[..., :3]).mean() < 1
    assert np.abs(shown - exact[..., :3]).max() < 60
    assert (tmp_path / "a.jpg").stat().st_size < 40_000


def test_paper_that_is_half_there_is_laid_on_white_in_a_jpeg(tmp_path):
    ga.render(ga.scene(ga.dots((0, 0), 0.1), paper=(1, 0, 0, 0.5)), tmp_path / "a.jpg", px=40)
    with Image.open(tmp_path / "a.jpg") as picture:
        assert np.abs(np.subtract(picture.getpixel((2, 2)), (255, 128, 128))).max() <= 2


@pytest.mark.parametrize("transparent", [False, True])
def test_a_webp_still_is_the_png(transparent, tmp_path):
    files = [write(tmp_path / f"a.{e}", px=300, transparent=transparent) for e in ("png", "webp")]
    with Image.open(files[1]) as picture:
        assert (picture.mode, getattr(picture, "n_frames", 1)) == (
            "RGBA" if transparent else "RGB",
            1,
        )
    exact, shown = map(read, files)
    seen = exact[..., 3] > 0
    np.testing.assert_array_equal(exact[..., 3], shown[..., 3])
    np.testing.assert_array_equal(exact[seen], shown[seen])
    assert files[1].stat().st_size < files[0].stat().st_size


def test_a_film_is_a_film_in_webp_still(tmp_path):
    ga.render(lambda u: ga.scene(ga.dots((u, u), 3)), tmp_path / "a.webp", seconds=0.2, px=50)
    with Image.open(tmp_path / "a.webp") as picture:
        assert picture.n_frames == 5  # type: ignore[attr-defined]
    with Image.open(ga.render(red(), tmp_path / "b.webp")) as picture:
        assert max(picture.size) == 2048


@pytest.mark.parametrize("ppi", [0, -300, float("nan"), 1e9, "300", True])
def test_ppi_that_cannot_be_is_told(ppi, tmp_path):
    with pytest.raises(ga.ArtError, match="ppi is a number from 1 to 100000, not"):
        write(tmp_path / "a.png", ppi=ppi)
    assert not list(tmp_path.iterdir())


def test_px_and_ppi_are_one_too_many(tmp_path):
    with pytest.raises(ga.ArtError, match="write one of them"):
        write(tmp_path / "a.png", ppi=300, px=300)
    with pytest.raises(ga.ArtError, match="at most 16383 px, not 20000"):
        ga.render(red(), tmp_path / "a.webp", page="20x1in", ppi=1000)
    with pytest.raises(ga.ArtError, match="no transparency"):
        write(tmp_path / "a.jpg", transparent=True)


def test_a_broken_jpeg_is_an_error_that_readers_know():
    for data in (b"", b"\xff\xd8", b"\xff\xd8\xff\xfe\0\0" * 9, b"\xff\xd8\xff\xfe\0\x01"):
        with pytest.raises((ValueError, struct.error)):
            text_in(io.BytesIO(data))
