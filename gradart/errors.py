"""Errors and warnings whose messages are for an artist."""

import sys
import sysconfig
import warnings
from pathlib import Path

PACKAGE = str(Path(__file__).parent)  # whose lines are not the artist's
COMMAND = str(Path(PACKAGE, "command"))  # and what calls a command is no sketch
_LINES = 4  # of a traceback: those that are nearest to the error


class ArtError(ValueError):
    """A wrong input. The message is one line: what is wrong, and what to write instead.

    >>> try:
    ...     ga.lines([1, 2, 3, 4])
    ... except ga.ArtError as error:
    ...     print(error)
    points must have shape (..., 2), not (4,); jnp.stack([x, y], -1) makes points of x and y
    """

    exit_status = 2

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: the artist's own lines that led there, and the message."""
        import traceback

        frames = traceback.extract_tb(self.__traceback__)
        own = [frame for frame in frames if is_own(frame.filename)][-_LINES:]
        lines = [f"{_called(f.filename)}, line {f.lineno}:  {f.line}" for f in own]
        return [*lines, f"{type(self).__name__}: {self}"]


class Untraceable(ArtError):
    """An error where numbers are needed in a frame or function that JAX traces, which has none."""


class RenderFault(ArtError):
    """A fault while running: a full disk, a missing encoder."""

    exit_status = 1


class ArtWarning(UserWarning):
    """A picture came out, but something in it is not what the artist may expect.

    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     heading = ga.tangent(lambda t: jnp.array([t**2, t**3]), 0.0)
    >>> issubclass(caught[0].category, ga.ArtWarning)
    True
    """


class Leaving(SystemExit):
    """The end of a process that gradart itself has asked for, so that no sketch is blamed."""


def is_own(file: str) -> bool:
    """Whether a line of a traceback is the artist's, and of no library."""
    libraries = "site-packages", "dist-packages"
    if file.startswith((PACKAGE, "<frozen")) or any(name in file for name in libraries):
        return False
    return not file.startswith(sysconfig.get_path("stdlib"))


def warn(message: str) -> None:
    """Warn the artist, pointing at the line of theirs that led here, if there is one."""
    level, frame = 1, sys._getframe()
    while not is_own(file := frame.f_code.co_filename):
        if frame.f_back is None or file.startswith(COMMAND):
            level = 2
            break
        level, frame = level + 1, frame.f_back
    warnings.warn(message, ArtWarning, stacklevel=level)


def _called(file: str) -> str:
    """How a traceback calls a file; a notebook keeps its cells in files of no name."""
    return "in a cell" if "ipykernel" in file or file.startswith("<") else Path(file).name


def kind_of(thing: object) -> str:
    """What something is: `an int`, `bytes`, `the class int`; `nothing` for None."""
    if isinstance(thing, type):
        return f"the class {thing.__name__}"
    name = type(thing).__name__
    if thing is None or isinstance(thing, bytes):
        return "nothing" if thing is None else name
    return f"a{'n'[: name[0] in 'AEIOaeio']} {name}"


def causes(error: BaseException) -> list[BaseException]:
    """An error, what it came from, and so on; a sketch can let these go round in a circle."""
    found: dict[int, BaseException] = {}
    cause: BaseException | None = error
    while cause is not None and id(cause) not in found:
        found[id(cause)] = cause
        cause = cause.__cause__
    return list(found.values())
