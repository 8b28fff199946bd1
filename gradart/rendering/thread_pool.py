"""Work done side by side, a few pieces ahead of who takes it, and taken in order."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from typing import TypeVar

Result = TypeVar("Result")

_MOST = 8  # threads: they draw and compress outside Python's lock, but take turns between
_SPARE = 2  # pieces that wait, so that none of the threads does


def cores() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def ahead(works: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """The results of `works` in turn; a few of those that follow are worked on meanwhile.

    The works themselves are taken from their iterable by whoever takes the results, and do not
    call this function. The first error ends it all.
    """
    most = min(cores(), _MOST)
    pool = _threads(most)
    waiting: deque[Future[Result]] = deque()
    try:
        for work in works:
            waiting.append(pool.submit(work))
            if len(waiting) == most + _SPARE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
        wait(waiting)


@cache
def _threads(count: int) -> ThreadPoolExecutor:
    """The same for all: what paints, indexes and compresses a film shares the processors."""
    return ThreadPoolExecutor(count, "ahead")
