"""Scenes as the page has them, but with their numbers in place of references to a program's."""

import base64
from dataclasses import asdict
from typing import assert_never

import numpy as np

from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Raster


def numbers(array):
    """An array as JSON: its shape, and its float64 in base64. None stays None."""
    if array is None:
        return None
    values = np.asarray(array, "<f8", order="C")
    return {"shape": values.shape, "float64": base64.b64encode(values.tobytes()).decode()}


def scene_json(scene):
    """A scene as JSON, marks in order."""
    marks = [mark_json(mark) for mark in scene.marks]
    told = {"paper": numbers(scene.paper), "box": numbers(scene.box), "clip": scene.clip}
    return told | {"marks": marks}


def mark_json(mark):
    style = mark.style
    if isinstance(mark.shape, Group):
        marks, mask, alpha = mark.shape.marks, mark.shape.mask, mark.shape.alpha
        return {
            "kind": "group",
            "marks": [*map(mark_json, marks)],
            "mask": None if mask is None else [*map(mark_json, mask)],
            "alpha": numbers(alpha),
            "mode": mark.shape.mode,
            "moves": True,
            "blend": asdict(style.blend),
            "layer": style.layer and asdict(style.layer),
        }
    gradient = style.gradient and {
        "kind": style.gradient.kind,
        "ends": numbers(style.gradient.ends),
        "stops": numbers(style.gradient.stops),
    }
    return {
        **_shape(mark.shape),
        "moves": True,
        "stroke": numbers(style.stroke),
        "fill": numbers(style.fill),
        "width": numbers(style.width),
        "blend": asdict(style.blend),
        "gradient": gradient,
        "layer": style.layer and asdict(style.layer),
    }


def _shape(shape):
    told = {"closed": False, "radius": None, "corners": None, "anchor": None}
    match shape:
        case Lines(points, closed):
            return {**told, "kind": "lines", "points": numbers(points), "closed": closed}
        case Beziers(points, closed, anchor):
            anchor = numbers(anchor)
            told |= {"points": numbers(points), "closed": closed, "anchor": anchor}
            return {**told, "kind": "beziers"}
        case Dots(centers, radius):
            return {**told, "kind": "dots", "points": numbers(centers), "radius": numbers(radius)}
        case Raster(pixels, box):
            return {**told, "kind": "raster", "points": numbers(pixels), "corners": numbers(box)}
        case Many() | Group():
            raise AssertionError("blocks made one by one are in no page, and groups are told above")
        case _:
            assert_never(shape)
