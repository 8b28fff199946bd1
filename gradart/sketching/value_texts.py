"""Values of parameters as texts, as the command line takes them, and as JSON keeps them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import jax

    from gradart.drawing.color.palettes import Palette

# What a parameter's value is when it has been checked; JAX gives arrays where it traces a sketch.
Value: TypeAlias = "bool | int | float | str | Path | jax.Array | tuple[Value, ...] | None"

# What a sketch is drawn for: where JAX traces the colors of a palette, the palette of these.
TracedValue: TypeAlias = "Value | Palette"

# Between the values of a sweep, and the parts of a value: a list's own parts stand nearest.
SEPARATORS = ",;|"


def split(text: str, depth: int) -> list[str]:
    r"""The parts of a text between the separators of a depth: 0 for numbers, 1 for lists of them.

    A separator after a backslash belongs to a part; a part that ends with a backslash has it twice.

    >>> split(r"Hello\, world,Bye", 0)
    ['Hello, world', 'Bye']
    """
    mark = SEPARATORS[depth]
    parts, read = [""], 0
    for found in re.finditer(rf"(\\*){re.escape(mark)}", text):
        backslashes, escaped = divmod(len(found[1]), 2)
        parts[-1] += text[read : found.start()] + "\\" * backslashes + mark * escaped
        parts += [] if escaped else [""]
        read = found.end()
    parts[-1] += text[read:]
    return parts


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
        # Backslashes before a separator are read in pairs, and an odd one makes it a letter.
        inner = re.compile(rf"(\\*){re.escape(mark)}")
        parts = [inner.sub(rf"\1\1\\{mark}", word(part)) for part in value]
        ended = [re.sub(r"(\\+)$", r"\1\1", part) for part in parts[:-1]]
        return mark.join(ended + parts[-1:])
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
