"""What benchmarks are to reach, and whether a run of one does: its tables held to the goals.

A goal names a cell of the tables that a benchmark prints. It is missed where the cell is beyond its
limit, and where it is 15 % worse than the same cell of the last results.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SLACK = 1.15  # machines are noisy


@dataclass(frozen=True)
class Goal:
    """The number in a table's row, whose first cells are `row`, below the heading `column`.

    At most `limit`, or at least that. `column` is the beginning of the heading; where a cell holds
    several numbers, `after` is the text in front of the one that counts.
    """

    row: tuple[str, ...]
    column: str
    limit: float
    at_least: bool = False
    after: str = ""


GOALS: dict[str, list[Goal]] = {
    "batch": [Goal(("4 pictures of a second", "`--jobs 2`"), "to `--jobs 1`", 1.0)],
    "contours": [Goal(("gradart",), "times contourpy", 2.0)],
    "crossings": [Goal(("Lissajous",), "again", 1.0)],
    "descents": [Goal(("scipy, a loop for each start",), "times as long", 100, at_least=True)],
    "fields": [Goal(("scipy RectBivariateSpline",), "ratio", 1.5, at_least=True)],
    "film": [
        Goal(("matplotlib FuncAnimation",), "ratio", 5, at_least=True),
        Goal(("gradart, painting and MP4 at once",), "ratio", 1.1),
        Goal(("imageio GIF",), "ratio", 8, at_least=True),
    ],
    "jet": [
        Goal(("spiral", "8"), "ratios", 0.7, after="jax.jet: "),
        Goal(("Bezier, 20 points", "8"), "ratios", 0.7, after="jax.jet: "),
        Goal(("Bezier, 20 points", "32"), "gradart cold", 3.0),
    ],
    "kernels": [
        Goal(("first ink", "kept code"), "seconds", 0.5),
        Goal(("first streamlines", "kept code"), "seconds", 0.5),
    ],
    "lengths": [
        Goal((name,), "programs", 6)
        for name in ("resample", "value", "gradient", "hessian", "jet", "curvature")
    ],
    "occlusion": [Goal(("disks all over each other",), "ratio", 1.0, at_least=True)],
    "peers": [
        Goal(("20,000 strokes of 219 px", "skia"), "times gradart's", 2, at_least=True),
        Goal(("1,000,000 strokes of 10 px", "datashader"), "times gradart's", 1.5, at_least=True),
        Goal(("10,000,000 points", "datashader"), "times gradart's", 1.0, at_least=True),
    ],
    "pictures": [Goal(("an ink each, 1 px, by inks too",), "processor time", 3.0)],
    "scale": [
        Goal(("100,000,000 points",), "largest memory", 900),
        Goal(("10,000,000 strokes",), "largest memory", 600),
        Goal(("`--jobs 1`",), "files right", 1000, at_least=True),
        Goal(("Dask, two workers",), "files right", 1000, at_least=True),
    ],
    "startup": [
        Goal(("`gradart --help`",), "median", 0.3),
        Goal(("`gradart run sketches/forward_spiral.py`",), "goal", 0.15),
        Goal(("the same with `--if-changed`",), "processor time", 0.15),
    ],
    "streamlines": [
        Goal(("hills",), "median of 5", 2.0),
        Goal(("detailed terrain",), "median of 5", 2.0),
    ],
    "strokes": [
        Goal(("20,000 strokes of 219 px", "cairo"), "times gradart's", 20, at_least=True),
    ],
    "studio": [Goal(("slider, 95th percentile",), "measured", 250)],
}


def verdicts(name: str, now: str, before: str) -> Iterator[tuple[bool, str]]:
    """Whether each goal of a benchmark is met by what it prints `now`, and a line that says so.

    `before` is what it has printed last, and may be empty.
    """
    for goal in GOALS.get(name, []):
        what = f"{name}: {', '.join(goal.row)}: {goal.column}"
        found, last = cell(now, goal), cell(before, goal)
        if found is None:
            yield False, f"{what}: no such row or number was printed"
            continue
        word = "at least" if goal.at_least else "at most"
        told = f"{what} {found:g}, {word} {goal.limit:g}"
        missed = found < goal.limit if goal.at_least else found > goal.limit
        if last is None or last <= 0:  # a difference that was nothing has no 15 %
            worse = False
        elif goal.at_least:
            worse = found < last / SLACK
        else:
            worse = found > last * SLACK
        told += "" if last is None else f", last {last:g}"
        yield not (missed or worse), told


def cell(printed: str, goal: Goal) -> float | None:
    """The first number of a goal's cell in Markdown's tables; None if there is none."""
    head: list[str] = []
    for line in printed.splitlines():
        cells = [part.strip() for part in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            head = []
        elif not head:
            head = cells
        elif _begins(cells, goal.row):
            found = [
                text
                for title, text in zip(head, cells, strict=False)
                if title.startswith(goal.column)
            ]
            text = found[0] if found else ""
            number = re.search(r"-?\d[\d,]*\.?\d*", text[text.find(goal.after) + len(goal.after) :])
            if number and goal.after in text:
                return float(number[0].replace(",", ""))
    return None


def _begins(cells: Sequence[str], row: Sequence[str]) -> bool:
    return len(cells) >= len(row) and all(map(str.startswith, cells, row))
