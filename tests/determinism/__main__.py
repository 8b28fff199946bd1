"""Make the same pictures in fresh processes: `python -m tests.determinism 20`.

Each has other workers, another hash seed, locale, time zone, load, number of processors. All files
must have the same bytes. It takes some 10 seconds a process.
"""

import argparse
import json
import tempfile
from pathlib import Path

from .repeat import run, surroundings


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.determinism", description=__doc__)
    parser.add_argument("processes", type=int, nargs="?", default=20, help="default: %(default)s")
    parser.add_argument("--state", type=Path, help="a file for what was found, as JSON")
    words = parser.parse_args()
    first: dict[str, str] = {}
    differing: list[str] = []
    with tempfile.TemporaryDirectory() as cache:
        for number, around in enumerate(surroundings(words.processes), 1):
            found = run(around, Path(cache))
            first = first or found
            names = sorted(n for n in first.keys() | found.keys() if first.get(n) != found.get(n))
            differing += [f"{name} ({around})" for name in names]
            verdict = f"other bytes: {', '.join(names)}" if names else "the same bytes"
            print(f"{number:3}  {len(found)} files, {verdict}  ({around})", flush=True)
    print(f"{words.processes} processes, {len(first)} files each, {len(differing)} differences")
    if words.state:
        words.state.parent.mkdir(exist_ok=True)
        said = {"processes": words.processes, "files": len(first), "differences": differing}
        words.state.write_text(json.dumps(said, indent=1))
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
