"""A large picture is painted and written in bands, and has the pixels that it would have whole."""

import jax.numpy as jnp
import numpy as np
import pytest
from PIL import Image

import gradart as ga
from gradart.rendering.formats.provenance import read
from gradart.rendering.ink import blending
from gradart.rendering.ink.tone import exposure_of
from gradart.rendering.layout import pixel_grid
from gradart.rendering.layout.page import Page
from gradart.rendering.pipeline import compose
from gradart.rendering.render import render

SHEET = Page(60.0, 40.0, 3.0)
BOX = ((0, 0), (54, 34))
PX = 400


def drawing(blend):
    """Marks of all kinds across the bands, in one color and in several, and blocks of many."""
    rng = np.random.default_rng(0)
    walks = rng.normal(size=(12, 80, 2)).cumsum(1) + np.array([27, 17])
    specks = rng.normal(size=(2000, 2)) * (9, 6) + (27, 17)
    style = {"alpha": 0.4, "blend": blend, "stroke": "#7a8b2c"}
    circle = ga.circles((20, 15), 12, fill="#c2410c", alpha=0.5)
    marks = [
        circle,
        ga.lines(walks, width=0.15, **style),
        ga.curve(
            lambda t: jnp.array([27 + 20 * jnp.cos(t), 17 + 15 * jnp.sin(3 * t)]), 0, 6, **style
        ),
        ga.dots(specks, 0.02, fill="#6688ff", alpha=0.05, blend=blend),
        ga.group(circle, ga.lines(walks[:3], width=2), alpha=0.5, mask=ga.circles((34, 17), 14)),
        ga.text("gradart", (12, 12), size=6),
    ]
    if blend != "over":
        dots = ga.dots(specks, 0.3, alpha=0.02)
        marks.insert(1, ga.many(2, lambda number: dots, blend=blend))
    return ga.scene(*marks, paper="#101014" if blend == "light" else "#f4f1ea", box=BOX)


@pytest.fixture
def in_bands(monkeypatch):
    """Takes a picture of more than a thousand pixels for large."""

    def begin(pixels):
        monkeypatch.setattr(pixel_grid, "_PAINTED", 1000)
        monkeypatch.setattr(blending, "_BAND", pixels)
        monkeypatch.setattr(blending, "_BLOCKS_BAND", pixels)

    return begin


@pytest.mark.exhaustive
@pytest.mark.parametrize("blend", ["over", "ink", "light"])
@pytest.mark.parametrize("transparent", [False, True])
def test_a_file_written_in_bands_has_the_pixels_of_the_whole_picture(
    blend, transparent, tmp_path, in_bands
):
    art = drawing(blend)
    how = {"page": SHEET, "px": PX, "transparent": transparent, "provenance": {"sketch": "a"}}
    whole = render(art, tmp_path / "whole.png", **how)
    in_bands(9000)
    parts = render(art, tmp_path / "parts.png", **how)
    assert parts.read_bytes() != whole.read_bytes()
    with Image.open(whole) as one, Image.open(parts) as other:
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))
        assert (one.mode, one.info) == (other.mode, other.info)
    assert read(parts) == read(whole)


def test_no_band_holds_much_and_together_they_are_the_picture(in_bands):
    shown = compose(drawing("ink"), SHEET).still(0.0)
    whole = shown.pixels(PX)
    in_bands(7000)
    bands = list(shown.bands(PX))
    assert len(bands) > 10
    assert max(band.size for band in bands) <= 4 * (7000 + PX)
    np.testing.assert_array_equal(np.concatenate(bands), whole)
    np.testing.assert_array_equal(shown.pixels(PX), whole)


@pytest.mark.parametrize("cell", [1, 7, 90])
@pytest.mark.parametrize("pixels", [1, 4000, 10**6])
def test_an_exposure_found_in_bands_is_that_of_the_whole(cell, pixels, monkeypatch):
    marks = list(compose(drawing("ink"), SHEET).still(0.0).marks())[2:3]
    grid = pixel_grid.pixel_grid(SHEET, 120)
    total = blending.summed(marks, "ink", grid)
    monkeypatch.setattr("gradart.rendering.ink.tone.SAMPLES", 300)
    monkeypatch.setattr(blending, "_BAND", pixels)
    found = blending._exposure(marks, "ink", grid, cell)
    assert found == exposure_of(total, cell)
