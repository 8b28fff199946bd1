"""Art as a program of a page: a traced function of what may be changed there, in JavaScript."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from gzip import compress
from typing import TypeAlias

import jax
import numpy as np
from jax.extend.core import ClosedJaxpr, Var
from jax.typing import ArrayLike

from gradart.calculus.programs.jaxprs import parts
from gradart.errors import Untraceable, warn
from gradart.javascript.modules import with_runtime
from gradart.javascript.staged_equations import (
    NEVER,
    Equations,
    as_numbers,
    flat,
    values_of,
    with_values,
)
from gradart.javascript.translation import Translation, held, translated
from gradart.rendering.html.array_packing import in_colors, in_levels, in_steps, packed
from gradart.rendering.html.byte_text import BYTES
from gradart.rendering.html.live_art import LiveArt, still
from gradart.rendering.html.scene_arrays import Told, scene_arrays, with_motion

_HEAVY = 1_500_000  # bytes of a page's arrays
Rounded: TypeAlias = Mapping[int, Callable[[np.ndarray], np.ndarray]]  # results, by their places


@dataclass(frozen=True)
class Program:
    """What `document` takes of art: what is told of its marks, its code, and its constants."""

    told: Told
    code: str
    constants: Sequence[np.ndarray]


def program(live: LiveArt) -> Program:
    """The program of traced art: what parameters change first, then what the playhead does.

    Where what a parameter changes has no translation, all are fixed, and a warning says why; where
    it makes a file heavy, that one is. Raises Untraceable, with the artist's line, for what has no
    translation and moves with the playhead.
    """
    places: Sequence[int] = range(live.tree.num_leaves)
    told, order = scene_arrays(jax.tree.unflatten(live.tree, places))
    jaxpr, consts = parts(live.jaxpr)
    shown = jaxpr.replace(outvars=[jaxpr.outvars[int(place)] for place in order])
    rounded = _rounded(told["marks"])
    with jax.enable_x64(True):
        equations = with_values(flat(ClosedJaxpr(shown, list(consts))), live.now)
        try:
            fixed = _heavy(live, equations, rounded)
            translation = _translated(equations, _stages(live, fixed), rounded)
        except Untraceable as error:
            if not live.inputs:
                raise
            warn(f"the page's parameters are fixed: {error}")
            fixed = dict.fromkeys(_names(live), str(error))
            translation = _translated(equations, _stages(live, fixed), rounded)
    now = still(live, fixed)
    moves = [stage == 1 for stage in translation.output_stages]
    about: Told = {"inputs": list(now.inputs), "fixed": list(now.fixed)}
    told = with_motion(told, moves) | about
    return Program(told, with_runtime(translation), translation.constants)


def _rounded(marks: Sequence[Told]) -> Rounded:
    """How those results are rounded that are colors or pixels."""
    colors = [mark.get(name) for mark in marks for name in ("stroke", "fill")]
    pixels = [mark["points"] for mark in marks if mark["kind"] == "raster"]
    some: Rounded = dict.fromkeys((k for k in colors if k is not None), in_colors)
    return {**some, **dict.fromkeys(pixels, in_levels)}


def _names(live: LiveArt) -> list[str]:
    return [str(told["name"]) for told in live.inputs]


def _stages(live: LiveArt, fixed: Collection[str]) -> list[int]:
    """When each input is told, the playhead last: those that are fixed never."""
    return [NEVER if name in fixed else 0 for name in _names(live)] + [1]


def _held(equations: Equations, some: Mapping[Var, bool], rounded: Rounded) -> dict[Var, ArrayLike]:
    """What a page holds of values that never change, rounded where nothing is computed with them.

    Pixels are anyway, as those are of every picture.
    """
    results = equations.results
    how = {v: how for k, how in rounded.items() if isinstance(v := results[k], Var)}

    def told(v: Var, value: ArrayLike) -> ArrayLike:
        if some[v] or how.get(v) is in_levels:
            return how.get(v, in_steps)(as_numbers(value))
        return value

    return {v: told(v, value) for v, value in values_of(equations, list(some)).items()}


def _translated(equations: Equations, of_inputs: Sequence[int], rounded: Rounded) -> Translation:
    values = _held(equations, held(equations, of_inputs), rounded)
    return translated(replace(equations, known={**equations.known, **values}), of_inputs)


def _heavy(live: LiveArt, equations: Equations, rounded: Rounded) -> Mapping[str, str]:
    """Those inputs that would make a page heavy, each with that as the reason why it is fixed."""
    names = _names(live)
    everything = held(equations, _stages(live, ()))
    sizes: dict[tuple[Var, bool], int] = {}

    def size(some: Mapping[Var, bool]) -> int:
        """About how many bytes a page holds because of arrays."""
        unknown = {v: drawn for v, drawn in some.items() if (v, drawn) not in sizes}
        for variable, value in _held(equations, unknown, rounded).items():
            sizes[variable, some[variable]] = _bytes(value)
        return sum(sizes[each] for each in some.items())

    if not names or size(everything) <= _HEAVY:
        return {}
    base = held(equations, _stages(live, names))
    alone = {n: held(equations, _stages(live, {*names} - {n})) for n in names}
    values_of(equations, [v for some in (base, *alone.values()) for v in some])  # all at once
    most = max(_HEAVY, 1.2 * size(base))
    found = {name: size(some) for name, some in alone.items()}
    return {
        name: f"alive, it would make this page one of {bytes_ / 1e6:.0f} MB"
        for name, bytes_ in found.items()
        if bytes_ > most
    }


def _bytes(value: ArrayLike) -> int:
    return round(BYTES * len(compress(packed(as_numbers(value)).data, 6)))
