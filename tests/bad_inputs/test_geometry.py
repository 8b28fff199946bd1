"""Points, widths, colors, dashes, type."""

import re

import numpy as np
import pytest

LINE = "ga.lines([(10, 10), (90, 90)])"


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("ga.lines([[(0, 0), (1, 1)], [(2, inf), (3, 3)]])", r"mark 1 \(lines\): point \[1, 0\]"),
        ("ga.dots([(0, 0), (1, 1), (-inf, 2)])", r"mark 1 \(dots\): point \[2\]"),
        ("ga.beziers([(0, 0), (1, inf), (2, 2), (3, 3)])", r"mark 1 \(beziers\): point \[0, 1\]"),
        ("ga.text('far', (inf, 0))", r"mark 1 \(text\).*infinite"),
    ],
)
def test_an_infinite_point_is_named(refused, sketch, mark, says):
    assert re.search(rf"piece: {says}.*write NaN where the pen lifts", refused(sketch(LINE, mark)))


def test_a_nan_lifts_the_pen_and_nothing_is_said(drawn, sketch):
    box = ((0, 0), (100, 100))
    gap, notes = drawn(
        sketch("ga.lines([(10, 50), (40, 50), (nan, 50), (60, 50), (90, 50)])", box=box)
    )
    parts = "ga.segments([(10, 50), (60, 50)], [(40, 50), (90, 50)])"
    np.testing.assert_array_equal(gap, drawn(sketch(parts, box=box))[0])
    assert notes == []


@pytest.mark.parametrize("mark", ["lines", "dots", "polygons", "beziers"])
def test_a_mark_that_is_all_nan_draws_nothing_and_warns(drawn, sketch, mark):
    ink, [note] = drawn(sketch(f"ga.{mark}(jnp.full((4, 2), nan))"))
    assert not ink.any()
    assert re.search(r"mark 0 \(\w+\) has no point: nothing is drawn", note)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("ga.dots((5, 5), {})", "radius must be"),
        ("ga.dots([(5, 5), (6, 6)], [1, {}])", "radius must be"),
        ("ga.circles((5, 5), {})", "radius must be finite"),
        ("ga.lines([(0, 0), (1, 1)], width={})", "width must be"),
        ("ga.lines([(0, 0), (1, 1)], stroke=(0, {}, 0))", r"a color's numbers lie in \[0, 1\]"),
        ("ga.dots((5, 5), fill='red', alpha={})", r"a color's numbers lie in \[0, 1\]"),
        ("ga.raster(jnp.full((2, 2), {}), ((0, 0), (1, 1)))", r"a color's numbers lie in \[0, 1\]"),
        ("ga.raster(jnp.ones((2, 2)), ((0, 0), (1, {})))", "its box must be finite|infinite"),
        ("ga.lines(ga.dash([(0, 0), (1, 1)], [1, {}]))", "dash lengths are"),
        ("ga.text('a', (0, 0), size={})", "size must be a finite number"),
        ("ga.lines(ga.simplify([(0, 0), (1, 1)], {}))", "tolerance is"),
        ("ga.curve(ga.circle(), 0, 6, tolerance={})", "tolerance"),
    ],
)
def test_a_number_of_ink_that_is_none(refused, sketch, mark, says, value):
    line = refused(sketch(mark.format(value)))
    assert re.search(rf"piece(, line \d+)?: .*({says})", line)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
@pytest.mark.parametrize(
    ("options", "says"), [("--margin={}", "margin"), ("--page={}x20mm", "page")]
)
def test_a_margin_or_a_page_that_is_none(refused, sketch, options, says, value):
    assert says in refused(sketch(LINE), options.format(value))


@pytest.mark.parametrize("far", ["1e6", "1e9", "1e17", "1e300"])
def test_huge_coordinates_are_cut_to_the_page_and_the_picture_is_right(drawn, sketch, far):
    def picture(far):
        marks = [
            f"ga.polygons([(0, 0), ({far}, 0), ({far}, {far})], fill='#999')",
            f"ga.lines([(-{far}, {far}), ({far}, -{far})], width=2)",
            f"ga.beziers([(-20, -{far}), (-20, -{far}), (-20, {far}), (-20, {far})], width=3)",
            f"ga.dots([(20, -20), ({far}, -{far})], 9)",
        ]
        return drawn(sketch(*marks, box=((-50, -50), (50, 50))))[0]

    ink = picture(far)
    assert np.abs(ink - picture("1e3")).mean() < 1e-3
    assert ink[60, 98] == pytest.approx(0, abs=0.01)
    assert ink[40, 98] == pytest.approx(0.4, abs=0.01)  # inside the wedge
    assert ink[70, 70] > 0.85  # the dot
    assert ink[5, 5] > 0.5  # the diagonal
    assert (ink[:, 30] > 0.85).all()  # the curve


@pytest.mark.parametrize(
    "mark",
    [
        "ga.dots((7e8, -3))",
        "ga.dots([(0, 0)] * 9)",
        "ga.lines([(3, 3), (3, 3)], width=2)",
        "ga.lines([(-2, 5), (8, 5)], width=2)",
        "ga.lines([(1e-300, 0), (1e-300, 2e-300)], width=2)",
        "ga.text('o', (9, 9), align='center', valign='middle')",
        "ga.circles((0, 0), 1e-200)",
    ],
)
def test_what_has_no_area_lies_in_the_middle(drawn, sketch, middle, mark):
    ink, notes = drawn(sketch(mark))
    assert notes == []
    np.testing.assert_allclose(middle(ink), 0.5, atol=0.02)


@pytest.mark.parametrize("box", ["((5, 5), (5, 5))", "((0, 5), (10, 5))"])
def test_a_box_of_no_area_lies_in_the_middle(drawn, sketch, middle, box):
    ink, _ = drawn(sketch("ga.dots((5, 5), 10, fill='black')", box=box))
    np.testing.assert_allclose(middle(ink), 0.5, atol=0.02)
    assert ink.sum() == pytest.approx(np.pi * 100, rel=0.05)


@pytest.mark.parametrize("lengths", ["[0, 0]", "[-1, 2]", "[]", "0", "None", "'dash'", "[1e-300]"])
def test_a_dash_of_nothing(refused, sketch, lengths):
    line = refused(sketch(f"ga.lines(ga.dash([(0, 0), (9, 9)], {lengths}))"))
    assert re.search(r"piece, line 7: dash lengths", line)


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("", "the scene has no marks: the paper is blank"),
        ("ga.lines(jnp.empty((0, 5, 2)))", "no point: nothing is drawn"),
        ("ga.dots(jnp.empty((0, 2)))", "no point: nothing is drawn"),
        ("ga.lines([])", "no point: nothing is drawn"),
    ],
)
def test_nothing_is_blank_paper(drawn, sketch, mark, says):
    text = sketch(mark) if mark else sketch("None")
    ink, [note] = drawn(text)
    assert not ink.any()
    assert says in note


@pytest.mark.parametrize(
    "mark", ["ga.lines([(4, 4)], width=20)", "ga.polygons([(4, 4)], stroke='black', width=20)"]
)
def test_a_line_of_one_point_is_a_round_dot(drawn, sketch, middle, mark):
    ink, notes = drawn(
        sketch(mark.replace("width", "stroke='black', width") if "lines" in mark else mark)
    )
    assert notes == []
    assert ink.sum() == pytest.approx(np.pi * 10**2, rel=0.02)
    rows, columns = np.nonzero(ink > 0.5)
    reach = np.hypot(rows + 0.5 - 50, columns + 0.5 - 50)
    assert reach.max() < 10.5
    assert (ink[np.hypot(*(np.indices(ink.shape) + 0.5 - 50)) < 9.2] > 0.99).all()


@pytest.mark.parametrize("letter", ["\\0", "\\ud800", "\\udfff"])
def test_a_letter_that_is_none(refused, sketch, letter):
    line = refused(sketch(f"ga.text('ab{letter}c', (0, 0))"))
    assert re.search(r"piece, line 7: letter 2 of the text is .*, which no font can draw", line)
