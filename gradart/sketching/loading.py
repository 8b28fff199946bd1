"""Sketch files as modules: load one, and find the sketches in it."""

import inspect
import io
import linecache
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from types import CellType, FunctionType, ModuleType
from typing import NamedTuple

from gradart.errors import ArtError
from gradart.files.reading import file_hash
from gradart.sketching.error_reporting import errors_of
from gradart.sketching.functions import name_of
from gradart.sketching.isolation import beside, folder_restored, importable
from gradart.sketching.sketch import Sketch

LOADED = "gradart_sketch_"  # what begins the names of the modules that are loaded here
_MOST = 1000  # sketches in a list; a longer one is data


@dataclass(frozen=True)
class Loaded:
    """The sketches that a file defines, the files beside it that it imported, and what hides.

    `hidden` are names of what a decorator has made of a sketch.
    """

    sketches: tuple[Sketch, ...]
    imports: tuple[Path, ...]
    hidden: tuple[str, ...]


def find(argument: str) -> list[Sketch]:
    """The sketches that an argument of the command line names.

    It is `FILE.py` with one sketch in it, `FILE.py:NAME`, or a folder, for all sketches of all its
    files in natural order.
    """
    path, name = address(argument)
    if path.is_dir():
        return [sketch for file in sketch_files(path) for sketch in load(file).sketches]
    return [choose(load(path), path, name)]


def address(argument: str) -> tuple[Path, str | None]:
    """The file of an argument like FILE.py or FILE.py:NAME, and the name."""
    named = re.fullmatch(r"(.+\.py):(\w+)", argument)
    return (Path(named[1]), named[2]) if named else (Path(argument), None)


def choose(loaded: Loaded, path: Path, name: str | None = None) -> Sketch:
    """The sketch of that name of a file; without one, the only one that there is."""
    choices = ", ".join(f"{path}:{s.name}" for s in loaded.sketches)
    chosen = [s for s in loaded.sketches if name in (None, s.name)]
    if name in loaded.hidden and not chosen:
        raise ArtError(f"{path.name}: {_below(name)}")
    if not chosen:
        raise ArtError(f"{path} has no sketch {name}; write {choices}")
    if len(chosen) > 1:
        raise ArtError(f"{path} has {len(chosen)} sketches; choose one: {choices}")
    return chosen[0]


def sketch_files(folder: Path) -> list[Path]:
    """The Python files of a folder whose names begin with a letter, in the order of `chapters`."""
    return [file for chapter in chapters(folder) for file in chapter.files]


class Chapter(NamedTuple):
    """Sketch files that belong together, and what is said of them."""

    heading: str
    text: str
    files: list[Path]


def chapters(folder: Path) -> list[Chapter]:
    """A folder's sketch files in the chapters that its `order.txt` puts them in.

    A line of that file is the name of a sketch file, without .py, a chapter's heading after a #, or
    a line of the chapter's text after a >. What it does not name comes last, in natural order;
    without it, that is all there is.
    """
    files = {f.stem: f for f in folder.glob("*.py") if f.name[0].isalpha()}
    if not files:
        raise ArtError(f"{folder} has no sketches; `gradart new {folder}/waves` writes one")
    order = folder / "order.txt"
    found = [Chapter("", "", [])]
    for line in order.read_text(encoding="utf-8").splitlines() if order.is_file() else ():
        name = line.strip()
        if name.startswith("#"):
            found.append(Chapter(name.strip("# "), "", []))
        elif name.startswith(">"):
            text = f"{found[-1].text} {name.strip('> ')}".strip()
            found[-1] = found[-1]._replace(text=text)
        elif name:
            if name not in files:
                raise ArtError(f"{order} names {name}, but {folder / name}.py is not there")
            found[-1].files.append(files.pop(name))
    rest = sorted(files.values(), key=lambda file: natural(file.stem))
    found.append(Chapter("More" if order.is_file() else "", "", rest))
    return [chapter for chapter in found if chapter.files]


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts wave_2 before wave_10."""
    parts = re.findall(r"\d+|\D+", name.lower())
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _meant(path: Path) -> str:
    """What to write instead of a file that is not there."""
    file, colon, name = str(path).partition(".py:")
    if colon:
        return f"; a sketch of a file is {file}.py:{name.strip(':') or 'NAME'}"
    if path.suffix != ".py":
        return f"; a sketch is a Python file, {path}.py"
    near = get_close_matches(path.name, [file.name for file in path.parent.glob("*.py")], n=1)
    return f"; did you mean {path.with_name(near[0])}?" if near else ""


def load(path: Path) -> Loaded:
    """Run a sketch file as a module of a name of its own, its folder importable meanwhile.

    What it imports from its own folder is forgotten afterwards: another folder's module may have
    the same name, and a later load sees what has changed.
    """
    if not path.is_file():
        raise ArtError(f"no such file: {path}{_meant(path)}")
    path = path.absolute()
    try:
        with tokenize.open(path) as file:
            text = file.read()
        code = compile(text, str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as exc:
        if path.suffix != ".py":
            raise ArtError(f"{path.name} is no sketch, which is a Python file") from exc
        line = f", line {exc.lineno}" if isinstance(exc, SyntaxError) and exc.lineno else ""
        raise ArtError(f"{path.name}{line}: {getattr(exc, 'msg', exc)}") from exc

    # Kept without a time, so that the source stays what has run, whatever the file becomes.
    linecache.cache[str(path)] = (len(text), None, io.StringIO(text).readlines(), str(path))
    # The name is made of the path, so that two files called waves.py do not meet.
    module = ModuleType(f"{LOADED}{sha256(str(path).encode()).hexdigest()[:12]}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    with folder_restored() as gone, importable(path.parent) as imports, errors_of(path.name, path):
        exec(code, module.__dict__)
    found = _sketches_of(vars(module), path)
    if not found:
        raise ArtError(f"{path.name} has no sketch; {_remedy(vars(module), path)}")
    used = tuple((file, file_hash(file)) for file in sorted(imports))
    folder = gone[0] if gone else None
    sketches = tuple(replace(s, imports=used, folder=folder) for s in found)
    return Loaded(sketches, tuple(imports), tuple(_hidden(vars(module), path)))


def _remedy(names: Mapping[str, object], path: Path) -> str:
    """What to do about a file without a sketch."""
    for name, value in names.items():
        if isinstance(value, Sketch):
            return f"{name} is one of {value.file.name}: gradart run {value.file.name}"
    for name in _hidden(names, path):
        return _below(name)
    return (
        f"write @ga.sketch above its function, or call a file that only helps others _{path.name}"
    )


def _hidden(names: Mapping[str, object], path: Path) -> Iterator[str]:
    """The names of a module that a decorator has made of a sketch of this file."""
    for name, value in names.items():
        if not isinstance(value, Sketch):
            below = _decorated(value)
            if below is not None and below.file == path:
                yield name


def _below(name: str | None) -> str:
    return f"a decorator stands above @ga.sketch of {name}: write @ga.sketch above it"


def _sketches_of(names: Mapping[str, object], path: Path) -> list[Sketch]:
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
        replace(sketch, home=path, called="" if _named_by_function(sketch, own) else here)
        for here, sketch in found.values()
    ]


def _named_by_function(sketch: Sketch, own: Counter[str]) -> bool:
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


def _decorated(value: object) -> Sketch | None:
    """The sketch that a decorator above @ga.sketch has made a plain function of."""
    for _ in range(100):  # decorators, or one that is its own
        if value is None or isinstance(value, Sketch):
            return value
        cells = (value.__closure__ or ()) if isinstance(value, FunctionType) else ()
        held = [cell.cell_contents for cell in cells if cell != CellType()]
        # Not by getattr, at which another library's object may do anything.
        below = inspect.getattr_static(value, "__wrapped__", None)
        value = next((one for one in held if isinstance(one, Sketch)), below)
    return None


def reload(path: Path) -> Loaded:
    """`load` a file, or what it loaded before, if neither it nor its imports have changed since."""
    last = _reloaded.get(path)
    if last is None or last[0] != _state(path, last[1]):
        loaded = load(path)
        _reloaded[path] = last = (_state(path, loaded), loaded)
    return last[1]


_reloaded: dict[Path, tuple[list[str], Loaded]] = {}


def _state(path: Path, loaded: Loaded) -> list[str]:
    return [file_hash(file) for file in (path, *loaded.imports)]


def alone(sketch: Sketch) -> Sketch:
    """A sketch whose file runs as a program, with what that has imported from its folder."""
    program = sys.modules["__main__"]
    path = Path(getattr(program, "__file__", None) or sketch.file).absolute()
    same = [s for s in _sketches_of(vars(program), path) if s.function is sketch.function]
    sketch = same[0] if same else sketch
    folder = sketch.file.parent
    files = sorted(file for _, file in beside(folder, dict(sys.modules)) if file != sketch.file)
    return replace(sketch, imports=tuple((file, file_hash(file)) for file in files))
