"""Who does the work of a batch: this process, workers of this machine, or a Dask cluster."""

import logging
import re
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from gradart.errors import ArtError, RenderFault
from gradart.jobs.dispatch import ExecutorSpec
from gradart.jobs.process_setup import prepare
from gradart.jobs.workers import Workers
from gradart.rendering.thread_pool import cores

_SECONDS = 5  # in which a scheduler must answer


def chosen(jobs: int | None, address: str | None) -> ExecutorSpec | None:
    """Who works, by --jobs and --executor; None for this process alone, as with --jobs 1.

    Neither given: as many workers as there are processors, if that is worth their start. A single
    picture never pays for it.
    """
    if jobs is not None and jobs < 1:
        raise ArtError(f"--jobs is a number of workers, 1 or more, not {jobs}")
    if address is not None:
        if jobs is not None:
            raise ArtError("--jobs counts workers of this machine; leave it out with --executor")
        return _dask(address)
    count = cores() if jobs is None else jobs
    if count == 1:
        return None
    return ExecutorSpec(
        lambda calls: Workers(min(count, calls), prepare), None if jobs is None else 2
    )


def _dask(address: str) -> ExecutorSpec:
    found = re.fullmatch(r"dask://([^/\s]+:\d+)", address)
    if not found:
        raise ArtError(f"--executor {address} is no scheduler; write dask://HOST:PORT")
    try:
        from distributed import Client
    except ImportError:
        raise ArtError("--executor dask://... needs Dask: pip install 'gradart[dask]'") from None

    # Of a scheduler that goes, it tells in tracebacks.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)

    clients: list[Any] = []

    @contextmanager
    def start(calls: int) -> Iterator[Executor]:
        try:
            client = Client(f"tcp://{found[1]}", timeout=_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:  # a timeout is an OSError
            raise RenderFault(f"no Dask scheduler answers at {found[1]}: {error}") from error
        clients.append(client)
        with client, client.get_executor(pure=False) as executor:
            yield executor

    def stuck() -> bool:
        try:
            return not clients[-1].nthreads()
        except OSError:  # the scheduler has gone, which the calls tell
            return False

    return ExecutorSpec(start, least=1, name=f"the Dask scheduler at {found[1]}", stuck=stuck)
