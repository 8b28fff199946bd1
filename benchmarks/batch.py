"""Many pictures: workers against one process and against a command for each; whole processes.

And whether a film would gain by being cut into slices for several workers: its frames are computed
by one thread, and painted and compressed by others, so that a share of processor time well under a
half in the first leaves slices nothing to gain on two processors.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUNDS = 3
SEEDS = range(4)
MANY = 100


def _seconds(*commands: list[str]) -> float:
    """How long the commands take, one after the other, in a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        for words in commands:
            words = [sys.executable, "-m", "gradart", "run", *words]
            environment = os.environ | {"PYTHONPATH": str(ROOT)}
            subprocess.run(words, cwd=folder, check=True, capture_output=True, env=environment)
        return time.perf_counter() - start


def batches() -> str:
    """Time a batch of long work and one of short work, in turn, as medians."""
    streams, spiral = (str(ROOT / "sketches" / f"{n}.py") for n in ("streams", "forward_spiral"))
    many = [streams, "--px", "1000", "--seed", f"{SEEDS[0]}..{SEEDS[-1]}", "-o", "out"]
    few = [spiral, "--px", "600", "-p", "turns=4..7", "-o", "out"]
    hundred = [spiral, "--px", "1700", "-p", f"reach=0.01..{MANY / 100}..0.01", "-o", "out"]
    kinds = {
        "4 pictures of a second": {
            "a command for each": [
                [streams, "--px", "1000", "--seed", str(seed), "-o", "out"] for seed in SEEDS
            ],
            "`--jobs 1`": [[*many, "--jobs", "1"]],
            "`--jobs 2`": [[*many, "--jobs", "2"]],
            "neither": [many],
        },
        "4 pictures of a tenth": {
            "a command for each": [
                [spiral, "--px", "600", "--turns", str(turns)] for turns in range(4, 8)
            ],
            "`--jobs 1`": [[*few, "--jobs", "1"]],
            "`--jobs 2`": [[*few, "--jobs", "2"]],
            "neither": [few],
        },
        f"{MANY} pictures of a tenth": {
            "`--jobs 1`": [[*hundred, "--jobs", "1"]],
            "`--jobs 2`": [[*hundred, "--jobs", "2"]],
            "neither": [hundred],
        },
    }
    lines = ["| batch | by | median | to `--jobs 1` |", "|---|---|---|---|"]
    for batch, ways in kinds.items():
        _seconds(*ways["`--jobs 1`"])  # fills the cache of compilations
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, commands in ways.items():
                times[way].append(_seconds(*commands))
        medians = {way: statistics.median(found) for way, found in times.items()}
        alone = medians["`--jobs 1`"]
        lines += [
            f"| {batch} | {way} | {found:.1f} s | {found / alone:.2f} |"
            for way, found in medians.items()
        ]
    return "\n".join(lines)


def slices() -> str:
    """Where a film's processor time goes, in the thread that computes its frames and in others."""
    from gradart.jobs.job import Job, compute, write
    from gradart.jobs.process_setup import prepare
    from gradart.sketching.loading import load

    def spent() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    prepare()
    lines = ["| film of 10 s | computing thread | all threads | share |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for name, ending in (("skiers", "gif"), ("skiers", "mp4"), ("secant", "mp4")):
            [sketch] = load(ROOT / "sketches" / f"{name}.py").sketches
            path = Path(folder, f"{name}.{ending}")
            for seconds in (0.4, 10.0):  # the first compiles
                job = Job(sketch, seed=sketch.seed, options={"seconds": seconds})
                one, all_ = time.thread_time(), spent()
                write(job, compute(job), path)
                one, all_ = time.thread_time() - one, spent() - all_
            lines.append(f"| {path.name} | {one:.1f} s | {all_:.1f} s | {one / all_:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(batches() + "\n\n" + slices())
