"""Temporary files and folders of this process, removed also where it ends before its time."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

_under_way: set[Path] = set()


@contextmanager
def under_way(path: Path) -> Iterator[Path]:
    """`path`, where there may be a file or a folder for the time of the block."""
    _under_way.add(path)
    try:
        yield path
    finally:
        remove(path)
        _under_way.discard(path)


@contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder for the time of the block."""
    with under_way(Path(mkdtemp(prefix="gradart-"))) as folder:
        yield folder


def abandon() -> None:
    """Remove what is under way, for a process that ends without leaving its blocks."""
    for path in list(_under_way):
        remove(path)


def remove(path: Path) -> None:
    """Remove a file or folder, if it is there and can be removed."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            return
