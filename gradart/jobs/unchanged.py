"""Whether all that a command asks for is there already: told without JAX, and without the sketch.

What `gradart run` has made is noted in the folder of what is kept: by the words of the command, the
files that came of it, and the files that they were made from. Whether a picture is still that one,
by the same versions, it says itself.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from gradart.errors import ArtError
from gradart.files import file_hash, text_hash
from gradart.jobs.versions import code, machine, source_text, versions
from gradart.kept_files import keep, kept
from gradart.rendering.formats.provenance import as_json, date, read
from gradart.sketching.values import paths

if TYPE_CHECKING:
    from gradart.jobs.job import Job

_MOST = 5000  # commands that are noted
_MOST_FILES = 2000  # that came of one


@dataclass(frozen=True)
class Kept:
    """A file that is there already, made by just such a job."""

    path: Path

    def __str__(self) -> str:
        return f"{self.path}  up to date"


class _Note(TypedDict):
    """What is noted of a command.

    `made` are the files that came of it, each with a hash of what it says, and its sketch's file.
    `sources` has hashes of the sketches' texts, `read` of what else they were made from, `folders`
    of the names that Python finds beside them; `imports` are the files there that each imports.
    """

    made: list[tuple[str, str, str]]
    sources: dict[str, str]
    imports: dict[str, list[str]]
    read: dict[str, str]
    folders: dict[str, str]


def note(words: Sequence[str], here: Path, jobs: Iterable["Job"], made: Sequence[Path]) -> None:
    """Note that a command's jobs became these files, which count from the folder `here`."""
    found = _Note(made=[], sources={}, imports={}, read={}, folders={})
    homes: dict[str, set[Path]] = {}
    for job in jobs:
        sketch = job.sketch
        homes.setdefault(sketch.name, set()).add(sketch.file)
        beside = [file for file, _ in sketch.imports]
        found["sources"][str(sketch.file)] = text_hash(sketch.source)
        found["imports"][str(sketch.file)] = [str(file) for file in beside]
        found["folders"][str(sketch.file.parent)] = _names(sketch.file.parent)
        given = (job.here / file for _, file in paths(job.values))
        known = (file for _, file in paths({p.name: p.default for p in sketch.parameters}))
        presets = sketch.file.with_suffix(".presets.json")
        order = sketch.file.with_name("order.txt")
        for file in (*beside, *given, *(here / file for file in known), presets, order):
            found["read"][str(file)] = file_hash(file)
    if len(made) > _MOST_FILES or any(len(files) > 1 for files in homes.values()):
        return
    for path in made:
        facts = _facts(here / path)
        [home] = homes.get(str(facts.get("sketch")), {None})
        if home is None:
            return
        found["made"].append((str(path), _digest(facts), str(home)))
    keep(_name(words, here), json.dumps(found).encode(), _MOST)


def unchanged(words: Sequence[str], here: Path) -> list[Kept] | None:
    """The files that a command would make, if each is there as it would make it.

    None if one is not, or if that cannot be told without running the sketch.
    """
    try:
        found: _Note = json.loads(kept(_name(words, here)) or b"{}")
        return [Kept(Path(path)) for path, _, _ in found["made"]] if _holds(found, here) else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # no note of ours
        return None


def _holds(found: _Note, here: Path) -> bool:
    """Whether what is noted is so today."""
    if not (
        all(text_hash(source_text(Path(f))) == digest for f, digest in found["sources"].items())
        and all(file_hash(Path(file)) == digest for file, digest in found["read"].items())
        and all(_names(Path(folder)) == digest for folder, digest in found["folders"].items())
    ):
        return False
    now = {file: _now(Path(file), imports) for file, imports in found["imports"].items()}
    for path, digest, home in found["made"]:
        facts = _facts(here / path)
        if _digest(facts) != digest or any(facts.get(n) != fact for n, fact in now[home].items()):
            return False
    return bool(found["made"])


def _now(file: Path, imports: Iterable[str]) -> dict[str, object]:
    """What a picture of a sketch's file would say today of what is around it."""
    return {
        "versions": versions(source_text(file), *map(Path, imports)),
        "code": code()[:12],
        "machine": machine(),
        "date": date() or None,
    }


def _facts(path: Path) -> Mapping[str, object]:
    """What a file says of its making; nothing if it is not there, or another program's."""
    try:
        return read(path) or {}
    except ArtError:
        return {}


def _digest(facts: Mapping[str, object]) -> str:
    return text_hash(as_json(dict(facts)))


def _names(folder: Path) -> str:
    """A hash of the names that Python can import from a folder, and that a list of it has."""
    try:
        names = [
            p.name for p in folder.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
        ]
    except OSError:
        return ""
    return text_hash("\0".join(sorted(names)))


def _name(words: Sequence[str], here: Path) -> str:
    """Under which a command is noted, where it was given."""
    return f"made/{text_hash(json.dumps([str(here), *words]))[:32]}"
