"""A sketch as a page computes it: its traced program, and what is told of its parameters."""

from collections.abc import Mapping
from dataclasses import replace

import jax
from jax.extend.core import ClosedJaxpr

from gradart.drawing.shapes import Many
from gradart.drawing.style import color
from gradart.javascript.equations import NEVER
from gradart.javascript.translation import untranslatable
from gradart.rendering.html.live_art import LiveArt, still
from gradart.rendering.options import RenderOptions
from gradart.sketching.lessons import lessons
from gradart.sketching.sketch import Sketch, on_page
from gradart.sketching.traced_inputs import Fixed, Input
from gradart.sketching.traced_sketch import TracedSketch, traced
from gradart.sketching.values import as_plain

# Kinds of parameters that a page has a control for.
_SHOWN = {"float", "int", "bool", "color", "list", "key"}


def live_art(
    sketch: Sketch,
    options: RenderOptions,
    values: Mapping[str, object] | None = None,
    seed: int | None = None,
) -> LiveArt | None:
    """What a page computes of a sketch; None if its marks are computed block by block.

    ArtError where a film's frame cannot be traced by its playhead.
    """
    found = traced(on_page(sketch, options), values, seed, _refused)
    marks = jax.tree.unflatten(found.tree, range(found.tree.num_leaves)).marks
    if any(isinstance(mark.shape, Many) for mark in marks):
        return None
    live = LiveArt(
        found.jaxpr,
        found.tree,
        [_told(each, found) for each in found.inputs],
        [_fixed(each) for each in found.fixed],
        [each.now for each in found.inputs],
    )
    if options.get("inspect"):
        told = [_told(each, found) if _is_shown(each) else None for each in found.inputs]
        live = replace(live, lessons=lessons(found, told))
    why = "its control is not there in a page"
    return still(live, {each.name: why for each in found.inputs if not _is_shown(each)})


def _refused(jaxpr: ClosedJaxpr) -> str | None:
    """Why a page cannot compute what inputs change; the last one is the playhead."""
    count = len(jaxpr.in_avals)
    return untranslatable(jaxpr, [0] * (count - 1) + [NEVER]) if count > 1 else None


def _is_shown(each: Input) -> bool:
    """Whether a page has a control for an input: lists are of numbers."""
    if each.kind == "list":
        assert each.parameter is not None
        return all(part.type in ("float", "int") for part in each.parameter.parts)
    return each.kind in _SHOWN


def _told(each: Input, found: TracedSketch) -> dict[str, object]:
    """What a page is told of an input."""
    if each.parameter is None:
        return {"name": each.name, "kind": "key", "default": found.seed}
    told: dict[str, object] = {
        "name": each.name,
        "kind": each.kind,
        "default": _plain(each, found),
        "words": each.parameter.help,
    }
    bounds = each.parameter.bounds
    if each.kind == "list":
        parts = each.parameter.parts
        told["whole"] = all(part.type == "int" for part in parts)
        same = all(part.bounds == parts[0].bounds for part in parts)
        bounds = parts[0].bounds if same else None
    if bounds is not None:
        told |= {"low": bounds.low, "high": bounds.high, "log": bounds.log}
    return told


def _plain(each: Input, found: TracedSketch) -> object:
    """The value of an input as JSON has it; a color as a code, since a page knows no names."""
    value = as_plain(found.values[each.name])
    if each.kind == "color" and not str(value).startswith("#"):
        from matplotlib.colors import to_hex

        red, green, blue, alpha = map(float, color(str(value)))
        return to_hex((red, green, blue, alpha), keep_alpha=True)
    return value


def _fixed(each: Fixed) -> dict[str, object]:
    line = "" if each.line is None else f" (line {each.line})"
    return {"name": each.name, "value": as_plain(each.value), "why": each.why + line}
