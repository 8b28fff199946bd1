"""Files that appear whole or not at all.

What is written goes to a temporary neighbor that is renamed when it is complete and on the disk,
so neither a fault, nor Ctrl-C, nor a second writer leaves half a file under the name asked for.
"""

import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from gradart.errors import ArtError, RenderFault

# Of a folder that several machines share, each knows only its own processes.
_HERE = re.sub(r"\W+", "_", platform.node()) or "here"
_LEFT = re.compile(rf"\..+\.gradart-{_HERE}-(\d+)-\d+\.tmp")
_serial = count()  # two threads may write the same name
_temporary: set[Path] = set()  # what this process has under way


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file beside `path`, which takes its place when the block ends without error."""
    if path.is_dir():
        raise ArtError(f"{path} is a folder; write the name of a file")
    with _neighbor(path) as temporary:
        yield temporary
        _sync(temporary)
        os.replace(temporary, path)
        _sync(path.parent)


@contextmanager
def replacing_folder(path: Path, pattern: str) -> Iterator[Path]:
    """A temporary folder beside `path`, which takes its place when the block ends without error.

    A folder that is already there is replaced only if all it holds are files like `pattern`.
    """
    if path.exists() and not path.is_dir():
        raise ArtError(f"{path} is a file; write the name of a folder, or a file ending")
    if path.is_dir() and any(not file.match(pattern) for file in path.iterdir()):
        raise ArtError(f"{path} holds other files than {pattern}; write the name of a new folder")
    with _neighbor(path) as temporary:
        temporary.mkdir()
        yield temporary
        for file in temporary.iterdir():
            _sync(file)
        _sync(temporary)
        if path.is_dir():  # only an empty folder can be renamed over
            with _neighbor(path) as old:
                os.replace(path, old)
                try:
                    os.replace(temporary, path)
                except OSError:
                    os.replace(old, path)
                    raise
        else:
            os.replace(temporary, path)
        _sync(path.parent)


@contextmanager
def _neighbor(path: Path) -> Iterator[Path]:
    """A free name beside `path` for the time of the block; what has that name is then removed."""
    temporary = path.with_name(f".{path.name}.gradart-{_HERE}-{os.getpid()}-{next(_serial)}.tmp")
    _temporary.add(temporary)
    try:
        _sweep(path.parent)
        yield temporary
    except OSError as error:
        # What else the block does may fail to open a file of its own; that is not said here.
        ours = error.filename is None or Path(error.filename) in (temporary, path, path.parent)
        if error.errno is None or not (ours or temporary in Path(error.filename).parents):
            raise
        reason = error.strerror or str(error)
        raise RenderFault(f"{path} cannot be written: {reason}; what was there stays") from error
    finally:
        _remove(temporary)
        _temporary.discard(temporary)


def abandon() -> None:
    """Remove what is under way, for a process that ends without leaving its blocks."""
    for temporary in list(_temporary):
        _remove(temporary)


def _sweep(folder: Path) -> None:
    """Remove what processes that no longer live have left in `folder`."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries]
    for name in names:
        if (left := _LEFT.fullmatch(name)) and not _alive(int(left[1])):
            _remove(folder / name)


def _alive(pid: int) -> bool:
    if os.name == "nt":  # there, signal 0 is Ctrl-C
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _remove(path: Path) -> None:
    """Remove a file or folder, if it is there and can be removed."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            return


def _sync(path: Path) -> None:
    """Wait until what was written to a file or folder is on the disk."""
    if path.is_dir() and os.name == "nt":  # folders cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
