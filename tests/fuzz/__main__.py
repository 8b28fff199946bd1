"""Draw random scenes: `python -m tests.fuzz 100000 --seed 1 --state out/fuzz.json`.

With a state file, a run that was ended goes on where it was.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from .driver import Tally, draw

CHUNK = 20_000  # scenes that a process draws
STEP = 500  # scenes from one note to the next


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("scenes", type=int, nargs="?", default=1000, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--state", type=Path, help="a file that keeps how far it came")
    words = parser.parse_args()
    tally = Tally()
    if words.state and words.state.exists():
        said = json.loads(words.state.read_text())
        if said["seed"] != words.seed:
            parser.error(f"{words.state} is of seed {said['seed']}")
        failures = [(index, why) for index, why in said["failures"]]
        tally = Tally(Counter(said["counts"]), failures, said["next"])

    def keep() -> None:
        if tally.next % STEP == 0 or tally.next == words.scenes:
            print(tally, *tally.failures, sep="\n  ", flush=True)
            if words.state:
                words.state.parent.mkdir(exist_ok=True)
                words.state.write_text(json.dumps({"seed": words.seed, **vars(tally)}, indent=1))

    while tally.next < words.scenes:
        draw(words.seed, min(tally.next + CHUNK, words.scenes), tally, keep)
    return 1 if tally.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
