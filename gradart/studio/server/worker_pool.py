"""The sketches that are watched: their files as saved, and the worker processes that run them."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from gradart.errors import ArtError
from gradart.jobs.process_setup import python
from gradart.jobs.sources import Sources
from gradart.sketching.loading import address, sketch_files
from gradart.studio import protocol
from gradart.studio.protocol import Head, Message, ToSend
from gradart.studio.worker.process import INTERRUPT

_COMMAND = python("gradart.studio.worker.process:main")
_RELOADS = 50  # after so many a process has gathered enough, and a new one takes its place
_GROWTH = 1 << 30  # bytes that it may gather in the meantime
_GRACE = 0.5  # seconds that a process has to clear up before it is killed

Stamp = dict[str, tuple[int, int, int] | None]
Tell = Callable[..., Awaitable[None]]  # tell(head, body): sends a message to the browser


@dataclass(frozen=True)
class Location:
    """Where a sketch is: its file, and its name if the file has several."""

    file: str
    sketch: str | None = None


@dataclass(frozen=True)
class Thumbnails:
    """What the browser is told of a sketch file, and what decides whether that still holds.

    That is what its pictures were made from, or where it cannot be drawn, the file as it was saved.
    """

    messages: list[ToSend]
    seconds: float
    sources: Sources | None = None
    saved: object = None


class WorkerDied(Exception):
    """The worker has ended, by itself or because it was told to."""


class Worker:
    """A process that answers one request at a time; made by `start`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._loads = 0
        self._base = 0  # bytes, of memory after the first load
        self._memory = 0
        self._ahead: bytes | None = None  # a request that it has, and that nobody has asked for
        self.busy = False
        # What it is to begin with, if there is something, as soon as it has encoded a picture.
        self.next_request: Callable[[], tuple[str, Mapping[str, object]] | None] = lambda: None

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

    async def ask(self, do: str, **how: object) -> AsyncIterator[Message]:
        """Send a request, and yield each answer; the last one has `done`. Raises WorkerDied.

        Who leaves before the last one leaves the worker busy, of no use but to be killed.
        """
        assert self._process.stdin is not None
        self.busy = True
        request = protocol.pack({"do": do, "with": how})
        try:
            if self._ahead not in (None, request):
                while not (await self._read())[0].get("done", False):
                    pass
                self._ahead = None
            if self._ahead is None:
                self._process.stdin.write(request)
                await self._process.stdin.drain()
            self._ahead = None
            while True:
                head, body = await self._read()
                if head.pop("ready", False):
                    continue
                if head.pop("free", False):
                    if (ahead := self.next_request()) is not None:
                        self._ahead = protocol.pack({"do": ahead[0], "with": ahead[1]})
                        self._process.stdin.write(self._ahead)
                    continue
                if done := head.get("done", False):
                    self._note(do, head)
                    self.busy = False
                yield head, body
                if done:
                    return
        except (ConnectionError, asyncio.IncompleteReadError) as exc:
            raise WorkerDied(await self._end()) from exc

    async def _read(self) -> Message:
        stream = self._process.stdout
        assert stream is not None
        text, body = protocol.lengths(await stream.readexactly(protocol.HEAD))
        return json.loads(await stream.readexactly(text)), await stream.readexactly(body)

    def _note(self, do: str, head: protocol.Head) -> None:
        self._memory = head.pop("memory")
        if do == "load":
            self._loads += 1
        if not self._base:
            self._base = self._memory

    def interrupt(self) -> None:
        """Ask a film that is being sent to end; its last answer then has `interrupted`."""
        assert self._process.stdin is not None
        if self.busy and self.alive:
            self._process.stdin.write(protocol.pack({"do": INTERRUPT, "with": {}}))

    def kill(self) -> None:
        """End the process, whatever it does; it has a moment to remove what it was writing."""
        if self.alive:
            assert self._process.stdin is not None
            self._process.stdin.close()  # at which it leaves
            asyncio.get_running_loop().call_later(_GRACE, self._kill)

    def _kill(self) -> None:
        if self.alive:
            self._process.kill()

    async def _end(self) -> str:
        """Wait for the end, and say how it came."""
        status = await self._process.wait()
        return f"signal {-status}" if status < 0 else f"status {status}"


class WorkerPool:
    """What all browsers share: the sketches, a worker for background jobs, and a spare one."""

    def __init__(self, argument: str) -> None:
        self._path, self._name = address(argument)
        self.folder = self._path.is_dir()
        if not self.folder and not self._path.is_file():
            raise ArtError(f"no such file or folder: {self._path}")
        if not self.folder and self._path.suffix != ".py":
            raise ArtError(f"{self._path} is no sketch, which is a Python file")
        self.sketches()
        self._all: list[Worker] = []
        self._spare: Worker | None = None
        self._background: Worker | None = None
        self._lock = asyncio.Lock()
        self.thumbnails: dict[tuple[str, int], Thumbnails] = {}  # of sketches, by file and px

    @property
    def home(self) -> Path:
        """The folder that the sketches are in."""
        return self._path if self.folder else self._path.parent

    @property
    def title(self) -> str:
        """What is watched, in a word."""
        return self._path.absolute().name

    def sketches(self) -> dict[str, Location]:
        """The sketch files by name. What a browser asks for is looked up here, and nowhere else."""
        if self.folder:
            return {file.stem: Location(str(file.absolute())) for file in sketch_files(self._path)}
        return {self._path.stem: Location(str(self._path.absolute()), self._name)}

    def find(self, name: str | None) -> Location:
        """The sketch of a name: `waves`, or `waves:NAME` if the file has several."""
        sketches = self.sketches()
        if name is None and not self.folder:
            [location] = sketches.values()
            return location
        stem, _, sketch = (name or "").partition(":")
        if stem not in sketches:
            raise ArtError(f"there is no sketch {name} here")
        return Location(sketches[stem].file, sketch) if sketch else sketches[stem]

    async def start_spare(self) -> None:
        """Start the first worker before a browser asks for it."""
        if not self._all:
            self._spare = await self.start()

    async def acquire(self) -> Worker:
        """A worker for a browser."""
        worker, self._spare = self._spare, None
        return worker if worker is not None and worker.alive else await self.start()

    async def start(self) -> Worker:
        """A new worker, which ends with the studio at the latest."""
        worker = await Worker.start()
        self._all = [*(one for one in self._all if one.alive), worker]
        return worker

    def release(self, worker: Worker) -> None:
        """Take a worker back; one is kept for the next browser, if nothing keeps it busy."""
        worker.next_request = lambda: None
        if worker.alive and not worker.busy and not worker.worn and self._spare is None:
            self._spare = worker
        else:
            worker.kill()

    @asynccontextmanager
    async def background_worker(self) -> AsyncIterator[Worker]:
        """The worker for what may take long beside a browser: one job after the other."""
        async with self._lock:
            if self._background is None or not self._background.alive or self._background.worn:
                if self._background is not None:
                    self._background.kill()
                self._background = await self.start()
            try:
                yield self._background
            finally:
                if self._background.busy:  # left in the midst of an answer
                    self._background.kill()

    def close(self) -> None:
        """End the workers."""
        for worker in self._all:
            worker.kill()


def stamp(files: Iterable[str]) -> Stamp:
    """For each file what changes when it is saved; None for one that is not there."""
    stamps: Stamp = {}
    for file in files:
        try:
            status = os.stat(file)
        except OSError:
            stamps[file] = None
        else:
            stamps[file] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return stamps


def python_files_beside(file: str) -> list[str]:
    """A sketch file and all Python files beside it: any may be the one that is broken."""
    folder = Path(file).parent
    return [file, *map(str, folder.glob("*.py")), *map(str, folder.glob("*/*.py"))]


async def aside(
    kind: str, pool: WorkerPool, location: Location, how: Mapping[str, object], tell: Tell
) -> None:
    """Load a sketch and do one task with it, beside the page; cancelled, the worker is stopped."""
    last: Head = {}
    try:
        async with pool.background_worker() as worker:
            async for head, _ in worker.ask("load", **asdict(location)):
                last = head
            if "error" not in last:
                async for head, body in worker.ask(kind, **how):
                    await tell({"of": kind, **head}, body)
                return
    except asyncio.CancelledError:
        await tell({"of": kind, "done": True, "interrupted": True})
        raise
    except WorkerDied as exc:
        last = {"error": f"the sketch has ended its process ({exc})"}
    await tell({"of": kind, "done": True, "error": last["error"]})
