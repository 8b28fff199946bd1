"""Many calls, made here one after the other, by workers of this machine or by a Dask cluster.

Each ends with its result, or with its error, which ends no other. What a call says elsewhere, notes
and prints, is said here.
"""

import contextlib
import io
import logging
import os
import pickle
import re
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, as_completed
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeAlias, TypeVar

from gradart.errors import ArtError, RenderFault, warn
from gradart.jobs.forks import any_idle
from gradart.jobs.process_pool import Workers
from gradart.jobs.process_setup import prepare
from gradart.rendering.thread_pool import cores
from gradart.terminal import Bars

_WORTH = 4.0  # seconds of work that workers must have before them: their start takes two
_SECONDS = 5  # in which a scheduler must answer
_GLANCE = 10.0  # seconds between two looks at whether anybody works
Result = TypeVar("Result")
_Shown: TypeAlias = dict[str | tuple[str, type[Warning], int], int]  # as Python keeps them
_alone = threading.Lock()  # loading a sketch, catching warnings and prints concern a whole process


@dataclass(frozen=True)
class Call(Generic[Result]):
    """A function of a module, its arguments, and what a message calls it.

    The function also takes `progress`, to draw bars where it runs here.
    """

    name: str
    function: Callable[..., Result]
    args: tuple[object, ...]

    def here(self, progress: Bars | None = None) -> Result:
        return self.function(*self.args, progress=progress)


@dataclass(frozen=True)
class ExecutorSpec:
    """Where calls can be made but in this process: `start(n)` gives an executor for n of them.

    From `least` calls on it makes all of them. Without that number, the first is made here, and
    those after it too as long as, by the time it took, they are not worth the start of workers.
    """

    start: Callable[[int], contextlib.AbstractContextManager[Executor]]
    least: int | None = None
    name: str = "the executor"
    stuck: Callable[[], bool] = lambda: False  # whether nobody is there to do what waits


@dataclass(frozen=True)
class Failed:
    """A call that went wrong."""

    name: str
    error: Exception


@dataclass(frozen=True)
class _Said(Generic[Result]):
    """What came of a call elsewhere; prints and notes are to be said again."""

    result: Result | Exception
    printed: str
    notes: tuple[tuple[str, type[Warning], str, int], ...]


def dispatch(
    calls: Sequence[Call[Result]],
    spec: ExecutorSpec | None = None,
    progress: Bars | None = None,
) -> Iterator[Result | Failed]:
    """Yield what each call returns, or a Failed, as it comes; all made here without an executor."""
    rest = list(calls)
    began = time.perf_counter()
    settled = spec is not None and spec.least is not None and len(calls) >= spec.least
    while rest and not settled:
        result = _here(rest.pop(0), progress)
        yield result
        each = (time.perf_counter() - began) / (len(calls) - len(rest))
        settled = spec is not None and spec.least is None and each * len(rest) > _WORTH
    if rest and spec is not None:
        yield from _elsewhere(rest, spec, progress)


def _here(call: Call[Result], progress: Bars | None) -> Result | Failed:
    try:
        return call.here(progress)
    except Exception as error:
        return Failed(call.name, error)


def _elsewhere(
    calls: list[Call[Result]], spec: ExecutorSpec, progress: Bars | None
) -> Iterator[Result | Failed]:
    shown: _Shown = {}  # so that each note is shown once
    bar = progress(f"{len(calls)} jobs", "jobs") if progress else None
    with spec.start(len(calls)) as executor:
        futures = {
            executor.submit(_perform, pickle.dumps(call), os.getcwd()): call for call in calls
        }
        try:
            for done, future in enumerate(_completed(futures, spec), 1):
                if bar is not None:
                    bar(done, len(calls))
                if _cancelled(future):
                    raise RenderFault(
                        f"{spec.name} has gone; what is finished is kept: run it again for the rest"
                        " (gradart run: with --resume)"
                    )
                result = _settled(futures[future], future, shown)
                yield result
        except BaseException:
            for future in futures:
                future.cancel()
            raise


def _completed(futures: Iterable["Future[bytes]"], spec: ExecutorSpec) -> Iterator["Future[bytes]"]:
    """The futures as they are done; while none is, a note says once that nobody works on them."""
    rest, noted = set(futures), False
    while rest:
        with contextlib.suppress(TimeoutError):
            for future in as_completed(rest, _GLANCE):
                rest.discard(future)
                yield future
        if rest and not noted and spec.stuck():
            noted = True
            message = f"{spec.name} has no workers now; waiting for some, until Ctrl-C"
            warn(message)


def _cancelled(future: "Future[bytes]") -> bool:
    """Whether a call was given up, though nobody here has asked for that."""
    try:
        error = future.exception()
    except CancelledError:
        return True
    return "Cancelled" in type(error).__name__  # Dask has an error of its own for it


def _settled(call: Call[Result], future: "Future[bytes]", shown: _Shown) -> Result | Failed:
    try:
        said: _Said[Result] = pickle.loads(future.result())
    except Exception as error:
        if type(error).__name__ in ("WorkerDied", "KilledWorker"):  # the latter is Dask's
            what = "its worker was killed, and so was the one that tried again"
        else:
            what = f"the executor has failed: {type(error).__name__}: {error}"
        return Failed(call.name, RenderFault(f"{call.name}: {what}"))
    print(said.printed, end="", flush=True)
    for message, category, file, line in said.notes:
        warnings.warn_explicit(message, category, file, line, registry=shown)
    if isinstance(said.result, Exception):
        return Failed(call.name, said.result)
    return said.result


def _perform(packed: bytes, folder: str) -> bytes:
    """Make a call in a worker, in a folder; what it returns, raises, prints and notes, packed."""
    _ready()
    printed = io.StringIO()
    with (
        _alone,
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(printed),
    ):
        warnings.simplefilter("default")
        try:
            with contextlib.chdir(folder):  # a cluster's workers stand elsewhere
                result = pickle.loads(packed).here()
        except Exception as error:
            result = _portable(error)
    notes = tuple((str(w.message), w.category, w.filename, w.lineno) for w in caught)
    try:
        return pickle.dumps(_Said(result, printed.getvalue(), notes))
    except Exception:  # a warning of a class that a sketch has made
        notes = tuple((text, UserWarning, file, line) for text, _, file, line in notes)
        return pickle.dumps(_Said(result, printed.getvalue(), notes))


@cache
def _ready() -> None:
    """Make a cluster's worker ready as one of this machine is: nobody else has.

    Without that it compiles all anew, and again and again looks for garbage in all of JAX.
    """
    prepare()


def _portable(error: Exception) -> Exception:
    """The error with its traceback as a note, or if it cannot travel, what it says."""
    trace = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(f"In a worker:\n{trace}")
    return error


def processes(jobs: int | None, address: str | None) -> int:
    """How many processes of this machine do the work, by --jobs and --executor."""
    return 1 if address is not None else cores() if jobs is None else jobs


def chosen(jobs: int | None, address: str | None) -> ExecutorSpec | None:
    """Where calls are made, by --jobs and --executor; None for here alone, as with --jobs 1.

    Neither given: as many workers as there are processors, if they have been started already or
    that is worth their start. A single picture never pays for it.
    """
    if jobs is not None and jobs < 1:
        raise ArtError(f"--jobs is a number of workers, 1 or more, not {jobs}")
    if address is not None:
        if jobs is not None:
            raise ArtError("--jobs counts workers of this machine; leave it out with --executor")
        return _dask(address)
    count = processes(jobs, None)
    if count == 1:
        return None
    worth = jobs is not None or any_idle()
    return ExecutorSpec(lambda calls: Workers(min(count, calls), prepare), 2 if worth else None)


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

    clients: list[Client] = []

    @contextlib.contextmanager
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
