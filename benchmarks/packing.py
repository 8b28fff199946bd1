"""Handing a polyline of 200,000 points to cairo: one packed array against a loop of line_to.

    python benchmarks/packing.py

The second row adds what is the same for both, cairo's own work: that is the share of a picture.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np

from gradart.drawing.shapes import Lines
from gradart.rendering.layout.path_commands import trace
from gradart.rendering.painting.cairo import appender, pack
from gradart.rendering.painting.cairo_library import libcairo

POINTS = 200_000
ROUNDS = 7


def main() -> str:
    """Return a Markdown table: medians of runs that take turns, and their ratios."""
    cairo = libcairo()
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, 1000, 1000)
    context = cairo.Context(surface)
    context.set_line_width(0.5)
    t = np.linspace(0, 1, POINTS)
    radius = 400 * np.sqrt(t)
    points = 500 + np.stack([radius * np.cos(900 * t), radius * np.sin(900 * t)], -1)

    def loop() -> None:
        for x, y in points.tolist():
            context.line_to(x, y)

    def packed() -> None:
        records, starts = pack(trace(Lines(points[None])), 1.0, np.zeros(2))
        appender(context, records)(starts[0], starts[1])

    def stroked(build: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            build()
            context.stroke_preserve()

        return run

    rows = []
    for share, pair in (
        ("the path", (loop, packed)),
        ("the path and its stroke", (stroked(loop), stroked(packed))),
    ):
        slow, fast = _medians(pair, context.new_path)
        rows.append(f"| {share} | {1e3 * slow:.1f} ms | {1e3 * fast:.1f} ms | {slow / fast:.1f} |")
    head = f"| {POINTS:,} points | line_to loop | packed | ratio |\n| --- | ---: | ---: | ---: |\n"
    return head + "\n".join(rows)


def _medians(runs: tuple[Callable[[], None], ...], reset: Callable[[], None]) -> list[float]:
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(ROUNDS):
        for run, taken in zip(runs, times, strict=True):
            reset()
            start = perf_counter()
            run()
            taken.append(perf_counter() - start)
    return [median(taken) for taken in times]


if __name__ == "__main__":
    print(main())
