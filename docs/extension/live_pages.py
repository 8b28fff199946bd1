"""Pieces of the gallery as pages that compute them, written while the site is built.

The directive `live` shows one in a frame. Like what pages draw they are kept beside the doctrees,
and written again when the sketch or gradart has changed.
"""

import html
import posixpath
import shutil
from collections.abc import Mapping
from concurrent.futures import Future
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from . import drawn

# A handful: each takes some seconds of a build. These are small, and move with what they are of.
PIECES = (
    "coffee_cup",
    "derivative_rosette",
    "forward_spiral",
    "gradient_of_tanh",
    "knot_whiskers",
    "schotter",
    "secant",
    "wavefronts",
)
_FOLDER = "_live"


def write_page(sketch: Path, target: Path) -> None:
    """Write the page of a sketch's file."""
    import gradart
    from gradart.sketching.loading import load

    [one] = load(sketch).sketches
    gradart.render(one, target)


class live(nodes.General, nodes.Element):
    """The place of a page, in a frame."""


class Live(SphinxDirective):
    """A piece of the gallery by its name, alive: with its panel or `bare`, `height` pixels high."""

    required_arguments = 1
    option_spec: ClassVar = {"bare": directives.flag, "height": directives.nonnegative_int}

    def run(self) -> list[nodes.Node]:
        [name] = self.arguments
        if name not in PIECES:
            raise self.error(f"{name} is none of the pieces of docs/extension/live_pages.py")
        height = self.options.get("height", 480)
        return [live(name=name, bare="bare" in self.options, height=height)]


def address(images: str, name: str) -> str:
    """The address of a piece's page, from where `images` are."""
    return posixpath.join(posixpath.dirname(images), _FOLDER, f"{name}.html")


def start(app: Sphinx) -> None:
    """Begin to write the pages that are not known from before."""
    if app.builder.name == "html":
        begun = {n: file for n, file in _files(app).items() if not file.is_file()}
        pool = drawn._pool(app) if begun else None
        app.__dict__["_live_begun"] = {
            name: pool.submit(write_page, drawn.SKETCHES / f"{name}.py", file)
            for name, file in begun.items()
            if pool is not None
        }


def finish(app: Sphinx, _: object) -> None:
    """Wait for them. One that cannot be written is a fault of the build."""
    begun: Mapping[str, Future[None]] = app.__dict__.pop("_live_begun", {})
    for name, future in begun.items():
        if (error := future.exception()) is not None:
            logging.getLogger(__name__).warning("no page of %s: %s", name, error)


def publish(app: Sphinx, failed: Exception | None) -> None:
    """Take all pages into the site, before its links are checked."""
    if failed is None and app.builder.name == "html":
        folder = Path(app.outdir, _FOLDER)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, file in _files(app).items():
            if file.is_file():
                shutil.copyfile(file, folder / f"{name}.html")


def _files(app: Sphinx) -> dict[str, Path]:
    """Where the page of each piece is kept, by a name that knows all that it is made of."""
    static = sorted((drawn.REPOSITORY / "gradart").rglob("static/*"))
    code = [app.config.drawn_code.encode(), *(file.read_bytes() for file in static)]

    def kept(name: str) -> Path:
        sketch = (drawn.SKETCHES / f"{name}.py").read_bytes()
        whole = sha256(b"".join([*code, sketch])).hexdigest()[:12]
        return drawn._folder(app) / f"live-{name}-{whole}.html"

    return {name: kept(name) for name in PIECES}


def _visit(self: Any, node: live) -> None:
    name = node["name"]
    where = address(self.builder.imgpath, name) + "?bare" * node["bare"]
    title = html.escape(name.replace("_", " "))
    self.body.append(
        f'<iframe class="live" src="{where}" title="{title}, alive" height="{node["height"]}"'
        ' sandbox="allow-scripts allow-downloads" allowfullscreen loading="lazy"></iframe>\n'
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Add the directive, and what happens as the site is built."""
    app.add_node(live, html=(_visit, None))
    app.add_directive("live", Live)
    app.connect("builder-inited", start)
    app.connect("env-updated", finish, priority=400)  # before the processes end
    app.connect("build-finished", publish, priority=400)
