"""Laws of Morse-Smale complexes: analytic waves, counts that add up, prominence by flooding."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.derivatives import value
from gradart.errors import ArtError
from gradart.geometry.points import grid
from gradart.geometry.topology.morse_smale import morse_smale
from gradart.library.sampled import tabulated, terrain

pytestmark = pytest.mark.usefixtures("double")

PART = ((-0.5, -0.7), (0.3, 0.1))  # of the terrain
SQUARE = ((-3.0, -3.0), (3.0, 3.0))


def blend(waves, powers=(), turn=((1, 0), (0, 1))):
    """The field of waves a cos(k x + l y + s), of (a, k, l, s), and of a x^i y^j, of (a, i, j).

    All are one program, for as many waves and powers as there are at most.
    """
    rows = [np.zeros((5, 4)), np.zeros((5, 3)), np.array(turn, float)]
    for row, given in zip(rows, (waves, powers), strict=False):
        row[: len(given)] = given or 0
    waves, powers, turn = map(jnp.asarray, rows)

    def field(p):
        x, y = turn @ p
        swing = waves[:, 0] * jnp.cos(waves[:, 1] * x + waves[:, 2] * y + waves[:, 3])
        exponents = powers[:, 1:].astype(int)
        table = jnp.stack(
            [jnp.stack([x**i for i in range(5)]), jnp.stack([y**i for i in range(5)])]
        )
        products = table[0][exponents[:, 0]] * table[1][exponents[:, 1]]
        return swing.sum() + (powers[:, 0] * products).sum()

    return field


WAVE = ((0.5, 1, 1, 0), (0.5, 1, -1, 0))  # cos x cos y
HILLS = ((1, 1.7, 0.4, -1.5), (1, -0.8, 1.3, 0))
SLOPES = ((0.2, 1, 1), (-0.1, 1, 0))


@pytest.fixture(scope="module")
def land():
    with jax.enable_x64(True):
        return terrain(smooth=4)


@pytest.fixture(scope="module")
def web(land):
    with jax.enable_x64(True):
        return morse_smale(land, box=PART, resolution=200)


def euler(web):
    return len(web.maxima) - len(web.saddles) + len(web.minima)


@pytest.mark.exhaustive
def test_a_wave_has_its_points_and_straight_lines_and_squares_as_cells():
    web = morse_smale(blend(WAVE), box=((-5, -4), (5, 4)), resolution=150)
    inside = web.maxima[web.summits] / np.pi
    np.testing.assert_allclose(inside, inside.round(), atol=1e-12)
    assert (len(inside), len(web.minima), euler(web)) == (5, 4, 1)
    np.testing.assert_allclose(web.minima / np.pi, (web.minima / np.pi).round(), atol=1e-12)
    within = (np.abs(web.saddles) < web.box[1]).all(1)
    halves = web.saddles[within] / np.pi * 2
    assert len(halves) == 8
    np.testing.assert_allclose(halves, halves.round(), atol=1e-12)
    for lines, crosswise in ((web.ridges, 0.0), (web.valleys, 1.0)):
        rows = lines[(np.abs(lines[:, 0]) < web.box[1]).all(1)]
        assert len(rows) == 16
        sums = (rows.sum(-1) / np.pi + crosswise) / 2  # lines along which x + y or x - y is even
        differences = (rows @ [1, -1] / np.pi + crosswise) / 2
        off = np.minimum(*(np.abs(s - s.round()) for s in (sums, differences)))
        assert np.nanmax(off) < 1e-8
    outlines = np.nan_to_num(web.cells() - web.cells()[:, :1])
    x, y = outlines[..., 0], outlines[..., 1]
    areas = np.abs((x * np.roll(y, -1, 1) - y * np.roll(x, -1, 1)).sum(1)) / 2
    assert (np.abs(areas - np.pi**2 / 2) < 1e-6).sum() == 8


@pytest.mark.exhaustive
def test_of_two_hills_the_lower_has_the_prominence_that_a_polynomial_says():
    powers = (-1, 4, 0), (2, 2, 0), (-1, 0, 0), (0.3, 1, 0), (-1, 0, 2)
    web = morse_smale(blend((), powers), box=SQUARE, resolution=100)
    low, middle, high = np.sort(np.roots([-4, 0, 4, 0.3]).real)
    height = np.polynomial.Polynomial([-1, 0.3, 2, 0, -1])
    np.testing.assert_allclose(web.maxima, [(high, 0), (low, 0)], atol=1e-10)
    np.testing.assert_allclose(web.saddles, [(middle, 0)], atol=1e-10)
    floor = height(-3.0) - 9
    expected = height(high) - floor, height(low) - height(middle)
    np.testing.assert_allclose(web.prominences, expected, rtol=1e-10)
    assert web.key_saddles.tolist() == [-1, 0]
    assert sorted(web.saddle_maxima[0]) == [0, 1]


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("turn", "scale", "lift"),
    [(np.eye(2), 1, 7), (np.eye(2), 40, 0), (np.array([[0, 1], [-1, 0]]), 1, 0)],
)
def test_what_is_raised_scaled_or_turned_has_the_same_complex(turn, scale, lift):
    web = morse_smale(blend(HILLS, SLOPES), box=SQUARE, resolution=80)
    waves, slopes = ([(scale * a, *rest) for a, *rest in terms] for terms in (HILLS, SLOPES))
    other = blend(waves, [*slopes, (lift, 0, 0)], turn)
    found = morse_smale(other, box=SQUARE, resolution=80)
    np.testing.assert_allclose(found.maxima @ turn.T, web.maxima, atol=1e-8)
    np.testing.assert_allclose(found.saddles @ turn.T, web.saddles, atol=1e-8)
    np.testing.assert_allclose(found.prominences, scale * web.prominences, rtol=1e-8)
    np.testing.assert_allclose(found.depths, scale * web.depths, rtol=1e-8)
    assert (euler(found), len(found.ridges)) == (1, len(web.ridges))


def flooded(heights):
    """How far maxima of a table rise above where they join higher land, by union and find."""
    rows, columns = heights.shape
    flat = heights.ravel()
    group, rises = np.full(flat.size, -1), []
    around = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]

    def top(i):
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    for i in map(int, np.argsort(-flat)):
        group[i] = i
        y, x = divmod(i, columns)
        for dy, dx in around:
            j = i + dy * columns + dx
            if not (0 <= y + dy < rows and 0 <= x + dx < columns) or group[j] < 0:
                continue
            low, high = sorted((top(i), top(j)), key=lambda k: flat[k])
            if low != high and np.isfinite(flat[i]):
                rises.append(flat[low] - flat[i])
            group[low] = high
    return np.sort([rise for rise in rises if rise > 0])[::-1]


@pytest.mark.exhaustive
def test_prominences_and_depths_are_those_of_flooding_a_fine_grid(land, web):
    nodes = np.asarray(grid(240, 240, PART))
    heights = np.asarray(value(land, nodes))
    # Between nodes a maximum or saddle is off by what the slope changes from node to node.
    error = max(np.abs(np.diff(heights, 2, axis=axis)).max() for axis in (0, 1))
    highest = web.prominences.max()
    np.testing.assert_allclose(highest, np.ptp(heights), atol=error)
    for table, found in (
        (heights, web.prominences[web.prominences < highest]),
        (np.pad(-heights, 1, constant_values=np.inf), web.depths),
    ):
        expected, found = flooded(table), np.sort(found)[::-1]
        clear = (found > 2 * error).sum()
        assert clear > 3
        np.testing.assert_allclose(found[:clear], expected[:clear], atol=error)


@pytest.mark.exhaustive
def test_a_key_saddle_is_as_far_below_its_maximum_as_the_prominence_says(land, web):
    heights, passes = value(land, web.maxima), value(land, web.saddles)
    rest = web.key_saddles >= 0
    assert (~rest).sum() == 1
    below = (heights - passes[web.key_saddles])[rest]
    np.testing.assert_allclose(web.prominences[rest], below, atol=1e-12)
    floors = value(land, web.minima)
    np.testing.assert_allclose(web.depths, passes[web.spill_saddles] - floors, atol=1e-12)


@pytest.mark.exhaustive
def test_ridges_climb_and_valleys_fall_from_saddles_to_their_ends(land, web):
    for lines, sign, ends in ((web.ridges, 1, web.maxima), (web.valleys, -1, web.minima)):
        heights = sign * np.asarray(value(land, lines))
        assert np.nanmin(np.diff(heights, axis=1)) > -1e-9
        first, last = (
            lines[:, 0],
            lines[np.arange(len(lines)), np.isfinite(lines[..., 0]).sum(1) - 1],
        )
        for points, places in ((first, web.saddles), (last, ends)):
            there = np.abs(points[:, None] - places).max(-1).min(1) == 0
            at_edge = np.isclose(np.abs(points[:, None] - web.box).min(1), 0, atol=1e-12).any(1)
            assert (there | at_edge).all()


@pytest.mark.exhaustive
@pytest.mark.parametrize("share", [0.02, 0.1, 0.4])
def test_what_is_left_of_weak_pairs_is_as_it_was_and_adds_up(web, share):
    strong = web.simplified(share)
    for name, size in (("maxima", "prominences"), ("minima", "depths")):
        kept = getattr(web, size) >= share
        np.testing.assert_array_equal(getattr(strong, name), getattr(web, name)[kept])
        np.testing.assert_array_equal(getattr(strong, size), getattr(web, size)[kept])
    assert euler(strong) == 1
    assert (strong.saddle_maxima >= 0).all()
    assert len(strong.ridges) < len(web.ridges)
    # All maxima hang together by the saddles that are left.
    group = np.arange(len(strong.maxima))
    for a, b in strong.saddle_maxima:
        group[group == group[a]] = group[b]
    assert len(set(group)) == 1


@pytest.mark.exhaustive
def test_a_table_level_ground_and_a_saddle_of_three_valleys_add_up():
    heights = np.random.default_rng(4).normal(size=(9, 12))
    heights[3:6, 4:9] = 0.5  # a lake
    assert euler(morse_smale(tabulated(heights, smooth=0.7))) == 1
    monkey = morse_smale(blend((), ((1, 3, 0), (-3, 1, 2))), box=((-1, -1), (1, 1)), resolution=100)
    assert (len(monkey.maxima), len(monkey.saddles)) == (3, 2)


@pytest.mark.exhaustive
def test_a_level_sea_has_no_summits_and_a_level_lagoon_is_one_minimum():
    x, y = np.meshgrid(np.linspace(-1, 1, 40), np.linspace(-1, 1, 40))

    def hill(a, b):
        return np.exp(-18 * ((x - a) ** 2 + (y - b) ** 2))

    islands = hill(-0.3, -0.25) + 0.7 * hill(0.35, 0.3) - 0.3
    swell = 1 + 0.25 * np.cos(2 * np.arctan2(y, x) + 1)  # two summits and two passes
    atoll = swell * np.exp(-30 * (np.hypot(x, y) - 0.6) ** 2) - 0.2
    for heights, counts in ((islands, (2, 1, 0)), (atoll, (2, 2, 1))):
        web = morse_smale(terrain(np.maximum(heights, 0)), resolution=60)
        assert (len(web.maxima), len(web.saddles), len(web.minima)) == counts
        assert web.summits.all()
        assert (web.prominences > 0.4).all()
        assert (web.depths > 0.4).all()


def test_a_crest_that_is_level_all_around_is_one_maximum_one_saddle_and_what_it_holds():
    found = morse_smale(lambda p: -((p @ p - 0.3) ** 2), box=((-1, -1), (1, 1)), resolution=40)
    assert (len(found.maxima), len(found.saddles), len(found.minima)) == (1, 1, 1)
    rim = np.concatenate([found.maxima, found.saddles])
    np.testing.assert_allclose(np.linalg.norm(rim, axis=1), np.sqrt(0.3), atol=0.01)
    np.testing.assert_allclose(found.maxima, -found.saddles, atol=0.01)
    np.testing.assert_allclose(found.depths, 0.09, atol=1e-4)


def rings(p):
    """A summit, and around it troughs and crests that are level, at r = pi / 4 and 3, 2 and 4."""
    return jnp.cos(4 * jnp.sqrt((p[0] - 0.313) ** 2 + (p[1] - 0.17) ** 2 + 1e-30))


@pytest.mark.exhaustive
def test_each_of_several_rings_one_in_another_has_a_saddle_and_an_extremum():
    web = morse_smale(rings, box=((-2.4, -2.4), (2.4, 2.4)), resolution=40)
    r = {name: np.linalg.norm(getattr(web, name) - [0.313, 0.17], axis=1) for name in SORTS}
    inner = {name: np.sort(away[away < 1.9] * 4 / np.pi) for name, away in r.items()}
    np.testing.assert_allclose(inner["maxima"], [0, 2], atol=1e-6)
    np.testing.assert_allclose(inner["saddles"], [1, 2], atol=1e-6)
    np.testing.assert_allclose(inner["minima"], [1], atol=1e-6)
    np.testing.assert_allclose(web.depths[r["minima"] < 1], 2, atol=1e-9)
    assert_counts_stay(web)


SORTS = ("maxima", "saddles", "minima")
LEVEL_OR_ALIKE = {
    "waves": blend(WAVE),
    "a monkey saddle": blend((), ((1, 3, 0), (-3, 1, 2))),
    "slanted waves": blend(HILLS, SLOPES),
    "rings": rings,
    "rings that are no circles": lambda p: rings(p * jnp.array([1, 1.4])),
    "rings that grow faint": lambda p: jnp.cos(2 * p @ p) * jnp.exp(-0.1 * p @ p),
    "pits at even distances": lambda p: p @ p - 3 * jnp.cos(5 * p).sum(),
    "a kink": lambda p: jnp.abs(p[0] - 0.1) + jnp.abs(p[1] + 0.2),
    "pits in a cone, and corners": lambda p: jnp.sqrt(p @ p + 1e-9) - jnp.cos(2.15 * p).sum(),
}


def assert_counts_stay(web):
    """Maxima - saddles + minima are 1 however much is left out, and all lines lead somewhere."""
    whole = web.whole
    rises = np.concatenate([whole.tops, whole.floors, whole.passes])
    above, below = whole.paired
    for share in [0, *(np.ptp(rises) * np.array([1e-3, 0.01, 0.03, 0.1, 0.3, 0.7, 2]))]:
        left = web.simplified(share)
        assert euler(left) == 1, share
        assert (left.saddle_maxima >= 0).all()
    keys = np.concatenate([above.keys, below.keys])
    assert sorted(keys[keys >= 0]) == list(range(len(whole.saddles)))
    assert (len(left.maxima), len(left.saddles), len(left.minima)) == (1, 0, 0)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", LEVEL_OR_ALIKE)
def test_counts_stay_however_much_is_left_out(name):
    for resolution in (40, 90):
        web = morse_smale(LEVEL_OR_ALIKE[name], box=((-3, -3), (3, 3)), resolution=resolution)
        assert_counts_stay(web)


@pytest.mark.exhaustive
def test_counts_of_a_terrain_stay_however_much_is_left_out(web):
    assert_counts_stay(web)


def test_what_is_not_finite_is_told(web):
    with pytest.raises(ArtError, match="not finite at"):
        morse_smale(lambda p: jnp.log(p[0]) + p[1], box=((-1, -1), (1, 1)), resolution=20)
    with pytest.raises(ArtError, match="persistence is -1"):
        web.simplified(-1)
