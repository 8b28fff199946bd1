"""Taylor series of what has no rule but knows its own first derivative."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Protocol

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn

from gradart.calculus.checks.misuse import explain
from gradart.calculus.forward_mode import underivable
from gradart.calculus.programs.compiled_once import fingerprint
from gradart.calculus.programs.jaxprs import DERIVATIVE_RULES, bind, called, of_some, source_of
from gradart.calculus.taylor.rules.arrays import refuse
from gradart.calculus.taylor.rules.linear_algebra import refine
from gradart.calculus.taylor.series import Series, integral, slope
from gradart.errors import ArtError


@dataclass(frozen=True)
class Solution:
    """What is known so far of a function's outputs, for a derivative that asks for them again."""

    function: Hashable
    inputs: tuple[Series, ...]
    value: list[Series]
    uses: list[JaxprEqn] = field(default_factory=list)


class Run(Protocol):
    """The interpreter, as rules use it: a jaxpr and the series of its inputs to its outputs."""

    @property
    def order(self) -> int: ...

    @property
    def open(self) -> tuple[Solution, ...]:
        """What is being found one order after the other, around this equation."""

    def __call__(self, jaxpr: ClosedJaxpr | Jaxpr, *inputs: Series) -> list[Series]: ...

    def at_order(self, order: int, *solutions: Solution) -> "Run": ...


def follow(run: Run, eqn: JaxprEqn, inputs: list[Series]) -> list[Series]:
    """The series of an equation's outputs y by its own derivative, from y' = jvp(u, u').

    Where that derivative asks for y again, each round makes one more coefficient of it right.
    """
    firsts = [u[0] for u in inputs]
    starts = bind(eqn, firsts)
    varying = [i for i, u in enumerate(inputs) if len(u) > 1]
    smooth = [i for i, y in enumerate(starts) if jnp.issubdtype(y.dtype, jnp.inexact)]
    jvp = _jvp(eqn, firsts, varying, smooth)
    # Two functions are one if they and their derivatives compute the same. The functions alone do
    # not tell: the derivatives of sinc at 0 are constants, and some of them are the same.
    said = (fingerprint(x, DERIVATIVE_RULES) for x in (eqn.params, jvp.jaxpr))
    function = eqn.primitive, *said
    for solution in run.open:
        if solution.function == function and all(map(_same, solution.inputs, inputs)):
            solution.uses.append(eqn)
            return solution.value

    slopes = [slope(inputs[i]) for i in varying]
    uses: list[JaxprEqn] = []

    def outputs(guess: list[Series]) -> list[Series]:
        found = dict(zip(smooth, guess, strict=True))
        return [found.get(i, (y,)) for i, y in enumerate(starts)]

    def correct(guess: list[Series]) -> list[Series]:
        solution = Solution(function, tuple(inputs), outputs(guess), uses)
        inner = run.at_order(run.order - 1, solution)
        changes = inner(jvp, *inputs, *slopes)
        return [integral(y[0], dy) for y, dy in zip(guess, changes, strict=True)]

    known = [starts[i] for i in smooth]
    answer = correct([(y,) for y in known])
    if uses and run.order > 1:
        answer = refine(run.order, known, correct)
    return outputs(answer)


def _same(u: Series, v: Series) -> bool:
    """Whether two series are the same arrays, or the same numbers written in the program."""
    if len(u) == len(v) and all(a is b for a, b in zip(u, v, strict=True)):
        return True
    written = all(len(w) == 1 and isinstance(w[0], np.ndarray) for w in (u, v))
    return written and np.array_equal(u[0], v[0])


def _jvp(
    eqn: JaxprEqn, starts: list[jax.Array], varying: list[int], smooth: list[int]
) -> ClosedJaxpr:
    """A jaxpr from inputs, and slopes of those that vary, to the slopes of the smooth outputs."""

    def slopes(inputs: list[jax.Array], changes: list[jax.Array]) -> list[jax.Array]:
        def only(*some: jax.Array) -> list[jax.Array]:
            outputs = of_some(eqn, inputs, varying)(*some)
            return [outputs[i] for i in smooth]

        return jax.jvp(only, [inputs[i] for i in varying], changes)[1]

    try:
        return jax.make_jaxpr(slopes)(starts, [starts[i] for i in varying])
    except ArtError:
        raise  # it is said already, by the function itself
    except Exception as error:
        name = eqn.primitive.name
        if name.startswith("custom_jvp_call"):
            name = source_of(called(eqn))[0] or name
        if words := underivable(error):
            refuse(eqn, words, error)
        if words := explain(error):
            refuse(eqn, f"the derivative of {name}: {words}", error)
        refuse(
            eqn,
            f"the function {name} of JAX has no derivative of this order:"
            " ask for a lower order, or write it with other functions",
            error,
        )
