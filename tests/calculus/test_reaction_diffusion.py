"""Laws of species that react and spread: a slow loop, Turing's wavelength, slopes, a fit."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.equations.block_scan import scan_in_blocks
from gradart.calculus.equations.heat_and_waves import heat_equation
from gradart.calculus.equations.reaction_diffusion import reaction_diffusion
from gradart.errors import ArtError

pytestmark = pytest.mark.usefixtures("double")

UNIT = ((0.0, 0.0), (1.0, 1.0))


def of_gray_and_scott(feed, kill):
    def react(u, v):
        return feed * (1 - u) - u * v**2, u * v**2 - (feed + kill) * v

    return react


def grown(rates, start, steps=120):
    """A pattern of Gray and Scott on a square of 24 cells."""
    box = ((0, 0), (0.24, 0.24))
    args = {"diffusion": (2e-5, 1e-5), "box": box, "edges": "periodic"}
    return reaction_diffusion(
        of_gray_and_scott(*rates), (1 - start, start), steps, steps=steps, **args
    )


@pytest.fixture
def spot():
    x = np.linspace(-1, 1, 25)
    return jnp.asarray(0.5 * np.exp(-8 * (x**2 + 2 * x[:, None] ** 2)))


@pytest.mark.exhaustive
def test_steps_are_those_of_a_slow_loop():
    """Of Euler, with the stencil of nine points, around a torus; walls double a table."""
    u, v = np.random.default_rng(1).uniform(size=(2, 6, 8))
    whole = [np.pad(x, (0, 1), mode="wrap") for x in (u, v)]
    args = {"diffusion": (0.02, 0.01), "steps": 13, "box": ((0, 0), (2, 1.5))}
    found = reaction_diffusion(of_gray_and_scott(0.3, 0.1), whole, 6.5, edges="periodic", **args)

    def around(w):
        at = {(i, j): np.roll(w, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)}
        far = sum(at[i, j] for i in (-1, 1) for j in (-1, 1))
        near = at[0, 1] + at[1, 0] + at[0, -1] + at[-1, 0]
        return (far + 4 * near - 20 * w) / 6 / 0.25**2

    for _ in range(13):
        made = u * v * v
        u, v = (
            u + 0.5 * (0.02 * around(u) - made + 0.3 * (1 - u)),
            v + 0.5 * (0.01 * around(v) + made - 0.4 * v),
        )
    np.testing.assert_allclose(found, [np.pad(x, (0, 1), mode="wrap") for x in (u, v)], rtol=1e-12)

    walled = reaction_diffusion(of_gray_and_scott(0.3, 0.1), whole, 6.5, **args)
    doubled = [np.pad(x, ((0, 6), (0, 8)), mode="reflect") for x in whole]
    args["box"] = ((0, 0), (4, 3))
    found = reaction_diffusion(of_gray_and_scott(0.3, 0.1), doubled, 6.5, edges="periodic", **args)
    np.testing.assert_allclose(found[:, :7, :9], walled, rtol=1e-12)


@pytest.mark.exhaustive
@pytest.mark.parametrize("edges", ["reflecting", "fixed"])
def test_what_does_not_react_is_heat_and_steps_are_of_the_first_order(edges):
    start, heights, ground = np.random.default_rng(2).uniform(size=(3, 7, 9))
    args = {"diffusion": 0.1 + ground, "heights": 0.1 * heights, "box": ((0, 0), (4, 3))}
    args["edges"] = edges
    right = heat_equation(start, 0.4, **args)
    errors = [
        np.abs(reaction_diffusion(lambda u: 0 * u, start, 0.4, steps=n, **args) - right).max()
        for n in (40, 80)
    ]
    assert 1.9 < errors[0] / errors[1] < 2.1


@pytest.mark.exhaustive
def test_a_fixed_edge_does_not_react():
    start = np.random.default_rng(3).uniform(size=(5, 6))
    args = {"diffusion": 0.0, "steps": 4, "edges": "fixed"}
    found = reaction_diffusion(lambda u: 1.0 + 0 * u, start, 1.0, **args)
    np.testing.assert_allclose(found - start, np.pad(np.ones((3, 4)), 1), atol=1e-15)


@pytest.mark.exhaustive
def test_the_pattern_has_the_wavelength_that_turing_foresees():
    """Of J. Schnakenberg's reaction: where the growth rate of the linear equations is greatest."""
    a, b, spread = 0.1, 0.9, np.array([1.0, 9.2])
    u, v = a + b, b / (a + b) ** 2
    slopes = np.array([[2 * u * v - 1, u**2], [-2 * u * v, -(u**2)]])
    k = np.linspace(0.1, 1.5, 2000)
    growth = [np.linalg.eigvals(slopes - np.diag(spread * x * x)).real.max() for x in k]
    fastest = k[np.argmax(growth)]

    n, cycles = 48, 8
    side = cycles * 2 * np.pi / fastest
    noise = 0.01 * jax.random.normal(jax.random.key(3), (2, n + 1, n + 1))
    start = jnp.array([u, v])[:, None, None] + noise
    made = reaction_diffusion(
        lambda u, v: (a - u + u**2 * v, b - u**2 * v),
        start,
        300.0,
        diffusion=tuple(spread),
        steps=2500,
        box=((0, 0), (side, side)),
        edges="periodic",
    )
    pattern = np.asarray(made[0, :-1, :-1])
    assert pattern.std() > 0.1
    power = np.abs(np.fft.fft2(pattern - pattern.mean())) ** 2
    turns = np.fft.fftfreq(n, 1 / n)
    number = np.hypot(turns, turns[:, None])
    assert np.sum(power * number) / np.sum(power) == pytest.approx(cycles, rel=0.1)


@pytest.mark.exhaustive
def test_derivatives_by_rates_are_those_of_differences_forward_and_backward(spot):
    weights = np.random.default_rng(5).normal(size=(2, 25, 25))
    seen = jax.jit(lambda rates: jnp.sum(weights * grown(rates, spot)))
    rates, way = jnp.array([0.037, 0.06]), jnp.array([0.8, -0.6])
    difference = (seen(rates + 1e-6 * way) - seen(rates - 1e-6 * way)) / 2e-6
    slope = jax.jvp(seen, (rates,), (way,))[1]
    np.testing.assert_allclose(slope, difference, rtol=1e-6)
    np.testing.assert_allclose(jax.grad(seen)(rates) @ way, slope, rtol=1e-10)


@pytest.mark.exhaustive
def test_feed_and_kill_are_found_from_a_pattern(spot):
    """By Newton's method of Gauss, from rates that are 8 % off."""
    right = jnp.array([0.037, 0.06])
    wanted = grown(right, spot)

    @jax.jit
    def step(rates):
        missing = lambda q: (grown(q, spot) - wanted).ravel()  # noqa: E731
        return rates - jnp.linalg.lstsq(jax.jacfwd(missing)(rates), missing(rates))[0]

    rates = right * jnp.array([1.08, 0.92])
    for _ in range(6):
        rates = step(rates)
    np.testing.assert_allclose(rates, right, rtol=1e-9)


def test_a_loop_in_blocks_is_a_loop_and_backward_it_holds_few_states():
    def last(x, length):
        whole = jnp.arange(float(length))
        step = lambda state, t: jnp.sin(state + 0.1 * t * x)  # noqa: E731
        return jnp.sum(scan_in_blocks(step, x, whole, length=length))

    x = np.random.default_rng(6).normal(size=500)
    state, slope = x, np.ones_like(x)
    for t in range(11):
        state, slope = np.sin(inner := state + 0.1 * t * x), np.cos(inner) * (slope + 0.1 * t)
    np.testing.assert_allclose(jax.grad(last)(x, 11), slope, rtol=1e-10)

    def room(length):
        run = jax.jit(jax.grad(last), static_argnums=1).lower(x, length).compile()
        return run.memory_analysis().temp_size_in_bytes

    assert room(1600) < 2.5 * room(400)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"steps": 3}, "needs 22 or more: give steps=22, a shorter time, or a coarser table"),
        ({"react": 1.0}, "react is 1.0: give a function of the species"),
        ({"react": lambda u, v: u}, "return how fast each of the 2 species changes"),
        ({"react": lambda u, v: (u, v[1:])}, r"a table of shape \(3, 4\), and those of start"),
        ({"react": lambda u, v: (u**2, v) if u.max() > 0 else (u, v)}, "a Python `if`"),
        ({"react": lambda u, v: (1e3 * u**2, v), "steps": 99}, "leaves the finite numbers"),
        ({"diffusion": 1.0}, r"give one for each of the 2 species, as \(2e-5, 2e-5\)"),
        ({"diffusion": (0.1, -0.2)}, r"diffusion\[1\] is negative"),
        ({"start": (np.ones((4, 4)), np.ones((4, 5)))}, "give all of them one"),
        ({"time": -1.0}, "time is -1.0"),
        ({"start": [[[1, 2], [3]]] * 2}, "start is .*: give a number or an array"),
    ],
)
def test_errors_say_what_to_write(wrong, said):
    args = {"react": lambda u, v: (v, u), "start": np.ones((2, 4, 4)), "time": 0.9, "steps": 50}
    with pytest.raises(ArtError, match=said):
        reaction_diffusion(**{**args, "diffusion": (0.5, 1.0), "box": UNIT, **wrong})
