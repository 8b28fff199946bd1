"""10,000 descents of 500 steps on the terrain: gradart against loops over numpy and scipy.

    python benchmarks/descents.py

The same spline, starts and rate for all. "A loop for each start" takes one step of one start at a
time, by the two partial derivatives of scipy's bicubic spline, prepared beforehand; it runs for a
sample of the starts and is scaled. "All starts at once" is the loop of an experienced user: over
the steps only, with an array of all starts.
"""

import functools
import statistics
import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike
from scipy.interpolate import RectBivariateSpline

from gradart.calculus.equations.flow import descend
from gradart.library.sampled import Sampled, terrain

Spline = Callable[[ArrayLike, ArrayLike], np.ndarray]

STARTS, STEPS, RATE = 10_000, 500, 0.01
SAMPLE = 20  # starts of the loop for each start
RUNS = 5


def main() -> str:
    with jax.enable_x64(True):
        land = terrain(smooth=5)  # steps of this rate do not overshoot on it
        (x0, y0), (x1, y1) = land.box
        starts = np.random.default_rng(0).uniform((x0, y0), (x1, y1), (STARTS, 2))

        began = time.perf_counter()
        ours = np.asarray(descend(land, starts, rate=RATE, steps=STEPS))
        first = time.perf_counter() - began
        slopes = _slopes(land)
        # Not timed: the loop goes the same way, but at the edges, where scipy's spline is another.
        apart = np.abs(_all_at_once(slopes, land, starts[:SAMPLE]) - ours[:SAMPLE])
        assert np.median(apart.max(axis=(1, 2))) < 1e-6, "the loop goes another way"

        warm, single, together = [], [], []
        for _ in range(RUNS):  # by turns, so that a busy moment hits all three
            warm.append(
                _seconds(
                    lambda: jax.block_until_ready(descend(land, starts, rate=RATE, steps=STEPS))
                )
            )
            single.append(_seconds(lambda: _one_by_one(slopes, land, starts[:SAMPLE])))
            together.append(_seconds(lambda: _all_at_once(slopes, land, starts)))
    median = statistics.median
    slow, fast = median(single) * STARTS / SAMPLE, median(warm)
    table = f"""| {STARTS:,} descents of {STEPS} steps | median of {RUNS} | times as long |
|---|---:|---:|
| gradart | {fast:.3f} s | 1 |
| gradart, first call, with compiling | {first:.3f} s | {first / fast:.1f} |
| scipy, all starts at once | {median(together):.1f} s | {median(together) / fast:.0f} |
| scipy, a loop for each start (from {SAMPLE} of them) | {slow:.0f} s | {slow / fast:.0f} |"""
    print(table)
    return table


def _slopes(land: Sampled) -> tuple[Spline, Spline]:
    """The derivatives of scipy's spline through the same samples (it differs at the edges)."""
    rows, columns = (n - 2 for n in np.shape(land.coefficients))
    (x0, y0), (x1, y1) = land.box
    x, y = np.linspace(x0, x1, columns), np.linspace(y0, y1, rows)
    points = jnp.stack(jnp.meshgrid(x, y), axis=-1)
    heights = np.asarray(jax.jit(jax.vmap(jax.vmap(land)))(points))
    spline = RectBivariateSpline(x, y, heights.T)
    along_x, along_y = spline.partial_derivative(1, 0), spline.partial_derivative(0, 1)
    return functools.partial(along_x, grid=False), functools.partial(along_y, grid=False)


def _one_by_one(slopes: tuple[Spline, Spline], land: Sampled, starts: np.ndarray) -> None:
    (x0, y0), (x1, y1) = land.box
    along_x, along_y = slopes
    for start in starts:
        path = np.empty((STEPS + 1, 2))
        path[0] = x, y = start
        for step in range(STEPS):
            u, v = min(max(x, x0), x1), min(max(y, y0), y1)
            x, y = x - RATE * along_x(u, v), y - RATE * along_y(u, v)
            path[step + 1] = x, y


def _all_at_once(slopes: tuple[Spline, Spline], land: Sampled, starts: np.ndarray) -> np.ndarray:
    p, path = starts, [starts]
    for _ in range(STEPS):
        x, y = np.clip(p, *land.box).T
        p = p - RATE * np.stack([slope(x, y) for slope in slopes], axis=-1)
        path.append(p)
    return np.stack(path, axis=1)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
