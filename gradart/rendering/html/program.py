"""Art as a program of a page: a traced function of what may be changed there, in JavaScript."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jax
import numpy as np
from jax.extend.core import ClosedJaxpr

from gradart.calculus.checks import warn
from gradart.calculus.jaxprs import parts
from gradart.errors import Untraceable
from gradart.javascript.runtime import with_runtime
from gradart.javascript.translation import translate
from gradart.rendering.html.live_art import LiveArt, still
from gradart.rendering.html.scene_arrays import Told, scene_arrays, with_motion


@dataclass(frozen=True)
class Program:
    """What `document` takes of art: what is told of its marks, its code, and its constants."""

    told: Told
    code: str
    constants: Sequence[np.ndarray]


def program(live: LiveArt) -> Program:
    """The program of traced art: what parameters change first, then what the playhead does.

    Where what a parameter changes has no translation, all are fixed, and a warning says why. Raises
    Untraceable, with the artist's line, for what has none and moves with the playhead.
    """
    try:
        return _translated(live)
    except Untraceable as error:
        if not live.inputs:
            raise
        warn(f"the page's parameters are fixed: {error}")
        return _translated(still(live, {str(t["name"]): str(error) for t in live.inputs}))


def _translated(live: LiveArt) -> Program:
    places: Sequence[int] = range(live.tree.num_leaves)
    told, order = scene_arrays(jax.tree.unflatten(live.tree, places))
    jaxpr, consts = parts(live.jaxpr)
    results = [jaxpr.outvars[int(place)] for place in order]
    shown = ClosedJaxpr(jaxpr.replace(outvars=results), list(consts))
    with jax.enable_x64(True):
        translation = translate(shown, [0] * len(live.inputs) + [1])
    moves = [stage == 1 for stage in translation.output_stages]
    about: Mapping[str, object] = {"inputs": list(live.inputs), "fixed": list(live.fixed)}
    told = with_motion(told, moves) | about
    return Program(told, with_runtime(translation), translation.constants)
