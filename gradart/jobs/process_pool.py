"""A pool of worker processes for a queue of calls: one that dies is replaced, its call repeated.

The pool of the standard library gives up its whole queue when a worker dies. Here each worker has
a thread that hands it one call at a time; a call whose worker dies is tried once more, in a new
one. Workers are new interpreters, for a fork of a process that runs JAX hangs; or they were forked
before it did.
"""

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from importlib import import_module
from types import TracebackType
from typing import Any, BinaryIO, ParamSpec, TypeAlias, TypeVar

from gradart.errors import Leaving
from gradart.files.reading import reading
from gradart.jobs import forks
from gradart.jobs.forks import Fork
from gradart.jobs.process_setup import ended_soon, prepare, python
from gradart.jobs.versions import code, installed
from gradart.sketching.isolation import end_process

Given = ParamSpec("Given")
Result = TypeVar("Result")
Process: TypeAlias = subprocess.Popen[bytes] | Fork
_NEEDED = (
    "gradart.jobs.render_batch",
    "gradart.rendering.formats.png",
    "PIL.PngImagePlugin",
)  # by pictures
_GRACE = 0.7  # seconds that a worker has to clear up before it is killed
_PATIENCE = 0.3  # seconds of these in which its call may end by itself
_TERMINATED = 143  # the status of who was told to leave, as a shell has it


class WorkerDied(BrokenExecutor):
    """The worker of a call died, and so did the one that tried it again."""


@dataclass(frozen=True)
class _Item:
    future: Future[Any]  # of calls that return anything, which wait in one queue
    call: tuple[Callable[..., object], tuple[object, ...], dict[str, object]]


@dataclass(frozen=True)
class _Answer:
    """What came of a call in a worker: what it returned, or the error that it raised."""

    result: object = None
    error: Exception | None = None


class Workers(Executor):
    """Up to `count` processes, each started when there is work for it.

    `initializer` runs in each, first. Leaving the block by an error, as by Ctrl-C, ends them at
    once; otherwise what was submitted is finished.
    """

    def __init__(self, count: int, initializer: Callable[[], object] | None = None) -> None:
        if count < 1:
            raise ValueError(f"a number of workers is 1 or more, not {count}")
        self._count, self._initializer = count, initializer
        self._items: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._processes: set[Process] = set()
        self._lock = threading.Lock()
        self._waiting = 0  # calls that no thread has taken
        self._idle = 0  # threads that wait for one
        self._closed = self._stopped = False

    def submit(
        self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        future: Future[Result] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._waiting += 1
            self._items.put(_Item(future, (fn, args, kwargs)))
            if self._waiting > self._idle and len(self._threads) < self._count:
                thread = threading.Thread(target=self._serve_queue, name="worker", daemon=True)
                self._threads.append(thread)
                self._idle += 1
                thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._lock:
            first, self._closed = not self._closed, True
            if cancel_futures:
                self._cancel()
            if first or cancel_futures:
                for _ in self._threads:
                    self._items.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def stop(self) -> None:
        """Cancel what has not begun, and end the workers: politely at first, then not."""
        with self._lock:
            self._stopped = True
            processes = list(self._processes)
        self.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        end = time.monotonic() + _GRACE
        for process in processes:
            try:
                process.wait(max(end - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self.stop()
        self.shutdown()

    def _cancel(self) -> None:
        while True:
            try:
                item = self._items.get_nowait()
            except queue.Empty:
                return
            if item is not None:
                item.future.cancel()
                item.future.set_running_or_notify_cancel()  # who waits for it is told

    def _serve_queue(self) -> None:
        """What each thread does: hand one call after the other to a process of its own."""
        if hasattr(signal, "pthread_sigmask"):
            # The process inherits this: Ctrl-C is for its parent, which ends it by SIGTERM.
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        process = None
        while (item := self._items.get()) is not None:
            with self._lock:
                self._idle -= 1
                self._waiting -= 1
            if item.future.set_running_or_notify_cancel():
                process = self._work(item, process)
            with self._lock:
                self._idle += 1
        if process is not None:
            self._end(process)

    def _work(self, item: _Item, process: Process | None) -> Process | None:
        """Settle a call; returns the process that is then at hand."""
        try:
            request = pickle.dumps(item.call)
        except Exception as error:
            item.future.set_exception(error)
            return process
        if process is not None and process.poll() is not None:  # it died of something else
            self._end(process)
            process = None
        status = 0
        for _ in range(2):
            try:
                process = process or self._start()
            except Exception as error:
                item.future.set_exception(error)
                return None
            answer = _ask(process, request)
            if answer is not None:
                if answer.error is None:
                    item.future.set_result(answer.result)
                else:
                    item.future.set_exception(answer.error)
                return process
            status = self._end(process)
            process = None
        item.future.set_exception(WorkerDied(f"its worker died twice ({_cause(status)})"))
        return None

    def _start(self) -> Process:
        with self._lock:
            if self._stopped:
                raise WorkerDied("the workers were stopped")
            process = forks.taken() or subprocess.Popen(
                python("gradart.jobs.process_pool:serve"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
            self._processes.add(process)
        if self._initializer is not None:
            answer = _ask(process, pickle.dumps((self._initializer, (), {})))
            if answer is not None and answer.error is not None:
                self._end(process)
                raise answer.error
        return process

    def _end(self, process: Process) -> int:
        """End a process, and return its status."""
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()  # at which it leaves
        process.stdout.close()
        try:
            status = process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        with self._lock:
            self._processes.discard(process)
        return status


def _ask(process: Process, request: bytes) -> _Answer | None:
    """A process's answer to a request; None if it died."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        pickle.dump(request, process.stdin)
        process.stdin.flush()
        answer = pickle.load(process.stdout)
    except (OSError, EOFError, ValueError, pickle.UnpicklingError):
        return None
    try:
        found: _Answer = pickle.loads(answer)
    except Exception as error:  # such an error, say, as cannot be made again of its arguments
        return _Answer(error=RuntimeError(f"the result cannot be unpickled: {error}"))
    return found


def _cause(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def serve() -> None:
    """What a worker does: call what is sent, answer, and leave when nothing more can come.

    It speaks through its stdin and stdout. What the calls print goes to stderr.
    """
    with os.fdopen(os.dup(0), "rb") as requests, os.fdopen(os.dup(1), "wb") as answers:
        serve_pipes(requests, answers)
    sys.stdout.flush()
    sys.stderr.flush()
    end_process(0)  # at once: to take JAX down can take a second


def serve_pipes(requests: BinaryIO, answers: BinaryIO) -> None:
    """`serve` by two pipes, which are this process's alone."""
    signal.signal(signal.SIGTERM, _leave)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    soon = ended_soon(signal.SIGTERM, Leaving, _PATIENCE, lambda: end_process(_TERMINATED))
    with soon, reading(), contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            answer = _answer(pickle.load(requests))
            pickle.dump(answer, answers)
            answers.flush()


def warm(count: int) -> None:
    """Load JAX, and where nothing else has run yet, fork workers that have it at once.

    One is none: such work is done here.
    """
    if "jax" not in sys.modules and count > 1:
        prepare()
        for module in _NEEDED:
            import_module(module)
        installed(), code()  # which every picture tells
        forks.fork_workers(count, serve_pipes)


def _answer(request: bytes) -> bytes:
    try:
        function, args, kwargs = pickle.loads(request)
        return pickle.dumps(_Answer(function(*args, **kwargs)))
    except Exception as error:
        try:
            return pickle.dumps(_Answer(error=error))
        except Exception:
            return pickle.dumps(_Answer(error=RuntimeError(f"{type(error).__name__}: {error}")))


def _leave(*_: object) -> None:
    """End by an exception, so that files which are half written are removed."""
    raise Leaving(_TERMINATED)
