"""A sketch as one program of its parameters, its key and the playhead, for use without Python."""

import math
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache, cached_property

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, jaxpr_as_fun
from jax.tree_util import PyTreeDef

from gradart.calculus.programs.jaxprs import parts, shaped
from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Many
from gradart.errors import Untraceable, causes
from gradart.rendering.film.tracing import scene_at
from gradart.sketching.numbers_in_texts import formatting_present_values
from gradart.sketching.parameters import checked
from gradart.sketching.sketch import Art, Sketch, check_seed, drawn
from gradart.sketching.traced_inputs import (
    Fixed,
    Given,
    Input,
    key_input,
    line_of,
    read_input,
    why_fixed,
)
from gradart.sketching.value_texts import TracedValue, Value
from gradart.types import Number

# Why a program is of no use to whoever asked for it; None if it is of use.
Refused = Callable[[ClosedJaxpr], str | None]
MOST = 8_000_000  # numbers that a program holds and draws, where it need not


@dataclass(frozen=True)
class TracedSketch:
    """A sketch as a program: `jaxpr` computes, in float64, all numbers of its scene.

    Its arguments are those of the `inputs`, in their order, and last the playhead u, which a still
    does not look at. Its results are the leaves of a scene, and `tree` puts that together. How many
    marks and points there are is the same whatever the program is given. `values` and `seed` are
    those that it was traced with: what is in `fixed` keeps its value. `early` is whether what
    depends on no input was computed while the rest was traced. Called with values of inputs, it
    gives their scene, as the sketch does.
    """

    sketch: Sketch
    values: Mapping[str, Value]
    seed: int
    film: bool
    jaxpr: ClosedJaxpr
    tree: PyTreeDef
    inputs: tuple[Input, ...]
    fixed: tuple[Fixed, ...]
    early: bool

    def __call__(self, u: Number = 0.0, *, seed: int | None = None, **values: object) -> Scene:
        """The scene of other values for some of the inputs, at a playhead."""
        given = self.given(seed=seed, **values)
        with jax.enable_x64(True):
            leaves = self._compiled(*given, jnp.asarray(u, float))
        return jax.tree.unflatten(self.tree, leaves)

    @cached_property
    def _compiled(self) -> Callable[..., list[jax.Array]]:
        return jax.jit(jaxpr_as_fun(self.jaxpr))

    def given(self, *, seed: int | None = None, **values: object) -> list[Given]:
        """What the program is given for values of some of the inputs, all but the playhead."""
        parameters = [input_.parameter for input_ in self.inputs if input_.parameter is not None]
        asked = {name: checked(self.sketch.name, parameters, values)[name] for name in values}
        number = self.seed if seed is None else check_seed(seed)
        with jax.enable_x64(True):
            return [
                key_input(number).now
                if each.kind == "key"
                else each.given(asked[each.name])
                if each.name in asked
                else each.now
                for each in self.inputs
            ]


def traced(
    sketch: Sketch,
    values: Mapping[str, object] | None = None,
    seed: int | None = None,
    refused: Refused = lambda jaxpr: None,
    made: Art | None = None,
) -> TracedSketch:
    """A sketch traced by JAX, with all of its parameters as inputs that can be.

    `values` are those of its parameters, the others have their defaults. Parameters are numbers,
    colors, palettes and lists of numbers or colors; what a sketch counts by, asks an `if` about, or
    gives to what looks for places (contours, streamlines, ...) is fixed. Those are found by trying:
    what cannot be traced is taken out, until the rest works together. So is what leads to a program
    that is `refused`: for which that gives a reason, in an artist's words. What is `made`, of the
    same values, is not drawn once more if it is a still. Raises what the sketch raises where
    nothing works, as where a film's frame cannot be traced by its playhead.
    """
    chosen = checked(sketch.name, sketch.parameters, values or {})
    number = check_seed(sketch.seed if seed is None else seed)
    read = [read_input(p, chosen[p.name]) for p in sketch.parameters]
    candidates = [each for each in read if isinstance(each, Input)]
    fixed = {each.name: each for each in read if isinstance(each, Fixed)}
    with jax.enable_x64(True):
        key = key_input(number)
        candidates += [key] if sketch.takes_key else []
        tracing = _tracing(sketch, chosen, key, refused, made)
        program, inputs, wrong = _most(tracing, candidates)
        if not all(program.used):
            idle = {each.name for each, used in zip(inputs, program.used, strict=True) if not used}
            wrong |= dict.fromkeys(idle, _IDLE)
            program, inputs, _ = _most(tracing, [x for x in inputs if x.name not in idle])
    for each in candidates:
        if (error := wrong.get(each.name)) is not None:
            value = number if each is key else chosen[each.name]
            line = line_of(error, sketch.file)
            fixed[each.name] = Fixed(each.name, value, why_fixed(error), line)
    for warned in program.warnings:
        warnings.warn_explicit(warned.message, warned.category, warned.filename, warned.lineno)
    order = [*(p.name for p in sketch.parameters), "key"]
    return TracedSketch(
        sketch,
        chosen,
        number,
        program.film,
        program.jaxpr,
        program.tree,
        tuple(inputs),
        tuple(sorted(fixed.values(), key=lambda each: order.index(each.name))),
        program.early,
    )


def draw(
    sketch: Sketch,
    chosen: Mapping[str, Value],
    key: Input,
    inputs: Sequence[Input],
    given: Sequence[jax.Array],
    u: jax.Array,
) -> tuple[Art, Scene]:
    """A sketch's art, and its scene at a playhead, for what inputs are given: to be traced."""
    numbers = jnp.asarray(key.now)
    values: dict[str, TracedValue] = {}
    for each, one in zip(inputs, given, strict=True):
        if each.kind == "key":
            numbers = one
        else:
            values[each.name] = each.value(one)
    own = jax.random.wrap_key_data(numbers) if sketch.takes_key else None
    art = drawn(sketch, {**chosen, **values}, own)
    return art, scene_at(art, u)


def ahead(early: bool) -> AbstractContextManager[None]:
    """A block in which what depends on no input is computed at once, if `early`, and not traced."""
    return jax.ensure_compile_time_eval() if early else nullcontext()


@dataclass(frozen=True)
class _Program:
    """What tracing a sketch has given, and what the sketch warned of meanwhile."""

    jaxpr: ClosedJaxpr
    tree: PyTreeDef
    film: bool
    warnings: Sequence[warnings.WarningMessage]
    early: bool

    @cached_property
    def shapes(self) -> list[tuple[int, ...]]:
        """Those of all that it draws."""
        return [shaped(atom).shape for atom in parts(self.jaxpr)[0].outvars]

    @property
    def used(self) -> list[bool]:
        """Which of its arguments have a part in what it draws, the playhead left out."""
        jaxpr, _ = parts(self.jaxpr)
        needed = set(map(id, jaxpr.outvars))
        for eqn in reversed(jaxpr.eqns):
            if not needed.isdisjoint(map(id, eqn.outvars)):
                needed.update(map(id, eqn.invars))
        return [id(variable) in needed for variable in jaxpr.invars[:-1]]

    @cached_property
    def numbers(self) -> int:
        """How many numbers it holds, without those that lift a pen, and how many it draws."""
        held = (x for x in self.jaxpr.consts if jnp.issubdtype(x.dtype, jnp.number))
        drawn = map(math.prod, self.shapes)
        return sum(np.size(x) - int(np.isnan(x).sum()) for x in held) + sum(drawn)


_IDLE = Untraceable("nothing that is drawn depends on it")


class _Heavy(Untraceable):
    """The inputs make a program that is much heavier than the drawing."""


# Traces a sketch with some inputs, or gives the error that it raises.
_Tracing = Callable[[Sequence[Input]], "_Program | Exception"]


def _alike(one: _Program, other: _Program | Exception) -> bool:
    """Whether two programs draw as many marks and points."""
    if isinstance(other, Exception) or one.tree != other.tree:
        return False
    return one.shapes == other.shapes


def _tracing(
    sketch: Sketch,
    chosen: Mapping[str, Value],
    key: Input,
    refused: Refused,
    made: Art | None,
) -> _Tracing:
    """How a sketch is traced: as a whole if that draws as much, so that a program holds little.

    What counts by numbers that it has computed, or looks for places in a field, cannot be traced
    whatever the inputs are; and `simplify`, say, keeps all points of what is traced. Then what does
    not depend on an input is computed while the rest is traced, and the program holds the result;
    so it does where there are no inputs. One that is much heavier than the drawing is refused.
    """

    def trace(inputs: Sequence[Input], early: bool) -> _Program | Exception:
        film = False

        def drawing(inputs_given: Sequence[jax.Array], u: jax.Array) -> Scene:
            nonlocal film
            if not inputs and early and isinstance(made, Scene):
                return made
            with ahead(early), formatting_present_values():
                art, scene = draw(sketch, chosen, key, inputs, inputs_given, u)
                film = not isinstance(art, Scene)
            if inputs and any(isinstance(mark.shape, Many) for mark in scene.marks):
                raise Untraceable("ga.many computes its blocks beforehand, in Python")
            return scene

        now = [each.now for each in inputs]
        with warnings.catch_warnings(record=True) as noted:
            warnings.simplefilter("always")
            try:
                jaxpr, shapes = jax.make_jaxpr(drawing, return_shape=True)(now, np.float64(0))
            except Exception as error:  # whatever is raised by what is given what it cannot take
                return error
        if (why := refused(jaxpr)) is not None:
            return Untraceable(why)
        return _Program(jaxpr, jax.tree.structure(shapes), film, noted, early)

    @cache
    def still() -> _Program | Exception:
        return trace([], True)

    whole = trace([], False)
    early = isinstance(whole, Exception) or not _alike(whole, still())

    def light(inputs: Sequence[Input]) -> _Program | Exception:
        if not inputs:
            return still()
        program = trace(inputs, early)
        if isinstance(program, Exception) or program.numbers <= MOST:
            return program
        fixed = still()
        if isinstance(fixed, Exception) or program.numbers <= 2 * fixed.numbers:
            return program
        return _Heavy(f"the page would be heavy, of {program.numbers / 1e6:.0f} million numbers")

    return light


def _most(
    tracing: _Tracing, candidates: Sequence[Input]
) -> tuple[_Program, list[Input], dict[str, Exception]]:
    """The program of as many inputs as work together, these, and what is wrong with the others.

    What JAX names as that which has no value is taken out, until nothing is named. Then each input
    is tried alone, and those that work are added to each other one by one.
    """
    wrong: dict[str, Exception] = {}
    some = list(candidates)
    while True:
        program = tracing(some)
        if isinstance(program, _Program):
            return program, some, wrong
        if not some:
            raise program
        named = _named(program, some)
        if not named:
            break
        wrong |= dict.fromkeys(named, program)
        some = [each for each in some if each.name not in named]
    best, kept = None, list[Input]()
    for each in some:
        program = tracing([*kept, each])
        if isinstance(program, _Program):
            best, kept = program, [*kept, each]
        else:
            wrong[each.name] = program
    if best is None:
        return *_most(tracing, [])[:2], wrong
    return best, kept, wrong


def _named(error: Exception, inputs: Sequence[Input]) -> set[str]:
    """Those inputs that are wrong for sure: JAX says that what had no value depends on them."""
    if isinstance(error, _Heavy):
        return {each.name for each in inputs}
    text = " ".join(str(cause) for cause in causes(error))
    return {inputs[int(found)].name for found in re.findall(r"inputs_given\[(\d+)\]", text)}
