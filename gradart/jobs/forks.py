"""Workers that are forked off this process when it has loaded JAX, and so have it at once.

A process can be forked only while it has one thread: JAX has loaded then, and nothing has run yet.
"""

import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import BinaryIO, NoReturn

from gradart.errors import Leaving
from gradart.sketching.isolation import end_process

_LOOK = 0.005  # s between two looks at whether a process has ended


class Fork:
    """A forked process: what is used of `subprocess.Popen`, whose place it takes."""

    def __init__(self, pid: int, stdin: BinaryIO, stdout: BinaryIO) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self.returncode: int | None = None
        self._lock = threading.Lock()  # a process is waited for once

    def poll(self) -> int | None:
        """Its status if it has ended, negative if by a signal."""
        with self._lock:
            if self.returncode is None:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its status once it has ended; subprocess.TimeoutExpired if that takes longer."""
        end = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if timeout is not None and end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("a worker", timeout)
            time.sleep(_LOOK)
        return status

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


_idle: list[Fork] = []


def fork_workers(count: int, work: Callable[[BinaryIO, BinaryIO], None]) -> None:
    """Fork processes for `taken`, which do `work` with their requests and answers, and leave.

    None is forked where that is not safe.
    """
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1:
        # Ctrl-C is for this process, which ends the others by SIGTERM.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            for _ in range(count):
                _fork(work)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def any_idle() -> bool:
    """Whether there is a forked process that nobody has taken."""
    return bool(_idle)


def taken() -> Fork | None:
    """A forked process, if there is one that has not ended."""
    while _idle:
        fork = _idle.pop()
        if fork.poll() is None:
            return fork
    return None


def _fork(work: Callable[[BinaryIO, BinaryIO], None]) -> None:
    (requests, asked), (answered, answers) = os.pipe(), os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        os.close(requests)
        os.close(answers)
        _idle.append(Fork(pid, os.fdopen(asked, "wb"), os.fdopen(answered, "rb")))
        return
    try:
        for other in _idle:  # so that each sees when its parent has gone
            other.stdin.close()
            other.stdout.close()
        _idle.clear()
        os.close(asked)
        os.close(answered)
        _work(work, requests, answers)
    finally:
        end_process(1)


def _work(work: Callable[[BinaryIO, BinaryIO], None], requests: int, answers: int) -> NoReturn:
    """Do the work of a forked process, and end it."""
    status = 0
    try:
        if "numpy.random" in sys.modules:  # Python's own generator has begun anew
            sys.modules["numpy.random"].seed()
        with os.fdopen(requests, "rb") as asked, os.fdopen(answers, "wb") as answered:
            work(asked, answered)
    except Leaving as leaving:
        status = int(str(leaving.code))
    except BaseException:
        traceback.print_exc()
        status = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        end_process(status)
    raise AssertionError
