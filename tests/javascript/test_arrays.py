"""Elements moved, summed and looked up in JavaScript are those of JAX."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from tests.javascript.node import checked, needs_node

pytestmark = needs_node
RNG = np.random.default_rng(5)
A = RNG.normal(size=(3, 4, 5))
M = RNG.normal(size=(2, 4, 4))


def test_elements_moved():
    cases: dict = {
        "reshape": (
            lambda a: [
                a.reshape(5, 12),
                a.reshape(-1),
                a[:, None] * 2,
                a.transpose(2, 0, 1).reshape(4, 15),
            ],
            A,
        ),
        "transpose": (lambda a: [a.T, jnp.swapaxes(a, 0, 1) + 1], A),
        "slices": (lambda a: [a[1:, ::2, ::-1], a[:, 1, :], a[..., -1], (a * 2)[:, 1:3, 4]], A),
        "broadcast": (
            lambda a: [a[:, :1] - a, jnp.broadcast_to(a[0, 0, 0], (2, 3)), a.sum(1)[:, None] + a],
            A,
        ),
        "joined": (
            lambda a: [
                jnp.concatenate([a, 2 * a, a[:1]]),
                jnp.stack([a, -a], 1),
                jnp.concatenate([a, a[:, :1]], 1),
            ],
            A,
        ),
        "tiled": (lambda a: [jnp.tile(a, (2, 1, 3)), jnp.repeat(a, 2, 1), jnp.roll(a, 2, 0)], A),
        "padded": (
            lambda a: [
                jnp.pad(a, 1, constant_values=3.0),
                lax.pad(a, 0.0, ((-1, 2, 1), (1, -2, 0), (0, 0, 2))),
            ],
            A,
        ),
        "split": (lambda a: jnp.split(a, [1, 3], axis=1), A),
        "iota": (
            lambda a: [
                jnp.arange(7) + a[0, 0, 0],
                lax.broadcasted_iota(float, (3, 4), 1) * a[..., 0],
            ],
            A,
        ),
        "dynamic": (
            lambda a, k: [
                lax.dynamic_slice(a, (k, 0, k), (2, 4, 2)),
                lax.dynamic_update_slice(a, a[:1, :1] * 9, (k, k, 0)),
                a[k],
            ],
            A,
            2,
        ),
        "beyond": (lambda a, k: [lax.dynamic_slice(a, (k, k, -k), (2, 2, 2))], A, 9),
        "linspace": (
            lambda a: [jnp.linspace(a[0, 0, 0], 3.0, 11), jnp.linspace(0, 1, 5) * a[0, 0, 0]],
            A,
        ),
    }
    assert not checked(cases)


@pytest.mark.exhaustive
def test_sums_orders_and_products():
    odd = np.where(A > 1.2, np.nan, A)
    cases: dict = {
        "sums": (lambda a: [a.sum(), a.sum(1), a.mean((0, 2)), (a * a).sum(-1), a.prod(1)], A),
        "extremes": (lambda a: [a.max(), a.min(2), a.argmax(1), a.argmin(0), jnp.argmax(a)], A),
        "with NaN": (
            lambda a: [
                a.max(1),
                a.argmax(1),
                jnp.nanmax(a, 1),
                jnp.nansum(a),
                jnp.sort(a, 1),
                jnp.argsort(a, 0),
            ],
            odd,
        ),
        "truth": (lambda a: [(a > 0).any(1), (a > 0).all(), (a > 0).sum(0)], A),
        "running": (
            lambda a: [
                jnp.cumsum(a, 1),
                jnp.cumprod(a),
                lax.cummax(a, 2),
                lax.cummin(a, 0, reverse=True),
                lax.cumlogsumexp(a, 1),
            ],
            A,
        ),
        "products": (
            lambda a, m: [
                a[:, :, :4] @ m[0],
                m @ m,
                jnp.einsum("ijk,ilk->jl", a, a),
                jnp.dot(a[0, 0], a[1, 1]),
                jnp.vecdot(a, a),
            ],
            A,
            M,
        ),
        "sorted": (
            lambda a: [
                jnp.sort(a, 0),
                jnp.argsort(-a, 1),
                *lax.sort((jnp.round(a), a), num_keys=1),
                *lax.top_k(a, 3),
            ],
            A,
        ),
        "median": (lambda a: [jnp.median(a), jnp.quantile(a, jnp.array([0.1, 0.9]), axis=1)], A),
        "whole": (
            lambda a: [
                jnp.round(a * 9).astype(int).sum(1),
                jnp.round(a * 9).astype(jnp.int32).prod(1),
                jnp.bitwise_or.reduce(jnp.round(a * 9).astype(int), axis=1),
            ],
            A,
        ),
    }
    assert not checked(cases)


def test_places_that_are_numbers():
    k = np.array([[2, 0], [1, -1], [7, 1]])
    cases: dict = {
        "rows": (
            lambda a, k: [a[k], a[k[:, 0], :, k[:, 1]], a[:, k[:2, 0]], jnp.take(a, k, axis=1)],
            A,
            k,
        ),
        "modes": (
            lambda a, k: [
                a.at[k].get(mode="fill"),
                a.at[k].get(mode="clip"),
                jnp.take(a, k, 0, mode="wrap"),
            ],
            A,
            k,
        ),
        "along": (lambda a: [jnp.take_along_axis(a, jnp.argsort(a, 1), 1)], A),
        "each its own": (lambda a: jax.vmap(lambda row, n: row[n])(a, jnp.array([1, 3, 0])), A),
        "set": (
            lambda a, k: [
                a.at[k[:, 0]].set(7.0),
                a.at[0, k[:2, 0]].add(a[1, :2]),
                a.at[:, 2].mul(3.0),
            ],
            A,
            k,
        ),
        "extremes": (lambda a: [a.at[1].max(0.0), a.at[:, jnp.array([0, 0])].min(-1.0)], A),
        "counts": (lambda a: jnp.zeros(4).at[jnp.array([1, 1, 3, 9])].add(1.0) + a[0, 0, 0], A),
        "interpolation": (
            lambda a: jnp.interp(a, jnp.array([-1.0, 0.0, 2.0]), jnp.array([3.0, 1.0, 5.0])),
            A,
        ),
        "of whole numbers": (
            lambda a: [
                jnp.round(a).astype(int).at[jnp.array([9])].get(mode="fill"),
                (a > 0).at[jnp.array([9])].get(mode="fill"),
            ],
            A,
        ),
    }
    assert not checked(cases)
