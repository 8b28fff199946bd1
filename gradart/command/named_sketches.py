"""The sketches that a command line names: files, functions of files, and folders."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gradart.errors import ArtError
from gradart.jobs.process_setup import prepare
from gradart.sketching.error_reporting import complain

if TYPE_CHECKING:
    from gradart.sketching.sketch import Sketch


def files(named: Sequence[str], here: Path) -> list[Path]:
    """The files of these names, those of folders left out, before JAX is there."""
    found = (re.fullmatch(r"(.+\.py)(:\w+)?", word) for word in named)
    return list(dict.fromkeys((here / file[1]).absolute() for file in found if file))


def find(named: Sequence[str], here: Path, every: bool = False) -> "tuple[list[Sketch], bool]":
    """The sketches of these names, and whether there are others that cannot be loaded.

    These are told; if there is none that can be loaded, the last one is raised. With `every`, a
    file means all that it has.
    """
    if not named:
        return [], False
    prepare()
    from gradart.sketching.loading import sketch_files

    looks: list[Callable[[], Iterable[Sketch]]] = []
    for word in named:
        if Path(word).is_dir():
            looks += [partial(_all_of, here / file) for file in sketch_files(Path(word))]
        elif every and Path(word).is_file():
            looks.append(partial(_all_of, here / word))
        else:
            looks.append(partial(_named, word, here))
    found: list[Sketch] = []
    errors: list[Exception] = []
    for look in looks:
        try:
            found += look()
        except Exception as error:
            errors.append(error)
    if errors and not found:
        raise errors.pop()
    for broken in errors:
        complain(broken)
    return found, bool(errors)


def _all_of(file: Path) -> "Iterable[Sketch]":
    from gradart.sketching.loading import load

    return load(file).sketches


def _named(word: str, here: Path) -> "Iterable[Sketch]":
    """What one word names. Sketches before it are loaded already, and may have left `here`."""
    from gradart.jobs.job import path_from
    from gradart.sketching.loading import find as find_sketches

    return find_sketches(str(path_from(here, Path(word))))


def need_folder(folder: Path, command: str, example: str) -> None:
    """Raise an ArtError, with what to write for the command, if there is no such folder."""
    if not folder.is_dir():
        raise ArtError(f"there is no folder {folder} here; name one: gradart {command} {example}")
