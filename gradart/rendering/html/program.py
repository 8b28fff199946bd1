"""Art as a program of a page: a traced function of what may be changed there, in JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import numpy as np
from jax.extend.core import ClosedJaxpr

from gradart.calculus.checks import warn
from gradart.calculus.jaxprs import parts
from gradart.errors import Untraceable
from gradart.javascript.runtime import with_runtime
from gradart.javascript.translation import translate
from gradart.rendering.html.data_blocks import number_blocks
from gradart.rendering.html.live_art import LiveArt, still
from gradart.rendering.html.scene_arrays import Told, scene_arrays, with_motion

_HEAVY = 1_500_000  # bytes of a page's arrays


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
    try:
        made = _translated(live)
    except Untraceable as error:
        if not live.inputs:
            raise
        warn(f"the page's parameters are fixed: {error}")
        return _translated(still(live, dict.fromkeys(_names(live), str(error))))
    return made if _size(made) <= _HEAVY or not live.inputs else _light(live)


def _light(live: LiveArt) -> Program:
    """The program with those inputs alive that hardly add to what it holds."""
    names = _names(live)
    base = _translated(still(live, dict.fromkeys(names, "")))
    most = max(_HEAVY, 1.2 * _size(base))
    heavy: dict[str, str] = {}
    for name in names:
        alone = still(live, {other: "" for other in names if other != name})
        if (size := _size(_translated(alone))) > most:
            heavy[name] = f"alive, it would make this page one of {size / 1e6:.0f} MB"
    return _translated(still(live, heavy))


def _names(live: LiveArt) -> list[str]:
    return [str(told["name"]) for told in live.inputs]


def _size(made: Program) -> int:
    """About how many bytes a page holds because of its arrays."""
    return len(number_blocks(made.constants))


def _translated(live: LiveArt) -> Program:
    places: Sequence[int] = range(live.tree.num_leaves)
    told, order = scene_arrays(jax.tree.unflatten(live.tree, places))
    jaxpr, consts = parts(live.jaxpr)
    results = [jaxpr.outvars[int(place)] for place in order]
    shown = ClosedJaxpr(jaxpr.replace(outvars=results), list(consts))
    with jax.enable_x64(True):
        translation = translate(shown, [0] * len(live.inputs) + [1])
    moves = [stage == 1 for stage in translation.output_stages]
    about: Told = {"inputs": list(live.inputs), "fixed": list(live.fixed)}
    told = with_motion(told, moves) | about
    return Program(told, with_runtime(translation), translation.constants)
