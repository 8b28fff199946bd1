import io
from dataclasses import replace

import numpy as np
import pytest
from pictures import SHEET, WHOLE, area, assert_alike, paint, pdf_text, placed

from gradart.drawing.lettering.text import text
from gradart.drawing.marks import beziers, circles, dots, lines, polygons, raster, segments
from gradart.drawing.shapes import Beziers, Lines, Mark
from gradart.drawing.style import Style
from gradart.rendering.layout.path_commands import trace
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.painting.cairo import appender, pack, pdf, pixels
from gradart.rendering.painting.cairo_library import libcairo

BLACK = "#000000"
WHITE = np.ones(4)


@pytest.mark.parametrize("turn", [0.0, 0.3, 1.1, np.pi / 2])
def test_the_ink_of_a_line_is_its_length_times_its_width(turn):
    length, width = 70.0, 1.7
    along = length / 2 * np.array([np.cos(turn), np.sin(turn)])
    line = lines([50 - along, 50 + along], width=width, stroke=BLACK)
    caps = np.pi * width**2 / 4
    assert area(paint(line)) == pytest.approx(length * width + caps, rel=0.01)


def test_the_ink_of_filled_shapes_is_their_area():
    square = np.array([(10, 10), (60, 10), (60, 60), (10, 60)])
    hole = np.array([(20, 20), (20, 40), (40, 40), (40, 20)])
    with_hole = np.concatenate([square, [(np.nan, np.nan)], hole])
    assert area(paint(polygons(with_hole, fill=BLACK))) == pytest.approx(2500 - 400, rel=0.01)
    disk = np.pi * 20**2
    assert area(paint(dots([(50, 50)], 20, fill=BLACK))) == pytest.approx(disk, rel=0.01)
    circle = circles((50, 50), 20, fill=BLACK, stroke=None)
    assert area(paint(circle)) == pytest.approx(disk, rel=0.01)


def pieces(shift=(0.0, 0.0)):
    t = np.linspace(0, 6, 200)
    wave = np.stack([20 + 5 * t, 40 + 8 * np.sin(3 * t)], -1)
    return [
        polygons(np.array([(10, 60), (30, 60), (17, 80)]) + shift, fill="#0f766e"),
        lines(wave + shift, width=0.6, stroke="#c2410c", alpha=0.5),
        dots(wave[::20] + shift, 1.3, fill=BLACK),
        beziers(np.array([(10, 10), (20, 40), (40, -10), (60, 20)]) + shift, width=1),
    ]


def test_moving_by_whole_pixels_moves_the_pixels():
    here, there = paint(pieces()), paint(pieces((4.0, -2.0)))  # 4 px to the mm
    np.testing.assert_array_equal(np.roll(here, (8, 16), (0, 1)), there)


def test_the_mirrored_drawing_is_the_mirrored_picture():
    def mirrored(mark):
        shape = mark.shape
        points = getattr(shape, "points", getattr(shape, "centers", None))
        flipped = points * (-1, 1) + (100, 0)
        field = "points" if hasattr(shape, "points") else "centers"
        return replace(mark, shape=replace(shape, **{field: flipped}))

    picture = paint(pieces())
    assert_alike(picture[:, ::-1], paint([mirrored(mark) for mark in pieces()]), 0.2 / 255)


def test_what_comes_later_lies_on_top():
    square = np.array([(0, 0), (100, 0), (100, 100), (0, 100)])
    red, blue = (polygons(square, fill=color) for color in ("#ff0000", "#0000ff"))
    assert paint(red, blue)[200, 200].tolist() == [0, 0, 255, 255]
    both = polygons([square, square], fill=["#0000ff", "#ff0000"])
    assert paint(both)[200, 200].tolist() == [255, 0, 0, 255]


def test_a_row_is_filled_and_stroked_before_the_next_row():
    square = np.array([(20, 20), (80, 20), (80, 80), (20, 80)])
    rows = polygons([square, square], fill="#ffffff", stroke=BLACK, width=[20, 4])
    picture = paint(rows)
    # The second row's fill covers the inner half of the first row's stroke.
    assert picture[200, 4 * 26].tolist() == [255] * 4
    assert picture[200, 4 * 15].tolist() == [0, 0, 0, 255]


def test_strokes_build_up_and_one_stroke_does_not():
    cross = segments([(10, 50), (50, 10)], [(90, 50), (50, 90)], width=4, stroke=BLACK, alpha=0.5)
    picture = paint(cross)
    assert abs(int(picture[200, 100, 0]) - 128) <= 1
    assert abs(int(picture[200, 200, 0]) - 64) <= 1
    path = [(10, 50), (90, 50), (90, 90), (50, 90), (50, 10)]
    assert abs(int(paint(lines(path, width=4, stroke=BLACK, alpha=0.5))[200, 200, 0]) - 128) <= 1


def test_nan_lifts_the_pen():
    gap = [(10, 50), (40, 50), (np.nan, np.nan), (60, 50), (90, 50)]
    two = segments([(10, 50), (60, 50)], [(40, 50), (90, 50)], width=2)
    np.testing.assert_array_equal(paint(lines(gap, width=2)), paint(two))


def test_a_point_alone_is_a_round_dot():
    for closed in (False, True):
        picture = paint(lines([(50, 50)], width=6, stroke=BLACK, closed=closed))
        assert area(picture) == pytest.approx(np.pi * 9, rel=0.02)


def test_no_width_and_no_opacity_are_no_ink():
    unseen = [
        lines([(10, 10), (90, 90)], width=0),
        lines([(10, 10), (90, 90)], alpha=0),
        dots([(50, 50)], 0),
    ]
    assert area(paint(unseen)) == 0
    assert paint(unseen, paper=None).max() == 0


def test_no_paper_is_transparent_and_colors_stay_straight():
    picture = paint(polygons([(0, 0), (50, 0), (50, 100), (0, 100)], fill="#c2410c80"), paper=None)
    assert picture[0, -1].tolist() == [0, 0, 0, 0]
    assert np.abs(picture[0, 0].astype(int) - (0xC2, 0x41, 0x0C, 0x80)).max() <= 1


@pytest.mark.parametrize("far", [1e6, 1e9, 1e12, 1e17, 1e300])
def test_what_runs_far_away_is_drawn_as_if_it_ended_off_the_page(far):
    origin = ((-50, -50), (50, 50))  # the origin in the middle of the sheet

    def drawing(reach):
        wedge = [(0, 0), (reach, 0), (reach, reach)]
        disk = [(-reach, 0), (-reach, 4 / 3 * reach), (reach, 4 / 3 * reach), (reach, 0)]
        return [
            beziers([disk], closed=True, fill="#bae6fd", stroke=None),
            polygons([wedge], fill="#fde68a", stroke=BLACK, width=1),
            lines([(-reach, -reach), (reach, reach)], width=1),
            lines([(-10, reach), (-10, 0), (reach, -10)], width=2, stroke="#c2410c"),
            beziers([(0, -20), (reach / 3, -20), (reach, -20), (reach, -20)], width=1),
        ]

    assert_alike(paint(drawing(far), box=origin), paint(drawing(1e3), box=origin), 0.5 / 255, 0.02)


def test_a_cut_at_the_page_leaves_no_trace():
    t = np.linspace(0, 2 * np.pi, 300)
    ring = 50 + 70.5 * np.stack([np.cos(t), np.sin(t)], -1)
    marks = [
        polygons(ring, fill="#bae6fd", stroke=BLACK, width=3, alpha=0.5),
        circles((0, 0), 30, fill="#fde68a", stroke=BLACK, width=2, alpha=0.5),
        lines(ring[:-1], width=1, closed=True),
    ]
    # The same with half the scale and twice the pixels, where no mark reaches the page's edge.
    half = [replace(m, style=replace(m.style, width=m.style.width / 2)) for m in marks]
    wide = paint(half, px=800, box=((-50, -50), (150, 150)))[200:600, 200:600]
    assert_alike(paint(marks), wide, 0.1 / 255, 0.01)


def test_a_raster_lies_as_in_a_grid_with_its_first_row_at_the_bottom():
    cells = np.array([[(1, 0, 0), (0, 1, 0)], [(0, 0, 1), (0, 0, 0)]], float)
    for reach in (50, 350, 1e5, 1e300):
        box = ((-reach, -reach), (reach, reach))
        picture = paint(raster(cells, box), box=((-50, -50), (50, 50)))[..., :3]
        assert picture[390, 10].tolist() == [255, 0, 0]
        assert picture[390, 390].tolist() == [0, 255, 0]
        assert picture[10, 10].tolist() == [0, 0, 255]
        assert picture[10, 390].tolist() == [0, 0, 0]
        assert picture[201, 198].tolist() == [255, 0, 0]
    flipped = paint(raster(cells, ((0, 100), (100, 0))))
    np.testing.assert_array_equal(flipped, paint(raster(cells[::-1], WHOLE)))


def test_a_fine_raster_is_smooth_and_keeps_its_mean():
    fine = np.random.default_rng(0).random((500, 500))
    picture = paint(raster(fine, ((10, 10), (90, 90))), px=100)
    assert picture[10:90, 10:90, :3].mean() == pytest.approx(255 * fine.mean(), abs=1)
    assert picture[:9].min() == 255
    wide = paint(raster(fine, ((-10, -10), (110, 110))), px=960)  # the sheet shows its middle
    whole = paint(raster(fine, ((2, 2), (98, 98))), px=1200)  # of as many pixels
    assert_alike(wide, whole[120:-120, 120:-120], 0.1 / 255, 0.01)
    for size in (1e-12, 1e-4, 0.1):
        assert paint(raster(fine, ((50, 50), (50 + size, 50 + size))), px=100).min() > 200
    step = paint(raster(np.repeat([[0.0, 1.0]], 60, 1), WHOLE), px=1200)[0, :, 0]
    assert len(np.unique(step)) > 4  # interpolated between the cells


def test_text_stands_upright():
    picture = paint(text("L", (30, 20), size=80, fill=BLACK))
    dark = 255 - picture[..., 0].astype(float)
    rows, columns = dark.sum(1), dark.sum(0)
    assert rows[200:].sum() > 1.2 * rows[:200].sum()  # the foot of the L is at the bottom
    assert columns[120:200].sum() > 1.5 * columns[240:].sum()  # and its stem to the left


def test_a_pdf_is_the_same_bytes_twice_and_says_what_it_is():
    def document(**day):
        file = io.BytesIO()
        marks = placed(pieces(), text("$x^2$", (50, 50)), raster(np.eye(9), ((60, 60), (90, 90))))
        pdf(marks, SHEET, WHITE, file, title="A title", subject='{"seed": 7}', **day)
        return file.getvalue()

    first = document()
    assert first == document()
    assert first.startswith(b"%PDF")
    for said in (b"A title", b'{"seed": 7}', b"19700101000000"):
        assert said in pdf_text(first)
    assert b"20231114221320" in pdf_text(document(day="2023-11-14T22:13:20Z"))


def test_a_packed_path_is_that_of_a_line_to_loop():
    points = 200 + 150 * np.random.default_rng(0).normal(size=(1, 500, 2)).clip(-1, 1)
    cairo = libcairo()

    def stroked(build):
        surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, 400, 400)
        context = cairo.Context(surface)
        build(context)
        context.stroke()
        return bytes(surface.get_data())

    def loop(context):
        for x, y in points[0].tolist():
            context.line_to(x, y)

    def packed(context):
        records, starts = pack(trace(Lines(points)), 1.0, np.zeros(2))
        appender(context, records)(*starts)

    assert stroked(loop) == stroked(packed)


def test_rows_without_points_are_painted_as_nothing():
    for shape in (Lines(np.full((2, 3, 2), np.nan)), Lines(np.empty((0, 0, 2)))):
        style = Style(np.ones(4), np.array(1.0), None)
        assert pixels([Mark(shape, style)], pixel_grid(SHEET, 10), None).max() == 0


def test_the_same_marks_are_the_same_pixels():
    marks, grid = placed(pieces()), pixel_grid(SHEET, 300)
    np.testing.assert_array_equal(pixels(marks, grid, WHITE), pixels(marks, grid, WHITE))


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_finite_is_painted(seed):
    rng = np.random.default_rng(seed)

    def points(*shape):
        size = 10.0 ** rng.integers(-3, rng.choice([2, 4, 9, 17, 300]), (*shape, 1))
        lifted = rng.random((*shape, 2)) < rng.choice([0, 0.1])
        return np.where(lifted, np.nan, size * rng.normal(size=(*shape, 2)))

    for closed in (False, True):
        style = {"width": 5 * rng.random(3), "alpha": rng.random(3), "fill": "teal"}
        box = np.where(np.isnan(corners := points(2)), 7.0, corners)
        marks = [
            lines(points(3, 20), closed=closed, **style),
            beziers(points(3, 22), closed=closed, **style),
            dots(points(9), 20 * rng.random(9), stroke=BLACK),
            raster(rng.random((7, 5)), np.add(box, [(0, 0), (1e-9, 1e-9)])),
        ]
        drawn = placed(marks, box=WHOLE if closed else None)
        assert pixels(drawn, pixel_grid(SHEET, 60), None).shape == (60, 60, 4)
        pdf(drawn, SHEET, WHITE, io.BytesIO())
        for mark in drawn:
            if isinstance(mark.shape, Lines | Beziers):
                assert np.nanmax(np.abs(mark.shape.points)) < 120
