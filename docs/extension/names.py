"""Names of gradart in the prose, like `ga.lines`, which lead to their place in the reference."""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

import gradart

PUBLIC = frozenset(vars(gradart)["__all__"])
_NAME = re.compile(r"ga\.(\w+)(\.\w+)?(\(.*\))?")


def link(name: str, text: str, page: str) -> nodes.Node:
    """A text in the letters of code that leads to a public name."""
    shown = nodes.literal(text, text)
    return addnodes.pending_xref(
        "",
        shown,
        refdomain="py",
        reftype="obj",
        reftarget=f"gradart.{name}",
        refexplicit=True,
        refdoc=page,
        refwarn=True,
    )


def link_all(app: Sphinx, doctree: nodes.document) -> None:
    """Let each name in a page's prose lead to the reference, but for those in titles and links."""
    for literal in list(doctree.findall(nodes.literal)):
        found = _NAME.fullmatch(literal.astext())
        above = literal.parent
        if isinstance(above, nodes.title | nodes.reference | addnodes.pending_xref):
            continue
        if found and found[1] in PUBLIC:
            above.replace(literal, link(found[1], literal.astext(), app.env.docname))


def setup(app: Sphinx) -> None:
    """Link the names of each page that has been read."""
    app.connect("doctree-read", link_all)
