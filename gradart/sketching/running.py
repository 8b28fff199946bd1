"""What goes wrong while sketches run, told in one line each."""

import sys
import textwrap
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gradart.errors import PACKAGE, ArtError, ArtWarning, RenderFault
from gradart.sketching.slips import misnamed


@contextmanager
def blamed(name: str, file: Path) -> Iterator[None]:
    """Name the sketch, and the line of its file, in what goes wrong meanwhile.

    Every error that the sketch caused leaves as an ArtError; what did not pass through its file
    and is no fault of the machine leaves as it is.
    """
    try:
        yield
    except Exception as exc:
        line = _line(exc, file)
        place = f"{name}, line {line}" if line else name
        if isinstance(exc, ArtError):
            raise type(exc)(f"{place}: {said(exc)}") from exc
        if isinstance(exc, OSError | MemoryError):
            raise RenderFault(f"{place}: {said(exc)}") from exc
        if line:
            raise ArtError(f"{place}: {said(exc)}") from exc
        raise


def _line(exc: BaseException, file: Path) -> int | None:
    """The last line of the file that the error passed through, in its first cause if possible."""
    line: int | None = None
    cause: BaseException | None = exc
    while cause is not None:
        for frame, number in traceback.walk_tb(cause.__traceback__):
            if Path(frame.f_code.co_filename).absolute() == file:
                line = number
        cause = cause.__cause__
    return line


def said(exc: BaseException) -> str:
    """The error in one line, in the artist's words where there are any."""
    if isinstance(exc, ArtError):
        return " ".join(str(exc).split())
    if isinstance(exc, OSError) and exc.strerror:
        return exc.strerror + (f": {exc.filename}" if exc.filename else "")
    if isinstance(exc, MemoryError):
        return "out of memory; ask for fewer points, or a smaller --px"
    from gradart.calculus.checks import explain

    words = explain(exc) or misnamed(exc) or f"{type(exc).__name__}: {exc}"
    return textwrap.shorten(words, 400, placeholder=" ...")


def guarded(work: Callable[[], int], debug: bool = False) -> int:
    """Run a command and return its exit status; errors and notes go to stderr, a line each.

    2 for a wrong input, 1 for a fault, 130 for an interrupt. With `debug`, tracebacks and the
    warnings of other libraries are shown too.
    """
    with warnings.catch_warnings():
        if not debug:
            warnings.simplefilter("ignore")
        warnings.simplefilter("default", ArtWarning)
        warnings.showwarning = _show
        try:
            return work()
        except KeyboardInterrupt:
            return stopped()
        except Exception as exc:
            return complain(exc, debug)


def stopped() -> int:
    """Say that Ctrl-C has ended the work; the exit status for that."""
    _tell("stopped; what was finished is kept")
    return 130


def complain(exc: Exception, debug: bool = False) -> int:
    """Say an error in a line, after its traceback with `debug`; its exit status, 2 or 1."""
    if debug:
        traceback.print_exception(exc)
    if isinstance(exc, ArtError):
        _tell(said(exc))
        return exc.exit_status
    known = isinstance(exc, OSError | MemoryError)
    _tell(said(exc) if known else f"{said(exc)}; --debug shows where")
    return 1


def _show(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: str | None = None,
) -> None:
    _tell(f"note: {told(message, filename, lineno)}")


def told(message: Warning | str, filename: str, lineno: int) -> str:
    """A warning in one line, with the artist's line that it points to."""
    artists = not filename.startswith(PACKAGE)
    place = f"{Path(filename).stem}, line {lineno}: " if artists else ""
    return f"{place}{' '.join(str(message).split())}"


def _tell(line: str) -> None:
    start = "\r\x1b[K" if sys.stderr.isatty() else ""  # over a bar, which is drawn again
    print(f"{start}gradart: {line}", file=sys.stderr)
