"""Work done side by side, a few pieces ahead of who takes it, and taken in order."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

_WORKERS = min(os.cpu_count() or 1, 4)  # threads; cairo, Pillow and zlib work outside Python's lock
_AHEAD = 2 * _WORKERS  # pieces that are done or being done, whatever their number


def ahead(works: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """The results of `works` in turn; a few of those that follow are worked on meanwhile.

    The works themselves are taken from their iterable by whoever takes the results. The first
    error ends it all.
    """
    with ThreadPoolExecutor(_WORKERS) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for work in works:
                waiting.append(pool.submit(work))
                if len(waiting) == _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
