"""A number as filled Bezier outlines, which JAX can trace in a film's frame: made beforehand."""

from functools import cache
from types import ModuleType
from typing import Unpack

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.calculus.programs.padded_lengths import have_values
from gradart.calculus.programs.precision import constant
from gradart.calculus.programs.present_values import known
from gradart.drawing.lettering.fonts import face
from gradart.drawing.lettering.text import Setting, outlined
from gradart.drawing.shapes import Beziers, Mark
from gradart.drawing.style import TypeKeywords, numbers
from gradart.errors import ArtError
from gradart.types import Number, Numbers

_WHOLE = 9  # digits of a number before the point
_MINUS, _POINT = 10, 11  # after the digits in the table of glyphs


@cache
def _glyphs(font: str) -> tuple[np.ndarray, np.ndarray]:
    """Outlines (12, 3k + 1, 2) of 0 to 9, minus and point at size 1, and how wide they are (12,).

    NaN fills what is shorter. All digits are as wide as the widest: they do not jump about.
    """
    face(font)
    found = [outlined(letter, font, 0.0) for letter in "0123456789\N{MINUS SIGN}."]
    longest = max(len(points) for points, *_ in found)
    table = np.full((len(found), longest, 2), np.nan)
    for row, (points, *_) in zip(table, found, strict=True):
        row[: len(points)] = points
    widths = np.array([width for _, width, _ in found])
    widths[:10] = widths[:10].max()
    return table, widths


def digits(
    number: Number, at: Numbers, *, decimals: int = 0, **style: Unpack[TypeKeywords]
) -> Mark:
    """Set a number at a point of the drawing, as `text` sets a text; in films it may change.

    The `number`, rounded to `decimals`, stands at `at` (2,). It may be traced: this is how a film
    shows one and is compiled all the same. What is not finite, or has more than nine digits before
    the point, is not shown. `size`, `align`, `font`, `fill` and `alpha` are those of `text`.

    >>> def frame(u):
    ...     return ga.scene(ga.digits(jnp.sin(u), (0, 0), decimals=2, size=40))
    >>> frame(0.5)
    """
    setting = Setting(**style)
    size, align = setting.size, setting.align
    value, anchor = numbers(number, "the number"), numbers(at, "at")
    if value.shape != () or anchor.shape != (2,):
        raise ArtError(
            "digits set one number at one point (x, y), not arrays of shapes"
            f" {value.shape} and {anchor.shape}"
        )
    if not (isinstance(decimals, int) and 0 <= decimals <= 6):
        raise ArtError(f"decimals is a whole number from 0 to 6, not {short(decimals)}")
    if align not in ("left", "center", "right"):
        raise ArtError(f"the digits' align must be left, center or right, not {short(align)}")
    number_like = isinstance(size, int | float | jax.core.Tracer)
    if not number_like or (known(size) and not 0 < size < np.inf):
        raise ArtError(f"the digits' size is in mm and must be positive, not {short(size)}")
    if have_values([value]) and jnp.result_type(float) == np.float64:  # as NumPy has it
        value = np.asarray(value)
    xp: ModuleType = jnp if isinstance(value, jax.Array) else np
    glyphs, widths = _glyphs(str(setting.font))
    wide, sign_wide, point_wide = widths[0], widths[_MINUS], widths[_POINT]

    scaled = xp.round(xp.abs(value) * 10.0**decimals)
    powers = 10.0 ** np.arange(_WHOLE + decimals - 1, -1, -1)
    sane = scaled < powers[0] * 10  # False for NaN
    figures = (xp.floor(xp.where(sane, scaled, 0) / powers) % 10).astype(int)
    seen = (scaled >= powers) | (np.arange(len(powers)) >= _WHOLE - 1)
    negative = (value < 0) & (scaled > 0)
    # Places from the point, to the left and to the right of it.
    places = wide * (np.arange(len(powers)) - _WHOLE) + point_wide * (powers < 10.0**decimals)
    left = -wide * seen[:_WHOLE].sum() - sign_wide * negative
    right = point_wide * (decimals > 0) + wide * decimals
    shift = {"left": -left, "center": -(left + right) / 2, "right": -right}[align]

    rows = xp.asarray(constant(glyphs))[xp.concatenate([np.array([_MINUS, _POINT]), figures])]
    starts = xp.concatenate([xp.stack([left, 0.0 * left]), places]) + shift
    shown = xp.concatenate([xp.stack([negative, sane & (decimals > 0)]), seen]) & sane
    points = rows + xp.stack([starts, 0 * starts], -1)[:, None]
    points = size * xp.where(shown[:, None, None], points, np.nan)
    return Mark(Beziers(points, True, anchor), setting.style)
