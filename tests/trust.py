"""Inputs tried, faults injected, load held: one table (`python -m tests.trust`).

The numbers are those of this run: random scenes, films and broken files in child processes, workers
killed while they have jobs, writes that fail in the middle, processes that write one file at the
same time, pictures of many strokes, and what else a machine may hold: pipes and endless devices,
files that grow in the reading, sketches that move about, files called like modules, pages that say
odd things. What is lost is listed, and is the exit status.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests import strange
from tests.fuzz.driver import HOME, Tally, run

PIECE = """
import jax, time
import gradart as ga

@ga.sketch(page="40x40mm")
def piece(key, wait=0.0):
    time.sleep(wait)
    return ga.scene(ga.dots(jax.random.normal(key, (50, 2))))
"""
MANY = """
import jax
import gradart as ga

@ga.sketch(page="square")
def many(key, n=1000, blend="over"):
    ends = jax.random.normal(key, (2, n, 2))
    return ga.scene(ga.segments(ends[0], ends[1], width=0.1, alpha=0.01, blend=blend))
"""
GRADART = (sys.executable, "-m", "gradart")


@dataclass
class Row:
    """A line of the table: what was done, how often, and what should not have happened."""

    what: str
    tried: int
    ended: Counter[str]
    lost: list[str]


def fuzzed(kind: str, what: str, count: int, seed: int) -> Row:
    tally = Tally()
    run(kind, seed, count, tally)
    counts = Counter({k: v for k, v in tally.counts.items() if k not in ("failed", "killed")})
    lost = [f"{kind} {index} of seed {seed}: {why}" for index, why in tally.failures]
    return Row(what, tally.counts.total(), counts, lost)


def killed_workers(kills: int) -> Row:
    """Kill workers of a batch in the middle of a job, none in the second try at one."""
    lost: list[str] = []
    ended: Counter[str] = Counter()
    with studio() as folder:
        jobs = 4 * kills + 4
        words = [*GRADART, "run", "piece.py", "--jobs", "2", "--px", "40", "--wait", "0.7"]
        batch = start([*words, "--seed", f"0..{jobs - 1}", "-o", "out"], folder)
        killed: set[int] = set()
        while batch.poll() is None:
            made = len(list((folder / "out").glob("*.png")))
            at_work = sorted(set(workers(batch.pid)) - killed)
            # When four more pictures are there, what was tried again is done.
            if len(at_work) == 2 and len(killed) < min(kills, made // 4 + 1):
                os.kill(at_work[0], signal.SIGKILL)
                killed.add(at_work[0])
            time.sleep(0.1)
        said = batch.communicate()[1].strip().splitlines()[-1:]
        ended["workers killed"] = len(killed)
        ended["pictures"] = sum(map(whole, (folder / "out").glob("*.png")))
        if len(killed) < kills:
            lost.append(f"only {len(killed)} of {kills} workers could be killed")
        if batch.returncode or ended["pictures"] != jobs:
            lost.append(f"{jobs - ended['pictures']} of {jobs} pictures: {said}")
        lost += leftovers(folder)
    return Row("workers killed in a batch", kills, ended, lost)


def writers(count: int) -> Row:
    """Let processes write to one name at the same time, and read it all the while."""
    lost: list[str] = []
    ended: Counter[str] = Counter()
    with studio() as folder:
        words = [*GRADART, "run", "piece.py", "--px", "60", "-o", "one.png", "--seed"]
        busy = [start([*words, str(seed)], folder) for seed in range(count)]
        while any(process.poll() is None for process in busy):
            if (folder / "one.png").exists():
                ended["reads"] += 1
                if not whole(folder / "one.png"):
                    lost.append("a reader has seen half a file")
            time.sleep(0.01)
        failed = sum(process.returncode != 0 for process in busy)
        ended["writers"] = count - failed
        lost += [f"{failed} of {count} writers failed"] * bool(failed) + leftovers(folder)
    return Row("processes that write one name", count, ended, lost)


def full_disks(limits: list[int]) -> Row:
    """Let a write fail after so many bytes: what was there has to stay."""
    lost: list[str] = []
    ended: Counter[str] = Counter()
    with studio() as folder:
        for limit in limits:
            for name in ("a.png", "a.svg", "a.pdf"):
                (folder / name).write_text("before")
                code = (
                    "import resource, signal, sys\n"
                    "from gradart.command.cli import main\n"
                    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
                    "sys.dont_write_bytecode = True\n"
                    f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
                    f"sys.exit(main(['run', 'piece.py', '--px', '300', '-o', '{name}']))"
                )
                process = start([sys.executable, "-c", code], folder)
                said = process.communicate()[1].strip().splitlines()
                said = [line for line in said if "note: --px" not in line]
                good = process.returncode == 1 and len(said) == 1
                if not good or (folder / name).read_text() != "before":
                    lost.append(f"{name} with {limit} bytes: {said[-1:]}")
                ended["told"] += good
                (folder / name).unlink()
        lost += leftovers(folder)
    return Row("disks full in the middle of a file", 3 * len(limits), ended, lost)


def load(strokes: int) -> Row:
    """Draw as many strokes in one picture, over and as ink, in three formats."""
    lost: list[str] = []
    ended: Counter[str] = Counter()
    with studio() as folder:
        for name, option in (("a.png", "over"), ("b.png", "ink"), ("c.svg", "over")):
            words = [*GRADART, "run", "many.py", "--n", str(strokes), "--blend", option, "-o", name]
            process = start(words, folder)
            said = process.communicate()[1].strip()
            good = process.returncode == 0 and whole(folder / name)
            ended["pictures"] += good
            lost += [] if good else [f"{name}: {said}"]
        lost += leftovers(folder)
    return Row(f"pictures of {strokes:,} strokes", 3, ended, lost)


def odd(what: str, cases: Callable[..., strange.Tried], *how: int) -> Row:
    """Try what is strange in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return Row(what, *strange.counted(cases(Path(folder), *how)))


@contextmanager
def studio() -> Iterator[Path]:
    """Return a folder with sketches in it, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "piece.py").write_text(PIECE)
        (folder / "many.py").write_text(MANY)
        yield folder


def start(words: Sequence[str], folder: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(HOME), "GRADART_CACHE": ""}
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return subprocess.Popen(list(words), cwd=folder, env=environment, text=True, **pipes)


def workers(parent: int) -> list[int]:
    """Return the processes that work for a batch: forks of it, or Python with a text to run."""
    try:
        threads = Path(f"/proc/{parent}/task").glob("*/children")
        children = [int(pid) for thread in threads for pid in thread.read_text().split()]
        pids = [parent, *children]
        lines = {pid: Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in pids}
    except OSError:  # one has just ended
        return []
    return [pid for pid in children if b"-c" in lines[pid][1:3] or lines[pid] == lines[parent]]


def whole(file: Path) -> bool:
    """Whether a picture can be read to its end."""
    if file.suffix == ".svg":
        return file.read_bytes().endswith(b"</svg>\n")
    try:
        with Image.open(file) as image:
            image.load()
    except OSError:
        return False
    return True


def leftovers(folder: Path) -> list[str]:
    names = [file.name for file in folder.rglob("*") if file.name.startswith(".")]
    return [f"temporary files are left: {', '.join(names)}"] * bool(names)


def table(rows: list[Row]) -> str:
    lines = [f"{'':<36} {'tried':>9}  {'lost':>4}  of these"]
    for row in rows:
        ends = ", ".join(f"{number:,} {name}" for name, number in sorted(row.ended.items()))
        lines.append(f"{row.what:<36} {row.tried:>9,}  {len(row.lost):>4}  {ends}")
        lines += [f"    {lost}" for lost in row.lost]
    tried, lost = sum(row.tried for row in rows), sum(len(row.lost) for row in rows)
    return "\n".join([*lines, f"{'all':<36} {tried:>9,}  {lost:>4}"])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.trust", description=__doc__)
    parser.add_argument("--scenes", type=int, default=1000, help="default: %(default)s")
    parser.add_argument("--films", type=int, default=200, help="default: %(default)s")
    parser.add_argument("--files", type=int, default=5000, help="default: %(default)s")
    parser.add_argument("--kills", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--writers", type=int, default=4, help="default: %(default)s")
    parser.add_argument("--strokes", type=int, default=100_000, help="default: %(default)s")
    parser.add_argument("--messages", type=int, default=400, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="default: the clock")
    words = parser.parse_args()
    steps: list[Callable[[], Row]] = [
        lambda: fuzzed("scenes", "random scenes, in three formats", words.scenes, words.seed),
        lambda: fuzzed("films", "random films, in four formats", words.films, words.seed),
        lambda: fuzzed("files", "broken files", words.files, words.seed),
        lambda: killed_workers(words.kills),
        lambda: full_disks([0, 100, 3000]),
        lambda: writers(words.writers),
        lambda: load(words.strokes),
        lambda: odd("paths that are no files", strange.paths_that_are_no_files),
        lambda: odd("files that grow in the reading", strange.files_that_grow_in_the_reading),
        lambda: odd("sketches that move about", strange.sketches_that_move_about),
        lambda: odd("files called like modules", strange.files_called_like_modules),
        lambda: odd(
            "pages that say odd things",
            strange.pages_that_say_odd_things,
            words.messages,
            words.seed,
        ),
    ]
    rows = []
    for number, step in enumerate(steps, 1):
        print(f"\r{number} of {len(steps)} ...", end="", file=sys.stderr, flush=True)
        rows.append(step())
    print("\r", end="", file=sys.stderr)
    print(f"seed {words.seed}\n{table(rows)}")
    return 1 if any(row.lost for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
