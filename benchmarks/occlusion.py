"""Hidden lines of 10,000 shapes: `ga.occlude` against a difference of GEOS for each shape.

    python benchmarks/occlusion.py

GEOS takes from each outline, as polylines, the union of the polygons in front that touch it, found
by an R-tree. Processor time, in seconds, so that other work on the machine counts little.
"""

from collections.abc import Callable
from time import process_time

import numpy as np
import shapely

import gradart as ga
from gradart.drawing.shapes import Mark

SHAPES = 10_000
TURN = np.linspace(0, 2 * np.pi, 49)[:-1]
RING = np.stack([np.cos(TURN), np.sin(TURN)], -1)


def disks(rng: np.random.Generator, count: int, radius: float) -> Mark:
    sizes = rng.uniform(0.5, 1.5, (count, 1, 1)) * radius
    return ga.polygons(rng.uniform(0, 1, (count, 1, 2)) + sizes * RING, fill="w", stroke="k")


def tiles(rng: np.random.Generator) -> Mark:
    side = int(SHAPES**0.5)
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * 0.37
    angle = rng.uniform(0, 2 * np.pi, SHAPES)
    turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], -1)
    centers = np.stack(np.divmod(np.arange(SHAPES), side), -1)
    squares = square @ turn.reshape(-1, 2, 2) + centers[:, None]
    return ga.polygons(squares, fill="w", stroke="k")


def bands(rng: np.random.Generator) -> Mark:
    x, y = np.linspace(0, 1, 400), np.linspace(0, 1, 300)[:, None]
    waves = y + 0.004 * np.sin(40 * x + rng.uniform(0, 6, (300, 1)))
    return ga.lines(np.stack(np.broadcast_arrays(x, waves), -1))


def by_geos(marks: list[Mark]) -> None:
    """What is left of each row, by one difference."""
    rows = [np.asarray(row) for mark in marks for row in mark.shape.points]
    filled = np.array([mark.style.fill is not None for mark in marks for _ in mark.shape.points])
    shapes = np.flatnonzero(filled)
    polygons = shapely.polygons([rows[n] for n in shapes])
    tree = shapely.STRtree(polygons)
    for n, row in enumerate(rows):
        path = np.vstack([row, row[:1]]) if filled[n] else row
        line = shapely.linestrings(path)
        near = tree.query(line, "intersects")
        front = polygons[near[shapes[near] > n]]
        shapely.difference(line, shapely.union_all(front))


def _seconds(run: Callable[[], object]) -> float:
    start = process_time()
    run()
    return process_time() - start


def main() -> str:
    """Return a Markdown table."""
    rng = np.random.default_rng(0)
    rows = []
    for name, marks in (
        ("disks all over each other", [disks(rng, SHAPES, 0.02)]),
        ("tiles that hardly touch", [tiles(rng)]),
        ("300 long lines under disks", [bands(rng), disks(rng, SHAPES - 300, 0.006)]),
    ):
        ours = _seconds(lambda marks=marks: ga.occlude(marks))  # type: ignore[misc]
        slow = _seconds(lambda marks=marks: by_geos(marks))  # type: ignore[misc]
        rows.append(f"| {name} | {slow:.1f} s | {ours:.1f} s | {slow / ours:.1f} |")
    head = f"| {SHAPES:,} shapes | GEOS | `ga.occlude` | ratio |\n| --- | ---: | ---: | ---: |\n"
    return head + "\n".join(rows)


if __name__ == "__main__":
    print(main())
