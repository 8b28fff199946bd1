"""The three painters agree, as seen by programs that share no code with them."""

import shutil
import subprocess

import numpy as np
import pytest
from pictures import SHEET, assert_alike, paint, placed

from gradart.drawing.lettering.text import text
from gradart.drawing.marks import beziers, circles, dots, lines, polygons, raster, segments
from gradart.rendering.painting.cairo import pdf
from gradart.rendering.vector.svg_elements import svg

PX = 800
WHITE = np.ones(4)


def needs(tool, package):
    reason = f"{tool} is not installed; it is in the package {package}"
    return pytest.mark.skipif(shutil.which(tool) is None, reason=reason)


def strokes():
    t = np.linspace(0, 1, 500)
    wave = np.stack([-20 + 140 * t, 50 + 30 * np.sin(30 * t)], -1)
    gaps = np.where((np.arange(500) // 20 % 3 == 0)[:, None], np.nan, wave * (0.9, 0.5))
    return [
        lines(wave, width=0.8),
        lines(gaps, width=[1.2], stroke="#7c3aed"),
        lines([(90, 90)], width=5),
        beziers([(5, 10), (30, 60), (60, -40), (95, 20)], width=1.5, stroke="#be123c"),
        circles([(0, 0), (100, 50), (50, 80)], [20, 15, 9], stroke="#1d4ed8", width=0.7),
    ]


def fills():
    turn = np.arange(5) * 4 * np.pi / 5
    star = 50 + 30 * np.stack([np.sin(turn), np.cos(turn)], -1)
    hole = [(10, 10), (40, 10), (40, 40), (10, 40), (np.nan, np.nan)]
    hole += [(20, 20), (20, 30), (30, 30), (30, 20)]
    return [
        polygons(star, fill="#eab308", stroke="#1b1b1e", width=0.8),
        polygons(hole, fill="#0f766e"),
        circles((100, 100), 30, fill="#fecaca", stroke="#1b1b1e", width=1, alpha=0.6),
        dots([(10 + 8 * i, 92) for i in range(10)], np.linspace(0.5, 4, 10), fill="#c2410c"),
        dots([(80, 30)], 8, fill="#bae6fd", stroke="#1b1b1e", width=1),
    ]


def type_sheet():
    return [
        text("The quick brown fox", (5, 80), size=9),
        text("jumps over the lazy dog", (5, 65), size=5, font="sans"),
        text(r"$\sum_k \frac{d^n}{dt^n} x_k^2$", (5, 40), size=9),
        text("rotated", (60, 30), size=9, rotate=30, fill="#c2410c"),
    ]


def build_up():
    turn = np.linspace(0, np.pi, 40, endpoint=False)
    spoke = 40 * np.stack([np.cos(turn), np.sin(turn)], -1)
    return [segments(50 - spoke, 50 + spoke, width=2, alpha=0.12)]


def rasters():
    y, x = np.mgrid[0:200, 0:300] / 40
    smooth = np.stack([np.sin(x), np.cos(y), np.sin(x + y)], -1) / 2 + 0.5
    sheer = np.concatenate(
        [np.full((30, 60, 3), 0.2), np.linspace(0, 1, 1800).reshape(30, 60, 1)], -1
    )
    return [
        raster(smooth, ((5, 40), (95, 98))),
        raster(np.random.default_rng(0).random((4, 6, 3)), ((5, 5), (45, 35))),
        raster(sheer, ((50, 5), (95, 35))),
    ]


SHEETS = [strokes, fills, type_sheet, build_up, rasters]


@needs("rsvg-convert", "librsvg2-bin")
@pytest.mark.parametrize("sheet", SHEETS)
def test_svg_through_librsvg_is_the_png(sheet, tmp_path):
    file = tmp_path / "sheet.svg"
    file.write_text(svg(placed(*sheet()), SHEET, WHITE), encoding="utf-8")
    subprocess.run(
        ["rsvg-convert", "-w", str(PX), str(file), "-o", str(tmp_path / "sheet.png")], check=True
    )
    assert_alike(paint(*sheet(), px=PX), tmp_path / "sheet.png", mean=1 / 255, ink=0.05)


@needs("pdftoppm", "poppler-utils")
@pytest.mark.parametrize("sheet", SHEETS)
def test_pdf_through_poppler_is_the_png(sheet, tmp_path):
    with open(tmp_path / "sheet.pdf", "wb") as file:
        pdf(placed(*sheet()), SHEET, WHITE, file)
    subprocess.run(
        ["pdftoppm", "-singlefile", "-png", "-scale-to", str(PX), "sheet.pdf", "sheet"],
        cwd=tmp_path,
        check=True,
    )
    assert_alike(paint(*sheet(), px=PX), tmp_path / "sheet.png")


WRONG = {
    "a mark is missing": lambda marks: marks[1:],
    "all are missing": lambda marks: [dots([(50, 50)], 0)],
    "one mark too many": lambda marks: [*marks, lines([(0, 0), (100, 100)], width=1)],
}


@pytest.mark.parametrize("wrong", [pytest.param(f, id=name) for name, f in WRONG.items()])
@pytest.mark.parametrize("sheet", [strokes, fills])
def test_the_comparison_sees_another_picture(sheet, wrong):
    right = paint(*sheet(), px=PX)
    assert_alike(right, right, 0, 0)
    with pytest.raises(AssertionError):
        assert_alike(right, paint(*wrong(sheet()), px=PX), mean=1 / 255, ink=0.05)


def test_the_comparison_sees_what_is_shifted_mirrored_or_of_another_color():
    hairlines = paint(strokes()[0], px=PX)
    for other in (
        np.roll(hairlines, 3, 1),
        hairlines[:, ::-1],
        np.full_like(hairlines, 255),
        paint(lines(np.asarray(strokes()[0].shape.points), width=0.8, stroke="#c2410c"), px=PX),
        paint(lines(np.asarray(strokes()[0].shape.points), width=1.4), px=PX),
        paint(strokes()[0], px=PX, paper=(1, 1, 0.9, 1)),
        paint(strokes()[0], px=PX, paper=None),
        paint(strokes()[0], px=PX, box=((0, 0), (102, 102))),
        paint(strokes()[0], px=PX // 2),
    ):
        with pytest.raises(AssertionError):
            assert_alike(hairlines, other)


def test_the_comparison_sees_another_order():
    below, above = dots([(50, 50)], 30, fill="#eab308"), dots([(60, 50)], 30, fill="#0f766e")
    with pytest.raises(AssertionError):
        assert_alike(paint(below, above), paint(above, below))
