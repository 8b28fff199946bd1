"""Colors and ramps."""

import jax
import jax.numpy as jnp
import matplotlib.colors
import numpy as np
import pytest

from gradart.drawing.color.ramps import colormap, ramp
from gradart.drawing.style import color, hex_code
from gradart.errors import ArtError


@pytest.mark.parametrize("name", ["#c2410c", "#fff", "#12345678", "#1238", "teal", "C3", "0.5"])
def test_a_color_is_what_matplotlib_says(name):
    np.testing.assert_allclose(color(name), matplotlib.colors.to_rgba(name), atol=1e-12)


@pytest.mark.parametrize("name", ["#12345", "#ggg", "no such color", None])
def test_a_wrong_color_says_what_to_write(name):
    with pytest.raises(ArtError, match=r"not a color; write"):
        color(name)


def test_lists_and_arrays_of_colors():
    assert color(["red", "#0f0"]).shape == (2, 4)
    assert color(np.zeros((5, 3))).tolist() == [[0, 0, 0, 1]] * 5
    with pytest.raises(ArtError, match="3 or 4 numbers"):
        color(np.zeros(5))


def test_alpha_multiplies_and_gives_each_its_own():
    assert color("#ffffff80", 0.5)[3] == pytest.approx(0x80 / 255 / 2)
    fading = color("#c2410c", np.linspace(0, 1, 7))
    assert fading.shape == (7, 4)
    np.testing.assert_allclose(fading[:, 3], np.linspace(0, 1, 7))


def test_a_ramp_meets_its_colors_and_stays_in_range():
    stops = ["#1b1b1e", "#c2410c", "#f7f4ed80"]
    with jax.enable_x64(True):
        shade = ramp(*stops)
        np.testing.assert_allclose(shade(np.array([0, 0.5, 1])), color(stops), atol=2e-6)
        np.testing.assert_allclose(shade(-3.0), shade(0.0))
        many = shade(np.linspace(0, 1, 300).reshape(3, 100))
        many = np.asarray(many)
    assert many.shape == (3, 100, 4)
    assert ((many >= 0) & (many <= 1)).all()


def test_a_ramp_is_even_to_the_eye():
    """Lightness in OKLab of a gray ramp is linear; in sRGB numbers it would be curved."""
    with jax.enable_x64(True):
        gray = np.asarray(ramp("black", "white")(np.linspace(0, 1, 11)))[:, 0]
    linear = np.where(gray <= 0.04045, gray / 12.92, ((gray + 0.055) / 1.055) ** 2.4)
    np.testing.assert_allclose(np.cbrt(linear), np.linspace(0, 1, 11), atol=1e-5)


def test_a_ramp_can_be_traced_and_differentiated_through_black():
    slope = jax.jacfwd(ramp("black", "white"))(jnp.array(0.0))
    assert jnp.isfinite(slope).all()


def test_a_colormap_is_matplotlibs():
    x = np.linspace(0, 1, 256)
    np.testing.assert_allclose(colormap("magma")(x), matplotlib.colormaps["magma"](x), atol=1e-6)
    with pytest.raises(ArtError, match="viridis"):
        colormap("virids")


def test_a_hex_code_is_read_as_the_color_that_it_was_written_of():
    levels = np.random.default_rng(3).integers(0, 256, (200, 4))
    for rgba in levels / 255:
        np.testing.assert_array_equal(color(hex_code(rgba)), rgba)
        np.testing.assert_array_equal(color(hex_code(rgba[:3]))[:3], rgba[:3])
    assert hex_code(np.zeros(4)) == "#00000000"
    assert hex_code(np.array([1, 0, 0, 1])) == "#ff0000"
    assert hex_code(np.array([1, 0, 0, 1]), alpha=True) == "#ff0000ff"
