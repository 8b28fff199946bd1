"""G-code: what routers and drawing machines obey; what it says of its making is its first line."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    from gradart.rendering.formats.output import OutputSpec, StillSource

_SAYS = b"; gradart "
_UP, _DOWN = 5, 0  # mm: heights of the pen
_SINK, _DRAW = 1000, 2000  # mm a minute


def write(target: Path, still: "StillSource", spec: "OutputSpec") -> None:
    """Write a picture's strokes pen by pen, in mm from the lower left corner of the page."""
    from gradart.rendering.vector.pen_paths import pen_paths

    parts = [f"{_SAYS.decode()}{spec.provenance}\n", f"G21\nG90\nG0 Z{_UP}\n"]
    for number, pen in enumerate(pen_paths(still.marks(), spec.page, spec.optimize)):
        name = pen.name.encode("ascii", "replace").decode()
        parts.append(f"M0 ; pen {name}\n" if number else f"; pen {name}\n")
        for path in pen.paths:
            first, *rest = (f"X{x:.3f} Y{y:.3f}" for x, y in (path + 0.0).tolist())
            parts.append(f"G0 {first}\nG1 Z{_DOWN} F{_SINK}\n")
            parts.append(f"G1 F{_DRAW}\n")
            parts.extend(f"G1 {place}\n" for place in rest)
            parts.append(f"G0 Z{_UP}\n")
    parts.append("G0 X0 Y0\nM2\n")
    target.write_text("".join(parts), "ascii", newline="\n")


def text_in(file: BinaryIO) -> bytes:
    """The first line."""
    line = file.readline(provenance.MOST)
    return line.removeprefix(_SAYS) if line.startswith(_SAYS) else b""
