"""Laws of heat and waves on grids: Fourier's patterns, d'Alembert, what is kept, and matrices."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.linalg import expm

from gradart.calculus.equations.grid_diffusion import as_grid, fastest, held, spread, spreading
from gradart.calculus.equations.heat_and_waves import heat_equation, wave_equation
from gradart.errors import ArtError
from gradart.geometry.points import grid

pytestmark = pytest.mark.usefixtures("double")

BOX = ((0.0, 0.0), (2.0, 1.0))
SHAPE = (7, 9)


@pytest.fixture
def land():
    """Heights, a diffusion that differs from place to place, and a start, over BOX."""
    heights, ground, start = np.random.default_rng(4).uniform(size=(3, *SHAPE))
    return {"heights": 0.2 * heights, "ground": 0.5 + ground, "start": start}


def _spreading(ground, heights, edges="reflecting"):
    return spreading(jnp.asarray(ground), as_grid(SHAPE, heights=heights, box=BOX, edges=edges))


def _pattern(edges, shape):
    """A pattern of Fourier over BOX with its mean, and the square of its wave number."""
    x, y = np.moveaxis(np.asarray(grid(shape[0], shape[1], BOX)), -1, 0)
    turns = 2 if edges == "periodic" else 1
    shift = {"reflecting": 0.0, "periodic": 0.7, "fixed": -np.pi / 2}[edges]
    kx, ky = 3 * turns * np.pi / 2, 2 * turns * np.pi
    return np.cos(kx * x + shift) * np.cos(ky * y + shift), kx**2 + ky**2


@pytest.mark.parametrize("edges", ["reflecting", "periodic", "fixed"])
def test_a_pattern_of_fourier_decays_as_heat_and_swings_as_a_wave(edges):
    pattern, k2 = _pattern(edges, (21, 34))
    times = jnp.array([0.0, 0.3, 1.7])[:, None, None]
    warm = heat_equation(0.4 + pattern, times[:, 0, 0], diffusion=0.03, box=BOX, edges=edges)
    np.testing.assert_allclose(warm, 0.4 + pattern * np.exp(-k2 * 0.03 * times), atol=1e-12)
    swung = wave_equation(
        pattern, times[:, 0, 0], velocity=2 * pattern, speed=0.8, box=BOX, edges=edges
    )
    pace = 0.8 * np.sqrt(k2)
    right = pattern * (np.cos(pace * times) + 2 * np.sin(pace * times) / pace)
    np.testing.assert_allclose(swung, right, atol=1e-12)


def test_heat_comes_to_the_harmonic_table_of_its_fixed_edge_which_never_moves():
    x, y = np.moveaxis(np.asarray(grid(*SHAPE, BOX)), -1, 0)
    kx, ky = 1.5 * np.pi, 2 * np.pi
    rest = 1 + 2 * x - y + 3 * x * y + np.sin(kx * x) * np.sinh(kx * y) / np.sinh(kx)
    rest += np.sin(ky * y) * np.sinh(ky * (2 - x)) / np.sinh(2 * ky)
    start = np.random.default_rng(6).normal(size=SHAPE)
    rim = np.pad(np.zeros((SHAPE[0] - 2, SHAPE[1] - 2), bool), 1, constant_values=True)
    start[rim] = rest[rim]
    soon, late = heat_equation(start, jnp.array([0.01, 9.0]), box=BOX, edges="fixed")
    np.testing.assert_allclose(late, rest, atol=1e-12)
    assert (soon[rim] == start[rim]).all()
    assert np.abs(soon - rest).max() > 0.1


def test_a_wave_runs_both_ways_as_dalembert_says():
    x = np.linspace(0, 2, 61)
    hill = np.exp(-40 * (x - 0.8) ** 2)
    one = wave_equation(np.tile(hill, (5, 1)), 0.5, speed=0.8, box=BOX, edges="periodic")
    there, back = (np.append(np.roll(hill[:-1], s), 0) for s in (12, -12))  # cells of 1 / 30
    np.testing.assert_allclose(one[0, :-1], ((there + back) / 2)[:-1], atol=1e-12)


@pytest.mark.exhaustive
@pytest.mark.parametrize("edges", ["reflecting", "fixed"])
def test_on_land_they_are_functions_of_the_matrix_of_the_laplacian(land, edges):
    heights, ground, start = land["heights"], land["ground"], land["start"]
    args = {"heights": heights, "box": BOX, "edges": edges}
    by = _spreading(ground, heights)
    matrix = jax.jacfwd(lambda w: spread(by, w.reshape(SHAPE), edges).ravel())(start.ravel())
    rates = np.linalg.eigvals(matrix)
    assert -fastest(by) < rates.real.min() < -fastest(by) / 2
    warm = heat_equation(start, 0.2, diffusion=ground, **args)
    np.testing.assert_allclose(warm.ravel(), expm(0.2 * matrix) @ start.ravel(), atol=1e-12)
    both = np.block([[np.zeros_like(matrix), np.eye(len(matrix))], [matrix, np.zeros_like(matrix)]])
    right = (expm(1.5 * both) @ np.append(start, 0 * start))[: start.size]
    swung = wave_equation(start, 1.5, speed=np.sqrt(ground), **args)
    np.testing.assert_allclose(swung.ravel(), right, atol=1e-11)


@pytest.mark.exhaustive
@pytest.mark.parametrize("edges", ["reflecting", "periodic", "fixed"])
def test_heat_is_kept_and_comes_closer_together_and_time_adds_up(land, edges):
    heights, ground, start = (
        np.pad(x[:-1, :-1], (0, 1), mode="wrap") if edges == "periodic" else x
        for x in land.values()
    )
    args = {"diffusion": ground, "heights": heights, "box": BOX, "edges": edges}
    by = _spreading(ground, heights, edges)
    first, then = heat_equation(start, jnp.array([0.1, 0.4]), **args)
    np.testing.assert_allclose(heat_equation(first, 0.3, **args), then, atol=1e-12)
    own = tuple(map(slice, by.mass.shape))
    sums = [np.sum(by.mass * w[own]) for w in (start, first, then)]
    if edges != "fixed":  # through which it flows
        np.testing.assert_allclose(sums, sums[0], rtol=1e-13)
    assert np.ptp(then) < np.ptp(first) < np.ptp(start)


@pytest.mark.exhaustive
@pytest.mark.parametrize("edges", ["reflecting", "fixed"])
def test_waves_on_land_keep_their_energy_and_run_back(land, edges):
    args = {"heights": land["heights"], "box": BOX, "edges": edges}
    args["speed"] = np.sqrt(land["ground"])
    by = _spreading(land["ground"], land["heights"])

    def energy(w, velocity):
        return np.sum(by.mass * (velocity**2 - w * spread(by, w, edges))) / 2

    start = held(jnp.asarray(land["start"]), edges)
    w, velocity = jax.jvp(lambda t: wave_equation(start, t, **args), (3.0,), (1.0,))
    np.testing.assert_allclose(energy(w, velocity), energy(start, 0), rtol=1e-11)
    back = wave_equation(w, -3.0, velocity=velocity, **args)
    np.testing.assert_allclose(back, start, atol=1e-11)


@pytest.mark.exhaustive
def test_a_slope_is_a_plane_that_is_longer(land):
    uphill = 0.75 * np.asarray(grid(*SHAPE, BOX))[..., 0]  # a unit of the box is 1.25 on it
    along = heat_equation(land["start"], 0.1, diffusion=land["ground"], heights=uphill, box=BOX)
    flat = heat_equation(land["start"], 0.1, diffusion=land["ground"], box=((0, 0), (2.5, 1)))
    np.testing.assert_allclose(along, flat, atol=1e-13)


@pytest.mark.exhaustive
@pytest.mark.parametrize("edges", ["reflecting", "fixed"])
def test_from_cell_to_cell_the_error_falls_as_the_square_of_their_sides(edges):
    errors = []
    for shape in ((11, 17), (21, 33)):
        pattern, k2 = _pattern(edges, shape)
        ground = np.full(shape, 0.05)
        by_cells = heat_equation(pattern, 0.5, diffusion=ground, box=BOX, edges=edges)
        errors.append(np.abs(by_cells - pattern * np.exp(-k2 * 0.025)).max())
    assert 3.6 < errors[0] / errors[1] < 4.4


@pytest.mark.exhaustive
def test_derivatives_by_all_coefficients_are_those_of_differences(land):
    """Forward and backward, by the time, the ground, the heights and the start at once."""
    weights = np.random.default_rng(5).normal(size=SHAPE)

    def seen(x):
        w = heat_equation(
            x["start"], 0.2 * x["time"], diffusion=x["ground"], heights=x["heights"], box=BOX
        )
        w = wave_equation(w, x["time"], speed=x["ground"], heights=x["heights"], box=BOX)
        return jnp.sum(weights * w)

    at = {**{name: jnp.asarray(x) for name, x in land.items()}, "time": jnp.asarray(0.6)}
    way = jax.tree.map(lambda x: jnp.cos(jnp.arange(x.size).reshape(x.shape) + 1.0), at)
    ahead = seen(jax.tree.map(lambda x, v: x + 1e-5 * v, at, way))
    behind = seen(jax.tree.map(lambda x, v: x - 1e-5 * v, at, way))
    slope = jax.jvp(seen, (at,), (way,))[1]
    np.testing.assert_allclose(slope, (ahead - behind) / 2e-5, rtol=1e-6)
    back = jax.tree.map(jnp.vdot, jax.grad(seen)(at), way)
    np.testing.assert_allclose(sum(jax.tree.leaves(back)), slope, rtol=1e-10)


def test_in_a_frame_the_time_may_be_traced_on_a_plane_with_one_coefficient(land):
    def at(t, **args):
        return wave_equation(land["start"], t, box=BOX, **args)

    np.testing.assert_allclose(jax.jit(at)(0.7), at(0.7), atol=1e-12)
    with pytest.raises(ArtError, match="before the frame, for an array of times"):
        jax.jit(lambda t: at(t, heights=land["heights"]))(0.7)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"time": -1.0}, "heat does not flow back"),
        ({"start": np.ones(5)}, r"give a table \(rows, columns\)"),
        ({"start": np.full((4, 4), np.nan)}, "start holds 16 numbers that are NaN or infinite"),
        ({"diffusion": -1.0}, "diffusion is negative, at the least -1: give 0 or more"),
        ({"diffusion": np.ones((3, 3))}, r"one number, or a table of shape \(4, 4\)"),
        ({"heights": np.ones((3, 3))}, "give one shape"),
        ({"edges": "open"}, "give 'reflecting', 'periodic' or 'fixed'"),
        ({"box": (0, 1)}, r"give \(\(x0, y0\)"),
        ({"heights": np.ones((4, 4)), "time": 1e12}, "give a shorter time, or a coarser table"),
    ],
)
def test_errors_say_what_to_write(wrong, said):
    args = {"start": np.ones((4, 4)), "time": 0.1, **wrong}
    with pytest.raises(ArtError, match=said):
        heat_equation(args.pop("start"), args.pop("time"), **args)
