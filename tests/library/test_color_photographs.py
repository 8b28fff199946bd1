"""Photographs in color and in part: the colors of the pixels, at the places of the pixels."""

import jax
import numpy as np
import pytest
from PIL import Image

import gradart as ga

RGB = np.random.default_rng(0).integers(0, 256, (12, 17, 3), dtype=np.uint8)


@pytest.fixture
def file(tmp_path):
    Image.fromarray(RGB).save(tmp_path / "a.png")
    return tmp_path / "a.png"


@pytest.mark.exhaustive
def test_colors_are_those_of_the_pixels(file):
    photo = ga.color_photograph(file, smooth=0)
    at = ga.grid(12, 17, photo.box)
    np.testing.assert_allclose(photo(at)[::-1], RGB / 255, atol=1e-5)
    assert jax.jacfwd(photo)(np.zeros(2)).shape == (3, 2)
    assert float(photo(ga.grid(80, 90, photo.box)).min()) >= 0


@pytest.mark.exhaustive
def test_a_part_is_what_a_picture_of_the_part_would_be(file, tmp_path):
    Image.fromarray(RGB[2:9, 5:15]).save(tmp_path / "part.png")
    crop = ((5 / 17, 3 / 12), (15 / 17, 10 / 12))
    for read in (ga.photograph, ga.color_photograph):
        part, whole = read(file, crop=crop), read(tmp_path / "part.png")
        assert part.box == whole.box
        at = ga.grid(5, 5, part.box).reshape(-1, 2)
        np.testing.assert_allclose(jax.vmap(part)(at), jax.vmap(whole)(at), atol=1e-6)


@pytest.mark.exhaustive
def test_clear_pixels_are_white_and_gray_ones_gray(tmp_path):
    rgba = np.dstack([RGB, np.zeros((12, 17), np.uint8)])
    Image.fromarray(rgba).save(tmp_path / "clear.png")
    Image.fromarray(RGB[..., 0]).save(tmp_path / "gray.png")
    np.testing.assert_allclose(ga.color_photograph(tmp_path / "clear.png")((0, 0)), 1, atol=1e-6)
    gray = ga.color_photograph(tmp_path / "gray.png")((0.2, 0.1))
    assert np.ptp(gray) < 1e-6 < np.min(gray)


@pytest.mark.parametrize(
    ("crop", "said"),
    [
        (((0, 0), (2, 1)), "crop is"),
        (((0.5, 0), (0.5, 1)), "crop is"),
        (((np.nan, 0), (1, 1)), "crop is"),
        ("middle", "crop is"),
        (((0, 0), (0.01, 1)), "crop leaves 0 x 12 pixels"),
    ],
)
def test_a_part_that_is_none_is_told(crop, said, file):
    for read in (ga.photograph, ga.color_photograph):
        with pytest.raises(ga.ArtError, match=said):
            read(file, crop=crop)


def test_broken_files_and_wrong_points_are_told(file, tmp_path):
    (tmp_path / "b.png").write_bytes(file.read_bytes()[:60])
    (tmp_path / "c.png").write_text("hello")
    for name, said in (("b.png", "broken"), ("c.png", "is not a picture"), ("d", "No such")):
        with pytest.raises(ga.ArtError, match=said):
            ga.color_photograph(tmp_path / name)
    with pytest.raises(ga.ArtError, match="points must have shape"):
        ga.color_photograph(file)([1.0, 2.0, 3.0])
    paths = ga.color_photograph(file)([[(0, 0), (0.1, 0)], [(0, 0)]])  # NaN where one is shorter
    assert np.isnan(paths).all(-1).tolist() == [[False, False], [False, True]]
