"""Printing the files that a command makes, each as it is there, and ending soon after Ctrl-C."""

import signal
import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from gradart.jobs.call_dispatch import Failed
from gradart.jobs.process_setup import ended_soon
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
    soon = ended_soon(signal.SIGINT, KeyboardInterrupt, _PATIENCE, lambda: leave(stopped()))
    with soon, closing(results):  # which ends the workers, if there are any
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


def leave(status: int) -> None:
    """End the program at once: to take JAX down can take a second."""
    sys.stdout.flush()
    sys.stderr.flush()
    end_process(status)
