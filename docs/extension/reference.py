"""The directive `reference`: public names, each with its signature, docstring, example, picture.

Its content has a name a line; what stands after a colon is said of a name that has no docstring.
"""

import inspect
import re
import textwrap
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import gradart

from .drawn import block_nodes
from .names import PUBLIC, link
from .signatures import signature


class Reference(SphinxDirective):
    """A section for each name that stands in the content."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        return [self._section(*map(str.strip, line.partition(":")[::2])) for line in self.content]

    def _section(self, name: str, said: str) -> nodes.Node:
        thing = getattr(gradart, name)
        section = nodes.section(ids=[f"gradart.{name}"], names=[f"gradart.{name}"])
        section += nodes.title("", "", nodes.literal(name, name))
        kind = _kind(thing)
        self.env.domains.python_domain.note_object(
            f"gradart.{name}", kind, f"gradart.{name}", location=self.get_location()
        )
        if shown := _signature(name, thing):
            section += _called(shown)
        section += self._told(name, said or inspect.getdoc(thing) or "")
        if isinstance(thing, ModuleType):
            section += self._members(name, thing)
        elif kind == "class":
            section += self._methods(thing)
        return section

    def _told(self, name: str, doc: str) -> list[nodes.Node]:
        """A docstring: its paragraphs, and its examples, each run and drawn."""
        found: list[nodes.Node] = []
        for part in re.split(r"\n\s*\n", doc):
            if part.lstrip().startswith(">>>"):
                found += self._example(name, part)
            elif all(line.startswith("    ") for line in part.splitlines()):
                code = textwrap.dedent(part)
                found.append(nodes.literal_block(code, code, language="python"))
            elif part.lstrip().startswith("- "):
                found.append(self._list(name, part))
            elif part:
                found.append(self._paragraph(name, part))
        return found

    def _paragraph(self, name: str, text: str) -> nodes.paragraph:
        return nodes.paragraph("", "", *_inline(text, name, self.env.docname))

    def _list(self, name: str, text: str) -> nodes.bullet_list:
        items = re.split(r"^- ", textwrap.dedent(text), flags=re.MULTILINE)[1:]
        inside = [nodes.list_item("", self._paragraph(name, item)) for item in items]
        return nodes.bullet_list("", *inside)

    def _example(self, name: str, text: str) -> list[nodes.Node]:
        code = example(text)
        alt = f"What the example of {name} draws"
        return block_nodes(code, (self.env.docname, self.lineno), example=name, alt=alt)

    def _members(self, name: str, module: ModuleType) -> list[nodes.Node]:
        """What a module has: those of its functions that are no public names themselves."""
        found: list[nodes.Node] = []
        offered = getattr(module, "__all__", list(vars(module)))
        for member, f in ((m, vars(module)[m]) for m in offered):
            mine = inspect.isfunction(f) and f.__module__ == module.__name__
            if mine and member[0] != "_" and member not in PUBLIC:
                found.append(_called(signature(f"{name}.{member}", f)))
                found += self._told(member, inspect.getdoc(f) or "")
        return found

    def _methods(self, cls: type) -> list[nodes.Node]:
        """The properties and methods of a class that say what they are."""
        items = []
        for member, f in vars(cls).items():
            doc = inspect.getdoc(f)
            known = inspect.isfunction(f) or isinstance(f, property) or hasattr(f, "attrname")
            if member[0] != "_" and known and doc:
                call = "()" if inspect.isfunction(f) else ""
                first = doc.split("\n\n")[0]
                shown = nodes.literal("", f".{member}{call}")
                text = _inline(first, member, self.env.docname)
                items.append(
                    nodes.list_item("", nodes.paragraph("", "", shown, nodes.Text(": "), *text))
                )
        return [nodes.bullet_list("", *items)] if items else []


def _called(text: str) -> nodes.Node:
    """A signature, in which also what is no Python may stand."""
    return nodes.literal_block(text, text, language="python", force=True, classes=["signature"])


def _kind(thing: Any) -> str:
    return "class" if inspect.isclass(thing) else "function" if callable(thing) else "data"


def _signature(name: str, thing: Any) -> str:
    """How a name is called; nothing for what nobody calls."""
    made = inspect.isclass(thing) and (name in ("Page", "Bounds"))
    if made or inspect.isfunction(thing) or inspect.isbuiltin(thing):
        return signature(name, thing)
    return ""


def example(text: str) -> str:
    """The code of an example in a docstring, without its prompts and what it prints."""
    lines = textwrap.dedent(text).splitlines()
    return "\n".join(line[4:] for line in lines if line.startswith((">>>", "...")))


def _inline(text: str, own: str, page: str) -> Iterator[nodes.Node]:
    """A paragraph of a docstring: what stands in backticks is code, and a public name a link."""
    for number, part in enumerate(re.split(r"`+", " ".join(text.split()))):
        bare = part.removeprefix("ga.").partition("(")[0]
        if number % 2 == 0:
            yield nodes.Text(part)
        elif bare in PUBLIC and bare != own:
            yield link(bare, part, page)
        else:
            yield nodes.literal(part, part)


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("reference", Reference)
