"""Marks and scenes: values, shapes and what they refuse."""

import dataclasses
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.drawing.lettering.text import outlined, text
from gradart.drawing.marks import beziers, circles, dots, lines, polygons, raster, segments
from gradart.drawing.scene import Scene, scene
from gradart.errors import ArtError, ArtWarning


def test_leading_axes_fold_into_strokes():
    assert lines(np.zeros((7, 2))).shape.points.shape == (1, 7, 2)
    assert lines(np.zeros((3, 4, 7, 2))).shape.points.shape == (12, 7, 2)
    assert lines(np.zeros((0, 7, 2))).shape.points.shape == (0, 7, 2)
    assert segments(np.zeros((3, 4, 2)), np.ones((3, 4, 2))).shape.points.shape == (12, 2, 2)
    assert segments((0, 0), np.ones((5, 2))).shape.points.shape == (5, 2, 2)
    assert dots(np.zeros((3, 4, 2))).shape.centers.shape == (12, 2)


def test_each_stroke_can_have_its_own_style():
    mark = lines(np.zeros((2, 3, 5, 2)), width=np.ones((2, 3)), stroke=np.ones((2, 3, 4)))
    assert mark.style.width.shape == (6,)
    assert mark.style.stroke.shape == (6, 4)
    faded = dots(np.zeros((4, 2)), fill="#c2410c", alpha=np.linspace(0, 1, 4))
    assert faded.style.fill.shape == (4, 4)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: lines(np.zeros((4, 3))), "project them"),
        (lambda: lines(np.zeros(2)), r"\(..., m, 2\)"),
        (lambda: lines("spiral"), "array of numbers"),
        (lambda: lines(np.zeros((3, 4, 2)), width=[1, 2]), "2 values for 3 strokes"),
        (lambda: segments(np.zeros((3, 2)), np.zeros((2, 2))), "3 starts to 2 ends"),
        (lambda: beziers(np.zeros((5, 2))), r"3k \+ 1"),
        (lambda: raster(np.zeros((2, 2, 5)), ((0, 0), (1, 1))), "pixels"),
        (lambda: scene(np.zeros((3, 2))), "wrap arrays"),
        (lambda: scene(box=(0, 1)), "box"),
        (lambda: text("a\0b", (0, 0)), "letter 1"),
        (lambda: text("\ud800", (0, 0)), "letter 0"),
        (lambda: text("a", (0, 0), size=0), "positive"),
        (lambda: text("a", (0, 0), font="Nosuch"), "serif"),
        (lambda: text("$\\nosuch$", (0, 0)), "mathtext"),
        (lambda: text("$$", (0, 0)), "mathtext"),
        (lambda: text("$" + "{" * 5000 + "$", (0, 0)), "mathtext"),
        (lambda: text(7, (0, 0)), r"string, not an int; write str\("),
        (lambda: text((0, 0), "a"), r"words come first, then their place: ga\.text\('"),
        (lambda: text("a", (0, 0), size=None), "size must be a finite number, not None"),
        (lambda: text("a", (0, 0), size="4"), "size must be a finite number, not '4'"),
        (lambda: text("a", (0, 0), font=np.nan), "no font 'nan'"),
        (lambda: text("a", (0, 0), font=__file__), "cannot be set in"),
        (lambda: text("a", (0, 0), align="middle"), "align must be one of left, center, right"),
        (lambda: text("a", (0, 0), valign="low"), "valign must be one of baseline"),
        (lambda: lines(np.zeros((3, 2)) + 1j), r"points must be real numbers.*z\.real"),
        (lambda: lines([jnp.array([1j, 0])]), r"points must be real numbers.*z\.real"),
        (lambda: lines([(10**400, 0), (1, 1)]), "array of numbers"),
        (lambda: dots(np.zeros((3, 2)), alpha=np.ones(2), fill=["red"] * 3), "alpha of shape"),
        (lambda: text("a", (0, 0), alpha="half"), "alpha must be an array of numbers"),
        (lambda: scene(paper=np.ones((1, 3))), "paper has one color"),
        (lambda: circles((0, 0), np.inf), "radius must be finite"),
        (lambda: circles((0, 0), jnp.array(np.nan)), "radius must be finite"),
    ],
)
def test_what_is_wrong_is_said(make, says):
    with pytest.raises(ArtError, match=says) as error:
        make()
    assert "\n" not in str(error.value)


def test_a_scene_takes_nested_lists_and_none():
    a, b, c = (dots((x, 0)) for x in range(3))
    nested = scene(a, [None, [b]], scene(c))
    assert [float(m.shape.centers[0, 0]) for m in nested.marks] == [0, 1, 2]


def test_scenes_add_and_keep_the_first_paper():
    both = scene(dots((0, 0)), paper="red", box=((0, 0), (1, 1))) + scene(box=((-1, 0), (0, 2)))
    assert isinstance(both, Scene)
    assert both.paper.tolist() == [1, 0, 0, 1]
    assert both.box.tolist() == [[-1, 0], [1, 2]]


def test_a_scene_is_frozen_and_crosses_jit():
    def frame(u):
        return scene(lines(jnp.stack([jnp.zeros(2), u * jnp.ones(2)])), text("hi", (u, u)), None)

    traced, eager = jax.jit(frame)(0.5), frame(0.5)
    assert jax.tree.structure(traced) == jax.tree.structure(eager)
    np.testing.assert_allclose(traced.marks[0].shape.points, eager.marks[0].shape.points)
    with pytest.raises(dataclasses.FrozenInstanceError):
        eager.paper = None


def test_rings_share_one_center():
    rings = circles((1, 2), [1, 2, 3]).shape.points
    assert np.allclose(rings, circles([(1, 2)] * 3, [1, 2, 3]).shape.points)
    assert circles((1, 2), []).shape.points.shape == (0, 13, 2)
    with pytest.raises(ArtError, match="radius has 3 values for 2 strokes"):
        circles([(0, 0), (1, 1)], [1, 2, 3])


def test_circles_are_round_and_in_the_artists_units():
    rows = np.asarray(circles([(1, 2), (0, 0)], [3, 1]).shape.points)
    s = np.linspace(0, 1, 50)[:, None]
    for k in range(4):
        p0, p1, p2, p3 = rows[0][3 * k : 3 * k + 4]
        at = (1 - s) ** 3 * p0 + 3 * s * (1 - s) ** 2 * p1 + 3 * s**2 * (1 - s) * p2 + s**3 * p3
        np.testing.assert_allclose(np.hypot(*(at - (1, 2)).T), 3, rtol=3e-4)


def test_polygons_close_and_lines_do_not():
    assert polygons(np.zeros((3, 2))).shape.closed
    assert not lines(np.zeros((3, 2))).shape.closed


def _extent(mark):
    points = mark.shape.points[0]
    return np.nanmin(points, 0), np.nanmax(points, 0)


def test_type_is_set_in_millimeters_at_its_anchor():
    low, high = _extent(text("H", (5, 5), size=10))
    assert high[1] - low[1] == pytest.approx(6.6, abs=0.3)  # a capital of STIX: 0.66 em
    assert abs(low[1]) < 0.1  # on the baseline
    low, high = _extent(text("HH", (5, 5), size=10, align="center", valign="middle"))
    np.testing.assert_allclose(low + high, 0, atol=0.3)
    low, high = _extent(text("HH", (5, 5), size=10, align="right", valign="top"))
    assert high[0] < 0.2
    assert abs(high[1]) < 0.1


def test_type_turns_counterclockwise_and_breaks_lines():
    low, high = _extent(text("mm", (0, 0), size=10, rotate=90))
    assert high[1] > 10
    assert high[0] <= 0.1
    low, _ = _extent(text("one\ntwo", (0, 0), size=10))
    assert low[1] == pytest.approx(-13.5, abs=0.3)


def test_tracking_widens_and_keeps_the_letters():
    plain, wide = text("A V", (0, 0)), text("A V", (0, 0), tracking=0.5)
    assert _extent(wide)[1][0] == pytest.approx(_extent(plain)[1][0] + 2 * 0.5 * 4, abs=0.05)
    assert len(wide.shape.points[0]) == len(plain.shape.points[0])


@pytest.mark.exhaustive
def test_the_size_the_turn_and_the_tracking_of_type_may_be_traced():
    def points(numbers):
        size, rotate, tracking = numbers
        words = "fjord\nfi"
        return text(words, (0, 0), size=size, rotate=rotate, tracking=tracking).shape.points

    with jax.enable_x64(True):
        at = jnp.array([4.0, 30.0, 0.2])
        plain = points(at.tolist())
        np.testing.assert_allclose(jax.jit(points)(at), plain, atol=1e-12)
        rates = jax.jacfwd(points)(at)
        slopes = [(points(at + h) - points(at - h)) / 2e-5 for h in 1e-5 * np.eye(3)]
        inked = np.isfinite(plain)
        np.testing.assert_allclose(rates[inked], np.stack(slopes, -1)[inked], atol=1e-8)
        pull = jax.grad(lambda numbers: jnp.nansum(points(numbers)))(at)
        np.testing.assert_allclose(pull, np.sum(rates[inked], 0), rtol=1e-9)


def test_mathtext_and_blank_strings():
    assert np.isfinite(text("$f'(2) = 3.999$", (0, 0)).shape.points).any()
    assert np.isnan(text("  ", (0, 0)).shape.points).all()
    assert np.isnan(text("\u202e", (0, 0)).shape.points).all()


def test_a_lone_dollar_is_a_dollar():
    plain, escaped = text("costs $5", (0, 0)), text("costs \\$5", (0, 0))
    np.testing.assert_array_equal(plain.shape.points, escaped.shape.points)
    assert _extent(text("$5", (0, 0)))[1][0] > _extent(text("5", (0, 0)))[1][0]


@pytest.mark.parametrize(
    ("escaped", "parts"),
    [
        (r"from \$5 to \$6", ["from ", "$", "5 to ", "$", "6"]),
        (r"\$1 $", ["$", "1 ", "$"]),
        (r"\$a$b", ["$", "a", "$", "b"]),
    ],
)
@pytest.mark.parametrize("tracking", [0, 0.1])
def test_a_dollar_with_a_backslash_is_a_dollar_and_no_mathematics(escaped, parts, tracking):
    """As wide as what stands between the dollars, and the dollars: none of it is in italics."""

    def reach(string):
        return outlined(string, "mono", 0.0)[1]  # without kerning

    _, wide, _ = outlined(escaped, "mono", tracking)
    letters = sum(map(len, parts))
    assert wide == pytest.approx(sum(map(reach, parts)) + tracking * (letters - 1), rel=1e-6)
    with warnings.catch_warnings(action="error"):
        text(escaped, (0, 0), tracking=tracking)


def test_dollars_in_and_beside_mathtext():
    alone, beside = text("$x$", (0, 0)), text(r"$x$ for \$5", (0, 0))
    count = len(alone.shape.points[0])
    there, here = beside.shape.points[0, :count, 0], alone.shape.points[0, :, 0]
    np.testing.assert_allclose(there, here, atol=1e-9)
    assert np.isfinite(text(r"$\$5$", (0, 0)).shape.points).any()


@pytest.mark.parametrize("prices", ["from $5 to $6", "$5-$6", "a\n$1 $2"])
def test_prices_between_dollars_are_noted(prices):
    with pytest.warns(ArtWarning, match=r"between its dollars; write \\\$ for a dollar"):
        text(prices, (0, 0))


def test_a_letter_that_a_font_lacks_is_named_every_time():
    for _ in range(2):
        with pytest.warns(ArtWarning, match="serif lacks '\u05e9', drawn as boxes"):
            text("a\u05e9", (0, 0))
