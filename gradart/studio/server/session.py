"""One open browser of the live page: what it has asked for, and the worker that answers it.

Of pictures one waits, the newest: what is asked for in the meantime takes its place. What is
to be kept is done in turn, and first, up to a number that waits; a grid and a film are filled when
there is nothing else to do. A sketch that ends its process while it is loaded waits
for the next save.
"""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine, Mapping
from dataclasses import asdict
from typing import TypeAlias, cast

from gradart.errors import ArtError
from gradart.studio.protocol import Head
from gradart.studio.server import messages
from gradart.studio.server.slider_worker import SliderWorker
from gradart.studio.server.thumbnails import list_sketches
from gradart.studio.server.worker_pool import (
    Location,
    Stamp,
    Tell,
    Worker,
    WorkerDied,
    WorkerPool,
    aside,
    python_files_beside,
    stamp,
)

_NEWEST = (
    "grab",
    "pull",
    "draw",
    "probe",
    "grid",
    "frames",
)  # of which one waits; the first comes first
_QUEUED = "like", "liked", "presets", "save_preset", "delete_preset"
_POLL = 0.03  # s between two looks at the files
_PATIENCE = 2.0  # s; what takes longer does not keep a saved sketch waiting
_MOST = 64  # of what is done in turn, or beside
_AGAIN = "change a parameter or save the file to try again"
_SAVE = "save the file to try again"


Fields: TypeAlias = Mapping[str, object]  # of a message, as one of those in `messages`


class _Grid(messages.Grid, total=False):
    done: int  # cells that are drawn already


class Session:
    """One browser's requests. `receive` takes its messages; `work` and `watch` run beside that."""

    def __init__(self, pool: WorkerPool, tell: Tell) -> None:
        self._pool = pool
        self._tell = tell
        self._location: Location | None = None
        self._seen: Stamp = {}  # the files that matter, as they were last read
        self._stale = False  # whether the sketch is to be loaded
        self._waiting: dict[str, Fields] = {}  # by kind, the newest
        self._queue: deque[tuple[str, Fields]] = deque()
        self._ahead: Fields | None = None  # a picture that the worker has been asked for already
        self._background: dict[str, asyncio.Task[None]] = {}
        self._unfinished: set[asyncio.Task[None]] = set()  # those, and what is left of earlier ones
        self._wake = asyncio.Event()
        self._worker: Worker | None = None
        self._loaded = False  # whether the worker has a sketch loaded
        self._fatal = ""  # why the process ended that was to load the sketch; until it is saved
        # A new worker that is made ready to take over from a worn one.
        self._successor: asyncio.Task[tuple[Worker, Stamp]] | None = None
        self._busy_since = 0.0  # when the worker began what it does
        self._reason: str | None = None  # why it was killed, if it was
        self._shown: Fields = {}
        self.sliders = SliderWorker(pool, tell)  # its `work` runs beside that of the session

    def receive(self, kind: str, fields: Fields) -> None:
        """Take a message of the browser, checked already.

        Raises ArtError for an unknown sketch, one that cannot be loaded, and more to be kept than
        can wait.
        """
        match kind:
            case "open":
                name = fields["sketch"]
                assert name is None or isinstance(name, str)  # as `messages.Open` has it
                self._location = self._pool.find(name)
                self._cancel("list")
                self._cancel("moves")
                self._seen, self._loaded = {}, False
                self._forget()
                self._reload()
            case "stop":
                self._forget()
                self._kill("stopped")
            case "export" | "moves" if self._location is not None:
                work = aside(kind, self._pool, self._location, fields, self._tell)
                self._start_background(kind, work)
            case "travel" | "touch":
                self.sliders.receive(kind, fields)
            case "list":
                px = fields["px"]
                assert isinstance(px, int)  # as `messages.Listing` has it
                self._start_background(kind, list_sketches(self._pool, px, self._tell))
            case "stop_grid":
                self._waiting.pop("grid", None)
            case "cancel":
                self._cancel("export")
            case _ if self._fatal:
                raise ArtError(self._fatal)
            case _ if kind in _QUEUED:
                if len(self._queue) >= _MOST:
                    raise ArtError(f"{_MOST} requests wait already; this {kind} was dropped")
                self._queue.append((kind, fields))
                self._wake_up()
            case _:
                self._waiting[kind] = fields
                if kind == "draw":
                    self._waiting.pop("frames", None)
                self._wake_up()

    def _forget(self) -> None:
        self._waiting.clear()
        self._queue.clear()
        self._ahead = None

    def _start_background(self, kind: str, work: Coroutine[object, None, None]) -> None:
        if len(self._unfinished) >= _MOST:
            work.close()
            raise ArtError(f"{_MOST} requests wait already; this {kind} was dropped")
        self._cancel(kind)
        task = self._background[kind] = asyncio.create_task(work)
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)

    def _cancel(self, kind: str) -> None:
        if (task := self._background.pop(kind, None)) is not None:
            task.cancel()

    def _wake_up(self) -> None:
        """Interrupt a film that is being sent, and wake `work` to look at what waits."""
        if self._worker is not None:
            self._worker.interrupt()
        self._wake.set()

    def _kill(self, reason: str) -> None:
        if self._worker is not None and self._worker.busy:
            self._reason = reason
            self._worker.kill()

    def _reload(self) -> None:
        self._stale, self._fatal = True, ""
        self.sliders.reload(self._location)
        if time.monotonic() - self._busy_since > _PATIENCE:
            self._kill("")
        self._wake_up()

    async def watch(self) -> None:
        """See what is saved. A file is read when it has been left alone for a moment."""
        last = self._seen
        while True:
            await asyncio.sleep(_POLL)
            now = stamp(self._seen)
            if now not in (self._seen, {}) and now == last and not self._stale:
                self._reload()
            last = now

    async def work(self) -> None:
        """Do what is wanted, one thing at a time, for as long as the browser is connected."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._location is not None and self._has_work():
                    await self._step()
        finally:
            for kind in list(self._background):
                self._cancel(kind)
            if self._successor is not None:
                self._successor.cancel()
            if self._worker is not None:
                self._pool.release(self._worker)

    def _has_work(self) -> bool:
        wanted = self._queue or self._waiting or self._ahead is not None
        return bool(self._stale or wanted or self._successor_ready())

    async def _step(self) -> None:
        if self._successor_ready():
            await self._hand_over()
        elif self._worker is None:
            self._worker, self._loaded = await self._pool.acquire(), False
            self._stale = True
        elif self._stale:
            await self._load()
        else:
            kind, fields = self._next()
            if not self._loaded:  # it cannot be loaded, which the browser has been told
                self._forget()
            elif kind == "grid":
                await self._draw_cell(cast(_Grid, fields))  # which its kind says
            else:
                await self._run(kind, fields)

    def _next_picture(self) -> tuple[str, Fields] | None:
        """The picture that the worker is to compute next; it encodes another one now."""
        if self._stale or self._queue or next(filter(self._waiting.get, _NEWEST), "") != "draw":
            return None
        self._ahead = self._waiting.pop("draw")
        return "draw", _without_id(self._ahead)

    def _next(self) -> tuple[str, Fields]:
        if self._ahead is not None:
            fields, self._ahead = self._ahead, None
            self._shown = fields
            return "draw", fields
        if self._queue:
            return self._queue.popleft()
        kind = next(kind for kind in _NEWEST if kind in self._waiting)
        fields = self._waiting.pop(kind)
        if kind == "draw":
            self._shown = fields
        return kind, fields

    async def _draw_cell(self, grid: _Grid) -> None:
        """Draw the first cell that is left of a grid; the others wait, if no other grid does."""
        done, (cell, *rest) = grid.get("done", 0), grid["cells"]
        if rest:
            self._waiting["grid"] = {**grid, "cells": rest, "done": done + 1}
        how = {**cell, "px": grid["px"], "kind": "jpeg", "frame": None, "view": None}
        await self._run("draw", how, {"of": "grid", "id": grid["id"], "cell": done})

    async def _load(self) -> None:
        assert self._location is not None
        self._stale = False
        # Noted before they are read, so that no save is missed. Of a sketch that cannot be loaded
        # nobody knows what it imports: any file beside it may be the broken one.
        self._seen = stamp([*self._seen, *python_files_beside(self._location.file)])
        await self._tell({"of": "load", "begun": True})
        last = await self._run("load", asdict(self._location))
        if "watch" not in last:
            if self._worker is None and not self._stale:
                self._fatal = last.get("error", "")
                self._forget()
            return
        self._seen = {file: self._seen.get(file, at) for file, at in stamp(last["watch"]).items()}
        self._loaded = True
        if self._worker is not None and self._worker.worn and self._successor is None:
            self._successor = asyncio.create_task(self._start_successor(self._location))
            self._successor.add_done_callback(lambda _: self._wake.set())

    async def _run(self, kind: str, fields: Fields, tag: Fields | None = None) -> Head:
        """Let the worker do something, and tell the browser all that it answers."""
        assert self._worker is not None
        tag = tag or {"of": kind, "id": fields.get("id")}
        last: Head = {}
        self._busy_since, self._reason = time.monotonic(), None
        self._worker.next_request = self._next_picture
        try:
            async for last, body in self._worker.ask(kind, **_without_id(fields)):
                await self._tell({**tag, **last}, body)
        except WorkerDied as exc:
            self._worker = None
            why = f"the sketch has ended its process ({exc})"
            why = why if self._reason is None else self._reason
            said = f"{why}; {_SAVE if kind == 'load' else _AGAIN}"
            last = {"done": True}
            if why:
                last["error"] = said
            else:
                last["interrupted"] = True
            await self._tell({**tag, **last})
        return last

    def _successor_ready(self) -> bool:
        return self._successor is not None and self._successor.done()

    async def _start_successor(self, location: Location) -> tuple[Worker, Stamp]:
        """A new worker that has loaded the sketch and drawn what is seen; the old one goes on."""
        before = stamp(self._seen)
        worker = await self._pool.start()
        try:
            shown = _without_id(self._shown)
            for kind, fields in (("load", asdict(location)), ("draw", shown)):
                if fields:
                    async for _ in worker.ask(kind, **fields):
                        pass
        except BaseException:
            worker.kill()
            raise
        return worker, before

    async def _hand_over(self) -> None:
        """Let the new worker take over; nothing is seen of that."""
        successor, self._successor = self._successor, None
        assert successor is not None
        if successor.exception() is not None:
            return
        worker, before = successor.result()
        if self._worker is not None:
            self._worker.kill()
        self._worker, self._loaded = worker, True
        self._stale = self._stale or before != stamp(before)


def _without_id(fields: Fields) -> Fields:
    """A message as the worker gets it."""
    return {name: value for name, value in fields.items() if name != "id"}
