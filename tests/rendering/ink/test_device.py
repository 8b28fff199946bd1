"""Ink summed by JAX, as where it computes on a graphics card; here it computes on the processor."""

import jax
import numpy as np
import pytest
from PIL import Image

import gradart as ga
from gradart.rendering.ink.density import Disks, Strokes, accumulate
from gradart.rendering.ink.gpu.density import accumulate_on_device

SIZE = 40, 60
RANDOM = np.random.default_rng(5)
PATHS = RANDOM.uniform(-20, 80, (12, 6, 2))
LIFTED = np.where(RANDOM.random((12, 6, 1)) < 0.2, np.nan, PATHS)
TWICE = np.repeat(PATHS, 2, axis=1)  # each second segment has no length
SHORT = RANDOM.uniform(0, 40, (60, 1, 2)) + RANDOM.normal(0, 0.3, (60, 3, 2))
FAR = PATHS.copy()
FAR[::3, 2], FAR[1::3, 3], FAR[2::3, 1] = 1e12, (-1e300, 5), np.inf
ALONG = np.linspace(0, 2 * np.pi, 120, endpoint=False)
KNOT = np.stack([30 + 25 * np.cos(ALONG), 20 + 15 * np.sin(2 * ALONG)], -1)[None]
ONE = np.ones(1)
INKS = RANDOM.uniform(0, 1, (12, 3))


def agree(blocks, channels):
    """Equal to what the kernels sum but for the digits that float32 has."""
    blocks = list(blocks)
    kernels, device = (f(SIZE, blocks, channels) for f in (accumulate, accumulate_on_device))
    assert kernels.max() > 0.1
    assert np.abs(device - kernels).max() < 2e-6 * kernels.max()


@pytest.mark.exhaustive
def test_strokes_have_the_same_ends_and_corners():
    agree((Strokes(rows, 3.0, ONE) for rows in (LIFTED, TWICE, FAR)), 1)


@pytest.mark.exhaustive
def test_strokes_and_disks_each_have_their_own_width_and_ink():
    sizes = np.linspace(2.4, 4, 12)
    agree([Strokes(PATHS, sizes, INKS), Disks(PATHS[:, 0] * 0.6, sizes, INKS)], 3)


@pytest.mark.exhaustive
@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("width", [0.1, 0.7, 1.3, 6.0, 30.0])
def test_strokes_of_any_width(width, closed):
    agree((Strokes(rows, width, ONE, closed) for rows in (LIFTED, TWICE, FAR, KNOT)), 1)
    agree([Strokes(SHORT, width, ONE, closed)], 1)


@pytest.mark.exhaustive
@pytest.mark.parametrize("radius", [0.6, 2.0, 40.0])
def test_disks_of_any_radius(radius):
    agree([Disks(PATHS.reshape(-1, 2), radius, ONE)], 1)


def test_specks_are_placed_as_finely_as_the_kernels_pack_them():
    specks = [Disks(PATHS.reshape(-1, 2), 0.4, ONE)]
    kernels, device = (f(SIZE, specks, 1) for f in (accumulate, accumulate_on_device))
    assert np.abs(device - kernels).max() < 2**-14


@pytest.mark.exhaustive
def test_the_order_of_strokes_changes_no_bit():
    first, then = (
        accumulate_on_device(SIZE, [Strokes(rows, 0.8, ONE)], 1) for rows in (PATHS, PATHS[::-1])
    )
    assert (first == then).all()


@pytest.mark.exhaustive
def test_a_picture_is_the_same_within_a_step(tmp_path, monkeypatch):
    art = ga.scene(
        ga.lines(PATHS, width=1.5, stroke="#c2410c", blend=ga.ink()),
        ga.dots(PATHS.reshape(-1, 2), 1.2, fill="#1d4e89", alpha=0.3, blend=ga.ink()),
    )
    ga.render(art, tmp_path / "processor.png", px=200)
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu")
    ga.render(art, tmp_path / "card.png", px=200)
    one, two = (
        np.asarray(Image.open(tmp_path / f"{name}.png"), int) for name in ("processor", "card")
    )
    assert np.abs(one - two).max() <= 1
    assert one.std() > 10
