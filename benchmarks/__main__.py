"""Run benchmarks, each against what a user would pick instead, and write RESULTS.md.

`python -m benchmarks` runs all of them, `python -m benchmarks startup film` some.
"""

import os
import platform
import subprocess
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
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the users of gradart keep its bytecode
    every = sorted(f.stem for f in HERE.glob("*.py") if not f.stem.startswith("_"))
    if unknown := sorted({*names} - {*every}):
        sys.exit(f"no benchmark is called {', '.join(unknown)}: there are {', '.join(every)}")
    results = HERE / "RESULTS.md"
    head, *old = (results.read_text() if results.is_file() else "").split("\n## ")
    found = {part.partition("\n")[0]: part.partition("\n")[2] for part in old}
    for name in names or every:
        print(f"## {name}", flush=True)
        run = subprocess.run(
            [sys.executable, HERE / f"{name}.py"], stdout=subprocess.PIPE, text=True
        )
        print(run.stdout, flush=True)
        found[name] = f"\nOn {machine()}\n\n{run.stdout.strip()}\n"
        head = "# Measured\n\n`python -m benchmarks`; medians, and ratios of one run.\n"
        results.write_text("\n## ".join([head, *(f"{k}\n{v}" for k, v in sorted(found.items()))]))


if __name__ == "__main__":
    main(sys.argv[1:])
