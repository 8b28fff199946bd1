"""A sketch's points on its page, in mm, as a function of its numbers: JAX's where it is traced."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple, assert_never

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from gradart.drawing.marks import Beziers, Dots, Lines, Many, Mark, Raster
from gradart.drawing.scene import Film, Scene
from gradart.drawing.style import Array
from gradart.errors import ArtError, kind_of
from gradart.optimizing.coordinates import Coordinate, inserted
from gradart.rendering.film.tracing import playheads, trace
from gradart.rendering.layout.page import Page, Placement, fit
from gradart.rendering.layout.page import page as sheet_of
from gradart.sketching.sketch import Sketch
from gradart.sketching.values import Value

_BLOCKS = 16  # of `many`, as many as are looked at: evenly spread over all of them
_AXES = np.arange(2)
_NEWTON = 12  # steps to the scale; it takes as many as the drawing's hull has corners, mostly two or three


class Drawn(NamedTuple):
    """What is drawn at one playhead, mark by mark.

    `points` (n, m, 2) are mm from the page's top left corner, y down: of polylines, of Bezier
    pieces with their controls, of centers (m = 1), and the corners of pictures. `ink` holds what
    else can change: widths, radii, colors.
    """

    points: tuple[Array, ...]
    ink: tuple[Array, ...]


@dataclass(frozen=True)
class PagePoints:
    """What a sketch draws, as a function of the numbers at its `coordinates`, and a playhead.

    `values` are those of all parameters. `heads` are playheads of a film whose frames hold the
    extremes of its drawing, by which all of its frames are laid on the page; a scene has none.
    """

    sketch: Sketch
    coordinates: tuple[Coordinate, ...]
    values: Mapping[str, Value]
    seed: int
    page: Page
    heads: tuple[float, ...]

    def __call__(self, vector: jax.Array | np.ndarray, u: float | jax.Array = 0.0) -> Drawn:
        """What is drawn with these numbers (k,). Raises what the sketch raises."""
        art = self.sketch(seed=self.seed, **inserted(self.coordinates, vector, self.values))
        scene = _frame(art, u)
        fitted = (
            [scene] if scene.box is not None else [scene, *(_frame(art, h) for h in self.heads)]
        )
        marks = marks_of(scene)
        ink = (scene.paper, *(leaf for mark in marks for leaf in _ink(mark)))
        if any(isinstance(leaf, Tracer) for leaf in jax.tree_util.tree_leaves((fitted, marks))):
            scale, shift = _placement(fitted, self.page)
            points = tuple(_points(jnp, mark, scale, shift) for mark in marks)
            return Drawn(points, tuple(map(jnp.asarray, ink)))
        # As numbers: JAX would compile each of these steps for each number of points.
        placed = fit(fitted, self.page)
        scale, shift = np.array(placed.scale), np.array([placed.dx, placed.dy])
        points = tuple(_points(np, mark, scale, shift) for mark in marks)
        return Drawn(points, tuple(map(np.asarray, ink)))

    def marks(self, vector: np.ndarray, u: float = 0.0) -> list[Mark]:
        """The marks that the points are those of, in the artist's coordinates."""
        return marks_of(self.scene(vector, u))

    def scene(self, vector: np.ndarray, u: float = 0.0) -> Scene:
        """What is drawn, as the sketch returns it."""
        art = self.sketch(seed=self.seed, **inserted(self.coordinates, vector, self.values))
        return _frame(art, u)


def page_points(
    sketch: Sketch, found: Sequence[Coordinate], values: Mapping[str, Value], seed: int
) -> tuple[PagePoints, bool]:
    """The points of a sketch on the page that it is meant for, and whether it is a film."""
    meant = sketch.options
    page = sheet_of(meant.page, landscape=meant.landscape, margin=meant.margin)
    art = sketch(seed=seed, **dict(values))
    heads: tuple[float, ...] = ()
    if not isinstance(art, Scene):
        heads = _extreme_heads(art, playheads(meant.seconds, meant.fps).tolist(), page)
    points = PagePoints(sketch, tuple(found), dict(values), seed, page, heads)
    return points, not isinstance(art, Scene)


def _frame(art: Scene | Film, u: float | jax.Array) -> Scene:
    scene = art if isinstance(art, Scene) else art(u)
    if not isinstance(scene, Scene):
        raise ArtError(f"a film's frame returned {kind_of(scene)}; return ga.scene(...)")
    return scene


def _extreme_heads(film: Film, heads: Sequence[float], page: Page) -> tuple[float, ...]:
    """The playheads of at most four frames, by which the film is as large as by all of them."""
    frames = trace(film)
    if frames.at(heads[0]).box is not None:
        return ()
    scale = fit((frames.at(u) for u in heads), page).scale
    ends = []
    for u in heads:
        extents = _extents([frames.at(u)])
        first, last = (np.asarray(part) for part in _reach(extents, scale))
        ends.append(np.concatenate([first, -last]))
    return tuple(sorted({heads[int(i)] for i in np.argmin(np.array(ends), 0)}))


def marks_of(scene: Scene) -> list[Mark]:
    """The marks of a scene, with those of the blocks of `many` in its place."""
    marks: list[Mark] = []
    for mark in scene.marks:
        if isinstance(mark.shape, Many):
            count = mark.shape.count
            for index in np.unique(np.linspace(0, count - 1, min(count, _BLOCKS)).astype(int)):
                marks += mark.shape.block(int(index))
        else:
            marks.append(mark)
    return marks


def _ink(mark: Mark) -> Iterator[Array]:
    for leaf in (mark.style.stroke, mark.style.width, mark.style.fill):
        if leaf is not None:
            yield leaf
    if isinstance(mark.shape, Dots):
        yield mark.shape.radius
    if isinstance(mark.shape, Raster):
        yield mark.shape.pixels


def _points(xp: ModuleType, mark: Mark, scale: Array, shift: Array) -> Array:
    """A mark's points in mm, as `gradart.rendering.layout.transform.place` has them, uncut."""
    flip = xp.array([1.0, -1.0])
    match mark.shape:
        case Dots(centers):
            return xp.asarray(centers)[:, None] * scale * flip + shift
        case Raster(_, box):
            (x0, y0), (x1, y1) = xp.asarray(box)
            corners = xp.stack([x0, y0, x1, y0, x1, y1, x0, y1]).reshape(1, 4, 2)
            return corners * scale * flip + shift
        case Beziers(points, _, anchor) if anchor is not None:
            return (xp.asarray(anchor) * scale + xp.asarray(points)) * flip + shift
        case Lines(points) | Beziers(points):
            return xp.asarray(points) * scale * flip + shift
        case Many():
            raise AssertionError("its blocks stand in its place")
        case _:
            assert_never(mark.shape)


# Of ink: places (n, 2) and the mm before or behind them, (n, 2); the first of it and the last.
_Extents = tuple[tuple[jax.Array, jax.Array], tuple[jax.Array, jax.Array]]


def _placement(scenes: Sequence[Scene], page: Page) -> tuple[jax.Array, jax.Array]:
    """The scale and the shift (2,) of `gradart.rendering.layout.page.fit`, differentiable.

    The ink that touches the margin is found first; held by that, scale and shift are formulas of
    its coordinates. Their derivative is right wherever no other ink is about to touch.
    """
    extents = _extents(scenes)
    room = jnp.array([page.width, page.height]) - 2 * page.margin
    scale = _scale(extents, room)
    first, last = _reach(extents, scale)
    middle = (first + last) / 2
    blank = ~jnp.isfinite(middle).all()
    center = jnp.array([page.width / 2, page.height / 2])
    dx, dy = center + jnp.where(blank, 0.0, middle) * jnp.array([-1.0, 1.0])
    return scale, jnp.stack([dx, dy])


def _extents(scenes: Iterable[Scene]) -> _Extents:
    parts = [part for scene in scenes for part in _scene_extents(scene)]
    none = jnp.full((1, 2), jnp.inf), jnp.zeros((1, 2))
    (a, b), (c, d) = (
        tuple(jnp.concatenate([sign * none[k]] + [part[side][k] for part in parts]) for k in (0, 1))
        for side, sign in ((0, 1), (1, -1))
    )
    return (a, b), (c, d)


def _scene_extents(scene: Scene) -> Iterator[_Extents]:
    if scene.box is not None:
        box = jnp.sort(jnp.asarray(scene.box, float), axis=0)
        yield (box[:1], jnp.zeros((1, 2))), (box[1:], jnp.zeros((1, 2)))
        return
    for mark in marks_of(scene):
        pen = jnp.zeros(())
        if mark.style.stroke is not None:
            pen = jnp.max(jnp.asarray(mark.style.width, float), initial=0.0) / 2
        shape = mark.shape
        if isinstance(shape, Dots):
            at = jnp.asarray(shape.centers)
            reach = jnp.broadcast_to((jnp.asarray(shape.radius) + pen)[..., None], at.shape)
            yield (_low(at), -reach), (-_low(-at), reach)
        elif isinstance(shape, Beziers) and shape.anchor is not None:
            points, foot = jnp.asarray(shape.points), jnp.asarray(shape.anchor)[None]
            yield (foot, _ends(points) - pen), (foot, -_ends(-points) + pen)
        else:
            assert not isinstance(shape, Many)
            points = jnp.asarray(shape.box if isinstance(shape, Raster) else shape.points)
            pads = jnp.broadcast_to(pen, (1, 2))
            yield (_ends(points), -pads), (-_ends(-points), pads)


def _low(points: jax.Array) -> jax.Array:
    """Points, at infinity where the pen lifts: no minimum is there."""
    return jnp.where(jnp.isnan(points).any(-1, keepdims=True), jnp.inf, points)


def _ends(points: jax.Array) -> jax.Array:
    return jnp.min(_low(points.reshape(-1, 2)), axis=0, initial=jnp.inf)[None]


def _reach(extents: _Extents, scale: jax.Array | float) -> tuple[jax.Array, jax.Array]:
    """Where the ink begins and where it ends at a scale, (2,) each, in mm from the origin."""
    (x, a), (y, b) = extents
    first, last = _touching(jax.lax.stop_gradient(extents), jax.lax.stop_gradient(scale))
    # By their places: the derivative of a minimum is NaN where one of the others is infinite.
    return scale * x[first, _AXES] + a[first, _AXES], scale * y[last, _AXES] + b[last, _AXES]


def _touching(extents: _Extents, scale: jax.Array | float) -> tuple[jax.Array, jax.Array]:
    """Which of the ink is the first and which is the last at a scale, (2,) each."""
    (x, a), (y, b) = extents
    return jnp.argmin(scale * x + a, axis=0), jnp.argmax(scale * y + b, axis=0)


def _scale(extents: _Extents, room: jax.Array) -> jax.Array:
    fixed = jax.lax.stop_gradient(extents)

    def held(places: tuple[jax.Array, jax.Array], parts: _Extents) -> jax.Array:
        """The scale of each axis at which these two bits of ink fill the room between them."""
        (x, a), (y, b) = parts
        first, last = places
        start, end = x[first, _AXES], y[last, _AXES]
        gap = end - start
        wide = gap > 1e-12 * jnp.maximum(jnp.abs(start), jnp.abs(end))
        free = room - (b[last, _AXES] - a[first, _AXES])
        return jnp.where(wide & (free > 0), free / jnp.where(wide, gap, 1.0), jnp.inf)

    (x, _), (y, _) = fixed
    size = jnp.max(y, axis=0) - jnp.min(x, axis=0)
    start = jnp.where(size > 0, room / jnp.where(size > 0, size, 1.0), 1.0)
    scale = jax.lax.fori_loop(
        0, _NEWTON, lambda _, now: jnp.minimum(now, held(_touching(fixed, now), fixed)), start
    )
    best = jnp.min(held(_touching(fixed, scale), extents))
    return jnp.where(jnp.isfinite(best), best, 1.0)


def placement_of(scenes: Sequence[Scene], page: Page) -> Placement:
    """The placement as `fit` gives it, by the formulas that are differentiated here."""
    scale, (dx, dy) = _placement(scenes, page)
    return Placement(float(scale), float(dx), float(dy))
