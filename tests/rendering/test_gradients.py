"""Gradients as fills: PNG, SVG and PDF agree, as seen by programs that share no code with them."""

import shutil
import subprocess

import jax
import numpy as np
import pytest
from pictures import SHEET, paint, placed, read

import gradart as ga
from gradart.drawing.color.ramps import ramp
from gradart.errors import ArtError
from gradart.rendering.painting.cairo import pdf
from gradart.rendering.vector.svg_elements import svg

PX = 400
WHITE = np.ones(4)
SQUARE = [(10, 10), (90, 10), (90, 90), (10, 90)]
LINEAR = ga.linear_gradient((20, 30), (80, 70), "#12283e", "#e77e4c", "#f2c86c")
RADIAL = ga.radial_gradient((40, 60), 35, "#f8d376", "#c94c2d", "#1c100e")
SHEER = ga.linear_gradient((10, 10), (90, 10), "#c2410c00", "#c2410c")


def sheets():
    yield "linear", [ga.polygons(SQUARE, fill=LINEAR)]
    yield "radial", [ga.polygons(SQUARE, fill=RADIAL, alpha=0.7)]
    yield "sheer", [ga.polygons(SQUARE, fill=SHEER)]
    yield "dots", [ga.dots([(30, 30), (70, 60)], [15, 22], fill=LINEAR)]
    yield "cut", [ga.circles((50, 50), 80, fill=RADIAL, stroke="teal", width=3)]


SHEETS = [pytest.param(marks, id=name) for name, marks in sheets()]


def needs(tool):
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def assert_near(shown, file, most):
    seen = read(file)[..., :3].astype(int)
    gap = abs(shown[..., :3].astype(int) - seen).max(-1)
    # Edges are smoothed by each painter in its way: those pixels are few.
    assert np.mean(gap > most) < 0.015, (gap.max(), np.mean(gap > most))
    assert np.mean(gap) < 1


@needs("rsvg-convert")
@pytest.mark.parametrize("marks", SHEETS)
def test_svg_through_librsvg_is_the_png(marks, tmp_path):
    (tmp_path / "a.svg").write_text(svg(placed(*marks), SHEET, WHITE), encoding="utf-8")
    command = ["rsvg-convert", "-w", str(PX), "a.svg", "-o", "a.png"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert_near(paint(*marks, px=PX), tmp_path / "a.png", 2)


@needs("pdftoppm")
@pytest.mark.parametrize("marks", SHEETS)
def test_pdf_through_poppler_is_the_png(marks, tmp_path):
    with open(tmp_path / "a.pdf", "wb") as file:
        pdf(placed(*marks), SHEET, WHITE, file)
    command = ["pdftoppm", "-singlefile", "-png", "-scale-to", str(PX), "a.pdf", "a"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert_near(paint(*marks, px=PX), tmp_path / "a.png", 2)


def test_a_pixel_has_the_color_of_the_ramp_at_its_place():
    shown = paint(ga.polygons(SQUARE, fill=LINEAR), px=PX)[..., :3] / 255
    y, x = (np.mgrid[0:PX, 0:PX] + 0.5) / PX * 100
    along = ((x - 20) * 60 + (100 - y - 30) * 40) / (60**2 + 40**2)
    wanted = np.asarray(ramp("#12283e", "#e77e4c", "#f2c86c")(along))[..., :3]
    inner = np.s_[45:355, 45:355]
    assert abs(shown[inner] - wanted[inner]).max() < 2 / 255
    shown = paint(ga.polygons(SQUARE, fill=RADIAL), px=PX)[..., :3] / 255
    outward = np.hypot(x - 40, 100 - y - 60) / 35
    wanted = np.asarray(ramp("#f8d376", "#c94c2d", "#1c100e")(outward))[..., :3]
    near = outward[inner] > 0.05
    assert abs(shown[inner] - wanted[inner])[near].max() < 3 / 255


def test_a_frame_moves_its_gradient():
    def frame(u):
        return ga.scene(
            ga.polygons(SQUARE, fill=ga.linear_gradient((10 + 80 * u, 0), (95, 0), "red", "blue"))
        )

    first, last = (jax.jit(frame)(u).marks[0].style.gradient.ends[0, 0] for u in (0.0, 0.5))
    assert (first, last) == (10, 50)
    film = ga.render(frame, format="gif", px=40, seconds=0.2, fps=10)
    assert film[:3] == b"GIF"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.linear_gradient((0, 0), (0, 0), "red", "blue"), "start and end are the same"),
        (lambda: ga.linear_gradient((0, 0), (0, 1), "red"), "two colors or more"),
        (lambda: ga.linear_gradient(0, (0, 1), "red", "blue"), "start is 0: give one point"),
        (lambda: ga.linear_gradient((np.nan, 0), (0, 1), "red", "blue"), "finite"),
        (lambda: ga.radial_gradient((0, 0), 0, "red", "blue"), "radius"),
        (lambda: ga.dots([(0, 0)], fill=LINEAR, blend="ink"), "a gradient lies over"),
        (lambda: ga.lines(SQUARE, fill=LINEAR, blend="ink"), "not the fill"),
        (lambda: ga.lines(SQUARE, stroke=LINEAR), "a gradient is no color"),
        (lambda: ga.polygons(SQUARE, fill=LINEAR, alpha=[0.5]), "one alpha for all"),
        (lambda: ga.text("a", (0, 0), fill=LINEAR), "a gradient is no color"),
        (lambda: ga.picture(ga.scene(ga.polygons(SQUARE, fill=LINEAR)), px=20), "ink"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(call, says):
    with pytest.raises(ArtError, match=says) as caught:
        call()
    assert "\n" not in str(caught.value)
