"""Files that are read, their hashes, and the folder of caches.

Only regular files are read, for a pipe or a device may never end.
This module is imported first of all: it sees the folder where the program stands.
"""

import errno
import os
import stat
import sys
from functools import cache
from io import BufferedReader
from pathlib import Path


def _current() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:  # it has been removed
        return Path()


# Where the program stood when it imported gradart; a sketch may go elsewhere later.
START_FOLDER = _current()


def cache_folder() -> str:
    """The folder of what is compiled, in the user's one for caches; empty if there is none.

    The environment variable GRADART_CACHE names another one, or none if it is empty.
    """
    if (chosen := os.environ.get("GRADART_CACHE")) is not None:
        return chosen
    home = Path.home()
    match sys.platform:
        case "win32":
            base = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
        case "darwin":
            base = home / "Library" / "Caches"
        case _:
            base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return str(base / "gradart")


def opened(path: str | Path) -> BufferedReader:
    """Open a file to read its bytes; an OSError for a pipe, a device, a socket or a folder."""
    # A pipe that nobody writes to would otherwise be waited for here.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise OSError(errno.EINVAL, "it is no regular file", str(path))


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
