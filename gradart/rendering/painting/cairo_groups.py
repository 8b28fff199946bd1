"""Groups as they are laid on what is below: pictures of pixels, and groups of a PDF."""

from collections.abc import Callable

import numpy as np

from gradart.drawing.shapes import Group, Mark
from gradart.rendering.painting.cairo_library import libcairo
from gradart.rendering.painting.cairo_surfaces import Context, Surface, surface_on

Painter = Callable[[tuple[Mark, ...], np.ndarray | None], np.ndarray]


def lay_group(
    surface: Surface, seen: np.ndarray, corner: tuple[int, int], group: Group, painted: Painter
) -> None:
    """Lay a group on a surface, of which `seen` (h, w, 4), from `corner` on, are the pixels.

    `painted(marks, under)` are the pixels of marks, over some that are there already.
    """
    cairo = libcairo()
    surface.flush()
    shares = None if group.mask is None else painted(group.mask, None)[..., 3:]
    if group.mode == "clip":
        below = seen.copy()
        above = painted(group.marks, below)
        assert shares is not None, "what is clipped is clipped to something"
        seen[:] = _mixed(below, above, shares)
        surface.mark_dirty()
        return
    picture = painted(group.marks, None)
    if shares is not None:
        picture = _mixed(np.zeros_like(picture), picture, shares)
    context = cairo.Context(surface)
    context.set_operator(operator_of(group))
    context.set_source_surface(surface_on(picture), *corner)
    context.paint_with_alpha(float(group.alpha))


def _mixed(below: np.ndarray, above: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Pixels of `above`, as far as their `shares` (h, w, 1) say, and of `below` else."""
    weight = shares.astype(np.uint16)
    mixed = (above * weight + below * (255 - weight) + 127) // 255
    return mixed.astype(np.uint8)


def paint_group(
    context: Context,
    group: Group,
    paint: Callable[[tuple[Mark, ...]], None],
    clip: Callable[[Mark], None],
) -> None:
    """Paint a group into a PDF. `paint` paints marks there, `clip` a mark's path is its window."""
    cairo = libcairo()
    if group.mode == "clip":
        assert group.mask is not None, "what is clipped is clipped to something"
        context.save()
        clip(group.mask[0])
        context.clip()
        paint(group.marks)
        context.restore()
        return

    def pictured(marks: tuple[Mark, ...]) -> object:
        context.push_group()
        paint(marks)
        return context.pop_group()

    picture = pictured(group.marks)
    if group.mask is not None:
        mask = pictured(group.mask)
        context.push_group()
        context.set_source(picture)
        context.mask(mask)
        picture = context.pop_group()
    context.set_operator(operator_of(group))
    context.set_source(picture)
    context.paint_with_alpha(float(group.alpha))
    context.set_operator(cairo.OPERATOR_OVER)


def operator_of(group: Group) -> int:
    """Cairo's number of the way in which a group is laid on what is below."""
    name = {"normal": "OVER", "clip": "OVER"}.get(group.mode, group.mode.upper().replace("-", "_"))
    return int(getattr(libcairo(), f"OPERATOR_{name}"))
