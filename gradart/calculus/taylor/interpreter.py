"""Taylor mode: truncated power series carried through any JAX function, in one pass.

The function is traced to a jaxpr over all the points at once; then each equation is replaced by
its rule, which takes the series of its inputs to those of its outputs. Calls and checkpoints are
entered, loops and branches carry series, and what depends on no series is computed once.

A primitive or a function with its own derivative that has no rule here follows its jvp: y' is the
jvp of u', whose series comes from the same interpreter. If that derivative uses y again, as that
of softmax does, y is found one order after the other. So a derivative that JAX was taught, with
what it says about a kink or a removable singularity, holds for every order.
"""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Atom
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var
from jax.typing import ArrayLike

from gradart.calculus.forward_mode import is_rewritten
from gradart.calculus.programs.cache_blocking import in_parts, together
from gradart.calculus.programs.compiled_once import KEPT, Program, program, traced
from gradart.calculus.programs.jaxprs import bind, parts, shaped
from gradart.calculus.programs.padded_lengths import at_padded_lengths
from gradart.calculus.taylor.fallback import Solution, follow
from gradart.calculus.taylor.named_functions import written_out
from gradart.calculus.taylor.primitives import RULES
from gradart.calculus.taylor.rules.arrays import placed
from gradart.calculus.taylor.rules.special_functions import bessel_products
from gradart.calculus.taylor.series import UNROLLED, Series, padded
from gradart.errors import ArtError


def taylor(
    f: Callable[[jax.Array], jax.Array], path: Sequence[jax.Array], batch: int, order: int
) -> jax.Array:
    """The derivatives of order 0, ..., order of s -> f(path[0] + path[1] s + path[2] s^2 + ...).

    Each of path has shape (*batch axes, *in), the result (order + 1, *batch axes, *out). A path of
    numbers that is path[0] alone goes on as path[0] + s. It is compiled once for each order and
    function, however often the function is made anew.
    """
    run = functools.partial(_taylor, f, path[0].ndim - batch, order)
    return at_padded_lengths(run, path, batch, axis=1)


def _taylor(
    f: Callable[[jax.Array], jax.Array], own: int, order: int, *path: jax.Array
) -> jax.Array:
    """`taylor` of a path whose last `own` axes are those of what f takes."""
    batch = path[0].ndim - own
    inner = path[0].shape[batch:]
    n = math.prod(path[0].shape[:batch])
    one = jax.ShapeDtypeStruct(inner, path[0].dtype)
    closed = _together(f, one, n)
    numbers = (math.prod(shaped(v).shape) for eqn in closed.jaxpr.eqns for v in eqn.outvars)
    widest = max(1, max(numbers, default=0) // max(1, n))
    size = together(n, (order + 1) * widest, often=order > UNROLLED)
    if size < n:
        closed = _together(f, one, size)
    run = _derivatives(program(closed.jaxpr), batch, order)
    try:
        return run(closed.consts, list(path[: order + 1]))
    except ArtError:
        _derivatives.cache_clear()  # the same program may be written in another line next time
        raise
    except jax.errors.UnexpectedTracerError as error:
        name = str(error).partition("when the value leaked was ")[2].partition(" at ")[0]
        raise ArtError(
            f"a value traced in {name or 'a function inside'} is used after it has ended: let it"
            " return what is needed later, or, if it is JAX's own, ask for a lower order"
        ) from error


def _together(
    f: Callable[[jax.Array], jax.Array], one: jax.ShapeDtypeStruct, n: int
) -> ClosedJaxpr:
    """The jaxpr of f for n points at once, each like `one`."""
    many = jax.ShapeDtypeStruct((n, *one.shape), one.dtype)
    closed = jax.make_jaxpr(jax.vmap(f))(many)
    if is_rewritten(closed.jaxpr):  # for one point, not for all together
        closed = jax.make_jaxpr(jax.vmap(traced(f, one)))(many)
    return closed


@functools.lru_cache(KEPT)
def _derivatives(
    program: Program, batch: int, order: int
) -> Callable[[Sequence[ArrayLike], Sequence[jax.Array]], jax.Array]:
    """What `taylor` computes of a program's constants and a path, compiled."""

    @jax.jit
    def run(consts: Sequence[ArrayLike], path: Sequence[jax.Array]) -> jax.Array:
        def some(*series: jax.Array) -> jax.Array:
            if len(series) == 1 and order:  # ones that XLA knows multiply nothing
                series = (*series, jnp.ones_like(series[0]))
            terms = padded(Interpreter(order).run(program.jaxpr, consts, [series])[0], order)
            if order > UNROLLED:  # at once, which compiles sooner
                scale = np.array([math.factorial(k) for k in range(order + 1)], float)
                return jax.vmap(jnp.multiply)(jnp.stack(terms), scale.astype(terms[0].dtype))
            return jnp.stack(
                [a * float(math.factorial(k)) if k > 1 else a for k, a in enumerate(terms)]
            )

        axes, inner = path[0].shape[:batch], path[0].shape[batch:]
        rows = [x.reshape(math.prod(axes), *inner) for x in path]
        found = in_parts(some, rows, shaped(program.jaxpr.invars[0]).shape[0])
        return found.reshape(order + 1, *axes, *found.shape[2:])

    return run


@dataclass(frozen=True)
class Interpreter:
    """Runs jaxprs on series up to an order; `open` are the solutions being found one by one."""

    order: int
    open: tuple[Solution, ...] = ()

    def __call__(self, jaxpr: ClosedJaxpr | Jaxpr, *inputs: Series) -> list[Series]:
        """The series of the outputs of a jaxpr that holds its constants, if it has any."""
        return self.run(*parts(jaxpr), inputs)

    def at_order(self, order: int, *solutions: Solution) -> "Interpreter":
        """The same for another order, inside of the finding of those solutions too."""
        return Interpreter(order, (*self.open, *solutions))

    def run(
        self, jaxpr: Jaxpr, consts: Sequence[ArrayLike], inputs: Sequence[Series]
    ) -> list[Series]:
        """The series of a jaxpr's outputs, from its constants and the series of its inputs."""
        values: dict[Var, Series] = dict(zip(jaxpr.invars, inputs, strict=True))
        values.update(zip(jaxpr.constvars, (_constant(c) for c in consts), strict=True))

        def read(atom: Atom) -> Series:
            return _constant(np.asarray(atom.val)) if isinstance(atom, Literal) else values[atom]

        known = {**bessel_products(jaxpr), **written_out(jaxpr)} if self.order else {}
        for eqn in _needed(jaxpr):
            given = [read(atom) for atom in eqn.invars]
            outputs: Sequence[Series]
            match known.get(eqn.outvars[0], ()) if eqn.outvars else ():
                case None:  # only its value is needed
                    outputs = self.constant(eqn, given)
                case rule, x if len(read(x)) > 1:
                    (y,) = bind(eqn, [u[0] for u in given])
                    outputs = [rule(read(x), y, self.order)]
                case _:
                    outputs = self.equation(eqn, given)
            values.update(zip(eqn.outvars, outputs, strict=True))
        return [read(atom) for atom in jaxpr.outvars]

    def equation(self, eqn: JaxprEqn, inputs: list[Series]) -> Sequence[Series]:
        """The series of an equation's outputs, by its rule or by its own derivative."""
        try:
            return self._by_rule(eqn, inputs)
        except ArtError as error:
            # What is inside a call knows its own lines only, not the artist's that called it.
            here = placed(eqn, NotImplementedError(eqn.primitive.name))
            here.__cause__, error.__cause__ = error.__cause__, here
            raise
        except Exception:
            return follow(self, eqn, inputs)

    def _by_rule(self, eqn: JaxprEqn, inputs: list[Series]) -> Sequence[Series]:
        """By the rule of the primitive; by its own derivative where it has none for this form."""
        name = eqn.primitive.name
        if name == "convert_element_type" and isinstance(inputs[0][0], np.ndarray):
            return [_constant(inputs[0][0].astype(eqn.params["new_dtype"]))]  # for an exponent
        if self.order == 0 or all(len(u) == 1 for u in inputs):
            return self.constant(eqn, inputs)
        if not any(jnp.issubdtype(shaped(v).dtype, jnp.inexact) for v in eqn.outvars):
            return self.constant(eqn, inputs)
        rule = RULES.get(name)
        outputs = rule(self, eqn, *inputs) if rule else None
        return follow(self, eqn, inputs) if outputs is None else outputs

    def constant(self, eqn: JaxprEqn, inputs: list[Series]) -> list[Series]:
        """The outputs by the primitive itself, where they do not vary."""
        return [(y,) for y in bind(eqn, [u[0] for u in inputs])]


def _constant(x: ArrayLike) -> Series:
    """A series of one term; a number that is written in the program stays one of NumPy."""
    return (cast(jax.Array, x),)  # rules compute with it as with an array


def _needed(jaxpr: Jaxpr) -> list[JaxprEqn]:
    """The equations that the outputs depend on, and those that print or have another effect."""
    wanted = {v for v in jaxpr.outvars if not isinstance(v, Literal)}
    needed = []
    for eqn in reversed(jaxpr.eqns):
        if eqn.effects or any(v in wanted for v in eqn.outvars):
            needed.append(eqn)
            wanted.update(v for v in eqn.invars if not isinstance(v, Literal))
    return needed[::-1]
