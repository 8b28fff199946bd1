"""The Taylor rule of each primitive of JAX that has one: the tables of the families, as one.

A primitive that is not here follows its own derivative (`fallback`). Which of all primitives of the
installed JAX do so, and which cannot, is told in tests/calculus/taylor/test_primitives.py.

A rule takes the interpreter, the equation and the series of the equation's inputs, and returns one
series for each output; or None for a form of the primitive that it does not know, which follows its
own derivative, too. The families write simpler functions, and are turned into that form here.
"""

from collections.abc import Callable, Mapping, Sequence

from jax.extend.core import JaxprEqn

from gradart.calculus.programs.jaxprs import bind
from gradart.calculus.taylor.control_flow import CONTROL, Rule
from gradart.calculus.taylor.fallback import Run
from gradart.calculus.taylor.rules.arrays import ARRAYS, EquationRule
from gradart.calculus.taylor.rules.elementwise import (
    FLAT,
    FUNCTIONS,
    SEVERAL,
    Function,
    SeveralRule,
    integer_power,
)
from gradart.calculus.taylor.rules.linear_algebra import SOLVES
from gradart.calculus.taylor.rules.special_functions import IN_LAST_ARGUMENT, SPECIAL
from gradart.calculus.taylor.series import Series

Outputs = Sequence[Series] | None


def _constant(run: Run, eqn: JaxprEqn, *inputs: Series) -> Outputs:
    """The rule of what is flat: the value, which does not vary."""
    return [(y,) for y in bind(eqn, [u[0] for u in inputs])]


def _of_one(rule: Function) -> Rule:
    """A rule from one of (series, value, order) to a series."""

    def call(run: Run, eqn: JaxprEqn, u: Series) -> Outputs:
        return [rule(u, bind(eqn, (u[0],))[0], run.order)]

    return call


def _integer_power(run: Run, eqn: JaxprEqn, u: Series) -> Outputs:
    """The rule of a power that is written in the equation."""
    return [integer_power(run.order, u, y=eqn.params["y"])]


def _of_several(rule: SeveralRule) -> Rule:
    """A rule from one of (order, *series) to a series."""

    def call(run: Run, eqn: JaxprEqn, *inputs: Series) -> Outputs:
        return [rule(run.order, *inputs)]

    return call


def _in_last(rule: SeveralRule) -> Rule:
    """A rule from one of (order, *series) that holds where the first does not vary."""

    def call(run: Run, eqn: JaxprEqn, *inputs: Series) -> Outputs:
        return [rule(run.order, *inputs)] if len(inputs[0]) == 1 else None

    return call


def _of_equation(rule: EquationRule) -> Rule:
    """A rule from one of (order, equation, *series) to a series for each output."""

    def call(run: Run, eqn: JaxprEqn, *inputs: Series) -> Outputs:
        return rule(run.order, eqn, *inputs)

    return call


def _table(form: Callable[..., Rule], rules: Mapping[str, object]) -> dict[str, Rule]:
    """A family's table with its rules in the form that the interpreter takes."""
    return {name: form(rule) for name, rule in rules.items()}


RULES: dict[str, Rule] = {
    **dict.fromkeys(FLAT, _constant),
    **_table(_of_one, {**FUNCTIONS, **SPECIAL}),
    "integer_pow": _integer_power,
    **_table(_of_several, SEVERAL),
    **_table(_in_last, IN_LAST_ARGUMENT),
    **_table(_of_equation, {**ARRAYS, **SOLVES}),
    **CONTROL,
}
