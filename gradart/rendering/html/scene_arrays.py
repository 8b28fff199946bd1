"""A scene as arrays in an order, and what a page is told of it: which array is what."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any, assert_never

from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.drawing.style import Array, Gradient, Style
from gradart.errors import ArtError

Told = dict[str, Any]  # as JSON can
_Place = Callable[[Array | None], int | None]

_PLACES = ("points", "radius", "corners", "anchor", "stroke", "fill", "width")
_ELSEWHERE = "; leave it out for .html, or write .png, .svg, .pdf or a film"
_NONE: Told = {"closed": False, "radius": None, "corners": None, "anchor": None}


def scene_arrays(scene: Scene) -> tuple[Told, list[Array]]:
    """What a page is told of a scene's `paper`, `box` and `marks`, and the arrays of these.

    Told are the places that arrays have in the list, as `static/art.js` declares it. The arrays are
    not looked at, and may be traced. ArtError for groups and clipped scenes, which no page paints.
    """
    if scene.clip:
        raise ArtError(f"a page clips no scene to its box{_ELSEWHERE}")
    arrays: list[Array] = []

    def place(array: Array | None) -> int | None:
        if array is None:
            return None
        arrays.append(array)
        return len(arrays) - 1

    told: Told = {"paper": place(scene.paper), "box": place(scene.box)}
    told["marks"] = [_shape(mark, place) | _style(mark.style, place) for mark in _flat(scene)]
    return told, arrays


def with_motion(told: Told, moves: Sequence[bool]) -> Told:
    """What is told of a scene, and what of it moves: `moves` says it of each array."""

    def moving(*places: int | None) -> bool:
        return any(moves[place] for place in places if place is not None)

    def of_mark(mark: Told) -> Told:
        gradient = mark["gradient"] or {}
        places = [mark[name] for name in _PLACES] + [gradient.get(n) for n in ("ends", "stops")]
        return mark | {"moves": moving(*places)}

    return told | {
        "paperMoves": moving(told["paper"]),
        "boxMoves": moving(told["box"]),
        "marks": [of_mark(mark) for mark in told["marks"]],
    }


def _flat(scene: Scene) -> Iterator[Mark]:
    """The marks of a scene, those of its blocks one by one, each with the blend of its block."""
    for mark in scene.marks:
        if isinstance(mark.shape, Many):
            for number in range(mark.shape.count):
                for one in mark.shape.block(number):
                    yield replace(one, style=replace(one.style, blend=mark.style.blend))
        else:
            yield mark


def _shape(mark: Mark, place: _Place) -> Told:
    match mark.shape:
        case Lines(points, closed):
            return _NONE | {"kind": "lines", "points": place(points), "closed": closed}
        case Beziers(points, closed, anchor):
            around = {"closed": closed, "anchor": place(anchor)}
            return _NONE | {"kind": "beziers", "points": place(points)} | around
        case Dots(centers, radius):
            return _NONE | {"kind": "dots", "points": place(centers), "radius": place(radius)}
        case Raster(pixels, box):
            return _NONE | {"kind": "raster", "points": place(pixels), "corners": place(box)}
        case Group():
            raise ArtError(f"a page paints no group{_ELSEWHERE}")
        case Many():
            raise ValueError("a block among the marks of a block")
        case _:
            assert_never(mark.shape)


def _style(style: Style, place: _Place) -> Told:
    return {
        "stroke": place(style.stroke),
        "fill": place(style.fill),
        "width": place(style.width),
        "blend": asdict(style.blend),
        "gradient": None if style.gradient is None else _gradient(style.gradient, place),
        "layer": None if style.layer is None else asdict(style.layer),
    }


def _gradient(gradient: Gradient, place: _Place) -> Told:
    return {
        "kind": gradient.kind,
        "ends": place(gradient.ends),
        "stops": place(gradient.stops),
    }
