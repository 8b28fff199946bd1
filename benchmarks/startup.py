"""How long a command takes from nothing: whole processes, side by side.

The bare script is what nobody can go below: it imports JAX and compiles one function.
"""

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


def _seconds(words: list[str], folder: str) -> float:
    start = time.perf_counter()
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


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
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, words in commands.items():
                times[name].append(_seconds(words, folder))
    bare, light, whole, again = (statistics.median(seconds) for seconds in times.values())
    rows = [
        ("a bare JAX script", bare, ""),
        ("`gradart --help`", light, "at most 0.3 s"),
        (
            "`gradart run sketches/forward_spiral.py`",
            whole,
            f"{whole - bare:+.2f} s; at most +0.15",
        ),
        ("the same with `--if-changed`", again, "at most 0.15 s"),
    ]
    lines = ["| whole process | median | goal |", "|---|---|---|"]
    return "\n".join(lines + [f"| {name} | {value:.2f} s | {goal} |" for name, value, goal in rows])


if __name__ == "__main__":
    print(main())
