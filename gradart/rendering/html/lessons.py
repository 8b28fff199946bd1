"""Lessons: curves and fields of a sketch as a program of a page, to be looked at there by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import compress

import jax
import numpy as np
from jax.extend.core import ClosedJaxpr
from jax.typing import ArrayLike

from gradart.calculus.programs.jaxprs import parts
from gradart.errors import Untraceable, warn
from gradart.javascript.modules import with_runtime
from gradart.javascript.staged_equations import as_numbers, flat, values_of
from gradart.javascript.translation import Translation, held, translated
from gradart.library.splines import samples_of
from gradart.rendering.html.array_packing import TABLE, in_steps, packed
from gradart.rendering.html.cosines import in_cosines
from gradart.rendering.html.page_types import ToldCurve, ToldField, ToldInput, ToldLessons
from gradart.rendering.html.step_packing import is_table

# Of what numbers depend on, after the parameters: the playhead, a curve's number, a point where a
# field's value and gradient are wanted, and one where its Hessian is.
_STAGES = (1, 2, 3, 4)


@dataclass(frozen=True)
class Lessons:
    """What may be looked at: `jaxpr` takes a value for each of `inputs`, then u, t, p and q.

    `curves` and `fields` are told as `static/lessons.js` declares them, by the places of their
    numbers among the results; so are `panels`, pairs of boxes of which one was laid onto the other.
    `elsewhere` is whether the sketch has made a view.
    """

    jaxpr: ClosedJaxpr
    inputs: Sequence[ToldInput]
    curves: Sequence[ToldCurve]
    fields: Sequence[ToldField]
    panels: Sequence[Sequence[int]]
    elsewhere: bool


@dataclass(frozen=True)
class LessonProgram:
    """What `document` takes of lessons: what the page is told, their code, and their constants."""

    told: ToldLessons
    code: str
    constants: Sequence[np.ndarray]


def lesson_program(lessons: Lessons) -> LessonProgram | None:
    """The program of lessons; what has no translation is left out, and a warning says why.

    None where nothing is left, or nothing was there.
    """
    try:
        translation = _translated(lessons)
    except Untraceable:
        lessons = _translatable(lessons)
        translation = _translated(lessons)
    if not lessons.curves and not lessons.fields:
        warn(
            "the page has nothing to inspect: the sketch gives no curve of the plane, no function"
            " of a number and no field to ga.jet, ga.point, ga.curve, ga.gradient, ga.descend, ..."
        )
        return None
    return LessonProgram(_renumbered(lessons), with_runtime(translation), translation.constants)


def _translatable(lessons: Lessons) -> Lessons:
    """Those of the lessons that have a translation."""

    def has_one(alone: Lessons, name: str) -> bool:
        try:
            _translated(alone)
        except Untraceable as error:
            warn(f"{name} cannot be inspected: {error}")
            return False
        return True

    none = replace(lessons, curves=[], fields=[])
    curves = [x for x in lessons.curves if has_one(replace(none, curves=[x]), x["name"])]
    fields = [x for x in lessons.fields if has_one(replace(none, fields=[x]), x["name"])]
    return replace(lessons, curves=curves, fields=fields)


def _translated(lessons: Lessons) -> Translation:
    """The translation of those results that are told, in the order of their places."""
    jaxpr, consts = parts(lessons.jaxpr)
    results = [jaxpr.outvars[place] for place in _places(lessons)]
    shown = ClosedJaxpr(jaxpr.replace(outvars=results), list(consts))
    stages = [0] * len(lessons.inputs) + list(_STAGES)
    with jax.enable_x64(True):
        equations = flat(shown)
        values = values_of(equations, list(held(equations, stages)))
        known = {v: _rounded(value) for v, value in values.items()}
        return translated(replace(equations, known={**equations.known, **known}), stages)


def _rounded(value: ArrayLike) -> ArrayLike:
    """A table that a field goes through in the way that takes the fewest bytes, anything else as it
    is: as its samples, as pixels and heights in meters are; to a billionth of its range; or, if
    it has been blurred, as the sum of long waves, by which slopes keep six digits.
    """
    array = as_numbers(value)
    if not is_table(array):
        return value
    tables = [in_steps(array, TABLE), in_cosines(array)]
    if samples_of(array):
        tables.append(array)
    return min(tables, key=lambda table: len(compress(packed(table).data, 6)))


def _renumbered(lessons: Lessons) -> ToldLessons:
    """What is told of the results, by their places among those that are told."""
    new = {place: number for number, place in enumerate(_places(lessons))}

    def of_field(told: ToldField) -> ToldField:
        return {
            **told,
            "box": None if told["box"] is None else new[told["box"]],
            "value": new[told["value"]],
            "gradient": new[told["gradient"]],
            "hessian": new[told["hessian"]],
        }

    return {
        "inputs": list(lessons.inputs),
        "elsewhere": lessons.elsewhere,
        "curves": [
            {**told, "jet": new[told["jet"]], "ends": [new[place] for place in told["ends"]]}
            for told in lessons.curves
        ],
        "fields": [of_field(told) for told in lessons.fields],
        "panels": [[new[place] for place in pair] for pair in lessons.panels],
    }


def _places(lessons: Lessons) -> list[int]:
    """The places of all results that are told, in order."""
    of_curves = (place for told in lessons.curves for place in (told["jet"], *told["ends"]))
    of_fields = (place for told in lessons.fields for place in places_of_field(told))
    of_panels = (place for pair in lessons.panels for place in pair)
    return sorted({*of_curves, *of_fields, *of_panels})


def places_of_field(told: ToldField) -> list[int]:
    """The places of a field's numbers, of those that it has."""
    places = told["box"], told["value"], told["gradient"], told["hessian"]
    return [place for place in places if place is not None]
