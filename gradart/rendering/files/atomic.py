"""Files that appear whole or not at all.

What is written goes to a temporary neighbor that is renamed when it is complete and on the disk,
so neither a fault, nor Ctrl-C, nor a second writer leaves half a file under the name asked for.
A link stays a link, and what is read-only, a pipe or a device is not replaced.
"""

import os
import platform
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from gradart.errors import ArtError, RenderFault
from gradart.files.reading import spare_what_is_read
from gradart.files.temporary import remove, under_way
from gradart.rendering.files.streams import stream

# Of a folder that several machines share, each knows only its own processes.
_HERE = re.sub(r"\W+", "_", platform.node()) or "here"
_LEFT = re.compile(rf"\..+\.gradart-{_HERE}-(\d+)-\d+\.tmp")
_serial = count()  # two threads may write the same name


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file, which takes the place of `path` when the block ends without error."""
    if path.is_dir():
        raise ArtError(f"{path} is a folder; write the name of a file")
    if stream(path):
        raise ArtError(f"{path} is a pipe or a device; write the name of a file")
    spare_what_is_read(path)
    target = _target(path)
    with _neighbor(target, path) as temporary:
        yield temporary
        _sync(temporary)
        spare_what_is_read(path)  # as a film is, frame by frame
        with suppress(FileNotFoundError):  # who may read it stays as it was
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
        _sync(target.parent)


@contextmanager
def replacing_folder(path: Path, pattern: str) -> Iterator[Path]:
    """A temporary folder, which takes the place of `path` when the block ends without error.

    A folder that is already there is replaced only if all it holds are files like `pattern`.
    """
    if path.exists() and not path.is_dir():
        raise ArtError(f"{path} is a file; write the name of a folder, or a file ending")
    spare_what_is_read(path)
    target = _target(path)
    if target.is_dir():
        for file in target.iterdir():
            if not file.match(pattern):
                raise ArtError(
                    f"{path} holds other files than {pattern}; write the name of a new folder"
                )
            _refuse_read_only(file, path / file.name)
    with _neighbor(target, path) as temporary:
        temporary.mkdir()
        yield temporary
        spare_what_is_read(path)
        for file in temporary.iterdir():
            _sync(file)
        _sync(temporary)
        if target.is_dir():  # only an empty folder can be renamed over
            with _neighbor(target, path) as old:
                os.replace(target, old)
                try:
                    os.replace(temporary, target)
                except OSError:
                    os.replace(old, target)
                    raise
        else:
            os.replace(temporary, target)
        _sync(target.parent)


@contextmanager
def folders(paths: Iterable[Path]) -> Iterator[None]:
    """Make folders that are not there, and take them back if nothing comes to lie in them."""
    new: list[Path] = []
    for path in paths:
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        last = missing[-1].parent if missing else path
        if not last.is_dir():
            raise RenderFault(f"no such folder: {path}, for {last} is a file")
        new += [folder for folder in missing if folder not in new]
    new.sort(key=lambda folder: len(folder.parts), reverse=True)
    try:
        for folder in reversed(new):
            try:
                folder.mkdir(exist_ok=True)
            except OSError as error:
                raise RenderFault(f"no such folder: {folder}, and none can be made") from error
        yield
    finally:
        for folder in new:  # the inner ones come first
            with suppress(OSError):  # it holds something
                folder.rmdir()


def _target(path: Path) -> Path:
    """What is replaced for `path`: a link's end. It stays the same wherever the artist goes."""
    target = Path(os.path.realpath(path)) if path.is_symlink() else path.absolute()
    if target.is_symlink():
        raise RenderFault(f"{path} cannot be written: its links lead in a circle")
    _refuse_read_only(target, path)
    return target


def _refuse_read_only(target: Path, path: Path) -> None:
    """Raise a RenderFault if a file is read-only, also for who may write it all the same."""
    with suppress(FileNotFoundError, NotADirectoryError):
        if not target.stat().st_mode & 0o222 or not os.access(target, os.W_OK):
            raise RenderFault(f"{path} cannot be written: it is read-only; what was there stays")


@contextmanager
def _neighbor(target: Path, path: Path) -> Iterator[Path]:
    """A free name beside `target` for the time of the block; what has that name is then removed.

    Errors tell `path`, which is what the artist calls it.
    """
    temporary = target.with_name(
        f".{target.name}.gradart-{_HERE}-{os.getpid()}-{next(_serial)}.tmp"
    )
    try:
        with under_way(temporary):
            _sweep(target.parent)
            yield temporary
    except OSError as error:
        # What else the block does may fail to open a file of its own; that is not said here.
        known = temporary, target, target.parent
        ours = error.filename is None or Path(error.filename) in known
        if error.errno is None or not (ours or temporary in Path(error.filename).parents):
            raise
        reason = error.strerror or str(error)
        raise RenderFault(f"{path} cannot be written: {reason}; what was there stays") from error


def _sweep(folder: Path) -> None:
    """Remove what processes that no longer live have left in `folder`."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries]
    for name in names:
        if (left := _LEFT.fullmatch(name)) and not _alive(int(left[1])):
            remove(folder / name)


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


def _sync(path: Path) -> None:
    """Wait until what was written to a file or folder is on the disk."""
    if path.is_dir() and os.name == "nt":  # folders cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
