"""The directive `pieces`: the gallery in its order, each picture beside its source."""

import html
import json
import posixpath
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from gradart.sketching.loading import chapters

from .drawn import REPOSITORY, SKETCHES
from .live_pages import PIECES, address

GALLERY = REPOSITORY / "gallery"


class piece(nodes.General, nodes.Element):
    """The place of one picture or film."""


class Pieces(SphinxDirective):
    """A section for each chapter of the gallery, and in it one for each piece."""

    def run(self) -> list[nodes.Node]:
        files = json.loads((GALLERY / "manifest.json").read_text(encoding="utf-8"))
        found: list[nodes.Node] = []
        for heading, text, sketches in chapters(SKETCHES):
            chapter = nodes.section(ids=[nodes.make_id(heading)], names=[heading])
            chapter += nodes.title("", heading)
            chapter += nodes.paragraph("", text)
            drawn = [file for file in sketches if file.stem in files]  # the others are new
            chapter += [self._piece(file, files[file.stem]["files"]) for file in drawn]
            found.append(chapter)
        return found

    def _piece(self, file: Path, kept: list[str]) -> nodes.Node:
        """The section of one sketch: its picture, what its docstring says, its source."""
        self.env.note_dependency(str(file))
        source = file.read_text(encoding="utf-8").strip()
        title, _, notes = source.removeprefix('"""').partition('"""')[0].partition("\n")
        section = nodes.section(ids=[file.stem], names=[file.stem])
        section += nodes.title("", file.stem.replace("_", " "))
        beside = nodes.container(classes=["piece"])
        beside += piece(name=file.stem, alt=title, film=f"{file.stem}.mp4" in kept)
        told = nodes.container(classes=["told"])
        told += nodes.paragraph("", title, classes=["title-line"])
        told += [nodes.paragraph("", " ".join(p.split())) for p in notes.split("\n\n") if p.strip()]
        command = f"gradart watch sketches/{file.name}"
        told += nodes.literal_block(command, command, language="sh")
        told += nodes.literal_block(source, source, language="python")
        beside += told
        section += beside
        return section


class ToPiece(SphinxRole):
    """A piece of the gallery by its name, which leads to its place there."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        gallery = "../" * self.env.docname.count("/") + "gallery.html"
        words = nodes.emphasis("", self.text.replace("_", " "))
        return [nodes.reference("", "", words, refuri=f"{gallery}#{self.text}", internal=True)], []


class plates(nodes.General, nodes.Element):
    """Small pictures of the gallery, each of which leads to its place there."""


class Plates(SphinxDirective):
    """A row of the gallery's pictures, by the names in the content."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        return [plates(names=" ".join(self.content).split())]


def _visit_plates(self: Any, node: plates) -> None:
    shown = []
    for name in node["names"]:
        size = _taken(self, f"{name}.png")
        image = posixpath.join(self.builder.imgpath, f"{name}.png")
        link = self.builder.get_relative_uri(self.builder.current_docname, "gallery")
        words = name.replace("_", " ")
        shown.append(f'<a href="{link}#{name}"><img src="{image}" {size} alt="{words}"></a>')
    self.body.append(f'<div class="plates">{"".join(shown)}</div>\n')
    raise nodes.SkipNode


def _visit(self: Any, node: piece) -> None:
    name, images = node["name"], self.builder.imgpath
    files = [f"{name}.png", *[f"{name}.mp4"] * bool(node["film"])]
    size, *_ = [_taken(self, file) for file in files]
    addresses = [posixpath.join(images, file) for file in files]
    page = address(images, name) if name in PIECES else ""
    self.body.append("".join(_html(addresses, size, html.escape(node["alt"]), page)))
    raise nodes.SkipNode


def _taken(self: Any, file: str) -> str:
    """Take a file of the gallery into the site; the size of a picture, as HTML tells it."""
    target = Path(self.builder.app.outdir, "_images", file)
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(GALLERY / file, target)
    if target.suffix != ".png":
        return ""
    with Image.open(target) as image:
        return f'width="{image.width}" height="{image.height}"'


def _html(addresses: list[str], size: str, alt: str, page: str) -> Iterator[str]:
    picture, *film = addresses
    yield '<figure class="drawn">'
    if film:
        yield f'<video src="{film[0]}" poster="{picture}" {size} aria-label="{alt}"'
        yield ' controls loop muted playsinline preload="none"></video>'
    else:
        yield f'<a href="{picture}"><img src="{picture}" {size} alt="{alt}" loading="lazy"></a>'
    if page:
        yield f'<figcaption><a href="{page}">Move its parameters, on a live page</a></figcaption>'
    yield "</figure>\n"


def setup(app: Sphinx) -> None:
    """Add the directives, and the role `piece`."""
    app.add_role("piece", ToPiece())
    app.add_node(piece, html=(_visit, None))
    app.add_node(plates, html=(_visit_plates, None))
    app.add_directive("plates", Plates)
    app.add_directive("pieces", Pieces)
