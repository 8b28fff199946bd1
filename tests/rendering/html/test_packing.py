"""Arrays in few bytes, bit for bit; what is drawn and tables in steps of a share of their range."""

import dataclasses
import gzip
import json
import subprocess
from shutil import which

import jax
import numpy as np
import pytest
from rendering.html.in_node import STATIC

import gradart as ga
from gradart.library.splines import samples_of
from gradart.rendering.html.array_packing import TABLE, in_colors, in_steps, packed
from gradart.rendering.html.cosines import in_cosines
from gradart.rendering.html.document import told
from gradart.rendering.html.pixel_packing import in_levels, levels_of, of_levels
from gradart.rendering.html.range_coder_kernel import coded
from gradart.rendering.html.step_packing import is_table, of_steps

RNG, CHANCE = np.random.default_rng(3), np.random.default_rng(5)
NODE = which("node")
WALKS = np.cumsum(RNG.normal(size=(60, 300, 2)), 1)
LIFTED = np.where(RNG.random(WALKS.shape) < 0.1, np.nan, WALKS)
RAMP = in_levels(np.linspace([0.1, 0.9, 0.3], [1, 0, 0.7], 700))
# As many marks have them, of a ramp that goes from one side of the mean to the other.
TINTS = in_colors(np.linspace([0.1, 0.9, 0.3, 1], [1, 0, 0.7, 1], 300))
TINTS = TINTS[np.abs(np.cumsum(RNG.integers(-3, 4, 6000))) % 300]
Y, X = np.mgrid[:100, :120]
INSIDE = (X - 60) ** 2 + (Y - 50) ** 2 < 1600
GRAIN = 60 + 120 * INSIDE + np.random.default_rng(4).normal(0, 3, INSIDE.shape)
EDGES = in_levels(np.stack([GRAIN, GRAIN, GRAIN], -1) / 255)  # pixels told by a median
TINTED = in_levels(np.stack([GRAIN, 250 - GRAIN, GRAIN / 2], -1) / 255)
SMOOTH = in_levels((127 + 60 * np.sin(X / 15) + 60 * np.cos((X + 2 * Y) / 25))[..., None] / 255)
GRAY = in_levels(RNG.random((2, 30, 50, 1)) * [1, 1, 0.98, 0] + [0, 0, 0, 1])
EXACT = [
    np.array([1.5, -np.inf, np.nan, 0.0, 5e-324]),
    np.zeros((0, 2)),
    np.array(7.25),
    RNG.normal(size=9).astype(np.float32),
    RNG.integers(-5, 5, (3, 4)),
    np.array([True, False]),
    np.array([0, 2**32 - 1], np.uint32),
    np.arange(-400.0, 400) * 0.0,  # half of them -0
    np.arange(800) * 2.0**-1074,
    np.where(np.arange(800) < 3, -1.7e308, 1.7e308),
    RNG.integers(0, 255, (40, 40, 3)).astype(np.uint8),
    np.where(RNG.random(5000) < 0.5, np.inf, 1.0),
    RNG.integers(-(2**20), 2**20, 5000).astype(float),
    RNG.integers(-(2**20), 2**20, (50, 50, 2)),
    in_levels(RNG.random((2, 30, 40, 4))),
    in_levels(RNG.random((30, 50, 3))).astype(np.float32),
    *(RAMP[np.clip(np.abs(WALKS * 20), 0, 699).astype(int)], RAMP[:, None].astype(np.float32)),
    *(GRAY, in_levels(RNG.random((30, 50, 1)))),
    *(EDGES, EDGES[..., :1], TINTED, SMOOTH),
    *(TINTS, TINTS[:, :3].astype(np.float32), np.where(TINTS > 0.5, TINTS, -0.0)),
    np.where(RNG.random(WALKS.shape) < 0.1, 1e9, WALKS),  # whose steps would be seen
    np.where(RNG.random(WALKS.shape) < 0.1, np.nan, np.where(WALKS > 3, -np.inf, WALKS)),
]
DEEP = np.where(RNG.random(WALKS.shape) < 0.1, np.finfo(float).min, WALKS)
LARGE = [
    *(
        WALKS,
        LIFTED,
        WALKS[0, :, 0].repeat(9),
        WALKS.astype(np.float32),
        1e9 + WALKS,
        0 * WALKS + 7,
    ),
    *(DEEP, np.where(DEEP < -1e9, np.inf, WALKS), np.where(DEEP < -1e9, -np.inf, WALKS)),
]


def read_by_a_page(folder, parts):
    """The arrays that a page's script makes of what was packed, flat."""
    for number, part in enumerate(parts):
        (folder / f"{number}.bin").write_bytes(part.data)
    (folder / "told.json").write_text(json.dumps(list(map(told, parts))))
    script = f"""
        import {{ readFileSync as read, writeFileSync }} from "node:fs";
        import {{ unpacked }} from "{(STATIC / "packing.js").as_uri()}";
        JSON.parse(read("told.json")).forEach((told, k) => {{
          const array = unpacked(told, new Uint8Array(read(`${{k}}.bin`)));
          writeFileSync(`${{k}}.out`, Buffer.from(array.buffer));
        }});
    """
    command = [NODE, "--input-type=module", "-e", script]
    subprocess.run(command, check=True, cwd=folder, timeout=60)
    return [np.fromfile(folder / f"{k}.out", np.dtype(part.dtype)) for k, part in enumerate(parts)]


@pytest.mark.skipif(NODE is None, reason="scripts are run by node")
def test_a_page_reads_what_was_packed(tmp_path):
    arrays = [*EXACT, *LARGE, *map(in_steps, LARGE)]
    for got, array in zip(read_by_a_page(tmp_path, [*map(packed, arrays)]), arrays, strict=True):
        np.testing.assert_array_equal(got, array.ravel())
        np.testing.assert_array_equal(np.signbit(got), np.signbit(array.ravel()))


@pytest.mark.skipif(NODE is None, reason="scripts are run by node")
def test_a_page_reads_each_way_in_which_numbers_are_packed(tmp_path):
    table = np.round(40 * np.sin(X / 9) * np.cos(Y / 5) + GRAIN)[:70, :80]
    wide = np.where(CHANCE.random((9, 50, 2)) < 0.5, 2.0**31 - 2, CHANCE.integers(0, 9, (9, 50, 2)))
    parts, arrays = [], []
    for array in (table, np.where(table > 150, np.nan, table), in_steps(LIFTED[:2]), wide):
        some = of_steps(array)
        assert {bool(part.back) for part in some} == {True, False}
        parts, arrays = parts + some, arrays + [array] * len(some)
    for array in (EDGES[:40, :50], TINTED[:40, :50], SMOOTH, GRAY):
        some = [*of_levels(levels_of(array), "float64")]
        assert sum(bool(part.weights) for part in some) >= 2 or array is GRAY
        parts, arrays = parts + some, arrays + [array] * len(some)
    for got, array, part in zip(read_by_a_page(tmp_path, parts), arrays, parts, strict=True):
        np.testing.assert_array_equal(got, array.ravel(), str(dataclasses.replace(part, data=b"")))


def test_heights_and_grain_are_coded_in_fewer_bits_than_deflate_takes():
    heights = samples_of(np.asarray(ga.terrain(smooth=0).coefficients)).read()[:150, :200]
    for ways in (of_steps(heights), [*of_levels(levels_of(TINTED), "float64")]):
        by = {
            kept: min(len(gzip.compress(one.data)) for one in ways if bool(one.back) is kept)
            for kept in (True, False)
        }
        assert by[True] < 0.9 * by[False]


def test_the_range_coder_takes_little_more_than_there_is_to_tell():
    scales = np.exp(np.sin(np.arange(30_000) / 300) * 3)
    numbers = np.round(CHANCE.laplace(0, scales)).astype(int)
    near, far = (np.exp(-np.abs(np.abs(numbers) + side) / scales) for side in (-0.5, 0.5))
    share = np.where(numbers == 0, 1 - far, (near - far) / 2)
    assert len(coded(numbers, len(numbers))) < 1.07 * -np.log2(share).sum() / 8


@pytest.mark.skipif(NODE is None, reason="scripts are run by node")
def test_a_page_makes_a_blurred_table_of_its_long_waves(tmp_path):
    fields = [ga.tabulated(GRAIN, smooth=6, degree=degree) for degree in (3, 5)]
    tables = [
        *(in_cosines(np.asarray(field.coefficients)) for field in fields),
        in_cosines(3 + np.sin(X / 9) * np.cos(Y / 7)),
        in_cosines(GRAIN).astype(np.float32),
    ]
    parts = [packed(table) for table in tables]
    assert [part.kind for part in parts] == ["cosines"] * 3 + ["steps"]
    assert [part.spare for part in parts] == [1, 2, 0, 0]
    for got, table in zip(read_by_a_page(tmp_path, parts), tables, strict=True):
        np.testing.assert_allclose(got, table.ravel(), rtol=0, atol=1e-12 * np.ptp(table))


def test_what_has_no_waves_is_no_sum_of_cosines():
    for table in (np.zeros((70, 80)), np.full((70, 80), np.nan), np.where(GRAIN > 99, np.inf, 0)):
        np.testing.assert_array_equal(in_cosines(table), table)
        assert packed(table).kind != "cosines"


@pytest.mark.skipif(NODE is None, reason="scripts are run by node")
def test_a_page_makes_the_coefficients_of_a_spline_of_the_samples(tmp_path):
    fields = [
        ga.photograph(smooth=0.7, crop=((0.3, 0.4), (0.7, 0.8)), degree=5),
        ga.tabulated(RNG.integers(0, 99, (70, 64)), smooth=30),
        ga.tabulated(RNG.integers(0, 99, (64, 65))),
    ]
    tables = [np.asarray(field.coefficients) for field in fields]
    parts = [packed(table) for table in tables]
    for got, table, part in zip(read_by_a_page(tmp_path, parts), tables, parts, strict=True):
        assert part.kind == "spline"
        assert len(gzip.compress(part.data)) < 0.4 * len(gzip.compress(table.tobytes()))
        np.testing.assert_allclose(got, table.ravel(), rtol=0, atol=1e-12 * np.ptp(table))


def test_a_spline_whose_samples_are_gone_is_told_by_its_coefficients(tmp_path):
    from PIL import Image

    Image.fromarray(RNG.integers(0, 255, (64, 70)).astype(np.uint8)).save(tmp_path / "a.png")
    field = ga.photograph(tmp_path / "a.png")
    assert packed(np.asarray(field.coefficients)).kind == "spline"
    (tmp_path / "a.png").unlink()
    assert packed(np.asarray(field.coefficients)).kind != "spline"


@pytest.mark.parametrize("array", LARGE)
def test_what_is_drawn_is_rounded_to_eight_millionths_of_its_range(array):
    near = np.ptp(array[np.abs(array) < 1e30]) * 8e-6
    rounded = in_steps(array)
    np.testing.assert_allclose(rounded, array, rtol=0, atol=near)
    assert packed(rounded).kind == "steps"
    np.testing.assert_array_equal(in_steps(EXACT[-2]), EXACT[-2])


@pytest.mark.skipif(NODE is None, reason="scripts are run by node")
def test_many_smooth_strokes_take_a_twelfth_of_their_bytes(tmp_path):
    t, sides = np.linspace(0, 6, 3000)[:, None], np.array([0, 0.1])
    ends = np.stack([np.cos(t + sides), np.sin(3 * t + sides)], -1)
    colors = in_colors(np.stack([0.5 + 0.4 * np.cos(t + k) for k in (0, 1, 2, 3)], -1)[:, 0])
    np.testing.assert_allclose(colors[:, 0], 0.5 + 0.4 * np.cos(t[:, 0]), rtol=0, atol=1 / 2048)
    arrays = [in_steps(ends), colors]
    parts = [packed(array) for array in arrays]
    assert (parts[0].along, parts[0].order) == (0, 2)
    for got, array, part in zip(read_by_a_page(tmp_path, parts), arrays, parts, strict=True):
        assert len(gzip.compress(part.data)) < array.nbytes / 12
        np.testing.assert_array_equal(got, array.ravel())


def test_few_colors_of_many_marks_are_told_by_their_numbers():
    told, channels = packed(TINTS), [packed(channel) for channel in TINTS.T[:3].copy()]
    assert told.kind == "rows"
    assert len(gzip.compress(told.data)) < 0.5 * sum(len(gzip.compress(c.data)) for c in channels)


def test_smooth_paths_take_a_fifth_of_their_bytes():
    t = np.linspace(0, 6, 3000)
    paths = np.stack([np.cos(t) * np.arange(1, 9)[:, None], np.sin(t) * np.ones((8, 1))], -1)
    assert len(gzip.compress(packed(in_steps(paths)).data)) < paths.nbytes / 5


def test_pixels_of_like_channels_take_less_than_two_of_three():
    told, one = packed(GRAY), packed(GRAY[..., :1])
    assert "levels" == one.kind != told.kind
    assert len(gzip.compress(told.data)) < 2 * len(gzip.compress(one.data))


def test_a_field_through_a_rounded_table_has_the_same_six_digits():
    land = ga.terrain(smooth=1)
    table = np.asarray(land.coefficients)
    assert is_table(table)
    assert not is_table(WALKS[0])
    rounded = dataclasses.replace(land, coefficients=in_steps(table, TABLE))
    assert len(packed(rounded.coefficients).data) < 0.6 * table.nbytes
    at = RNG.uniform(-1, 1, (300, 2))
    with jax.enable_x64(True):
        exact = np.asarray(ga.hessian(land, at))
        off = np.asarray(ga.hessian(rounded, at)) - exact
    assert np.abs(off).max() < 5e-7 * np.abs(exact).max()


@pytest.mark.exhaustive
def test_a_field_of_long_waves_has_slopes_of_six_digits_and_curvatures_of_five():
    land = ga.terrain(smooth=4)
    table = np.asarray(land.coefficients)
    rounded = dataclasses.replace(land, coefficients=in_cosines(table))
    assert len(packed(rounded.coefficients).data) < 0.65 * len(packed(table).data)
    at = CHANCE.uniform(-1, 1, (300, 2))
    with jax.enable_x64(True):
        for look, digits in ((ga.value, 5e-8), (ga.gradient, 1e-6), (ga.hessian, 1e-5)):
            exact = np.asarray(look(land, at))
            off = np.asarray(look(rounded, at)) - exact
            assert np.abs(off).max() < digits * np.abs(exact).max()


def test_what_is_small_on_a_page_is_rounded_as_what_is_large():
    small = np.cumsum(CHANCE.normal(size=(300, 2)), 0)
    alone, beside = in_steps(small), in_steps(small, reach=8 * np.ptp(small))
    np.testing.assert_allclose(beside, small, rtol=0, atol=64e-6 * np.ptp(small))
    assert len(packed(beside).data) < 0.85 * len(packed(alone).data)
    np.testing.assert_array_equal(in_steps(small, reach=np.ptp(small) / 9), alone)
    far = in_steps(small, reach=1e9)  # which is drawn with no fewer steps than can be seen
    np.testing.assert_allclose(far, small, rtol=0, atol=1e-3 * np.ptp(small))


def test_edges_and_grain_of_pictures_are_few_bytes():
    levels = np.round(EDGES[..., 0] * 255).astype(np.uint8)
    planar = np.diff(np.diff(levels, axis=1, prepend=np.uint8(0)), axis=0, prepend=np.uint8(0))
    found = packed(EDGES[..., :1])
    assert (found.kind, found.median) == ("levels", True)
    assert len(gzip.compress(found.data)) < 0.9 * len(gzip.compress(planar.tobytes()))
    assert {packed(pixels).kind for pixels in (TINTED, SMOOTH)} == {"colors", "levels"}
