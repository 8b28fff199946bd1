"""Random scenes, films, broken files: `python -m tests.fuzz scenes 100000 --state out/x.json`.

With a state file, a run that was ended goes on where it was.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from .driver import Tally, run

CHUNK = 20_000  # cases that a process takes
STEP = 500  # cases from one note to the next


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("kind", choices=["scenes", "films", "files"])
    parser.add_argument("count", type=int, nargs="?", default=1000, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--state", type=Path, help="a file that keeps how far it came")
    words = parser.parse_args()
    tally = Tally()
    if words.state and words.state.exists():
        said = json.loads(words.state.read_text())
        if (said["kind"], said["seed"]) != (words.kind, words.seed):
            parser.error(f"{words.state} is of {said['kind']} with seed {said['seed']}")
        failures = [(index, why) for index, why in said["failures"]]
        tally = Tally(Counter(said["counts"]), failures, said["next"])

    def keep() -> None:
        if tally.next % STEP == 0 or tally.next == words.count:
            print(tally, *tally.failures, sep="\n  ", flush=True)
            if words.state:
                words.state.parent.mkdir(exist_ok=True)
                words.state.write_text(
                    json.dumps({"kind": words.kind, "seed": words.seed, **vars(tally)}, indent=1)
                )

    while tally.next < words.count:
        run(words.kind, words.seed, min(tally.next + CHUNK, words.count), tally, keep)
    return 1 if tally.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
