"""Runs the cases START to STOP of a seed, and says of each what became of it, a line each.

Run by `tests.fuzz`, in a process of its own: what kills it kills no other. A file that takes more
than LIMIT seconds of CPU time kills it too, whatever native code it may be in.
"""

import json
import resource
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

import jax
import numpy as np

from gradart.errors import ArtError, ArtWarning
from gradart.library.readers import file_checks
from gradart.rendering.ink import blending
from gradart.rendering.ink.density import Disks, Strokes, accumulate
from gradart.rendering.vector import overlaps

from . import films, readers
from .painting import check
from .scenes import drawing

LIMIT = 10.0  # 5 s on each of two cores: ink is drawn by a thread for each


def start_clock() -> None:
    """From now on LIMIT seconds of CPU time end the process, unless the clock is started again."""
    signal.setitimer(signal.ITIMER_PROF, LIMIT)


def scene(seed: int, index: int) -> str:
    make, page, px, transparent = drawing(seed, index)
    return "drawn" if check(make(), page, px, transparent, start_clock) else "blank"


def film(seed: int, index: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        return films.check(seed, index, Path(folder))


def file(seed: int, index: int) -> str:
    name, data = readers.mutated(np.random.default_rng([seed, index]), readers.good())
    with tempfile.TemporaryDirectory() as folder:
        return readers.read(name, data, Path(folder))


def outcome(case: Callable[[int, int], str], seed: int, index: int) -> tuple[str, str]:
    """What became of a case, `refused` or `failed` among it, and why."""
    try:
        return case(seed, index), ""
    except ArtError as error:
        if "\n" in (text := str(error)) or not text:
            return "failed", f"an error is not one line: {text!r}"
        return "refused", text
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-4:]
        steps = " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in where)
        return "failed", f"{type(error).__name__}: {error} ({steps})"


def main(kind: str, seed: int, start: int, stop: int) -> None:
    # A crash is to be a signal that the parent sees, and not a file.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("error")  # a RuntimeWarning is a NaN on its way
    warnings.simplefilter("ignore", ArtWarning)
    if kind != "files":
        blending._LONGEST, blending.CELL = 128, 2.0  # type: ignore[attr-defined]  # the same work on fewer pixels
        inks, twice = np.ones((2, 3)), np.ones((2, 2))
        dots = Disks(twice, 1.0, inks[0]), Disks(twice, 1.0, inks), Disks(twice, inks[0, :2], inks)
        accumulate((9, 9), [Strokes(np.ones((1, 2, 2)), 1.0, inks[0]), *dots])  # compiled
        accumulate((9, 9), [Disks(twice, 0.1, inks[0, :1])], 1)
        top, lows, highs = np.zeros((9, 9), np.int32), *np.ones((2, 9))
        overlaps.looked_at(twice, 1.0, False, 9, 9)
        overlaps.highest(top, twice, 1.0, False, lows, highs)
        overlaps.cover(top, twice, 1.0, False, lows, highs, 1)
    else:
        file_checks.BUDGET = 1_000_000
    case = {"scenes": scene, "films": film, "files": file}[kind]
    with jax.enable_x64(True):  # as in a sketch
        for index in range(start, stop):
            start_clock()
            print(json.dumps([index, *outcome(case, seed, index)]), flush=True)
    signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
