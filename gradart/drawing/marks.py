"""Marks made of points: lines, polygons, curves, circles, dots and pictures, with a style.

Points are in the artist's coordinates, y up; widths, radii and type sizes are in millimeters.
Rows are strokes: each has its own width and color if these are given one for each. A NaN point
lifts the pen.
"""

from dataclasses import replace
from types import ModuleType
from typing import Unpack

import jax
import numpy as np

from gradart.calculus.programs.by_numpy import by_numpy
from gradart.calculus.programs.padded_lengths import reshaped
from gradart.drawing.shapes import Beziers, Dots, Lines, Mark, Raster
from gradart.drawing.style import (
    INK,
    OVER,
    PEN,
    Blend,
    BlendKind,
    ColorLike,
    Gradient,
    PaintKeywords,
    Style,
    StyleKeywords,
    as_blend,
    color,
    numbers,
)
from gradart.errors import ArtError
from gradart.types import Array, Corners, Curve, Numbers


def points_in_rows(values: Numbers, what: str, rank: int) -> Array:
    """Return points as an array of at least `rank` axes, leading axes folded into one."""
    points = numbers(values, what)
    if points.shape == (0,):  # a list of nothing
        points = np.empty((*[0] * (rank - 1), 2))
    if points.ndim < 1 or points.shape[-1] != 2:
        hint = ""
        if points.shape[-1:] == (3,):
            hint = "; project them with a view first, like ga.camera()"
        elif points.ndim == 1 or points.shape[:1] == (2,):
            hint = "; jnp.stack([x, y], -1) makes points of x and y"
        raise ArtError(f"{what} must have shape (..., 2), not {points.shape}{hint}")
    if points.ndim < rank - 1:
        raise ArtError(f"{what} must have shape (..., m, 2), not {points.shape}")
    tail = points.shape[-(rank - 1) :]
    # A count, not -1: an empty selection has no rows, and nothing can be inferred from nothing.
    shape = int(np.prod(points.shape[: -(rank - 1)])), *tail
    return reshaped(points, shape) if isinstance(points, jax.Array) else points.reshape(shape)


def _each(values: Numbers, n: int, tail: int, what: str) -> Array:
    """Return one value for all n strokes, or one for each; `tail` trailing axes are a value."""
    array = numbers(values, what)
    lead = array.shape[: array.ndim - tail]
    if lead == ():
        return array
    if int(np.prod(lead)) not in (1, n):
        give = f"{n} strokes; give 1 or {n}" if n != 1 else "1 stroke, which takes 1"
        raise ArtError(f"{what} has {int(np.prod(lead))} values for {give}")
    flat = array.reshape(int(np.prod(lead)), *array.shape[len(lead) :])
    return flat[0] if flat.shape[0] == 1 else flat


def _style(
    n: int,
    adds: str,
    *,
    stroke: ColorLike | None = None,
    width: Numbers = PEN,
    fill: ColorLike | Gradient | None = None,
    alpha: Numbers = 1.0,
    blend: BlendKind | Blend = OVER,
) -> Style:
    """The style of n strokes; `adds` is what of them an ink or a light adds up."""
    mix = as_blend(blend)
    other, second = ("fill", fill) if adds == "stroke" else ("stroke", stroke)
    if mix.kind != "over" and second is not None:
        raise ArtError(
            f"{mix.kind} adds up strokes and dots, not the {other} of a mark; draw that as a mark"
            " of its own, with blend='over'"
        )

    if isinstance(fill, Gradient) and adds == "fill" and mix.kind != "over":
        raise ArtError(f"{mix.kind} adds up dots of one color each; a gradient lies over")
    gradient = None
    if isinstance(fill, Gradient):
        if numbers(alpha, "alpha").ndim:
            raise ArtError("a gradient has one alpha for all that it fills, not one for each")
        gradient = replace(fill, stops=color(fill.stops, alpha))
        fill = fill.stops.mean(0)

    def paint(value: ColorLike | None, what: str) -> Array | None:
        if value is None:
            return None
        return _each(color(value, numbers(alpha, "alpha")), n, 1, what)

    if isinstance(alpha, int | float) and alpha == 1:
        alpha = 1.0
    size, inside = _each(width, n, 0, "width"), paint(fill, "fill")
    return Style(paint(stroke, "stroke"), size, inside, mix, gradient)


def lines(points: Numbers, *, closed: bool = False, **style: Unpack[StyleKeywords]) -> Mark:
    """Polylines through points (..., m, 2); each of the leading axes' rows is one stroke.

    A NaN among the `points` lifts the pen. `closed` joins the last point to the first, and `fill`
    paints the inside.

    Style: `stroke` (dark gray), `width` in mm (0.3), `fill` (none), `alpha` (1) and `blend`;
    `width`, `alpha` and the colors are one for all, or one for each stroke. Colors are what `color`
    reads, None for no paint; a `fill` can be a gradient, as `linear_gradient` makes it. `blend`
    lays strokes "over" what is below, or adds them up as "ink" or "light": see `ink`.

    ArtError for points of another shape, and for a style that is neither one nor one for each.

    >>> t = jnp.linspace(0, 6, 100)
    >>> waves = [jnp.stack([t, a * jnp.sin(t)], -1) for a in (0.5, 1.0, 1.5)]
    >>> ga.lines(waves, width=[0.2, 0.5, 1.0], stroke="#c2410c")
    """
    rows = points_in_rows(points, "points", 3)
    style.setdefault("stroke", INK)  # so written, Jedi follows `**style` and completes keywords
    return Mark(Lines(rows, closed), _style(len(rows), "stroke", **style))


def segments(start: Numbers, end: Numbers, **style: Unpack[StyleKeywords]) -> Mark:
    """Straight strokes from each point of one array (..., 2) to that of another (..., 2).

    From `start` to `end`, of which one may be a single point. The style, `stroke`, `width`, `fill`,
    `alpha` and `blend`, is that of `lines`.

    >>> p = ga.grid(10, 15, box=((0, 0), (3, 2)))
    >>> ga.segments(p, p + jnp.array([0.1, 0.15]), width=0.2)
    """
    a, b = points_in_rows(start, "start", 2), points_in_rows(end, "end", 2)
    if len(a) != len(b) and 1 not in (len(a), len(b)):
        raise ArtError(f"segments join {len(a)} starts to {len(b)} ends; give as many of each")
    if isinstance(a, jax.Array) or isinstance(b, jax.Array):
        return lines(by_numpy(_joined, a, b), **style)
    return lines(_joined(np, a, b), **style)


def _joined(xp: ModuleType, a: Array, b: Array) -> Array:
    return xp.stack(xp.broadcast_arrays(a, b), -2)


def polygons(points: Numbers, **style: Unpack[PaintKeywords]) -> Mark:
    """Filled polygons with corners (..., m, 2); NaN parts an outline from a hole.

    Each of the leading axes' rows of `points` is one polygon, closed by itself; where outlines
    overlap, the nonzero winding rule says what is inside. `fill` (dark gray), `stroke` (none),
    `width` and `alpha` are as in `lines`, one for all or one for each; there is no blend.

    >>> triangles = [[(0, 0), (1, 0), (0.5, 1)], [(1, 0), (2, 0), (1.5, 1)]]
    >>> ga.polygons(triangles, fill=["teal", "orange"])
    """
    style.setdefault("fill", INK)
    style.setdefault("stroke", None)
    return lines(points, closed=True, **style)


def beziers(points: Numbers, *, closed: bool = False, **style: Unpack[StyleKeywords]) -> Mark:
    """Paths of cubic Bezier pieces, (..., 3k + 1, 2): end, control, control, end, control, ...

    Each of the leading axes' rows of `points` is one stroke; `closed` joins its last point to the
    first by a straight line. The style, `stroke`, `width`, `fill`, `alpha` and `blend`, is that of
    `lines`. ArtError for another number of points.

    >>> ga.beziers([(0, 0), (0, 1), (1, 1), (1, 0)])
    """
    rows = points_in_rows(points, "points", 3)
    if rows.shape[:2] == (0, 0):
        rows = np.empty((0, 4, 2))
    if rows.shape[1] % 3 != 1:
        raise ArtError(f"k cubic pieces have 3k + 1 points, not {rows.shape[1]}")
    style.setdefault("stroke", INK)
    return Mark(Beziers(rows, closed), _style(len(rows), "stroke", **style))


def curve(
    f: Curve,
    a: float,
    b: float,
    *,
    tolerance: float | None = None,
    closed: bool = False,
    **style: Unpack[StyleKeywords],
) -> Mark:
    """The plane curve of a function, as smooth strokes from one of its parameters to another.

    `f` is a function of one number that returns (2,), drawn from t = `a` to t = `b`, as cubic
    Bezier pieces with the curve's exact tangents, within `tolerance` of it, in the artist's units
    (by default a 20,000th of its size): see `to_beziers`. It breaks where the curve jumps or is
    NaN. `closed` joins its end to its start by a straight line. The style, `stroke`, `width`,
    `fill`, `alpha` and `blend`, is that of `lines`. In a film's frame a curve that moves has 400
    even pieces.

    >>> def leaf(t):
    ...     return jnp.array([jnp.cos(t), jnp.sin(t) * jnp.sin(t / 2) ** 2])
    >>> ga.curve(leaf, 0, 6.2832, fill="#c2410c")
    """
    # Here, for this mark alone needs the derivatives of a function, and they take long to import.
    from gradart.geometry.paths.beziers import to_beziers

    return beziers(to_beziers(f, a, b, tolerance), closed=closed, **style)


def circles(center: Numbers, radius: Numbers, **style: Unpack[StyleKeywords]) -> Mark:
    """Circles in the artist's units, for centers (..., 2).

    `center` is one or many points, and `radius` one number or one for each. The style, `stroke`,
    `width`, `fill`, `alpha` and `blend`, is that of `lines`. Four cubic pieces each; the radius is
    right within 0.03 %. For disks in mm there is `dots`. ArtError for a radius that is not finite.

    >>> ga.circles((0, 0), [1, 2, 3], stroke="teal")
    """
    centers, radii = points_in_rows(center, "center", 2), numbers(radius, "radius")
    if len(centers) == 1 and radii.ndim:  # rings around one center
        centers = centers.repeat(radii.size, axis=0)
    size = _each(radii, len(centers), 0, "radius")
    if not isinstance(size, jax.core.Tracer) and not np.isfinite(size).all():
        raise ArtError(
            "radius must be finite, not NaN or infinite;"
            " leave such circles out: ok = jnp.isfinite(radius), then center[ok] and radius[ok]"
        )
    bulge = 4 / 3 * (np.sqrt(2) - 1)  # puts the middle of each quarter on the circle
    quarter = np.array([(1, 0), (1, bulge), (bulge, 1)])
    turn = np.array([(0, -1), (1, 0)])
    ring = np.concatenate([quarter @ np.linalg.matrix_power(turn.T, k) for k in range(4)])
    ring = np.concatenate([ring, ring[:1]])
    with np.errstate(over="ignore"):  # an infinite point is named where it is drawn
        rings = centers[:, None] + size[..., None, None] * ring
    return beziers(rings, closed=True, **style)


def dots(centers: Numbers, radius: Numbers = 0.4, **style: Unpack[StyleKeywords]) -> Mark:
    """Disks around points (..., 2), of a radius in mm.

    Around `centers`, of a `radius` for all or one for each. `fill` (dark gray), `stroke` (none),
    `width` and `alpha` are as in `lines`; `blend` adds up what fills them.

    >>> ga.dots(ga.scatter(jax.random.key(1), 100, box=((0, 0), (3, 2))), 1.5, alpha=0.5)
    """
    places = points_in_rows(centers, "centers", 2)
    size = _each(radius, len(places), 0, "radius")
    style.setdefault("fill", INK)
    return Mark(Dots(places, size), _style(len(places), "fill", **style))


def raster(pixels: Numbers, box: Corners) -> Mark:
    """A picture over a box: gray (h, w), RGB (h, w, 3) or RGBA (h, w, 4), values in [0, 1].

    The `pixels` are stretched over `box`, ((x0, y0), (x1, y1)). Row 0 is at the bottom, as in
    `grid`; a photograph read from a file wants `pixels[::-1]`.

    >>> box = ((-3, -3), (3, 3))
    >>> heights = ga.value(ga.peaks(), ga.grid(100, 100, box))
    >>> ga.raster(ga.colormap("magma")((heights + 7) / 15), box)
    """
    grid = numbers(pixels, "pixels")
    if grid.ndim == 2:
        grid = grid[..., None].repeat(3, -1)
    if grid.ndim != 3 or grid.shape[-1] not in (3, 4) or 0 in grid.shape:
        raise ArtError(f"pixels must be (h, w), (h, w, 3) or (h, w, 4), not {grid.shape}")
    corners = numbers(box, "box")
    if corners.shape != (2, 2):
        raise ArtError(f"box must be ((x0, y0), (x1, y1)), not of shape {corners.shape}")
    return Mark(Raster(color(grid), corners), Style(None, np.array(0.0), None))
