"""In delta every line goes down the slope only, and lines that begin apart end together."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def rivers(piece):
    (mark,) = piece("delta")(n=700, fall=4.5, smooth=6.0, seed=4).marks
    (lines,) = mark.shape.block(0)
    return [r[np.isfinite(r[:, 0])] for r in np.asarray(lines.shape.points)]


def test_every_line_goes_down(rivers):
    with jax.enable_x64(True):
        hills, mouth = ga.terrain(smooth=6.0), jnp.array([0.2, -1.0])
        some = jnp.asarray(np.concatenate(rivers[:12]))
        high = ga.value(lambda p: hills(p) + 4.5 * ga.safe_norm(p - mouth), some)
    heights = np.split(np.asarray(high), np.cumsum([len(r) for r in rivers[:11]]))
    for h in heights:
        assert np.all(np.diff(h) < 1e-3)
        assert h[-1] < h[0]


def test_lines_that_begin_apart_end_together(rivers):
    def gaps(points):
        apart = np.linalg.norm(points[:, None] - points, axis=-1)
        return np.median((apart + 9 * np.eye(len(points))).min(1))

    starts, ends = (np.array([r[k] for r in rivers]) for k in (0, -1))
    assert gaps(starts) > 5 * gaps(ends)
    assert np.linalg.norm(np.concatenate(rivers), axis=1).max() <= 0.95
