"""Each link of the site that was built, checked: it leads somewhere, and fetches from here only."""

from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urlsplit

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_FETCHED = {
    ("img", "src"),
    ("script", "src"),
    ("link", "href"),
    ("source", "src"),
    ("source", "srcset"),
    ("video", "src"),
    ("video", "poster"),
    ("iframe", "src"),
}


class _Page(HTMLParser):
    """What a page has: ids to be linked to, and what it links to or fetches."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[tuple[str, bool]] = []  # each with whether it is fetched
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.add(given["id"])
        fetched = [(given[name], True) for on, name in _FETCHED if on == tag and name in given]
        self.links += fetched
        if tag == "a" and "href" in given:
            self.links.append((given["href"], False))


def faults(folder: Path) -> list[str]:
    """Each link of a folder of pages that leads nowhere, or that fetches from elsewhere."""
    pages = {file.resolve(): _Page(file) for file in sorted(folder.rglob("*.html"))}
    found = []
    for file, page in pages.items():
        for link, fetched in page.links:
            if fault := _fault(link, fetched, file, pages):
                found.append(f"{file.relative_to(folder.resolve())}: {fault}: {link}")
    return found


def _fault(link: str, fetched: bool, file: Path, pages: dict[Path, _Page]) -> str:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return "fetched from elsewhere" if fetched and parts.scheme != "data" else ""
    path, anchor = urldefrag(unquote(link))
    target = (file.parent / path.partition("?")[0]).resolve() if path else file
    if not target.exists():
        return "no such file"
    if anchor and target in pages and anchor not in pages[target].ids:
        return "no such place on that page"
    return ""


def check(app: "Sphinx", failed: Exception | None) -> None:
    """Warn of the faults after a build of pages."""
    from sphinx.util import logging

    if failed is None and app.builder.name == "html":
        for fault in faults(Path(app.outdir)):
            logging.getLogger(__name__).warning(fault)


def setup(app: "Sphinx") -> None:
    """Check after each build."""
    app.connect("build-finished", check)
