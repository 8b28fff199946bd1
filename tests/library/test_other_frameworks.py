"""Functions of PyTorch and TensorFlow against the same functions of JAX."""

import functools
import importlib.util
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.library.other_frameworks import from_tensorflow, from_torch

pytestmark = pytest.mark.usefixtures("double")

HAVE = {name: importlib.util.find_spec(name) is not None for name in ("torch", "tensorflow")}
NEED = {
    name: pytest.mark.skipif(not have, reason=f"pip install 'gradart[{name}]'")
    for name, have in HAVE.items()
}
BRIDGES = [
    pytest.param(from_torch, 5, marks=NEED["torch"], id="torch"),
    pytest.param(from_tensorflow, 2, marks=NEED["tensorflow"], id="tensorflow"),
]
BOX = ((-1, -1), (1, 1))


def curve(t):
    return jnp.stack([jnp.cos(t) * jnp.exp(t), jnp.tanh(t)])


def field(p):
    return jnp.exp(-(p**2).sum()) * jnp.sin(3 * p[0])


def bridged(bridge):
    """The curve and the field above, written in the other framework."""
    if bridge is from_torch:
        import torch

        return (
            bridge(lambda t: torch.stack([torch.cos(t) * torch.exp(t), torch.tanh(t)])),
            bridge(lambda p: torch.exp(-(p**2).sum()) * torch.sin(3 * p[0])),
        )
    their_curve = bridge(lambda t: tf.stack([tf.cos(t) * tf.exp(t), tf.tanh(t)]))
    their_field = bridge(lambda p: tf.exp(-tf.reduce_sum(p**2)) * tf.sin(3 * p[0]))
    import tensorflow as tf  # after the bridge, which keeps its greeting quiet

    return their_curve, their_field


@pytest.fixture
def calls(monkeypatch):
    """The leading axes of every call of another framework, in turn."""
    seen = []
    pure_callback = jax.pure_callback

    def counting(callback, result, x, **options):
        @functools.wraps(callback)
        def counted(words):
            seen.append(words.shape[: words.ndim - x.ndim])
            return callback(words)

        return pure_callback(counted, result, x, **options)

    monkeypatch.setattr(jax, "pure_callback", counting)
    return seen


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-11)


@pytest.mark.exhaustive
@pytest.mark.parametrize(("bridge", "order"), BRIDGES)
def test_every_derivative_is_that_of_jax(bridge, order):
    theirs, land = bridged(bridge)
    t = jnp.linspace(-1, 1, 11)
    p = ga.grid(4, 5, box=BOX)
    found = ga.jet(theirs, t, order)
    assert found.dtype == jnp.float64
    close(found, ga.jet(curve, t, order))
    for derivative in (ga.value, ga.gradient, ga.hessian):
        close(derivative(land, p), derivative(field, p))
    close(ga.jet(land, p, p[::-1], 2), ga.jet(field, p, p[::-1], 2))
    close(ga.curvature(theirs, t), ga.curvature(curve, t))
    for mode in (jax.jacfwd, jax.jacrev):
        close(jax.jit(mode(theirs))(0.3), mode(curve)(0.3))
        for other in (jax.jacfwd, jax.jacrev):
            close(mode(other(land))(p[1, 2]), jax.hessian(field)(p[1, 2]))
    close(jax.jit(jax.grad(land))(p[0, 1]), jax.grad(field)(p[0, 1]))
    assert jax.vmap(theirs)(jnp.zeros(0)).shape == (0, 2)
    assert theirs(jnp.float32(0.3)).dtype == jnp.float32


@pytest.mark.exhaustive
@pytest.mark.parametrize(("bridge", "order"), BRIDGES)
def test_paths_and_contours_are_those_of_jax(bridge, order):
    _, land = bridged(bridge)
    starts = ga.scatter(jax.random.key(0), 7, box=BOX)
    close(ga.descend(land, starts, steps=30), ga.descend(field, starts, steps=30))
    close(*(ga.contours(f, 3, box=BOX, resolution=30) for f in (land, field)))


@pytest.mark.exhaustive
@pytest.mark.parametrize(("bridge", "order"), BRIDGES)
def test_all_points_go_in_one_call(bridge, order, calls):
    theirs, land = bridged(bridge)
    # As many as are computed at once anyway: fewer are brought to that length.
    t, p = jnp.linspace(-1, 1, 64), ga.grid(8, 8, box=BOX)
    ga.jet(theirs, t, 2).block_until_ready()
    assert calls == [(64,)] * 3  # one for each order
    calls.clear()
    ga.hessian(land, p).block_until_ready()
    assert calls == [(64,)] * len(calls)
    assert len(calls) <= 4
    calls.clear()
    ga.descend(land, p, steps=10).block_until_ready()
    assert calls == [(64,)] * len(calls)
    assert len(calls) <= 20


@pytest.mark.exhaustive
@NEED["torch"]
def test_the_function_itself_is_called_once_for_all_points():
    import torch

    times = []

    def bowl(p):
        times.append(p)
        return p.square().sum()

    land, p = from_torch(bowl), ga.grid(30, 30, box=BOX)
    ga.value(land, p).block_until_ready()
    assert len(times) == 2  # and once to learn what it returns
    assert all(isinstance(p, torch.Tensor) and p.shape == (2,) for p in times)


@pytest.mark.exhaustive
@NEED["torch"]
def test_a_large_program_that_calls_from_threads_keeps_float64():
    def program(f, x):
        for _ in range(6):
            x = jax.vmap(f)(x)[:, None] * jnp.sin(x @ jnp.ones((2, 2)))
        return x

    x = jax.random.normal(jax.random.key(1), (300_000, 2))
    found = jax.jit(functools.partial(program, bridged(from_torch)[1]))(x)
    close(found, jax.jit(functools.partial(program, field))(x))


@pytest.mark.exhaustive
@NEED["torch"]
def test_a_network_is_a_field():
    import torch

    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    with pytest.raises(ga.ArtError, match=r"dtype.*net\.double\(\)"):
        from_torch(lambda p: net(p)[0])(jnp.zeros(2))
    net.double()
    w1, b1, w2, b2 = (jnp.asarray(w.detach().numpy()) for w in net.parameters())
    p = ga.grid(3, 3, box=BOX)
    close(
        ga.hessian(from_torch(lambda p: net(p)[0]), p),
        ga.hessian(lambda p: (w2 @ jnp.tanh(w1 @ p + b1) + b2)[0], p),
    )


@pytest.mark.exhaustive
@NEED["torch"]
def test_any_shapes_and_functions_that_do_not_depend():
    import torch

    matrix = from_torch(lambda a: a @ a.T)
    a = jnp.arange(6.0).reshape(2, 3)
    close(jax.jacfwd(matrix)(a), jax.jacrev(lambda a: a @ a.T)(a))
    close(jax.jacfwd(jax.jacrev(matrix))(a), jax.hessian(lambda a: a @ a.T)(a))
    constant = from_torch(lambda t: torch.tensor([1.0, 2.0], dtype=torch.float64))
    close(ga.jet(constant, jnp.zeros(3), 2), jnp.zeros((3, 3, 2)).at[0].set([1, 2]))


@NEED["torch"]
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda t: (t, t), "returns a tuple"),
        (lambda t: (t > 0).int(), "returns torch.int32"),
        (lambda t: t if t > 0 else -t, "where"),
        (lambda t: t.missing, "missing"),
        (3, "not a function"),
    ],
)
def test_what_is_wrong_is_said_while_tracing(wrong, words):
    with pytest.raises(ga.ArtError, match=words) as said:
        jax.jit(jax.vmap(from_torch(wrong)))(jnp.ones(3))
    assert "\n" not in str(said.value)


@NEED["torch"]
def test_beyond_the_last_order():
    import torch

    with pytest.raises(ga.ArtError, match="to order 8, not 9"):
        ga.jet(from_torch(torch.sin), 0.3, 9)


@pytest.mark.parametrize("name", ["torch", "tensorflow"])
def test_an_absent_framework_is_named_with_what_installs_it(name, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ga.ArtError, match=rf"pip install 'gradart\[{name}\]'"):
        {"torch": from_torch, "tensorflow": from_tensorflow}[name](lambda x: x)


@pytest.mark.exhaustive
def test_frameworks_are_imported_when_asked_for():
    code = (
        "import sys, gradart.library.other_frameworks\n"
        "assert not {'torch', 'tensorflow'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.exhaustive
@NEED["torch"]
@NEED["tensorflow"]
def test_all_three_in_one_process_say_nothing():
    code = (
        "import jax, gradart.library.other_frameworks as i\n"
        "f = i.from_tensorflow(lambda x: tf.tanh(x)); import tensorflow as tf\n"
        "g = i.from_torch(lambda x: torch.tanh(x)); import torch\n"
        "print(float(jax.grad(f)(0.5)) - float(jax.grad(g)(0.5)))"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True
    )
    assert run.returncode == 0
    assert run.stderr == ""
    assert abs(float(run.stdout)) < 1e-6
