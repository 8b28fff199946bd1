import jax
import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.geometry.patterns.differential_growth import differential_growth

KEY = jax.random.key(2)
T = np.arange(60) * 2 * np.pi / 60
RING = np.stack([np.cos(T), np.sin(T)], -1)
EIGHT = np.stack([np.sin(T), np.sin(2 * T) + 1e-3], -1)


def _edges(*curves):
    curves = [curve[np.isfinite(curve[:, 0])] for curve in curves]
    return np.concatenate([np.stack([c, np.roll(c, -1, 0)], 1) for c in curves])


def _crossings(edges):
    """How many pairs of segments (n, 2, 2) cross, but for those that share an end."""
    a, b = edges[:, None, 0], edges[:, None, 1]
    c, d = edges[None, :, 0], edges[None, :, 1]

    def left(p, q, r):
        u, v = q - p, r - p
        return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0] > 0

    shared = np.zeros((len(edges),) * 2, bool)
    for p in (a, b):
        for q in (c, d):
            shared |= (p == q).all(-1)
    crossed = (left(a, b, c) != left(a, b, d)) & (left(c, d, a) != left(c, d, b))
    return (crossed & ~shared).sum() // 2


def test_crossings_are_seen_by_the_oracle():
    assert _crossings(_edges(RING)) == 0
    assert _crossings(_edges(EIGHT)) >= 1


@pytest.mark.exhaustive
@pytest.mark.parametrize("rate", [0.01, 0.1])
def test_a_curve_grows_longer_and_never_crosses_itself(rate):
    gap, last = 0.2, 2 * np.pi
    found = RING
    for seed in range(3):
        found = differential_growth(jax.random.key(seed), found, 20, gap=gap, rate=rate)
        edges = _edges(found)
        lengths = np.linalg.norm(edges[:, 1] - edges[:, 0], axis=1)
        assert lengths.max() <= gap / 2 + 1e-12
        assert lengths.min() > 0
        assert _crossings(edges) == 0
        assert lengths.sum() > 1.02 * last
        last = lengths.sum()


def test_folds_keep_their_gap():
    gap = 0.2
    found = differential_growth(KEY, RING, 300, gap=gap)
    assert len(found) > 800
    far = np.linalg.norm(found[:, None] - found, axis=-1)
    n = len(found)
    along = np.abs(np.arange(n)[:, None] - np.arange(n))
    others = np.minimum(along, n - along) > 8
    nearest = np.where(others, far, np.inf).min(1)
    assert nearest.min() > 0.25 * gap
    assert 0.5 * gap < np.median(nearest) < 1.5 * gap


@pytest.mark.exhaustive
def test_curves_stay_within_others_and_part_from_one_another():
    start = np.stack([0.3 * RING + [0.4, 0], 0.3 * RING - [0.4, 0]])
    hole = np.concatenate([0.1 * RING, np.full((10, 2), np.nan)])
    outer = np.concatenate([RING, RING[:1].repeat(10, 0)])
    found = differential_growth(KEY, start, 350, gap=0.12, within=np.stack([outer, hole]))
    assert found.shape[0] == 2
    assert np.isfinite(found).all(-1).sum() > 700
    far = np.linalg.norm(found[np.isfinite(found).all(-1)], axis=-1)
    assert far.max() < 1
    assert far.min() > 0.1 * np.cos(np.pi / 12)
    assert _crossings(_edges(*found)) == 0


def test_no_step_gives_the_curve_and_the_key_says_how_it_grows():
    still = differential_growth(KEY, RING, 0, gap=0.1)
    assert np.abs(np.linalg.norm(still, axis=1) - 1).max() < 0.01
    assert differential_growth(KEY, RING, 0, gap=0.1, within=2 * RING).shape == still.shape
    one, again, other = (
        differential_growth(jax.random.key(k), RING, 20, gap=0.2) for k in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, again)
    assert one.shape != other.shape or np.abs(one - other).max() > 0


def test_growth_goes_on_from_where_it_ended():
    with jax.enable_x64(True):
        grown = differential_growth(KEY, RING, 60, gap=0.2)
        np.testing.assert_allclose(differential_growth(KEY, grown, 0, gap=0.2), grown, rtol=1e-12)


def test_where_a_gap_is_differentiated_what_grows_is_the_same():
    still = differential_growth(KEY, RING, 10, gap=0.2)
    moving, slope = jax.jvp(
        lambda gap: differential_growth(KEY, RING, 10, gap=gap) + 0 * gap, (0.2,), (1.0,)
    )
    np.testing.assert_allclose(moving, still, atol=1e-4)
    assert not slope.any()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: differential_growth(KEY, EIGHT, 1, gap=0.1), r"cross near \("),
        (lambda: differential_growth(KEY, RING, 1, gap=0.1, within=EIGHT), "cross near"),
        (lambda: differential_growth(KEY, [1, 2, 3], 1, gap=0.1), "start has shape"),
        (lambda: differential_growth(KEY, np.zeros((0, 2)), 1, gap=0.1), "start has shape"),
        (lambda: differential_growth(KEY, np.full((5, 2), np.nan), 1, gap=0.1), "no length"),
        (lambda: differential_growth(KEY, [(0, 0), (1, np.inf)], 1, gap=0.1), "infinite"),
        (lambda: differential_growth(KEY, RING, 1, gap=0), "gap is 0"),
        (lambda: differential_growth(KEY, RING, 1, gap=1e-9), "gap is too small"),
        (lambda: differential_growth(KEY, RING, -1, gap=0.1), "steps is -1"),
        (lambda: differential_growth(KEY, RING, 1, gap=0.1, rate=-1), "rate is -1"),
        (lambda: differential_growth(3, RING, 1, gap=0.1), "key is 3"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ArtError, match=says):
        call()
