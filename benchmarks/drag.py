"""The gallery pulled by hand: random pulls, where they end and what a move takes.

    python benchmarks/drag.py [SKETCH...]

Each piece that has float parameters, a film at the playhead of its still, in a process of its own,
two at a time. Which places are pulled where, and what counts as landed, is told in
tests/optimizing/landing.py. A pull may take the time that the studio gives it; it takes longer only
if a single step of it does. A piece has LIMIT seconds of the processor, whatever else keeps that
busy: pulls that it has not come to by then count as not reached. What has been measured is kept in
out/drag; it is measured anew when code has changed since, or pulls were not reached: what was
compiled then is kept, as the studio does.
Pieces that are fitted are left out: each of their pictures is a fit of many seconds, for which no
hand can wait.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
ROWS = ROOT / "out" / "drag"
sys.path.insert(0, str(ROOT / "tests"))

PULLS = 5  # of each piece, more than 200 in all
LIMIT = 400  # s of the processor
TOGETHER = 2
OF = "--of"  # before the file of a piece's rows: this process is the one that pulls it
HEAD = (
    "piece",
    "pulls",
    "landed",
    "at a bound",
    "lost",
    "not reached",
    "s of processor to the first",
    "ms a move",
    "95 %",
    "ms of processor",
    "95 %",
)


def pieces() -> list[str]:
    """The names of all pieces with floats, but for those that are fitted."""
    from gradart.sketching.loading import load, sketch_files

    every = {f.stem for f in sketch_files(ROOT / "sketches") if "ga.fit(" not in f.read_text()}
    return sorted(
        name
        for name in every
        if any(p.type == "float" for p in load(_file(name)).sketches[0].parameters)
    )


def _file(name: str) -> Path:
    return ROOT / "sketches" / f"{name}.py"


def pull(name: str, count: int, rows: Path) -> None:
    """Pull a piece so many times: a line of JSON for each pull, and one when there are no more."""
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT + 1))
    from gradart.jobs.process_setup import prepare

    prepare()  # as a worker of the studio
    from optimizing.landing import pulls

    from gradart.sketching.loading import load
    from gradart.studio.worker.dragging import AT_REST, SECONDS

    rng = np.random.default_rng(sum(map(ord, name)))
    sketch = load(_file(name)).sketches[0]
    with rows.open("w") as file:
        for one in pulls(sketch, count, rng, seconds=SECONDS, at_rest=AT_REST):
            told = {
                "end": "landed" if one.landed else "at a bound" if one.bound else "lost",
                "slow": one.slow,
                "moves": one.moves,
                "cpu": one.cpu,
                "after": time.process_time(),
            }
            print(json.dumps(told), file=file, flush=True)
        print(json.dumps({"end": "all"}), file=file)


def pulled(name: str, count: int) -> list[dict[str, Any]]:
    """How the pulls of a piece end, as they are kept or by a process that has LIMIT seconds."""
    rows = ROWS / f"{name}.jsonl"
    if not _whole(rows):
        ROWS.mkdir(parents=True, exist_ok=True)
        trial = rows.with_suffix(".part")
        trial.write_text("")
        command = [sys.executable, __file__, OF, str(trial), name, str(count)]
        ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
        if ended.returncode not in (0, -signal.SIGXCPU):
            raise RuntimeError(f"{name} could not be pulled")
        trial.replace(rows)
    lines = [line for line in rows.read_text().splitlines() if line.endswith("}")]
    found: list[dict[str, Any]] = [json.loads(line) for line in lines]
    wanted = len(found) - 1 if found and found[-1]["end"] == "all" else count
    found = [one for one in found if one["end"] != "all"]
    return found + [{"end": "not reached"}] * (wanted - len(found))


def _whole(rows: Path) -> bool:
    """Whether all pulls of a piece are kept, as the code now makes them."""
    if not rows.is_file() or rows.stat().st_mtime < _changed():
        return False
    return '"all"' in rows.read_text()


def _changed() -> float:
    """When code was last changed that a row depends on."""
    files = [Path(__file__), ROOT / "tests" / "optimizing" / "landing.py"]
    files += [file for folder in ("gradart", "sketches") for file in (ROOT / folder).rglob("*.py")]
    return max(file.stat().st_mtime for file in files)


def row(name: str, ended: list[dict[str, Any]]) -> str:
    """A line of the table."""
    ends = [one["end"] for one in ended]
    counts = [ends.count(end) for end in ("landed", "at a bound", "lost", "not reached")]
    done = [one for one in ended if "moves" in one]
    first = min((one["after"] for one in done), default=None)
    spent = [
        f"{np.quantile(times, share):.0f}" if times else ""
        for kind in ("moves", "cpu")
        for times in [[t for one in done for t in one[kind]]]
        for share in (0.5, 0.95)
    ]
    after = "" if first is None or name == "all" else f"{first:.0f}"
    return f"| {' | '.join(map(str, (name, len(ended), *counts, after, *spent)))} |"


def main(names: list[str]) -> None:
    """Print the table, line by line."""
    chosen = names or pieces()
    print(f"| {' | '.join(HEAD)} |")
    print("|---|" + "---:|" * (len(HEAD) - 1))
    begun, together = time.perf_counter(), []
    for name, ended in _all(chosen, PULLS):
        traced = ", not traced" if any(one.get("slow") for one in ended) else ""
        print(row(name + traced, ended), flush=True)
        minutes = (time.perf_counter() - begun) / 60
        print(f"{name} after {minutes:.1f} min", file=sys.stderr, flush=True)
        together += ended
    print(row("all", together))
    print(f"\nA piece has {LIMIT} s of the processor. Load of the machine at the end:", end=" ")
    print(f"{os.getloadavg()[0]:.1f} of {os.cpu_count()} cores.")


def _all(names: list[str], count: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    with ThreadPoolExecutor(TOGETHER) as threads:
        yield from zip(names, threads.map(lambda name: pulled(name, count), names), strict=True)


if __name__ == "__main__":
    if sys.argv[1:2] == [OF]:
        pull(sys.argv[3], int(sys.argv[4]), Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
