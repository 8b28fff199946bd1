"""One open page: what it has asked for and not got yet, and the worker that does it.

Of pictures one waits, the newest: what is asked for in the meantime takes its place. What is to be
kept is done in turn, and first, up to a number that waits; a grid and a film are filled when there
is nothing else to do. A sketch that ends its process while it is loaded waits for the next save.
"""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import asdict
from typing import Any

from gradart.errors import ArtError
from gradart.studio.server.background_jobs import Tell, export, survey
from gradart.studio.server.file_watcher import Stamp, neighbors, stamp
from gradart.studio.server.worker_client import Died, Worker
from gradart.studio.server.worker_pool import Bench, Place

_NEWEST = "show", "probe", "grid", "roll"  # of which one waits; the first comes first
_IN_TURN = "like", "liked", "presets", "keep_preset", "drop_preset"
_GLANCE = 0.1  # s between two looks at the files
_PATIENCE = 2.0  # s; what takes longer does not keep a saved sketch waiting
_QUEUE = 64  # of what is done in turn, or beside
_AGAIN = "change a parameter or save the file to try again"
_SAVE = "save the file to try again"


class Session:
    """What one page wants. `receive` takes its messages; `work` and `watch` run beside that."""

    def __init__(self, bench: Bench, tell: Tell) -> None:
        self._bench = bench
        self._tell = tell
        self._place: Place | None = None
        self._seen: Stamp = {}  # the files that matter, as they were last read
        self._stale = False  # whether the sketch is to be loaded
        self._waiting: dict[str, dict[str, Any]] = {}  # by kind, the newest
        self._turns: deque[tuple[str, dict[str, Any]]] = deque()
        self._errands: dict[str, asyncio.Task[None]] = {}
        self._beside: set[asyncio.Task[None]] = set()  # those, and what is left of earlier ones
        self._wake = asyncio.Event()
        self._worker: Worker | None = None
        self._loaded = False  # whether the worker has a sketch in hand
        self._fatal = ""  # why the process ended that was to load the sketch; until it is saved
        self._heir: asyncio.Task[tuple[Worker, Stamp]] | None = None  # takes over from a worn one
        self._since = 0.0  # when the worker began what it does
        self._reason: str | None = None  # why it was killed, if it was
        self._shown: dict[str, Any] = {}

    def receive(self, kind: str, fields: dict[str, Any]) -> None:
        """Take a message of the page, checked already.

        Raises ArtError for an unknown sketch, one that cannot be loaded, and more to be kept than
        can wait.
        """
        match kind:
            case "open":
                self._place = self._bench.place(fields["sketch"])
                self._cancel("list")
                self._seen, self._loaded = {}, False
                self._forget()
                self._reload()
            case "stop":
                self._forget()
                self._kill("stopped")
            case "export" if self._place is not None:
                self._errand(kind, export(self._bench, self._place, fields, self._tell))
            case "list":
                self._errand(kind, survey(self._bench, fields["px"], self._tell))
            case "stop_grid":
                self._waiting.pop("grid", None)
            case "cancel":
                self._cancel("export")
            case _ if self._fatal:
                raise ArtError(self._fatal)
            case _ if kind in _IN_TURN:
                if len(self._turns) >= _QUEUE:
                    raise ArtError(f"{_QUEUE} requests wait already; this {kind} was dropped")
                self._turns.append((kind, fields))
                self._hurry()
            case _:
                self._waiting[kind] = fields
                if kind == "show":
                    self._waiting.pop("roll", None)
                self._hurry()

    def _forget(self) -> None:
        self._waiting.clear()
        self._turns.clear()

    def _errand(self, kind: str, work: Coroutine[Any, Any, None]) -> None:
        if len(self._beside) >= _QUEUE:
            work.close()
            raise ArtError(f"{_QUEUE} requests wait already; this {kind} was dropped")
        self._cancel(kind)
        errand = self._errands[kind] = asyncio.create_task(work)
        self._beside.add(errand)
        errand.add_done_callback(self._beside.discard)

    def _cancel(self, kind: str) -> None:
        if (errand := self._errands.pop(kind, None)) is not None:
            errand.cancel()

    def _hurry(self) -> None:
        """Wake what waits for work; what runs on and on is to end."""
        if self._worker is not None:
            self._worker.halt()
        self._wake.set()

    def _kill(self, reason: str) -> None:
        if self._worker is not None and self._worker.busy:
            self._reason = reason
            self._worker.kill()

    def _reload(self) -> None:
        self._stale, self._fatal = True, ""
        if time.monotonic() - self._since > _PATIENCE:
            self._kill("")
        self._hurry()

    async def watch(self) -> None:
        """See what is saved. A file is read when it has been left alone for a moment."""
        last = self._seen
        while True:
            await asyncio.sleep(_GLANCE)
            now = stamp(self._seen)
            if now not in (self._seen, {}) and now == last and not self._stale:
                self._reload()
            last = now

    async def work(self) -> None:
        """Do what is wanted, one thing at a time, for as long as the page is open."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._place is not None and self._busy():
                    await self._turn()
        finally:
            for kind in list(self._errands):
                self._cancel(kind)
            if self._heir is not None:
                self._heir.cancel()
            if self._worker is not None:
                self._bench.give(self._worker)

    def _busy(self) -> bool:
        return bool(self._stale or self._turns or self._waiting or self._ripe())

    async def _turn(self) -> None:
        if self._ripe():
            await self._succeed()
        elif self._worker is None:
            self._worker, self._loaded = await self._bench.take(), False
            self._stale = True
        elif self._stale:
            await self._load()
        else:
            kind, fields = self._next()
            if not self._loaded:  # it cannot be loaded, which the page has been told
                self._forget()
            elif kind == "grid":
                await self._cell(fields)
            else:
                await self._answer(kind, fields)

    def _next(self) -> tuple[str, dict[str, Any]]:
        if self._turns:
            return self._turns.popleft()
        kind = next(kind for kind in _NEWEST if kind in self._waiting)
        fields = self._waiting.pop(kind)
        if kind == "show":
            self._shown = fields
        return kind, fields

    async def _cell(self, grid: dict[str, Any]) -> None:
        """Draw the first cell that is left of a grid; the others wait, if no other grid does."""
        done, (cell, *rest) = grid.get("done", 0), grid["cells"]
        if rest:
            self._waiting["grid"] = grid | {"cells": rest, "done": done + 1}
        how = {**cell, "px": grid["px"], "kind": "jpeg", "frame": None, "view": None}
        await self._answer("show", how, {"of": "grid", "id": grid["id"], "cell": done})

    async def _load(self) -> None:
        assert self._place is not None
        self._stale = False
        # Noted before they are read, so that no save is missed. Of a sketch that cannot be loaded
        # nobody knows what it imports: any file beside it may be the broken one.
        self._seen = stamp([*self._seen, *neighbors(self._place.file)])
        await self._tell({"of": "load", "begun": True})
        last = await self._answer("load", asdict(self._place))
        if "watch" not in last:
            if self._worker is None and not self._stale:
                self._fatal = last.get("error", "")
                self._forget()
            return
        self._seen = {file: self._seen.get(file, at) for file, at in stamp(last["watch"]).items()}
        self._loaded = True
        if self._worker is not None and self._worker.worn and self._heir is None:
            self._heir = asyncio.create_task(self._raise_heir(self._place))
            self._heir.add_done_callback(lambda _: self._wake.set())

    async def _answer(
        self, kind: str, fields: dict[str, Any], tag: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Let the worker do something, and tell the page all that it answers."""
        assert self._worker is not None
        fields = dict(fields)
        number = fields.pop("id", None)
        tag = tag or {"of": kind, "id": number}
        last: dict[str, Any] = {}
        self._since, self._reason = time.monotonic(), None
        try:
            async for last, body in self._worker.ask(kind, **fields):
                await self._tell({**tag, **last}, body)
        except Died as exc:
            self._worker = None
            why = f"the sketch has ended its process ({exc})"
            why = why if self._reason is None else self._reason
            said = f"{why}; {_SAVE if kind == 'load' else _AGAIN}"
            last = {"done": True, **({"error": said} if why else {"halted": True})}
            await self._tell({**tag, **last})
        return last

    def _ripe(self) -> bool:
        return self._heir is not None and self._heir.done()

    async def _raise_heir(self, place: Place) -> tuple[Worker, Stamp]:
        """A new worker that has loaded the sketch and drawn what is seen; the old one goes on."""
        before = stamp(self._seen)
        worker = await self._bench.start()
        try:
            shown = {name: value for name, value in self._shown.items() if name != "id"}
            for kind, fields in (("load", asdict(place)), ("show", shown)):
                if fields:
                    async for _ in worker.ask(kind, **fields):
                        pass
        except BaseException:
            worker.kill()
            raise
        return worker, before

    async def _succeed(self) -> None:
        """Let the new worker take over; nothing is seen of that."""
        heir, self._heir = self._heir, None
        assert heir is not None
        if heir.exception() is not None:
            return
        worker, before = heir.result()
        if self._worker is not None:
            self._worker.kill()
        self._worker, self._loaded = worker, True
        self._stale = self._stale or before != stamp(before)
