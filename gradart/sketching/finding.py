"""The sketches that a module defines, and what each is called."""

import inspect
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import CellType, FunctionType

from gradart.sketching.functions import name_of
from gradart.sketching.sketch import Sketch

_MOST = 1000  # sketches in a list; a longer one is data


def named(names: Mapping[str, object], path: Path) -> list[Sketch]:
    """The sketches among a module's names, in lists, dicts and classes too, each once.

    Not those that it has from elsewhere: these are still to be found there, while what another
    file's function has made for this one is found here alone. A sketch is called as its function
    is. Where that is no name, or the name of several, as of what one function has made, the module
    names it.
    """
    found: dict[int, tuple[str, Sketch]] = {}
    for name, value in names.items():
        for here, sketch in _within(name, value, names):
            if not _foreign(sketch, path):
                found.setdefault(id(sketch), (here, sketch))
    own = Counter(name_of(sketch.function) for _, sketch in found.values())
    return [
        replace(sketch, home=path, called="" if _plain(sketch, own) else here)
        for here, sketch in found.values()
    ]


def _plain(sketch: Sketch, own: Counter[str]) -> bool:
    """Whether a sketch can be called as its function is."""
    name = name_of(sketch.function)
    return own[name] == 1 and name.isidentifier() and hasattr(sketch.function, "__name__")


def _within(name: str, value: object, module: Mapping[str, object]) -> Iterator[tuple[str, Sketch]]:
    """The sketches in a value of a module, like a list of them, and a name for each."""
    if isinstance(value, Sketch):
        yield name, value
    elif isinstance(value, list | tuple) and len(value) <= _MOST:
        for number, part in enumerate(value, 1):
            if isinstance(part, Sketch):
                yield f"{name}_{number}", part
    elif isinstance(value, dict) and len(value) <= _MOST:
        for key, part in value.items():
            if isinstance(part, Sketch):
                yield key if isinstance(key, str) and key.isidentifier() else f"{name}_{key}", part
    elif inspect.isclass(value) and value.__module__ == module.get("__name__"):
        for key, part in vars(value).items():
            part = part.__func__ if isinstance(part, staticmethod) else part
            if isinstance(part, Sketch):
                yield key, part


def _foreign(sketch: Sketch, path: Path) -> bool:
    """Whether a sketch is one of another file, to be found there."""
    there = sketch.globals
    known = (s for name, value in there.items() for _, s in _within(name, value, there))
    return sketch.file != path and any(s is sketch for s in known)


def under(value: object) -> Sketch | None:
    """The sketch that a decorator above @ga.sketch has made a plain function of."""
    for _ in range(100):
        if isinstance(value, Sketch):
            return value
        cells = (value.__closure__ or ()) if isinstance(value, FunctionType) else ()
        held = [cell.cell_contents for cell in cells if cell != CellType()]
        value = next((one for one in held if isinstance(one, Sketch)), None) or getattr(
            value, "__wrapped__", None
        )
    return None
