"""The directive `gradart`: code that is shown, and what it draws, made while the site is built.

The blocks of a page are run in order in one process, as a notebook would; pages side by side. What
was drawn is kept beside the doctrees, and drawn again when the page's code or gradart has changed.
"""

import html
import json
import posixpath
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict
from hashlib import sha256
from multiprocessing import get_context
from os import cpu_count, environ
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .run_blocks import Block, Shown, run_page

REPOSITORY = Path(__file__).parents[2]
SKETCHES = REPOSITORY / "sketches"
_log = logging.getLogger(__name__)
_PROCESSES = 2
# Blocks run once: to compile plainly is a seventh quicker in all. What XLA does not know ends it.
_PLAIN = "--xla_backend_optimization_level=1 --xla_llvm_disable_expensive_passes=true"


class drawn(nodes.General, nodes.Element):
    """The place where what a block has shown goes: its attributes are those of a Block."""


def block_nodes(code: str, location: tuple[str, int], **how: Any) -> list[nodes.Node]:
    """A block of code, and the place for what it shows."""
    shown = nodes.literal_block(code, code, language="python")
    place = drawn(code=code, location=location, **how)
    return [shown, place]


class Gradart(SphinxDirective):
    """Shows its code, runs it, and shows what it draws.

    `page` is the paper; `seconds` those of a film, where the block ends with its function; `alt`
    what a picture shows, for those who do not see it.
    """

    has_content = True
    option_spec: ClassVar = {"page": str, "seconds": float, "alt": str, "wide": directives.flag}

    def run(self) -> list[nodes.Node]:
        how = {"page": self.options.get("page"), "seconds": self.options.get("seconds")}
        wide, alt = "wide" in self.options, self.options.get("alt", "")
        place = self.env.docname, self.lineno
        return block_nodes("\n".join(self.content), place, alt=alt, wide=wide, **how)


def _blocks(doctree: nodes.Node) -> list[drawn]:
    return list(doctree.findall(drawn))


def start(app: Sphinx, doctree: nodes.document) -> None:
    """Begin to run the blocks of a page that has been read, if they are not known from before."""
    places = _blocks(doctree)
    if not places:
        return
    page = app.env.docname
    codes = [json.dumps([p.get(key) for key in ("code", "page", "seconds")]) for p in places]
    whole = sha256("\n".join([app.config.drawn_code, page, *codes]).encode()).hexdigest()[:12]
    blocks = []
    for number, place in enumerate(places, 1):
        name = f"{page.replace('/', '-')}-{number}-{whole}"
        place["name"] = name
        how = place.get("page"), place.get("seconds"), place.get("example", "")
        blocks.append(Block(place["code"], name, *how))
    if not all((_folder(app) / f"{block.name}.json").is_file() for block in blocks):
        _running(app)[page] = _pool(app).submit(run_page, page, blocks, _folder(app)), blocks


def finish(app: Sphinx, _: object) -> None:
    """Wait for all pages' blocks, and keep what they showed."""
    running = _running(app)
    for page, (future, blocks) in running.items():
        _log.info("drawn: %s", page)
        for block, shown in zip(blocks, future.result(), strict=True):
            text = json.dumps(asdict(shown))
            (_folder(app) / f"{block.name}.json").write_text(text, encoding="utf-8")
    running.clear()
    if (pool := app.__dict__.pop("_drawn_pool", None)) is not None:
        pool.shutdown()


def check(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Warn of a block that fails, and of a picture that is told nowhere in words."""
    for place in _blocks(doctree):
        shown = _shown(app, place["name"])
        if shown.error and place.get("example"):  # which tests are about
            _log.info("not drawn: the example of %s: %s", place["example"], shown.error)
        elif shown.error:
            _log.warning("this code fails: %s", shown.error, location=place["location"])
        if shown.picture and not place["alt"]:
            _log.warning("say with :alt: what the picture shows", location=place["location"])


def _visit(self: Any, place: drawn) -> None:
    app = self.builder.app
    shown = _shown(app, place["name"])
    self.body.append("".join(_html(shown, place, self.builder.imgpath, _folder(app))))
    for file in filter(None, (shown.picture, shown.film)):
        images = Path(app.outdir, "_images")
        images.mkdir(exist_ok=True)
        shutil.copyfile(_folder(app) / file, images / file)
    raise nodes.SkipNode


def _html(shown: Shown, place: drawn, images: str, folder: Path) -> Iterator[str]:
    if shown.text:
        yield f'<pre class="printed">{html.escape(shown.text.rstrip())}</pre>\n'
    if shown.picture:
        width, height = shown.size
        wide = " wide" if place.get("wide") else ""
        picture, film = (posixpath.join(images, name) for name in (shown.picture, shown.film))
        image = (
            f'<img src="{film if shown.film else picture}" alt="{html.escape(place["alt"])}"'
            f' width="{width}" height="{height}" loading="lazy">'
        )
        if shown.film:  # stands still for those who have asked for that
            still = f'<source srcset="{picture}" media="(prefers-reduced-motion: reduce)">'
            image = f"<picture>{still}{image}</picture>"
        yield f'<figure class="drawn{wide}">{image}</figure>\n'


def _shown(app: Sphinx, name: str) -> Shown:
    kept = json.loads((_folder(app) / f"{name}.json").read_text(encoding="utf-8"))
    return Shown(**{**kept, "size": tuple(kept["size"])})


def _folder(app: Sphinx) -> Path:
    folder = Path(app.doctreedir, "drawn")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _running(app: Sphinx) -> dict[str, tuple[Future[list[Shown]], list[Block]]]:
    return app.__dict__.setdefault("_drawn_running", {})


def _pool(app: Sphinx) -> ProcessPoolExecutor:
    if "_drawn_pool" not in app.__dict__:
        environ.setdefault("XLA_FLAGS", _PLAIN)
        count = min(_PROCESSES, cpu_count() or 1)
        app.__dict__["_drawn_pool"] = ProcessPoolExecutor(count, get_context("spawn"))
    return app.__dict__["_drawn_pool"]


def code_digest() -> str:
    """Which code draws: that of gradart, and what runs it here."""
    files = [
        *sorted((REPOSITORY / "gradart").rglob("*.py")),
        Path(__file__).with_name("run_blocks.py"),
    ]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def setup(app: Sphinx) -> None:
    """Add the directive, and what happens as pages are read and written."""
    app.add_config_value("drawn_code", code_digest(), "env")  # with another one all is read anew
    app.add_node(drawn, html=(_visit, None))
    app.add_directive("gradart", Gradart)
    app.connect("doctree-read", start)
    app.connect("env-updated", finish)
    app.connect("doctree-resolved", check)
