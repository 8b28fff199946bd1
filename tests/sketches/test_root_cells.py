"""In root_cells the methods of higher order come close to the cells of what is nearest."""

import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.exhaustive


def test_the_higher_the_order_the_more_a_color_means_the_nearest_root(piece):
    marks = piece("root_cells")(pixels=80, depth=0.0).marks
    shares = []
    for raster, _, dots in zip(*[iter(marks)] * 3, strict=True):
        pixels, (low, high) = np.asarray(raster.shape.pixels)[..., :3], np.asarray(raster.shape.box)
        nodes = np.asarray(ga.grid(80, 80, (low, high)))
        roots = np.asarray(dots.shape.centers)
        nearest = np.linalg.norm(nodes[:, :, None] - roots, axis=-1).argmin(-1)
        cell = ((roots - low) / (high - low) * 79).round().astype(int)
        own = pixels[cell[:, 1], cell[:, 0]]
        shares.append((np.abs(pixels - own[nearest]).max(-1) < 0.01).mean())
    assert len(shares) == 4
    assert (np.diff(shares) > 0).all()
    assert shares[0] < 0.8 < 0.92 < shares[3]
