"""A sketch kept apart from the process that runs it: its imports, its current folder, its exits.

What it imports from its own folder is loaded afresh each time, and forgotten. Where it goes to
another folder, nobody else does. The end of the program is not for it to choose.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)
from pathlib import Path
from types import CodeType, ModuleType
from typing import NoReturn

end_process = os._exit  # at once, whatever a sketch has been given in its place


class _UncachedLoader(SourceFileLoader):
    """Compiles what a module's file holds now, whatever bytecode there is.

    Python takes the bytecode of a file for that of today's if both have one length and are of one
    second, which is time enough to save twice.
    """

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


@contextmanager
def importable(folder: Path) -> Iterator[list[Path]]:
    """Put a folder at the end of the path; on leaving, list and forget what was imported from it.

    At the end, because libraries import while a sketch is loaded too: a sketch called random.py, or
    any other that has the name of a module, is not what they mean.
    """
    before = set(sys.modules)
    imports: list[Path] = []
    hook = _hook(folder)
    sys.path.append(str(folder))
    sys.path_hooks.insert(0, hook)
    _forget_finders(folder)
    try:
        yield imports
    finally:
        if places := [place for place, entry in enumerate(sys.path) if entry == str(folder)]:
            del sys.path[places[-1]]
        sys.path_hooks.remove(hook)
        _forget_finders(folder)
        for name, file in beside(folder, {n: sys.modules[n] for n in set(sys.modules) - before}):
            imports.append(file)
            del sys.modules[name]


def _hook(folder: Path) -> Callable[[str], FileFinder]:
    def finder(path: str) -> FileFinder:
        if not _within(folder, path):
            raise ImportError(path=path)
        loaders = (ExtensionFileLoader, EXTENSION_SUFFIXES), (_UncachedLoader, SOURCE_SUFFIXES)
        return FileFinder(path, *loaders)

    return finder


def _within(folder: Path, path: str) -> bool:
    """Whether a path is that of the folder or of a package in it, not of an environment there."""
    if not path.startswith(str(folder)):  # hundreds are asked for, of which most lie elsewhere
        return False
    if not Path(path).is_relative_to(folder):
        return False
    parts = Path(path).relative_to(folder).parts
    return not parts or (folder / parts[0] / "__init__.py").is_file()


def _forget_finders(folder: Path) -> None:
    for path in [path for path in sys.path_importer_cache if _within(folder, path)]:
        del sys.path_importer_cache[path]


def import_hint(error: BaseException, folder: Path) -> str:
    """What to add to an error that comes of a file in the folder that was meant, but not found."""
    name, module = "", None
    if isinstance(error, ImportError):
        name = (error.name or "").partition(".")[0]
        module = sys.modules.get(name)
    elif isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        name, module = error.obj.__name__, error.obj
    if not name or not (folder / f"{name}.py").is_file():
        return ""
    if module is None:
        return f"; import {name} at the top of the file, where what lies beside it is found"
    if beside(folder, {name: module}):
        return ""
    return f"; {name} is a module of Python or of a library, not the {name}.py here: rename that"


def beside(folder: Path, modules: Mapping[str, ModuleType]) -> list[tuple[str, Path]]:
    """The names and files of those modules that lie in a folder, or in a package there."""
    found = []
    for name, module in modules.items():
        top = name.partition(".")[0]
        origin = getattr(modules.get(top), "__file__", None)
        if origin in (f"{folder}/{top}.py", f"{folder}/{top}/__init__.py"):
            found.append((name, Path(module.__file__ or origin)))
    return found


@contextmanager
def folder_restored(folder: str | None = None) -> Iterator[list[str]]:
    """Let a sketch run in a folder, or in the current one, which is current again afterwards.

    Yields a list, filled when the block ends: the folder that the sketch has gone to, if it has
    gone to another.
    """
    gone: list[str] = []
    before = _current()
    if folder is not None:
        os.chdir(folder)
    try:
        yield gone
    finally:
        now = _current()
        if before is not None and now != before:
            gone += [now] if now else []
            os.chdir(before)


def _current() -> str | None:
    """The current folder; None if it is deleted."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return None


class RefusedExit(SystemExit):
    """Raised in a sketch that calls os._exit, which would end the command with nothing made."""

    def __init__(self, call: str) -> None:
        super().__init__(1)
        self.call = call


@contextmanager
def exits_refused() -> Iterator[None]:
    """While the block runs, a call that would end this process at once raises RefusedExit instead.

    That is os._exit, and os.execv and os.execve, which put another program in its place. Processes
    that are forked from this one end as they like.
    """
    mine = os.getpid()
    over: list[bool] = []

    def held(name: str, real: Callable[..., object]) -> Callable[..., NoReturn]:
        def call(*words: object, **named: object) -> NoReturn:
            if over or os.getpid() != mine:
                real(*words, **named)
            given = ", ".join(map(repr, words[:1])) + (", ..." if words[1:] else "")
            raise RefusedExit(f"os.{name}({given})")

        return call

    before = {name: getattr(os, name) for name in ("_exit", "execv", "execve")}
    for name, real in before.items():  # the other exec functions call one of these
        setattr(os, name, held(name, real))
    try:
        yield
    finally:
        over.append(True)  # a sketch may have kept one
        for name, real in before.items():
            setattr(os, name, real)
