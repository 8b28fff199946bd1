"""Taylor mode: truncated power series carried through any JAX function, in one pass.

The function is traced to a jaxpr over all the points at once; then each equation is replaced by
its rule, which takes the series of its inputs to those of its outputs. Calls and checkpoints are
entered, loops and branches carry series, and what depends on no series is computed once.

A primitive or a function with its own derivative that has no rule here follows its jvp: y' is the
jvp of u', whose series comes from the same interpreter. If that derivative uses y again, as that
of softmax does, y is found one order after the other. So a derivative that JAX was taught, with
what it says about a kink or a removable singularity, holds for every order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend.core import ClosedJaxpr, Jaxpr, Literal

from gradart.calculus.series import Series, integral, padded, slope
from gradart.calculus.taylor_arrays import ARRAYS, bind
from gradart.calculus.taylor_functions import FUNCTIONS, MANY, integer_power
from gradart.calculus.taylor_solves import SOLVES, linear_solve, refine
from gradart.calculus.taylor_special import PARAMETRIC, SPECIAL
from gradart.errors import ArtError


def taylor(
    f: Callable[[jax.Array], jax.Array], path: Sequence[jax.Array], order: int
) -> list[jax.Array]:
    """The Taylor coefficients of s -> f(path[0] + path[1] s + path[2] s^2 + ...), over axis 0.

    Each of path has shape (n, *in), each of the order + 1 coefficients (n, *out).
    """
    closed = jax.make_jaxpr(jax.vmap(f))(path[0])
    (series,) = Interpreter(order)(closed, tuple(path[: order + 1]))
    return list(padded(series, order))


@dataclass(frozen=True)
class Interpreter:
    """Runs jaxprs on series up to an order; `open` are the solutions being found one by one."""

    order: int
    open: tuple["Solution", ...] = ()

    def __call__(self, closed: ClosedJaxpr, *inputs: Series) -> list[Series]:
        return self.run(closed.jaxpr, closed.consts, inputs)

    def run(self, jaxpr: Jaxpr, consts: Sequence[Any], inputs: Sequence[Series]) -> list[Series]:
        values: dict[Any, Series] = dict(zip(jaxpr.invars, inputs, strict=True))
        values.update(zip(jaxpr.constvars, ((c,) for c in consts), strict=True))

        def read(atom: Any) -> Series:
            if not isinstance(atom, Literal):
                return values[atom]
            number: Any = np.asarray(atom.val)
            return (number,)

        for eqn in _needed(jaxpr):
            outputs = self.equation(eqn, [read(atom) for atom in eqn.invars])
            values.update(zip(eqn.outvars, outputs, strict=True))
        return [read(atom) for atom in jaxpr.outvars]

    def equation(self, eqn: Any, inputs: list[Series]) -> Sequence[Series]:
        name, n = eqn.primitive.name, self.order
        if name == "convert_element_type" and isinstance(inputs[0][0], np.ndarray):
            known: Any = inputs[0][0].astype(eqn.params["new_dtype"])
            return [(known,)]  # as a number, for an exponent
        if n == 0 or all(len(u) == 1 for u in inputs):
            return self.constant(eqn, inputs)
        if name in FLAT or not any(_inexact(v.aval) for v in eqn.outvars):
            return self.constant(eqn, inputs)
        if rule := FUNCTIONS.get(name) or SPECIAL.get(name):
            (u,) = inputs
            return [rule(u, bind(eqn, (u[0],))[0], n)]
        if name == "integer_pow":
            return [integer_power(n, *inputs, y=eqn.params["y"])]
        if many := MANY.get(name) or (len(inputs[0]) == 1 and PARAMETRIC.get(name)):
            return [many(n, *inputs)]
        if array := ARRAYS.get(name) or SOLVES.get(name):
            return array(n, eqn, *inputs)
        if control := CONTROL.get(name):
            return control(self, eqn, *inputs)
        return self.follow(eqn, inputs)

    def constant(self, eqn: Any, inputs: list[Series]) -> list[Series]:
        return [(y,) for y in bind(eqn, [u[0] for u in inputs])]

    def follow(self, eqn: Any, inputs: list[Series]) -> list[Series]:
        """y from y' = jvp(u, u'), by the primitive's or the function's own derivative."""
        for solution in self.open:
            if solution.matches(eqn, inputs):
                solution.uses.append(eqn)
                return solution.value
        starts = bind(eqn, [u[0] for u in inputs])
        varying = [i for i, u in enumerate(inputs) if len(u) > 1]
        smooth = [i for i, y in enumerate(starts) if jnp.issubdtype(y.dtype, jnp.inexact)]
        jvp = _jvp(eqn, [u[0] for u in inputs], varying, smooth)
        slopes = [slope(inputs[i]) for i in varying]
        uses: list[Any] = []

        def correct(guess: list[Series]) -> list[Series]:
            value: list[Series] = [(y,) for y in starts]
            for i, y in zip(smooth, guess, strict=True):
                value[i] = y
            solution = Solution(eqn, tuple(inputs), value, uses)
            inner = Interpreter(self.order - 1, (*self.open, solution))
            changes = inner(jvp, *inputs, *slopes)
            return [integral(y[0], dy) for y, dy in zip(guess, changes, strict=True)]

        firsts = [starts[i] for i in smooth]
        answer = correct([(y,) for y in firsts])
        if uses and self.order > 1:
            answer = refine(self.order, firsts, correct)
        value: list[Series] = [(y,) for y in starts]
        for i, y in zip(smooth, answer, strict=True):
            value[i] = y
        return value


@dataclass(frozen=True)
class Solution:
    """What is known so far of an equation's outputs, for a derivative that asks for them again."""

    eqn: Any
    inputs: tuple[Series, ...]
    value: list[Series]
    uses: list[Any] = field(default_factory=list)

    def matches(self, eqn: Any, inputs: list[Series]) -> bool:
        same = eqn.primitive is self.eqn.primitive and len(inputs) == len(self.inputs)
        return (
            same
            and all(_same(u, v) for u, v in zip(inputs, self.inputs, strict=True))
            and _print(eqn) == _print(self.eqn)
        )


def _same(u: Series, v: Series) -> bool:
    if u is v or (len(u) == len(v) and all(a is b for a, b in zip(u, v, strict=True))):
        return True
    plain = all(len(w) == 1 and isinstance(w[0], np.ndarray) for w in (u, v))
    return plain and np.array_equal(u[0], v[0])


def _print(eqn: Any) -> str:
    return str(eqn.params.get("call_jaxpr", eqn.params))


def _jvp(eqn: Any, starts: list[jax.Array], varying: list[int], smooth: list[int]) -> ClosedJaxpr:
    """(inputs, slopes of the varying ones) -> slopes of the smooth outputs."""

    def slopes(inputs: list[jax.Array], changes: list[jax.Array]) -> list[jax.Array]:
        def only(*some: jax.Array) -> list[jax.Array]:
            full = list(inputs)
            for i, x in zip(varying, some, strict=True):
                full[i] = x
            outputs = bind(eqn, full)
            return [outputs[i] for i in smooth]

        return jax.jvp(only, [inputs[i] for i in varying], changes)[1]

    try:
        return jax.make_jaxpr(slopes)(starts, [starts[i] for i in varying])
    except NotImplementedError as error:
        raise ArtError(
            f"the function {eqn.primitive.name} of JAX has no derivative of this order:"
            " ask for a lower order, or write it with other functions"
        ) from error


def _needed(jaxpr: Jaxpr) -> list[Any]:
    """The equations that the outputs depend on."""
    wanted = {v for v in jaxpr.outvars if not isinstance(v, Literal)}
    needed = []
    for eqn in reversed(jaxpr.eqns):
        if eqn.effects or any(v in wanted for v in eqn.outvars):
            needed.append(eqn)
            wanted.update(v for v in eqn.invars if not isinstance(v, Literal))
    return needed[::-1]


def _inexact(aval: Any) -> bool:
    return jnp.issubdtype(aval.dtype, jnp.inexact)


def _call(key: str) -> Callable[..., list[Series]]:
    """Enter a call and go on inside."""

    def enter(run: Interpreter, eqn: Any, *inputs: Series) -> list[Series]:
        inner = eqn.params[key]
        return run.run(getattr(inner, "jaxpr", inner), getattr(inner, "consts", ()), inputs)

    return enter


def _cond(run: Interpreter, eqn: Any, which: Series, *inputs: Series) -> list[Series]:
    branches = eqn.params["branches"]

    def full(closed: ClosedJaxpr) -> Callable[[Sequence[Series]], list[Series]]:
        return lambda inputs: [_fill(y, run.order) for y in run(closed, *inputs)]

    return lax.switch(which[0], [full(b) for b in branches], inputs)


def _fill(u: Series, n: int) -> Series:
    """All terms of a series of floats; the one term of anything else."""
    return padded(u, n) if jnp.issubdtype(jnp.result_type(u[0]), jnp.inexact) else u


def _carried(
    body: Callable[[list[Series]], list[Series]], carry: list[Series], n: int
) -> list[Series]:
    """The carry of a loop with all terms written out where the loop makes it vary."""
    while True:
        after = jax.eval_shape(body, carry)
        longer = [len(v) > len(u) for u, v in zip(carry, after, strict=True)]
        if not any(longer):
            return carry
        carry = [padded(u, n) if more else u for u, more in zip(carry, longer, strict=True)]


def _scan(run: Interpreter, eqn: Any, *inputs: Series) -> list[Series]:
    p, n = eqn.params, run.order
    start = p["num_consts"] + p["num_carry"]
    consts, carry, xs = inputs[: p["num_consts"]], inputs[p["num_consts"] : start], inputs[start:]

    def step(carry: list[Series], x: list[Series]) -> tuple[list[Series], list[Series]]:
        after = run(p["jaxpr"], *consts, *carry, *x)
        head = [padded(v, n) if len(u) > len(v) else v for u, v in zip(carry, after, strict=False)]
        return head, after[p["num_carry"] :]

    first = [tuple(jnp.asarray(a) for a in u) for u in carry]
    one = [tuple(a[0] for a in x) for x in xs] if p["length"] else list(xs)
    first = _carried(lambda c: step(c, one)[0], first, n)
    last, ys = lax.scan(
        step, first, list(xs), p["length"], reverse=p["reverse"], unroll=p["unroll"]
    )
    return [*last, *ys]


def _while(run: Interpreter, eqn: Any, *inputs: Series) -> list[Series]:
    """The condition looks at the values only: the number of turns is taken as given."""
    p, n = eqn.params, run.order
    split = p["cond_nconsts"] + p["body_nconsts"]
    asked, carry = inputs[: p["cond_nconsts"]], inputs[split:]
    consts = inputs[p["cond_nconsts"] : split]

    def goes_on(carry: list[Series]) -> jax.Array:
        still = Interpreter(0)(p["cond_jaxpr"], *[(u[0],) for u in (*asked, *carry)])
        return still[0][0]

    def step(carry: list[Series]) -> list[Series]:
        after = run(p["body_jaxpr"], *consts, *carry)
        return [padded(v, n) if len(u) > len(v) else v for u, v in zip(carry, after, strict=True)]

    first = _carried(step, [tuple(jnp.asarray(a) for a in u) for u in carry], n)
    return lax.while_loop(goes_on, step, first)


def _linear_solve(run: Interpreter, eqn: Any, *inputs: Series) -> list[Series]:
    return linear_solve(run.order, eqn, run, *inputs)


FLAT = frozenset(["sign", "floor", "ceil", "round", "nextafter", "stop_gradient"])

CONTROL: dict[str, Callable[..., list[Series]]] = {
    **dict.fromkeys(("jit", "pjit", "remat2", "checkpoint"), _call("jaxpr")),
    **dict.fromkeys(
        ("closed_call", "core_call", "custom_vjp_call", "custom_vmap_call", "call"),
        _call("call_jaxpr"),
    ),
    "cond": _cond,
    "scan": _scan,
    "while": _while,
    "custom_linear_solve": _linear_solve,
}
