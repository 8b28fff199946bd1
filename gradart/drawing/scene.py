"""A scene: marks on paper. A frozen value and a pytree, so that a frame can be traced."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import jax
import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.drawing.shapes import Mark
from gradart.drawing.style import PAPER, ColorLike, Layer, color, numbers
from gradart.errors import ArtError
from gradart.scene_display import handed
from gradart.types import Array, Corners, Scalar


@dataclass(frozen=True)
class Scene:
    """Marks from back to front on paper, with the part of the drawing that the page shows.

    Made by `scene`. `marks` are a tuple, `paper` is a color (4,), `box` (2, 2) is what the page
    shows, if given, and all that it shows if `clip`. `options` are those of rendering, hashable,
    where a sketch has some. A frozen value and a pytree, so that a frame can be traced. One scene +
    another lays that over this.

    >>> ring = ga.scene(ga.circles((0, 0), 1))
    >>> len(ring.marks)
    1
    >>> ring + ga.scene(ga.dots((0, 0)))
    """

    marks: tuple[Mark, ...]
    paper: Array
    box: Array | None = None
    options: Hashable = None
    clip: bool = False

    def __add__(self, other: "Scene") -> "Scene":
        """Lay `other` over this scene, on this scene's paper; a box of both is their union."""
        if not isinstance(other, Scene):
            return NotImplemented
        box = _union(self.box, other.box)
        return Scene(self.marks + other.marks, self.paper, box, self.options, self.clip)

    def save(self, path: str | Path, **options: object) -> Path:
        """Save the scene to a file, as `render` does with the same options, and return its path.

        It lies on its sketch's page, or else on A4, in the format that the ending of `path` says.
        `options` are those of `render`, by name.

        >>> ga.scene(ga.lines([(0, 0), (1, 1)])).save("line.svg", page="a5", margin=10).name
        'line.svg'
        """
        return handed().save(self, path, **options)

    def __repr__(self) -> str:
        """How many marks there are: their numbers would fill a page."""
        return f"Scene({len(self.marks)} mark{'s'[: len(self.marks) != 1]})"

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        return handed().png(self)

    def _repr_svg_(self) -> str | None:
        """What a notebook shows instead where it can; None for a scene that is heavy as SVG."""
        return handed().svg(self)


jax.tree_util.register_dataclass(Scene, ["marks", "paper", "box"], ["options", "clip"])


Film = Callable[[Scalar], Scene]  # of the playhead u in [0, 1)
_PENS = 32767  # the largest number that every reader of HPGL takes
Drawable: TypeAlias = "Mark | Scene | Sequence[Drawable] | None"  # what a scene is made of


def _union(a: Array | None, b: Array | None) -> Array | None:
    if a is None or b is None:
        return a if b is None else b
    a, b = np.asarray(a), np.asarray(b)
    return np.stack([np.minimum(a[0], b[0]), np.maximum(a[1], b[1])])


def flat(item: Drawable) -> Iterator[Mark]:
    """The marks of nested lists, scenes and None, in order; ArtError for anything else in them."""
    match item:
        case None:
            return
        case Mark():
            yield item
        case Scene():
            yield from item.marks
        case list() | tuple():
            for part in item:
                yield from flat(part)
        case _:
            kind = type(item).__name__
            raise ArtError(
                f"a scene is made of marks, not of {kind}; wrap arrays in ga.lines(...),"
                " ga.dots(...), ga.polygons(...)"
            )


def scene(
    *marks: Drawable,
    paper: ColorLike = PAPER,
    box: Corners | None = None,
    clip: bool = False,
) -> Scene:
    """Lay marks on paper, the first at the back; nested lists, scenes and None are welcome.

    `marks` are what `lines`, `dots` and the others give, in lists as deep as you like. `paper` is a
    color. `box` = ((x0, y0), (x1, y1)) is the part of the drawing that fills the page inside its
    margin; without it the drawing is fitted. With `clip` nothing is drawn outside of the box:
    strokes and fills end at it in every format, and no pen leaves it. ArtError for what is no mark.

    >>> rings = [ga.circles((0, 0), r, width=0.2 * r) for r in range(1, 6)]
    >>> ga.scene(rings, ga.dots((0, 0)), paper="#fbfaf6")
    """
    corners = None
    if clip and box is None:
        raise ArtError("what is clipped is clipped to a box: ga.scene(..., box=..., clip=True)")
    if box is not None:
        corners = numbers(box, "box")
        if corners.shape != (2, 2):
            raise ArtError(f"box must be ((x0, y0), (x1, y1)), not of shape {corners.shape}")
    ground = color(paper)
    if ground.shape != (4,):
        raise ArtError(f"the paper has one color, not an array of shape {ground.shape}")
    return Scene(tuple(flat(list(marks))), ground, corners, clip=bool(clip))


def layer(number: int, *marks: Drawable, name: str = "") -> list[Mark]:
    """Marks for a numbered layer of an SVG file, as plotters and Inkscape have them: pen 2, say.

    `marks` are those of a scene, in lists as deep as you like. In SVG they make the layer `number`,
    from 1, whose label begins with that number and the `name`, and then tells the pen: "2 gold
    #b8860b 0.3 mm". All that is told to be in one layer is in it, whatever its pens; the marks that
    are told no layer have one a pen, under the numbers that are left. HPGL takes the number for the
    pen, `SP2`, and G-code and DXF tell both. Pictures, PDF and films stay as they are. ArtError for
    marks that are in another layer already.

    >>> t = jnp.linspace(0, 6.2832, 200)
    >>> gold = ga.lines(ga.point(ga.heart(), t), stroke="#b8860b")
    >>> ga.scene(ga.layer(2, gold, name="gold"), ga.layer(1, ga.circles((0, 0), 20)))
    """
    whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
    if not whole or not 1 <= number <= _PENS:
        raise ArtError(
            f"a layer has a number from 1 to {_PENS}, not {short(number)}: ga.layer(2, marks)"
        )
    if not isinstance(name, str) or not name.isprintable():
        raise ArtError(f"a layer's name is a text of one line, not {short(name)}")
    told = Layer(int(number), name)
    found = list(flat(list(marks)))
    for mark in found:
        if mark.style.layer not in (None, told):
            other = mark.style.layer.number
            raise ArtError(f"a mark is in layer {other} already; it cannot be in {number} too")
    return [replace(mark, style=replace(mark.style, layer=told)) for mark in found]
