"""The gradient of a sampled field over 4096 x 4096 points, against filters and the same spline."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from scipy import interpolate, ndimage

SIDE = 4096


def main() -> str:
    """A Markdown table: medians, ratios, and how far ours is from moving the bytes alone."""
    import gradart as ga

    rng = np.random.default_rng(0)
    table = ndimage.gaussian_filter(rng.normal(size=(SIDE, SIDE)), 3, mode="mirror")
    with jax.enable_x64(True):
        start = time.perf_counter()
        field = ga.tabulated(table, box=((0, 0), (SIDE - 1, SIDE - 1)))
        made = time.perf_counter() - start
        points = ga.grid(SIDE, SIDE, field.box)
        scattered = points.reshape(-1, 2)[:: SIDE // 16]
        at = np.arange(SIDE, dtype=float)
        corner = slice(0, SIDE // 8)  # scipy's spline takes long, and each part as long as others
        knots = interpolate.RectBivariateSpline(at[corner], at[corner], table[corner, corner])

        def ours() -> Any:
            return jnp.linalg.norm(ga.gradient(field, points), axis=-1)

        def pointwise() -> Any:
            return jnp.linalg.norm(ga.gradient(field, scattered), axis=-1)

        def spline() -> Any:
            return np.hypot(*(knots(at[corner], at[corner], *d) for d in ((1, 0), (0, 1))))

        def filtered() -> Any:
            smooth, slope = (1 / 6, 2 / 3, 1 / 6), (-1 / 2, 0, 1 / 2)  # of a B-spline, at its knots
            coefficients = np.asarray(field.coefficients)[1:-1, 1:-1]
            along = [
                ndimage.correlate1d(
                    ndimage.correlate1d(coefficients, smooth, 1 - axis, mode="mirror"),
                    slope,
                    axis,
                    mode="mirror",
                )
                for axis in (0, 1)
            ]
            return np.hypot(*along)

        def sobel() -> Any:
            return np.hypot(ndimage.sobel(table, 0), ndimage.sobel(table, 1))

        def gaussian() -> Any:
            return ndimage.gaussian_gradient_magnitude(table, 1)

        def moved() -> Any:
            np.copyto(there, table)

        there = np.empty_like(table)
        found = ours()
        deep = slice(60, SIDE // 8 - 60)  # where its own ends are forgotten
        off = float(np.abs(found[deep, deep] - spline()[deep, deep]).max())
        off_filter = float(np.abs(found - filtered()).max())
        whole = _median(ours, 5)
        rows = [
            ("gradart, gradient of the spline and its norm", whole, 1.0),
            ("the same, point by point", _median(pointwise, 3), SIDE // 16),
            ("scipy RectBivariateSpline, dx and dy on a grid", _median(spline, 3), 64.0),
            ("scipy.ndimage.correlate1d, the same spline at its knots", _median(filtered, 3), 1.0),
            ("scipy.ndimage.gaussian_gradient_magnitude", _median(gaussian, 3), 1.0),
            ("scipy.ndimage.sobel, twice, and hypot", _median(sobel, 3), 1.0),
        ]
        # Read the coefficients and the points, write and read the slopes, write the norm.
        limit = _median(moved, 5) / 2 * (1 + 2 + 2 + 2 + 1)
    lines = [f"| {SIDE} x {SIDE} gradient magnitude | median | ratio |", "|---|---:|---:|"]
    for name, seconds, part in rows:
        lines.append(f"| {name} | {seconds * part:.2f} s | {seconds * part / whole:.1f} |")
    return "\n".join(
        [
            *lines,
            "",
            f"Largest difference from scipy's spline: {off:.1e}, filters: {off_filter:.1e}."
            f" The spline through the table was"
            f" made in {made:.2f} s, once. Moving the bytes alone takes {limit:.2f} s, so this is"
            f" {whole / limit:.1f} times the machine's limit.",
        ]
    )


def _median(work: Callable[[], Any], rounds: int) -> float:
    """The median of the seconds that `work` takes, after a first time."""
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        jax.block_until_ready(work())
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


if __name__ == "__main__":
    print(main())
