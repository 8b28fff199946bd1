"""`gradart info`: show what a file says of its making. Nothing heavy is imported for that."""

import argparse
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path

from gradart.command.options import add_debug
from gradart.command.results import show
from gradart.errors import ArtError
from gradart.jobs.call_dispatch import Failed
from gradart.rendering.formats.provenance import read
from gradart.sketching.value_texts import word
from gradart.terminal import plain

_DIGITS = 12  # of a hash, as it is shown
_LAYERS = 30  # of an SVG, above which only their sum is told


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the files."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument(
        "--speed",
        type=float,
        metavar="MM/S",
        help="of a plotter's pen, for the minutes that an SVG takes; three times that with the pen"
        " up (default: 50, AxiDraw's)",
    )
    add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """Print what each file says; return the worst exit status."""
    if args.speed is not None and not args.speed > 0:
        raise ArtError(f"a pen has a speed above 0 mm/s, not {args.speed:g}")
    return show(described(args.files, args.speed), debug=args.debug)


def described(files: Sequence[Path], speed: float | None = None) -> Generator[str | Failed]:
    """What files say of their making, one after the other, and which say nothing."""
    for number, file in enumerate(files):
        try:
            text = "\n".join([*_lines(file), *_plotted(file, speed)])
        except ArtError as error:
            yield Failed(str(file), error)
        else:
            yield f"\n{text}" if number else text


def _lines(file: Path) -> Iterator[str]:
    """What a file says of its making, line by line."""
    facts = facts_of(file)
    commit = [(name, short(value)) for name, value in _rows(facts, "commit")]
    if commit and facts.get("dirty"):
        commit = [("commit", f"{commit[0][1]}, and changes that it does not hold")]
    groups = [
        [
            *_rows(facts, "file"),
            *((name, short(value)) for name, value in _rows(facts, "source")),
            *((f"imports {name}", short(digest)) for name, digest in table_of(facts, "imports")),
            *commit,
            *_rows(facts, "date"),
        ],
        [
            *((f"--{n.replace('_', '-')}", word(v)) for n, v in table_of(facts, "parameters")),
            *((f"file of {name}", short(digest)) for name, digest in table_of(facts, "files")),
            *((f"--{name}", value) for name, value in _rows(facts, "seed")),
        ],
        [(f"--{name}", value) for name, value in table_of(facts, "options")],
        [*table_of(facts, "versions"), *_rows(facts, "code", "machine")],
    ]
    kind, sketch, title = facts.get("kind", "picture"), facts["sketch"], facts.get("title", "")
    yield plain(f"{file}  {kind} of {sketch}: {title}")
    groups = [rows for rows in groups if rows]
    width = max((len(name) for rows in groups for name, _ in rows), default=0)
    for rows in groups:
        yield ""
        yield from (plain(f"  {name:<{width}}  {word(value)}") for name, value in rows)


def _plotted(file: Path, speed: float | None) -> Iterator[str]:
    """What a plotter does with a drawing, layer by layer and in all."""
    if file.suffix.lower() not in (".svg", ".hpgl", ".plt", ".gcode"):
        return  # without a wait for NumPy
    from gradart.rendering.vector.plot_time import SPEED, Plot, plots

    layers = plots(file)
    down, up = sum(plot.down for plot in layers), sum(plot.up for plot in layers)
    what = f"{len(layers)} layer{'s'[: len(layers) != 1]} in all"
    total = Plot(what, down, up, sum(plot.lifts for plot in layers))
    shown = layers if len(layers) <= _LAYERS else []
    yield ""
    yield "   drawn     pen up    lifts  minutes"
    for plot in (*shown, total):
        yield plain(
            f"{plot.down / 1000:6.2f} m   {plot.up / 1000:6.2f} m  {plot.lifts:7}"
            f"  {plot.minutes(speed or SPEED):7.1f}  {plot.label}"
        )


def _rows(facts: Mapping[str, object], *names: str) -> list[tuple[str, object]]:
    """Those of the facts that the file tells: their names, and what it says."""
    return [(name, facts[name]) for name in names if name in facts]


def facts_of(file: Path) -> dict[str, object]:
    """What a file of ours says of its making; an error for another."""
    facts = read(file)
    name = None if facts is None else facts.get("sketch")
    if facts is None or not isinstance(name, str) or not name.isidentifier():
        raise ArtError(f"{file} does not say what made it; gradart run writes files that do")
    return facts


def table_of(facts: Mapping[str, object], group: str) -> list[tuple[str, object]]:
    """A group of facts, name by name; none if the file does not tell it."""
    table = facts.get(group)
    return list(table.items()) if isinstance(table, dict) else []


def short(value: object) -> str:
    """A value as a person reads it: of a hash, what one compares."""
    text = word(value)
    return text[:_DIGITS] if len(text) >= 40 and text.isalnum() else text
