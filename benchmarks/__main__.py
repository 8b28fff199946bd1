"""Run every benchmark, each against what a user would pick instead, and write RESULTS.md.

`python -m benchmarks` runs all of them, `python -m benchmarks startup film` some.
"""

import importlib
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
LIBRARIES = "jax", "numpy", "matplotlib", "cairocffi", "optax", "scipy", "pillow", "imageio-ffmpeg"


def machine() -> str:
    """What was measured on, in one paragraph."""
    cpu = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if os.path.exists("/proc") else ():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}; {libraries}."


def main(names: list[str]) -> None:
    every = sorted(f.stem for f in HERE.glob("*.py") if not f.stem.startswith("_"))
    results = HERE / "RESULTS.md"
    parts = [f"# Measured\n\n`python -m benchmarks`, on {machine()} Medians; ratios of one run.\n"]
    for name in names or every:
        print(f"## {name}", flush=True)
        table = importlib.import_module(f"benchmarks.{name}").main()
        print(table, flush=True)
        parts.append(f"## {name}\n\n{table.strip()}\n")
        if not names:
            results.write_text("\n".join(parts))


if __name__ == "__main__":
    main(sys.argv[1:])
