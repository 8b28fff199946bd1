"""Ctrl-C that is heard in time: Python itself hears it only when a native call returns."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gradart.rendering.files.atomic import abandon
from gradart.sketching.error_reporting import stopped
from gradart.sketching.isolation import end_process

_PATIENCE = 1.2  # seconds after Ctrl-C in which the program may end by itself


@contextmanager
def ending_soon() -> Iterator[None]:
    """If Ctrl-C has not ended the block after a moment, end the program from a thread of its own.

    Compiling, for one, can take a minute in which no KeyboardInterrupt is raised. Only the main
    thread hears signals; in others, and on Windows, this does nothing.
    """
    if threading.current_thread() is not threading.main_thread() or os.name == "nt":
        yield
        return
    heard, told = os.pipe()
    os.set_blocking(told, False)
    over = threading.Event()

    def watch() -> None:
        while number := os.read(heard, 1):
            if number[0] == signal.SIGINT and not over.wait(_PATIENCE):
                abandon()
                leave(stopped())

    def lost(what: Any) -> None:
        """A KeyboardInterrupt raised within JAX's hook of the garbage collector goes no further."""
        if what.exc_type is not KeyboardInterrupt:
            hook(what)

    hook, sys.unraisablehook = sys.unraisablehook, lost
    before = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        signal.set_wakeup_fd(before)
        sys.unraisablehook = hook
        os.close(told)  # at which the thread leaves
        thread.join()
        os.close(heard)


def leave(status: int) -> None:
    """End the program at once: to take JAX down can take a second."""
    sys.stdout.flush()
    sys.stderr.flush()
    end_process(status)
