"""The same commands in fresh processes, each in other surroundings: whether all bytes are equal."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

SKETCHES = Path(__file__).parent / "sketches"
ROOT = Path(__file__).parents[2]
# All formats of a gallery, and the film as WebP.
COMMANDS = (
    ("gallery", "sketches", "-o", "all"),
    ("run", "sketches/swing.py", "--seed", "5,6", "-o", "all/more.webp", "--px", "200"),
)
SMALL = tuple(  # for the suite: in one process, all formats
    ("run", "sketches/swing.py", "-o", f"all/swing.{ending}", "--px", "80")
    for ending in ("png", "svg", "pdf", "gif", "webp", "apng", "mp4")
)
_PROGRAM = """
import sys
from gradart.command.cli import main
for line in sys.stdin.read().splitlines():
    if status := main(line.split()):
        sys.exit(status)
"""


@dataclass(frozen=True)
class Surroundings:
    """What a process finds: workers, hash seed, locale, time zone, load, processors, a cache."""

    jobs: int = 1
    hash_seed: str = "0"
    locale: str = "C.UTF-8"
    zone: str = "UTC"
    busy: int = 0
    processors: int = 0  # 0 for all
    cache: bool = False

    def __str__(self) -> str:
        words = [f"{self.jobs} process{'es' * (self.jobs > 1)}", f"hash seed {self.hash_seed}"]
        words += [self.locale, self.zone, "under load" if self.busy else "idle"]
        words += [f"on {self.processors} processor"] if self.processors else []
        return ", ".join([*words, "compiled before" if self.cache else "compiled anew"])


def surroundings(count: int) -> list[Surroundings]:
    """The first are plain; the others differ from one another in every respect."""
    locales = "C.UTF-8", "C", "de_DE.UTF-8", "tr_TR.UTF-8", "ja_JP.UTF-8"
    zones = "UTC", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati"
    return [
        Surroundings(
            jobs=1 + i % 2,
            hash_seed=("0", "1", "random", "4294967295")[i % 4 if i < 4 else i * 7 % 4],
            locale=locales[i % 5],
            zone=zones[i // 2 % 4],
            busy=2 * (i % 5 == 3),
            processors=int(i % 6 == 4),
            cache=i % 3 == 2,
        )
        for i in range(count)
    ]


def run(
    around: Surroundings, cache: Path, commands: tuple[tuple[str, ...], ...] = COMMANDS
) -> dict[str, str]:
    """Run the commands in a new process and a new folder; each file's hash, by its name."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": around.hash_seed,
        "LC_ALL": around.locale,
        "TZ": around.zone,
        "GRADART_CACHE": str(cache) if around.cache else "",
    }
    for name in "NPROC", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "SOURCE_DATE_EPOCH":
        environment.pop(name, None)
    pinned = ["taskset", "-c", "0"] if around.processors and shutil.which("taskset") else []
    jobs = f" --jobs {around.jobs}"
    with tempfile.TemporaryDirectory() as folder, _load(around.busy):
        shutil.copytree(SKETCHES, Path(folder, "sketches"))
        Path(folder, "all").mkdir()
        subprocess.run(
            [*pinned, sys.executable, "-c", _PROGRAM],
            input="".join(" ".join(words) + jobs + "\n" for words in commands),
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            text=True,
            check=True,
        )
        files = sorted(Path(folder, "all").iterdir())
        return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


@contextmanager
def _load(processes: int) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(processes):
            busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(busy.wait)
            stack.callback(busy.kill)
        yield
