"""Errors and warnings of sketches, each told in one line that names the sketch and its line."""

import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from gradart.errors import (
    PACKAGE,
    ArtError,
    ArtWarning,
    Leaving,
    RenderFault,
    causes,
    is_own,
    kind_of,
)
from gradart.sketching.isolation import RefusedExit, exits_refused, import_hint
from gradart.terminal import plain
from gradart.unknown_names import unknown

_LONG, _SHORT = 2000, 400  # letters of a message of ours, which may list names; of any other
# What Python says where one of gradart's types is called that is no class.
_TYPE_CALLED = re.compile(
    r"Any cannot be instantiated|(Callable|[\w.]*\bArray)\(\) takes no arguments"
)
_MISSING = {  # what a sketch has forgotten
    "key": "a sketch that draws at random takes it: def sketch(key, ...)",
    "page": "a sketch that draws on its sheet takes it: def sketch(page, ...)",
    "jnp": "write import jax.numpy as jnp above",
    "jax": "write import jax above",
    "np": "write import jax.numpy as jnp above, and jnp for np",
    "ga": "write import gradart as ga above",
}


@contextmanager
def errors_of(name: str, file: Path) -> Iterator[None]:
    """Name the sketch, and the line of its file, in what goes wrong meanwhile.

    Every error that the sketch caused leaves as an ArtError, also what is meant to end a program;
    what did not pass through its folder and is no fault of the machine leaves as it is.
    """
    try:
        yield
    except (KeyboardInterrupt, Leaving):
        raise
    except BaseException as exc:
        place, found = _place(exc, name, file)
        if isinstance(exc, ArtError):
            raise type(exc)(f"{place}: {said(exc)}") from exc
        if isinstance(exc, OSError | MemoryError | SystemExit):
            raise RenderFault(f"{place}: {said(exc)}") from exc
        if found:
            raise ArtError(f"{place}: {said(exc)}{import_hint(exc, file.parent)}") from exc
        raise


def _place(exc: BaseException, name: str, file: Path) -> tuple[str, bool]:
    """Where an error came from, in a message's words, and whether it came from the sketch.

    It is the last line of the sketch's file that the error passed through, in its first cause if
    possible; without one, that of a file beside it, as where a sketch's function is imported.
    """
    line, beside = 0, ""
    for cause in causes(exc):
        for frame, number in traceback.walk_tb(cause.__traceback__):
            passed = Path(frame.f_code.co_filename).absolute()
            if passed == file:
                line = number
            elif passed.parent == file.parent and passed.suffix == ".py":  # not <string>
                beside = f"{name}, {passed.name}, line {number}"
    return (f"{name}, line {line}" if line else beside or name), bool(line or beside)


def said(exc: BaseException) -> str:
    """An error as a message of one line, in the artist's words where there are any."""
    try:
        words = _words(exc)
    except Exception as wrong:  # of its own __str__
        words = f"{type(exc).__name__}, which cannot say more for {kind_of(wrong)}"
    longest = _LONG if isinstance(exc, ArtError) else _SHORT
    # What is cut off is not even looked at: a message can have megabytes.
    line = plain(" ".join(words[: 4 * longest].split()))
    return line if len(line) <= longest else f"{line[: longest - 4]} ..."


def _words(exc: BaseException) -> str:
    match exc:
        case ArtError() | ArtWarning():
            return str(exc)
        case OSError() if exc.strerror:
            return f"{exc.strerror}: {exc.filename}" if exc.filename else f"{exc.strerror}"
        case MemoryError():
            return "out of memory; ask for fewer points, or a smaller --px"
        case SystemExit():
            code = "" if exc.code is None else repr(exc.code)
            call = exc.call if isinstance(exc, RefusedExit) else f"sys.exit({code})"
            return f"the sketch has ended the program, {call}; leave that out"
        case BaseExceptionGroup():
            first, *rest = exc.exceptions
            return said(first) + (f"; and {len(rest)} more" if rest else "")
    return _remedy(exc) or f"{type(exc).__name__}: {exc}".removesuffix(": ")


def _remedy(exc: BaseException) -> str | None:
    """What an artist can do about an error of Python or JAX, if that is known."""
    from gradart.calculus.checks.misuse import explain

    return explain(exc) or _misnamed(exc)


@contextmanager
def remedies_noted() -> Iterator[None]:
    """Add to an error of Python or JAX, as a note, what `gradart run` says in its place.

    So whoever calls a sketch in a program or a notebook reads it too, below the traceback.
    """
    try:
        yield
    except Exception as exc:
        remedy = None if isinstance(exc, ArtError) else _remedy(exc)
        if remedy is not None and remedy not in getattr(exc, "__notes__", ()):
            exc.add_note(remedy)
        raise


def _misnamed(error: BaseException) -> str | None:
    """The message for an unknown name, a type that is called, or an argument that is left out.

    None for other errors.
    """
    match error:
        case TypeError() if _TYPE_CALLED.fullmatch(str(error)):
            return (
                "types, like ga.Point and ga.Curve, stand behind a colon and are not called:"
                " spot: ga.Point = (3.0, 2.0)"
            )
        case NameError() if error.name in _MISSING:
            return f"{error.name} is not defined: {_MISSING[error.name]}"
        case ImportError() if found := re.match(
            r"cannot import name '(\w+)' from 'gradart'", str(error)
        ):
            return unknown(found[1], dir(sys.modules["gradart"]))
        case TypeError() if found := re.fullmatch(
            r"([\w.<>]+)\(\) missing \d+ required .*argument.*?: (.*)", str(error)
        ):
            if error.__traceback__ and _by_a_library(error):
                called = f"{found[1].rpartition('.')[2]} is called without {found[2]}"
                return f"{called}: a curve takes one number t, a field one point p, x, y = p"
    return None


def _caller(error: BaseException) -> FrameType:
    """The frame of the call that failed, which raised the error."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame


def _by_a_library(error: BaseException) -> bool:
    """Whether gradart or JAX made the call that failed, and not the sketch."""
    file = _caller(error).f_code.co_filename
    return file.startswith(PACKAGE) or "jax" in Path(file).parts


def guarded(work: Callable[[], int], debug: bool = False) -> int:
    """Run a command and return its exit status; errors and notes go to stderr, a line each.

    2 for a wrong input, 1 for a fault, 130 for an interrupt. With `debug`, tracebacks and the
    warnings of other libraries are shown too.
    """
    with warnings.catch_warnings(), exits_refused():
        if not debug:
            warnings.simplefilter("ignore")
        warnings.simplefilter("default", ArtWarning)
        warnings.showwarning = _shower()
        try:
            return work()
        except KeyboardInterrupt:
            return stopped()
        except SystemExit:  # of argparse, after --help
            raise
        except BaseException as exc:
            return complain(exc, debug)


def stopped() -> int:
    """Tell on stderr that Ctrl-C has ended the work, and return the exit status for that."""
    _tell("stopped; what was finished is kept")
    return 130


def complain(exc: BaseException, debug: bool = False) -> int:
    """Tell an error on stderr, after its traceback with `debug`, and return the exit status."""
    if debug:
        lines = "".join(traceback.format_exception(exc)).splitlines()
        print("\n".join(map(plain, lines)), file=sys.stderr)
    if isinstance(exc, ArtError):
        _tell(said(exc))
        return exc.exit_status
    known = isinstance(exc, OSError | MemoryError)
    _tell(said(exc) if known else f"{said(exc)}; --debug shows where")
    return 1


def _shower() -> Callable[..., None]:
    """Tells each warning once: Python's own memory of them is lost where some library sets filters.

    Several files of one film would else tell the same.
    """
    told: set[str] = set()

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        said = warning_line(message, filename, lineno)
        if said not in told:
            told.add(said)
            _tell(f"note: {said}")

    return show


def warning_line(message: Warning | str, filename: str, lineno: int) -> str:
    """A warning in one line, with the artist's line that it points to."""
    artists = is_own(filename)
    place = f"{Path(filename).stem}, line {lineno}: " if artists else ""
    return f"{place}{' '.join(str(message).split())}"


def _tell(line: str) -> None:
    start = "\r\x1b[K" if sys.stderr.isatty() else ""  # over a bar, which is drawn again
    print(f"{start}gradart: {plain(line)}", file=sys.stderr)
