"""A scene as arrays in an order, and what a page is told of it: which array is what."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any, assert_never

from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.drawing.style import Gradient, Style
from gradart.types import Array

Told = dict[str, Any]  # as JSON can
_Place = Callable[[Array | None], int | None]

_PLACES = ("points", "radius", "corners", "anchor", "stroke", "fill", "width")
_NONE: Told = {"closed": False, "radius": None, "corners": None, "anchor": None}


def scene_arrays(scene: Scene, first: int = 0) -> tuple[Told, list[Array]]:
    """What a page is told of a scene's `paper`, `box`, `clip` and `marks`, and their arrays.

    Told are the places that arrays have in the list, as `static/art.js` declares it, counted from
    `first`. The arrays are not looked at, and may be traced.
    """
    arrays: list[Array] = []

    def place(array: Array | None) -> int | None:
        if array is None:
            return None
        arrays.append(array)
        return first + len(arrays) - 1

    told: Told = {"paper": place(scene.paper), "box": place(scene.box), "clip": scene.clip}
    told["marks"] = _marks(scene.marks, place)
    return told, arrays


def with_motion(told: Told, moves: Sequence[bool]) -> Told:
    """What is told of a scene, and what of it moves: `moves` says it of each array."""

    def moving(*places: int | None) -> bool:
        return any(moves[place] for place in places if place is not None)

    def of_mark(mark: Told) -> Told:
        if mark["kind"] == "group":
            inside = [of_mark(part) for part in mark["marks"]]
            mask = mark["mask"] and [of_mark(part) for part in mark["mask"]]
            moves = moving(mark["alpha"]) or any(part["moves"] for part in [*inside, *(mask or [])])
            return mark | {"moves": moves, "marks": inside, "mask": mask}
        gradient = mark["gradient"] or {}
        places = [mark[name] for name in _PLACES] + [gradient.get(n) for n in ("ends", "stops")]
        return mark | {"moves": moving(*places)}

    return told | {
        "paperMoves": moving(told["paper"]),
        "boxMoves": moving(told["box"]),
        "marks": [of_mark(mark) for mark in told["marks"]],
    }


def every_mark(marks: Iterable[Told]) -> Iterator[Told]:
    """What is told of marks, and of those in groups and masks."""
    for mark in marks:
        yield mark
        if mark["kind"] == "group":
            yield from every_mark([*mark["marks"], *(mark["mask"] or [])])


def _marks(marks: Iterable[Mark], place: _Place) -> list[Told]:
    return [_mark(mark, place) for mark in _flat(marks)]


def _flat(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Marks, those of blocks one by one, each with the blend of its block."""
    for mark in marks:
        if isinstance(mark.shape, Many):
            for number in range(mark.shape.count):
                for one in mark.shape.block(number):
                    yield replace(one, style=replace(one.style, blend=mark.style.blend))
        else:
            yield mark


def _mark(mark: Mark, place: _Place) -> Told:
    style = mark.style
    told: Told
    match mark.shape:
        case Group(marks, mask, alpha, mode):
            return _meeting(style) | {
                "kind": "group",
                "marks": _marks(marks, place),
                "mask": None if mask is None else _marks(mask, place),
                "alpha": place(alpha),
                "mode": mode,
            }
        case Lines(points, closed):
            told = {"kind": "lines", "points": place(points), "closed": closed}
        case Beziers(points, closed, anchor):
            around = {"closed": closed, "anchor": place(anchor)}
            told = {"kind": "beziers", "points": place(points)} | around
        case Dots(centers, radius):
            told = {"kind": "dots", "points": place(centers), "radius": place(radius)}
        case Raster(pixels, box):
            told = {"kind": "raster", "points": place(pixels), "corners": place(box)}
        case Many():
            raise ValueError("a block among the marks of a block")
        case _:
            assert_never(mark.shape)
    return _NONE | told | _style(style, place)


def _meeting(style: Style) -> Told:
    """How a mark meets those below it, and the layer that it is in."""
    return {
        "blend": asdict(style.blend),
        "layer": None if style.layer is None else asdict(style.layer),
    }


def _style(style: Style, place: _Place) -> Told:
    return _meeting(style) | {
        "stroke": place(style.stroke),
        "fill": place(style.fill),
        "width": place(style.width),
        "gradient": None if style.gradient is None else _gradient(style.gradient, place),
    }


def _gradient(gradient: Gradient, place: _Place) -> Told:
    return {
        "kind": gradient.kind,
        "ends": place(gradient.ends),
        "stops": place(gradient.stops),
    }
