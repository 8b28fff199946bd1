"""The sketches of a folder, each with a small picture: kept ones at once, others as they come.

They are kept from run to run, with what they were made from. Workers draw the others side by side,
first those that were quick the last time. One that takes long does not hold the others up: another
worker goes on beside it; and where too many take long, one is put off until the others are drawn.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from gradart.files.kept import keep, kept
from gradart.files.reading import text_hash
from gradart.jobs.sources import same
from gradart.studio import protocol
from gradart.studio.protocol import ToSend
from gradart.studio.server.worker_pool import (
    Tell,
    Thumbnails,
    Worker,
    WorkerDied,
    WorkerPool,
    stamp,
)

_AT_ONCE = 2  # workers that draw
_MOST = 3  # workers, with those whose sketch takes long
_PATIENCE = 4.0  # s, after which it takes long; after twice that it may be put off
_UNKNOWN = 1.0  # s that a sketch is taken to need that nobody has drawn yet
_MOST_KEPT = 1000  # files of sketches


@dataclass(frozen=True)
class _Wanted:
    """A sketch file that is to be drawn, and how long that took the last time."""

    name: str
    file: str
    seconds: float
    put_off: bool = False  # whether it has been begun already


@dataclass
class _Running:
    """A sketch file that a worker draws."""

    wanted: _Wanted
    worker: Worker
    began: float


async def list_sketches(pool: WorkerPool, px: int, tell: Tell) -> None:
    """Send a small picture of every sketch, at once if it was drawn before and has not changed."""
    files = {name: location.file for name, location in pool.sketches().items()}
    await tell({"of": "list", "names": list(files)})

    async def send(name: str, drawn: Thumbnails) -> None:
        for head, body in drawn.messages:
            address = head.get("address") or name
            await tell({"of": "list", "of_file": name, **head, "address": address}, body)

    waiting = []
    for name, file in files.items():
        last, holds = await asyncio.to_thread(_known, pool, file, px)
        if last is not None and holds:
            await send(name, last)
        else:
            waiting.append(_Wanted(name, file, _UNKNOWN if last is None else last.seconds))
    waiting.sort(key=lambda wanted: wanted.seconds)
    async with aclosing(_drawn(pool, waiting, px)) as found:
        async for wanted, drawn in found:
            await asyncio.to_thread(_note, pool, wanted.file, px, drawn)
            await send(wanted.name, drawn)
    await tell({"of": "list", "done": True})


def _known(pool: WorkerPool, file: str, px: int) -> tuple[Thumbnails | None, bool]:
    """What was drawn of a file, if anything, and whether it would be the same today."""
    last = pool.thumbnails.get((file, px))
    if last is None:
        last = _unpacked(kept(_name(file, px)) or b"")
    if last is None or last.sources is None:
        return last, last is not None and last.saved == stamp([file])
    try:
        return last, same(last.sources)
    except (ValueError, LookupError, TypeError, AttributeError):  # not noted by this version
        return None, False


def _note(pool: WorkerPool, file: str, px: int, drawn: Thumbnails) -> None:
    pool.thumbnails[file, px] = drawn
    if drawn.sources is not None:
        head = {"sources": drawn.sources, "seconds": drawn.seconds}
        data = b"".join(protocol.pack(*message) for message in ((head, b""), *drawn.messages))
        keep(_name(file, px), data, _MOST_KEPT)


def _unpacked(data: bytes) -> Thumbnails | None:
    try:
        (head, _), *messages = protocol.unpacked(data)
        return Thumbnails([*messages], float(head["seconds"]), head["sources"])
    except (ValueError, LookupError, TypeError):  # nothing, or not what this version keeps
        return None


def _name(file: str, px: int) -> str:
    return f"thumbnails/{text_hash(f'{px} {file}')[:32]}"


async def _drawn(
    pool: WorkerPool, wanted: list[_Wanted], px: int
) -> AsyncGenerator[tuple[_Wanted, Thumbnails]]:
    """What workers draw of sketch files, each as it is there."""
    waiting, put_off = deque(wanted), deque[_Wanted]()
    running: dict[asyncio.Task[Thumbnails], _Running] = {}
    free: list[Worker] = []
    try:
        while waiting or put_off or running:
            while (waiting or put_off) and _quick(running) < _AT_ONCE:
                if len(running) == _MOST:
                    task = _slowest(running) if waiting else None
                    if task is None:
                        break
                    put_off.append(replace(running[task].wanted, put_off=True))
                    running.pop(task).worker.kill()
                    await asyncio.wait([task])
                one = waiting.popleft() if waiting else put_off.popleft()
                worker = free.pop() if free else await pool.start()
                task = asyncio.create_task(_thumbnails(worker, one, px))
                running[task] = _Running(one, worker, time.monotonic())
            done, _ = await asyncio.wait(
                running, timeout=_PATIENCE / 4, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                ended = running.pop(task)
                if ended.worker.alive and not ended.worker.worn:
                    free.append(ended.worker)
                else:
                    ended.worker.kill()
                yield ended.wanted, task.result()
    finally:
        for task, one_running in running.items():
            task.cancel()
            one_running.worker.kill()
        for worker in free:
            pool.release(worker)


def _quick(running: dict[asyncio.Task[Thumbnails], _Running]) -> int:
    """How many workers have not yet taken long."""
    now = time.monotonic()
    return sum(now - one.began < _PATIENCE for one in running.values())


def _slowest(running: dict[asyncio.Task[Thumbnails], _Running]) -> asyncio.Task[Thumbnails] | None:
    """What has taken longest, if that is long enough to be put off; nothing is put off twice."""
    began = {task: one.began for task, one in running.items() if not one.wanted.put_off}
    task = min(began, key=began.__getitem__, default=None)
    return task if task and time.monotonic() - began[task] > 2 * _PATIENCE else None


async def _thumbnails(worker: Worker, wanted: _Wanted, px: int) -> Thumbnails:
    """What a worker draws of a file: a message for each sketch, or what is wrong with it."""
    began, saved = time.monotonic(), stamp([wanted.file])
    messages: list[ToSend] = []
    sources = None

    def add_wrong(text: str) -> None:
        messages.append(({"name": wanted.name, "title": "", "wrong": text}, b""))

    try:
        async for head, body in worker.ask("thumbnails", file=wanted.file, px=px):
            if "name" in head:
                messages.append((head, body))
            elif "error" in head:
                add_wrong(head["error"])
            else:
                sources = head.get("sources")
    except WorkerDied as exc:
        add_wrong(f"it ended its process ({exc})")
    return Thumbnails(messages, time.monotonic() - began, sources, saved)
