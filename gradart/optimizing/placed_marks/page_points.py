"""What a sketch draws, in mm on its page, as a function of a vector of its numbers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import NamedTuple, assert_never

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from gradart.drawing.scene import Film, Scene
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.optimizing.placed_marks.marks_in_mm import (
    flat,
    heads_at_margin,
    laid_on_page,
    numbers_on_page,
    placed_at,
)
from gradart.optimizing.placed_marks.varied_numbers import Coordinate, inserted, numbers
from gradart.rendering.film.tracing import scene_at
from gradart.rendering.layout.page import Page, fit
from gradart.rendering.render import sheet_for
from gradart.sketching.numbers_in_texts import formatting_present_values
from gradart.sketching.sketch import Sketch
from gradart.types import Array

_BLOCKS = 16  # of `many`, as many as are looked at: evenly spread over all of them


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
    `ahead` computes what the numbers have no part in while JAX traces the rest, so that the sketch
    may count with it. `texts` are what it shows where a text tells a number that JAX traces. With a
    `placement`, scale, dx and dy (3,), it lies so, and is not fitted to the page. `made` holds some
    values and what the sketch has made of them: it need not be called with these again.
    """

    sketch: Sketch
    coordinates: tuple[Coordinate, ...]
    values: Mapping[str, object]
    seed: int
    page: Page
    heads: tuple[float, ...]
    ahead: bool = False
    texts: tuple[str, ...] = ()
    placement: Array | None = field(default=None, compare=False)
    made: tuple[Mapping[str, object], Scene | Film] | None = field(
        default=None, repr=False, compare=False
    )

    def __call__(
        self,
        vector: jax.Array | np.ndarray,
        u: float | jax.Array = 0.0,
        placement: Array | None = None,
    ) -> Drawn:
        """What is drawn with these numbers (k,). Raises what the sketch raises.

        `placement` is another one than its own.
        """
        return self.with_marks(vector, u, placement)[1]

    def with_marks(
        self,
        vector: jax.Array | np.ndarray,
        u: float | jax.Array = 0.0,
        placement: Array | None = None,
    ) -> tuple[tuple[Mark, ...], Drawn]:
        """The same, and the marks that the points are those of, in the artist's coordinates."""
        early = jax.ensure_compile_time_eval() if self.ahead else nullcontext()
        with formatting_present_values(written=self.texts), early:
            return self._drawn(vector, u, placement)

    def numbers_in_texts(self, vector: jax.Array) -> list[tuple[jax.Array, str]]:
        """The numbers that texts tell, in turn, and their forms, where JAX traces the vector."""
        found: list[tuple[jax.Array, str]] = []
        early = jax.ensure_compile_time_eval() if self.ahead else nullcontext()
        with formatting_present_values(asked=found), early:
            self._drawn(vector, 0.0, None)
        return found

    def _drawn(
        self, vector: jax.Array | np.ndarray, u: float | jax.Array, placement: Array | None
    ) -> tuple[tuple[Mark, ...], Drawn]:
        art = self._art(vector)
        whole = scene_at(art, u)
        scene = _some_blocks(whole)
        placement = self.placement if placement is None else placement
        traced = any(isinstance(x, Tracer) for x in jax.tree_util.tree_leaves((scene, vector)))
        if placement is not None:
            laid = placed_at(scene, placement)
        else:
            if scene.box is None and self.heads:
                fitted = [_some_blocks(scene_at(art, head), reach=True) for head in self.heads]
            else:  # its blocks are computed once, and may be all that takes long
                fitted = [_some_blocks(whole, reach=True) if _masked(whole.marks) else scene]
            laid = (laid_on_page if traced else numbers_on_page)(scene, fitted, self.page)
        ink = (scene.paper, *(leaf for mark in scene.marks for leaf in _ink(mark)))
        plain = jnp.asarray if traced else np.asarray
        return scene.marks, Drawn(tuple(map(_rows, laid)), tuple(map(plain, ink)))

    def fitted(self, u: float) -> np.ndarray:
        """How the drawing of its own values lies on the page: its scale, dx and dy, (3,)."""
        art = self._art(self.vector)
        scene = scene_at(art, u)
        several = self.heads if scene.box is None else ()
        found = fit([scene_at(art, head) for head in several] or [scene], self.page)
        return np.array([found.scale, found.dx, found.dy])

    def marks(self, vector: np.ndarray, u: float) -> tuple[Mark, ...]:
        """The marks that the points are those of, in the artist's coordinates."""
        return self.scene(vector, u).marks

    def whole(self, vector: np.ndarray, u: float) -> bool:
        """Whether the points are those of all that is drawn, and all that is drawn has points."""
        scene = scene_at(self._art(vector), u)
        others = Raster | Many | Group
        return not (scene.clip or any(isinstance(mark.shape, others) for mark in scene.marks))

    def scene(self, vector: np.ndarray, u: float) -> Scene:
        """The scene that holds these marks."""
        return _some_blocks(scene_at(self._art(vector), u))

    def _art(self, vector: jax.Array | np.ndarray) -> Scene | Film:
        if self.made is not None and self.is_made(vector):
            return self.made[1]
        return self.sketch(seed=self.seed, **inserted(self.coordinates, vector, self.values))

    def is_made(self, vector: jax.Array | np.ndarray) -> bool:
        """Whether the sketch need not be called with these numbers."""
        if self.made is None or isinstance(vector, Tracer):
            return False
        return self.made[0] is self.values and np.array_equal(vector, self.vector)

    @property
    def vector(self) -> np.ndarray:
        """The numbers (k,) that its own values have."""
        return numbers(self.coordinates, self.values)


def page_points(
    sketch: Sketch, found: Sequence[Coordinate], values: Mapping[str, object], seed: int
) -> tuple[PagePoints, bool]:
    """The points of a sketch on the page that it is meant for, and whether it is a film."""
    page = sheet_for(sketch.options)
    art = sketch(seed=seed, **dict(values))
    heads = heads_at_margin(art, sketch, page)
    own = dict(values)
    points = PagePoints(sketch, tuple(found), own, seed, page, heads, made=(own, art))
    return points, not isinstance(art, Scene)


def _some_blocks(scene: Scene, *, reach: bool = False) -> Scene:
    """A scene with the marks of blocks of `many` in its place: of some, if there are many.

    The marks of groups are in their place too; for the scene's `reach` those of their masks.
    """
    return replace(scene, marks=tuple(flat(scene.marks, _BLOCKS, reach=reach)))


def _masked(marks: Sequence[Mark]) -> bool:
    """Whether a group among the marks reaches as far as its mask does."""
    groups = [mark.shape for mark in marks if isinstance(mark.shape, Group)]
    return any(group.mask is not None or _masked(group.marks) for group in groups)


def _ink(mark: Mark) -> Iterator[Array]:
    for leaf in (mark.style.stroke, mark.style.width, mark.style.fill):
        if leaf is not None:
            yield leaf
    if isinstance(mark.shape, Dots):
        yield mark.shape.radius
    if isinstance(mark.shape, Raster):
        yield mark.shape.pixels


def inked(marks: Sequence[Mark], ink: Sequence[Array]) -> tuple[Mark, ...]:
    """Marks with other `ink`, as what is drawn has it: widths, radii and colors."""
    leaves = iter(ink[1:])  # the first is the paper's
    found = []
    for mark in marks:
        shape, style = mark.shape, mark.style
        stroke = None if style.stroke is None else next(leaves)
        width = next(leaves)
        fill = None if style.fill is None else next(leaves)
        if isinstance(shape, Dots):
            shape = replace(shape, radius=next(leaves))
        if isinstance(shape, Raster):
            shape = replace(shape, pixels=next(leaves))
        found.append(Mark(shape, replace(style, stroke=stroke, width=width, fill=fill)))
    return tuple(found)


def _rows(mark: Mark) -> Array:
    """Points as paths (n, m, 2): a dot is a path of one point, a picture its four corners."""
    match mark.shape:
        case Dots(centers):
            return centers[:, None]
        case Raster(_, box):
            return box[[[0, 0], [1, 0], [1, 1], [0, 1]], [0, 1]][None]
        case Many() | Group():
            raise AssertionError("its marks stand in its place")
        case Lines(points) | Beziers(points):
            return points
        case _:
            assert_never(mark.shape)
