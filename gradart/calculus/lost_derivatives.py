"""Where a program has functions of JAX that lose derivatives, and what is computed instead.

`smooth_functions` has them with the right ones; `forward_mode` puts these in their place in all
that is differentiated. A function that is called says its name. One that is not has left its
equations among those of the function that used it; they are known by their order.
"""

import math
from collections.abc import Callable, Sequence
from itertools import permutations

import jax
import jax.numpy as jnp
from jax import lax
from jax.core import Atom
from jax.extend.core import Jaxpr, JaxprEqn, Literal, Var
from jax.typing import ArrayLike

from gradart.calculus import smooth_functions as smooth
from gradart.calculus.programs.jaxprs import (
    CALLS,
    JAX,
    bind,
    called,
    parts,
    scan,
    shaped,
    source_of,
)
from gradart.calculus.taylor.named_functions import reorders, written_out
from gradart.calculus.taylor.rules.integrals import spence
from gradart.calculus.taylor.rules.special_functions import bessel_functions, scans

Outputs = Sequence[ArrayLike]
Computed = Callable[..., Outputs]  # what an equation computes of its inputs

LARGEST = 8  # columns of a determinant by minors: their number doubles with each


def replaced(jaxpr: Jaxpr) -> dict[Var, tuple[Computed, Sequence[Atom]]]:
    """What is to be computed in another way, and of what: first output -> function, its inputs."""
    found: dict[Var, tuple[Computed, Sequence[Atom]]] = {
        **{y: (_one(_BESSEL[nu]), [x]) for y, (nu, x) in bessel_functions(jaxpr).items()},
        **_ordered(jaxpr),
    }
    for y, rule in written_out(jaxpr).items():
        if rule is not None and rule[0] is spence:
            found[y] = _one(smooth.spence), [rule[1]]
    insides: dict[Var, Atom] = {}
    for eqn in jaxpr.eqns:
        if eqn.primitive.name == "abs":
            insides[eqn.outvars[0]] = eqn.invars[0]
        elif (function := _in_place_of(eqn, insides)) is not None:
            found[eqn.outvars[0]] = function
    return found


def _one(f: Callable[..., ArrayLike]) -> Computed:
    """A function of one output as an equation has it."""
    return lambda *inputs: [f(*inputs)]


def _in_place_of(eqn: JaxprEqn, insides: dict[Var, Atom]) -> tuple[Computed, Sequence[Atom]] | None:
    """A function, and its inputs, to compute instead of an equation; None if that is as it is.

    `insides` are what those variables are absolute values of that are.
    """
    power = _whole_power(eqn)
    first = eqn.invars[0] if eqn.invars else None
    if power is not None and power % 2 == 0 and isinstance(first, Var) and first in insides:
        return _one(lambda x: smooth.even_power(x, power)), [insides[first]]
    if eqn.primitive.name == "pow":
        if power is not None:
            return _one(lambda x: lax.integer_pow(x, power)), eqn.invars[:1]
        exponent = eqn.invars[1]
        alone = isinstance(exponent, Literal) and jnp.ndim(exponent.val) == 0
        return None if alone else (_one(smooth.power_of), eqn.invars)
    if eqn.primitive.name not in CALLS:
        return None
    name, file = source_of(called(eqn))
    if not file.startswith(JAX):
        return None
    inside = parts(called(eqn))[0]
    for y, (nu, x) in bessel_functions(inside).items():
        if inside.outvars == [y] and x is inside.invars[0]:  # since 0.11 with a derivative by JAX
            return _one(_BESSEL[nu]), eqn.invars
    make = _BY_NAME.get(name)
    return None if make is None else (make(eqn), eqn.invars)


def _of_each(f: Computed, count: int) -> Callable[[JaxprEqn], Computed]:
    """A function of so many numbers, the last inputs of an equation: its constants are in front.

    Under vmap, JAX may have moved axes inside of the call; then the equation stays as it is.
    """

    def make(eqn: JaxprEqn) -> Computed:
        shape, given = shaped(eqn.outvars[0]).shape, eqn.invars[-count:]
        alike = len(given) == count and all(shaped(v).shape in ((), shape) for v in given)
        if not alike or (len(shape) > 1 and reorders(eqn)):
            return lambda *inputs: bind(eqn, inputs)
        return lambda *inputs: f(*inputs[-count:])

    return make


def _determinant(eqn: JaxprEqn) -> Computed:
    """The determinant of small matrices, whose derivatives JAX has for ranks of n - 1 and more."""
    *_, x = eqn.invars
    (y,) = eqn.outvars
    *batch, rows, columns = shaped(x).shape
    if rows != columns or rows > LARGEST or shaped(y).shape != tuple(batch):
        return lambda *inputs: bind(eqn, inputs)
    return lambda *inputs: [smooth.determinant(inputs[-1])]


def _bessel_jn(eqn: JaxprEqn) -> Computed:
    """J_0, ..., J_v, with the axes as the equation has them: vmap may have put them in any order.

    Where two orders fit, the values of other numbers tell.
    """
    *_, x = eqn.invars
    (y,), (loop,) = eqn.outvars, scans(eqn)
    shape, size = shaped(x).shape, math.prod(shaped(x).shape)
    if size == 0:
        return lambda *inputs: bind(eqn, inputs)
    v, steps = shaped(y).size // size - 1, scan(loop).length - 1
    fit = [
        axes
        for axes in permutations(range(len(shape) + 1))
        if tuple((v + 1, *shape)[i] for i in axes) == shaped(y).shape
    ]

    def call(*inputs: ArrayLike) -> Outputs:
        values = smooth.bessel_jn(jnp.asarray(inputs[-1]), v, steps)
        if len(fit) == 1:
            return [jnp.transpose(values, fit[0])]
        others = jnp.linspace(5, 6, size, dtype=shaped(x).dtype).reshape(shape)
        wanted, found = bind(eqn, [*inputs[:-1], others])[0], smooth.bessel_jn(others, v, steps)
        off = jnp.stack([jnp.abs(jnp.transpose(found, axes) - wanted).sum() for axes in fit])
        return [jnp.stack([jnp.transpose(values, axes) for axes in fit])[jnp.argmin(off)]]

    return call


def _ordered(jaxpr: Jaxpr) -> dict[Var, tuple[Computed, Sequence[Atom]]]:
    """The lesser and the greater of two numbers in `betaln`, which leaves its equations.

    Where they are alike, JAX takes half of each for either; what depends on both is symmetric.
    """
    of_gamma = {eqn.invars[0] for eqn in jaxpr.eqns if eqn.primitive.name == "lgamma"}
    pairs: dict[tuple[int, ...], list[JaxprEqn]] = {}
    for eqn in jaxpr.eqns:
        if eqn.primitive.name in ("min", "max") and eqn.outvars[0] in of_gamma:
            pairs.setdefault(tuple(map(id, eqn.invars)), []).append(eqn)
    return {
        eqn.outvars[0]: (_one(_lesser if eqn.primitive.name == "min" else _greater), eqn.invars)
        for pair in pairs.values()
        if {eqn.primitive.name for eqn in pair} == {"min", "max"}
        for eqn in pair
    }


def _lesser(x: jax.Array, y: jax.Array) -> jax.Array:
    return jnp.where(x <= y, x, y)


def _greater(x: jax.Array, y: jax.Array) -> jax.Array:
    return jnp.where(x <= y, y, x)


def _whole_power(eqn: JaxprEqn) -> int | None:
    """The whole number by which an equation raises its first input to a power, if it does."""
    match eqn.primitive.name:
        case "integer_pow":
            return int(eqn.params["y"])
        case "square":
            return 2
        case "mul" if eqn.invars[0] is eqn.invars[1]:
            return 2
        case "pow" if isinstance(exponent := eqn.invars[1], Literal):
            known = jnp.ndim(exponent.val) == 0 and not jnp.iscomplexobj(exponent.val)
            if known and float(exponent.val).is_integer() and abs(exponent.val) <= 64:
                return int(exponent.val)
    return None


_BESSEL: dict[int, Callable[[jax.Array], jax.Array]] = {0: smooth.i0, 1: smooth.i1}

# By the name of JAX's function.
_BY_NAME: dict[str, Callable[[JaxprEqn], Computed]] = {
    "hypot": _of_each(_one(smooth.hypot), 2),
    "sinc": _of_each(_one(smooth.sinc), 1),
    "fresnel": _of_each(smooth.fresnel, 1),
    "hyp2f1": _of_each(_one(smooth.hyp2f1), 4),
    "bessel_jn": _bessel_jn,
    **dict.fromkeys(("_det", "_det_2x2", "_det_3x3"), _determinant),
}
