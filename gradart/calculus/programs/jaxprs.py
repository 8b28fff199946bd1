"""How a jaxpr and its equations are read, in each JAX that is known.

JAX documents what its functions compute, but not what it calls the parameters of an equation, nor
how a jaxpr holds its constants: both have changed between minor versions. What differs is read here
and nowhere else. A minor version that is not in KNOWN has not been looked at: tests/calculus/
test_jaxprs.py fails on it, and says what to compare.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import jax
from jax.core import Atom, ShapedArray
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var
from jax.typing import ArrayLike

JAX = str(Path(jax.__file__).parent)  # where its own functions are
KNOWN = ((0, 10), (0, 11), (0, 12))  # minor versions of JAX


def bind(eqn: JaxprEqn, inputs: Sequence[ArrayLike]) -> list[jax.Array]:
    """What the primitive of an equation computes of arrays: one array for each output."""
    result = eqn.primitive.bind(*inputs, **eqn.primitive.get_bind_params(eqn.params))
    return list(result) if eqn.primitive.multiple_results else [result]


def shaped(atom: Atom) -> ShapedArray:
    """The shape and type of what a variable holds, which is an array."""
    return cast(ShapedArray, atom.aval)  # JAX declares what is more general


def of_some(
    eqn: JaxprEqn, inputs: Sequence[ArrayLike], places: Sequence[int]
) -> Callable[..., list[jax.Array]]:
    """What an equation computes, as a function of its inputs at those places only."""

    def call(*some: ArrayLike) -> list[jax.Array]:
        full = list(inputs)
        for i, x in zip(places, some, strict=True):
            full[i] = x
        return bind(eqn, full)

    return call


def parts(jaxpr: ClosedJaxpr | Jaxpr) -> tuple[Jaxpr, Sequence[ArrayLike]]:
    """A jaxpr, and the constants that it holds, none if it is open.

    Until 0.10 these are two classes; from 0.11 on one, which holds its constants itself.
    """
    either: object = jaxpr
    # What one JAX declares, another has not.
    return cast(Jaxpr, getattr(either, "jaxpr", either)), getattr(either, "consts", ())


def inner_jaxprs(x: object) -> Iterator[ClosedJaxpr | Jaxpr]:
    """The jaxprs in an equation's parameters, or in one of them."""
    if isinstance(x, ClosedJaxpr | Jaxpr):
        yield x
    elif isinstance(x, dict):
        yield from inner_jaxprs(tuple(x.values()))
    elif isinstance(x, tuple | list):
        for y in x:
            yield from inner_jaxprs(y)


CHECKPOINT = "remat2"  # the primitive of jax.checkpoint, whose call is computed twice backward

# How an equation that computes what another jaxpr does, and nothing else, calls it.
CALLS = {
    **dict.fromkeys(("jit", CHECKPOINT), "jaxpr"),
    **dict.fromkeys(("closed_call", "call"), "call_jaxpr"),  # the last JAX to have them is 0.10
    **dict.fromkeys(("custom_jvp_call", "custom_vjp_call"), "call_jaxpr"),
    "custom_vmap_call": "call",
}


def called(eqn: JaxprEqn) -> ClosedJaxpr | Jaxpr:
    """The jaxpr that a call enters; one with its own derivative, too."""
    return eqn.params[CALLS[eqn.primitive.name]]


HIGH = "call_hi_primitive"  # what JAX writes out later, as searchsorted, from 0.12 on


def written_out(eqn: JaxprEqn) -> ClosedJaxpr:
    """The primitives that an equation stands for which JAX itself writes out later: a HIGH one."""
    inputs = [jax.ShapeDtypeStruct(shaped(v).shape, shaped(v).dtype) for v in eqn.invars]
    return jax.make_jaxpr(eqn.params["_prim"].expand)(*inputs)


def source_of(jaxpr: ClosedJaxpr | Jaxpr) -> tuple[str, str]:
    """The name of the function that a jaxpr was traced from, and its file; empty if not known."""
    about = parts(jaxpr)[0].debug_info
    if about is None:
        return "", ""
    name, _, place = (about.func_src_info or "").partition(" at ")  # "NAME at FILE:LINE"
    return name, place.rpartition(":")[0]


def branches(eqn: JaxprEqn) -> Sequence[ClosedJaxpr]:
    """What a `cond` or a `switch` chooses from, by the number that is its first input."""
    return eqn.params["branches"]


@dataclass(frozen=True)
class Scan:
    """A `scan` of JAX: a loop over the rows of its inputs, which carries some numbers along.

    Its body is (*consts, *carry, *x) -> (*carry, *y), for each x in turn.
    """

    body: ClosedJaxpr
    consts: int  # how many of the inputs
    carry: int  # how many of the inputs behind those
    length: int
    reverse: bool
    unroll: int


def scan(eqn: JaxprEqn) -> Scan:
    """The parts of a `scan`, whose inputs are its constants, what it carries and its rows."""
    p = eqn.params
    if "ft_in" in p:  # from 0.11 on
        consts, carry, _ = (len(group) for group in p["ft_in"].unpack())
    else:
        consts, carry = p["num_consts"], p["num_carry"]
    return Scan(p["jaxpr"], consts, carry, p["length"], p["reverse"], p["unroll"])


@dataclass(frozen=True)
class While:
    """A `while` loop of JAX: a body that changes what is carried, and a condition to go on.

    They are (*body_consts, *carry) -> carry and (*cond_consts, *carry) -> whether to go on.
    The inputs are the constants of the one, those of the other, and the carry. Of a loop that is
    mapped over points whose lengths differ, `cond` has one answer for each: its axes are the first
    ones of all that is carried, and what has ended stays.
    """

    cond: ClosedJaxpr
    cond_consts: int
    body: ClosedJaxpr
    body_consts: int


def while_loop(eqn: JaxprEqn) -> While:
    """The parts of a `while` loop."""
    p = eqn.params
    return While(p["cond_jaxpr"], p["cond_nconsts"], p["body_jaxpr"], p["body_nconsts"])


# What each tracing makes anew for a function with its own derivative: it tells nothing about it.
DERIVATIVE_RULES = frozenset(("jvp_jaxpr_fun", "fwd_jaxpr_thunk", "bwd", "out_trees"))


def variables(atoms: Sequence[Atom]) -> set[Var]:
    """The variables among the atoms of equations, without constants that are written there."""
    return {atom for atom in atoms if not isinstance(atom, Literal)}


def numbers_computed(eqn: JaxprEqn, unknown: Callable[[float], float]) -> float:
    """About how many numbers an equation reads and computes.

    Of a loop of unknown length these are what `unknown` makes of those of one step.
    """
    name = eqn.primitive.name
    inner = sum(
        numbers_computed(one, unknown) for j in inner_jaxprs(eqn.params) for one in parts(j)[0].eqns
    )
    if name in ("while", "custom_linear_solve"):
        return unknown(inner)
    times = scan(eqn).length if name == "scan" else 1
    return float(times * inner + sum(shaped(v).size for v in (*eqn.invars, *eqn.outvars)))
