"""Colors as a notebook shows them: a strip of patches, as SVG."""

import numpy as np

from gradart.drawing.style import hex_code

_HIGH = 48  # px


def strip(colors: np.ndarray, wide: float, *, paper: np.ndarray | None = None) -> str:
    """Patches of `colors` (n, 4), each `wide` px, side by side, or apart on their `paper`."""
    apart = 0 if paper is None else 8
    width, height = len(colors) * (wide + apart) + apart, _HIGH + 2 * apart
    size = f'width="{width:g}" height="{height}" viewBox="0 0 {width:g} {height}"'
    patches = [] if paper is None else [_patch(0, 0, width, height, paper)]
    over = 0.5 if paper is None else 0  # so that no seam is seen between two
    patches += [
        _patch(apart + i * (wide + apart), apart, wide + over, _HIGH, one)
        for i, one in enumerate(colors)
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(patches)}</svg>'


def _patch(x: float, y: float, width: float, height: float, rgba: np.ndarray) -> str:
    name = hex_code(rgba)
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {place} fill="{name}"><title>{name}</title></rect>'
