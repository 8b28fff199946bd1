"""Ramps as texts, as a sketch's parameter is written: `#1b1b1e #c2410c 20% #f7f4ed`, `desert`."""

import re
from collections.abc import Sequence

import numpy as np

from gradart.calculus.arguments import short
from gradart.drawing.color.palettes import NAMED, Palette, palette
from gradart.drawing.color.ramps import Ramp, ramp
from gradart.drawing.style import ColorLike, hex_code
from gradart.errors import ArtError


def ramp_of(value: str | Ramp | Palette | Sequence[ColorLike] | np.ndarray) -> Ramp:
    """The ramp of a text, of a palette, or of colors; ArtError if it is of less than two.

    In a text a percentage after a color says where it is. Those that have none stand evenly between
    the others, the outer ones at the ends, as in a gradient of CSS. A palette's name is a text.
    """
    if isinstance(value, Ramp):
        return value
    if isinstance(value, Palette):
        return value.ramp
    if not isinstance(value, str):
        return ramp(*value)
    if value.strip().lower() in NAMED:
        return palette(value.strip()).ramp
    colors: list[str] = []
    given: dict[int, float] = {}
    for part in re.split(r"[\s,]+", value.strip()):
        if not part.endswith("%"):
            colors.append(part)
        elif not colors or len(colors) - 1 in given:
            raise ArtError(f"{short(value)} has a percentage that no color stands before")
        else:
            given[len(colors) - 1] = float(part[:-1]) / 100
    given = {0: 0.0, len(colors) - 1: 1.0} | given
    order = sorted(given)
    at = np.interp(np.arange(len(colors)), order, [given[index] for index in order])
    return ramp(*colors, at=at.tolist())


def ramp_text(value: str | Ramp | Palette | Sequence[ColorLike] | np.ndarray) -> str:
    """A ramp as a text: a palette's name, or hex codes and where they are, if not evenly spaced."""
    if isinstance(value, str) and value.strip().lower() in NAMED:
        return value.strip().lower()
    if isinstance(value, Palette):
        return ramp_text(value.text if value.text in NAMED else value.ramp)
    made = ramp_of(value)
    codes = [hex_code(one) for one in np.asarray(made.colors)]
    if np.allclose(made.at, np.linspace(0, 1, len(codes)), rtol=0, atol=1e-6):
        return " ".join(codes)
    places = [f" {100 * at:.6g}%" for at in made.at]
    if made.at[0] == 0:
        places[0] = ""
    if made.at[-1] == 1:
        places[-1] = ""
    return " ".join(code + place for code, place in zip(codes, places, strict=True))
