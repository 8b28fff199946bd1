"""The wall of a folder: no sketch holds another up."""

import asyncio
from contextlib import aclosing

import pytest

from gradart.studio.server import thumbnails
from gradart.studio.server.worker_pool import WorkerDied


class Worker:
    """One that draws at once; a sketch called slow only when its pool says, or never if killed."""

    worn = False

    def __init__(self, pool):
        self._pool, self._killed = pool, asyncio.Event()

    @property
    def alive(self):
        return not self._killed.is_set()

    def kill(self):
        self._killed.set()

    async def ask(self, do, *, file, px):
        assert self.alive
        self._pool.begun.append(file)
        if "slow" in file:
            ends = [asyncio.ensure_future(e.wait()) for e in (self._killed, self._pool.go)]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for end in ends:
                end.cancel()
        if not self.alive:
            raise WorkerDied("killed")
        yield {"name": file, "title": "", "address": None}, file.encode()
        yield {"done": True}, b""


class Pool:
    def __init__(self):
        self.go = asyncio.Event()
        self.begun, self.workers, self.released = [], [], []

    async def start(self):
        self.workers.append(Worker(self))
        return self.workers[-1]

    def release(self, worker):
        self.released.append(worker)


@pytest.fixture
def patient(monkeypatch):
    monkeypatch.setattr(thumbnails, "_PATIENCE", 0.02)


def _drawn(files, goes_after):
    """The files in the order in which they come, the slow ones after so many; and the pool."""

    async def draw():
        pool, names = Pool(), []
        wanted = [thumbnails._Wanted(file, file, 1.0) for file in files]
        async with asyncio.timeout(60), aclosing(thumbnails._drawn(pool, wanted, 60)) as found:
            async for one, drawn in found:
                assert [body for _, body in drawn.messages] == [one.name.encode()]
                names.append(one.name)
                if len(names) == goes_after:
                    pool.go.set()
                if len(names) == goes_after == 1:
                    break
        return names, pool

    return asyncio.run(draw())


@pytest.mark.parametrize("slow", [1, 2, 3, 5])
def test_no_slow_sketch_holds_another_up(patient, slow):
    slow_ones, quick_ones = [f"slow{n}" for n in range(slow)], [f"quick{n}" for n in range(9)]
    names, pool = _drawn(slow_ones + quick_ones, goes_after=9)
    assert {*names[:9]} == {*quick_ones}
    assert {*names[9:]} == {*slow_ones}
    assert all(pool.begun.count(file) <= 2 for file in slow_ones)  # none is put off twice
    assert len(names) == slow + 9
    assert {worker for worker in pool.workers if worker.alive} == {*pool.released}
    assert len(pool.released) <= 3


def test_who_leaves_leaves_no_worker_behind(patient):
    _, pool = _drawn(["slow", "quick"], goes_after=1)
    assert [worker.alive for worker in pool.workers] == [False, True]
    assert pool.released == pool.workers[1:]
