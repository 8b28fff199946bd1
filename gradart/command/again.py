"""A file made again from what it says of its making, and compared."""

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gradart.command.facts import whereabouts
from gradart.command.info import facts_of, short, table_of
from gradart.command.job import Job, compute, kind, write
from gradart.errors import ArtError, RenderFault
from gradart.sketching.loading import find, load
from gradart.sketching.sketch import Sketch
from gradart.sketching.values import word
from gradart.terminal import plain

_NUMBER, _TEXT = (int, float), (str,)
_OPTIONS: Mapping[str, tuple[type, ...]] = {
    "px": (int,),
    "page": _TEXT,
    "landscape": (bool,),
    "margin": (*_NUMBER, type(None)),
    "seconds": _NUMBER,
    "fps": _NUMBER,
    "at": _NUMBER,
    "transparent": (bool,),
}


def rerun(file: Path, out: Path | None = None, sketch: str | None = None) -> Generator[str]:
    """Make a file again, to `out` if that is given, and tell whether it is the same.

    The sketch's file is looked for beside it, in the current folder and its folder `sketches`, or
    is named. What is compared says of its making what the first file does, so that the picture
    alone can differ. Yields what differs, then the verdict: a RenderFault if it is not the same.
    """
    facts = facts_of(file)
    found = _sketch(facts, file, sketch)
    job = _job(found, facts, file)
    art = compute(job)
    now = job.provenance | {"kind": kind(art)}
    with TemporaryDirectory() as folder:
        again = Path(folder) / file.absolute().name
        write(job, art, again, provenance=facts)
        same = _contents(again) == _contents(file)
    if out is not None:
        yield str(write(job, art, out))
    changes = list(differences(facts, now))
    yield from (plain(f"  {change}") for change in changes)
    if not same:
        why = "see above" if changes else "nothing that it tells of its making does"
        raise RenderFault(f"{file} made again is another file; what differs: {why}")
    yield f"{file}  made again, byte for byte the same"


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """What two files say differently of their making, a line for each thing."""
    if "source" in then and then["source"] != now["source"]:
        yield f"{now['file']} has changed since"
    for group, what in (("imports", "the import "), ("files", "the file of ")):
        for name, (old, new) in _pairs(then, now, group):
            yield f"{what}{name} " + ("is gone" if not new else "has changed" if old else "is new")
    for name, (old, new) in _pairs(then, now, "parameters"):
        told = f"then {word(old)}, now {word(new)}"
        gone = name not in now["parameters"]
        added = name not in then["parameters"]
        yield f"{name}: " + ("the sketch has it no more" if gone else "is new" if added else told)
    for group in ("options", "versions"):
        for name, (old, new) in _pairs(then, now, group):
            if group == "options" or None not in (old, new):  # nobody has asked for the others
                yield f"{name}: then {word(old)}, now {word(new)}"
    for name, what in (
        ("seed", "the seed"),
        ("date", "SOURCE_DATE_EPOCH"),
        ("code", "gradart's own code"),
        ("machine", "the machine"),
        ("commit", "the commit"),
    ):
        old, new = then.get(name), now.get(name)
        # Of a gallery's files, some of these are not told.
        if old != new and (name == "date" or None not in (old, new)):
            yield f"{what}: then {short(word(old))}, now {short(word(new))}"


def _pairs(
    then: Mapping[str, Any], now: Mapping[str, Any], group: str
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """What differs in a group of facts, if both tell it: the name, the old and the new value."""
    if group in then:
        old, new = dict(table_of(then, group)), dict(table_of(now, group))
        for name in dict.fromkeys([*old, *new]):
            if (name in old, old.get(name)) != (name in new, new.get(name)):
                yield name, (old.get(name), new.get(name))


def _sketch(facts: Mapping[str, Any], file: Path, given: str | None) -> Sketch:
    if given is not None:
        found = find(given) if ":" in given else list(load(Path(given)).sketches)
        where = Path(given)
    else:
        name = plain(Path(str(facts.get("file"))).name)
        folders = file.parent, Path(), Path("sketches")
        where = next((folder / name for folder in folders if (folder / name).is_file()), Path())
        if not where.name:
            raise ArtError(
                f"{file} was made by {name}, which is not here; name it: --sketch {name}"
            )
        found = list(load(where).sketches)
    named = [one for one in found if one.name == facts["sketch"]]
    if not named:
        raise ArtError(f"{where} has no sketch {facts['sketch']}, which made {file}")
    return named[0]


def _job(sketch: Sketch, facts: Mapping[str, Any], file: Path) -> Job:
    """The job that the facts tell; what the sketch has no more is left out."""
    known = {parameter.name: parameter for parameter in sketch.parameters}
    values = {name: value for name, value in table_of(facts, "parameters") if name in known}
    for name, value in values.items():
        if known[name].type == "path" and isinstance(value, str):
            beside = file.parent / value
            values[name] = Path(value) if Path(value).exists() or not beside.exists() else beside
    options = {}
    for name, value in table_of(facts, "options"):
        if isinstance(value, bool) and bool not in _OPTIONS.get(name, (bool,)):
            raise ArtError(f"{file} says that {plain(name)} was {word(value)}, which cannot be")
        if name in _OPTIONS and isinstance(value, _OPTIONS[name]):
            options[name] = value
        else:
            raise ArtError(f"{file} says that {plain(name)} was {value!r}, which cannot be")
    seed = facts.get("seed", sketch.seed)
    return Job(sketch, values, seed, options, whereabouts(sketch.file))


def _contents(path: Path) -> list[tuple[str, bytes]]:
    """The bytes of a file, or of each file in a folder."""
    if path.is_dir():
        return [(part.name, part.read_bytes()) for part in sorted(path.iterdir())]
    return [("", path.read_bytes())]
