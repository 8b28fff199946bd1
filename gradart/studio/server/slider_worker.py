"""What the sliders of a page do to its picture: measured by a second worker, beside the pictures.

Derivatives are compiled for seconds; a picture does not wait for that. The worker is started when
the browser first asks.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict

from gradart.studio.protocol import Head
from gradart.studio.server.worker_pool import Location, Tell, Worker, WorkerDied, WorkerPool

_KINDS = "touch", "travel"  # of each the newest waits; the first comes first


class SliderWorker:
    """One browser's requests about its sliders. `receive` takes them; `work` runs beside that."""

    def __init__(self, pool: WorkerPool, tell: Tell) -> None:
        self._pool = pool
        self._tell = tell
        self._location: Location | None = None
        self._stale = True  # whether the sketch is to be loaded
        self._waiting: dict[str, Mapping[str, object]] = {}
        self._wake = asyncio.Event()
        self._worker: Worker | None = None

    def receive(self, kind: str, fields: Mapping[str, object]) -> None:
        """Take a message of the browser, checked already; what is under way is interrupted."""
        self._waiting[kind] = fields
        if self._worker is not None:
            self._worker.interrupt()
        self._wake.set()

    def reload(self, location: Location | None) -> None:
        """Another sketch is shown, or it was saved: what was asked for is no longer wanted."""
        self._location, self._stale = location, True
        self._waiting.clear()
        if self._worker is not None and self._worker.busy:
            self._worker.kill()

    async def work(self) -> None:
        """Do what is wanted, one thing at a time, for as long as the browser is connected."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._waiting:
                    await self._step()
        finally:
            if self._worker is not None:
                self._pool.release(self._worker)

    async def _step(self) -> None:
        try:
            loaded = not self._stale or await self._load()
        except WorkerDied:
            self._worker, self._stale, loaded = None, True, False
        if not loaded:  # why, the page is told by the worker that draws
            await self._drop()
            return
        kind = next((kind for kind in _KINDS if kind in self._waiting), None)
        if kind is None:  # it was saved in the meantime
            return
        fields = self._waiting.pop(kind)
        last = await self._run(kind, fields)
        if last.get("interrupted") and kind == "travel" and not self._stale:
            self._waiting.setdefault(kind, fields)

    async def _drop(self) -> None:
        """Answer all that waits with nothing."""
        waiting, self._waiting = self._waiting, {}
        for kind, fields in waiting.items():
            tag = {"of": kind, "id": fields.get("id")}
            await self._tell({**tag, "done": True, "interrupted": True})

    async def _load(self) -> bool:
        """Load the sketch that is shown, if it can be."""
        assert self._location is not None
        if self._worker is not None and (self._worker.worn or not self._worker.alive):
            self._worker.kill()
            self._worker = None
        if self._worker is None:
            self._worker = await self._pool.acquire()
        self._stale = False
        last: Head = {}
        async for head, _ in self._worker.ask("load", **asdict(self._location)):
            last = head
        return "error" not in last

    async def _run(self, kind: str, fields: Mapping[str, object]) -> Head:
        """Let the worker do something, and tell the browser all that it answers."""
        assert self._worker is not None
        tag = {"of": kind, "id": fields.get("id")}
        how = {name: value for name, value in fields.items() if name != "id"}
        last: Head = {}
        try:
            async for last, body in self._worker.ask(kind, **how):
                await self._tell({**tag, **last}, body)
        except WorkerDied:
            self._worker, self._stale = None, True
            last = {"done": True, "interrupted": True}
            await self._tell({**tag, **last})
        return last
