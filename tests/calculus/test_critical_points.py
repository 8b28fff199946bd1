"""Laws of critical points, and of the lines between them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.critical_points import critical_points, separatrices
from gradart.calculus.curves.arc_length import arc_length
from gradart.calculus.derivatives import gradient
from gradart.errors import ArtError, Untraceable

pytestmark = pytest.mark.usefixtures("double")

BOX = ((-5.0, -5.0), (5.0, 5.0))


def himmelblau(p):
    x, y = p
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def eggs(p):
    return jnp.sin(3 * p[0]) * jnp.sin(3 * p[1])


def counts(kinds):
    return {
        str(kind): int(n) for kind, n in zip(*np.unique(kinds, return_counts=True), strict=True)
    }


def test_all_nine_of_himmelblau():
    points, values, kinds = critical_points(himmelblau, box=BOX)
    assert counts(kinds) == {"minimum": 4, "saddle": 4, "maximum": 1}
    np.testing.assert_allclose(gradient(himmelblau, points), 0, atol=1e-11)
    np.testing.assert_allclose(values[:4], 0, atol=1e-20)
    assert np.abs(points[:4] - [3, 2]).max(1).min() < 1e-12
    assert (np.diff(values) >= 0).all()


def test_a_lattice_of_many():
    kinds = critical_points(eggs, box=((-3, -3), (3, 3))).kinds
    # sin 3x sin 3y: extrema at odd multiples of pi / 6 (six by six), saddles at those of pi / 3.
    assert counts(kinds) == {"minimum": 18, "maximum": 18, "saddle": 25}


def test_what_the_hessian_cannot_tell():
    monkey = lambda p: p[0] ** 3 - 3 * p[0] * p[1] ** 2  # noqa: E731
    points, _, kinds = critical_points(monkey, box=((-1, -1), (1, 1)))
    assert kinds.tolist() == ["flat"]
    np.testing.assert_allclose(points, 0, atol=1e-6)
    plane = critical_points(lambda p: p[0] + 2 * p[1], box=BOX)
    assert plane.points.shape == (0, 2)


def test_separatrices_run_from_saddles_to_extrema_or_edges():
    points, _, kinds = critical_points(himmelblau, box=BOX)
    lines = separatrices(himmelblau, box=BOX)
    assert lines.shape[:2] == (4, 4)
    ends = np.array([[path[np.isfinite(path[:, 0])][-1] for path in four] for four in lines])
    starts = lines[:, :, 0]
    assert np.isin(starts.round(9), points[kinds == "saddle"].round(9)).all()
    # Each minimum is reached by two of the eight ways down; up, to the maximum or to the edge.
    away = np.linalg.norm(ends[:, 2:, None] - points[kinds == "minimum"], axis=-1)
    assert (away.min(-1) == 0).all()
    assert np.bincount(away.argmin(-1).ravel()).tolist() == [2, 2, 2, 2]
    up = ends[:, :2].reshape(-1, 2)
    summit = np.all(up == points[kinds == "maximum"], axis=1)
    edge = np.isclose(np.abs(up).max(1), 5, rtol=0, atol=1e-12)
    assert summit.sum() == 4
    assert edge.sum() == 4


def test_separatrices_are_lines_of_steepest_slope():
    lines = separatrices(himmelblau, box=BOX)
    for sign, four in ((1, lines[:, :2]), (-1, lines[:, 2:])):
        for path in four.reshape(-1, *four.shape[2:]):
            path = path[np.isfinite(path[:, 0])][1:-1]
            chords = path[2:] - path[:-2]
            slope = sign * np.asarray(gradient(himmelblau, path[1:-1]))
            cosine = (chords * slope).sum(1) / np.linalg.norm(chords, axis=1)
            assert (cosine / np.linalg.norm(slope, axis=1) > 0.995).all()


def test_boxes():
    with pytest.raises(ArtError, match="give box="):
        critical_points(himmelblau)
    with pytest.raises(ArtError, match="no area"):
        critical_points(himmelblau, box=((0, 0), (0, 1)))


@pytest.mark.parametrize(
    "find",
    [
        lambda u: critical_points(lambda p: p @ p + u * p[0], box=((-1, -1), (1, 1))).points,
        lambda u: arc_length(lambda t: jnp.array([t, u * t]), 0, 1),
        lambda u: arc_length(lambda t: jnp.array([t, t]), 0, u),
    ],
)
def test_what_moves_in_a_frame_is_left_to_frames_that_are_not_traced(find):
    with pytest.raises(Untraceable, match="outside of"):
        jax.jit(find)(1.0)
