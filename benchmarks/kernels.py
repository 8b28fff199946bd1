"""The first ink and the first streamlines of a process: how long before anything is drawn.

JAX is there, and has compiled what the field is; what is timed is the first call in each of several
processes: with code that came with the package or was kept at set-up, with numba's own cache, and
where nothing is kept. The second call, some milliseconds, is drawing alone.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile

ROUNDS = 5

CHILD = """
import json, resource, sys, time
from pathlib import Path
import numpy as np
import gradart as ga
from gradart.geometry.streamlines.streamlines import sampled
from gradart.kernels import compiled_files as kept
from gradart.rendering.ink.density import Strokes, accumulate

if sys.argv[1] == "anew":
    kept.HERE = kept.MADE = Path("/dev/null/none")
points = np.random.default_rng(0).uniform(0, 400, (100, 4, 2))
field = ga.peaks()
sampled(field, np.array([-3.0, -3.0]), np.array([3.0, 3.0]), 0.1)
ga.streamlines
works = {
    "first ink": lambda: accumulate((400, 400), [Strokes(points, 1.5, np.ones(3))]),
    "first streamlines": lambda: ga.streamlines(field, separation=0.5),
}
def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime
said = []
for _ in range(2):
    start = spent()
    works[sys.argv[2]]()
    said.append([now - then for now, then in zip(spent(), start)])
print(json.dumps([*said[0], said[1][0], "numba" in sys.modules]))
"""


def _first(how: str, work: str, folder: str) -> list[float]:
    """The seconds of a first call, those of the processor, of a second call; whether numba came."""
    more = {"anew": {"GRADART_CACHE": ""}, "numba": {"NUMBA_OPT": "3", "NUMBA_CACHE_DIR": folder}}
    words = [sys.executable, "-c", CHILD, how, work]
    environment = {**os.environ, **more.get(how, {})}
    done = subprocess.run(words, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main() -> str:
    """Time first calls in turn, and return a table of their medians."""
    lines = [
        "| first in a process | with | seconds (goal: 0.5 s) | of the processor | again | numba |",
        "|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for work in ("first ink", "first streamlines"):
            for how, name in (
                ("kept", "kept code"),
                ("numba", "numba's cache"),
                ("anew", "nothing kept"),
            ):
                if how != "anew":  # what fills the caches of files and of compilations
                    _first(how, work, folder)
                runs = [_first(how, work, folder) for _ in range(1 if how == "anew" else ROUNDS)]
                first, used, again, numba = (
                    statistics.median(row) for row in zip(*runs, strict=True)
                )
                lines.append(
                    f"| {work} | {name} | {first:.2f} s | {used:.2f} s | {again:.3f} s |"
                    f" {'imported' if numba else 'not imported'} |"
                )
    return "\n".join(lines)


if __name__ == "__main__":
    print(main())
