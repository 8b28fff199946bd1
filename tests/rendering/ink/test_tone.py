import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.rendering.ink.tone import density, tone

PAPER = np.array([0xF7, 0xF4, 0xED]) / 255
DARK = np.array([0x0D, 0x0D, 0x0D]) / 255
WHITE = np.ones(3)


def sums(seed=0, size=(64, 96, 3)):
    total = np.random.default_rng(seed).gamma(0.5, 1.0, size).astype(np.float32)
    total[:20] = 0
    return total


@pytest.mark.parametrize(
    ("blend", "paper", "blended"),
    [
        ("ink", PAPER, lambda below, color: below * color),
        ("light", DARK, lambda below, color: 1 - (1 - below) * (1 - color)),
    ],
)
def test_exposure_one_is_multiply_and_screen(blend, paper, blended):
    """By the formulas of the W3C, alpha being a mix with what is below."""
    for color in ((0.8, 0.3, 0.1, 1.0), (0.1, 0.5, 0.9, 0.25), (0.3, 0.6, 0.2, 1e-4)):
        rgb, alpha = np.array(color[:3]), color[3]
        wanted = (1 - alpha) * paper + alpha * blended(paper, rgb)
        many = 1 if alpha > 0.01 else 2000
        wanted = wanted if many == 1 else paper + many * (wanted - paper)  # to first order
        total = np.broadcast_to(many * density(color, blend), (50, 50, 3)).astype(np.float32)
        seen = tone(total, paper, blend, exposure=1.0).mean((0, 1))
        np.testing.assert_allclose(seen, 255 * wanted, atol=0.2 if many == 1 else 4)


@pytest.mark.parametrize(("blend", "paper"), [("ink", PAPER), ("light", DARK)])
def test_plain_paper_stays_plain(blend, paper):
    picture = tone(sums(), paper, blend)
    assert (picture[:20] == np.round(255 * paper)).all()
    assert (tone(0 * sums(), paper, blend) == np.round(255 * paper)).all()


def test_a_slow_gradient_does_not_band():
    total = np.broadcast_to(np.linspace(0.50, 0.52, 512)[None, :, None], (64, 512, 3))
    picture = tone(total.astype(np.float32), WHITE, "ink", exposure=1.0)
    strips = picture.reshape(64, 16, 32, 3).mean((0, 2))
    wanted = (255 * np.exp(-total)).reshape(64, 16, 32, 3).mean((0, 2))
    np.testing.assert_allclose(strips, wanted, atol=0.1)


@pytest.mark.parametrize(("blend", "paper"), [("ink", PAPER), ("light", DARK)])
def test_automatic_exposure_does_not_care_how_strong_the_ink_is(blend, paper):
    automatic = tone(sums(), paper, blend).astype(int)
    for strength in (1e-5, 1e3):
        again = tone(sums() * np.float32(strength), paper, blend)
        assert np.abs(again - automatic).max() <= 1
    spread = np.percentile(automatic[20:], [5, 95])
    assert spread[1] - spread[0] > 100  # a picture, neither flooded nor faint


@pytest.mark.parametrize(("blend", "ground"), [("ink", WHITE), ("light", 0 * WHITE)])
def test_without_paper_the_layer_lays_the_same_over_any_ground_it_was_made_for(blend, ground):
    layer = tone(sums(), np.array([0.3, 0.3, 0.3, 0.0]), blend, exposure=0.7) / 255
    over = layer[..., :3] * layer[..., 3:] + ground * (1 - layer[..., 3:])
    opaque = tone(sums(), np.append(ground, 1.0), blend, exposure=0.7) / 255
    assert (opaque[..., 3] == 1).all()
    assert (layer[:20, :, 3] == 0).all()
    np.testing.assert_allclose(over, opaque[..., :3], atol=3 / 255)


def test_paper_can_be_a_picture():
    below = np.random.default_rng(1).uniform(size=(64, 96, 3))
    picture = tone(sums(), below, "ink", exposure=1.0)
    np.testing.assert_allclose(picture / 255, below * np.exp(-sums()), atol=1 / 255)


def test_one_channel_tones_all_three():
    gray = sums()[..., :1]
    np.testing.assert_array_equal(tone(gray, PAPER, "ink"), tone(gray.repeat(3, -1), PAPER, "ink"))


@pytest.mark.parametrize("exposure", [5e-324, 1e-300, 1e300])
def test_any_exposure_is_a_picture(exposure):
    total = sums()
    total[:9] = 0
    picture = tone(total, np.ones(4), "ink", exposure)
    np.testing.assert_array_equal(picture[:9], 255)
    full = picture[..., :3][total > 0]
    assert (full == (0 if exposure > 1 else 255)).all()


def test_wrong_input_says_what_is_right():
    with pytest.raises(ArtError, match="'ink' or 'light'"):
        tone(sums(), PAPER, "over")
    with pytest.raises(ArtError, match="64 x 96"):
        tone(sums(), np.ones((3, 96, 3)), "ink")
