"""Isolines on a grid of 512 x 512, 20 levels: polished onto them, against contourpy as it is.

    python benchmarks/contours.py

contourpy is given the heights; its second row samples them too, by the same compiled function, as
gradart has to. How far lines are from their levels is |f - level| / |grad f|, in sides of the box.
Seconds of both cores together are beside those of the clock: another program may be running.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from contourpy import contour_generator

import gradart as ga

SIDE, LEVELS, ROUNDS = 512, 20, 11
BOX = ((-1.0, -1.0), (1.0, 1.0))


def hills(p: jax.Array) -> jax.Array:
    x, y = p
    return jnp.sin(5 * x + jnp.sin(3 * y)) * jnp.cos(7 * y - 2 * x) + 0.5 * jnp.exp(x)


def away(points: np.ndarray, levels: np.ndarray) -> float:
    """The greatest distance of points (m, 2) from their levels (m,), in sides of the box."""
    heights, slopes = ga.value(hills, points), ga.gradient(hills, points)
    return float(jnp.max(jnp.abs(heights - levels) / jnp.linalg.norm(slopes, axis=-1)) / 2)


def main() -> str:
    """Return a Markdown table: medians of runs that take turns."""
    nodes = ga.grid(SIDE, SIDE, BOX)
    x, y = np.asarray(nodes[0, :, 0]), np.asarray(nodes[:, 0, 1])
    field = jax.jit(jax.vmap(jax.vmap(hills)))
    heights = np.asarray(field(nodes))
    levels = np.linspace(heights.min(), heights.max(), LEVELS + 2)[1:-1]

    def trace(heights: np.ndarray) -> list[Any]:
        tracer = contour_generator(x, y, heights, name="serial", line_type="ChunkCombinedNan")
        return [tracer.lines(level)[0][0] for level in levels]

    def polished() -> np.ndarray:
        return ga.contours(hills, levels, box=BOX, resolution=SIDE)

    runs: dict[str, Callable[[], Any]] = {
        "contourpy": lambda: trace(heights),
        "contourpy, with sampling": lambda: trace(np.asarray(field(nodes))),
        "gradart": polished,
    }
    start = perf_counter()
    lines = polished()
    first = perf_counter() - start
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            clock, cores = perf_counter(), process_time()
            run()
            taken[name].append((perf_counter() - clock, process_time() - cores))

    raw = trace(heights)
    found = {"contourpy": raw, "contourpy, with sampling": raw, "gradart": list(lines)}
    rows, base = [], median(cores for _, cores in taken["contourpy"])
    for name, times in taken.items():
        clock, cores = (median(column) for column in zip(*times, strict=True))
        points = np.concatenate(found[name])
        on = np.repeat(levels, [len(line) for line in found[name]])
        inked = np.isfinite(points[:, 0])
        rows.append(
            f"| {name} | {1e3 * clock:.0f} ms | {1e3 * cores:.0f} ms | {cores / base:.1f} |"
            f" {away(points[inked], on[inked]):.1e} |"
        )
    head = (
        f"| {SIDE} x {SIDE}, {LEVELS} levels | median of {ROUNDS} | of both cores |"
        " times contourpy's (goal: 2) | off the level |\n|---|---:|---:|---:|---:|\n"
    )
    tail = f"\n\nThe first call of gradart, with compiling: {first:.2f} s."
    return head + "\n".join(rows) + tail


if __name__ == "__main__":
    with jax.enable_x64(True):
        print(main())
