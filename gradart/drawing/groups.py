"""Groups: marks that are laid on what is below as one picture, blended, faded, seen by a mask."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeGuard, assert_never, cast, get_args

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.calculus.programs.precision import constant
from gradart.calculus.programs.present_values import known
from gradart.drawing.color.color_vision import LUMINANCE
from gradart.drawing.marks import polygons
from gradart.drawing.scene import Drawable, Scene, flat
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Mode, Raster
from gradart.drawing.style import OVER, Style, numbers
from gradart.errors import ArtError, kind_of
from gradart.types import Array, Number, Numbers

MODES: tuple[Mode, ...] = tuple(mode for mode in get_args(Mode) if mode != "clip")


def group(
    *marks: Drawable,
    blend: Mode = "normal",
    alpha: Number = 1.0,
    mask: Drawable | Numbers | None = None,
) -> Mark:
    """Marks as one picture, blended as a whole with what lies below, faded, or seen by a mask.

    `marks` are those of a scene, in lists as deep as you like, groups too. They are painted by
    themselves, and then laid on what is below by `blend`: normal, multiply, screen, overlay,
    darken, lighten, color-dodge, color-burn, hard-light, soft-light, difference or exclusion, by
    the formulas of W3C's Compositing and Blending Level 1; and by `alpha`, from 0 to 1, in which
    overlaps within the group do not show.

    With a `mask` the group is seen only there: inside of polygons (..., m, 2), or where other marks
    are, as far as these are opaque; of a picture, as far as it is bright, so that a field is a
    mask: `ga.raster(tones, box)`. Such a group reaches as far as its mask where a drawing is fitted
    to the page. Ink in a group adds up there, and `blend="multiply"` lays it on the paper as if it
    were in none; light so by "screen".

    It is the same in pixels, SVG, PDF and HTML; in SVG a group is one layer. A pen knows neither
    masks nor blends: HPGL, G-code and DXF refuse them. ArtError for what is no blend or mask.

    >>> disks = [ga.circles((x, 0), 1, fill=c) for x, c in ((0, "gold"), (1, "teal"))]
    >>> bands = ga.lines([[(-1, y / 9), (2, y / 9)] for y in range(-9, 10)], width=1)
    >>> ga.scene(disks, ga.group(bands, blend="overlay", mask=disks[1]))
    """
    if not isinstance(blend, str) or blend not in MODES:
        hint = "; ink and light are blends of the marks in it" if blend in ("ink", "light") else ""
        raise ArtError(f"a group's blend is one of {', '.join(MODES)}, not {short(blend)}{hint}")
    opacity = numbers(alpha, "alpha")
    if opacity.shape != () or (known(opacity) and not 0 <= opacity <= 1):
        raise ArtError(f"a group has one alpha, from 0 to 1, not {short(alpha)}")
    inside = tuple(flat(list(marks)))
    if any(mark.style.layer is not None for mark in leaves(inside)):
        raise ArtError("a group is in one layer: write ga.layer(2, ga.group(...))")
    cover = None if mask is None else tuple(map(_white, _mask(mask)))
    return Mark(Group(inside, cover, opacity, blend), Style(None, np.array(0.0), None))


def leaves(marks: Iterable[Mark], *, masks: bool = False) -> Iterator[Mark]:
    """The marks that are no groups, and those in groups in their place; with `masks` theirs too."""
    for mark in marks:
        if isinstance(mark.shape, Group):
            yield from leaves(mark.shape.marks, masks=masks)
            yield from leaves(mark.shape.mask or () if masks else (), masks=masks)
        else:
            yield mark


def _is_drawable(mask: object) -> TypeGuard[Drawable]:
    """Whether there is a mark in it, or a scene."""
    parts = jax.tree.leaves(mask, is_leaf=lambda part: isinstance(part, Mark | Scene))
    return any(isinstance(part, Mark | Scene) for part in parts)


def _mask(mask: object) -> list[Mark]:
    """What a mask is made of: marks, or polygons as a mark."""
    if callable(mask):
        raise ArtError(
            "a field is a mask as a picture: ga.raster(ga.value(field, ga.grid(200, 200, box)),"
            " box), whose values from 0 to 1 say how much is seen"
        )
    if _is_drawable(mask):
        return list(flat(mask))
    try:
        return [polygons(cast(Numbers, mask))]  # what is none, it refuses
    except ArtError as error:
        raise ArtError(
            f"a group's mask is polygons or marks, not {kind_of(mask)}: {error}"
        ) from error


def _white(mark: Mark) -> Mark:
    """A mark of a mask: white, and as opaque as it lets the group be seen."""
    shape, style = mark.shape, mark.style
    match shape:
        case Many() | Group():
            kind = type(shape).__name__.lower()
            raise ArtError(
                f"a mask is made of lines, polygons, dots, type and pictures, not {kind}"
            )
        case Raster(pixels):
            shape = replace(shape, pixels=_whitened(pixels, pixels[..., :3] @ constant(LUMINANCE)))
        case Lines() | Beziers() | Dots():
            pass
        case _:
            assert_never(shape)
    stroke, fill = (
        None if rgba is None else _whitened(rgba) for rgba in (style.stroke, style.fill)
    )
    gradient = style.gradient
    if gradient is not None:
        gradient = replace(gradient, stops=_whitened(gradient.stops))
    style = replace(style, stroke=stroke, fill=fill, gradient=gradient, blend=OVER, layer=None)
    return Mark(shape, style)


def _whitened(rgba: Array, shares: Array | float = 1.0) -> Array:
    """Colors (..., 4) as white ones, each with a share of its alpha."""
    xp = np if isinstance(rgba, np.ndarray) else jnp
    alpha = rgba[..., 3] * shares
    return xp.stack([*[xp.ones_like(alpha)] * 3, alpha], -1)
