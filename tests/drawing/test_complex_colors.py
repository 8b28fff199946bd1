"""Laws of domain coloring: hue by phase, steps by modulus as their mean over a pixel, periods."""

import jax.numpy as jnp
import numpy as np
import pytest

from gradart.drawing.color.oklab import linear, oklch
from gradart.drawing.color.ramps import ramp
from gradart.drawing.domain_coloring import domain_coloring
from gradart.errors import ArtError

pytestmark = pytest.mark.usefixtures("double")

BOX = ((0.35, -0.4), (1.55, 0.8))
N = 24
SIDE = 1.2 / N


def f(z):
    return z**3 / (z - 1.8j)


def pixels(g, **options):
    return np.asarray(domain_coloring(g, BOX, resolution=N, **options).shape.pixels)


def falls(g, **options):
    """How far the lightness falls, of what is else white."""
    light = linear(pixels(g, wheel=ramp("white", "white"), depth=0.5, **options)[..., :3])
    return (1 - np.cbrt(light[..., 0])) / 0.5


def nodes(fine):
    """The middles of fine by fine parts of each pixel: (N, N, fine, fine)."""
    part = (np.arange(N * fine) + 0.5) * SIDE / fine
    z = BOX[0][0] + part + 1j * (BOX[0][1] + part[:, None])
    return z.reshape(N, fine, N, fine).swapaxes(1, 2)


def test_a_color_is_that_of_the_phase_on_the_wheel():
    wheel = ramp("#203060", "#d0a040", "#a03020", "#203060")
    found = pixels(f, wheel=wheel, depth=0.0)
    turn = np.angle(f(nodes(1)[..., 0, 0])) / (2 * np.pi) % 1
    np.testing.assert_allclose(found, wheel(turn), atol=0.02)


def test_all_hues_of_its_own_wheel_are_as_light_and_as_strong():
    hues = oklch(pixels(f, depth=0.0)[..., :3])
    assert np.ptp(hues[..., :2], axis=(0, 1)).max() < 0.004
    assert np.ptp(hues[..., 2]) > 200


@pytest.mark.parametrize("sectors", [0, 12])
def test_a_pixel_has_the_mean_of_the_steps_in_it(sectors):
    z = nodes(40)
    steps = np.log2(abs(f(z))) if not sectors else np.log(abs(f(z))) * sectors / (2 * np.pi)
    fall = 1 - steps % 1
    if sectors:
        fall = (fall + 1 - sectors * np.angle(f(z)) / (2 * np.pi) % 1) / 2
    brute = fall.mean((2, 3))
    off = np.abs(falls(f, sectors=sectors) - brute)
    # A step that crosses a pixel on the slant covers a little less or more than an upright one.
    assert off.max() < 0.15
    assert np.median(off) < 0.02
    single = np.abs(fall[..., 20, 20] - brute)
    assert off.mean() < 0.3 * single.mean()


@pytest.mark.parametrize(("factor", "sectors"), [(2.0, 0), (np.exp(2j * np.pi / 12), 12)])
def test_steps_have_periods(factor, sectors):
    once, again = (falls(g, sectors=sectors) for g in (f, lambda z: factor * f(z)))
    np.testing.assert_allclose(again, once, atol=1e-6)


def test_what_is_nan_is_transparent():
    found = pixels(lambda z: jnp.where(jnp.abs(z) < 1, z, jnp.nan))
    away = np.abs(nodes(1)[..., 0, 0])
    clear = np.abs(away - 1) > 0.01
    np.testing.assert_array_equal(found[..., 3][clear], (away < 1)[clear])
    assert np.isfinite(found).all()


def test_a_wheel_is_a_ramp():
    with pytest.raises(ArtError, match="give a ramp whose ends meet"):
        pixels(f, wheel="viridis")
