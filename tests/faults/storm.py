"""A batch whose workers are killed at random: what is lost, and what is half written."""

import os
import random
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gradart.jobs.call_dispatch import Call, ExecutorSpec, Failed, dispatch
from gradart.jobs.process_pool import Workers
from gradart.rendering.files.atomic import replacing


@dataclass
class Storm:
    """How a batch went: its jobs, the workers killed, how often it was run again, what was bad."""

    jobs: int
    kills: int = 0
    named: int = 0  # jobs whose worker was killed twice, which the next run makes
    runs: int = 0
    lost: int = 0
    half: int = 0
    left: int = 0  # temporary files

    def __str__(self) -> str:
        return (
            f"{self.jobs} jobs, {self.kills} workers killed, {self.named} jobs killed twice and"
            f" named, {self.runs} runs; {self.lost} lost, {self.half} half, {self.left} left over"
        )


def text(number: int) -> str:
    return sha256(str(number).encode()).hexdigest() * 2000


def write(path: Path, number: int, progress: object = None) -> int:
    """What a job does: a file, whole or not at all, in several steps."""
    whole = text(number)
    with replacing(path) as temporary, open(temporary, "w") as file:
        for at in range(0, len(whole), 16_000):
            file.write(whole[at : at + 16_000])
            file.flush()
    return number


def storm(
    folder: Path, jobs: int, kills: int, workers: int = 2, seed: int = 0, seconds: float = 0.05
) -> Storm:
    """Run jobs that write files, and kill a worker every so often; run again what was named."""
    draw = random.Random(seed)
    told = Storm(jobs)
    while rest := [n for n in range(jobs) if not (folder / f"{n}.txt").exists()]:
        calls = [Call(str(n), write, (folder / f"{n}.txt", n)) for n in rest]
        pool = Workers(workers)
        over = threading.Event()
        killer = threading.Thread(
            target=_kill, args=(pool, told, kills, draw, over.wait, seconds), daemon=True
        )
        killer.start()
        done = list(dispatch(calls, ExecutorSpec(lambda n, pool=pool: pool, least=1)))
        over.set()
        killer.join()
        failed = [result for result in done if isinstance(result, Failed)]
        told.named += len(failed)
        told.runs += 1
        told.lost += len(rest) - len(done)
        # What is neither there nor named is lost.
        names = {result.name for result in failed}
        told.lost += sum(not (folder / f"{n}.txt").exists() and str(n) not in names for n in rest)
    told.half = sum((folder / f"{n}.txt").read_text() != text(n) for n in range(jobs))
    with replacing(folder / "last") as temporary:  # at which the dead ones' files go
        temporary.touch()
    told.left = len(list(folder.glob(".*")))
    return told


def _kill(
    pool: Workers,
    told: Storm,
    kills: int,
    draw: random.Random,
    wait: Callable[[float], bool],
    seconds: float,
) -> None:
    while told.kills < kills and not wait(draw.expovariate(1 / seconds)):
        living = [process for process in list(pool._processes) if process.poll() is None]
        if living:
            os.kill(draw.choice(living).pid, signal.SIGKILL)
            told.kills += 1
