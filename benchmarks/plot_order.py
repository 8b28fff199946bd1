"""Pen-up travel of gallery pieces sorted by gradart and by vpype's linemerge and linesort.

    python benchmarks/plot_order.py [PIECE ...]

Both are given the strokes of the same files, as they are read; times are of the sorting alone.
vpype is the one on the PATH, which has an environment of its own.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from gradart.command.cli import main as gradart
from gradart.geometry.paths.plot_order import plot_order

SKETCHES = Path(__file__).parents[1] / "sketches"
PIECES = [
    "title",
    "forward_spiral",
    "kneser",
    "coffee_cup",
    "knot_whiskers",
    "ridges",
    "functions",
    "directions",
    "engraved_terrain",
    "streams",
]
ROUNDS, MM = 3, 25.4 / 96
VPYPE = """
import json, sys, time, vpype as vp, vpype_cli
page = vp.read_multilayer_svg(sys.argv[1], quantization=0.4, crop=False)
lines = [[[(p.real, p.imag) for p in line] for line in layer] for layer in page.layers.values()]
taken = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    found = vpype_cli.execute("linemerge linesort", page)
    taken.append(time.perf_counter() - start)
print(json.dumps([lines, page.pen_up_length(), found.pen_up_length(), taken]))
"""


def padded(lines: list[list[list[float]]]) -> np.ndarray:
    rows = np.full((len(lines), max(map(len, lines)), 2), np.nan)
    for row, line in zip(rows, lines, strict=True):
        row[: len(line)] = np.array(line) * MM
    return rows


def travel(rows: np.ndarray) -> float:
    strokes = [row[~np.isnan(row[:, 0])] for row in rows]
    return sum(float(np.hypot(*(b[0] - a[-1]))) for a, b in pairwise(strokes))


def main(names: list[str]) -> str:
    """Return a Markdown table: travel before and after, and medians of the times."""
    vpype = shutil.which("vpype")
    if vpype is None:
        return "vpype is not on the PATH: `pipx install vpype`."
    python = Path(vpype).read_text().splitlines()[0].removeprefix("#!").strip()
    rows, travels, times = [], [], []
    plot_order(np.random.default_rng(0).uniform(size=(9, 2, 2)))  # compiled before
    for name in names or PIECES:
        with tempfile.TemporaryDirectory() as folder:
            file = f"{folder}/{name}.svg"
            out, sys.stdout = sys.stdout, sys.stderr
            gradart(["run", str(SKETCHES / f"{name}.py"), "-o", file])
            sys.stdout = out
            run = [python, "-c", VPYPE, file, str(ROUNDS)]
            said = subprocess.run(run, capture_output=True, check=True, text=True).stdout
        layers, before, theirs, taken = json.loads(said)
        given = [padded(lines) for lines in layers]
        ours = []
        for _ in range(ROUNDS):
            start = perf_counter()
            found = [plot_order(lines, 0.05) for lines in given]
            ours.append(perf_counter() - start)
        up, ratio = sum(map(travel, found)), median(taken) / median(ours)
        travels.append(up / max(theirs * MM, 1e-9))
        times.append(ratio)
        share = f"{travels[-1]:.2f}" if theirs else "-"
        rows.append(
            f"| {name} | {sum(map(len, given)):,} in {len(given)} | {before * MM / 1000:.2f} m |"
            f" {theirs * MM / 1000:.3f} m | {up / 1000:.3f} m | {share} |"
            f" {1e3 * median(taken):.0f} ms | {1e3 * median(ours):.0f} ms | {ratio:.1f} |"
        )
    head = (
        "| piece | strokes, layers | pen up | vpype | gradart | ratio (goal: 1) | vpype | gradart |"
        " times as fast |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    )
    tail = f"\n\nMedians: {median(travels):.2f} of vpype's way, {median(times):.1f} times as fast."
    return head + "\n".join(rows) + tail


if __name__ == "__main__":
    print(main(sys.argv[1:]))
