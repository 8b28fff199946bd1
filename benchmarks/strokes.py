"""Fine strokes and points by the million: gradart's ink against painters and datashader.

    python benchmarks/strokes.py

Everyone draws the same black strokes, alpha 0.1, a pixel wide, antialiased, on 2000 x 2000 pixels,
from arrays in memory to a canvas in memory; gradart to float density of one color, as datashader.
datashader and skia-python are not among gradart's dependencies: pip install datashader skia-python.
"""

import functools
import importlib.util
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from gradart.rendering.ink import binning, dot_kernel, straight_strokes, stroke_kernel
from gradart.rendering.ink.density import Disks, Strokes, accumulate
from gradart.rendering.ink.tone import tone

SIZE = 2000
ALPHA = 0.1
RUNS = 7
HEAD = "| work | by | median | times gradart's | processor time |"
TRIED = """
Goals: 20 times cairo and matplotlib, 2 skia, 1.5 datashader; points as datashader. The
strokes are shared by both cores, so that on a busy machine the ratios fall to those of the
processor time. Of the drawing of long strokes a third is adding to pixels, at a nanosecond each, a
quarter computing coverage, a quarter what each stroke needs anew in every band and at its ends,
an eighth writing the picture; of that of short ones a quarter is adding, half computing coverage,
a quarter finding their direction. What keeps them at 11.5 times a nanosecond a pixel (goal: 10) is
that a third of all waits for the canvas, and for how many columns each one turns out to have; a
loop for each end, and planning all strokes as pieces, took 26 times. Strokes that are all there is
need no canvas: their bands are drawn and finished in the cache (1.3 times as fast). Tried without
gain: bands of 256 kB, 512 kB and 2 MB; huge pages; the four pixels across a steep stroke added as
one vector; strokes in blocks of 64 MB; points straight to the canvas, not sorted (1.5 times as
long), or their amounts by vectors of 64 to 1024 (1.1 times)."""
STAGES = (
    (binning, "plan_strokes", "planning"),
    (straight_strokes, "plan_straight", "planning"),
    (binning, "plan_disks", "planning"),
    (binning, "sort_bands", "sorting"),
    (dot_kernel, "pack", "sorting"),
    (stroke_kernel, "draw_strokes", "drawing"),
    (dot_kernel, "draw_disks", "drawing"),
    (dot_kernel, "draw_specks", "drawing"),
)


def chords(n: int, mean: float) -> np.ndarray:
    """Straight strokes (n, 2, 2) everywhere, in all directions, lengths spread around the mean."""
    rng = np.random.default_rng(0)
    angle, length = rng.uniform(0, 2 * np.pi, n), rng.gamma(4, mean / 4, n)
    reach = np.stack([np.cos(angle), np.sin(angle)], -1) * length[:, None] / 2
    center = rng.uniform(0, SIZE, (n, 2))
    return np.stack([center - reach, center + reach], 1)


def cairo(points: np.ndarray) -> None:
    import cairocffi

    context = cairocffi.Context(cairocffi.ImageSurface(cairocffi.FORMAT_ARGB32, SIZE, SIZE))
    context.set_source_rgb(1, 1, 1)
    context.paint()
    context.set_source_rgba(0, 0, 0, ALPHA)
    context.set_line_width(1)
    for x0, y0, x1, y1 in points.reshape(-1, 4).tolist():
        context.move_to(x0, y0)
        context.line_to(x1, y1)
        context.stroke()


def matplotlib(points: np.ndarray) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.collections import LineCollection
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIZE / 100, SIZE / 100), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, SIZE), ylim=(0, SIZE))
    axes.set_axis_off()
    axes.add_collection(LineCollection(list(points), colors=[(0, 0, 0, ALPHA)], linewidths=0.72))
    FigureCanvasAgg(figure).draw()


def skia(points: np.ndarray) -> None:
    import skia

    surface = skia.Surface(SIZE, SIZE)
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorWHITE)
    paint = skia.Paint(AntiAlias=True, StrokeWidth=1, Color=skia.Color4f(0, 0, 0, ALPHA))
    for x0, y0, x1, y1 in points.reshape(-1, 4).tolist():
        canvas.drawLine(x0, y0, x1, y1, paint)


def _datashader() -> Any:
    import datashader

    return datashader.Canvas(SIZE, SIZE, x_range=(0, SIZE), y_range=(0, SIZE))


def datashader_lines(points: np.ndarray) -> Callable[[], Any]:
    import datashader
    import pandas

    frame = pandas.DataFrame(points.reshape(-1, 4), columns=["x0", "y0", "x1", "y1"])
    ends = {"x": ["x0", "x1"], "y": ["y0", "y1"], "axis": 1}
    return lambda: _datashader().line(frame, **ends, agg=datashader.count(), line_width=1)


def datashader_points(points: np.ndarray) -> Callable[[], Any]:
    import datashader
    import pandas

    frame = pandas.DataFrame(points, columns=["x", "y"])
    return lambda: _datashader().points(frame, "x", "y", agg=datashader.count())


@contextmanager
def stages() -> Iterator[dict[str, float]]:
    """Count the processor seconds that the threads spend in each stage."""
    spent = dict.fromkeys(("planning", "sorting", "drawing"), 0.0)

    def timed(kernel: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            began = time.thread_time()
            result = kernel(*arguments)
            spent[stage] += time.thread_time() - began
            return result

        return call

    kernels = [(room, name, getattr(room, name), stage) for room, name, stage in STAGES]
    try:
        for room, name, kernel, stage in kernels:
            setattr(room, name, timed(kernel, stage))
        yield spent
    finally:
        for room, name, kernel, _ in kernels:
            setattr(room, name, kernel)


def compare(
    ours: Callable[[], Any], others: dict[str, Callable[[], Any]], runs: int, pixels: float
) -> tuple[list[str], str]:
    """Run all by turns: the ends of their rows in the table; and what ours is made of."""
    works = {"gradart": ours, **others}
    walls: dict[str, list[float]] = {name: [] for name in works}
    cores: dict[str, list[float]] = {name: [] for name in works}
    for run in range(runs + 1):
        for name, work in works.items():
            began = time.perf_counter(), time.process_time()
            work()
            if run:  # the first compiles, imports, fills caches
                walls[name].append(time.perf_counter() - began[0])
                cores[name].append(time.process_time() - began[1])
    with stages() as spent:
        began_at = time.process_time()
        ours()
        whole = time.process_time() - began_at
    spent["canvas and the rest"] = whole - sum(spent.values())
    wall = {name: statistics.median(each) for name, each in walls.items()}
    core = {name: statistics.median(each) for name, each in cores.items()}
    rows = [
        f"{name} | {wall[name]:.3f} s | {wall[name] / wall['gradart']:.2f} | {core[name]:.3f} s"
        for name in works
    ]
    share = ", ".join(f"{stage} {100 * s / whole:.0f} %" for stage, s in spent.items())
    return rows, (
        f"touches {pixels / 1e6:.0f} M pixels, at a nanosecond each {pixels / 1e9:.3f} s of one"
        f" core; it takes {whole:.3f} s of processor time, {whole / pixels * 1e9:.1f} times that:"
        f" {share}"
    )


def touched(points: np.ndarray, width: float) -> float:
    """The pixels that strokes touch, on the average over where they lie: the area they sweep."""
    reach = np.abs(points[:, 1] - points[:, 0])
    length = np.hypot(*reach.T)
    across = width * reach[:, ::-1] / length[:, None]
    return float((length * width + reach.sum(1) + across.sum(1) + 1).sum())


def main() -> str:
    black = np.array([-np.log1p(-ALPHA)])
    size = SIZE, SIZE
    have = {name for name in ("datashader", "skia") if importlib.util.find_spec(name)}
    rows, notes = [], []

    def measure(
        work: str,
        ours: Callable[[], Any],
        others: dict[str, Callable[[], Any]],
        pixels: float,
        runs: int = RUNS,
    ) -> None:
        ends, said = compare(ours, others, runs, pixels)
        rows.extend(f"| {work} | {end} |" for end in ends)
        notes.append(f"- {work}: {said}.")

    for n, mean, runs in ((20_000, 219, RUNS), (1_000_000, 10, 3)):
        points = chords(n, mean)
        others: dict[str, Callable[[], Any]] = {}
        if n < 100_000:
            others["cairo, one by one"] = functools.partial(cairo, points)
            others["matplotlib LineCollection"] = functools.partial(matplotlib, points)
        if "skia" in have:
            others["skia-python drawLine"] = functools.partial(skia, points)
        if "datashader" in have:
            others["datashader line, antialiased"] = datashader_lines(points)
        ours = functools.partial(accumulate, size, [Strokes(points, 1.0, black)], 1)
        measure(f"{n:,} strokes of {mean} px", ours, others, touched(points, 1.0), runs)
    places = np.random.default_rng(0).normal(SIZE / 2, SIZE / 7, (10_000_000, 2))
    measure(
        "10,000,000 points",
        lambda: accumulate(size, [Disks(places, 0.5, black)], 1),
        {"datashader points": datashader_points(places)} if "datashader" in have else {},
        10_000_000 * (1 + np.sqrt(np.pi) / 2) ** 2,
        5,
    )
    points = chords(20_000, 219)
    colors = np.random.default_rng(0).uniform(0, 0.1, (len(points), 3))
    total = accumulate(size, [Strokes(points, 1.0, colors)])
    measure(
        "20,000 strokes of 219 px, a color each",
        lambda: accumulate(size, [Strokes(points, 1.0, colors)]),
        {"toning the sum to 8 bits": lambda: tone(total, np.ones(3), "ink")},
        3 * touched(points, 1.0),
    )
    notes.append(TRIED)
    table = "\n".join([HEAD, "|---|---|---:|---:|---:|", *rows])
    return table + "\n\n" + "\n".join(notes) + "\n"


if __name__ == "__main__":
    print(main())
