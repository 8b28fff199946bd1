"""A sketch as a page computes it: its traced program, and what is told of its parameters."""

from collections.abc import Mapping
from dataclasses import replace

import jax
from jax.extend.core import ClosedJaxpr

from gradart.drawing.color.palettes import NAMED, palette
from gradart.drawing.shapes import Many
from gradart.drawing.style import color, hex_code
from gradart.errors import ArtError
from gradart.javascript.staged_equations import NEVER
from gradart.javascript.translation import untranslatable
from gradart.rendering.html.live_art import Choices, LiveArt, still
from gradart.rendering.options import RenderOptions
from gradart.sketching.lessons import lessons
from gradart.sketching.parameters import Parameter, checked
from gradart.sketching.sketch import Sketch, check_seed, on_page
from gradart.sketching.traced_inputs import Fixed, Input, read_input
from gradart.sketching.traced_sketch import TracedSketch, traced
from gradart.sketching.value_texts import as_plain
from gradart.sketching.variants import variants

# Kinds of parameters that a page has a control for.
_SHOWN = {"float", "int", "bool", "color", "palette", "list", "key"}
_BESIDE = "it is fixed where another is offered at chosen values"


def live_art(
    sketch: Sketch,
    options: RenderOptions,
    values: Mapping[str, object] | None = None,
    seed: int | None = None,
) -> LiveArt | Choices | None:
    """What a page computes of a sketch; None if its marks are computed block by block.

    Where `options` name a parameter for `choices`, its scenes for a few values. ArtError where it
    has no such, and where a film's frame cannot be traced by its playhead.
    """
    if (name := options.get("choices")) is not None:
        return _choices(on_page(sketch, options), name, values or {}, seed)
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


def _choices(sketch: Sketch, name: str, values: Mapping[str, object], seed: int | None) -> Choices:
    """The scenes of a sketch for a few values of a parameter, all others being what they are."""
    found = variants(sketch, name, values, seed)
    if not found:
        raise ArtError(
            f"{sketch.name} has no choices of {name}: its scenes are too heavy for a page, or it is"
            " no number, switch or choice that has other values"
        )
    now = checked(sketch.name, sketch.parameters, values)
    fixed = []
    for each in sketch.parameters:
        if each.name != name:
            read = read_input(each, now[each.name])
            why = read.why if isinstance(read, Fixed) else _BESIDE
            fixed.append(Fixed(each.name, now[each.name], why))
    if sketch.takes_key:
        fixed.append(Fixed("key", check_seed(sketch.seed if seed is None else seed), _BESIDE))
    (parameter,) = (each for each in sketch.parameters if each.name == name)
    return Choices(
        name,
        parameter.help,
        [as_plain(each.value) for each in found],
        [each.scene for each in found],
        as_plain(now[name]),
        [_fixed(each) for each in fixed],
    )


def _refused(jaxpr: ClosedJaxpr) -> str | None:
    """Why a page cannot compute what inputs change; the last one is the playhead."""
    count = len(jaxpr.in_avals)
    return untranslatable(jaxpr, [0] * (count - 1) + [NEVER]) if count > 1 else None


def _is_shown(each: Input) -> bool:
    """Whether a page has a control for an input: lists, and lists in them, are of numbers."""
    if each.kind == "list":
        assert each.parameter is not None
        return all(part.type in ("float", "int") for part in _leaves(each.parameter))
    return each.kind in _SHOWN


def _leaves(parameter: Parameter) -> list[Parameter]:
    """What is said of the values of a list, and of those of the lists in it."""
    parts = parameter.parts
    return [one for part in parts for one in _leaves(part)] if parts else [parameter]


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
    if each.kind == "palette":
        known = _palettes(str(told["default"]))
        told |= {"options": list(known), "colors": known}
    bounds = each.parameter.bounds
    if each.kind == "list":
        parts = _leaves(each.parameter)
        told["whole"] = all(part.type == "int" for part in parts)
        same = all(part.bounds == parts[0].bounds for part in parts)
        bounds = parts[0].bounds if same else None
    if bounds is not None:
        told |= {"low": bounds.low, "high": bounds.high, "log": bounds.log}
        told |= {} if bounds.step is None else {"step": bounds.step}
    return told


def _palettes(now: str) -> dict[str, list[str]]:
    """The codes of a palette, and of those with a name that have as many colors."""
    found = {name: palette(name) for name in dict.fromkeys([now, *NAMED])}
    return {
        name: [hex_code(row, alpha=True) for row in (*known.colors, known.paper)]
        for name, known in found.items()
        if len(known) == len(found[now])
    }


def _plain(each: Input, found: TracedSketch) -> object:
    """The value of an input as JSON has it; a color as a code, since a page knows no names."""
    value = as_plain(found.values[each.name])
    if each.kind == "color" and not str(value).startswith("#"):
        return hex_code(color(str(value)), alpha=True)
    return value


def _fixed(each: Fixed) -> dict[str, object]:
    line = "" if each.line is None else f" (line {each.line})"
    return {"name": each.name, "value": as_plain(each.value), "why": each.why + line}
