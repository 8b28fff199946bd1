"""`gradart list`: show sketches and their parameters, as a table of plain text."""

import argparse
import os
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from gradart.command.named_sketches import find, need_folder
from gradart.command.options import add_debug, details
from gradart.terminal import plain

if TYPE_CHECKING:
    from gradart.sketching.sketch import Sketch

_WIDTH = 96  # letters of a line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sketches."""
    parser.add_argument(
        "sketches", nargs="*", metavar="SKETCH", help="default: those of the folder sketches"
    )
    add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """Print a table of the sketches; 1 if some of them cannot be loaded."""
    if not args.sketches:
        need_folder(Path("sketches"), "list", "waves.py, or a folder")
    sketches, failed = find(args.sketches or ["sketches"], here, every=True)
    print(table(sketches, here))
    return int(failed)


def table(sketches: "Iterable[Sketch]", here: Path) -> str:
    """Each sketch's name, title and file as seen from `here`, and a row for each parameter."""
    return "\n\n".join(_entry(sketch, here) for sketch in sketches)


def _entry(sketch: "Sketch", here: Path) -> str:
    rows = [(f"--{p.name.replace('_', '-')}", *details(p)) for p in sketch.parameters]
    if sketch.takes_key:
        rows.append(("--seed", str(sketch.seed), "", "the sketch draws at random from it"))
    if sketch.takes_page:
        rows.append(("--page", sketch.options.page, "", "the sketch is drawn anew for another"))
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:3]]
    title = f"{sketch.name}: {sketch.title}" if sketch.title else sketch.name
    head = [*textwrap.wrap(plain(title), _WIDTH), plain(f"  {os.path.relpath(sketch.file, here)}")]
    return "\n".join([*head, *(_row(row, widths) for row in rows)])


def _row(row: tuple[str, ...], widths: list[int]) -> str:
    *cells, says = row
    start = "  " + "".join(f"{c:<{w + 2}}" for c, w in zip(cells, widths, strict=True) if w)
    # A long list of choices leaves the help no room beside it; it then starts a line of its own.
    indent = len(start) if len(start) < _WIDTH - 24 else 4
    lines = textwrap.wrap(says, _WIDTH - indent) or [""]
    if indent != len(start):
        lines = ["", *lines]
    return "\n".join([start + lines[0], *(" " * indent + line for line in lines[1:])]).rstrip()
