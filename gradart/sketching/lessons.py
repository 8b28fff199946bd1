"""What can be looked at by hand in a sketch's page: its curves and fields, with derivatives."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr
from jax.typing import ArrayLike

from gradart.calculus.boxes import own_box
from gradart.calculus.checks.artist_functions import concrete
from gradart.calculus.derivatives import gradient, hessian, jet, value
from gradart.calculus.programs.compiled_once import TracedFunction, traced
from gradart.calculus.programs.jaxprs import parts
from gradart.calculus.recorder import Noticed, noticing
from gradart.errors import PACKAGE
from gradart.rendering.html.lessons import Lessons, places_of_field
from gradart.rendering.html.live_art import bound
from gradart.rendering.html.page_types import ToldCurve, ToldField, ToldInput
from gradart.sketching.numbers_in_texts import formatting_present_values
from gradart.sketching.traced_inputs import key_input
from gradart.sketching.traced_sketch import TracedSketch, ahead, draw
from gradart.types import Function

ORDER = 8  # of the highest derivative
_CURVES, _FIELDS = 3, 2  # those that are looked at most


@dataclass
class _Results:
    """Arrays that a program is to compute, and what is told of them by their places."""

    arrays: list[ArrayLike] = field(default_factory=list)
    curves: list[ToldCurve] = field(default_factory=list)
    fields: list[ToldField] = field(default_factory=list)
    panels: list[list[int]] = field(default_factory=list)
    elsewhere: bool = False

    def place(self, array: ArrayLike) -> int:
        self.arrays.append(array)
        return len(self.arrays) - 1


def lessons(found: TracedSketch, told: Sequence[ToldInput | None]) -> Lessons:
    """The lessons of a traced sketch: what it has given to the calculus while it was drawn.

    They depend on its inputs as the drawing does: on those that `told` tells the page of, the
    others, for which it has None, stay at what they are.
    """
    results = _Results()
    with jax.enable_x64(True):
        key = key_input(found.seed)

    def numbers(
        given: Sequence[jax.Array], u: jax.Array, t: jax.Array, p: jax.Array, q: jax.Array
    ) -> list[ArrayLike]:
        nonlocal results
        with ahead(found.early), formatting_present_values(), noticing() as noticed:
            draw(found.sketch, found.values, key, found.inputs, given, u)
        results = _looked_at(noticed, t, p, q)
        return results.arrays

    now = [each.now for each in found.inputs]
    at = np.zeros(2)
    with jax.enable_x64(True):
        closed = jax.make_jaxpr(numbers)(now, np.float64(0), np.float64(0), at, at)
    sound = _sound(closed)
    values = [each.now for each, one in zip(found.inputs, told, strict=True) if one is None]
    return Lessons(
        bound(_without_dead(closed), [one is not None for one in told] + [True] * 4, values),
        [one for one in told if one is not None],
        _most_used(results.curves, sound)[:_CURVES],
        [one for one in results.fields if all(sound[k] for k in places_of_field(one))][:_FIELDS],
        [pair for pair in results.panels if sound[pair[0]] and sound[pair[1]]],
        results.elsewhere,
    )


def _looked_at(noticed: Noticed, t: jax.Array, p: jax.Array, q: jax.Array) -> _Results:
    """The derivatives of what was noticed: of curves at t, of fields at p and at q."""
    results = _Results(elsewhere=noticed.elsewhere)
    seen: list[TracedFunction] = []

    def function(f: Function, kind: str, ends: list[int], *, descended: bool = False) -> None:
        """A function of a number, unless one that computes the same is there already."""
        try:
            same = traced(f, t)
            numbers = jet(f, t, ORDER)
        except Exception:  # it is of a tracing that is over
            return
        if not any(_alike(same, other) for other in seen):
            seen.append(same)
            place = results.place(numbers)
            told: ToldCurve = {"name": _name(f), "kind": kind, "jet": place, "ends": ends}
            results.curves.append({**told, "descended": True} if descended else told)

    for looks in noticed.curves:
        if (kind := _kind(looks.function)) is not None:
            ends = [end for end in map(_ends, looks.at) if end is not None]
            function(looks.function, kind, [results.place(end) for end in ends])
    for f, dimension in zip(noticed.fields, noticed.dimensions, strict=True):
        if dimension == 1:
            function(_on_line(f), "graph", [], descended=True)
        elif dimension == 2:
            box = own_box(f)
            try:
                found = value(f, p), gradient(f, p), hessian(f, q)
                corners = None if box is None else jnp.asarray(box, float)
            except Exception:  # as above
                continue
            height, slope, bend = map(results.place, found)
            known = None if corners is None else results.place(corners)
            results.fields.append(
                {
                    "name": _name(f),
                    "box": known,
                    "value": height,
                    "gradient": slope,
                    "hessian": bend,
                }
            )
    for pair in noticed.panels:
        results.panels.append([results.place(corners) for corners in pair])
    return results


def _name(f: Function) -> str:
    name: str = getattr(f, "__name__", "")
    return name if name.isidentifier() else "f"


def _kind(f: Function) -> str | None:
    """Whether a function of a number is a "graph", of a number, or a "curve" of the plane.

    None for anything else, and for what gradart itself makes on its way.
    """
    code = getattr(inspect.unwrap(f), "__code__", None)
    if code is not None and code.co_name == "<lambda>" and code.co_filename.startswith(PACKAGE):
        return None
    try:
        shape = jax.eval_shape(f, jax.ShapeDtypeStruct((), float)).shape
    except Exception:  # it is of a tracing that is over
        return None
    return {(): "graph", (2,): "curve"}.get(shape)


def _on_line(f: Function) -> Function:
    def on_line(t: jax.Array) -> jax.Array:
        return f(jnp.reshape(t, (1,)))

    on_line.__name__ = getattr(f, "__name__", "f")
    return on_line


def _alike(one: TracedFunction, other: TracedFunction) -> bool:
    """Whether two functions compute the same, as far as is known."""
    return one.program == other.program and all(
        a is b or (concrete(a, b) and np.array_equal(a, b))
        for a, b in zip(one.consts, other.consts, strict=True)
    )


def _ends(at: ArrayLike) -> jax.Array | None:
    """The least and the largest of numbers; None for those of a tracing that is over."""
    try:
        return jnp.stack([jnp.nanmin(at), jnp.nanmax(at)]).astype(float)
    except Exception:
        return None


def _sound(closed: ClosedJaxpr) -> list[bool]:
    """Which results are computed from numbers that are there, not of a tracing that is over.

    Such are closed over by a function that was made, and looked at, inside of another.
    """
    jaxpr, consts = parts(closed)
    dead = {
        id(variable)
        for variable, x in zip(jaxpr.constvars, consts, strict=True)
        if isinstance(x, jax.core.Tracer)
    }
    for eqn in jaxpr.eqns:
        if not dead.isdisjoint(map(id, eqn.invars)):
            dead.update(map(id, eqn.outvars))
    return [id(atom) not in dead for atom in jaxpr.outvars]


def _without_dead(closed: ClosedJaxpr) -> ClosedJaxpr:
    """The program with zeros for what tracers stood for, which nothing sound depends on."""
    jaxpr, consts = parts(closed)
    kept = [np.zeros(np.shape(x), x.dtype) if isinstance(x, jax.core.Tracer) else x for x in consts]
    return ClosedJaxpr(jaxpr, kept)


def _most_used(curves: Sequence[ToldCurve], sound: Sequence[bool]) -> list[ToldCurve]:
    """Those of sound numbers with the intervals that are sound; those with most come first."""
    kept: list[ToldCurve] = []
    for told in curves:
        ends = [place for place in told["ends"] if sound[place]]
        if sound[told["jet"]] and (ends or told.get("descended")):
            kept.append({**told, "ends": ends})
    return sorted(kept, key=lambda told: -len(told["ends"]))
