"""Whether all that a command asks for is there already: told without JAX, and without the sketch.

What `gradart run` has made is noted in the folder of what is kept, by the words of the command:
what it was made from, and the files that came of it, with what they say of their making.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from gradart.errors import ArtError
from gradart.files.kept import keep, kept
from gradart.files.reading import text_hash
from gradart.jobs.sources import Sources, same, sources_of
from gradart.rendering.formats.provenance import as_json, read

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
    """What came of a command: files, each with a hash of what it says of its making."""

    sources: Sources
    made: list[tuple[str, str]]


def note(words: Sequence[str], here: Path, jobs: Sequence["Job"], made: Sequence[Path]) -> None:
    """Note that a command's jobs became these files, which count from the folder `here`."""
    if len(made) > _MOST_FILES:
        return
    said = [(str(path), _said(here / path)) for path in made]
    if all(digest for _, digest in said):  # not of what went to a pipe
        found = _Note(sources=sources_of(jobs), made=said)
        keep(_name(words, here), json.dumps(found).encode(), _MOST)


def unchanged(words: Sequence[str], here: Path) -> list[Kept] | None:
    """The files that a command would make, if each is there as it would make it.

    None if one is not, or if that cannot be told without running the sketch.
    """
    try:
        found: _Note = json.loads(kept(_name(words, here)) or b"{}")
        there = all(_said(here / path) == digest != "" for path, digest in found["made"])
        files = [Kept(Path(path)) for path, _ in found["made"]]
        return files if files and there and same(found["sources"]) else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # no note of ours
        return None


def _said(path: Path) -> str:
    """A hash of what a file says of its making; empty if it is not there, or another program's."""
    try:
        facts = read(path)
    except ArtError:
        return ""
    return text_hash(as_json(facts)) if facts else ""


def _name(words: Sequence[str], here: Path) -> str:
    """Under which a command is noted, where it was given."""
    return f"made/{text_hash(json.dumps([str(here), *words]))[:32]}"
