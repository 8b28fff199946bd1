"""A worker process, as the server sees it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from gradart.jobs.interpreter import python
from gradart.studio import framing
from gradart.studio.worker.process import INTERRUPT

_COMMAND = python("gradart.studio.worker.process:main")
_RELOADS = 50  # after so many a process has gathered enough, and a new one takes its place
_GROWTH = 1 << 30  # bytes that it may gather in the meantime


class WorkerDied(Exception):
    """The worker has ended, by itself or because it was told to."""


class Worker:
    """A process that answers one request at a time; made by `start`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._loads = 0
        self._base = 0  # bytes, of memory after the first load
        self._memory = 0
        self.busy = False

    @classmethod
    async def start(cls) -> "Worker":
        """Start the process; it takes a second until it can answer, and is not waited for."""
        pipe = asyncio.subprocess.PIPE
        return cls(await asyncio.create_subprocess_exec(*_COMMAND, stdin=pipe, stdout=pipe))

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    @property
    def worn(self) -> bool:
        """Whether another process should take over: each reload leaves something behind."""
        return self._loads >= _RELOADS or self._memory - self._base > _GROWTH

    async def ask(self, do: str, **how: Any) -> AsyncIterator[framing.Message]:
        """Send a request, and yield each answer; the last one has `done`. Raises WorkerDied.

        Who leaves before the last one leaves the worker busy, of no use but to be killed.
        """
        assert self._process.stdin is not None
        self.busy = True
        try:
            self._process.stdin.write(framing.pack({"do": do, "with": how}))
            await self._process.stdin.drain()
            while True:
                head, body = await self._read()
                if head.pop("ready", False):
                    continue
                if done := head.get("done", False):
                    self._note(do, head)
                    self.busy = False
                yield head, body
                if done:
                    return
        except (ConnectionError, asyncio.IncompleteReadError) as exc:
            raise WorkerDied(await self._end()) from exc

    async def _read(self) -> framing.Message:
        stream = self._process.stdout
        assert stream is not None
        text, body = framing.lengths(await stream.readexactly(framing.HEAD))
        return json.loads(await stream.readexactly(text)), await stream.readexactly(body)

    def _note(self, do: str, head: dict[str, Any]) -> None:
        self._memory = head.pop("memory")
        if do == "load":
            self._loads += 1
        if not self._base:
            self._base = self._memory

    def interrupt(self) -> None:
        """Ask a film that is being sent to end; its last answer then has `interrupted`."""
        assert self._process.stdin is not None
        if self.busy and self.alive:
            self._process.stdin.write(framing.pack({"do": INTERRUPT, "with": {}}))

    def kill(self) -> None:
        """End the process, whatever it does."""
        if self.alive:
            self._process.kill()

    async def _end(self) -> str:
        """Wait for the end, and say how it came."""
        status = await self._process.wait()
        return f"signal {-status}" if status < 0 else f"status {status}"
