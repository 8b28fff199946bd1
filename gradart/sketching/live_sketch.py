"""A sketch as a page computes it: its traced program, or a still at a few values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import jax
import numpy as np
from jax.extend.core import ClosedJaxpr

from gradart.drawing.color.palettes import NAMED, palette
from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Many
from gradart.drawing.style import color, hex_code
from gradart.errors import ArtError
from gradart.javascript.staged_equations import NEVER
from gradart.javascript.translation import untranslatable
from gradart.rendering.html.live_art import Choices, LiveArt, still
from gradart.rendering.html.page_types import ToldFixed, ToldInput
from gradart.rendering.options import RenderOptions
from gradart.sketching.lessons import lessons
from gradart.sketching.parameters import Parameter, checked, unknown
from gradart.sketching.sketch import Art, Sketch, check_seed, on_page
from gradart.sketching.traced_inputs import Fixed, Input, read_input
from gradart.sketching.traced_sketch import TracedSketch, traced
from gradart.sketching.value_texts import Value, as_plain

# Kinds of parameters that a page has a control for.
_SHOWN = {"float", "int", "bool", "color", "palette", "list", "key"}
_BESIDE = "it is fixed where another is offered at chosen values"
MOST = 5
ROOM = 300_000  # bytes of all variants together
_RATIOS = 0.5, 0.5**0.5, 1.0, 2**0.5, 2.0
_COUNTED = 20  # up to which a whole number is varied by one and two


@dataclass(frozen=True)
class Variant:
    """A still as it is drawn for another value of one of its parameters."""

    value: Value
    scene: Scene


def live_art(
    sketch: Sketch,
    options: RenderOptions,
    values: Mapping[str, object] | None = None,
    seed: int | None = None,
    made: Art | None = None,
) -> LiveArt | Choices | None:
    """What a page computes of a sketch; None if its marks are computed block by block.

    `made` is what it has drawn for these values, if it has. Where `options` name a parameter for
    `choices`, its scenes for a few values. ArtError where it has no such, and where a film's frame
    cannot be traced by its playhead.
    """
    if (name := options.get("choices")) is not None:
        return _choices(on_page(sketch, options), name, values or {}, seed)
    found = traced(on_page(sketch, options), values, seed, _refused, made)
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


def _told(each: Input, found: TracedSketch) -> ToldInput:
    """What a page is told of an input."""
    if each.parameter is None:
        return {"name": each.name, "kind": "key", "default": found.seed}
    told: ToldInput = {
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
        if bounds.step is not None:
            told["step"] = bounds.step
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


def _fixed(each: Fixed) -> ToldFixed:
    line = "" if each.line is None else f" (line {each.line})"
    return {"name": each.name, "value": as_plain(each.value), "why": each.why + line}


def variants(
    sketch: Sketch, name: str, values: Mapping[str, object] | None = None, seed: int | None = None
) -> tuple[Variant, ...]:
    """A still for a few values of the parameter `name`, the others having `values`.

    Of a bool, a choice or a number, its own value among them: at most five, nearby and within its
    bounds, in order. Together they have 300 kB at most, in numbers of four bytes; what is nearest
    to its own value comes first. None for a film, for other parameters, where its own value has no
    room, and where no other has. Values that the sketch refuses are left out.
    """
    chosen = checked(sketch.name, sketch.parameters, values or {})
    parameters = {p.name: p for p in sketch.parameters}
    if name not in parameters:
        raise unknown(name, parameters, sketch.name)
    nearby = _nearby(parameters[name], chosen[name])
    if chosen[name] not in nearby:
        return ()
    own = nearby.index(chosen[name])
    found: dict[int, Scene] = {}
    room = ROOM
    for place in sorted(range(len(nearby)), key=lambda place: abs(place - own)):
        try:
            art = sketch(seed=seed, **{**chosen, name: nearby[place]})
        except ArtError:
            art = None
        room -= _bytes(art) if isinstance(art, Scene) else 0
        if isinstance(art, Scene) and room >= 0 and not _streamed(art):
            found[place] = art
        elif place == own:
            return ()
        elif room < 0:
            break
    told = tuple(Variant(nearby[place], found[place]) for place in sorted(found))
    return told if len(told) > 1 else ()


def _nearby(parameter: Parameter, value: Value) -> list[Value]:
    """A few values of a parameter, in order, with the one that it has; none if it has no others."""
    if parameter.choices:
        return _some(list(parameter.choices), value)
    if parameter.type == "bool" and value is not None:
        return [False, True]
    if parameter.type not in ("int", "float") or not isinstance(value, int | float):
        return []
    now, bounds = value, parameter.bounds
    if parameter.type == "int" and abs(now) <= _COUNTED:
        numbers = [now + step for step in (-2, -1, 0, 1, 2)]
        numbers = [x for x in numbers if bounds or x >= min(now, 1)]  # none of a thing is nothing
    elif now:
        numbers = [now * ratio for ratio in _RATIOS]
    else:
        reach = min(bounds.high, -bounds.low) if bounds else 1.0
        numbers = [reach * share for share in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    even = round if parameter.type == "int" else _short
    numbers = [now if x == now else even(x) for x in numbers]
    if bounds:
        kind = int if parameter.type == "int" else float
        numbers = [kind(min(max(x, bounds.low), bounds.high)) for x in numbers]
    return [*sorted(set(numbers))]


def _short(x: float) -> float:
    """A number with three digits, to be read."""
    return float(f"{x:.3g}")


def _some(choices: list[Value], value: Value) -> list[Value]:
    """The choices that come around a value."""
    place = choices.index(value) if value in choices else 0
    start = max(0, min(place - MOST // 2, len(choices) - MOST))
    return choices[start : start + MOST]


def _bytes(scene: Scene) -> int:
    """How many bytes a scene has in numbers of four, without those that lift a pen."""
    return sum(4 * int(np.sum(~np.isnan(leaf))) for leaf in map(np.asarray, jax.tree.leaves(scene)))


def _streamed(scene: Scene) -> bool:
    """Whether there is more in a scene than it holds."""
    return any(isinstance(mark.shape, Many) for mark in scene.marks)
