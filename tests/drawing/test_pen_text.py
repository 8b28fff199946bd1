"""Type in single lines: where it stands, what it is made of, and what a pen draws of it."""

import unicodedata
from pathlib import Path

import jax
import numpy as np
import pytest
from pictures import SHEET, placed

import gradart as ga
from gradart.drawing.lettering import pen_fonts
from gradart.drawing.lettering.pen_fonts import EM, pen_letter
from gradart.rendering.vector.pen_paths import pen_paths

FONTS = ["sans", "bold", "serif", "italic", "script", "gothic"]


def points(string, **how):
    return np.asarray(ga.pen_text(string, (0, 0), **how).shape.points)[0]


def reach(string, **how):
    p = points(string, **how)
    return np.nanmin(p, 0), np.nanmax(p, 0)


def test_the_letters_are_those_of_the_usenet_distribution():
    # Glyph 508 as the file of that distribution has it: "  508  9G]KFK[ RYFY[ RKPYP".
    h = pen_letter("H", "sans")
    assert (h.left, h.right) == (-11, 11)
    assert [s.tolist() for s in h.strokes] == [
        [[-7, 21], [-7, 0]], [[7, 21], [7, 0]], [[-7, 11], [7, 11]]
    ]  # fmt: skip


def test_the_acknowledgements_lie_in_the_file_of_the_letters():
    data = Path(pen_fonts.__file__).with_name("pen_letters.txt")
    said = " ".join(data.read_text("utf-8").split())
    assert "originally created by Dr. A. V. Hershey while working at the U. S. National" in said
    assert "originally created by James Hurt, Cognition, Inc., 900 Technology Park Drive" in said
    assert data.stat().st_size < 60_000


@pytest.mark.parametrize("font", FONTS)
def test_a_pen_draws_all_strokes_and_no_more(font, recwarn):
    text = "Sphinx of quartz, 1968"
    marks = placed(ga.pen_text(text, (5, 50), size=8, font=font, rotate=20, width=0.4))
    (pen,) = pen_paths(marks, SHEET)
    drawn = sum(np.hypot(*np.diff(path, axis=0).T).sum() for path in pen.paths)
    strokes = [s for letter in text for s in pen_letter(letter, font).strokes]
    meant = sum(np.hypot(*np.diff(s, axis=0).T).sum() for s in strokes) * 8 / EM
    assert drawn == pytest.approx(meant, rel=1e-9)
    assert len(pen.paths) == len(strokes)
    assert pen.width == 0.4
    assert not recwarn


def test_a_line_is_as_long_as_its_letters_and_what_is_between_them():
    widths = [pen_letter(c, "sans").right - pen_letter(c, "sans").left for c in "plot"]
    for tracking in (0.0, 0.5):
        (left, _), (right, _) = (
            reach("plot", tracking=tracking)[0],
            reach("plot", tracking=tracking)[1],
        )
        (end, _), _ = reach("plot", tracking=tracking, align="right")
        (half, _), _ = reach("plot", tracking=tracking, align="center")
        whole = 4 * (sum(widths) / EM + 3 * tracking)
        assert left - end == pytest.approx(whole)
        assert left - half == pytest.approx(whole / 2)
        assert right < whole


def test_it_stands_as_a_text_does():
    assert reach("H", size=10)[1][1] == pytest.approx(10 * 21 / 32)
    assert reach("H", size=10, valign="top")[1][1] == pytest.approx(0, abs=1e-12)
    low, high = reach("H", size=10, valign="middle")
    assert low[1] == pytest.approx(-high[1])
    two = points("H\nH", size=10)
    lower = two[np.nan_to_num(two[:, 1]) < -5]
    np.testing.assert_allclose(lower[:, 1].max(), 10 * (21 / 32 - 1.35))
    turned = points("pen", rotate=90)
    np.testing.assert_allclose(turned, points("pen") @ [(0, 1), (-1, 0)], atol=1e-12)
    # In mm around its place, whatever the scale: as long on a page that is ten times as large.
    for size in (1, 10):
        (pen,) = pen_paths(placed(ga.pen_text("l", (0, 0)), box=((0, 0), (size, size))), SHEET)
        assert np.hypot(*np.diff(pen.paths[0], axis=0).T).sum() == pytest.approx(4 * 21 / 32)


@pytest.mark.parametrize("font", FONTS)
def test_accents_lie_over_or_under_their_letters(font):
    for letter in "éèêëēěėĕÀÅÃőűçșąę":
        base, accent = list(unicodedata.normalize("NFD", letter))
        bare, whole = pen_letter(base, font), pen_letter(letter, font)
        more = whole.strokes[len(bare.strokes) :]
        assert [s.tolist() for s in whole.strokes[: len(bare.strokes)]] == [
            s.tolist() for s in bare.strokes
        ]
        assert (whole.left, whole.right) == (bare.left, bare.right)
        added = np.concatenate(more)
        if accent in "\u0326\u0327\u0328":
            assert added[:, 1].max() <= 0.5
        else:
            assert added[:, 1].min() > bare.high[1]
        assert bare.low[0] - 3 <= added[:, 0].mean() <= bare.high[0] + 5
    # An accent stands instead of the dot.
    assert len(pen_letter("í", font).strokes) <= len(pen_letter("i", font).strokes)


def test_latin_with_accents_is_there():
    latin = [chr(c) for c in range(0xC0, 0x180) if unicodedata.name(chr(c)).startswith("LATIN")]
    lacking = {c for c in latin if pen_letter(c, "serif") is None}
    assert lacking == set("ÐÞðþĦħĲĳĸĿŀŉŊŋŦŧſ")
    for c in "“”„«»—…°÷±·•€¿¡ßæœøłđÆŒØŁĐΩπ\u2018\u2019\u201a\u2039\u203a\u2013\u00d7\u2212":
        assert pen_letter(c, "sans") is not None


def test_what_a_font_lacks_is_told_and_drawn_as_a_box():
    with pytest.warns(ga.ArtWarning, match="the font sans of single lines lacks '漢'"):
        boxed = points("漢")
    assert len(boxed) == 13  # one stroke of four straight pieces


@pytest.mark.exhaustive
def test_paths_have_the_place_of_the_mark_and_bend_along_a_curve():
    paths = ga.pen_lines("Bend", 4, (1, 2), font="serif")
    steps = np.hypot(*np.diff(paths, axis=1).T)
    assert np.nanmax(steps) <= 4 / 40 + 1e-12
    low, high = reach("Bend", font="serif")
    np.testing.assert_allclose(np.nanmin(paths, (0, 1)), np.add(low, (1, 2)), atol=1e-12)
    np.testing.assert_allclose(np.nanmax(paths, (0, 1)), np.add(high, (1, 2)), atol=1e-12)
    bent = ga.on_path(ga.pen_lines("HHH", 1), ga.circle(5), 0, 6.28)
    radii = np.hypot(*np.asarray(bent).reshape(-1, 2).T)
    assert np.nanmax(radii) == pytest.approx(5, abs=1e-6)
    assert np.nanmin(radii) == pytest.approx(5 - 21 / 32, abs=1e-3)
    assert ga.pen_lines(" ").shape == (0, 0, 2)


@pytest.mark.exhaustive
def test_size_and_place_may_be_traced_in_a_frame():
    def height(size):
        mark = ga.pen_text("H", (0, size), size=size, rotate=size)
        return jax.numpy.nanmax(mark.shape.points) + mark.shape.anchor[1]

    with jax.enable_x64(True):
        slope = jax.grad(height)(3.0)
        step = (height(3.0 + 1e-5) - height(3.0 - 1e-5)) / 2e-5
    assert float(slope) == pytest.approx(float(step), rel=1e-6)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.pen_text(3, (0, 0)), "sets a string, not an int"),
        (lambda: ga.pen_text("a", (0, 0), font="mono"), "write one of sans, bold, serif, italic"),
        (lambda: ga.pen_text("a", (0, 0), font="greek"), "no font of single lines 'greek'"),
        (lambda: ga.pen_text("a", (0, 0), size=0), "in mm and must be positive"),
        (lambda: ga.pen_text("a", (0, 0), valign="low"), "valign must be one of"),
        (lambda: ga.pen_text("a", [(0, 0)]), "stands at one point"),
        (lambda: ga.pen_text("a", (0, 0), **{"fill": "red"}), "fill"),
        (lambda: ga.pen_lines("a", 0), "size is 0: give one length above 0"),
        (lambda: ga.pen_lines("a", at=[(0, 0)]), "begin at one point"),
    ],
)
def test_what_cannot_be_set_is_told(call, says):
    with pytest.raises(ga.ArtError, match=says):
        call()
