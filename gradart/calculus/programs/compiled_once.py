"""Functions compiled once for all that compute the same, as the programs that they trace to say.

A function that an artist writes is a new object each time its sketch is called, so JAX, which knows
functions by identity, would compile it anew. And a function that is the same object may mean
something else than before, where a number that it reads has changed. What it means is what it
traces to: a jaxpr, which is compared by its equations, with the arrays that it holds as arguments.
"""

import functools
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Atom
from jax.extend.core import ClosedJaxpr, Jaxpr, Literal, Var, jaxpr_as_fun
from jax.tree_util import PyTreeDef
from jax.typing import ArrayLike

from gradart.calculus.forward_mode import explained, forward
from gradart.calculus.programs.jaxprs import parts
from gradart.calculus.programs.present_values import present
from gradart.types import Function

KEPT = 256  # programs
R = TypeVar("R")
_Run = Callable[..., list[jax.Array]]  # of constants and arguments


@dataclass(frozen=True)
class Program:
    """A jaxpr without its constants; two are equal if they compute the same."""

    text: Hashable
    jaxpr: Jaxpr = field(compare=False)

    def __call__(self, consts: Sequence[ArrayLike], *args: ArrayLike) -> list[jax.Array]:
        """What the program computes of its constants and arguments."""
        return jaxpr_as_fun(ClosedJaxpr(self.jaxpr, list(consts)))(*args)


def program(jaxpr: Jaxpr) -> Program:
    """The program of a jaxpr, to be compared with others."""
    return Program(fingerprint(jaxpr), jaxpr)


def compiled(f: Callable[..., R], *, still: bool = False) -> Callable[..., R]:
    """A function as `jax.jit` has it, compiled once for all functions that compute the same.

    It is traced once for each shape of its arguments: a wrapper is for one use, not to be kept. If
    `still`, the numbers that it closes over are as they are now, and carry no derivative.
    """
    traced: dict[Hashable, tuple[_Run, Sequence[ArrayLike], PyTreeDef]] = {}

    def call(*args: ArrayLike) -> R:
        leaves, tree = jax.tree.flatten(args)
        shapes = (tree, *((np.shape(x), getattr(x, "dtype", type(x))) for x in leaves))
        if shapes not in traced:
            leaves = [jnp.asarray(x) for x in leaves]
            closed, result = jax.make_jaxpr(f, return_shape=True)(*jax.tree.unflatten(tree, leaves))
            run = _jitted_alone(program(closed.jaxpr))
            consts: Sequence[ArrayLike] = present(closed.consts) if still else closed.consts
            traced[shapes] = run, consts, jax.tree.structure(result)
        run, consts, result = traced[shapes]
        return jax.tree.unflatten(result, explained(run)(consts, *leaves))

    return call


@dataclass(frozen=True)
class TracedFunction:
    """A function of one array, kept as the program that it traced to for arrays of one shape.

    A pytree of its constants: as an argument of a jitted function it is known by what it computes.
    """

    program: Program
    consts: Sequence[ArrayLike]

    def __call__(self, x: jax.Array) -> jax.Array:
        """f(x), by the program."""
        return self.program(self.consts, x)[0]


jax.tree_util.register_dataclass(TracedFunction, ["consts"], ["program"])


def traced(f: Function, x: ArrayLike | jax.ShapeDtypeStruct) -> TracedFunction:
    """f as the program that it traces to for arrays like x; traced once for all later uses.

    Every derivative of what is written is there forward.
    """
    if isinstance(f, TracedFunction):
        return f
    closed = forward(jax.make_jaxpr(f)(x))
    return TracedFunction(program(closed.jaxpr), closed.consts)


def held(f: TracedFunction) -> TracedFunction:
    """f with the numbers that it closes over as they are now, without their derivatives."""
    return TracedFunction(f.program, present(f.consts))


def jit_with(driver: Callable[..., R], f: TracedFunction) -> Callable[..., R]:
    """driver(f, ...) as a function of what follows f, compiled once for all f of one program.

    The driver is a function of a module, so that it is not traced again either.
    """
    run = cast(Callable[..., R], _jitted(driver, f.program))  # what is kept has no R of its own
    return explained(functools.partial(run, f.consts))


@functools.lru_cache(KEPT)
def _jitted_alone(program: Program) -> _Run:
    """A program under `jax.jit`."""
    return jax.jit(program)


@functools.lru_cache(KEPT)
def _jitted(driver: Callable[..., object], program: Program) -> Callable[..., object]:
    """A driver with a program in front of its arguments, under `jax.jit`."""

    def run(consts: Sequence[ArrayLike], *args: ArrayLike) -> object:
        return driver(TracedFunction(program, consts), *args)

    return jax.jit(run)


def fingerprint(x: object, without: frozenset[str] = frozenset()) -> Hashable:
    """What a jaxpr or an equation's parameters say, leaving out parameters by the names `without`.

    A jaxpr's own constants are its arguments; those of the jaxprs inside belong to what it says.
    """
    reader = _Reader(without)
    return reader.equations(x) if isinstance(x, Jaxpr) else reader.fingerprint(x)


@dataclass(frozen=True)
class _Reader:
    """Reads jaxprs and parameters for what tells them apart, but for the parameters `without`."""

    without: frozenset[str]

    def equations(self, jaxpr: Jaxpr) -> Hashable:
        """All that a jaxpr computes, its variables numbered in the order in which they appear."""
        numbers: dict[Var, int] = {}

        def define(variables: Sequence[Var]) -> Hashable:
            return tuple((numbers.setdefault(v, len(numbers)), _shape(v.aval)) for v in variables)

        def use(atom: Atom) -> Hashable:
            if isinstance(atom, Literal):
                return _shape(atom.aval), self.fingerprint(atom.val)
            return numbers[atom]

        head = define([*jaxpr.constvars, *jaxpr.invars])
        body = []
        for eqn in jaxpr.eqns:
            inputs = tuple(map(use, eqn.invars))
            body.append((eqn.primitive, inputs, self.fingerprint(eqn.params), define(eqn.outvars)))
        return head, tuple(body), tuple(map(use, jaxpr.outvars))

    def fingerprint(self, x: object) -> Hashable:
        """What tells a value apart: its content, or itself where that cannot be compared."""
        match x:
            case Jaxpr() | ClosedJaxpr():
                jaxpr, consts = parts(x)
                return self.equations(jaxpr), tuple(map(self.fingerprint, consts))
            case list() | tuple():
                return type(x), tuple(map(self.fingerprint, x))
            case dict():
                items = (item for item in x.items() if item[0] not in self.without)
                return tuple((key, self.fingerprint(value)) for key, value in items)
            case np.ndarray() | np.generic():
                return type(x), x.shape, str(x.dtype), x.tobytes()
            case jax.Array() if _has_numbers(x):  # what an inner jaxpr made of numbers of NumPy
                return type(x), _shape(x), np.asarray(x).tobytes()
            case float() | complex():
                return type(x), repr(x)  # 0.0 is not -0.0
        try:
            hash(x)
        except TypeError:
            return _ByIdentity(x)
        return type(x), x


def _has_numbers(x: jax.Array) -> bool:
    """Whether an array can be read: it is no tracer, and not of keys."""
    return not isinstance(x, jax.core.Tracer) and isinstance(x.dtype, np.dtype)


def _shape(x: object) -> Hashable:
    """The shape and type of an array's description, as far as it has them."""
    kind = str(getattr(x, "dtype", x))  # a token has no shape
    return getattr(x, "shape", None), kind, getattr(x, "weak_type", False)


@dataclass(frozen=True, eq=False)
class _ByIdentity:
    """What cannot be compared, and is equal to nothing but itself."""

    value: object
