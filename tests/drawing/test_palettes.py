"""Palettes: by name, of colors, of one color, of a photograph; and how they are seen."""

import re

import jax
import matplotlib.colors
import numpy as np
import pytest
from PIL import Image

import gradart as ga
from gradart.drawing.color.oklab import from_oklch, oklab, oklch
from gradart.drawing.color.palettes import NAMED
from gradart.errors import ArtError

VISIONS = (None, "protan", "deutan", "tritan")


def hue_gap(a, b):
    return abs((a - b + 180) % 360 - 180)


@pytest.mark.parametrize("name", NAMED)
def test_the_named_ones_have_colors_that_every_eye_tells_apart_on_their_paper(name):
    found = ga.palette(name)
    assert found.text == str(found) == name
    assert 4 <= len(found) <= 6
    assert all(found.closest(vision)[2] > 0.075 for vision in VISIONS)
    ratios = ga.contrast(found.colors, found.paper)
    assert (ratios > 1.2).all()
    assert (ratios > 3).sum() >= 2
    assert not matplotlib.colors.is_color_like(name)  # or a sketch's parameter would be either
    assert name in ga.palette.__doc__


@pytest.mark.parametrize(
    "given",
    [
        "desert",
        " Desert ",
        "#4d2b1f #a14122 #c67630 #dbb066 #a7cfda on #f8f1e5",
        "#4d2b1f, #a14122,#c67630,#dbb066,#a7cfda on #f8f1e5",
        ga.palette("desert"),
    ],
)
def test_a_palette_is_what_its_text_says(given):
    found = ga.palette(given)
    assert found == ga.palette("desert")
    assert hash(found) == hash(ga.palette("desert"))
    assert found.text == "desert"


def test_a_palette_of_colors_comes_back_from_its_text():
    rng = np.random.default_rng(1)
    for colors in (["red", "#0f08"], rng.random((5, 3)), rng.random((3, 4)), ["#fff"]):
        for paper in (None, "#123456", (0.1, 0.2, 0.3, 0.4)):
            found = ga.palette(colors, paper)
            again = ga.palette(found.text)
            assert again == found != ga.palette("desert")
            np.testing.assert_array_equal(again.colors, found.colors)
            np.testing.assert_array_equal(again.paper, found.paper)
            assert abs(found.colors - ga.color(colors)).max() <= 0.5 / 255 + 1e-12
    assert ga.palette("desert", paper="#000").text.endswith("#a7cfda on #000000")


def test_a_palette_is_read_as_its_colors_are():
    tide = ga.palette("tide")
    assert [*map(tuple, tide)] == [*map(tuple, tide.colors)]
    np.testing.assert_array_equal(tide[-1], tide.colors[4])
    np.testing.assert_array_equal(tide[[0, 2]], tide.colors[[0, 2]])
    with jax.enable_x64(True):
        np.testing.assert_array_equal(jax.jit(lambda i: tide[i])(3), tide.colors[3])
        shade = tide.ramp(np.linspace(0, 1, 5))
        np.testing.assert_allclose(shade, tide.colors, atol=2e-6)
    assert ga.lines(np.zeros((5, 2, 2)), stroke=tide.colors).style.stroke.shape == (5, 4)
    with pytest.raises(ValueError, match="read-only"):
        tide.colors[0] = 0


def test_a_notebook_shows_the_colors_and_their_paper():
    shown = re.findall(r'fill="(.*?)"', ga.palette("#4d2b1f #a7cfda80 on #f8f1e5")._repr_svg_())
    assert shown == ["#f8f1e5", "#4d2b1f", "#a7cfda80"]
    shade = ga.ramp("#1b1b1e", "#c2410c", at=(0.0, 0.5))
    shown = re.findall(r'fill="(.*?)"', shade._repr_svg_())
    assert (shown[0], shown[-1], len(set(shown[48:]))) == ("#1b1b1e", "#c2410c", 1)
    assert jax.eval_shape(lambda c: [ga.ramp(c, c)._repr_svg_()], shade.colors[0]) == [None]


@pytest.mark.exhaustive
def test_what_is_picked_is_as_frequent_as_its_weight():
    key, tide = jax.random.key(3), ga.palette("tide")
    weights = np.array([0, 1, 2, 3, 4])
    some = np.asarray(tide.pick(key, 20_000, weights=weights), float)
    np.testing.assert_array_equal(some, tide.pick(key, 20_000, weights=10 * weights))
    nearest = np.argmin(abs(some[:, None] - tide.colors).sum(-1), 1)
    np.testing.assert_allclose(np.bincount(nearest, minlength=5) / 20_000, weights / 10, atol=0.02)
    np.testing.assert_allclose(some, tide.colors[nearest], atol=1e-7)
    assert len(np.unique(np.asarray(tide.pick(key, 1000)), axis=0)) == 5
    assert tide.pick(key, 0).shape == (0, 4)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.palette("desrt"), "'desrt' is no palette; did you mean desert"),
        (lambda: ga.palette("teal"), "'teal' is no palette; there are desert, dusk"),
        (lambda: ga.palette("#c2410c #12"), "'#12' is not a color"),
        (lambda: ga.palette("#c2410c on "), None),
        (lambda: ga.palette("on #c2410c"), "'on' is not a color"),
        (lambda: ga.palette([]), "3 or 4 numbers"),
        (lambda: ga.palette((0.1, 0.2, 0.3)), "a palette is a list of colors"),
        (lambda: ga.palette([[np.nan, 0, 0]]), "not NaN"),
        (lambda: ga.palette("dusk", paper=["red", "blue"]), "paper has one color"),
        (lambda: jax.jit(lambda x: ga.palette(x).colors)(np.ones((2, 3))), "outside of a film"),
        (lambda: ga.palette("dusk").pick(1, 3), "give a random key"),
        (lambda: ga.palette("dusk").pick(jax.random.key(1), -1), "n "),
        (lambda: ga.palette("dusk").pick(jax.random.key(1), 3, weights=[1]), "5 numbers"),
        (lambda: ga.palette("dusk").pick(jax.random.key(1), 3, weights=[0] * 5), "not all 0"),
        (lambda: ga.palette("dusk").pick(jax.random.key(1), 3, weights=[-1, 2, 1, 1, 1]), "0 or"),
        (lambda: ga.palette(["red"]).closest(), "one color"),
        (lambda: ga.analogous(["red", "blue"]), "give one color"),
        (lambda: ga.analogous("red", 0), "n "),
        (lambda: ga.analogous("red", spread=np.inf), "spread is inf"),
        (lambda: ga.palette_of(np.zeros((3, 3))), "pixels \\(h, w, 3\\)"),
        (lambda: ga.palette_of(np.full((3, 3, 3), 255)), "divide bytes by 255"),
        (lambda: ga.palette_of(np.full((3, 3, 3), np.nan)), "from 0 to 1"),
        (lambda: ga.palette_of("no such file.jpg"), "cannot be read"),
        (lambda: ga.palette_of(__file__), "not a picture"),
        (lambda: ga.palette_of(np.zeros((3, 3, 3)), 65), "at most 64"),
        (lambda: ga.color_blind("red", "total"), "kind is 'protan'"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(call, says):
    if says is None:
        assert call().text == "#c2410c on #f7f4ed"
        return
    with pytest.raises(ArtError, match=says) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_oklch_comes_back_and_keeps_lightness_and_hue_outside_of_srgb():
    rgb = np.random.default_rng(0).random((500, 3))
    np.testing.assert_allclose(from_oklch(oklch(rgb)), rgb, atol=1e-12)
    wanted = np.stack(
        np.broadcast_arrays(np.linspace(0.2, 0.95, 20)[:, None], 0.4, np.arange(0, 360, 9)), -1
    )
    found = oklch(from_oklch(wanted))
    np.testing.assert_allclose(found[..., 0], wanted[..., 0], atol=1e-4)
    assert hue_gap(found[..., 2], wanted[..., 2]).max() < 0.05
    # As much chroma as sRGB has: one channel is at its end.
    edge = from_oklch(wanted)
    assert np.minimum(edge, 1 - edge).min(-1).max() < 1e-4


def test_hues_are_turned_and_tones_are_even():
    lightness, chroma, hue = oklch(ga.color("#7d8f6a")[:3])
    near = oklch(ga.analogous("#7d8f6a", 5, spread=80).colors[:, :3])
    assert hue_gap(near[:, 2], hue + np.array([-40, -20, 0, 20, 40])).max() < 2
    around = oklch(ga.complementary("#7d8f6a", 3).colors[:, :3])
    assert hue_gap(around[:, 2], hue + np.array([0, 120, 240])).max() < 2
    for found in near, around:
        np.testing.assert_allclose(found[:, 0], lightness, atol=0.003)
        np.testing.assert_allclose(found[:, 1], chroma, atol=0.003)
    tones = oklch(ga.tonal("#7d8f6a", 5).colors[:, :3])
    np.testing.assert_allclose(tones[:, 0], np.linspace(0.25, 0.92, 5), atol=0.003)
    assert hue_gap(tones[:, 2], hue).max() < 3
    assert ga.analogous("#7d8f6a", 1).text.startswith("#7d8f6a on ")
    assert ga.complementary("#7d8f6a").text.startswith("#7d8f6a #")
    assert ga.tonal("gray", 3).paper[:3].min() > 0.9


def test_a_photographs_palette_is_what_it_was_painted_with(tmp_path):
    desert = ga.palette("desert")
    cells = np.arange(80 * 60).reshape(80, 60) * 7919 % 5
    found = ga.palette_of(desert.colors[cells], 5)
    assert {*map(tuple, found.colors)} == {*map(tuple, desert.colors)}
    assert ga.palette_of(desert.colors[cells], 40) == found  # there are no more
    assert ga.palette_of(desert.colors[cells[::-1, ::-1]], 5) == found
    Image.fromarray((desert.colors[cells, :3] * 255).round().astype(np.uint8)).save(
        tmp_path / "a.png"
    )
    assert ga.palette_of(tmp_path / "a.png", 5) == found
    lightness = oklab(found.colors[:, :3])[:, 0]
    assert (np.diff(lightness) > 0).all()


def test_a_photographs_groups_are_closer_than_random_ones():
    rng = np.random.default_rng(2)
    pixels = np.clip(rng.normal(0.5, 0.15, (100, 100, 3)).cumsum(1) % 1, 0, 1)
    lab = oklab(pixels.reshape(-1, 3))

    def loss(centers):
        return ((lab[:, None] - centers) ** 2).sum(-1).min(1).mean()

    random = min(loss(lab[rng.integers(0, len(lab), 6)]) for _ in range(20))
    assert loss(oklab(ga.palette_of(pixels, 6).colors[:, :3])) < 0.9 * random
    assert ga.palette_of(pixels, 6) == ga.palette_of(pixels, 6)


def test_glass_is_seen_on_white_and_thin_pictures_are_read():
    sheer = np.concatenate([np.zeros((1, 1000, 3)), np.full((1, 1000, 1), 0.4)], -1)
    assert ga.palette_of(sheer, 1).text.startswith("#999999")


def test_contrast_is_that_of_wcag():
    """Ratios of WebAIM's checker."""
    assert ga.contrast("white", "black") == 21
    assert ga.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert ga.contrast("#0000ff", "#ffffff") == pytest.approx(8.59, abs=0.005)
    table = ga.contrast(np.random.default_rng(0).random((4, 1, 3)), ["red", "white"])
    assert table.shape == (4, 2)
    assert (table >= 1).all()


def test_a_color_blind_eye_sees_what_coloraide_says():
    """Color(c).filter(kind, method="machado", space="srgb-linear"), clipped to sRGB."""
    wanted = {
        "protan": [(0.4059, 0.35536, 0), (0.56306, 0.50681, 0.22849), (0.35719, 0.48862, 0.74409)],
        "deutan": [(0.52995, 0.46942, 0), (0.52951, 0.48539, 0.2752), (0.26822, 0.43366, 0.72852)],
        "tritan": [(0.83931, 0.08194, 0.22154), (0.29043, 0.53291, 0.48199), (0, 0.54063, 0.57089)],
    }
    for kind, colors in wanted.items():
        seen = ga.color_blind(["#c2410c", "#4f8c41", "#1c7abb80"], kind)
        np.testing.assert_allclose(seen[:, :3], colors, atol=1e-5)
        assert seen[2, 3] == 0x80 / 255
        gray = np.linspace(0, 1, 9)[:, None].repeat(3, 1)
        np.testing.assert_allclose(ga.color_blind(gray, kind)[:, :3], gray, atol=1e-4)
