"""Heat that spreads and waves that run on a grid, exact in time, on a plane or on land."""

import functools
import math
from collections.abc import Callable
from typing import Unpack

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import as_floats, concrete
from gradart.calculus.equations.block_scan import scan_in_blocks
from gradart.calculus.equations.grid_diffusion import (
    Edges,
    GridKeywords,
    Spreading,
    as_coefficient,
    as_grid,
    as_table,
    fastest_now,
    finite,
    held,
    seamless,
    spread,
    spreading,
)
from gradart.calculus.programs.present_values import known, present
from gradart.errors import ArtError, Untraceable
from gradart.types import Number, Numbers

_MOST = 200_000  # terms of a polynomial
State = tuple[jax.Array, jax.Array, jax.Array]
# What becomes of a pattern in a time, of how fast it would decay as heat: rates, times -> shares.
Factor = Callable[[jax.Array, jax.Array], jax.Array]


def heat_equation(
    start: Numbers,
    time: Numbers,
    *,
    diffusion: Number | Numbers = 1.0,
    **grid: Unpack[GridKeywords],
) -> jax.Array:
    """The table that heat has become after a time: (rows, columns), as `start` is.

    `start` holds the heat at the points of `grid(rows, columns, box)`; without a `box` the cells
    are square, and the longer side spans [-1, 1], as `tabulated` has it, which makes a field of
    what is found. `time`, 0 or more, is one number, or an array (...) of them, for which the result
    is (..., rows, columns). `edges` are "reflecting", through which nothing flows; "fixed", which
    stay as they are in `start`, at 0 a drum's or a cold rim; or "periodic": then the last row and
    column are the first again, and their own numbers are not looked at.

    The equation is u_t = div(D grad u), with `diffusion` for D: squared units of the box per unit
    of time, one number, or a table for ground that differs. `heights`, a table in units of the box,
    are a land that the heat spreads over: its Laplacian is that of Laplace and Beltrami.

    One D on a plane is solved exactly, pattern by pattern of Fourier: cosines, or sines upon the
    table that a fixed edge leads to at last. Else what is exact is the solution in time, to
    rounding, of what goes from cell to cell, whose error falls as their square: a polynomial of
    Chebyshev in the Laplacian (H. Tal-Ezer, "Spectral methods in time for parabolic problems",
    1989), so that no step can be too long. The number of its terms follows from `time`,
    `diffusion`, `heights` and `box`, which must be known there, while all of them can be
    differentiated.

    >>> spark = jnp.zeros((40, 60)).at[10, 20].set(1.0)
    >>> ga.lines(ga.contours(ga.tabulated(ga.heat_equation(spark, 0.02)), 9))
    """
    return _evolved(_decay, [start], time, diffusion, grid)


def wave_equation(
    start: Numbers,
    time: Numbers,
    *,
    velocity: Numbers | None = None,
    speed: Number | Numbers = 1.0,
    **grid: Unpack[GridKeywords],
) -> jax.Array:
    """The table that waves have become after a time: (rows, columns), as `start` is.

    `start` holds how far the water is displaced at the points of `grid(rows, columns, box)`, and
    `velocity` how fast it moves there, if it does not rest; a fixed edge does. The equation
    is u_tt = div(c^2 grad u), with `speed` for c: units of the box per unit of time, one number or
    a table, as over a ground that is not everywhere as deep. A negative `time` leads back. `time`,
    `heights`, `box` and `edges` are those of `heat_equation`, and so is how it is solved: the
    energy of the waves is kept, and no step can be too long.

    >>> drop = jnp.exp(-200 * jnp.sum(ga.grid(60, 60, ((-1, -1), (1, 1))) ** 2, -1))
    >>> ga.lines(ga.contours(ga.tabulated(ga.wave_equation(drop, 0.5)), 9))
    """
    c = as_floats(speed, "speed")
    tables = [start] if velocity is None else [start, velocity]
    if concrete(now := present(c)) and (np.asarray(now) < 0).any():
        raise ArtError(f"speed is {short(speed)}: give 0 or more")
    return _evolved(_swing, tables, time, c**2, grid)


def _decay(rate: jax.Array, time: jax.Array) -> jax.Array:
    return jnp.exp(-rate * time)[None]


def _swing(rate: jax.Array, time: jax.Array) -> jax.Array:
    """Of a start at rest, and of a start with a velocity."""
    pace = jnp.sqrt(rate)
    return jnp.stack([jnp.cos(pace * time), time * jnp.sinc(pace * time / jnp.pi)])


def _evolved(
    factor: Factor,
    given: list[Numbers],
    time: Numbers,
    diffusion: Numbers,
    on: GridKeywords,
) -> jax.Array:
    """The tables of a start, and of a velocity, after each time (...)."""
    names = ("start", "velocity")
    tables = [as_table(x, name) for x, name in zip(given, names, strict=False)]
    shape = tables[0].shape
    if tables[-1].shape != shape:
        raise ArtError(f"velocity has shape {tables[-1].shape}, and start {shape}: give one shape")
    name = "speed" if factor is _swing else "diffusion"
    d = as_coefficient(diffusion, name, shape)
    times = finite(as_floats(time, "time"), "time")
    if factor is _decay and concrete(now := present(times)) and (now < 0).any():
        raise ArtError(f"time is {short(time)}: heat does not flow back, give 0 or more")
    grid = as_grid(shape, **on)
    w = jnp.stack([tables[0], *(held(x, grid.edges) for x in tables[1:])])
    if grid.heights is None and not d.ndim:
        return _by_fourier(factor, grid.sides, grid.edges, w, times, d)
    by = spreading(d, grid)
    if not known((times, by)):
        raise Untraceable(
            f"time, {name} and heights tell how many terms this takes, and are traced: compute it"
            " before the frame, for an array of times"
        )
    bound = fastest_now(by) or 1.0
    longest = float(jnp.max(jnp.abs(present(times)), initial=0.0))
    return _by_chebyshev(factor, grid.edges, bound, _terms(factor, bound, longest), w, times, by)


@functools.partial(jax.jit, static_argnames=("factor", "sides", "edges"))
def _by_fourier(
    factor: Factor,
    sides: tuple[float, float],
    edges: Edges,
    tables: jax.Array,
    times: jax.Array,
    diffusion: jax.Array,
) -> jax.Array:
    """Tables (m, rows, columns) with each pattern of Fourier's times its factor, summed over m."""
    if edges == "fixed":
        at_last = _at_rest(tables[0], sides)
        tables = tables.at[0].add(-at_last)
    # A table that reflects is half a table that repeats: to be mirrored, without its edges twice.
    # Of one that is 0 along its edge, the mirror image is turned upside down.
    sign = -1 if edges == "fixed" else 1
    own = tables[..., :-1, :-1]
    if edges != "periodic":
        own = _mirrored(_mirrored(tables, -2, sign), -1, sign)
    rows, columns = own.shape[-2:]
    across = jnp.asarray(2 * np.pi * np.fft.rfftfreq(columns, sides[0]))
    up = jnp.asarray(2 * np.pi * np.fft.fftfreq(rows, sides[1]))
    rate = diffusion * (up[:, None] ** 2 + across**2)
    shares = factor(rate, times[..., None, None])[: len(tables)]  # (m, ..., rows, columns)
    modes = jnp.fft.rfft2(own).reshape(len(tables), *[1] * times.ndim, *rate.shape)
    found = jnp.fft.ifft((shares * modes).sum(0), axis=-2)[..., : tables.shape[-2], :]
    found = jnp.fft.irfft(found, n=columns)[..., : tables.shape[-1]]
    if edges == "periodic":
        return jnp.pad(found, [(0, 0)] * times.ndim + [(0, 1), (0, 1)], mode="wrap")
    return held(found, edges) + at_last if edges == "fixed" else found


def _mirrored(w: jax.Array, axis: int, sign: int) -> jax.Array:
    inner = jax.lax.slice_in_dim(w, 1, w.shape[axis] - 1, axis=axis)
    return jnp.concatenate([w, sign * jnp.flip(inner, axis)], axis)


def _at_rest(w: jax.Array, sides: tuple[float, float]) -> jax.Array:
    """The harmonic table with the edge of a table, of cells with these sides.

    Bilinear between the corners, and what each side of the edge has beyond that: sines along the
    side, each of which decays away from it as the sinh that is 0 on the side across.
    """
    up, right = (jnp.linspace(0, 1, n, dtype=w.dtype) for n in w.shape)
    corners = jnp.stack([1 - up, up], 1) @ w[:: len(w) - 1, :: len(right) - 1]
    level = corners @ jnp.stack([1 - right, right])
    beyond = w - level
    found = level + _from_first_and_last(beyond, sides)
    found = found + _from_first_and_last(beyond.T, sides[::-1]).T
    return w + held(found - w, "fixed")


def _from_first_and_last(w: jax.Array, sides: tuple[float, float]) -> jax.Array:
    """The harmonic table with the first and last row of w, and 0 along the other sides."""
    rows, columns = w.shape
    k = np.pi * jnp.maximum(jnp.arange(columns), 1) / ((columns - 1) * sides[0])
    y = sides[1] * jnp.arange(rows, dtype=w.dtype)[:, None]
    # sinh(k (h - y)) / sinh(k h), by exponents that are not positive
    fade = jnp.exp(-k * y) * jnp.expm1(-2 * k * (y[-1] - y)) / jnp.expm1(-2 * k * y[-1])
    first, last = jnp.fft.rfft(_mirrored(w[:: rows - 1], -1, -1))
    return jnp.fft.irfft(first * fade + last * fade[::-1], n=2 * columns - 2)[:, :columns]


def _terms(factor: Factor, bound: float, longest: float) -> int:
    """How many terms of Chebyshev's series are above rounding, for rates up to a bound: n^2.

    Those of exp are Bessel functions I_k(bound t / 2), below rounding from k^2 = 40 bound t on;
    those of cos J_2k(sqrt(bound) t), below it a little after the argument.
    """
    if factor is _decay:
        wanted = math.sqrt(40 * bound * longest) + 40
    else:
        reach = math.sqrt(bound) * longest
        wanted = reach / 2 + 6 * reach ** (1 / 3) + 20
    if wanted > _MOST:
        raise ArtError(
            f"time is {longest:g}, in which cells this small take {wanted:,.0f} steps, and"
            f" {_MOST:,} are the most: give a shorter time, or a coarser table"
        )
    return math.ceil(math.sqrt(wanted)) ** 2


@functools.partial(jax.jit, static_argnames=("factor", "edges", "terms"))
def _by_chebyshev(
    factor: Factor,
    edges: Edges,
    bound: float,
    terms: int,
    tables: jax.Array,
    times: jax.Array,
    by: Spreading,
) -> jax.Array:
    """Tables (m, rows, columns) with the factor of their Laplacian as a series, summed over m."""
    angles = (jnp.arange(terms) + 0.5) * jnp.pi / terms
    rates = bound / 2 * (1 - jnp.cos(angles))
    shares = factor(rates, times[..., None])[: len(tables)]  # (m, ..., terms)
    weights = jax.scipy.fft.dct(shares) / terms
    weights = jnp.moveaxis(weights.at[..., 0].divide(2), -1, 0)  # (terms, m, ...)

    def turned(w: jax.Array) -> jax.Array:  # the Laplacian, brought to [-1, 1]
        return w + 2 / bound * spread(by, w, edges)

    def step(state: State, weight: jax.Array) -> State:
        before, now, total = state
        total = total + jnp.tensordot(weight, now, axes=(0, 0))
        return now, 2 * turned(now) - before, total

    w = seamless(tables, edges)
    total = jnp.zeros((*times.shape, *w.shape[1:]), w.dtype)
    return scan_in_blocks(step, (turned(w), w, total), weights, length=terms)[2]
