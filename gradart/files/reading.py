"""Files that are read: regular ones only, for a pipe or a device may never end; and their hashes.

What a sketch reads is noted, so that no picture takes its place.

This module is imported first of all: it sees the folder where the program stands.
"""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BufferedReader
from pathlib import Path

from gradart.errors import ArtError


def _current() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:  # it has been removed
        return Path()


# Where the program stood when it imported gradart; a sketch may go elsewhere later.
START_FOLDER = _current()


def opened(path: str | Path) -> BufferedReader:
    """Open a file to read its bytes; an OSError for a pipe, a device, a socket or a folder."""
    # A pipe that nobody writes to would otherwise be waited for here.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise OSError(errno.EINVAL, "it is no regular file", str(path))


def spelled_out(path: str | Path) -> Path:
    """A path without a `~`, which only a shell understands; ArtError that says what to write.

    A shell leaves it as it is in quotes, and after `=`.
    """
    text = str(path)
    if text.startswith("~") and not os.path.lexists(text):
        whole = os.path.expanduser(text)  # the same where nobody is called so
        if whole != text:
            raise ArtError(f"{text} stands for {whole} to the shell alone: write {whole}")
    return Path(path)


class Files:
    """Files that no picture may take the place of, each under any path that leads to it.

    `notes`, a folder, tells other processes of them, that have it too: an empty file for each.
    """

    def __init__(self, paths: Iterable[Path] = (), notes: Path | None = None) -> None:
        self._notes = notes
        self._paths: set[str] = set()
        self._folders: set[str] = set()
        self._links: dict[tuple[int, int], str] = {}  # hard ones: the device and the number there
        for path in paths:
            self.add(path)

    def add(self, path: Path) -> None:
        """Add the file that a path names now, wherever the program goes later."""
        with suppress(OSError, ValueError):  # none is there
            real, state = os.path.realpath(path), path.stat()
            self._paths.add(real)
            self._folders.add(os.path.dirname(real))
            self._links[state.st_dev, state.st_ino] = real
            if self._notes is not None:
                for name in real, os.path.dirname(real), _number(state):
                    (self._notes / text_hash(name)).touch()

    def lost_to(self, path: Path) -> bool:
        """Whether one of them goes if a picture, or a folder of frames, becomes `path`."""
        try:
            real, state = os.path.realpath(path), path.stat()
            if real in self._paths or real in self._folders:
                return True
            # A file that is gone may have left its number to another.
            other = self._links.get((state.st_dev, state.st_ino))
            if other is not None and os.path.samestat(state, os.stat(other)):
                return True
            notes = self._notes
            return notes is not None and any(
                (notes / text_hash(name)).exists() for name in (real, _number(state))
            )
        except (OSError, ValueError):
            return False


def _number(state: os.stat_result) -> str:
    """What all hard links to a file share."""
    return f"{state.st_dev} {state.st_ino}"


_blocks: list[Files] = []  # of `reading`, around; threads share them


@contextmanager
def reading(notes: Path | None = None) -> Iterator[Files]:
    """A block in which no file is replaced that a sketch reads in it, nor in another with `notes`.

    That is a folder which the processes of one batch share.
    """
    read = Files(notes=notes)
    _blocks.append(read)
    try:
        yield read
    finally:
        _blocks.remove(read)


def note_read(path: Path) -> None:
    """Note a file that a sketch reads, for the blocks around."""
    for read in _blocks:
        read.add(path)


def spare_what_is_read(path: Path) -> None:
    """Raise ArtError where a picture would become `path`, and take the place of what was read."""
    if any(read.lost_to(path) for read in _blocks):
        raise ArtError(f"{path} would replace a file that it is made from: name another")


def text_hash(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    from hashlib import sha256  # here, for it loads a library of 5 ms

    return sha256(text.encode()).hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; nothing if it cannot be read, or never ends."""
    try:
        state = path.stat()
        return _file_hash(path, state.st_mtime_ns, state.st_size)
    except (OSError, ValueError):  # the latter for a path that cannot be one
        return ""


@cache
def _file_hash(path: Path, changed: int, size: int) -> str:
    from hashlib import file_digest

    with opened(path) as file:
        return file_digest(file, "sha256").hexdigest()
