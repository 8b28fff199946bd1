"""Only the rows that are wanted of what a program gives, against all of them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.testing import assert_allclose

from gradart.calculus.forward_mode import every_row_is
from gradart.calculus.programs.cache_blocking import in_parts
from gradart.optimizing.row_programs.known_rows import row_of
from gradart.optimizing.row_programs.row_index import GIVEN
from gradart.optimizing.row_programs.row_program import RowProgram

POINTS = jnp.asarray(np.random.default_rng(3).normal(size=(12, 5, 2)))
HELD = ((0, GIVEN),)


def stepped(x):
    def step(state, shift):
        at, count = state
        at = jnp.sin(at + shift)
        return (at, count + 1), (at, count)

    (last, count), (every, _) = jax.lax.scan(step, (x, 0), jnp.arange(4.0))
    return jnp.moveaxis(every, 0, 1).sum(1) + last * count


def until(x):
    def on(state):
        return state[1] < 5

    def step(state):
        return jnp.cos(state[0]), state[1] + 1

    return jax.lax.while_loop(on, step, (x, 0))[0]


def chosen(x):
    return jax.lax.cond(x.shape[0] > jnp.float32(3), jnp.sin, jnp.cos, x)


def sorted_rows(x):
    return jnp.sort(x, 1) + jnp.cumsum(x, 1) + x.argmax(1)[:, None]


def gathered(x):
    which = jnp.arange(len(x)) * 3 % 5
    return (
        jax.vmap(lambda p, k: p[k])(x, which)[:, None] + x[:, jnp.array([2, 0, 1])].sum(1)[:, None]
    )


def written(x):
    new = x.at[:, 1].set(7.0).at[:, 3].add(x[:, 0])
    k = jnp.argmax(jnp.arange(3))  # is not known while it is traced
    new = jax.lax.dynamic_update_slice_in_dim(new, x[:, :1], k, 1)
    each = jax.vmap(lambda p, k: p.at[k].multiply(3.0))(new, jnp.arange(len(x)) % 5)
    return each + jax.lax.dynamic_slice_in_dim(x, k, 1, 1)


def either_way(x):
    def step(at, _):
        other = at - 2 * x
        found = jax.lax.cond(
            every_row_is((at > -1).all((1, 2))), lambda: jnp.abs(other), lambda: jnp.sqrt(other**2)
        )
        return found, found

    return jax.lax.scan(step, x, None, length=3)[0]


def flat(x):
    """All points as rows of one array, counted, turned, cut, gathered, and stepped along."""
    points = x.reshape(-1, 2)
    moved = jnp.sin(points) * (1 + jnp.arange(len(points)))[:, None]
    back = jnp.flip(jnp.flip(moved, 0)[10:-10], 0)
    joined = jnp.concatenate([moved[:10], back, moved[-10:]])
    either = jax.vmap(lambda p, q: jnp.concatenate([p, q]))(joined, points)
    found = either.reshape(6, 2, 5, 4).reshape(-1, 4)[..., :2]
    known = jnp.isfinite(found).all(-1)
    chosen = jax.lax.cond(every_row_is(known), lambda: found, lambda: jnp.zeros_like(found))
    return jax.lax.scan(lambda at, _: (jnp.cos(at), None), chosen, None, length=3)[0]


# By what they are of: a function of points, whose rows lie elsewhere or are those of several axes.
ALIKE = {
    "formulas": lambda x: jnp.where(x > 0, jnp.sin(x), x**2) / (1 + jnp.exp(x[..., :1])),
    "sums": lambda x: (
        x / jnp.linalg.norm(x, axis=-1, keepdims=True) - x.mean((1, 2), keepdims=True)
    ),
    "products": lambda x: x @ jnp.eye(2)[::-1] + jnp.einsum("nmd,nkd->nm", x, x)[..., None],
    "turned": lambda x: jnp.flip(x, 0).swapaxes(0, 1).swapaxes(1, 0)[::-1],
    "flattened": lambda x: (2 * jnp.sin(x).reshape(2, 6, 5, 2)).reshape(-1, 2),
    "one array": lambda x: jnp.sin(x.reshape(-1, 2)).reshape(x.shape),
    "one array, then rows": lambda x: (
        (x.reshape(-1, 2) * jnp.arange(60.0)[:, None]).reshape(12, 10).reshape(12, 5, 2)
    ),
    "blocks turned and cut": lambda x: flat(x).reshape(x.shape),
    "blocks parted": lambda x: jnp.stack(
        [jnp.tanh(y) for y in jnp.split(x.reshape(-1, 2), 2)]
    ).reshape(x.shape),
    "joined": lambda x: jnp.concatenate([x[:3], x[7:], 3 * x[3:7]]),
    "parted": lambda x: jnp.concatenate([jnp.cos(y) for y in jnp.split(x, 3)][::-1]),
    "padded": lambda x: jnp.pad(x, ((0, 0), (1, 2), (0, 0))),
    "counted": lambda x: x + jnp.arange(len(x))[:, None, None],
    "each": lambda x: jax.vmap(jax.vmap(lambda p: jnp.stack([p[1], p[0] * p[1]])))(x),
    "rows sorted": sorted_rows,
    "gathered": gathered,
    "written": written,
    "steps": stepped,
    "until": until,
    "chosen": chosen,
    "either way": either_way,
    "flattened otherwise": lambda x: jax.lax.reshape(x, (12, 2, 5), dimensions=(0, 2, 1)),
}


@pytest.mark.parametrize("name", ALIKE)
def test_a_row_alone_is_that_of_all_and_needs_but_some(name):
    f = ALIKE[name]
    program = RowProgram(jax.make_jaxpr(f)(POINTS), [{HELD}])
    assert () not in program.needed[0]

    def held(x, k):
        known = [{at: row_of({(): x}, at, k) for at in program.needed[0]}]
        return program.run(known, k)[0][HELD]

    whole = np.asarray(f(POINTS))
    rows = jax.jit(jax.vmap(held, in_axes=(None, 0)))(POINTS, np.arange(len(whole)))
    assert_allclose(rows[:, 0], whole, rtol=1e-6, atol=1e-6)


def test_what_mixes_rows_is_computed_whole():
    def mixed(x):
        return jnp.cumsum(jnp.sin(x), 0) + jnp.sort(x, 0)

    program = RowProgram(jax.make_jaxpr(mixed)(POINTS), [{HELD}])
    assert program.needed == [{()}]
    (found,) = program.run([{(): POINTS}], jnp.asarray(7))
    assert_allclose(found[HELD][0], mixed(POINTS)[7], rtol=1e-6)


def test_what_no_input_moves_is_computed_once():
    def shaded(x):
        def shift(every, k):
            return jnp.roll(every, k), k

        still = jax.lax.scan(shift, jnp.cumsum(jnp.sin(jnp.arange(12.0))), jnp.arange(3))[0]
        return x * still[:, None, None] / jnp.abs(still).max()

    program = RowProgram(jax.make_jaxpr(shaded)(POINTS), [{HELD}])
    once = program.apart()

    def held(x, k, once):
        return program.run([{at: row_of({(): x}, at, k) for at in program.needed[0]}], k, once)

    text = str(jax.make_jaxpr(held)(POINTS, 7, once))
    assert not any(name in text for name in ("cumsum", "scan", "reduce_max"))
    for found in (held(POINTS, 7, once), held(POINTS, 7, None)):
        assert_allclose(found[0][HELD][0], shaded(POINTS)[7], rtol=1e-6)


def test_what_is_not_wanted_is_not_needed():
    program = RowProgram(jax.make_jaxpr(lambda x, y: (x, jnp.sin(y)))(1.0, POINTS), [{()}, set()])
    assert program.needed == [{()}, set()]


@pytest.mark.parametrize("size", [30, 4])
def test_of_what_is_computed_in_parts_a_part_is_enough(size):
    done = []

    def run(x):
        def noted(x):
            done.append(len(x))
            return x

        like = jax.ShapeDtypeStruct(x.shape, x.dtype)
        x = jax.pure_callback(noted, like, x, vmap_method="sequential")
        return jnp.stack([x[:, 0] * x[:, 1], jnp.sin(x[:, 1])])

    def f(x):
        return in_parts(run, [x.reshape(-1, 2)], size).T.reshape(x.shape)

    points = jnp.tile(POINTS, (5, 1, 1))
    program = RowProgram(jax.make_jaxpr(f)(points), [{HELD}])
    assert () not in program.needed[0]
    found = program.run([{at: row_of({(): points}, at, 7) for at in program.needed[0]}], 7)
    assert sum(done) == size * -(-5 // size)
    assert_allclose(found[0][HELD][0], f(points)[7], rtol=1e-6)


def test_the_slopes_of_what_is_computed_in_parts_are_of_a_part_too():
    def pushed(scale):
        def f(scale):
            def run(x):
                return jnp.stack([x[:, 0] * scale[0], jnp.sin(x[:, 1] * scale[1])])

            moved = in_parts(run, [scale * POINTS.reshape(-1, 2)], 32)
            return in_parts(run, [moved.T], 24).T.reshape(POINTS.shape)

        return jax.vmap(lambda way: jax.jvp(f, (scale,), (way,)), out_axes=(None, -1))(jnp.eye(2))

    scale = jnp.array([0.7, 1.3])
    program = RowProgram(jax.make_jaxpr(pushed)(scale), [{HELD}, {HELD}])
    assert "while" not in (text := str(jax.make_jaxpr(lambda x: program.run([{(): x}], 7))(scale)))
    assert "scan" not in text
    for whole, rows in zip(pushed(scale), program.run([{(): scale}], 7), strict=True):
        assert_allclose(rows[HELD][0], whole[7], rtol=1e-6)
