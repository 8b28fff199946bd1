"""Work done side by side, a few pieces ahead of who takes it, and taken in order."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

_MOST = 4  # threads; cairo, Pillow and zlib work outside Python's lock, all else takes turns


def cores() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def ahead(works: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """The results of `works` in turn; a few of those that follow are worked on meanwhile.

    The works themselves are taken from their iterable by whoever takes the results. The first
    error ends it all.
    """
    workers = min(cores(), _MOST)
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for work in works:
                waiting.append(pool.submit(work))
                if len(waiting) == 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
