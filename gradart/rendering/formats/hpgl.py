"""HPGL: what pen plotters and cutters obey; what it says of its making is a comment at its end."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote, unquote_to_bytes

from gradart.rendering.formats import provenance

if TYPE_CHECKING:
    from gradart.rendering.formats.output import OutputSpec, StillSource

_UNITS = 40  # a millimeter: 0.025 mm, in all plotters of HP's language
_SAYS = b'CO"'


def write(target: Path, still: "StillSource", spec: "OutputSpec") -> None:
    """Write a picture's strokes pen by pen, from the lower left corner of the page."""
    import numpy as np

    from gradart.rendering.vector.pen_paths import pen_paths

    parts = ["IN;\n"]
    for pen in pen_paths(still.marks(), spec.page, spec.optimize):
        parts.append(f"SP{pen.number};\n")
        for path in pen.paths:
            steps = np.round(path * _UNITS).astype(int)
            moved = (np.diff(steps, axis=0) != 0).any(-1)
            moved[0] |= not moved.any()  # a dot
            first, *rest = (f"{x},{y}" for x, y in steps[np.r_[True, moved]].tolist())
            parts.append(f"PU{first};PD{','.join(rest)};\n")
    parts.append("PU;SP0;\n")
    if spec.provenance:  # a plotter that knows no comments has put its pen away by now
        parts.append(f'{_SAYS.decode()}{quote(spec.provenance, safe="")}";\n')
    target.write_text("".join(parts), "ascii", newline="\n")


def text_in(file: BinaryIO) -> bytes:
    """The comment at the end."""
    size = file.seek(0, 2)
    file.seek(max(0, size - provenance.MOST))
    end = file.read(provenance.MOST)
    _, says, rest = end.rpartition(_SAYS)
    text, closed, _ = rest.partition(b'";')
    return unquote_to_bytes(text) if says and closed else b""
