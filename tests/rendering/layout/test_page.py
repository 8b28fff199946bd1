from itertools import pairwise

import numpy as np
import pytest
from pictures import SHEET, WHOLE, area, paint, placed

from gradart.drawing.lettering.text import text
from gradart.drawing.marks import beziers, circles, dots, lines, raster
from gradart.drawing.scene import scene
from gradart.errors import ArtError
from gradart.rendering.layout.page import Page, fit, page, pixel_size
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.layout.transform import place
from gradart.rendering.painting.cairo import pixels

SQUARE = Page(200.0, 200.0, 20.0)
WHITE = np.ones(4)


def test_sizes():
    assert page() == Page(210.0, 297.0, 15.75)
    assert page("A4", landscape=True, margin=10) == Page(297.0, 210.0, 10)
    assert page("120x200mm", margin=0) == Page(120.0, 200.0, 0)
    assert page("200 x 120.5 mm", landscape=True).width == 200
    for letter, most in ("a", 841 * 1189), ("b", 1000 * 1414):
        series = [page(f"{letter}{n}") for n in range(7)]
        assert series[0].width * series[0].height == most
        for large, small in pairwise(series):
            half = pytest.approx(large.height / 2, abs=1)
            assert (small.height, small.width) == (large.width, half)
    assert page("tabloid").width == page("letter").height
    assert page("legal").width == page("letter").width


def test_a_size_is_in_millimeters_centimeters_or_inches():
    for one, other in (
        ("8x10in", "203.2x254mm"),
        ("30 x 40.5 cm", "300x405mm"),
        ("letter", "8.5x11in"),
        ("legal", "8.5x14in"),
        ("tabloid", "11x17in"),
    ):
        sheets = page(one), page(other)
        assert sheets[0].width == pytest.approx(sheets[1].width), one
        assert sheets[0].height == pytest.approx(sheets[1].height), one


@pytest.mark.parametrize(
    ("name", "margin", "said"),
    [
        ("a44", None, "'a4'"),
        ("leter", None, "'letter'"),
        ("poster", None, "square"),
        ("0x200mm", None, "0"),
        ("-20x200mm", None, "-20"),
        ("nanx200mm", None, "nan"),
        ("infx200mm", None, "inf"),
        ("1e9x200mm", None, "5000"),
        ("12ax200mm", None, "120x200mm"),
        ("8x10", None, "8x10in"),
        ("8x10ft", None, "8x10in"),
        ("300x20in", None, "5000"),
        ("a7", None, "'a"),
        ("a4", 105, "105"),
        ("a4", -1, "-1"),
        ("a4", float("nan"), "nan"),
    ],
)
def test_an_impossible_page_is_an_error_that_names_a_possible_one(name, margin, said):
    with pytest.raises(ArtError) as error:
        page(name, margin=margin)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_pixels_of_the_long_side():
    assert pixel_size(page("a4"), 2048) == (1448, 2048)
    assert pixel_size(page("a4", landscape=True), np.int64(2048)) == (2048, 1448)
    assert pixel_size(page("5000x1mm"), 100) == (100, 1)


@pytest.mark.parametrize(
    ("px", "said"),
    [
        (0, "1 or more"),
        (-5, "1 or more"),
        (float("nan"), "whole number"),
        (2.5, "whole number"),
        ("2048", "whole number"),
        (32_768, "32767"),
        (20_000, "GRADART_MAX_PIXELS"),
    ],
)
def test_impossible_pixels_are_refused(px, said):
    with pytest.raises(ArtError, match=said):
        pixel_size(page("square"), px)


def test_the_budget_can_be_moved(monkeypatch):
    monkeypatch.setenv("GRADART_MAX_PIXELS", "4e8")
    assert pixel_size(page("square"), 20_000) == (20_000, 20_000)
    monkeypatch.setenv("GRADART_MAX_PIXELS", "100")
    with pytest.raises(ArtError, match="GRADART_MAX_PIXELS=121"):
        pixel_size(page("square"), 11)
    monkeypatch.setenv("GRADART_MAX_PIXELS", "plenty")
    with pytest.raises(ArtError, match="plenty"):
        pixel_size(page("square"), 10)


def drawings():
    rng = np.random.default_rng(3)
    points = rng.normal(size=(40, 2)) * (3, 1) + (500, -20)
    yield "lines", [lines(points, width=3)]
    yield "dots", [dots(points, rng.uniform(0, 12, 40))]
    yield "one large dot amid", [dots(points[:1], 40), dots(points, 0.5)]
    yield "text", [text("a long label", points[0], size=9), dots(points, 1)]
    yield "two texts", [text("left", (0, 0), align="right"), text("right", (1e-7, 0))]
    yield "curves", [beziers(points, width=1), circles(points, 0.3)]
    yield "raster", [raster(np.zeros((2, 3)), ((0, 0), (3e9, 2e9)))]
    yield "closed", [lines(points * 1e200, closed=True, width=0.5)]


@pytest.mark.parametrize("marks", [pytest.param(m, id=name) for name, m in drawings()])
@pytest.mark.parametrize("paper", [SQUARE, Page(200.0, 120.0, 9.0), Page(90.0, 200.0, 0.0)])
def test_all_ink_fits_the_margin_and_touches_it(marks, paper):
    drawing = scene(marks)
    marks = place(drawing, fit([drawing], paper), paper)
    ink = 255 - pixels(marks, pixel_grid(paper, 400), WHITE)[..., 0].astype(int)
    unit = 400 / max(paper.width, paper.height)
    rows, columns = (np.flatnonzero(ink.sum(axis) > 20) / unit for axis in (1, 0))
    gaps = [rows[0], paper.height - rows[-1], columns[0], paper.width - columns[-1]]
    slack = 1.5 / unit
    assert min(gaps) >= paper.margin - slack
    assert abs(gaps[0] - gaps[1]) < 3 * slack  # centered
    assert abs(gaps[2] - gaps[3]) < 3 * slack
    assert min(gaps) <= paper.margin + 2 * slack


def test_a_box_fills_the_page_inside_the_margin():
    box = ((-1, 10), (3, 14))
    placement = fit([scene(lines([(0, 11), (9, 99)]), box=box)], SQUARE)
    assert placement.scale == pytest.approx(160 / 4)
    assert (-1 * placement.scale + placement.dx, placement.dy - 14 * placement.scale) == (20, 20)
    upside_down = fit([scene(lines([(0, 11), (9, 99)]), box=box[::-1])], SQUARE)
    assert upside_down == placement


def test_scenes_of_a_film_are_fitted_as_one():
    frames = [scene(lines([(u, 0), (u + 1, 2)])) for u in np.linspace(0, 5, 7)]
    together = scene([frame.marks for frame in frames])
    assert fit(iter(frames), SQUARE) == fit([together], SQUARE)


@pytest.mark.parametrize("points", [[(7, 9)], [(7, 9)] * 5, [(7e300, 9)]])
def test_a_point_is_drawn_in_the_middle(points):
    drawing = scene(lines(points, width=2, stroke="black"))
    (mark,) = place(drawing, fit([drawing], SQUARE), SQUARE)
    np.testing.assert_allclose(np.asarray(mark.shape.points), 100, atol=1e-3)


def test_a_straight_line_spans_the_page():
    for ends in ([(3, 5), (8, 5)], [(5, -2), (5, 9)], [(0, 1.0), (6, 1 + 1e-15)]):
        drawing = scene(lines(ends, width=0))
        (mark,) = place(drawing, fit([drawing], SQUARE), SQUARE)
        start, end = mark.shape.points[0]
        assert np.hypot(*(end - start)) == pytest.approx(160)
        np.testing.assert_allclose((start + end) / 2, 100)


def test_what_is_inked_larger_than_the_page_is_still_placed():
    drawing = scene(text("a label far too long for its page", (0, 0), size=90), dots([(1, 1)]))
    placement = fit([drawing], SQUARE)
    assert placement.scale > 0
    assert np.isfinite([placement.scale, placement.dx, placement.dy]).all()


def test_nothing_to_fit():
    assert fit([scene()], SQUARE).scale == fit([], SQUARE).scale == 1.0
    lifted = scene(lines([(np.nan, 0), (0, np.nan)]), dots(np.empty((0, 2))))
    assert fit([lifted], SQUARE).scale == 1.0


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        (lambda: scene(lines([[(0, 0), (1, 1)], [(2, 0), (np.inf, 1)]])), r"lines.*\[1, 1\]"),
        (lambda: scene(lines([(0, 0)]), box=((0, 0), (np.nan, 1))), "box must be finite"),
        (lambda: scene(dots([(0, 0)], np.nan)), r"mark 0 \(dots\): radius"),
        (lambda: scene(lines([(0, 0)], width=-1)), r"mark 0 \(lines\): width"),
        (lambda: scene(text("a", (np.inf, 0))), r"mark 0 \(text\)"),
    ],
)  # fmt: skip
def test_what_cannot_be_fitted_is_named(drawing, said):
    with pytest.raises(ArtError, match=said):
        fit([drawing()], SQUARE)


def test_the_sheet_of_the_tests_is_in_millimeters():
    assert fit([scene(box=WHOLE)], SHEET).scale == 1
    assert area(paint(lines([(0, 50), (100, 50)], width=10, stroke="black"))) == pytest.approx(
        1000, 1e-3
    )
    np.testing.assert_array_equal(placed(dots([(10, 30)]))[0].shape.centers, [(10, 70)])


def test_what_is_tiny_and_far_beyond_reach_is_placed_with_finite_numbers():
    line = scene(lines([(1.7e308, -1e-167), (1.7e308, 1e-167)]))
    placement = fit([line], SHEET)
    assert np.isfinite([placement.scale, placement.dx, placement.dy]).all()
    assert placement.scale > 0


@pytest.mark.parametrize("name", [3, None, ["a4"], (120, 200)])
def test_a_page_that_is_no_text_is_one_line(name):
    with pytest.raises(ArtError, match="a page is named by a text, like 'a4'"):
        page(name)
