"""A still at a few values of one parameter, computed beforehand where no program can follow it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import jax
import numpy as np

from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Many
from gradart.errors import ArtError
from gradart.sketching.parameters import Parameter, checked, unknown
from gradart.sketching.sketch import Sketch
from gradart.sketching.value_texts import Value

MOST = 5
ROOM = 300_000  # bytes of all variants together
_RATIOS = 0.5, 0.5**0.5, 1.0, 2**0.5, 2.0
_COUNTED = 20  # up to which a whole number is varied by one and two


@dataclass(frozen=True)
class Variant:
    """A still as it is drawn for another value of one of its parameters."""

    value: Value
    scene: Scene


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
    if parameter.type not in ("int", "float") or value is None:
        return []
    now, bounds = cast(float, value), parameter.bounds
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
    return cast("list[Value]", sorted(set(numbers)))


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
