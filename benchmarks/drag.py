"""The gallery pulled by hand: 200 random pulls, where they end and what a move takes.

    python benchmarks/drag.py [SKETCH...]

Each piece that has float parameters, a film at the playhead of its still, in a process of its own.
Which places are pulled where, and what counts as landed, is told in tests/optimizing/landing.py. A
pull may take the time that the studio gives it; it takes longer only if a single step of it does.
Pieces that are fitted are left out: each of their pictures is a fit of many seconds, for which no
hand can wait.
"""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from optimizing.landing import Landing, pulls  # noqa: E402

from gradart.sketching.loading import load, sketch_files  # noqa: E402
from gradart.studio.worker.dragging import AT_REST, SECONDS  # noqa: E402

PULLS = 200


def pieces() -> list[str]:
    """The names of all pieces with floats, but for those that are fitted."""
    every = {f.stem for f in sketch_files(ROOT / "sketches") if "ga.fit(" not in f.read_text()}
    return sorted(
        name
        for name in every
        if any(p.type == "float" for p in load(_file(name)).sketches[0].parameters)
    )


def _file(name: str) -> Path:
    return ROOT / "sketches" / f"{name}.py"


def pulled(name: str, count: int) -> list[Landing]:
    """How the pulls of a piece end."""
    rng = np.random.default_rng(sum(map(ord, name)))
    sketch = load(_file(name)).sketches[0]
    return list(pulls(sketch, count, rng, seconds=SECONDS, at_rest=AT_REST))


def row(name: str, ended: list[Landing]) -> str:
    """A line of the table."""
    landed = sum(one.landed for one in ended)
    bound = sum(one.bound and not one.landed for one in ended)
    lost = len(ended) - landed - bound
    spent = [
        f"{np.quantile(times, share):.0f}"
        for times in (
            [t for one in ended for t in one.moves],
            [t for one in ended for t in one.cpu],
        )
        for share in (0.5, 0.95)
    ]
    cells = map(str, (name, len(ended), landed, bound, lost, *spent))
    return f"| {' | '.join(cells)} |"


def main(names: list[str]) -> None:
    """Print the table, line by line."""
    chosen = names or pieces()
    print(
        "| piece | pulls | landed | at a bound | lost | ms a move | 95 % | ms of processor | 95 % |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    every: list[Landing] = []
    count = -(-PULLS // len(pieces()))
    for name in chosen:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn) as process:
            ended = process.submit(pulled, name, count).result()
        traced = "" if ended and not ended[0].slow else ", not traced"
        print(row(name + traced, ended) if ended else f"| {name} | 0 |", flush=True)
        every += ended
    print(row("all", every))
    print(f"\nLoad of the machine at the end: {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores.")


if __name__ == "__main__":
    main(sys.argv[1:])
