"""HTML: a page that computes what it shows; what it says of its making is a block of JSON."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    from gradart.rendering.formats.output import OutputSpec, ProgramSource
    from gradart.rendering.html.page_types import ToldArt, ToldName

_BLOCK = b'<script type="application/json" id="provenance">'


def write(target: Path, source: "ProgramSource", spec: "OutputSpec") -> None:
    """Write a program with all that it needs to be seen."""
    target.write_bytes(text(source, spec).encode())


def text(source: "ProgramSource", spec: "OutputSpec") -> str:
    """What is written, as a text."""
    from gradart.rendering.html.document import document

    sheet = spec.page
    named: ToldName = {"name": spec.sketch} if spec.sketch else {}  # as other files of it are
    art: ToldArt = {
        "title": spec.title,
        **named,
        "page": {"width": sheet.width, "height": sheet.height, "margin": sheet.margin},
        **source.art,
    }
    return document(art, source.code, source.constants, spec.provenance, source.lessons)


def text_in(file: BinaryIO) -> bytes:
    """The text of the first block of that name, which stands before all that is large."""
    data = file.read(provenance.MOST)
    _, _, after = data.partition(_BLOCK)
    said, end, _ = after.partition(b"</script>")
    return said if end else b""
