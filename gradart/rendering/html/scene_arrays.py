"""A scene as arrays in an order, and what a page is told of it: which array is what."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, assert_never, get_args

from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.drawing.style import Gradient, Style
from gradart.rendering.html.page_types import (
    ToldBesides,
    ToldBlend,
    ToldFixed,
    ToldGradient,
    ToldGroup,
    ToldInput,
    ToldLayer,
    ToldMark,
    ToldProgram,
    ToldScene,
    ToldShape,
)
from gradart.types import Array

_Kind = Literal["lines", "beziers", "dots", "raster"]
_Name = Literal["points", "radius", "corners", "anchor", "stroke", "fill", "width"]
_Place = Callable[[Array | None], int | None]

_PLACES: tuple[_Name, ...] = get_args(_Name)


def scene_arrays(scene: Scene, first: int = 0) -> tuple[ToldScene, list[Array]]:
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

    told: ToldScene = {
        "paper": place(scene.paper),
        "box": place(scene.box),
        "clip": scene.clip,
        "marks": _marks(scene.marks, place),
    }
    return told, arrays


def with_motion(told: ToldScene, moves: Sequence[bool]) -> ToldScene:
    """What is told of a scene, and what of it moves: `moves` says it of each array."""

    def moving(*places: int | None) -> bool:
        return any(moves[place] for place in places if place is not None)

    def of_mark(mark: ToldMark) -> ToldMark:
        if mark["kind"] == "group":
            inside = [of_mark(part) for part in mark["marks"]]
            mask = mark["mask"] and [of_mark(part) for part in mark["mask"]]
            moves = moving(mark["alpha"]) or any(part["moves"] for part in [*inside, *(mask or [])])
            return {**mark, "moves": moves, "marks": inside, "mask": mask}
        gradient = mark["gradient"]
        colors = (gradient["ends"], gradient["stops"]) if gradient else ()
        return {**mark, "moves": moving(*(mark[name] for name in _PLACES), *colors)}

    return {
        **told,
        "paperMoves": moving(told["paper"]),
        "boxMoves": moving(told["box"]),
        "marks": [of_mark(mark) for mark in told["marks"]],
    }


def with_parameters(
    scene: ToldScene,
    inputs: Sequence[ToldInput],
    fixed: Sequence[ToldFixed],
    scenes: Sequence[ToldScene] = (),
) -> ToldProgram:
    """What is told of a scene with what moves of it, and of parameters; `scenes` of a choice."""
    besides: ToldBesides = {"scenes": [*scenes]} if scenes else {}
    return {
        "paper": scene["paper"],
        "box": scene["box"],
        "clip": scene["clip"],
        "marks": scene["marks"],
        "paperMoves": scene["paperMoves"],
        "boxMoves": scene["boxMoves"],
        **besides,
        "inputs": [*inputs],
        "fixed": [*fixed],
    }


def every_mark(marks: Iterable[ToldMark]) -> Iterator[ToldMark]:
    """What is told of marks, and of those in groups and masks."""
    for mark in marks:
        yield mark
        if mark["kind"] == "group":
            yield from every_mark([*mark["marks"], *(mark["mask"] or [])])


def _marks(marks: Iterable[Mark], place: _Place) -> list[ToldMark]:
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


def _mark(mark: Mark, place: _Place) -> ToldMark:
    kind: _Kind
    closed, radius, corners, anchor = False, None, None, None
    match mark.shape:
        case Group():
            return _group(mark.shape, mark.style, place)
        case Lines():
            kind, closed = "lines", mark.shape.closed
            points = place(mark.shape.points)
        case Beziers():
            kind, closed, anchor = "beziers", mark.shape.closed, place(mark.shape.anchor)
            points = place(mark.shape.points)
        case Dots():
            kind = "dots"
            points, radius = place(mark.shape.centers), place(mark.shape.radius)
        case Raster():
            kind = "raster"
            points, corners = place(mark.shape.pixels), place(mark.shape.box)
        case Many():
            raise ValueError("a block among the marks of a block")
        case _:
            assert_never(mark.shape)
    style = mark.style
    told: ToldShape = {
        "closed": closed,
        "radius": radius,
        "corners": corners,
        "anchor": anchor,
        "kind": kind,
        "points": points,
        "blend": _blend(style),
        "layer": _layer(style),
        "stroke": place(style.stroke),
        "fill": place(style.fill),
        "width": place(style.width),
        "gradient": None if style.gradient is None else _gradient(style.gradient, place),
    }
    return told


def _group(group: Group, style: Style, place: _Place) -> ToldGroup:
    return {
        "blend": _blend(style),
        "layer": _layer(style),
        "kind": "group",
        "marks": _marks(group.marks, place),
        "mask": None if group.mask is None else _marks(group.mask, place),
        "alpha": place(group.alpha),
        "mode": group.mode,
    }


def _blend(style: Style) -> ToldBlend:
    blend = style.blend
    return {"kind": blend.kind, "exposure": blend.exposure, "embed": blend.embed}


def _layer(style: Style) -> ToldLayer | None:
    layer = style.layer
    return None if layer is None else {"number": layer.number, "name": layer.name}


def _gradient(gradient: Gradient, place: _Place) -> ToldGradient:
    return {
        "kind": gradient.kind,
        "ends": place(gradient.ends),
        "stops": place(gradient.stops),
    }
