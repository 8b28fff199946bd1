"""In wavefronts a front keeps its distance from the rim, and its corners lie on the evolute."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def film(piece):
    return piece("wavefronts")(b=0.62, n=12)


def fronts(film, u):
    evolute, waves, rim = (np.asarray(m.shape.points) for m in film(u).marks)
    return evolute.reshape(-1, 2), waves[::-1], rim.reshape(-1, 2)


def test_a_front_keeps_its_distance_from_the_rim(film):
    _, waves, rim = fronts(film, 0.25)
    far = np.linalg.norm(waves - rim, axis=-1)
    assert np.abs(far - 1.62 * (np.arange(12) + 0.25)[:, None] / 12).max() < 1e-12


def test_where_a_front_stands_still_it_meets_the_evolute(film):
    evolute, waves, rim = fronts(film, 0.5)
    behind = np.sum(np.diff(waves, axis=1) * np.diff(rim, axis=0), -1) < 0
    turns = np.argwhere(behind[:, 1:] != behind[:, :-1])
    assert len(turns) >= 16
    for k, i in turns:
        assert np.linalg.norm(evolute - waves[k, i + 1], axis=1).min() < 0.02


def test_the_loop_has_no_seam(film):
    first, last = fronts(film, 0.0)[1], fronts(film, 1.0)[1]
    assert np.allclose(first[1:], last[:-1])
    alpha = [np.asarray(film(u).marks[1].style.stroke)[::-1, 3] for u in (0.0, 1.0)]
    assert np.allclose(alpha[0][1:], alpha[1][:-1])
    assert alpha[1][-1] == 0
