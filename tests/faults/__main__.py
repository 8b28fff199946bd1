"""Kill the workers of a batch at random: `python -m tests.faults 3000 --kills 500`.

Each job writes a file. Whatever is killed, each file must come, whole; a job whose worker is killed
twice is named, and made by the next run.
"""

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from .storm import storm


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("jobs", type=int, nargs="?", default=3000, help="default: %(default)s")
    parser.add_argument("--kills", type=int, default=500, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--state", type=Path, help="a file for what was found, as JSON")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = storm(Path(folder), words.jobs, words.kills, seed=words.seed)
    print(told)
    if words.state:
        words.state.parent.mkdir(exist_ok=True)
        words.state.write_text(json.dumps(asdict(told), indent=1))
    return 1 if told.lost or told.half or told.left else 0


if __name__ == "__main__":
    raise SystemExit(main())
