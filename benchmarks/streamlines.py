"""Evenly spaced lines, 1.2 mm apart on A4, along level lines: against matplotlib's streamplot.

    python benchmarks/streamlines.py

streamplot is given the same flow at as many nodes, and a density at which it draws as much; it
keeps lines out of cells that one has been through, and knows no distance. The first call includes
compiling what the field is; numba's own is kept in a folder from the first run on.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import jax
import numpy as np

import gradart as ga
from gradart.geometry.streamlines.streamline_kernel import STEP

PAGE = ((0.0, 0.0), (180.0, 267.0))  # A4 within its margins, in mm
APART, ROUNDS = 1.2, 5


def level_lines(field: Callable[[Any], Any], box: Any, separation: float) -> np.ndarray:
    return ga.streamlines(field, separation=separation, box=box, across=True)


def streamplot(flow: np.ndarray, x: np.ndarray, y: np.ndarray, density: float) -> Any:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    sizes = density * 180 / 267, density
    drawn = axes.streamplot(x, y, flow[..., 0], flow[..., 1], density=sizes, arrowsize=0.01)
    pyplot.close(figure)
    return drawn.lines


def main() -> str:
    """Return a Markdown table: medians of runs that take turns."""
    jax.config.update("jax_enable_x64", True)
    land = ga.terrain(smooth=1.0)
    (x0, y0), (x1, y1) = np.asarray(land.box)
    width = (y1 - y0) * 180 / 267
    middle = (x0 + x1) / 2
    fields = {
        "hills 38 mm wide": (ga.waves(jax.random.key(3), 38.0, box=PAGE), PAGE, APART),
        "detailed terrain": (
            land,
            ((middle - width / 2, y0), (middle + width / 2, y1)),
            APART * width / 180,
        ),
    }
    rows = []
    for name, (field, box, separation) in fields.items():
        start = perf_counter()
        lines = level_lines(field, box, separation)
        first = perf_counter() - start
        nodes = ga.grid(668, 451, box)
        slopes = np.asarray(ga.gradient(field, nodes))
        flow = np.stack([-slopes[..., 1], slopes[..., 0]], -1)
        # Of an exactly even spacing, so that streamplot's rounding of it does not refuse it.
        x, y = np.arange(451.0), np.arange(668.0)
        taken: dict[str, list[float]] = {"ours": [], "theirs": []}
        for _ in range(ROUNDS):
            start = perf_counter()
            level_lines(field, box, separation)
            taken["ours"].append(perf_counter() - start)
        start = perf_counter()
        streamplot(flow, x, y, 267 / APART / 30)
        taken["theirs"].append(perf_counter() - start)
        ours, theirs = median(taken["ours"]), median(taken["theirs"])
        length = np.isfinite(lines[..., 0]).sum() * STEP * APART / 1000
        rows.append(
            f"| {name} | {len(lines)} lines, {length:.0f} m | {first:.2f} s | {ours:.2f} s |"
            f" {theirs:.1f} s | {theirs / ours:.0f} |"
        )
    head = (
        "| flow | drawn | first call | median of 5 (goal: 2 s) | streamplot, once | ratio |\n"
        "|---|---|---:|---:|---:|---:|\n"
    )
    return head + "\n".join(rows)


if __name__ == "__main__":
    print(main())
