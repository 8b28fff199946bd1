"""Cases run in child processes, and what became of them, whatever became of the child."""

import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[2]
PATIENCE = 120.0  # s without a word from a child, for one that waits and burns no CPU time


@dataclass
class Tally:
    """How many cases ended how, and those that should not have: their number and why."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)
    next: int = 0

    def note(self, index: int, outcome: str, why: str) -> None:
        self.counts[outcome] += 1
        self.next = index + 1
        if outcome in ("failed", "killed"):
            self.failures.append((index, why))

    def __str__(self) -> str:
        parts = [f"{number:,} {outcome}" for outcome, number in sorted(self.counts.items())]
        return f"{self.counts.total():,}: {', '.join(parts)}"


def run(kind: str, seed: int, stop: int, tally: Tally, noted: Callable[[], Any] = bool) -> None:
    """Run the cases from tally.next to stop, and call `noted` after each.

    The kind is "scenes", "films" or "files". A child that dies costs the case in hand alone.
    """
    while tally.next < stop:
        words = [sys.executable, "-m", "tests.fuzz.child", kind]
        words += map(str, (seed, tally.next, stop))
        with tempfile.TemporaryFile("w+") as said:  # a pipe would fill up
            child = subprocess.Popen(
                words, cwd=HOME, stdout=subprocess.PIPE, stderr=said, text=True
            )
            for line in _lines(child):
                tally.note(*json.loads(line))
                noted()
            if child.wait() > 0:
                said.seek(0)
                raise RuntimeError(f"the child itself is broken: {said.read()}")
        if tally.next < stop:
            tally.note(tally.next, "killed", _end(child.returncode))


def _lines(child: Any) -> Iterator[str]:
    """Yield a child's whole lines; end it where it says nothing for too long."""
    while True:
        watch = threading.Timer(PATIENCE, child.kill)
        watch.start()
        line = child.stdout.readline()
        watch.cancel()
        if not line.endswith("\n"):
            child.stdout.close()
            return
        yield line


def _end(status: int) -> str:
    if status == -signal.SIGPROF:
        return "took too long"
    return signal.Signals(-status).name if status else "ended"
