"""Truncated power series, and the arithmetic that the rules of Taylor mode are written in.

A series u_0 + u_1 s + u_2 s^2 + ... is the tuple of its coefficients, arrays of one shape. Zeros at
the end are left out, so a constant is a tuple of one, and what depends on t linearly a tuple of
two: the products below then cost only what they must. `n` is the order at which a result is cut.

Products and recurrences are written out, term by term, up to order UNROLLED: XLA then fuses them
into few loops over the points. A program of n^2 / 2 terms compiles ever slower, so that beyond it
they become loops over the coefficients.

The recurrences are those of A. Griewank and A. Walther, Evaluating Derivatives (2nd ed., 2008),
section 13.2.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import cast

import jax
import jax.numpy as jnp
from jax import lax
from jax.typing import ArrayLike

from gradart.calculus.programs.cache_blocking import stored, stored_pair

Series = tuple[jax.Array, ...]
Terms = Sequence[jax.Array]
Index = int | jax.Array  # of a coefficient; an array where it is the counter of a loop
Binary = Callable[[jax.Array, jax.Array], jax.Array]

UNROLLED = 16
AT_ONCE = 4  # terms that a product's loop adds in each step


def add(u: Series, v: Series) -> Series:
    """u + v; where one series has ended, the other goes on alone."""
    shape = jnp.broadcast_shapes(jnp.shape(u[0]), jnp.shape(v[0]))
    return tuple(
        jnp.broadcast_to(b if a is None else a, shape) if a is None or b is None else a + b
        for a, b in zip_longest(u, v)
    )


def negative(u: Series) -> Series:
    """-u."""
    return tuple(-a for a in u)


def subtract(u: Series, v: Series) -> Series:
    """u - v."""
    return add(u, negative(v))


def plus(u: Series, constant: ArrayLike) -> Series:
    """u + c, for a constant c."""
    return (u[0] + constant, *u[1:])


def padded(u: Series, n: int) -> Series:
    """u with its zeros written out, n + 1 terms."""
    return (*u[: n + 1], *[jnp.zeros_like(u[0])] * (n + 1 - len(u)))


def slope(u: Series) -> Series:
    """The derivative of a series by s; of a constant, one zero."""
    if len(u) == 1:
        return (jnp.zeros_like(u[0]),)
    return tuple(a if k == 1 else k * a for k, a in enumerate(u) if k)


def integral(start: jax.Array, u: Series) -> Series:
    """The series with that slope, from that start."""
    return (start, *(a if k == 0 else a / (k + 1) for k, a in enumerate(u)))


def multiply(u: Series, v: Series, n: int) -> Series:
    """u v, element by element, up to order n."""
    return product(jnp.multiply, u, v, n)


def product(op: Binary, u: Series, v: Series, n: int) -> Series:
    """The Cauchy product for any operation that is linear in both of its arguments."""
    if len(u) == 1 or len(v) == 1:
        u, v = u[: n + 1], v[: n + 1]
        if max(len(u), len(v)) <= UNROLLED + 1:
            return tuple(op(a, b) for a in u for b in v)
        first, second = (x[0] if len(x) == 1 else jnp.stack(x) for x in (u, v))
        return tuple(jax.vmap(op, (0, None) if len(v) == 1 else (None, 0))(first, second))
    size = min(len(u) + len(v) - 1, n + 1)
    if min(len(u), len(v)) > UNROLLED + 1:
        return _rolled_product(op, u, v, size)
    symmetric = u is v and op is jnp.multiply
    return tuple(_squares(u, k) if symmetric else _convolve(u, v, k, op) for k in range(size))


def _convolve(u: Terms, v: Terms, k: int, op: Binary = jnp.multiply) -> jax.Array:
    """The sum of op(u_j, v_{k-j}) over the terms that there are."""
    low, high = max(0, k - len(v) + 1), min(k, len(u) - 1)
    return _sum(op(u[j], v[k - j]) for j in range(low, high + 1))


def _squares(u: Terms, k: int) -> jax.Array:
    """Coefficient k of u * u: each product of two different terms counts twice."""
    low = max(0, k - len(u) + 1)
    pairs = [u[j] * u[k - j] for j in range(low, (k + 1) // 2)]
    middle = [u[k // 2] * u[k // 2]] if k % 2 == 0 else []
    return _sum([2 * _sum(pairs), *middle] if pairs else middle)


def _sum(terms: Iterable[jax.Array]) -> jax.Array:
    """The terms from the first to the last; 0 if there are none, which is no array."""
    total: jax.Array | None = None
    for term in terms:
        total = term if total is None else total + term
    return cast(jax.Array, 0.0) if total is None else total  # as an array


def _rolled_product(op: Binary, u: Series, v: Series, size: int) -> Series:
    """The same product as a loop that adds a few u_k times v, each v moved up by its k.

    A few at a time, so that the sums are read and written less often.
    """
    stacked = jnp.stack(padded(u, -(-size // AT_ONCE) * AT_ONCE - 1))
    below = jnp.stack(padded(v, size - 1))
    zeros = jnp.zeros((len(stacked), *below.shape[1:]), below.dtype)
    below = jnp.concatenate([zeros, below])

    def step(i: jax.Array, total: jax.Array) -> jax.Array:
        for k in range(AT_ONCE):
            place = i * AT_ONCE + k
            moved = lax.dynamic_slice_in_dim(below, len(stacked) - place, size)
            total = total + jax.vmap(op, (None, 0))(stacked[place], moved)
        return total

    start = jax.eval_shape(jax.vmap(op), stacked[:size], below[len(stacked) :])
    steps = len(stacked) // AT_ONCE
    return tuple(lax.fori_loop(0, steps, step, jnp.zeros(start.shape, start.dtype)))


class _Growing:
    """The first k coefficients of an unknown series inside a loop: an array with n zeros below."""

    def __init__(self, array: jax.Array, k: jax.Array, n: int) -> None:
        self.array, self.k, self.n = array, k, n

    def __len__(self) -> int:
        return self.n + 1

    def __getitem__(self, j: int) -> jax.Array:
        return self.array[self.n + j]

    def append(self, term: jax.Array) -> None:
        """Put down the next coefficient."""
        self.array = lax.dynamic_update_index_in_dim(self.array, term, self.n + self.k, 0)

    def back(self, k: Index, j: int) -> jax.Array:
        """Coefficient k - j, zero where that is negative."""
        return lax.dynamic_index_in_dim(self.array, self.n + k - j, 0, keepdims=False)


Unknown = list[jax.Array] | _Growing
Step = Callable[..., None]  # (k, *series)


def convolve(u: Terms | _Growing, v: Unknown, k: Index) -> jax.Array:
    """Coefficient k of u * v, with v not known beyond it."""
    if isinstance(v, _Growing):
        return _sum(u[j] * v.back(k, j) for j in range(min(len(u), v.n + 1)))
    # As v is no growing one, u is none, and no loop counts.
    assert not isinstance(u, _Growing)
    assert isinstance(k, int)
    return _squares(v, k) if u is v else _convolve(u, v, k)


def recur(n: int, starts: Sequence[jax.Array], step: Step, width: int = 1000) -> list[Series]:
    """Series known by their starts and a recurrence.

    step(k, *series), for k = 1, ..., n, appends coefficient k to each of the series, as a sum of
    `width` terms or k, whichever is less.
    """
    if n <= UNROLLED or width <= 2:
        lists = [[start] for start in starts]
        for k in range(1, n + 1):
            step(k, *lists)
        return [tuple(terms) for terms in lists]

    def body(k: jax.Array, arrays: list[jax.Array]) -> list[jax.Array]:
        growing = [_Growing(array, k, n) for array in arrays]
        step(k, *growing)
        return [series.array for series in growing]

    empty = [jnp.zeros((2 * n + 1, *start.shape), start.dtype) for start in starts]
    arrays = [array.at[n].set(start) for array, start in zip(empty, starts, strict=True)]
    return [tuple(array[n:]) for array in lax.fori_loop(1, n + 1, body, arrays)]


def coefficients(u: Series, n: int) -> Callable[[Index], jax.Array | None]:
    """A function of k to u_k, None where u has ended; k may be the counter of a loop."""
    stacked = jnp.stack(padded(u, n)) if n > UNROLLED else None

    def term(k: Index) -> jax.Array | None:
        if isinstance(k, int):
            return u[k] if k < len(u) else None
        assert stacked is not None  # only a loop has a counter
        return stacked[k]

    return term


def divide(u: Series, v: Series, n: int) -> Series:
    """u / v, as the q of q v = u."""
    if len(v) == 1:
        return tuple(a / v[0] for a in u[: n + 1])
    given, rest = coefficients(u, n), v[1:]

    def step(k: Index, q: Unknown) -> None:
        known, a = convolve(rest, q, k - 1), given(k)
        q.append((-known if a is None else a - known) / v[0])

    return recur(n, [u[0] / v[0]], step, len(rest))[0]


def riccati(u: Series, y: jax.Array, a: float, b: float, c: float, n: int) -> Series:
    """The y that starts there with y' = (a + b y + c y^2) u'."""
    y = stored(y)
    du = slope(u)
    if a == c == 0:

        def grow(k: Index, y: Unknown) -> None:
            y.append(b * convolve(du, y, k - 1) / k)

        return recur(n, [y], grow, len(du))[0]

    def step(k: Index, y: Unknown, g: Unknown) -> None:
        term = convolve(du, g, k - 1) / k
        y.append(term)
        square: jax.Array | float = c * convolve(y, y, k) if c else 0.0
        g.append(b * term + square if b else jnp.asarray(square))

    straight = a + b * y if b else jnp.full_like(y, a)
    return recur(n, [y, straight + c * y * y if c else straight], step)[0]


def sine_cosine(u: Series, s: jax.Array, c: jax.Array, sign: int, n: int) -> tuple[Series, Series]:
    """The pair that starts there with s' = c u', c' = sign s u'."""
    du = slope(u)
    s, c = stored_pair(s, c)

    def step(k: Index, s: Unknown, c: Unknown) -> None:
        ds, dc = convolve(du, c, k - 1), convolve(du, s, k - 1)
        s.append(ds / k)
        c.append(sign * dc / k)

    sine, cosine = recur(n, [s, c], step, len(du))
    return sine, cosine


def power(u: Series, r: float | jax.Array, y: jax.Array, n: int) -> Series:
    """u to a constant power r, from its start y and u y' = r y u'."""
    h = tuple(a / u[0] for a in u[1:])
    dh = tuple(k * a for k, a in enumerate(h, 1))

    def step(k: Index, y: Unknown) -> None:
        if len(h) == 1:
            y.append(convolve(h, y, k - 1) * (r + 1 - k) / k)
        else:
            y.append((r + 1) * convolve(dh, y, k - 1) / k - convolve(h, y, k - 1))

    return recur(n, [y], step, len(h))[0]


def square_root(u: Series, y: jax.Array, n: int) -> Series:
    """The root of u, from its start y and y y = u."""
    given, twice = coefficients(u, n), 2 * y

    def step(k: Index, y: Unknown) -> None:
        known, a = convolve(y, y, k), given(k)
        y.append((-known if a is None else a - known) / twice)

    return recur(n, [y], step)[0]


def whole_power(u: Series, m: int, n: int) -> Series:
    """u to a whole power m >= 1: for two terms the binomial theorem, otherwise by squaring."""
    if len(u) == 2:
        result = [lax.integer_pow(u[0], m)]
        choose, top = 1, u[1]
        for k in range(1, min(m, n) + 1):
            choose = choose * (m - k + 1) // k
            result.append(float(choose) * lax.integer_pow(u[0], m - k) * top)
            top = top * u[1]
        return tuple(result)
    power: Series | None = None
    base = u
    while m:
        if m % 2:
            power = base if power is None else multiply(power, base, n)
        m //= 2
        base = multiply(base, base, n) if m else base
    assert power is not None  # m >= 1
    return power


def compose(outer: Terms | jax.Array, u: Series, n: int) -> Series:
    """The sum of outer_j (u - u_0)^j by Horner's rule; outer has n + 1 terms."""
    rest = u[1:]
    if len(rest) == 1:
        powers = [jnp.ones_like(u[0])]
        for _ in range(n):
            powers.append(powers[-1] * rest[0])
        return tuple(a * b for a, b in zip(outer, powers, strict=True))
    stacked = jnp.stack(list(outer))

    def step(i: jax.Array, result: Series) -> Series:
        higher = padded(multiply(rest, result[:n], n - 1), n - 1)
        return (stacked[n - 1 - i], *higher)

    return lax.fori_loop(0, n, step, padded((stacked[n],), n))
