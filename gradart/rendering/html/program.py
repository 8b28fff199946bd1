"""Art as a program of a page: a traced function of what may be changed there, in JavaScript."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from gzip import compress

import jax
import numpy as np
from jax.extend.core import ClosedJaxpr, Var
from jax.typing import ArrayLike

from gradart.calculus.programs.jaxprs import parts, shaped
from gradart.drawing.scene import Scene
from gradart.errors import Untraceable, warn
from gradart.javascript.modules import with_runtime
from gradart.javascript.staged_equations import (
    NEVER,
    Equations,
    as_numbers,
    flat,
    stages,
    values_of,
    with_values,
    work,
)
from gradart.javascript.translation import Translation, held, translated
from gradart.rendering.html.array_packing import in_colors, in_steps, packed, spread
from gradart.rendering.html.byte_text import BYTES
from gradart.rendering.html.live_art import LiveArt, still
from gradart.rendering.html.page_types import ToldProgram, ToldScene
from gradart.rendering.html.pixel_packing import in_levels
from gradart.rendering.html.scene_arrays import (
    every_mark,
    scene_arrays,
    with_motion,
    with_parameters,
)

_HEAVY = 1_500_000  # bytes of a page's arrays
_LONG = 3e9  # numbers, which a browser computes in some seconds
_ROOM = 300_000  # bytes of what such a page shows at first


@dataclass(frozen=True)
class Program:
    """What `document` takes of art: what is told of its marks, its code, and its constants."""

    told: ToldProgram
    code: str
    constants: Sequence[np.ndarray]


@dataclass(frozen=True)
class LiveProgram(Program):
    """The program of art that is live.

    `shapes` are those of the outputs of a still that its parameters change, by their places, and
    `work` about how many numbers are computed for these.
    """

    shapes: Mapping[int, tuple[int, ...]]
    work: float


@dataclass(frozen=True)
class _Drawn:
    """What results are drawn as, by their places: those that are rounded as colors and pixels are,
    points, and the box.
    """

    rounded: Mapping[int, Callable[[np.ndarray], np.ndarray]]
    points: frozenset[int]
    box: int | None

    def reach(self, values: Mapping[int, ArrayLike]) -> float:
        """How wide the page is in units of the points among values: as the box, or the widest."""
        if self.box is not None and self.box in values:
            return spread(as_numbers(values[self.box]))
        reached = self.points & values.keys()
        return max((spread(as_numbers(values[place])) for place in reached), default=0.0)

    def round(self, place: int | None, array: np.ndarray, reach: float) -> np.ndarray:
        """The numbers of a place, with which nothing is computed, in steps that no eye can see."""
        how = self.rounded.get(place) if place is not None else None
        if how is not None:
            return how(array)
        return in_steps(array, reach=reach if place in self.points else 0.0)


def as_drawn(told: ToldScene, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The arrays of a scene, of which `told` is what `scene_arrays` says, as a page holds them."""
    drawn = _drawn(told)
    reach = drawn.reach(dict(enumerate(arrays)))
    return [drawn.round(place, array, reach) for place, array in enumerate(arrays)]


def program(live: LiveArt, drawn: Scene | None = None) -> LiveProgram:
    """The program of traced art: what parameters change first, then what the playhead does.

    What never changes is as in the scene that Python has `drawn`, bit for bit, if there is one:
    while a sketch is traced, the same sums may be rounded otherwise, and a tour goes another way.
    Where what a parameter changes has no translation, all are fixed, and a warning says why; where
    it makes a file heavy, that one is. Raises Untraceable, with the artist's line, for what has no
    translation and moves with the playhead.
    """
    places: Sequence[int] = range(live.tree.num_leaves)
    told, order = scene_arrays(jax.tree.unflatten(live.tree, places))
    jaxpr, consts = parts(live.jaxpr)
    shown = jaxpr.replace(outvars=[jaxpr.outvars[int(place)] for place in order])
    how = _drawn(told)
    with jax.enable_x64(True):
        equations = with_values(flat(ClosedJaxpr(shown, list(consts))), live.now)
        if drawn is not None:
            stage = stages(equations, _stages(live, ()))
            for atom, array in zip(equations.results, scene_arrays(drawn)[1], strict=False):
                same = shaped(atom).shape == np.shape(array)
                if isinstance(atom, Var) and stage[atom] == NEVER and same:
                    equations.known[atom] = np.asarray(array, shaped(atom).dtype)
        try:
            fixed = _heavy(live, equations, how)
            translation = _translated(equations, _stages(live, fixed), how)
        except Untraceable as error:
            if not live.inputs:
                raise
            warn(f"the page's parameters are fixed: {error}")
            fixed = dict.fromkeys(_names(live), str(error))
            translation = _translated(equations, _stages(live, fixed), how)
    now = still(live, fixed)
    moves = [stage == 1 for stage in translation.output_stages]
    about = with_parameters(with_motion(told, moves), now.inputs, now.fixed)
    changed = [k for k, stage in enumerate(translation.output_stages) if stage == 0]
    return LiveProgram(
        about,
        with_runtime(translation),
        translation.constants,
        {k: shaped(equations.results[k]).shape for k in changed},
        _work(equations, live, fixed),
    )


def with_known(made: LiveProgram, scene: Scene) -> Program:
    """The program of a still that has what it draws at first among its constants, too.

    Where that takes a browser long, and it is little. `scene` is what Python has drawn.
    """
    told, arrays = scene_arrays(scene)
    drawn = as_drawn(told, [np.asarray(array, float) for array in arrays])
    known = [drawn[k] for k in made.shapes if k < len(drawn)]
    if (
        made.work < _LONG
        or [array.shape for array in known] != [*made.shapes.values()]
        or sum(map(_bytes, known)) > _ROOM
    ):
        return made
    about: ToldProgram = {
        **made.told,
        "known": {"places": [*made.shapes], "constants": len(made.constants)},
    }
    return Program(about, made.code, [*made.constants, *known])


def _work(equations: Equations, live: LiveArt, fixed: Collection[str]) -> float:
    """About how many numbers are computed when a parameter changes."""
    stage = stages(equations, _stages(live, fixed))
    return sum(work(eqn) for eqn in equations.equations if stage[eqn.outvars[0]] == 0)


def _drawn(told: ToldScene) -> _Drawn:
    """What results are drawn as, from what a page is told of a scene."""
    marks = [*every_mark(told["marks"])]
    shapes = [mark for mark in marks if mark["kind"] != "group"]
    colors = [color for mark in shapes for color in (mark["stroke"], mark["fill"])]
    places = [(mark["points"], mark["kind"]) for mark in shapes]
    rasters = [place for place, kind in places if kind == "raster" and place is not None]
    points = frozenset(place for place, _ in places if place is not None) - {*rasters}
    rounded = dict.fromkeys((k for k in colors if k is not None), in_colors)
    return _Drawn({**rounded, **dict.fromkeys(rasters, in_levels)}, points, told["box"])


def _names(live: LiveArt) -> list[str]:
    return [str(told["name"]) for told in live.inputs]


def _stages(live: LiveArt, fixed: Collection[str]) -> list[int]:
    """When each input is told, the playhead last: those that are fixed never."""
    return [NEVER if name in fixed else 0 for name in _names(live)] + [1]


def _held(equations: Equations, some: Mapping[Var, bool], drawn: _Drawn) -> dict[Var, ArrayLike]:
    """What a page holds of values that never change, rounded where nothing is computed with them.

    Pixels are anyway, as those are of every picture.
    """
    places = {v: k for k, v in enumerate(equations.results) if isinstance(v, Var)}
    values = values_of(equations, list(some))
    reach = drawn.reach({places[v]: x for v, x in values.items() if v in places})

    def told(v: Var, value: ArrayLike) -> ArrayLike:
        place = places.get(v)
        how = None if place is None else drawn.rounded.get(place)
        if not some[v] and how is not in_levels:
            return value
        return drawn.round(place, as_numbers(value), reach)

    return {v: told(v, value) for v, value in values.items()}


def _translated(equations: Equations, of_inputs: Sequence[int], drawn: _Drawn) -> Translation:
    values = _held(equations, held(equations, of_inputs), drawn)
    return translated(replace(equations, known={**equations.known, **values}), of_inputs)


def _heavy(live: LiveArt, equations: Equations, drawn: _Drawn) -> Mapping[str, str]:
    """Those inputs that would make a page heavy, each with that as the reason why it is fixed."""
    names = _names(live)
    everything = held(equations, _stages(live, ()))
    sizes: dict[tuple[Var, bool], int] = {}

    def size(some: Mapping[Var, bool]) -> int:
        """About how many bytes a page holds because of arrays."""
        unknown = {v: drawn for v, drawn in some.items() if (v, drawn) not in sizes}
        for variable, value in _held(equations, unknown, drawn).items():
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
