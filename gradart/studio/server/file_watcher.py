"""Which files have been saved."""

import os
from collections.abc import Iterable
from pathlib import Path

Stamp = dict[str, tuple[int, int, int] | None]


def stamp(files: Iterable[str]) -> Stamp:
    """For each file what changes when it is saved; None for one that is not there."""
    stamps: Stamp = {}
    for file in files:
        try:
            status = os.stat(file)
        except OSError:
            stamps[file] = None
        else:
            stamps[file] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return stamps


def neighbors(file: str) -> list[str]:
    """A sketch file and all Python files beside it: any may be the one that is broken."""
    folder = Path(file).parent
    return [file, *map(str, folder.glob("*.py")), *map(str, folder.glob("*/*.py"))]
