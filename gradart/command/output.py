"""Standard output: opened if it is closed, flushed, and given up when its reader has left."""

import os
import sys
from collections.abc import Callable

UNREAD = 141  # the exit status of a program whose reader has left: 128 and SIGPIPE


def open_all() -> None:
    """Open standard input, output and error where they are closed.

    The next file that is opened, a picture perhaps, would else become standard output.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # the lowest number that is free
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def flushed(work: Callable[[], int]) -> int:
    """Do a work that prints, and flush what it printed; return its exit status.

    As with any tool before `| head`, the work ends, without a word, when nobody reads on: 141.
    """
    try:
        try:
            return work()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _give_up()
        return UNREAD
    except OSError:  # a full disk, if it is about standard output
        try:
            sys.stdout.flush()
        except OSError:
            _give_up()
        raise


def _give_up() -> None:
    """Let what is still to be printed go nowhere: Python would complain of it at its end."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)
