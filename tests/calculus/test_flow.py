"""Descents against plain Python loops over optax and closed forms; streams by their convergence."""

import functools
import inspect
import warnings
from types import FunctionType

import jax
import jax.numpy as jnp
import numpy as np
import optax
import optax.contrib
import pytest

from gradart.calculus.equations import flow
from gradart.calculus.equations.flow import descend, iterate, stream
from gradart.errors import ArtError, ArtWarning

pytestmark = pytest.mark.usefixtures("double")

STARTS = np.array([[-1.2, 1.0], [0.5, 0.6], [1.3, -0.4]])


def valley(p):
    return (1 - p[0]) ** 2 + 5 * (p[1] - p[0] ** 2) ** 2


def bowl(p):
    return p[0] ** 2 + 3 * p[1] ** 2 + 0.5


def looped(field, starts, optimizer, steps):
    """The slow oracle: one start and one step at a time."""
    value_and_grad = jax.jit(jax.value_and_grad(field))
    optimizer = optax.with_extra_args_support(optimizer)

    @jax.jit
    def update(slope, state, p, value):
        return optimizer.update(slope, state, p, value=value, grad=slope, value_fn=field)

    paths = []
    for p in jnp.asarray(starts):
        state, path = optimizer.init(p), [p]
        for _ in range(steps):
            value, slope = value_and_grad(p)
            change, state = update(slope, state, p, value)
            p = optax.apply_updates(p, change)
            path.append(p)
        paths.append(path)
    return np.array(paths)


@pytest.mark.parametrize(
    ("method", "options", "optimizer"),
    [
        ("sgd", {}, optax.sgd(0.02)),
        ("adam", {"b1": 0.8}, optax.adam(0.02, b1=0.8)),
        ("momentum", {}, optax.sgd(0.02, momentum=0.9)),
        ("nesterov", {"momentum": 0.7}, optax.sgd(0.02, momentum=0.7, nesterov=True)),
        ("lbfgs", {}, optax.lbfgs(0.02)),
        ("lars", {}, optax.lars(0.02)),
        (optax.chain(optax.clip_by_global_norm(1.0), optax.sgd(0.05)), {}, None),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_a_descent_is_the_plain_loop_for_each_start(method, options, optimizer):
    paths = descend(valley, STARTS, rate=0.02, steps=12, method=method, **options)
    assert paths.shape == (3, 13, 2)
    assert paths.dtype == jnp.float64
    oracle = looped(valley, STARTS, optimizer or method, 12)
    np.testing.assert_allclose(paths, oracle, rtol=1e-9, atol=1e-11)


def test_gradient_descent_in_a_quadratic_bowl_has_its_closed_form():
    rate, k = 0.05, np.arange(51)[:, None]
    shrink = 1 - rate * np.array([2.0, 6.0])
    expected = STARTS[:, None] * shrink**k
    np.testing.assert_allclose(descend(bowl, STARTS, rate=rate, steps=50), expected, atol=1e-12)


def test_lbfgs_reaches_the_bottom_of_the_valley():
    ends = descend(valley, STARTS, rate=1.0, steps=30, method="lbfgs", memory_size=2)[:, -1]
    np.testing.assert_allclose(ends, 1, atol=1e-8)


def methods():
    for name, factory in sorted(vars(optax).items()):
        known = inspect.isfunction(factory) and not name.startswith(("_", "scale_by"))
        rate = next(iter(inspect.signature(factory).parameters), "") if known else ""
        if rate.endswith("learning_rate") and name != "optimistic_adam":  # deprecated
            yield name


@pytest.mark.exhaustive
def test_single_precision_stays_single():
    with jax.enable_x64(False):
        for name in methods():
            walk = functools.partial(descend, bowl, method=name, key=jax.random.key(0))
            assert jax.eval_shape(walk, STARTS.astype("f")).dtype == jnp.float32, name


@pytest.mark.exhaustive
def test_a_start_goes_its_way_whatever_starts_beside_it():
    for method in ("lamb", "noisy_sgd"):  # norms, noise
        key = jax.random.key(3)
        all_of_them = descend(valley, STARTS, steps=6, method=method, key=key)
        alone = descend(valley, STARTS[:1], steps=6, method=method, key=key)
        np.testing.assert_allclose(all_of_them[:1], alone, rtol=1e-10)


def test_noise_comes_from_the_key_and_differs_between_starts():
    same = np.zeros((2, 2))
    one, again, other = (
        descend(bowl, same, steps=5, method="noisy_sgd", key=jax.random.key(k)) for k in (0, 0, 1)
    )
    np.testing.assert_array_equal(one, again)
    assert np.abs(one[0] - one[1])[1:].min() > 0
    assert np.abs(one - other)[:, 1:].min() > 0


def test_a_schedule_is_a_rate():
    schedule = optax.exponential_decay(0.1, 3, 0.5)
    np.testing.assert_allclose(
        descend(bowl, STARTS, rate=schedule, steps=6),
        looped(bowl, STARTS, optax.sgd(schedule), 6),
        rtol=1e-12,
    )


def test_shapes_integers_and_tracing():
    assert descend(bowl, [1, 2], steps=4).shape == (5, 2)
    assert descend(bowl, np.zeros((2, 3, 2)), steps=0).shape == (2, 3, 1, 2)
    assert descend(bowl, np.zeros((0, 2)), steps=4).shape == (0, 5, 2)
    traced = jax.jit(lambda r: descend(bowl, STARTS, rate=r, steps=4, method="momentum"))(0.1)
    np.testing.assert_allclose(
        traced, descend(bowl, STARTS, rate=0.1, steps=4, method="momentum"), rtol=1e-12
    )


def test_a_path_that_leaves_the_numbers_ends_in_nan_and_is_counted():
    def cliff(p):
        return -(p[0] ** 4) + p[1] ** 2

    starts = np.array([[3.0, 0.0], [0.0, 1.0], [np.nan, 0.0]])
    with pytest.warns(ArtWarning, match="1 of 3 paths") as caught:
        paths = np.asarray(descend(cliff, starts, rate=0.1, steps=30))
    assert caught[0].filename == __file__
    left = np.isnan(paths[0]).any(axis=1)
    assert np.all(np.diff(left.astype(int)) >= 0)  # once gone, gone
    assert np.isnan(paths[0]).all(axis=1).sum() == left.sum()
    assert not np.isinf(paths).any()
    assert np.isfinite(paths[1]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "adma"}, "no method 'adma' in optax: there are .*adam"),
        ({"method": "clip_by_block_rms"}, "no method"),
        ({"method": "nestrov"}, "nesterov"),
        ({"method": "adam", "momentum": 0.9}, "no option momentum: it has b1, b2"),
        ({"method": 3}, "give a name"),
        ({"method": optax.sgd(0.1), "momentum": 0.9}, "momentum is an option"),
        ({"method": "noisy_sgd"}, "key=key"),
        ({"steps": -1}, "steps is -1"),
        ({"steps": 2.5}, "steps is 2.5"),
    ],
)
def test_what_descend_cannot_use_is_said(arguments, message):
    with pytest.raises(ArtError, match=message):
        descend(bowl, STARTS, **arguments)


def test_functions_of_another_kind_are_refused():
    with pytest.raises(ArtError, match=r"returns shape \(2,\), a field returns \(\)"):
        descend(lambda p: p, STARTS)
    with pytest.raises(ArtError, match=r"returns shape \(\), a map returns \(2,\)"):
        stream(bowl, STARTS)


def test_the_same_field_is_compiled_once_for_many_rates_and_starts():
    weight = 1.5

    def made():
        return lambda p: weight * bowl(p)

    before = flow._descents._cache_size()  # type: ignore[attr-defined]
    descend(made(), STARTS, rate=0.1, steps=3)
    first = descend(made(), STARTS + 1, rate=0.05, steps=3)
    assert flow._descents._cache_size() == before + 1  # type: ignore[attr-defined]
    weight = 3.0  # another field by the same name
    np.testing.assert_allclose(descend(made(), STARTS + 1, rate=0.025, steps=3), first)


def turning(p):
    return jnp.array([-p[1], p[0]])


def test_a_stream_converges_with_the_fourth_power_of_its_step():
    errors = []
    for steps in (10, 20, 40):
        end = stream(turning, STARTS, step=2 / steps, steps=steps)[:, -1]
        c, s = np.cos(2), np.sin(2)
        errors.append(np.abs(end - STARTS @ np.array([[c, s], [-s, c]])).max())
    slopes = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    np.testing.assert_allclose(slopes, 4, atol=0.1)


def test_a_stream_comes_back_upstream():
    there = stream(turning, STARTS, step=0.02, steps=50)
    back = stream(turning, there[:, -1], step=-0.02, steps=50)
    np.testing.assert_allclose(back, there[:, ::-1], atol=1e-8)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        burst = stream(lambda p: p**3, STARTS * 10, step=1.0, steps=9)
    assert "3 of 3 paths" in str(caught[0].message)
    assert np.isnan(burst[:, -1]).all()


OPTIMIZERS = sorted(
    name
    for room in (optax, optax.contrib)
    for name in dir(room)
    if name != "dpsgd"  # in optax it is deprecated, in contrib it needs more: see below
    and not name.startswith(("_", "scale_by"))
    and isinstance(getattr(room, name), FunctionType | functools.partial)
    and next(iter(inspect.signature(getattr(room, name)).parameters), "").endswith("learning_rate")
)


def test_the_optimizers_of_optax_are_found():
    assert {"nadam", "nadamw", "lbfgs", "prodigy", "polyak_sgd", "signum"} <= {*OPTIMIZERS}


@pytest.mark.exhaustive
@pytest.mark.parametrize("method", OPTIMIZERS)
def test_every_optimizer_of_optax_works_by_name_with_a_number_and_with_a_schedule(method):
    key = jax.random.key(1)
    walk = functools.partial(descend, bowl, STARTS[:1], method=method, steps=2, key=key)
    paths = walk(rate=0.01)
    assert np.isfinite(paths).all()
    assert not np.array_equal(paths[:, 0], paths[:, -1])
    np.testing.assert_allclose(walk(rate=optax.constant_schedule(0.01)), paths, rtol=1e-6)


def test_nadam_is_that_of_optax():
    expected = looped(valley, STARTS, optax.nadam(0.02), 5)
    paths = descend(valley, STARTS, rate=0.02, steps=5, method="nadam")
    np.testing.assert_allclose(paths, expected)


def test_a_descent_goes_down_the_gradient_where_reverse_mode_has_none():
    def field(p):
        return jnp.where(p[0] < 1, p[0] ** 2, jnp.sqrt(p[0] - 1) + 1) + p[1] ** 2

    paths = descend(field, [0.3, 0.4], rate=0.1, steps=2)
    np.testing.assert_allclose(paths, [[0.3, 0.4], [0.24, 0.32], [0.192, 0.256]])


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"rate": [0.1, 0.2]}, r"rate is \[0.1, 0.2\]: give one number, or a schedule of optax"),
        ({"rate": np.ones(2)}, r"rate is an array of shape \(2,\): give one number"),
        ({"rate": "fast"}, "rate is 'fast': give one number"),
        ({"rate": None}, "method 'sgd' needs a rate"),
        ({"rate": np.nan}, "rate is nan"),
        ({"rate": lambda: 1.0}, "sgd of optax cannot be used so: .*takes 0 positional"),
        ({"method": "adma"}, "no method 'adma' in optax: there are .*adam"),
        ({"method": "sam"}, "optax.contrib.sam is no method by itself: make a transformation"),
        ({"method": "dpsgd"}, "method 'dpsgd' needs l2_norm_clip, noise_multiplier, seed"),
        ({"method": "adam", "b1": [1, 2]}, r"option b1 is \[1, 2\]"),
        ({"method": optax.adam}, "method is the function adam: give a name"),
        ({"method": "noisy_sgd", "key": 3}, "key is 3: give a random key"),
    ],
)
def test_what_a_descent_cannot_take_is_told_in_one_line(options, line):
    with pytest.raises(ArtError, match=line) as told:
        descend(bowl, STARTS, steps=1, **options)
    assert "\n" not in str(told.value)


def test_an_orbit_is_the_map_again_and_again():
    turn = lambda p: jnp.array([1 - 1.4 * p[0] ** 2 + p[1], 0.3 * p[0]])  # noqa: E731
    places = [np.array([0.1, 0.2])]
    for _ in range(20):
        x, y = places[-1]
        places.append(np.array([1 - 1.4 * x**2 + y, 0.3 * x]))
    np.testing.assert_allclose(iterate(turn, places[0], steps=20), places, rtol=1e-6)
    assert iterate(turn, np.zeros((2, 3, 2)), steps=4).shape == (2, 3, 5, 2)
    with pytest.warns(ArtWarning, match="1 of 2 paths left"):
        ends = iterate(lambda p: p * p, np.array([[9.0, 9.0], [0.5, 0.5]]), steps=60)[:, -1]
    np.testing.assert_array_equal(np.isnan(ends[:, 0]), [True, False])
