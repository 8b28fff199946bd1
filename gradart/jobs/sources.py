"""Whether all that pictures were made from is as it was: told without JAX or their sketches."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from gradart.files.reading import file_hash, text_hash
from gradart.jobs.versions import code, machine, source_text, versions
from gradart.rendering.formats.provenance import date

if TYPE_CHECKING:
    from gradart.jobs.job import Job


class Sources(TypedDict):
    """What jobs depend on.

    `texts` has hashes of the texts of their sketches' files, `read` of all files that these import
    or read, `folders` of the names that Python finds beside them; `imports` are the files there
    that each sketch's file imports, and `around` what else a picture of it says.
    """

    texts: dict[str, str]
    read: dict[str, str]
    folders: dict[str, str]
    imports: dict[str, list[str]]
    around: dict[str, dict[str, object]]


def sources_of(jobs: Iterable["Job"]) -> Sources:
    """What jobs depend on, found when their sketches are loaded."""
    found = Sources(texts={}, read={}, folders={}, imports={}, around={})
    for job in jobs:
        sketch = job.sketch
        file, beside = str(sketch.file), [file for file, _ in sketch.imports]
        if file not in found["texts"]:
            found["read"].update({str(helper): digest for helper, digest in sketch.imports})
            found["texts"][file] = text_hash(sketch.source)
            found["folders"][str(sketch.file.parent)] = _names(sketch.file.parent)
            found["imports"][file] = [str(helper) for helper in beside]
            found["around"][file] = _around(sketch.source, beside)
            for text in (
                sketch.file.with_suffix(".presets.json"),
                sketch.file.with_name("order.txt"),
            ):
                found["read"][str(text)] = file_hash(text)
        found["read"].update({str(path): file_hash(path) for path in job.files.values()})
    return found


def same(sources: Sources) -> bool:
    """Whether all that jobs depend on is as noted; a note of another form raises any error."""
    return (
        all(text_hash(source_text(Path(f))) == digest for f, digest in sources["texts"].items())
        and all(file_hash(Path(f)) == digest for f, digest in sources["read"].items())
        and all(_names(Path(folder)) == digest for folder, digest in sources["folders"].items())
        and all(
            _around(source_text(Path(f)), map(Path, sources["imports"][f])) == around
            for f, around in sources["around"].items()
        )
    )


def _around(source: str, imports: Iterable[Path]) -> dict[str, object]:
    """What a picture says of what its sketch's source is run by."""
    return {
        "versions": versions(source, *imports),
        "code": code(),
        "machine": machine(),
        "date": date(),
    }


def _names(folder: Path) -> str:
    """A hash of the names that Python can import from a folder."""
    try:
        places = list(folder.iterdir())
    except OSError:
        return ""
    names = [p.name for p in places if p.suffix == ".py" or (p / "__init__.py").exists()]
    return text_hash("\0".join(sorted(names)))
