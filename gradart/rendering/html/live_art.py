"""Art as a page is to compute it: traced, with what is told of its parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jax.extend.core import ClosedJaxpr
from jax.tree_util import PyTreeDef
from jax.typing import ArrayLike

from gradart.calculus.programs.jaxprs import parts
from gradart.drawing.scene import Scene
from gradart.rendering.html.lessons import Lessons
from gradart.rendering.html.page_types import ToldFixed, ToldInput


@dataclass(frozen=True)
class LiveArt:
    """Art that a page computes: `jaxpr` takes a value for each of `inputs`, and the playhead.

    Its results are the leaves of a scene, which `tree` puts together. `inputs` and `fixed` are what
    a page is told of the parameters that are alive and of those that are not, as `static/art.js`
    declares them; `now` are the values that the inputs have at first. `lessons` is what may be
    looked at by hand, where that is asked for.
    """

    jaxpr: ClosedJaxpr
    tree: PyTreeDef
    inputs: Sequence[ToldInput] = ()
    fixed: Sequence[ToldFixed] = ()
    now: Sequence[ArrayLike] = ()
    lessons: Lessons | None = None


@dataclass(frozen=True)
class Choices:
    """A still for a few values of its parameter `name`, each computed beforehand.

    `scenes` are those of the `values`, `now` is the one that the art has, and `words` say what the
    parameter is. `fixed` is what a page is told of all others, as `LiveArt` has it.
    """

    name: str
    words: str
    values: Sequence[object]
    scenes: Sequence[Scene]
    now: object
    fixed: Sequence[ToldFixed] = ()


def still(live: LiveArt, names: Mapping[str, str]) -> LiveArt:
    """The same with some inputs fixed at what they are, by name; each with the reason why."""
    kept = [told["name"] not in names for told in live.inputs]
    values = [x for x, stays in zip(live.now, kept, strict=True) if not stays]
    told = [t for t, stays in zip(live.inputs, kept, strict=True) if not stays]
    now = {t["name"]: x for t, x in zip(live.inputs, live.now, strict=True)}
    fixed: list[ToldFixed] = [
        {"name": t["name"], "value": t["default"], "why": names[t["name"]]} for t in told
    ]
    return LiveArt(
        bound(live.jaxpr, [*kept, True], values),
        live.tree,
        [t for t, stays in zip(live.inputs, kept, strict=True) if stays],
        [*live.fixed, *fixed],
        [x for x, stays in zip(live.now, kept, strict=True) if stays],
        None if live.lessons is None else _still(live.lessons, names, now),
    )


def _still(lessons: Lessons, names: Mapping[str, str], now: Mapping[str, ArrayLike]) -> Lessons:
    """Lessons of which some inputs are fixed: what is computed of these alone is a constant."""
    kept = [told["name"] not in names for told in lessons.inputs]
    fixed = [t["name"] for t, stays in zip(lessons.inputs, kept, strict=True) if not stays]
    others = len(parts(lessons.jaxpr)[0].invars) - len(kept)  # the playhead, and places
    return replace(
        lessons,
        jaxpr=bound(lessons.jaxpr, [*kept, *[True] * others], [now[name] for name in fixed]),
        inputs=[t for t, stays in zip(lessons.inputs, kept, strict=True) if stays],
    )


def bound(closed: ClosedJaxpr, kept: Sequence[bool], values: Sequence[ArrayLike]) -> ClosedJaxpr:
    """A program of fewer inputs: those that are kept; the values of the others are built in."""
    jaxpr, consts = parts(closed)
    fixed = [v for v, stays in zip(jaxpr.invars, kept, strict=True) if not stays]
    free = [v for v, stays in zip(jaxpr.invars, kept, strict=True) if stays]
    changed = jaxpr.replace(constvars=[*jaxpr.constvars, *fixed], invars=free)
    return ClosedJaxpr(changed, [*consts, *map(np.asarray, values)])
