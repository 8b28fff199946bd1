"""Directives that tell what the code knows: the commands, the options, the formats, the pages."""

import argparse
from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from gradart.calculus.programs.jaxprs import CALLS
from gradart.command import cli, options
from gradart.javascript.rules.arrays import ARRAYS, EACH, JOINED, MOVED
from gradart.javascript.rules.complex_numbers import COMPLEX, COMPLEX_CONTROL
from gradart.javascript.rules.control_flow import CONTROL
from gradart.javascript.rules.fourier import FOURIER
from gradart.javascript.rules.indexing import INDEXING
from gradart.javascript.rules.linear_algebra import LINEAR_ALGEBRA
from gradart.javascript.rules.random_bits import RANDOM
from gradart.javascript.rules.reductions import REDUCTIONS, SUMMED
from gradart.rendering.formats.registry import FORMATS, Format
from gradart.rendering.options import OPTIONS


class Commands(SphinxDirective):
    """A section for each command, with all of its arguments as its help tells them."""

    def run(self) -> list[nodes.Node]:
        return [self._section(name, does) for name, does in cli.COMMANDS.items()]

    def _section(self, name: str, does: str) -> nodes.Node:
        parser = options.Parser(prog=f"gradart {name}", add_help=False)
        cli._imported(name).add_arguments(parser)
        if name == "run":
            options.add(parser, [])
        section = nodes.section(ids=[f"gradart-{name}"], names=[f"gradart-{name}"])
        section += nodes.title("", "", nodes.literal("", f"gradart {name}"))
        section += nodes.paragraph("", f"{does[0].upper()}{does[1:]}.")
        rows = [[_words(action), _said(action)] for action in parser._actions]
        section += table(["", ""], [row for row in rows if row[1]], head=False)
        return section


def _words(action: argparse.Action) -> str:
    """How an argument is written."""
    takes = action.metavar or ("" if action.nargs == 0 else action.dest.upper())
    takes = takes if isinstance(takes, str) else " ".join(takes)
    if not action.option_strings:
        return takes + (" ..." if action.nargs in ("+", "*") else "")
    return ", ".join(action.option_strings) + (f" {takes}" if takes and action.nargs != 0 else "")


def _said(action: argparse.Action) -> str:
    said = action.help or ""
    return "" if said == argparse.SUPPRESS else said.replace("%%", "%").replace("`", "")


class Formats(SphinxDirective):
    """The formats of files, as the registry knows them."""

    def run(self) -> list[nodes.Node]:
        each = {f.suffix: f for f in FORMATS.values()}  # once, under all of its endings
        rows = [
            [
                ", ".join([f.suffix, *f.aliases]) or "(none)",
                f"{f.kind}" if f.suffix else "film, a folder of PNG",
                "lines" if f.default_px is None else f"{f.default_px} px",
                _largest(f),
                "yes" if f.alpha else "no",
            ]
            for f in each.values()
        ]
        return [table(["ending", "holds a", "long side", "at most", "transparent"], rows)]


def _largest(of: Format) -> str:
    if of.largest_side is not None:
        return f"{of.largest_side:,} px"
    return "" if of.default_px is None else "what can be painted"


class RenderOptions(SphinxDirective):
    """The options of `ga.render`, which are also those of the command line."""

    def run(self) -> list[nodes.Node]:
        rows = [
            [o.name, o.help, " | ".join([o.type.__name__, *["None"] * o.optional])]
            for o in OPTIONS.values()
        ]
        return [table(["option", "what it is", "type"], rows)]


# The tables of gradart/javascript/primitives.py, which together are all that is translated.
FAMILIES: dict[str, Iterable[str]] = {
    "number by number": EACH,
    "shapes and places": {**MOVED, **JOINED, **ARRAYS},
    "sums, extremes, orders, products": {**SUMMED, **REDUCTIONS},
    "from and to places that are numbers": INDEXING,
    "branches and loops": CONTROL,
    "functions in functions": CALLS,
    "chance, bit for bit": RANDOM,
    "linear algebra": LINEAR_ALGEBRA,
    "Fourier's transform": FOURIER,
}


class Translated(SphinxDirective):
    """The primitives of JAX that have a translation to JavaScript, by their families."""

    def run(self) -> list[nodes.Node]:
        families = {**FAMILIES, "of complex numbers, too": {**COMPLEX, **COMPLEX_CONTROL}}
        rows = [[", ".join(sorted(names)), family] for family, names in families.items()]
        return [table(["family", "primitives of JAX"], [row[::-1] for row in rows], code=1)]


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], head: bool = True, code: int = 0
) -> nodes.Node:
    """A table of which one column is code, as a rule the first."""

    def cells(row: Sequence[str]) -> list[nodes.Node]:
        return [_code(text) if i == code else nodes.Text(text) for i, text in enumerate(row)]

    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=1) for _ in heads]
    if head:
        group += nodes.thead("", _row([nodes.Text(h) for h in heads]))
    group += nodes.tbody("", *(_row(cells(row)) for row in rows))
    return nodes.table("", group, classes=["told"] if head else ["told", "words"])


def _code(text: str) -> nodes.Node:
    """What is written, piece by piece, since each stays in one line."""
    parts = [nodes.literal(part, part) for part in text.split(", ")]
    between = [node for part in parts for node in (nodes.Text(" "), part)][1:]
    return nodes.inline("", "", *between)


def _row(cells: Sequence[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def setup(app: Sphinx) -> None:
    """Add the directives."""
    for name, directive in (
        ("commands", Commands),
        ("formats", Formats),
        ("render-options", RenderOptions),
        ("translated-primitives", Translated),
    ):
        app.add_directive(name, directive)
