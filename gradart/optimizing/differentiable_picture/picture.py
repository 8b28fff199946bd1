"""A scene's picture as a function of JAX, differentiable by all that it is drawn of."""

from typing import assert_never

import jax
import jax.numpy as jnp
import numpy as np

from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.errors import ArtError, kind_of
from gradart.optimizing.differentiable_picture.density_primitive import (
    Layout,
    found_exposure,
    summed_density,
)
from gradart.rendering.ink.blending import cell_of, runs
from gradart.rendering.ink.tone import MOST, density, laid
from gradart.rendering.layout.page import Page, Placement, fit, name_of
from gradart.rendering.layout.pixel_grid import PixelGrid, pixel_grid
from gradart.rendering.options import Options
from gradart.rendering.render import sheet_for
from gradart.types import Array, Number

_PX = 2048  # of the long side, as of a PNG


def picture(
    scene: Scene,
    *,
    page: Page | str | None = None,
    px: int = _PX,
    exposure: Number | None = None,
) -> jax.Array:
    """The picture of a scene of ink or light: (h, w, 3), float32 in [0, 1], row 0 on top.

    It is what `render` writes of `scene`, before it is rounded to 8 bits, as a function of JAX:
    under `jit` and `vmap`, with exact derivatives, forward and reverse, by points, widths, radii,
    colors, alphas and the paper. `page` and `px` are those of `render`. An `exposure` counts
    instead of those of the marks; it can be differentiated by. One that is found is held.

    Coverage has kinks where a line runs exactly along a border of pixels, or ends come together;
    and it is held how many chords an arc has. A point that is NaN, or off the page, has a gradient
    of 0. Raises ArtError for marks that are not ink or light, for second derivatives, and where
    points are traced and the scene has no box.

    >>> import gradart as ga, jax, jax.numpy as jnp
    >>> def drawing(points):
    ...     strokes = ga.lines(points, width=0.5, alpha=0.5, blend=ga.ink(1))
    ...     return ga.scene(strokes, box=((0, 0), (1, 1)))
    >>> def darkness(points):
    ...     return 1 - jnp.mean(ga.picture(drawing(points), page="square", px=200))
    >>> points = jnp.array([(0.1, 0.1), (0.9, 0.9)])
    >>> bool(jax.grad(darkness)(points)[1, 0] > 0)  # longer is darker
    True
    """
    if not isinstance(scene, Scene):
        raise ArtError(f"a picture is of a scene, not of {kind_of(scene)}; call what makes it")
    meant = scene.options if isinstance(scene.options, Options) else Options()
    sheet = sheet_for(meant, {} if page is None else {"page": page})
    grid = pixel_grid(sheet, px)
    numbers = {id(mark): name_of(index, mark) for index, mark in enumerate(scene.marks)}
    placement = _placed(scene, sheet)
    seen = _opaque(scene.paper)
    for blend, run in runs(scene.marks):
        if blend.kind == "over":
            raise ArtError(
                f"{numbers[id(run[0])]} is laid over what is below, which has no derivative;"
                " write blend='ink' or blend='light'"
            )
        operands, blocks = [], []
        for mark in run:
            if (drawn := _operands(mark, numbers[id(mark)], blend.kind)) is not None:
                blocks.append(drawn[0])
                operands += drawn[1]
        total = summed_density(operands, Layout(grid, placement, tuple(blocks)))
        factor = blend.exposure if exposure is None else exposure
        if factor is None:
            factor = found_exposure(total, cell_of(grid))
        seen = laid(-jnp.minimum(jnp.float32(factor), MOST) * total, seen, blend.kind, jnp)
    if scene.clip:
        paper = _opaque(scene.paper)
        seen = paper + (seen - paper) * _shown(scene, placement, grid)
    return jnp.broadcast_to(seen, (*grid.size, 3))


def _shown(scene: Scene, placement: Placement, grid: PixelGrid) -> np.ndarray:
    """How much of each pixel (h, w, 1) lies in the box that a scene is clipped to."""
    flip = np.array([placement.scale, -placement.scale])
    corners = grid.place(np.asarray(scene.box) * flip + (placement.dx, placement.dy))
    (left, top), (right, low) = corners.min(0), corners.max(0)

    def shares(start: float, end: float, count: int) -> np.ndarray:
        at = np.arange(count)
        return np.clip(np.minimum(end, at + 1) - np.maximum(start, at), 0, 1)

    across, down = shares(left, right, grid.width), shares(top, low, grid.height)
    return (down[:, None] * across)[..., None].astype(np.float32)


def _is_known(values: object) -> bool:
    return not isinstance(values, jax.core.Tracer)


def _placed(scene: Scene, sheet: Page) -> Placement:
    """How the scene lies on the page: by its box, or by points that are known."""
    needed = scene.marks if scene.box is None else scene.box
    if all(_is_known(leaf) for leaf in jax.tree_util.tree_leaves(needed)):
        return fit([scene], sheet)
    if scene.box is None:
        raise ArtError(
            "a drawing that is differentiated has to lie still on the page; give its scene a box,"
            " like ga.scene(..., box=((0, 0), (1, 1)))"
        )
    raise ArtError("the box of a picture's scene must be numbers that are not traced")


def _opaque(paper: Array) -> jax.Array:
    if _is_known(paper) and np.asarray(paper)[3] < 1:
        raise ArtError("a picture has no transparency; give the scene's paper no alpha")
    return jnp.clip(jnp.asarray(paper, jnp.float32)[:3], 0, 1)


def _operands(mark: Mark, what: str, kind: str) -> tuple[tuple[str, bool], list[Array]] | None:
    """The kind of a mark's block, and what it is drawn of; None of what adds nothing up."""
    style = mark.style
    match mark.shape:
        case Lines(points, closed) if style.stroke is not None:
            found = ("lines", closed), [points, style.width, style.stroke]
        case Beziers(points, closed, None) if style.stroke is not None:
            found = ("beziers", closed), [points, style.width, style.stroke]
        case Dots(centers, radius) if style.fill is not None:
            found = ("dots", False), [centers, radius, style.fill]
        case Lines() | Beziers(_, _, None) | Dots():
            return None
        case Beziers() | Raster() | Many() | Group():
            raise ArtError(
                f"{what} cannot be differentiated; write its lines or dots as marks of their own"
            )
        case _:
            assert_never(mark.shape)
    block, (points, size, color) = found
    xp = np if _is_known(color) else jnp
    color = xp.clip(xp.asarray(color), 0, 1)
    size = jnp.asarray(size)
    size = jnp.where(size < 0, 0, size)
    return block, [jnp.asarray(points), size, jnp.asarray(density(color, kind, xp))]
