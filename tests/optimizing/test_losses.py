"""Losses and scales against the slow, plain way."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import ndimage

from gradart.optimizing.fitting import losses, targets

blurred = jax.jit(targets.blurred, static_argnums=1)


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(1)
    seen = ndimage.gaussian_filter(rng.uniform(size=(23, 31, 3)), (1, 1, 0))
    return seen, np.clip(seen + rng.normal(size=seen.shape) * 0.1, 0, 1)


def test_density_is_what_the_paper_keeps(pictures):
    seen, wanted = pictures
    slow = np.mean((np.log(seen + 1 / 255) - np.log(wanted + 1 / 255)) ** 2)
    assert np.isclose(losses.density(seen, wanted), slow)
    assert np.isclose(losses.tone(seen, wanted), np.mean((seen - wanted) ** 2))
    black = jax.grad(losses.density)(jnp.zeros((2, 2, 1)), jnp.ones((2, 2, 1)))
    assert (np.asarray(black) < 0).all(), "black has a way out"


def test_edges_are_differences_of_neighbors(pictures):
    seen, wanted = pictures
    difference = seen - wanted
    total = np.mean((difference[1:] - difference[:-1]) ** 2)
    total += np.mean((difference[:, 1:] - difference[:, :-1]) ** 2)
    assert np.isclose(losses.edges(seen, wanted), total)
    assert np.isclose(losses.edges(seen, seen + 0.3), 0), "a flat tone has none"


def test_similarity_is_scikit_image_s_formula_written_out(pictures):
    seen, wanted = pictures
    values = []
    for channel in range(3):
        for row in range(23 - 6):
            for column in range(31 - 6):
                cut = slice(row, row + 7), slice(column, column + 7), channel
                x, y = seen[cut].ravel(), wanted[cut].ravel()
                covariance = np.cov(x, y)  # of a sample: over n - 1
                top = (2 * x.mean() * y.mean() + 1e-4) * (2 * covariance[0, 1] + 9e-4)
                bottom = x.mean() ** 2 + y.mean() ** 2 + 1e-4
                values.append(top / bottom / (covariance[0, 0] + covariance[1, 1] + 9e-4))
    assert np.isclose(losses.similarity(seen, wanted), 1 - np.mean(values))
    assert np.isclose(losses.similarity(seen, seen), 0, atol=1e-12)


def test_a_blur_is_a_gaussian_of_its_radius_whatever_it_is_halved():
    """A point becomes a hill of that variance, in pixels of the picture, and keeps its sum."""
    point = np.zeros((96, 80, 1))
    point[50, 37] = 1
    radii = 0.8, 1.7, 2.5, 7.0
    for radius, hill in zip(radii, blurred(jnp.asarray(point), radii), strict=True):
        hill = np.asarray(hill)[..., 0]
        cell = round(96 / len(hill))
        assert cell == max(1, 2 ** int(np.log2(radius)))
        assert np.isclose(hill.sum() * cell**2, 1, rtol=1e-3)
        for axis, middle in ((0, 50.5), (1, 37.5)):
            weights = hill.sum(1 - axis) / hill.sum()
            places = (np.arange(len(weights)) + 0.5) * cell
            mean = weights @ places
            assert abs(mean - middle) < 0.02
            assert np.isclose(weights @ (places - mean) ** 2, radius**2, rtol=0.03)


def test_a_blurred_plain_stays_plain_up_to_its_edge():
    for level in blurred(jnp.full((37, 53, 1), 0.3), (0.0, 1.0, 5.0, 40.0)):
        assert np.allclose(level, 0.3)
