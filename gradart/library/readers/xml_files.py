"""XML of strangers, read element by element: no entities, not too deep, not too many."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from gradart.errors import ArtError

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
