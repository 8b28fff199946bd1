"""How long a command takes from nothing: whole processes, side by side.

The bare script is what nobody can go below: it imports JAX and compiles one function. Processor
time counts, too: that is the same on a machine that others use as well.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUNDS = 7

BARE = """
import jax, jax.numpy as jnp
jax.jit(lambda x: jnp.sin(x) * jnp.exp(-x))(jnp.linspace(0, 1, 900)).block_until_ready()
"""


def _seconds(words: list[str], folder: str) -> tuple[float, float]:
    """How long a command takes, and how much of a processor."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    taken, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken, spent


def main() -> str:
    """Time the commands in turn, and return a table of their medians."""
    gradart = [sys.executable, "-m", "gradart"]
    sketch = str(ROOT / "sketches" / "forward_spiral.py")
    commands = {
        "a bare JAX script": [sys.executable, "-c", BARE],
        "`gradart --help`": [*gradart, "--help"],
        "`gradart run sketches/forward_spiral.py`": [*gradart, "run", sketch],
        "the same with `--if-changed`": [*gradart, "run", sketch, "--if-changed"],
    }
    with tempfile.TemporaryDirectory() as folder:
        for words in commands.values():  # fills the caches of files and of compilations
            _seconds(words, folder)
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, words in commands.items():
                times[name].append(_seconds(words, folder))
    medians = {
        name: [statistics.median(column) for column in zip(*found, strict=True)]
        for name, found in times.items()
    }
    (_, bare), _, (_, whole), _ = medians.values()
    goals = (
        "",
        "at most 0.3 s",
        f"{whole - bare:+.2f} s of processor; at most +0.15",
        "at most 0.15 s",
    )
    lines = ["| whole process | median | processor time | goal |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {taken:.2f} s | {spent:.2f} s | {goal} |"
        for (name, (taken, spent)), goal in zip(medians.items(), goals, strict=True)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(main())
