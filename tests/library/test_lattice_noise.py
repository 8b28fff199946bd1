"""Noise of all kinds: ranges, smoothness, spectra, isotropy, tiles; fields made of it."""

import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sampling import mapped, scattered

import gradart as ga
from gradart.library.noise.lattice_noise import directions

pytestmark = pytest.mark.usefixtures("double")

KEY = jax.random.key(3)
KINDS = ["perlin", "simplex", "value"]


def one(kind, size=1.0, **options):
    return ga.noise(KEY, size, octaves=1, kind=kind, **options)


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_each_kind_is_within_1_and_has_mean_0(kind, d):
    values = mapped(one(kind))(
        scattered(((-99, -99), (99, 99)), 20_000 * d).reshape(-1, d)[:20_000]
    )
    top = float(jnp.abs(values).max())
    assert 0.4 < top <= 1
    assert abs(float(values.mean())) < 0.03


@pytest.mark.parametrize("d", range(1, 9))
def test_slopes_prefer_no_direction(d):
    """Their mean is 0, and the mean square of their part along any axis is 1 / d."""
    found = np.asarray(directions(jnp.arange(256, dtype=jnp.uint32), d))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-11)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-11)
    np.testing.assert_allclose(found.T @ found / 256, np.eye(d) / d, atol=1e-11)
    assert len(np.unique(found, axis=0)) == (256 if d > 1 else 2)


@pytest.mark.exhaustive
@pytest.mark.parametrize(("kind", "order"), [("perlin", 2), ("value", 2), ("simplex", 3)])
def test_each_kind_is_as_smooth_as_it_says(kind, order):
    """Differences of a derivative that goes on fall with the step, those of a jump do not."""
    x = jnp.linspace(0, 6, 200)
    field = one(kind)

    def jump(h):
        lines = jnp.stack([x + h * i for i in range(400)], -1).ravel()
        points = jnp.stack([lines, 0.3 * lines], -1)
        rows = ga.jet(field, points, jnp.array([1.0, 0.3]), order)[order]
        return float(jnp.abs(jnp.diff(rows.reshape(200, 400))).max())

    assert jump(1e-5) < 0.15 * jump(1e-4)


def _unevenness(field):
    """How the mean square of differences over a size varies with their direction."""
    p = scattered(((-300, -300), (300, 300)), 80_000)
    angles = np.linspace(0, np.pi, 24, endpoint=False)
    at = mapped(field)
    here = at(p)
    squares = [
        float(((at(p + np.array([np.cos(a), np.sin(a)])) - here) ** 2).mean()) for a in angles
    ]
    return np.std(squares) / np.mean(squares)


@pytest.mark.exhaustive
def test_simplex_noise_is_more_alike_in_all_directions_than_noise_of_squares():
    found = {kind: _unevenness(one(kind)) for kind in KINDS}
    assert 1.5 * found["simplex"] < found["value"]
    assert 3 * found["simplex"] < found["perlin"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", ["simplex", "value"])
def test_whole_numbers_are_no_places_of_their_own(kind):
    """As nodes of the lattice are: simplex noise is 0 there."""
    keys = jax.random.split(KEY, 3000)
    places = jnp.array([(3.0, -2.0), (3.37, -2.21)])

    def at(key):
        field = ga.noise(key, 1.0, octaves=3, kind=kind)
        return jax.vmap(field)(places)

    whole, other = mapped(at)(keys).std(axis=0)
    assert abs(float(whole / other) - 1) < 0.06


def _slope_of_spectrum(field, n=256, first=5, last=50):
    """The exponent by which the power falls with the frequency, of a field of tile 1."""
    x = np.arange(n) / n
    values = mapped(field)(np.stack(np.meshgrid(x, x), -1).reshape(-1, 2)).reshape(n, n)
    power = np.abs(np.fft.fft2(np.asarray(values))) ** 2
    f = np.hypot(*np.meshgrid(*[np.fft.fftfreq(n, 1 / n)] * 2))
    edges = np.geomspace(first, last, 8)
    mean = [power[(f >= a) & (f < b)].mean() for a, b in itertools.pairwise(edges)]
    return np.polyfit(np.log(np.sqrt(edges[1:] * edges[:-1])), np.log(mean), 1)[0]


@pytest.mark.exhaustive
@pytest.mark.parametrize(("lacunarity", "gain"), [(2, 0.5), (2, 0.8), (3, 0.5)])
def test_the_power_of_fbm_falls_as_gain_and_lacunarity_say(lacunarity, gain):
    base = ga.noise(KEY, 0.25, octaves=1, tile=1)
    octaves = round(math.log(32) / math.log(lacunarity)) + 1
    found = _slope_of_spectrum(ga.fbm(base, octaves, lacunarity, gain))
    assert abs(found - (2 * math.log(gain) / math.log(lacunarity) - 2)) < 0.35


@pytest.mark.exhaustive
@pytest.mark.parametrize("tile", [1.3, (np.inf, np.inf, 1.0), (0.9,)])
@pytest.mark.parametrize(
    "make",
    [
        lambda tile: ga.noise(KEY, kind="simplex", tile=tile),
        lambda tile: ga.noise(KEY, kind="value", tile=tile),
        lambda tile: ga.worley(KEY, tile=tile),
        lambda tile: ga.worley(KEY, nth=2, tile=tile),
        lambda tile: ga.gabor(KEY, tile=tile),
        lambda tile: ga.ridged(ga.noise(KEY, octaves=1, tile=tile), lacunarity=3),
    ],
)
def test_each_kind_tiles_at_the_size_that_is_asked_for(make, tile):
    sizes = np.broadcast_to(tile, np.shape(tile) or (2,)).astype(float)
    field, d = make(tile), len(sizes)
    points = np.random.default_rng(0).uniform(-3, 3, (50, d))
    both = mapped(lambda p: (field(p), jax.grad(field)(p)))
    here = both(points)
    for i, size in enumerate(sizes):
        there = both(points + (size if np.isfinite(size) else 1.0) * np.eye(d)[i])
        differ = [float(jnp.abs(a - b).max()) for a, b in zip(here, there, strict=True)]
        assert (max(differ) < 1e-8) == np.isfinite(size)
        near = both(points + 0.31 * min(size, 1.0) * np.eye(d)[i])[0]
        assert float(jnp.abs(near - here[0]).max()) > 0.03


@pytest.mark.exhaustive
@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("nth", [1, 2])
def test_worley_noise_is_a_distance(d, nth):
    """Its slope is 1, and no two places differ by more than they are apart, even across cells."""
    field = ga.worley(KEY, size=0.5, nth=nth)
    p = np.random.default_rng(1).uniform(-20, 20, (20_000, d))
    q = p + 0.02 * np.random.default_rng(2).normal(size=p.shape)
    at = mapped(field)
    values = at(p)
    apart = np.linalg.norm(p - q, axis=1)
    assert float((jnp.abs(values - at(q)) - apart).max()) < 1e-9
    slopes = jnp.linalg.norm(mapped(jax.grad(field))(p[:500]), axis=1)
    np.testing.assert_allclose(slopes, 1, atol=1e-9)
    assert float(values.min()) >= 0
    assert 0.1 < float(values.mean()) < 0.6


def test_the_second_nearest_is_no_nearer_than_the_nearest():
    p = scattered(((-9, -9), (9, 9)), 5000)
    first, second = (mapped(ga.worley(KEY, nth=nth))(p) for nth in (1, 2))
    assert float((second - first).min()) >= 0
    assert float((second - first).max()) > 0.1


@pytest.mark.parametrize("d", [1, 2, 3])
def test_gabor_noise_has_the_spread_that_it_says(d):
    values = mapped(ga.gabor(KEY, 0.2))(np.random.default_rng(0).uniform(-50, 50, (10_000, d)))
    assert abs(float(values.mean())) < 0.02
    assert abs(float(values.std()) - 1 / 3) < 0.02
    assert float((jnp.abs(values) > 1).mean()) < 0.01


def test_gabor_noise_runs_at_its_angle_with_its_length():
    x = np.arange(256) / 256 * 12.8  # 64 waves of 0.2
    grid = np.stack(np.meshgrid(x, x), -1).reshape(-1, 2)
    values = mapped(ga.gabor(KEY, 0.2, angle=30, cycles=4))(grid).reshape(256, 256)
    power = np.abs(np.fft.fft2(np.asarray(values))) ** 2
    row, column = np.unravel_index(power[:128].argmax(), (128, 256))
    course = np.array([np.fft.fftfreq(256)[column], row / 256]) * 256 / 12.8
    np.testing.assert_allclose(np.hypot(*course), 5, atol=0.5)
    np.testing.assert_allclose(np.degrees(np.arctan2(*course[::-1])) % 180, 30, atol=5)


@pytest.mark.exhaustive
@pytest.mark.parametrize("make", [ga.fbm, ga.billow, ga.ridged])
def test_octaves_stay_within_1_and_further_ones_add_detail_alone(make):
    base = one("simplex")
    p = scattered(((-50, -50), (50, 50)), 5000)
    few, many = (mapped(make(base, octaves=n))(p) for n in (1, 5))
    assert float(jnp.abs(many).max()) <= 1
    assert float(jnp.corrcoef(few, many)[0, 1]) > 0.5
    assert float(jnp.abs(few - many).max()) > 0.1


@pytest.mark.exhaustive
def test_one_octave_is_the_field_and_octaves_at_the_origin_are_strangers():
    base = one("simplex")
    p = scattered(((-5, -5), (5, 5)), 20)
    np.testing.assert_allclose(mapped(ga.fbm(base, 1))(p), mapped(base)(p), atol=1e-12)
    # If the octaves were alike at 0, their sum would spread as one does: by 1, and not by 0.6.
    keys = jax.random.split(KEY, 2000)

    def spread(octaves):
        at = mapped(lambda k: ga.fbm(ga.noise(k, octaves=1, kind="simplex"), octaves)(jnp.zeros(2)))
        return float(at(keys).std())

    assert abs(spread(5) / spread(1) - math.sqrt(1 - 0.25**5) / math.sqrt(0.75) / 1.9375) < 0.05


@pytest.mark.exhaustive
def test_a_loop_ends_where_it_began_and_moves_all_the_way():
    base = ga.noise(KEY, kind="simplex", octaves=2)
    p = jnp.array([0.3, 0.1])
    at = mapped(lambda u: ga.looped(base, u, radius=0.3)(p))
    u = jnp.linspace(0, 1, 33)
    frames = at(u)
    np.testing.assert_allclose(frames[0], frames[-1], atol=1e-9)
    rate = mapped(jax.grad(lambda u: ga.looped(base, u, radius=0.3)(p)))
    np.testing.assert_allclose(rate(u)[0], rate(u)[-1], atol=1e-9)
    assert float(jnp.abs(jnp.diff(frames)).min()) > 0
    still = mapped(lambda u: ga.looped(base, u, radius=0.0)(p))(u)
    assert float(jnp.ptp(still)) < 1e-12


@pytest.mark.exhaustive
def test_a_curl_has_no_divergence_and_runs_along_level_lines():
    land = ga.fbm(one("simplex", size=0.6), 3)
    flow = ga.curl(land)
    p = scattered(((-3, -3), (3, 3)), 500)
    divergence = mapped(lambda p: jnp.trace(jax.jacfwd(flow)(p)))(p)
    assert float(jnp.abs(divergence).max()) < 1e-12
    along = mapped(lambda p: flow(p) @ jax.grad(land)(p))(p)
    assert float(jnp.abs(along).max()) < 1e-12
    assert float(jnp.abs(ga.value(flow, p)).max()) > 0.5


@pytest.mark.exhaustive
def test_a_curl_of_space_has_no_divergence():
    a, b, c = (ga.noise(k, octaves=1) for k in jax.random.split(KEY, 3))
    flow = ga.curl(lambda p: jnp.stack([a(p), b(p), c(p)]))
    p = np.random.default_rng(0).uniform(-3, 3, (50, 3))
    divergence = mapped(lambda p: jnp.trace(jax.jacfwd(flow)(p)))(p)
    assert float(jnp.abs(divergence).max()) < 1e-11
    turn = ga.curl(lambda p: jnp.stack([0 * p[0], 0 * p[0], p[0] * p[1]]))
    np.testing.assert_allclose(turn(jnp.array([2.0, 3.0, 4.0])), [2, -3, 0])


@pytest.mark.exhaustive
def test_a_warp_looks_a_field_up_where_it_is_displaced_to():
    land, one_way, other = (ga.noise(k) for k in jax.random.split(KEY, 3))
    p = jnp.array([0.2, -0.4])
    away = jnp.stack([one_way(p), other(p)])
    warped = ga.warp(land, by=(one_way, other), amount=0.3)
    np.testing.assert_allclose(warped(p), land(p + 0.3 * away), atol=1e-12)
    flow = ga.curl(other)
    np.testing.assert_allclose(ga.warp(land, by=flow)(p), land(p + flow(p)), atol=1e-12)
    np.testing.assert_allclose(ga.warp(land, flow)(p), land(flow(p)), atol=1e-12)


@pytest.mark.exhaustive
def test_octaves_loops_and_curls_can_be_traced():
    def drawn(key, u, gain):
        land = ga.fbm(ga.looped(ga.noise(key, octaves=1, kind="simplex"), u), 2, gain=gain)
        return ga.curl(ga.warp(land, by=ga.curl(land), amount=0.1))(jnp.array([0.2, 0.1]))

    assert jnp.isfinite(jax.jit(drawn)(KEY, 0.3, 0.4)).all()


NOISE = ga.noise(KEY, octaves=1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: ga.noise(KEY, kind="simplx"), "simplex"),
        (lambda: ga.noise(KEY, kind="simplex", tile=1)(np.zeros(5)), "tile fewer"),
        (lambda: ga.noise(KEY, tile=(1.0, 1.0))(np.zeros(3)), "tile has 2 lengths"),
        (lambda: ga.worley(KEY, nth=3), "nth is 3"),
        (lambda: ga.worley(KEY, size=0), "size is 0"),
        (lambda: ga.worley(KEY, tile=-1), "tile is -1"),
        (lambda: ga.worley(KEY)(np.zeros((4, 2))), "ga.value"),
        (lambda: ga.worley(KEY)(np.zeros(5)), "1 to 4"),
        (lambda: ga.gabor(KEY, angle=float("nan")), "angle is nan"),
        (lambda: ga.gabor(KEY, angle=3)(np.zeros(1)), "leave out angle"),
        (lambda: ga.gabor(KEY, cycles=0), "cycles is 0"),
        (lambda: ga.fbm(ga.noise), "ga.noise"),
        (lambda: ga.fbm(3), "field is 3"),
        (lambda: ga.fbm(NOISE, octaves=0), "octaves is 0"),
        (lambda: ga.ridged(NOISE, gain=-1), "gain is -1"),
        (lambda: ga.billow(NOISE, lacunarity=0), "lacunarity is 0"),
        (lambda: ga.fbm(ga.noise(KEY, tile=1), lacunarity=2.1), "whole number"),
        (lambda: ga.looped(NOISE, u=np.zeros(2)), "u is"),
        (lambda: ga.looped(NOISE, 0, radius=-1), "radius is -1"),
        (lambda: ga.curl(3), "field is 3"),
        (lambda: ga.curl(NOISE)(np.zeros(1)), "2 or 3"),
        (lambda: ga.curl(NOISE)(np.zeros((5, 2))), "ga.value"),
        (lambda: ga.warp(NOISE), "map is None"),
        (lambda: ga.warp(NOISE, NOISE, by=NOISE), "map and by"),
        (lambda: ga.warp(NOISE, by=3), "by is 3"),
        (lambda: ga.warp(NOISE, by=NOISE)(np.zeros(2)), "ga.curl"),
        (lambda: ga.warp(NOISE, by=(NOISE, NOISE), amount=np.nan), "amount is"),
    ],
)
def test_what_makes_no_noise_is_refused(wrong, said):
    with pytest.raises(ga.ArtError, match=said):
        wrong()


@pytest.mark.parametrize("make", [ga.noise, ga.worley, ga.gabor, lambda key: ga.fbm(ga.noise(key))])
def test_many_numbers_at_once_are_told_how_they_are_given(make):
    field, t = make(jax.random.key(1)), np.linspace(0, 1, 9)
    with pytest.raises(
        ga.ArtError, match=r"\(9,\); ga\.value\(field, t\[:, None\]\) is for many numbers t"
    ):
        field(t)
    assert ga.value(field, t[:, None]).shape == (9,)
