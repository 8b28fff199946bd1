"""Values of parameters as texts, as the command line takes them, and as JSON keeps them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import jax

# What a parameter's value is when it has been checked; JAX gives arrays where it traces a sketch.
Value: TypeAlias = "bool | int | float | str | Path | jax.Array | tuple[Value, ...] | None"

# Between the values of a sweep, and the parts of a value: a list's own parts stand nearest.
SEPARATORS = ",;|"


def split(text: str, depth: int) -> list[str]:
    r"""The parts of a text between the separators of a depth: 0 for numbers, 1 for lists of them.

    A separator after a backslash belongs to a part.

    >>> split(r"Hello\, world,Bye", 0)
    ['Hello, world', 'Bye']
    """
    mark = SEPARATORS[depth]
    return [
        part.replace(f"\\{mark}", mark) for part in re.split(rf"(?<!\\){re.escape(mark)}", text)
    ]


def depth(value: object) -> int:
    """How deep lists lie in each other: 0 for a number, 1 for a point, 2 for a list of points."""
    if not isinstance(value, list | tuple):
        return 0
    return 1 + max(map(depth, value), default=0)


def word(value: object) -> str:
    """A value as the command line takes it.

    >>> word([(0.5, 1.0), (2.0, 3.0)])
    '0.5,1.0;2.0,3.0'
    """
    if isinstance(value, list | tuple):
        mark = SEPARATORS[min(depth(value), len(SEPARATORS)) - 1]
        return mark.join(word(part).replace(mark, f"\\{mark}") for part in value)
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def paths(values: Mapping[str, object]) -> Iterator[tuple[str, Path]]:
    """The files that values name, each with the name of its parameter, in a list with a number."""
    for name, value in values.items():
        if isinstance(value, Path):
            yield name, value
        elif isinstance(value, tuple):
            yield from paths({f"{name} {number}": part for number, part in enumerate(value, 1)})


def as_plain(value: object) -> object:
    """A value as JSON has it: a path is a text, a tuple a list."""
    if isinstance(value, list | tuple):
        return [as_plain(part) for part in value]
    return str(value) if isinstance(value, Path) else value
