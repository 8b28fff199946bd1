"""Ending a process soon after a signal, whatever it is doing.

Python itself heeds a signal only when a native call returns: compiling, for one, can take a
minute, and a compiled loop may never end.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gradart.files.temporary import abandon


@contextmanager
def ended_soon(
    number: int, raised: type[BaseException], patience: float, end: Callable[[], object]
) -> Iterator[None]:
    """If a signal has not ended the block after `patience` seconds, a thread of its own does.

    `raised` is what the signal's handler raises, which ends the block as a rule. Where it has not,
    the thread removes what is being written, and calls `end`, which ends the process. Only the
    main thread hears signals; in others, and on Windows, this does nothing.
    """
    if threading.current_thread() is not threading.main_thread() or os.name == "nt":
        yield
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    over = threading.Event()

    def watch() -> None:
        while heard := os.read(reader, 1):
            if heard[0] == number and not over.wait(patience):
                abandon()
                end()

    def lost(what: "sys.UnraisableHookArgs") -> None:
        """What is raised within JAX's hook of the garbage collector goes no further."""
        if what.exc_type is not raised:
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
