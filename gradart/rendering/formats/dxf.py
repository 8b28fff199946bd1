"""DXF of release 12, for CAD and laser cutters; what it says of its making are its comments."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    from gradart.rendering.formats.output import OutputSpec, StillSource

_SAYS = b"999\ngradart\n"
_LONGEST = 250  # letters of a line, which has 255 at most
_WHITE = 7  # the color of a layer that is seen on any ground


def write(target: Path, still: "StillSource", spec: "OutputSpec") -> None:
    """Write a picture's strokes as polylines, a layer for each pen, in mm from the lower left."""
    from gradart.rendering.vector.pen_paths import pen_paths

    said = spec.provenance
    tags: list[tuple[int, object]] = [(999, "gradart")]
    tags += [(999, said[i : i + _LONGEST]) for i in range(0, len(said), _LONGEST)]
    pens = pen_paths(still.marks(), spec.page, spec.optimize)
    names = [f"PEN_{pen.number}_{_plain(pen.title) or pen.color[1:].upper()}" for pen in pens]
    tags += [(0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1009"), (0, "ENDSEC")]
    tags += [(0, "SECTION"), (2, "TABLES"), (0, "TABLE"), (2, "LAYER"), (70, len(names))]
    for name in names:
        tags += [(0, "LAYER"), (2, name), (70, 0), (62, _WHITE), (6, "CONTINUOUS")]
    tags += [(0, "ENDTAB"), (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")]
    for name, pen in zip(names, pens, strict=True):
        for path in pen.paths:
            closed = len(path) > 2 and bool((path[0] == path[-1]).all())
            start = [(0, "POLYLINE"), (8, name), (66, 1), (70, int(closed))]
            tags += [*start, (10, "0.0"), (20, "0.0"), (30, "0.0")]
            for x, y in (path[: len(path) - closed] + 0.0).tolist():
                tags += [(0, "VERTEX"), (8, name), (10, f"{x:.3f}"), (20, f"{y:.3f}")]
            tags += [(0, "SEQEND"), (8, name)]
    tags += [(0, "ENDSEC"), (0, "EOF")]
    text = "".join(f"{code}\n{value}\n" for code, value in tags)
    target.write_text(text, "ascii", newline="\n")


def _plain(title: str) -> str:
    """A title in the letters that a layer's name has, of which there are 31 at most."""
    return re.sub("[^A-Z0-9]+", "_", title.upper()).strip("_")[:16]


def text_in(file: BinaryIO) -> bytes:
    """The comments at the beginning of a DXF, joined."""
    data = file.read(provenance.MOST)
    if not data.startswith(_SAYS):
        return b""
    lines = data[len(_SAYS) :].split(b"\n")
    text = []
    for code, value in zip(lines[::2], lines[1::2], strict=False):
        if code != b"999":
            break
        text.append(value)
    return b"".join(text)
