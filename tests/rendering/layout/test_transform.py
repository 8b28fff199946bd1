import numpy as np
import pytest
from pictures import SHEET, WHOLE, placed

from gradart.drawing.lettering.text import text
from gradart.drawing.marks import beziers, circles, dots, lines, polygons, raster
from gradart.drawing.scene import scene
from gradart.drawing.shapes import Dots, Lines, Mark
from gradart.drawing.style import Blend, Style
from gradart.errors import ArtError, ArtWarning
from gradart.rendering.layout import clipping
from gradart.rendering.layout.page import Placement, fit
from gradart.rendering.layout.path_commands import runs, trace
from gradart.rendering.layout.transform import paper, place
from gradart.rendering.vector.svg_elements import svg


def test_the_page_is_in_millimeters_from_its_top_left_corner():
    marks = place(scene(lines([(0, 0), (2, 1)])), Placement(10.0, 30.0, 40.0), SHEET)
    np.testing.assert_array_equal(marks[0].shape.points, [[(30, 40), (50, 30)]])
    assert marks[0].shape.points.dtype == np.float64


def test_type_keeps_its_size_whatever_the_scale():
    label = text("h", (1, 1), size=10)
    near, far = (
        place(scene(label), Placement(scale, 20.0, 60.0), SHEET)[0].shape for scale in (1.0, 20.0)
    )
    assert near.anchor is None
    np.testing.assert_allclose(
        far.points - near.points, np.broadcast_to((19, -19), far.points.shape)
    )
    assert np.nanmin(far.points[..., 1]) < 40 - 5  # it stands above its foot


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (lambda: lines([[(0, 0), (1, 1)], [(0, np.inf), (1, 1)]]), r"mark 1 \(lines\).*\[1, 0\]"),
        (lambda: dots([(0, 0), (-np.inf, 0)]), r"mark 1 \(dots\).*\[1\]"),
        (lambda: beziers([(0, 0), (1, 1), (np.inf, 1), (0, 1)]), r"mark 1 \(beziers\).*\[0, 2\]"),
        (lambda: raster(np.zeros((2, 2)), ((0, 0), (np.nan, 1))), r"mark 1 \(raster\).*box"),
        (lambda: raster(np.zeros((2, 2)), ((0, 0), (0, 1))), r"mark 1 \(raster\).*area"),
        (lambda: raster(np.full((2, 2), 255), WHOLE), r"mark 1 \(raster\).*255"),
        (lambda: raster(np.full((2, 2), np.nan), WHOLE), r"mark 1 \(raster\).*nan"),
        (lambda: lines([(0, 0)], width=np.nan), "width.*nan"),
        (lambda: lines([(0, 0)], width=[-0.1]), "width.*-0.1"),
        (lambda: lines([(0, 0)], width=1e4), "4 pages"),
        (lambda: dots([(0, 0)], 1e4), "radius.*4 pages"),
        (lambda: dots([(0, 0)], [np.inf]), "radius.*inf"),
        (lambda: lines([(0, 0)], stroke=(0, 0, 2)), "stroke.*2"),
        (lambda: polygons([(0, 0)], fill=(0, np.nan, 0)), "fill.*nan"),
        (lambda: lines([(0, 0)], alpha=-1), "stroke.*-1"),
        (lambda: lines([(0, 0)], stroke=np.full(4, np.nan)), "stroke.*nan"),
    ],
)
def test_a_number_that_cannot_be_drawn_is_named(mark, said):
    drawing = scene(dots([(50, 50)]), mark(), box=WHOLE)
    with pytest.raises(ArtError, match=said) as error:
        place(drawing, fit([drawing], SHEET), SHEET)
    assert "\n" not in str(error.value)


def test_the_overshoot_of_a_spline_is_clipped():
    (mark,) = placed(raster(np.array([[-2e-4, 0.5], [0.2, 1.004]]), WHOLE))
    assert mark.shape.pixels.min() == 0
    assert mark.shape.pixels.max() == 1
    with pytest.raises(ArtError, match=r"1\.5; write jnp\.clip"):
        placed(raster(np.array([[0.0, 1.5]]), WHOLE))


def test_the_paper_is_checked_too():
    with pytest.raises(ArtError, match="paper"):
        place(scene(dots([(1, 1)]), paper=(0, 0, np.nan)), Placement(1.0, 0.0, 0.0), SHEET)


@pytest.mark.parametrize(
    "mark",
    [
        lambda: lines(np.full((3, 4, 2), np.nan)),
        lambda: lines(np.empty((0, 5, 2))),
        lambda: dots(np.empty((0, 2))),
        lambda: dots([(np.nan, 3), (3, np.nan)]),
        lambda: text("lost", (np.nan, 0)),
    ],
)
def test_a_mark_without_a_point_warns_and_draws_nothing(mark):
    with pytest.warns(ArtWarning, match=r"mark 0 .* no point"):
        assert placed(mark()) == []


def test_a_paper_that_overshoots_by_rounding_is_the_color_next_to_it():
    drawing = scene(dots([(50, 50)]), paper=(1.009, -0.009, 0.5), box=WHOLE)
    assert paper(drawing).tolist() == [1, 0, 0.5, 1]
    assert svg([], SHEET, paper(drawing)) == svg([], SHEET, np.array([1, 0, 0.5, 1]))


def test_an_empty_scene_warns():
    with pytest.warns(ArtWarning, match="blank"):
        assert placed() == []


def test_blanks_are_type_without_a_warning():
    assert placed(text("  ", (1, 1))) == []


def test_what_lies_off_the_page_is_dropped_with_its_style():
    rows = np.array([[(10, 10), (20, 20)], [(900, 900), (950, 999)], [(30, 30), (40, 40)]])
    (mark,) = placed(lines(rows, width=[1, 2, 3], stroke=["red", "green", "blue"]))
    assert mark.style.width.tolist() == [1, 3]
    np.testing.assert_array_equal(mark.style.stroke, [(1, 0, 0, 1), (0, 0, 1, 1)])
    (mark,) = placed(dots(rows[:, 0], radius=[1, 2, 3]))
    assert mark.shape.radius.tolist() == [1, 3]
    assert placed(dots([(-4.9, 50)], 5)) != []
    assert placed(dots([(-9.9, 50)], 5)) == []
    assert placed(lines([(-50, 50), (50, 500)])) == []


def test_strokes_end_and_outlines_run_beyond_the_page():
    # An edge of the page must show neither a cap nor the border to which a fill is pushed.
    for mark in (
        lines([(-500, 50), (500, 50)], width=4),
        lines([(-5, 50), (50, 120), (105, 50), (50, -20)], width=4, closed=True),
        polygons([(-500, -500), (500, -500), (50, 500)], fill="red"),
        circles((0, -5), 60, width=4),
        beziers([(-500, 0), (0, 100), (100, 100), (500, 0)], width=4),
    ):
        for part in placed(mark):
            path = trace(part.shape)
            reach = 1.51 + (0 if part.style.stroke is None else 4)
            assert path.points.min() >= -reach
            assert path.points.max() <= 100 + reach
            rows = np.asarray(part.shape.points)
            drawn = ~np.isnan(rows[..., 0])
            for ends in runs(drawn):
                x, y = rows[ends].T
                assert part.shape.closed or ((x < -2) | (x > 102) | (y < -2) | (y > 102)).all()


def test_only_rows_that_are_cut_are_split_into_fill_and_stroke():
    squares = np.array([(0, 0), (10, 0), (10, 10), (0, 10)]) + np.arange(40, 121, 20)[:, None, None]
    marks = placed(polygons(squares - (0, 30), fill="white", stroke="black", width=1))
    kinds = [(len(m.shape.points), m.style.fill is None, m.style.stroke is None) for m in marks]
    assert kinds == [(3, False, False), (1, False, True), (1, True, False)]


def test_huge_curves_are_cut_together_to_what_each_is_cut_to_alone(monkeypatch):
    """From 1e30 to the page a curve is halved a hundred times: all rows at once, not in turn."""
    rng = np.random.default_rng(0)
    rows = 10.0 ** rng.uniform(0, 30, (12, 31, 1)) * rng.normal(size=(12, 31, 2))
    steps = []
    halves = clipping._halves
    monkeypatch.setattr(
        clipping, "_halves", lambda parts: steps.append(len(parts)) or halves(parts)
    )

    def drawn(rows):
        marks = placed(beziers(rows, fill="teal", stroke="black", width=1))
        return [(m.style.fill is None, m.shape.points[~np.isnan(m.shape.points)]) for m in marks]

    together = drawn(rows)
    assert len(steps) < 250  # for the fill, and for the stroke
    alone = [mark for row in rows for mark in drawn(row)]
    assert len(steps) > 1000
    assert [fill for fill, _ in together] == [fill for fill, _ in alone]
    for (_, a), (_, b) in zip(together, alone, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_raster_is_cropped_to_what_is_seen():
    cells = np.arange(1000 * 1000).reshape(1000, 1000) / 1e6
    (mark,) = placed(raster(cells, ((-450, -450), (550, 550))))
    assert mark.shape.pixels.shape[0] < 110
    (x0, y0), (x1, y1) = mark.shape.box
    assert x0 < 0 < 100 < x1
    assert y0 < 0 < 100 < y1
    top = mark.shape.pixels[:, 0, 0]
    assert (np.diff(top) < 0).all()  # the first row is on top: the one of highest y
    assert placed(raster(cells, ((200, 200), (300, 300)))) == []


def test_points_that_a_scale_throws_beyond_all_numbers_are_cut():
    drawing = scene(lines([(0, 0), (1e200, 1e200)]), box=((0, 0), (1e-200, 1e-200)))
    (mark,) = place(drawing, fit([drawing], SHEET), SHEET)
    assert np.nanmax(np.abs(mark.shape.points)) < 120


def test_marks_of_the_page_are_plain_arrays():
    import jax.numpy as jnp

    shape = Lines(jnp.zeros((2, 3, 2)), False)
    style = Style(jnp.ones(4), jnp.array(0.5), None)
    for mark in placed(Mark(shape, style), Mark(Dots(jnp.ones((2, 2)), jnp.array(1.0)), style)):
        for leaf in (*vars(mark.shape).values(), *vars(mark.style).values()):
            assert leaf is None or isinstance(leaf, bool | Blend) or type(leaf) is np.ndarray
