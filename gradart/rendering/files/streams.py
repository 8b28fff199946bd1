"""Where a picture can go that is no file: standard output, a pipe, a device.

It is made whole as a temporary file first, and then poured there.
"""

import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from gradart.errors import ArtError, RenderFault
from gradart.rendering.formats.registry import FORMATS

_OPEN = re.compile(r"/dev/(stdout|stderr)|(?:/dev|/proc/self)/fd/(\d+)")
_stdout = 1  # where the process's standard output is


@dataclass(frozen=True)
class Stream:
    """A pipe or a device: its path, and the ending of the format that it is to get, if told."""

    path: Path
    ending: str = ""


def stream(path: Path, here: Path | None = None) -> Stream | None:
    """What `path` names, if that is no file: `-` is standard output, `svg:-` tells the format.

    A relative path counts from `here`, or else from the current folder.
    """
    word, _, after = str(path).partition(":")
    prefixed = [(f".{word}", after)] if after and f".{word}" in FORMATS else []
    for ending, rest in ("", str(path)), *prefixed:
        if rest == "-":
            return Stream(Path("-"), ending)
        where = (here or Path()) / rest
        if _number(where) is not None or _flows(where):
            known = where.suffix.lower()
            return Stream(where, ending or (known if known in FORMATS else ""))
    return None


def _number(path: Path) -> int | None:
    """The number of the open file that a path names."""
    if str(path) == "-":
        return _stdout
    found = _OPEN.fullmatch(str(path))
    if not found:
        return None
    number = int(found[2] or {"stdout": 1, "stderr": 2}[found[1]])
    return _stdout if number == 1 else number


def _flows(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    if stat.S_ISBLK(mode):
        raise ArtError(f"{path} is a disk; write the name of a file")
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


def is_stdout(path: Path) -> bool:
    """Whether a path names standard output."""
    found = stream(path)
    return found is not None and _number(found.path) == _stdout


def pour(file: Path, to: Stream) -> None:
    """Write a file's bytes to a stream: BrokenPipeError if nobody reads standard output."""
    number = _number(to.path)
    try:
        target = os.open(to.path, os.O_WRONLY) if number is None else os.dup(number)
        with open(file, "rb") as whole, os.fdopen(target, "wb") as flow:
            shutil.copyfileobj(whole, flow)
    except OSError as error:
        if isinstance(error, BrokenPipeError) and number == _stdout:
            raise
        raise RenderFault(f"{to.path} cannot be written: {error.strerror}") from error


@contextmanager
def stdout_kept() -> Iterator[None]:
    """Keep standard output for a picture: what is printed meanwhile goes to standard error."""
    global _stdout
    sys.stdout.flush()
    with redirect_stdout(sys.stderr):
        _stdout = os.dup(1)
        try:
            os.dup2(2, 1)
            yield
        finally:
            os.dup2(_stdout, 1)
            os.close(_stdout)
            _stdout = 1
