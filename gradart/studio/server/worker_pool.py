"""The sketches that are watched, and the worker processes that run them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradart.errors import ArtError
from gradart.sketching.loading import address, sketch_files
from gradart.studio.framing import Message
from gradart.studio.server.worker_client import Worker


@dataclass(frozen=True)
class Location:
    """Where a sketch is: its file, and its name if the file has several."""

    file: str
    sketch: str | None = None


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
        self.thumbnails: dict[Any, list[Message]] = {}  # of the list, by file as it was, and px

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
