"""Taylor rules of linear algebra.

A factorization or a solution y(s) satisfies an equation whose linear part at s = 0 is solved by
the primitive itself, so that one correction by it makes one more coefficient right: Newton's
method with the slope held fixed. Each rule says what one correction is.
"""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jax import lax
from jax.extend.core import JaxprEqn

from gradart.calculus.programs.jaxprs import bind
from gradart.calculus.taylor.rules.arrays import EquationRule
from gradart.calculus.taylor.series import (
    Series,
    add,
    divide,
    multiply,
    padded,
    product,
    square_root,
    subtract,
)

Matrices = list[Series]


def refine(n: int, start: Sequence[jax.Array], correct: Callable[[Matrices], Matrices]) -> Matrices:
    """The series that n corrections make right, each of them one order more."""
    first = [padded((array,), n) for array in start]
    return lax.fori_loop(0, n, lambda _, ys: [padded(y, n) for y in correct(list(ys))], first)


def _times(a: Series, b: Series, n: int) -> Series:
    """The product of two matrices."""
    return product(jnp.matmul, a, b, n)


def _adjoint(a: Series) -> Series:
    """The transposed matrix, conjugated."""
    return tuple(jnp.conj(jnp.swapaxes(x, -1, -2)) for x in a)


def _cholesky(n: int, eqn: JaxprEqn, a: Series) -> list[Series]:
    """The factor L of A = L L*: L changes by L times half of L^-1 (A - L L*) L^-*, lower part."""
    start = jnp.tril(bind(eqn, (a[0],))[0])  # the primitive leaves the upper part as it was
    symmetric = tuple((x + y) / 2 for x, y in zip(a, _adjoint(a), strict=True))
    eye = jnp.eye(start.shape[-1], dtype=start.dtype)
    half = jnp.tril(jnp.ones_like(eye)) - eye / 2

    def term(error: jax.Array) -> jax.Array:
        left = _solve_triangular(start, error, lower=True)
        both = jnp.conj(jnp.swapaxes(left, -1, -2))
        both = jnp.conj(jnp.swapaxes(_solve_triangular(start, both, lower=True), -1, -2))
        return start @ (half * both)

    def correct(ys: Matrices) -> Matrices:
        (y,) = ys
        error = subtract(symmetric, _times(y, _adjoint(y), n))
        return [add(y, (jnp.zeros_like(start), *map(term, error[1:])))]

    return refine(n, [start], correct)


def _lu(n: int, eqn: JaxprEqn, a: Series) -> list[Series]:
    """P A = L U: of M = L^-1 (P A - L U) U^-1, L changes by L tril(M) and U by triu(M) U.

    What is not square is made so by columns or rows of the identity, which stay what they are.
    """
    both, pivots, permutation = bind(eqn, (a[0],))
    rows, columns = both.shape[-2:]
    size = max(rows, columns)

    def squared(x: jax.Array, corner: float) -> jax.Array:
        more = [(0, 0)] * (x.ndim - 2) + [(0, size - rows), (0, size - columns)]
        still = jnp.arange(size) >= min(rows, columns)
        return jnp.pad(x, more) + corner * jnp.diag(still).astype(x.dtype)

    square = squared(both, 1)
    eye = jnp.eye(size, dtype=both.dtype)
    lower, upper = jnp.tril(square, -1) + eye, jnp.triu(square)
    permuted = tuple(
        squared(jnp.take_along_axis(x, permutation[..., None], -2), float(k == 0))
        for k, x in enumerate(a)
    )

    def correct(ys: Matrices) -> Matrices:
        low, up = ys
        error = subtract(permuted, _times(low, up, n))
        changes = [_lu_change(lower, upper, e) for e in error[1:]]
        still = jnp.zeros_like(square)
        return [
            add(low, (still, *[dl for dl, _ in changes])),
            add(up, (still, *[du for _, du in changes])),
        ]

    low, up = refine(n, [lower, upper], correct)
    packed = (both, *[x[..., :rows, :columns] for x in add(low, up)[1:]])
    return [packed, (pivots,), (permutation,)]


def _lu_change(lower: jax.Array, upper: jax.Array, error: jax.Array) -> tuple[jax.Array, jax.Array]:
    """How L and U change for an error of P A - L U."""
    left = _solve_triangular(lower, error, lower=True, unit_diagonal=True)
    middle = jnp.swapaxes(
        _solve_triangular(upper, jnp.swapaxes(left, -1, -2), lower=False, transpose_a=True), -1, -2
    )
    return lower @ jnp.tril(middle, -1), jnp.triu(middle) @ upper


def _eig(n: int, eqn: JaxprEqn, a: Series) -> list[Series]:
    """Eigenvalues and vectors, A V = V D: of V^-1 (A V - V D), the diagonal corrects D, the rest V.

    An eigenvector is of length 1, and its largest number is real, as LAPACK has it; where another
    number becomes the largest, it turns at once.
    """
    values = eqn.primitive.bind(a[0], **eqn.params)[0]
    sides = {f"compute_{side}_eigenvectors": side == "right" for side in ("left", "right")}
    start = eqn.primitive.bind(a[0], **{**eqn.params, **sides})[1]
    matrix = tuple(x.astype(start.dtype) for x in a)
    inverse, eye = jnp.linalg.inv(start), jnp.eye(start.shape[-1], dtype=start.dtype)
    gaps = values[..., None, :] - values[..., :, None]

    def correct(ys: Matrices) -> Matrices:
        w, v = ys
        error = subtract(
            _times(matrix, v, n), _times(v, tuple(x[..., None, :] * eye for x in w), n)
        )
        middle = [inverse @ e for e in error[1:]]
        turns = [jnp.where(eye == 1, 0, m / jnp.where(eye == 1, 1, gaps)) for m in middle]
        return [
            add(w, (jnp.zeros_like(values), *[jnp.diagonal(m, 0, -2, -1) for m in middle])),
            add(v, (jnp.zeros_like(start), *[start @ turn for turn in turns])),
        ]

    w, v = refine(n, [values, start], correct)
    outputs = [w]
    if eqn.params["compute_left_eigenvectors"]:
        # The inverse of V has the left ones, conjugated, as its rows.
        left = refine(
            n,
            [inverse],
            lambda ys: [add(ys[0], tuple(inverse @ e for e in _minus_product(v, ys[0], eye, n)))],
        )[0]
        outputs.append(_normalized(_adjoint(left), n))
    if eqn.params["compute_right_eigenvectors"]:
        outputs.append(_normalized(v, n))
    return outputs


def _minus_product(a: Series, b: Series, c: jax.Array, n: int) -> Series:
    """C - A B, with a C that does not vary."""
    return subtract((c,), _times(a, b, n))


def _normalized(v: Series, n: int) -> Series:
    """Columns of length 1 whose largest number is real."""
    place = jnp.argmax(jnp.abs(v[0]), -2)[..., None, :]
    largest = tuple(jnp.take_along_axis(x, place, -2) for x in v)
    conjugate = tuple(map(jnp.conj, largest))
    turned = multiply(v, conjugate, n)
    square = multiply(turned, tuple(map(jnp.conj, turned)), n)
    length = tuple(x.real.sum(-2, keepdims=True).astype(x.dtype) for x in square)
    return divide(turned, square_root(length, jnp.sqrt(length[0]), n), n)


def _solve_triangular(a: jax.Array, b: jax.Array, **options: bool) -> jax.Array:
    """The X of A X = B, with A triangular."""
    return lax.linalg.triangular_solve(a, b, left_side=True, **options)


def _triangular_solve(n: int, eqn: JaxprEqn, a: Series, b: Series) -> list[Series]:
    """The X of A X = B or X A = B, with A triangular, perhaps transposed or conjugated."""
    if len(a) == 1:
        return [tuple(bind(eqn, (a[0], x))[0] for x in b)]
    given = eqn.params

    def part(k: int, x: jax.Array) -> jax.Array:
        x = jnp.tril(x, -given["unit_diagonal"]) if given["lower"] else x
        x = x if given["lower"] else jnp.triu(x, int(given["unit_diagonal"]))
        if given["unit_diagonal"] and k == 0:
            x = x + jnp.eye(x.shape[-1], dtype=x.dtype)
        x = jnp.swapaxes(x, -1, -2) if given["transpose_a"] else x
        return jnp.conj(x) if given["conjugate_a"] else x

    matrix = tuple(part(k, x) for k, x in enumerate(a))

    def correct(ys: Matrices) -> Matrices:
        (y,) = ys
        held = _times(matrix, y, n) if given["left_side"] else _times(y, matrix, n)
        error = subtract(b, held)
        return [add(y, tuple(bind(eqn, (a[0], e))[0] for e in error))]

    return refine(n, bind(eqn, (a[0], b[0])), correct)


def linear_solve(
    n: int, eqn: JaxprEqn, run: Callable[..., list[Series]], *inputs: Series
) -> Matrices:
    """The x of lax.custom_linear_solve: x += solve(b - matvec(x)), by the solver at s = 0."""
    sizes, jaxprs = eqn.params["const_lengths"], eqn.params["jaxprs"]
    rest = list(inputs)
    matvec_consts = [rest.pop(0) for _ in range(sizes.matvec)]
    del rest[: sizes.vecmat]
    solve_consts = [(rest.pop(0)[0],) for _ in range(sizes.solve)]
    b = rest[sizes.transpose_solve :]

    def solve(errors: Sequence[jax.Array]) -> list[jax.Array]:
        answer = run(jaxprs.solve, *solve_consts, *[(e,) for e in errors])
        return [x[0] for x in answer][: len(errors)]

    def correct(ys: Matrices) -> Matrices:
        held = run(jaxprs.matvec, *matvec_consts, *ys)
        errors = [padded(subtract(u, v), n) for u, v in zip(b, held, strict=True)]
        changes = [solve([e[k] for e in errors]) for k in range(n + 1)]
        return [add(y, change) for y, change in zip(ys, zip(*changes, strict=True), strict=True)]

    return refine(n, bind(eqn, [u[0] for u in inputs])[: len(b)], correct)


SOLVES: dict[str, EquationRule] = {
    "cholesky": _cholesky,
    "lu": _lu,
    "eig": _eig,
    "triangular_solve": _triangular_solve,
}
