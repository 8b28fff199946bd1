"""Checks of files of others: regular, within the budget; XML read without entities."""

import math
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from gradart.errors import ArtError, kind_of
from gradart.files.reading import note_read, spelled_out

BUDGET = 100_000_000  # samples or pixels of one file


@contextmanager
def opened(file: str | os.PathLike[str]) -> Iterator[tuple[Path, BinaryIO]]:
    """Open a regular file, as its path and a stream; ArtError for whatever goes wrong in the block.

    A pipe would be waited for, and a device may have no end, so neither is read, nor by a link.
    """
    try:
        path = spelled_out(Path(file))
    except TypeError as error:
        raise ArtError(f"a file is wanted, its path, not {kind_of(file)}") from error
    try:
        # Without O_NONBLOCK it is the opening of a pipe that waits.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
        with open(number, "rb") as stream:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise ArtError(f"{path} is not a file but {_kind(os.fstat(number).st_mode)}")
            note_read(path)
            yield path, stream
    except ArtError:
        raise
    except IsADirectoryError as error:
        raise ArtError(f"{path} is not a file but a folder") from error
    except OSError as error:
        raise ArtError(f"{path} cannot be read: {error.strerror or 'broken file'}") from error
    except Exception as error:  # there is no end to what decoders raise on a broken file
        raise broken(path) from error


def broken(path: Path) -> ArtError:
    """The error for a file whose content cannot be read as what its ending says."""
    return ArtError(f"{path.name} is broken, or is not what its name says")


_BINARY = getattr(os, "O_BINARY", 0)  # Windows


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe or a socket" if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else "a device"


def afford(shape: tuple[int, ...], name: str, what: str = "samples") -> None:
    """Refuse what claims more than the budget, before anything of it is loaded."""
    if math.prod(shape) > BUDGET:
        raise ArtError(
            f"{name} claims {' x '.join(f'{n:,}' for n in shape)} {what}, over the budget of"
            f" {BUDGET:,}: cut out a part of it, or scale it down"
        )


@contextmanager
def hushed() -> Iterator[None]:
    """A block in which libtiff cannot write its own messages of a broken file to standard error."""
    try:
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # there is none to write on
        yield
        return
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def of_matplotlib(name: str) -> str:
    """The path of a file of sample data that comes with matplotlib."""
    import matplotlib.cbook

    path: str = matplotlib.cbook.get_sample_data(name, asfileobj=False)
    return path


_DEEPEST = 200  # elements within each other
_MOST = 5_000_000  # elements


def read_elements(
    path: Path,
    stream: BinaryIO,
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object] = lambda tag: None,
    data: Callable[[str], object] = lambda text: None,
) -> None:
    """Tell `start(tag, attributes)`, `end(tag)` and `data(text)` of a file; ArtError if broken.

    Names are told without their namespaces. A file that declares entities is refused, for a few
    of these can stand for gigabytes, or for other files.
    """
    depth = count = 0

    def started(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _DEEPEST:
            raise ArtError(f"{path.name} has elements more than {_DEEPEST} deep in each other")
        if count > _MOST:
            raise ArtError(f"{path.name} has more than {_MOST:,} elements: cut out a part of it")
        start(_local(tag), {_local(name): value for name, value in attributes.items()})

    def ended(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(_local(tag))

    def declared(*_: object) -> None:
        raise ArtError(f"{path.name} declares entities, which are not read: save it as plain XML")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = data
    parser.EntityDeclHandler = declared
    try:
        parser.ParseFile(stream)
    except expat.ExpatError as error:
        where = f"line {error.lineno}: {expat.ErrorString(error.code)}"
        raise ArtError(f"{path.name} is broken, or no XML, at {where}") from error


def _local(name: str) -> str:
    return name.rpartition("}")[2]
