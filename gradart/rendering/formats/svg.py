"""SVG: a drawing for plotters and editors; what it says of its making is in `<metadata>`."""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    from gradart.rendering.formats.output import OutputSpec, StillSource

_STEP = 1 << 16  # bytes of XML at a time, at first


def write(target: Path, still: "StillSource", spec: "OutputSpec") -> None:
    """Write the marks of a picture, layer by layer."""
    from gradart.rendering.vector.svg_elements import Layering, svg

    layers = Layering(spec.keep_order, spec.optimize)
    said = {"title": spec.title, "metadata": spec.provenance}
    text = svg(still.marks(), spec.page, still.paper, layers, **said)
    target.write_bytes(text.encode())


class _Metadata:
    """What an XML parser tells its findings to: keeps the text of `metadata` below the root."""

    def __init__(self) -> None:
        self._depth = 0
        self._inside = self.done = False
        self._texts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._inside = self._depth == 2 and tag == "{http://www.w3.org/2000/svg}metadata"

    def end(self, tag: str) -> None:
        self.done = self.done or self._inside
        self._inside = False
        self._depth -= 1

    def data(self, text: str) -> None:
        if self._inside and not self.done:
            self._texts.append(text)

    def close(self) -> str:
        return "".join(self._texts) if self.done else ""


def text_in(file: BinaryIO) -> str:
    """The text of the element `metadata`, within the outermost one."""
    found = _Metadata()
    parser = ET.XMLParser(target=found)
    step, read = _STEP, 0
    while not found.done and read < provenance.MOST and (part := file.read(step)):
        parser.feed(part)
        read, step = read + step, 2 * step  # so that a long token is not looked at too often
    return found.close()
