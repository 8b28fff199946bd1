import subprocess
import sys
import tracemalloc

import jax.numpy as jnp
import numba
import numpy as np
import pytest

from gradart import numba_jit
from gradart.errors import ArtError
from gradart.rendering.ink import binning, density, stroke_kernel
from gradart.rendering.ink.density import Disks, Strokes, accumulate

ONE = np.ones(1)


def drawn(points, width, size=40, **options):
    return accumulate((size, size), [Strokes(points, width, ONE, **options)], 1)[..., 0]


def dotted(centers, radius, size=40):
    return accumulate((size, size), [Disks(centers, radius, ONE)], 1)[..., 0]


def chord(center, length, angle):
    reach = length / 2 * np.array([np.cos(angle), np.sin(angle)])
    return np.array([[center - reach, center + reach]])


def lengths(points):
    return np.nansum(np.hypot(*np.moveaxis(np.diff(points, axis=-2), -1, 0)))


def supersampled(inside, size=40, fine=20):
    """Coverage the slow way: how many of fine x fine points of each pixel are inside."""
    places = (np.arange(size * fine) + 0.5) / fine
    hits = inside(*np.meshgrid(places, places))
    return hits.reshape(size, fine, size, fine).mean((1, 3))


def capsule(points, width):
    """What a straight stroke should cover: a rectangle; wider than a pixel, one with round ends."""
    (x0, y0), (x1, y1) = points[0]
    length, half = np.hypot(x1 - x0, y1 - y0), width / 2
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    inset = np.pi / 4 * half

    def inside(x, y):
        along, across = (x - x0) * ux + (y - y0) * uy, (y - y0) * ux - (x - x0) * uy
        if width <= 1:
            return (along > 0) & (along < length) & (np.abs(across) < half)
        if length <= 2 * inset:
            return np.hypot(along - length / 2, across) < np.sqrt(length * width / np.pi)
        return np.hypot(along - np.clip(along, inset, length - inset), across) < half

    return inside


def family(n=300, m=9, seed=0, size=40):
    """Polylines of all kinds: smooth and wild, some lifted, some off the canvas."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(-0.2 * size, 1.2 * size, (n, 1, 2))
    points = points + np.cumsum(rng.normal(0, rng.uniform(0.1, 6, (n, 1, 1)), (n, m, 2)), 1)
    points[::7, m // 2] = np.nan
    return points, rng.uniform(0.05, 6, n), rng.uniform(0, 0.2, (n, 3))


@pytest.mark.exhaustive
def test_ink_is_length_times_width_times_density():
    """For any angle, width, length and place within a pixel."""
    rng = np.random.default_rng(0)
    for k in range(600):
        width, length = 10 ** rng.uniform([-1.3, -2], [0.9, 1.3])
        angle = rng.uniform(0, 2 * np.pi) if k % 4 else rng.integers(8) * np.pi / 4
        points = chord(rng.uniform(19, 21, 2), length, angle)
        assert drawn(points, width).sum(dtype=float) == pytest.approx(length * width, rel=1e-5)
    points, widths, densities = family(60, size=400)
    points = 400 + points / 2  # all of them on the canvas, corners, scribbles and lifts included
    total = accumulate((1000, 1000), [Strokes(points, widths, densities)]).sum((0, 1), dtype=float)
    each = np.array([lengths(row) for row in points])
    np.testing.assert_allclose(total, each * widths @ densities, rtol=1e-3)


@pytest.mark.parametrize("width", [0.05, 0.3, 0.31, 1.0, 1.01, 2.0, 7.0])
def test_coverage_is_the_area_within_each_pixel(width):
    rng = np.random.default_rng(int(100 * width))
    for length in (0.7, 3.0, 17.0):
        points = chord(rng.uniform(19, 21, 2), length, rng.uniform(0, 2 * np.pi))
        wanted = supersampled(capsule(points, width))
        assert np.abs(drawn(points, width) - wanted).max() < 0.025
        shifted = np.abs(drawn(points + 0.3, width) - wanted).max()
        assert shifted > 0.025 or width < 0.3  # the comparison sees a wrong picture


def test_disks_cover_their_area():
    rng = np.random.default_rng(0)
    for radius in (0.05, 0.3, 0.56, 0.57, 1.0, 2.5, 9.0):
        center = rng.uniform(19, 21, (1, 2))
        cover = dotted(center, radius)
        assert cover.sum(dtype=float) == pytest.approx(np.pi * radius**2, rel=1e-5)
        (x, y), r = center[0], radius
        wanted = supersampled(lambda i, j, x=x, y=y, r=r: np.hypot(i - x, j - y) < r)
        assert np.abs(cover - wanted).max() < 0.06  # a small disk is a square of the same area


def test_arrays_of_every_kind_are_drawn_by_what_is_compiled_once():
    points = np.random.default_rng(1).uniform(0, 40, (50, 6, 2))
    width, colors = np.linspace(0.1, 5, 50), np.linspace(0.1, 1, 150).reshape(50, 3)
    fixed = [jnp.asarray(a) for a in (points, width, colors)]  # which NumPy may not write to
    columns = [np.asfortranarray(a) for a in (points, width, colors)]
    every = [(points, width, colors), fixed, columns, (points, 2.0, colors[0])]
    for kernel in (stroke_kernel.draw_strokes, binning.plan_strokes):
        for arrays in every:
            accumulate((40, 40), [Strokes(*arrays)])
        assert len(kernel.signatures) == 1


def test_order_blocks_and_threads_change_no_bit(monkeypatch):
    points, widths, densities = family()
    centers, radii = points[:, 0], widths / 2
    both = [Strokes(points, widths, densities), Disks(centers, radii, densities)]
    wanted = accumulate((40, 50), both, threads=1)
    assert wanted.any(-1).mean() > 0.9
    monkeypatch.setattr(density, "BLOCK", 5000)
    monkeypatch.setattr(density, "BAND", 1)
    mixed = np.random.default_rng(1).permutation(len(points))

    def blocks():
        for part in np.array_split(mixed, 5):
            yield Disks(centers[part], radii[part], densities[part])
            yield Strokes(points[part], widths[part], densities[part])

    for threads in (1, 2, 3):
        np.testing.assert_array_equal(accumulate((40, 50), blocks(), threads=threads), wanted)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_block_that_is_all_there_is_needs_no_canvas_and_is_the_same(threads, monkeypatch):
    points, widths, densities = family()
    wide = np.full_like(widths, 3.0)
    for block in (
        Strokes(points, widths, densities),
        Strokes(points, 0.8, densities[0], closed=True),
        Disks(points[:, 0], wide, densities),
        Disks(points[:, 0], 0.4, densities[0]),
    ):
        wanted = accumulate((40, 50), iter([block]), threads=1)
        assert wanted.any(-1).mean() > 0.1
        with monkeypatch.context() as patch:
            patch.setattr(density, "BAND", 1)  # 8 rows
            np.testing.assert_array_equal(accumulate((40, 50), [block], threads=threads), wanted)


@pytest.mark.parametrize("radius", [0.05, 0.3, 0.564])
def test_specks_are_squares_of_the_disks_area_in_any_order(radius, monkeypatch):
    """Many of one size in one channel, which are packed: most of them where two bands meet."""
    rng = np.random.default_rng(0)
    centers = rng.uniform(-2, (52, 62), (4000, 2))
    centers[1000:, 1] = 24 + rng.uniform(-0.1, 0.1, 3000)
    centers[:3] = (np.nan, 3), (3, -np.inf), (1e300, 9)
    half = radius * np.sqrt(np.pi) / 2

    def overlaps(at, pixels):
        sides = np.arange(pixels + 1)
        return np.diff(np.clip(sides, (at - half)[:, None], (at + half)[:, None]), axis=1)

    wanted = overlaps(centers[3:, 1], 60).T @ overlaps(centers[3:, 0], 50)
    first = accumulate((60, 50), [Disks(centers, radius, ONE)], 1, threads=1)
    np.testing.assert_allclose(first[..., 0], wanted, rtol=1e-4, atol=1e-4)
    monkeypatch.setattr(density, "BAND", 1)
    turned = centers[rng.permutation(len(centers))]
    for threads, block in ((1, density.BLOCK), (2, 5000), (3, density.BLOCK)):
        monkeypatch.setattr(density, "BLOCK", block)
        again = accumulate((60, 50), [Disks(turned, radius, ONE)], 1, threads=threads)
        np.testing.assert_array_equal(again, first)


def test_faint_strokes_count():
    points = chord((20, 20), 15, 0.3)
    faint = accumulate((40, 40), [Strokes(np.repeat(points, 10_000, 0), 0.5, [1e-4])], 1)
    np.testing.assert_allclose(faint[..., 0], drawn(points, 0.5), atol=1e-4)


def test_channels_are_separate():
    points, widths, densities = family()
    together = accumulate((40, 40), [Strokes(points, widths, densities)])
    for k in range(3):
        alone = accumulate((40, 40), [Strokes(points, widths, densities[:, k : k + 1])], 1)
        np.testing.assert_array_equal(together[..., k], alone[..., 0])


@pytest.mark.parametrize("width", [0.2, 0.8, 3.0, 6.0])
def test_a_curve_is_uniform_however_finely_it_is_given(width):
    def arc(n):
        t = np.linspace(0.2, 5.5, n)
        return (20 + 14 * np.stack([np.cos(t), np.sin(t)], -1))[None]

    fine = drawn(arc(400), width)
    middle = arc(2000)[0, 100:-100].astype(int)
    if width >= 3:  # more than a pixel is covered wholly, once
        np.testing.assert_allclose(fine[middle[:, 1], middle[:, 0]], 1, atol=1e-2)
    for n in (100, 2000):
        assert np.abs(drawn(arc(n), width) - fine).max() < 0.05, n
    straight = chord((20, 20), 25, 0.5)
    ends, steps = straight[0], np.sort(np.random.default_rng(0).uniform(0, 1, 30))
    between = ends[0] + np.r_[0, steps, steps[-1:], 1][:, None] * (ends[1] - ends[0])
    np.testing.assert_allclose(drawn(between[None], width), drawn(straight, width), atol=1e-5)


def test_a_corner_is_round_outside_and_inked_once():
    """But for what both arms cover beyond a nib's reach: as much as the round join adds outside."""
    elbow = np.array([[(-9.0, 30), (30, 30), (30, -9)]])

    def covers(x, y):
        arms = (abs(y - 30) < 3) & (x < 30), (abs(x - 30) < 3) & (y < 30)
        nib = np.hypot(x - 30, y - 30) < 3
        outer, inner = nib & (x > 30) & (y > 30), nib & (x < 30) & (y < 30)
        return arms[0].astype(float) + arms[1] + outer - inner

    assert np.abs(drawn(elbow, 6.0) - supersampled(covers)).max() < 0.025


def test_nan_lifts_the_pen_and_rings_close():
    points = np.random.default_rng(0).uniform(5, 35, (1, 9, 2))
    lifted = points.copy()
    lifted[0, 4] = np.nan
    halves = np.stack([points[0, :4], points[0, 5:]])
    np.testing.assert_array_equal(drawn(lifted, 2.0), drawn(halves, 2.0))
    lifted[0, 4] = np.inf, 3
    np.testing.assert_array_equal(drawn(lifted, 2.0), drawn(halves, 2.0))
    assert not drawn(np.full((2, 5, 2), np.nan), 2.0).any()
    ring = drawn(points, 2.0, closed=True)
    turned = drawn(np.roll(points, 3, axis=1), 2.0, closed=True)
    np.testing.assert_allclose(ring, turned, atol=1e-6)
    around = lengths(np.concatenate([points, points[:, :1]], 1))
    assert ring.sum(dtype=float) == pytest.approx(2 * around, rel=1e-5)


def test_the_canvas_is_a_window():
    points, widths, densities = family()
    blocks = [Strokes(points, widths, densities), Disks(points[:, 0], widths, densities)]
    small = accumulate((40, 40), blocks)
    away = np.array([30, 50])
    moved = [
        Strokes(points + away, widths, densities),
        Disks(points[:, 0] + away, widths, densities),
    ]
    large = accumulate((140, 120), moved)
    np.testing.assert_allclose(small, large[50:90, 30:70], atol=1e-5)


def test_axes_are_alike():
    points, widths, _ = family()
    once = drawn(points, widths)
    np.testing.assert_allclose(drawn(points[..., ::-1], widths).T, once, atol=1e-4)
    np.testing.assert_allclose(drawn((40, 0) + points * (-1, 1), widths)[:, ::-1], once, atol=1e-4)
    np.testing.assert_allclose(drawn(points[:, ::-1], widths), once, atol=1e-4)


def test_huge_coordinates():
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False) + 0.1
    way = np.stack([np.cos(angles), np.sin(angles)], -1)
    near = drawn(np.stack([0 * way + 20.3, 20.3 + 100 * way], 1), 1.5)
    for far in (1e6, 1e12, 1e299):
        star = drawn(np.stack([0 * way + 20.3, 20.3 + far * way], 1), 1.5)
        np.testing.assert_allclose(star, near, atol=1e-5)
    across = np.array([[(-1e300, 20.5), (1e300, 20.5)]])
    np.testing.assert_allclose(drawn(across, 1.0)[20], 1, atol=1e-6)
    assert not dotted(np.array([[1e300, 5], [5, -1e300], [np.nan, 5]]), 3.0).any()


def test_memory_does_not_grow_with_the_number_of_strokes():
    points, widths, densities = family(2000)

    def peak(blocks):
        tracemalloc.start()
        accumulate((40, 40), (Strokes(points + 0, widths, densities) for _ in range(blocks)))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(30) < 1.2 * peak(3)


@pytest.mark.parametrize("closed", [False, True])
def test_half_a_nan_lifts_the_pen_as_a_whole_one_does(closed):
    """It must not reach the compiled code, whose indices it would make wild."""
    points = np.random.default_rng(3).uniform(0, 60, (40, 30, 2))
    lifted = np.random.default_rng(4).random(points.shape) < 0.2
    half = np.where(lifted, np.nan, points)
    whole = np.where(lifted.any(-1, keepdims=True), np.nan, points)
    pictures = [
        accumulate((60, 12), [Strokes(rows, 3.0, ONE, closed)], 1) for rows in (half, whole)
    ]
    np.testing.assert_array_equal(*pictures)
    assert pictures[0].any()
    known = ~np.isnan(half[0]).any(-1)
    np.testing.assert_array_equal(dotted(half[0], 2.0), dotted(half[0, known], 2.0))


@pytest.mark.parametrize("closed", [False, True])
def test_no_number_becomes_an_index_out_of_bounds(closed):
    """With NUMBA_BOUNDSCHECK=1 an index error; without it, what is drawn has to be ink."""
    wild = np.array([0, 5e-324, 1e-310, 20.5, 2.0**31, 2.0**63, 1e19, 1e21, 1e300, np.inf, np.nan])
    wild = np.concatenate([wild, -wild])
    rng = np.random.default_rng(6)
    for k in range(60):
        near = rng.uniform(-20, 60, (20, 4, 2))
        points = np.where(rng.random(near.shape) < 0.5, rng.choice(wild, near.shape), near)
        if k % 3 == 0:  # strokes that are hardly longer than nothing
            points = points[:, :1] + rng.choice([0, 1e-310, 1e-12, 5], near.shape)
        width = 10 ** rng.uniform(-3, 5.6)
        for picture in (
            drawn(points, width, closed=closed),
            dotted(points.reshape(-1, 2), width / 2),
            dotted(points.reshape(-1, 2), 0.2),
            dotted(points.reshape(-1, 2), rng.uniform(0, 9, 80)),
        ):
            assert (picture >= 0).all()
            assert picture.max() < 1000


def test_without_a_folder_for_the_cache(monkeypatch):
    compile_ = numba.njit

    def njit(*args, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return compile_(*args, **options)

    monkeypatch.setattr(numba, "njit", njit)
    assert numba_jit.compiled(lambda x: x + 1)(2) == 3


def test_numba_waits_until_there_is_ink():
    code = (
        "import sys; from gradart.rendering.ink import density, tone\n"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_wrong_input_says_what_is_right():
    points = np.zeros((4, 3, 2))
    for block in (
        Strokes(points[0], 1.0, ONE),
        Strokes(points, np.ones(3), ONE),
        Strokes(points, 1.0, np.ones((3, 1))),
        Strokes(points, np.nan, ONE),
        Strokes(points, 1.0, -ONE),
        Disks(points, 1.0, ONE),
    ):
        with pytest.raises(ArtError):
            accumulate((9, 9), [block], 1)
    for nothing in (points[:0], points[:, :1], points[:, :0]):
        assert not drawn(nothing, 1.0).any()
    assert not dotted(np.zeros((0, 2)), 1.0).any()
