"""The index of a gallery: a README with thumbnails, and a web page."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from string import Template

from gradart.rendering.layout.page import page
from gradart.sketching.loading import Chapter
from gradart.sketching.sketch import Sketch


@dataclass(frozen=True)
class Piece:
    """A sketch as the index shows it: what `gradart run` calls it, and its files."""

    sketch: Sketch
    address: str
    files: tuple[str, ...]
    chapter: Chapter

    @property
    def name(self) -> str:
        return self.sketch.name

    @property
    def title(self) -> str:
        return self.sketch.title or self.name

    @property
    def command(self) -> str:
        film = f" -o {self.name}.mp4" if f"{self.name}.mp4" in self.files else ""
        return f"gradart run {self.address}{film}"


def _chapters(pieces: Sequence[Piece]) -> list[tuple[Chapter, list[Piece]]]:
    return [(chapter, list(some)) for chapter, some in groupby(pieces, lambda p: p.chapter)]


def markdown(pieces: Sequence[Piece]) -> str:
    """The index as GitHub shows it: thumbnails by chapter, then each piece with its source."""
    lines = ["# Gallery", ""]
    for chapter, some in _chapters(pieces):
        lines += [f"### {chapter.heading}", ""] if chapter.heading else []
        lines += [html.escape(chapter.text, quote=False), ""] if chapter.text else []
        lines += [
            f'<a href="#{piece.name}"><img src="{piece.name}.png" height="240"'
            f' alt="{html.escape(piece.title)}"></a>'
            for piece in some
        ]
        lines.append("")
    return "\n".join([*lines, *(_section(piece) for piece in pieces)])


def _section(piece: Piece) -> str:
    film = f"{piece.name}.gif" in piece.files
    return _fill(
        "piece.md",
        name=piece.name,
        title=html.escape(piece.title),
        notes=html.escape(piece.sketch.notes),
        picture=f"{piece.name}.gif" if film else f"{piece.name}.png",
        links=" · ".join(f"[{_kind(file)}]({file})" for file in piece.files),
        command=piece.command,
        source=piece.sketch.source.strip(),
        # Longer than any fence within the source.
        fence="`" * (1 + max(map(len, re.findall("`+", piece.sketch.source)), default=2)),
    )


def webpage(pieces: Sequence[Piece]) -> str:
    """The index as a web page that fetches nothing from outside its folder."""
    count = f"{len(pieces)} piece{'s' * (len(pieces) != 1)}"
    parts = []
    for chapter, some in _chapters(pieces):
        heading, text = html.escape(chapter.heading), html.escape(chapter.text)
        parts += [f'<h2 class="chapter">{heading}</h2>'] if heading else []
        parts += [f'<p class="chapter">{text}</p>'] if text else []
        parts += map(_article, some)
    return _fill("gallery.html", count=count, pieces="\n".join(parts))


def _article(piece: Piece) -> str:
    sketch, name = piece.sketch, piece.name
    sheet = page(sketch.options.page, landscape=sketch.options.landscape)
    # The browser takes only their ratio, to keep the place of what it has not loaded.
    frame = f'width="{round(10 * sheet.width)}" height="{round(10 * sheet.height)}"'
    title = html.escape(piece.title)
    paragraphs = re.split(r"\n\s*\n", sketch.notes)
    if f"{name}.mp4" in piece.files:
        picture = (
            f'<video src="{name}.mp4" poster="{name}.png" {frame} loop muted playsinline controls'
            f' preload="none" aria-label="{title}"></video>'
        )
    else:
        picture = f'<img src="{name}.png" {frame} loading="lazy" alt="{title}">'
    return _fill(
        "piece.html",
        name=name,
        title=title,
        notes="\n".join(f"<p>{html.escape(part)}</p>" for part in paragraphs if part),
        picture=picture,
        links="\n".join(f'<a href="{file}">{_kind(file)}</a>' for file in piece.files),
        command=html.escape(piece.command),
        source=html.escape(sketch.source.strip()),
    )


def _kind(file: str) -> str:
    """What a link to a file is called."""
    suffix = Path(file).suffix
    return "live page" if suffix == ".html" else suffix[1:].upper()


def _fill(template: str, **words: str) -> str:
    text = (Path(__file__).parent / "templates" / template).read_text(encoding="utf-8")
    return Template(text).substitute(words)
