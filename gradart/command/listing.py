"""Sketches and their parameters as a table of plain text."""

import os
import textwrap
from collections.abc import Iterable
from pathlib import Path

from gradart.sketching.parameters import Parameter
from gradart.sketching.sketch import Sketch
from gradart.sketching.values import word
from gradart.terminal import plain

_WIDTH = 96


def table(sketches: Iterable[Sketch], here: Path) -> str:
    """Each sketch's name, title and file as seen from `here`, and a row for each parameter."""
    return "\n\n".join(_entry(sketch, here) for sketch in sketches)


def details(parameter: Parameter) -> tuple[str, str, str]:
    """A parameter's default, its range or choices, and its help."""
    return plain(word(parameter.default)), plain(_span(parameter)), plain(parameter.help)


def _span(parameter: Parameter) -> str:
    """A parameter's range or choices; of a list, those that all its parts have."""
    if parameter.parts:
        spans = {_span(part) for part in parameter.parts}
        return f"each {span}" if len(spans) == 1 and (span := spans.pop()) else ""
    bounds = parameter.bounds
    if parameter.choices:
        return " | ".join(map(str, parameter.choices))
    return f"{bounds.low:g} to {bounds.high:g}" if bounds else ""


def _entry(sketch: Sketch, here: Path) -> str:
    rows = [(f"--{p.name.replace('_', '-')}", *details(p)) for p in sketch.parameters]
    if sketch.takes_key:
        rows.append(("--seed", str(sketch.seed), "", "the sketch draws at random from it"))
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
