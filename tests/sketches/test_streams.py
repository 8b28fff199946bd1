"""In streams a line keeps one height, lines keep apart, and color is the order of heights."""

import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def shown(piece):
    (mark,) = piece("streams")(separation=6.0, size=45.0, seed=3).marks
    return np.asarray(mark.shape.points), np.asarray(mark.style.stroke)


def land(seed):
    import jax

    with jax.enable_x64(True):
        return ga.waves(jax.random.key(seed), 45.0, box=((0, 0), (180, 267)))


def test_a_line_keeps_its_height_and_the_color_tells_it(shown):
    import jax

    rows, tint = shown
    with jax.enable_x64(True):
        heights = np.asarray(ga.value(land(3), rows))
    assert np.nanmax(np.nanmax(heights, 1) - np.nanmin(heights, 1)) < 0.02  # of about -3 to 3
    order = np.argsort(heights[:, 0])
    warm = tint[order, 0] - tint[order, 2]
    assert np.all(np.diff(warm) > -0.02)
    assert warm[0] < -0.2 < 0.5 < warm[-1]


def test_lines_keep_apart(shown):
    rows, _ = shown
    lines = [r[np.isfinite(r[:, 0])] for r in rows]
    near = [
        np.linalg.norm(a[:, None] - b, axis=-1).min()
        for i, a in enumerate(lines)
        for b in lines[:i]
    ]
    assert min(near) > 0.45 * 6
