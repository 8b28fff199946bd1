"""Object code in files: found by what it was made of, checked when read, written whole or not."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from gradart.files.kept import cache_folder, is_ours, write_whole
from gradart.files.reading import opened
from gradart.kernels.argument_types import Type

MADE = Path(__file__).parent / "objects"  # with the package, for several machines
HERE = Path(__file__).parent / "__pycache__"  # on this machine, beside what Python keeps of its own
_MARK = b"gradart object code 1\n"
_COMPILES = re.compile(rb"^from gradart\.numba_jit import", re.MULTILINE)


@dataclass(frozen=True)
class Kept:
    """Object code that defines `symbol`: what this returns, and which names must be there."""

    code: bytes
    symbol: str
    result: Type
    needs: list[str]


@cache
def texts_of(folder: Path) -> str:
    """A hash of what code is made of: the files in a folder that compile, and those of this one."""
    texts = [file.read_bytes() for file in sorted(folder.glob("*.py"))]
    texts = [text for text in texts if _COMPILES.search(text)]
    home = Path(__file__).parent
    ours = [
        file.read_bytes() for file in (home.parent / "numba_jit.py", *sorted(home.glob("*.py")))
    ]
    return hashlib.sha256(b"\0".join([*ours, *texts])).hexdigest()


@cache
def versions() -> str:
    """What makes code on this machine."""
    return " ".join(f"{name} {version(name)}" for name in ("numba", "llvmlite"))


def write(folder: Path, name: str, kept: Kept) -> None:
    """Write a file, which no other process sees before it is whole."""
    about = json.dumps([name, kept.symbol, kept.result, kept.needs]).encode() + b"\n"
    text = about + kept.code
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / name, _MARK + hashlib.sha256(text).digest() + text)


def read(path: Path, *, trusted: bool) -> Kept | None:
    """What a file keeps; None if there is none, if it is damaged, or not what its name says.

    Unless the folder is trusted, also if anybody but this user or the system's could have written
    it: what it keeps is run.
    """
    try:
        with opened(path) as file:
            if not (trusted or is_ours(os.fstat(file.fileno()))):
                return None
            data = file.read()
    except OSError:
        return None
    start = len(_MARK) + 32
    if data[:start] != _MARK + hashlib.sha256(data[start:]).digest():
        return None
    about, _, code = data[start:].partition(b"\n")
    name, symbol, result, needs = json.loads(about)
    return Kept(code, symbol, result, needs) if name == path.name else None


def made(name: str, level: str) -> Kept | None:
    """What came with the package for a kind of machine: as safe as its other files."""
    return read(MADE / level / name, trusted=True)


def kept(name: str) -> Kept | None:
    """What was made on this machine."""
    return next(filter(None, (read(path / name, trusted=False) for path in _folders())), None)


def keep(name: str, what: Kept) -> None:
    """Keep what was made on this machine, if there is a folder for it.

    A name is of a function, of the texts it was made of, and of the rest, parted by dots: beside
    the package those of other texts are removed.
    """
    for folder in _folders():
        try:
            write(folder, name, what)
            if folder == HERE:
                function, texts, _ = name.rsplit(".", 2)
                for path in folder.glob(f"{function}.*.*"):
                    if path.name.split(".")[-2] != texts:
                        path.unlink(missing_ok=True)
            return
        except OSError:
            continue


def _folders() -> Iterator[Path]:
    """Where code for this machine may be: with the package, else where the user has caches."""
    yield HERE
    if chosen := cache_folder():
        folder = Path(chosen, "kernels")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if is_ours(folder.stat()):
                yield folder
        except OSError:
            return
