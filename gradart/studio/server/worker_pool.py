"""The sketches that are watched, and the workers that are to be had for them."""

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
class Place:
    """Where a sketch is: its file, and its name if the file has several."""

    file: str
    sketch: str | None = None


class Bench:
    """What all pages share: the sketches, a worker for errands, and one to spare."""

    def __init__(self, argument: str) -> None:
        self._path, self._name = address(argument)
        self.folder = self._path.is_dir()
        if not self.folder and not self._path.is_file():
            raise ArtError(f"no such file or folder: {self._path}")
        if not self.folder and self._path.suffix != ".py":
            raise ArtError(f"{self._path} is no sketch, which is a Python file")
        self.places()
        self._all: list[Worker] = []
        self._spare: Worker | None = None
        self._errand: Worker | None = None
        self._lock = asyncio.Lock()
        self.glances: dict[Any, list[Message]] = {}  # of the list, by file as it was, and px

    @property
    def home(self) -> Path:
        """The folder that the sketches are in."""
        return self._path if self.folder else self._path.parent

    @property
    def title(self) -> str:
        """What is watched, in a word."""
        return self._path.absolute().name

    def places(self) -> dict[str, Place]:
        """The sketch files by name. What a page asks for is looked up here, and nowhere else."""
        if self.folder:
            return {file.stem: Place(str(file.absolute())) for file in sketch_files(self._path)}
        return {self._path.stem: Place(str(self._path.absolute()), self._name)}

    def place(self, name: str | None) -> Place:
        """The sketch of a name: `waves`, or `waves:NAME` if the file has several."""
        places = self.places()
        if name is None and not self.folder:
            [place] = places.values()
            return place
        stem, _, sketch = (name or "").partition(":")
        if stem not in places:
            raise ArtError(f"there is no sketch {name} here")
        return Place(places[stem].file, sketch) if sketch else places[stem]

    async def warm(self) -> None:
        """Start the first worker before a page asks for it."""
        if not self._all:
            self._spare = await self.start()

    async def take(self) -> Worker:
        """A worker for a page."""
        worker, self._spare = self._spare, None
        return worker if worker is not None and worker.alive else await self.start()

    async def start(self) -> Worker:
        """A new worker, which ends with the studio at the latest."""
        worker = await Worker.start()
        self._all = [*(one for one in self._all if one.alive), worker]
        return worker

    def give(self, worker: Worker) -> None:
        """Take a worker back; one is kept for the next page, if nothing keeps it busy."""
        if worker.alive and not worker.busy and not worker.worn and self._spare is None:
            self._spare = worker
        else:
            worker.kill()

    @asynccontextmanager
    async def errand(self) -> AsyncIterator[Worker]:
        """The worker for what may take long beside a page: one errand after the other."""
        async with self._lock:
            if self._errand is None or not self._errand.alive or self._errand.worn:
                if self._errand is not None:
                    self._errand.kill()
                self._errand = await self.start()
            try:
                yield self._errand
            finally:
                if self._errand.busy:  # left in the midst of an answer
                    self._errand.kill()

    def close(self) -> None:
        """End the workers."""
        for worker in self._all:
            worker.kill()
