"""Printing the files that a command makes, each as it is there, and ending soon after Ctrl-C.

Python itself heeds Ctrl-C only when a native call returns.
"""

import os
import signal
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from gradart.jobs.dispatch import Failed
from gradart.rendering.files.atomic import abandon
from gradart.rendering.files.streams import is_stdout
from gradart.sketching.error_reporting import complain, stopped
from gradart.sketching.isolation import end_process
from gradart.terminal import Bars, plain

_PATIENCE = 1.2  # seconds after Ctrl-C in which the program may end by itself


def show(results: Generator[object], bars: Bars | None = None, debug: bool = False) -> int:
    """Print what comes, each failure once, and return the worst exit status.

    Of a picture on standard output nothing is printed, which would become part of it.
    """
    if bars is None:
        write = print
    else:
        from tqdm import tqdm

        write = tqdm.write  # not into a bar
    status, failures = 0, set()
    with _ending_soon(), closing(results):  # which ends the workers, if there are any
        for result in results:
            if isinstance(result, Failed):
                sys.stdout.flush()  # which ends the work if nobody reads on: what failed is a print
                if isinstance(result.error, BrokenPipeError):
                    raise result.error
                if (failure := str(result.error)) not in failures:
                    failures.add(failure)
                    status = max(status, complain(result.error, debug))
            else:
                if not is_stdout(getattr(result, "path", Path())):
                    write("\n".join(map(plain, str(result).split("\n"))))
                sys.stdout.flush()
    return status


@contextmanager
def _ending_soon() -> Iterator[None]:
    """If Ctrl-C has not ended the block after a moment, end the program from a thread of its own.

    Compiling, for one, can take a minute in which no KeyboardInterrupt is raised. Only the main
    thread hears signals; in others, and on Windows, this does nothing.
    """
    if threading.current_thread() is not threading.main_thread() or os.name == "nt":
        yield
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    over = threading.Event()

    def watch() -> None:
        while number := os.read(reader, 1):
            if number[0] == signal.SIGINT and not over.wait(_PATIENCE):
                abandon()
                leave(stopped())

    def lost(what: "sys.UnraisableHookArgs") -> None:
        """A KeyboardInterrupt raised within JAX's hook of the garbage collector goes no further."""
        if what.exc_type is not KeyboardInterrupt:
            hook(what)

    hook, sys.unraisablehook = sys.unraisablehook, lost
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        signal.set_wakeup_fd(before)
        sys.unraisablehook = hook
        os.close(writer)  # at which the thread leaves
        thread.join()
        os.close(reader)


def leave(status: int) -> None:
    """End the program at once: to take JAX down can take a second."""
    sys.stdout.flush()
    sys.stderr.flush()
    end_process(status)
