"""Programs put together at random: however loops are joined, the numbers are those of JAX."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from tests.javascript.node import checked, needs_node

pytestmark = needs_node
START = np.random.default_rng(1).normal(size=(4, 3, 2))

# What decides decides far from where rounding would: sums are added in another order by XLA.
ONE = [
    jnp.sin,
    jnp.tanh,
    jnp.abs,
    jnp.negative,
    jnp.square,
    lambda x: x * 0.5 + 1,
    lambda x: jnp.where(x > 0, x, 0.1 * x),
    lambda x: x[::-1],
    lambda x: jnp.flip(x, -1),
    lambda x: x.T,
    lambda x: x.reshape(-1),
    lambda x: x.reshape(-1, 2) if x.size % 2 == 0 else x.reshape(-1, 1),
    lambda x: x[1:] if x.shape[0] > 1 else x,
    lambda x: x[..., :1],
    lambda x: x[..., -1] if x.ndim > 1 else x,
    lambda x: x[None],
    lambda x: x.sum(0) if x.ndim > 1 else x.sum(),
    lambda x: x.max(-1, keepdims=True),
    lambda x: x - x.mean(),
    lambda x: jnp.cumsum(x, 0),
    lambda x: jnp.sort(x, -1),
    lambda x: x[jnp.argsort(x.reshape(x.shape[0], -1)[:, 0])],
    lambda x: jnp.concatenate([x, 2 * x]),
    lambda x: jnp.stack([x, jnp.cos(x)], -1),
    lambda x: jnp.pad(x, 1, constant_values=0.5),
    lambda x: jnp.roll(x, 1, 0),
    lambda x: x.at[0].set(0.25),
    lambda x: x.at[:1].add(x[-1:]),
    lambda x: lax.fori_loop(0, 3, lambda k, c: jnp.sin(c) + k, x),
    lambda x: lax.scan(lambda c, row: (c * 0.5 + row.sum(), c + row.mean()), 0.5, x)[1],
    lambda x: lax.scan(lambda c, row: (row, c - row), jnp.zeros_like(x[0]), x)[1],
    lambda x: lax.cond(
        x.reshape(-1)[0] > 0.123, lambda v: v * 2, lambda v: jnp.exp(-jnp.abs(v)), x
    ),
    lambda x: lax.while_loop(lambda c: jnp.abs(c).max() > 1, lambda c: c * 0.5, x),
    lambda x: x @ x.T if x.ndim == 2 else x,
]
TWO = [
    jnp.add,
    jnp.multiply,
    jnp.maximum,
    lambda a, b: jnp.arctan2(a, 1 + b * b),
    lambda a, b: jnp.where(a > 0.123, a, b * 0.5),
    lambda a, b: a - b.sum(),
    lambda a, b: jnp.concatenate([a.reshape(-1), b.reshape(-1)]),
]


def program(seed):
    """A function of an array that applies a dozen operations, some to what came long before."""

    def function(x):
        rng = np.random.default_rng(seed)
        known = [x]
        for _ in range(12):
            a = known[-1 if rng.random() < 0.6 else rng.integers(len(known))]
            if rng.random() < 0.35:
                b = known[rng.integers(len(known))]
                operation = TWO[rng.integers(len(TWO))]
                try:
                    made = operation(a, b)
                except (TypeError, ValueError):  # of shapes that do not meet
                    made = operation(a, jnp.sum(b))
            else:
                made = a if a.ndim == 0 else ONE[rng.integers(len(ONE))](a)
            known.append(made if made.size < 3000 else made.reshape(-1)[:50])
        return [known[k] for k in sorted({len(known) - 1, *rng.integers(len(known), size=3)})]

    return function


@pytest.mark.exhaustive
def test_programs_give_what_jax_computes():
    assert not checked({str(seed): (program(seed), START) for seed in range(40)}, 1e-9)


@pytest.mark.exhaustive
@pytest.mark.parametrize("start", range(1000, 1400, 100))
def test_many_programs_give_what_jax_computes(start):
    seeds = range(start, start + 100)
    assert not checked({str(seed): (program(seed), START) for seed in seeds}, 1e-9)


def test_a_value_of_an_early_stage_is_there_in_a_later_one():
    from gradart.javascript.translation import translate
    from tests.javascript.node import agrees, numbers, run

    def frame(a, b, u):
        early = jnp.sin(a) * b
        table = jnp.cumsum(early)
        return [early, table + u, table[::-1] * u, jnp.linspace(0, 1, 4000) * u, a[0], u * b]

    with jax.enable_x64(True):
        calls = [(np.arange(3.0), 2.0, 0.5), (np.arange(3.0) + 1, -1.0, 0.25)]
        closed = jax.make_jaxpr(frame)(*calls[0])
        made = translate(closed, [0, 0, 1])
        assert made.output_stages == (0, 1, 1, 1, 0, 1)
        assert sum(array.nbytes for array in made.constants) < 4096  # linspace is computed there
        ((first, again, last),) = run(
            [(made, [[calls[0][:2], calls[0][2:]], [None, [0.75]], [calls[1][:2], calls[1][2:]]])]
        )
        for got, given in ((first, calls[0]), (again, (*calls[0][:2], 0.75)), (last, calls[1])):
            for row, want in zip(got, jax.jit(frame)(*given), strict=True):
                assert agrees(numbers(row, want), want)
