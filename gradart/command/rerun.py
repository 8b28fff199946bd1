"""`gradart rerun`: make a file again from what it says of its making, and compare the two."""

import argparse
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from gradart.command import options
from gradart.command.info import facts_of, short, table_of
from gradart.command.results import show
from gradart.errors import ArtError, RenderFault
from gradart.files.reading import opened, text_hash
from gradart.files.temporary import scratch
from gradart.jobs.call_dispatch import Failed
from gradart.jobs.process_setup import prepare
from gradart.jobs.versions import source_text, whereabouts
from gradart.rendering.files.atomic import folders
from gradart.rendering.files.streams import stream
from gradart.rendering.formats.png import compact
from gradart.rendering.formats.registry import HEAD, recognized
from gradart.rendering.options import OPTIONS, as_options
from gradart.sketching.value_texts import word
from gradart.terminal import plain

if TYPE_CHECKING:
    from gradart.jobs.job import Job, Made
    from gradart.sketching.sketch import Sketch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the files, where the new one goes, and the sketch."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument(
        "-o",
        "--out",
        type=options.place,
        help="keep the new one as this file, or - for standard output",
    )
    parser.add_argument(
        "--sketch", metavar="SKETCH", help="the sketch's file, where it is not found by its name"
    )
    options.add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """Make the files again, and print what differs; return the worst exit status."""
    if args.out is not None and len(args.files) > 1:
        raise ArtError("-o names one file; make the others again one at a time")
    prepare()  # and only then what needs JAX is imported
    return show(rerun(args.files, args.out, args.sketch, here), debug=args.debug)


def rerun(
    files: Sequence[Path], out: Path | None, sketch: str | None, here: Path
) -> "Generator[str | Made | Failed]":
    """Make files again, one after the other, the last also to `out`; tell whether each is the same.

    The sketch's file is looked for where the picture says, beside it, in the folder `here` and its
    folder `sketches`, or is named. What is compared says of its making what the first file does, so
    that the picture alone can differ. Yields what differs, then the verdict, or what failed.
    """
    for file in files:
        try:
            yield from _made_again(file, out, sketch, here)
        except Exception as error:
            yield Failed(str(file), error)


def _made_again(
    file: Path, out: Path | None, given: str | None, here: Path
) -> "Generator[str | Made]":
    from gradart.jobs.job import compute, kind, path_from, write

    facts = facts_of(path_from(here, file))
    before = _contents(here / file)
    found = _sketch(facts, file, given, here)
    job = _job(found, facts, file, here)
    art = compute(job)
    now = job.provenance | {"kind": kind(art)}
    with scratch() as folder:
        again = (folder / (here / file).name).with_suffix(_ending(here / file))
        write(job, art, again, provenance=facts)
        made = _contents(again)
    if out is not None:
        with folders([] if stream(out, here) else [(here / out).parent]):
            yield write(job, art, out)
    changes = list(differences(facts, now))
    yield from (plain(f"  {change}") for change in changes)
    if made != before and _ending(here / file) == ".png":
        made = [(name, compact(data)) for name, data in made]  # as a gallery keeps it
    if made != before:
        why = "see above" if changes else "nothing that it tells of its making does"
        raise RenderFault(f"{file} made again is another file; what differs: {why}")
    yield f"{file}  made again, byte for byte the same"


def _ending(file: Path) -> str:
    """The ending of a file's format: what went to standard output may have any name, or none."""
    if file.is_dir():
        return ""
    with opened(file) as data:
        endings = [format.suffix for format in recognized(data.read(HEAD))]
    return file.suffix if file.suffix.lower() in endings else endings[0]


def differences(then: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    """What two files say differently of their making, a line for each thing."""
    if "source" in then and then["source"] != now["source"]:
        yield f"{now['file']} has changed since"
    for group, what in (("imports", "the import "), ("files", "the file of ")):
        for name, (old, new) in _pairs(then, now, group):
            yield f"{what}{name} " + ("is gone" if not new else "has changed" if old else "is new")
    before, after = dict(table_of(then, "parameters")), dict(table_of(now, "parameters"))
    for name, (old, new) in _pairs(then, now, "parameters"):
        change = f"then {word(old)}, now {word(new)}"
        gone, added = name not in after, name not in before
        yield f"{name}: " + ("the sketch has it no more" if gone else "is new" if added else change)
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
    then: Mapping[str, object], now: Mapping[str, object], group: str
) -> Iterator[tuple[str, tuple[object, object]]]:
    """What differs in a group of facts, if both tell it: the name, the old and the new value."""
    if isinstance(then.get(group), dict):
        old, new = dict(table_of(then, group)), dict(table_of(now, group))
        for name in dict.fromkeys([*old, *new]):
            if (name in old, old.get(name)) != (name in new, new.get(name)):
                yield name, (old.get(name), new.get(name))


def _sketch(facts: Mapping[str, object], file: Path, given: str | None, here: Path) -> "Sketch":
    from gradart.jobs.job import path_from
    from gradart.sketching.loading import address, choose, load

    if given is not None:
        path, name = address(given)
        where = path_from(here, path)
    else:
        where, name = _place(facts, file, here), None
    loaded = load(where)
    found = [choose(loaded, where, name)] if name else loaded.sketches
    named = [one for one in found if one.name == facts["sketch"]]
    if not named:
        raise ArtError(f"{where} has no sketch {facts['sketch']}, which made {file}")
    return named[0]


def _place(facts: Mapping[str, object], file: Path, here: Path) -> Path:
    """Where the sketch is: the file that is still the same, or else the first that there is.

    A picture may come from a stranger: a way of its telling that leads upwards, or from a folder
    farther up than the one above it, is taken only to a file which is still the same.
    """
    name = plain(Path(str(facts.get("file"))).name)
    way = Path(str(facts.get("path", name)))
    beside = (here / file).parent
    named = [folder / way for folder in (here, beside, *beside.parents)]
    if way.suffix != ".py" or way.is_absolute():
        named = []
    down = named[:3] if ".." not in way.parts else []
    near = [beside / name, *down, here / name, here / "sketches" / name]
    for place in (*near, *named):
        if _is_file(place) and text_hash(source_text(place)) == facts.get("source"):
            return Path(os.path.normpath(place))
    for place in filter(_is_file, near):
        return Path(os.path.normpath(place))
    raise ArtError(f"{file} was made by {name}, which is not here; name it: --sketch {name}")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # no name of a file: too long, for one
        return False


def _job(sketch: "Sketch", facts: Mapping[str, object], file: Path, here: Path) -> "Job":
    """The job that the facts tell; what the sketch has no more is left out."""
    from gradart.jobs.job import Job
    from gradart.sketching.sketch import check_seed

    known = {parameter.name: parameter for parameter in sketch.parameters}
    values = {name: value for name, value in table_of(facts, "parameters") if name in known}
    for name, value in values.items():
        if known[name].type == "path" and isinstance(value, str):
            values[name] = _found(value, file, here)
    options = {}
    for name, value in table_of(facts, "options"):
        if not _can_be(name, value):
            said = word(value) if isinstance(value, bool) else repr(value)
            short_value = shorten(said, 40, placeholder="...")
            raise ArtError(f"{file} says that {plain(name)} was {short_value}, which cannot be")
        audio = name == "audio" and isinstance(value, str)
        options[name] = str(_found(str(value), file, here)) if audio else value
    return Job(
        sketch,
        values,
        check_seed(facts.get("seed", sketch.seed)),
        as_options(options),
        whereabouts(sketch.file, here),
        here=here,
    )


def _found(value: str, file: Path, here: Path) -> Path:
    """A file that a picture names: from the folder `here`, or else beside the picture."""
    beside = (here / file).parent / value
    return beside if _is_file(beside) and not _is_file(here / value) else Path(value)


def _can_be(name: str, value: object) -> bool:
    """Whether an option can have had such a value; if so, what draws may still refuse it."""
    return name in OPTIONS and OPTIONS[name].holds(value)


def _contents(path: Path) -> list[tuple[str, bytes]]:
    """The bytes of a file, or of each file in a folder."""
    if path.is_dir():
        return [(part.name, _bytes(part)) for part in sorted(path.iterdir())]
    return [("", _bytes(path))]


def _bytes(path: Path) -> bytes:
    with opened(path) as file:
        return file.read()
