"""JavaScript of linear algebra: factors and solutions of matrices, one after another."""

from jax.extend.core import JaxprEqn

from gradart.javascript.array_values import Value
from gradart.javascript.emitter import Emitter, Rule, out_shape, out_type
from gradart.javascript.rules.control_flow import inside


def _cholesky(e: Emitter, eqn: JaxprEqn, a: Value) -> Value:
    to = e.buffer(out_shape(eqn), out_type(eqn))
    e.line(f"cholesky({to.buffer},{e.whole(a).buffer},{a.shape[-1]});")
    return to


def _triangular_solve(e: Emitter, eqn: JaxprEqn, a: Value, b: Value) -> Value:
    p, to = eqn.params, e.buffer(out_shape(eqn), out_type(eqn))
    flags = ",".join(str(int(p[n])) for n in ("left_side", "lower", "transpose_a", "unit_diagonal"))
    sizes = f"{b.shape[-2]},{b.shape[-1]}"
    e.line(
        f"triangular_solve({to.buffer},{e.whole(a).buffer},{e.whole(b).buffer},{sizes},{flags});"
    )
    return to


def _lu(e: Emitter, eqn: JaxprEqn, a: Value) -> list[Value]:
    made = [e.buffer(out_shape(eqn, k), out_type(eqn, k)) for k in range(3)]
    names = ",".join(v.buffer for v in made)
    e.line(f"lu({names},{e.whole(a).buffer},{a.shape[-2]},{a.shape[-1]});")
    return list(made)


def _permutation(e: Emitter, eqn: JaxprEqn, pivots: Value) -> Value:
    to = e.buffer(out_shape(eqn), out_type(eqn))
    count = eqn.params["permutation_size"]
    e.line(
        f"pivots_to_permutation({to.buffer},{e.whole(pivots).buffer},{pivots.shape[-1]},{count});"
    )
    return to


def _linear_solve(e: Emitter, eqn: JaxprEqn, *inputs: Value) -> list[Value]:
    """By the function that solves: its constants stand behind those of the other functions."""
    lengths, jaxpr = eqn.params["const_lengths"], eqn.params["jaxprs"].solve
    start = lengths.matvec + lengths.vecmat
    consts = inputs[start : start + lengths.solve]
    behind = start + lengths.solve + lengths.transpose_solve
    return inside(e, jaxpr, [*consts, *inputs[behind:]])


def _eigh(e: Emitter, eqn: JaxprEqn, a: Value) -> list[Value]:
    made = [e.buffer(out_shape(eqn, k), out_type(eqn, k)) for k in range(2)]
    e.line(f"eigh({made[0].buffer},{made[1].buffer},{e.whole(a).buffer},{a.shape[-1]});")
    return list(made)


LINEAR_ALGEBRA: dict[str, Rule] = {
    "cholesky": _cholesky,
    "triangular_solve": _triangular_solve,
    "lu": _lu,
    "lu_pivots_to_permutation": _permutation,
    "custom_linear_solve": _linear_solve,
    "eigh": _eigh,
}
