"""Run benchmarks, each against what a user would pick instead, and write RESULTS.md.

`python -m benchmarks` runs all of them, `python -m benchmarks startup film` some. With `--check`,
before a release, those that have goals are run and held to these and to RESULTS.md, which stays as
it is; what is missed is said, and the exit status is 1.
"""

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.goals import GOALS, verdicts

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


def main(words: list[str]) -> None:
    check = "--check" in words
    names = [word for word in words if word != "--check"]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the users of gradart keep its bytecode
    every = sorted(f.stem for f in HERE.glob("*.py") if f.stem not in ("__main__", "goals"))
    if unknown := sorted({*names} - {*every}):
        sys.exit(f"no benchmark is called {', '.join(unknown)}: there are {', '.join(every)}")
    results = HERE / "RESULTS.md"
    head, *old = (results.read_text() if results.is_file() else "").split("\n## ")
    found = {part.partition("\n")[0]: part.partition("\n")[2] for part in old}
    missed = 0
    for name in names or ([*GOALS] if check else every):
        print(f"## {name}", flush=True)
        run = subprocess.run(
            [sys.executable, HERE / f"{name}.py"], stdout=subprocess.PIPE, text=True
        )
        print(run.stdout, flush=True)
        if check:
            for met, told in verdicts(name, run.stdout, found.get(name, "")):
                print("met   " if met else "MISSED", told, flush=True)
                missed += not met
            continue
        found[name] = f"\nOn {machine()}\n\n{run.stdout.strip()}\n"
        head = "# Measured\n\n`python -m benchmarks`; medians, and ratios of one run.\n"
        results.write_text("\n## ".join([head, *(f"{k}\n{v}" for k, v in sorted(found.items()))]))
    if missed:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
