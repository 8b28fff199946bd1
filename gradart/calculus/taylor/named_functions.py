"""Which functions of JAX that are no primitives have a Taylor rule, and how they are found.

A function that is called, as one with its own derivative is, says its name. One that is not has
left its equations among those of the function that used it; they are known by their order.
"""

import functools
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Atom
from jax.extend.core import Jaxpr, JaxprEqn, Literal, Var
from jax.scipy import special

from gradart.calculus.programs import jaxprs
from gradart.calculus.programs.jaxprs import bind, shaped
from gradart.calculus.taylor.rules.elementwise import Function
from gradart.calculus.taylor.rules.integrals import (
    dawsn,
    erfcx,
    expn,
    fresnel,
    log_ndtr,
    ndtri,
    sici,
    sinc,
    spence,
)
from gradart.calculus.taylor.rules.special_functions import bessel_jn, hypergeometric
from gradart.calculus.taylor.series import Series

Named = Callable[..., list[Series]]
Kind = tuple[str, tuple[str, ...]]  # an equation's name, and the numbers written in it


def _of_last_input(rule: Function) -> Named:
    """The rule of a called function of its last input to one output, from that of a primitive."""

    def call(n: int, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
        (y,) = bind(eqn, [u[0] for u in inputs])
        return [rule(inputs[-1], y, n)]

    return call


_SPECIAL = str(Path("jax", "_src", "scipy", "special.py"))
_NUMPY = str(Path("jax", "_src", "numpy", "ufuncs.py"))
_SMOOTH = str(Path("gradart", "calculus", "smooth_functions.py"))
_NAMED: dict[tuple[str, str], Named] = {
    ("bessel_jn", _SPECIAL): bessel_jn,
    ("expn", _SPECIAL): expn,
    ("_expn", _SPECIAL): expn,
    ("hyp1f1", _SPECIAL): hypergeometric,
    ("hyp2f1", _SPECIAL): hypergeometric,
    ("bessel_jn", _SMOOTH): bessel_jn,
    ("hyp2f1", _SMOOTH): hypergeometric,
    ("sici", _SPECIAL): sici,
    ("fresnel", str(Path("jax", "_src", "third_party", "scipy", "special.py"))): fresnel,
    ("log_ndtr", _SPECIAL): _of_last_input(log_ndtr),
    ("_ndtri", _SPECIAL): _of_last_input(ndtri),
    ("_erfcx", _SPECIAL): _of_last_input(erfcx),
    ("_dawsn", _SPECIAL): _of_last_input(dawsn),
    ("sinc", _NUMPY): _of_last_input(sinc),
}


def named(eqn: JaxprEqn) -> Named | None:
    """The rule of a function that is called, if it has one; it holds in its last argument only."""
    if eqn.primitive.name not in jaxprs.CALLS:
        return None
    name, file = jaxprs.source_of(jaxprs.called(eqn))
    rule = next((r for (n, f), r in _NAMED.items() if n == name and file.endswith(f)), None)
    return rule if rule in _FIND_AXES_THEMSELVES or _keeps_axes(eqn.invars[-1], [eqn]) else None


_FIND_AXES_THEMSELVES = (None, bessel_jn, expn)  # they find the axes themselves


def _keeps_axes(x: Atom, eqns: Sequence[JaxprEqn]) -> bool:
    """Whether what is computed of an array has its axes in the same order.

    Under vmap, JAX may move those of the points to another place.
    """
    if any(shaped(v).shape != shaped(x).shape for v in eqns[-1].outvars):
        return False
    return len(shaped(x).shape) < 2 or not any(map(reorders, eqns))


def reorders(eqn: JaxprEqn) -> bool:
    """Whether an equation, or one inside of it, reorders axes."""
    inner = (jaxprs.parts(j)[0].eqns for j in jaxprs.inner_jaxprs(eqn.params))
    return eqn.primitive.name == "transpose" or any(reorders(e) for eqns in inner for e in eqns)


# Functions that leave their equations, and a call that is among them.
_WRITTEN_OUT: tuple[tuple[Callable[[jax.Array], jax.Array], Function, str], ...] = (
    (special.spence, spence, "_piecewise"),
    (special.ndtri, ndtri, "polyval"),
)


def written_out(jaxpr: Jaxpr) -> dict[Var, tuple[Function, Atom] | None]:
    """The outputs of named functions that are written out in a jaxpr, each with its rule and input.

    None for what their other equations compute, which nothing else needs.
    """
    eqns = [eqn for eqn in jaxpr.eqns if eqn.primitive.name not in _LAYOUT]
    kinds = list(map(_kind, eqns))
    names = {name for name, _ in kinds}
    found: dict[Var, tuple[Function, Atom] | None] = {}
    for f, rule, call_inside in _WRITTEN_OUT:
        if call_inside not in names:
            continue
        for dtype, many in product((jnp.dtype("float32"), jnp.dtype("float64")), (True, False)):
            if not any(getattr(v.aval, "dtype", None) == dtype for e in eqns for v in e.outvars):
                continue
            pattern, (first, place) = _pattern(f, dtype, many)
            size = len(pattern)
            for i in range(len(kinds) - size + 1):
                if kinds[i] == pattern[0] and kinds[i : i + size] == pattern:
                    *inner, last = whole = eqns[i : i + size]
                    x = whole[first].invars[place]
                    if _keeps_axes(x, whole):
                        found.update((v, None) for eqn in inner for v in eqn.outvars)
                        found[last.outvars[0]] = rule, x
    return found


_LAYOUT = ("broadcast_in_dim", "convert_element_type", "reshape")


def _kind(eqn: JaxprEqn) -> Kind:
    """What an equation is, whatever the shapes: its name, and the numbers written in it."""
    called = eqn.primitive.name in jaxprs.CALLS
    name = jaxprs.source_of(jaxprs.called(eqn))[0] if called else eqn.primitive.name
    numbers = (v.val for v in eqn.invars if isinstance(v, Literal) and jnp.ndim(v.val) == 0)
    return name, tuple(repr(complex(x)) for x in numbers)


@functools.cache
def _pattern(
    f: Callable[[jax.Array], jax.Array], dtype: np.dtype, many: bool
) -> tuple[Sequence[Kind], tuple[int, int]]:
    """The kinds of a function's equations, and which of them has its argument, at which place.

    Of one number they are others than of `many`, where vmap computes all branches.
    """
    given = jax.ShapeDtypeStruct((2,) if many else (), dtype)
    jaxpr = jax.make_jaxpr(jax.vmap(f) if many else f)(given).jaxpr
    eqns = [eqn for eqn in jaxpr.eqns if eqn.primitive.name not in _LAYOUT]
    places = (
        (i, j)
        for i, eqn in enumerate(eqns)
        for j, v in enumerate(eqn.invars)
        if v is jaxpr.invars[0]
    )
    return list(map(_kind, eqns)), next(places)
