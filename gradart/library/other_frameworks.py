"""Functions of PyTorch and of TensorFlow as functions of JAX, with the derivatives they know.

JAX calls the other framework on the host: for the values, for all first derivatives, for all second
ones, each in one call for all points. To JAX each of these is a function of its own, whose
derivative is the next; so a derivative of a derivative, forward or reverse, finds its way.
"""

import functools
import importlib
import itertools
import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import ModuleType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import as_floats
from gradart.errors import ArtError, kind_of
from gradart.types import MadeFunction, Numbers

ORDERS = {"PyTorch": 8, "TensorFlow": 5}  # each takes twice as long as the one before it, or more

Shape = tuple[int, ...]
Host = Callable[[np.ndarray], np.ndarray]  # (n, *in) -> (n, *out, *in, *in, ...)
Build = Callable[[int, Shape, np.dtype], Host]
Tensor = Any  # of PyTorch or TensorFlow, of which one or none is installed
TensorFunction = Callable[[Tensor], Tensor]  # of one number or point
Gradient = Callable[[Tensor], Sequence[Tensor]]  # a column (n,) -> its slopes in each coordinate


def from_torch(f: TensorFunction) -> MadeFunction:
    """A function of PyTorch, one tensor to one tensor, as a function of JAX.

    Write `f` for one number or point, of torch operations; it is mapped over many by
    `torch.func.vmap`. JAX differentiates the result to order 8. It computes in the precision of its
    argument, float64 in a sketch: a network is given as `net.double()`.

    >>> import torch
    >>> well = ga.from_torch(lambda p: torch.cos(p.square().sum()))
    >>> p = ga.grid(12, 12, ((-2, -2), (2, 2)))
    >>> ga.segments(p, p + 0.05 * ga.gradient(well, p))
    """
    torch = _imported("torch", "PyTorch")

    def build(order: int, inner: Shape, dtype: np.dtype) -> Host:
        def run(x: np.ndarray) -> np.ndarray:
            points = torch.tensor(x.reshape(len(x), -1), requires_grad=True)

            def slopes(y: Tensor) -> Sequence[Tensor]:
                if not y.requires_grad:
                    return torch.zeros_like(points).unbind(1)
                (dy,) = torch.autograd.grad(
                    y.sum(), points, create_graph=True, materialize_grads=True
                )
                return dy.unbind(1)

            with torch.enable_grad():
                y = torch.func.vmap(f)(points.reshape(-1, *inner))
                _check(y, torch.is_tensor(y) and y.is_floating_point(), "torch.stack([x, y])")
                columns = y.reshape(len(x), math.prod(y.shape[1:])).unbind(1)
                rows = _partials(
                    lambda: columns, lambda: nullcontext(slopes), order, points.shape[1]
                )
            result = torch.stack(rows, 1).detach().numpy()
            return result.reshape(len(x), *y.shape[1:], *inner * order)

        return run

    return _bridge(f, "PyTorch", build)


def from_tensorflow(f: TensorFunction) -> MadeFunction:
    """A function of TensorFlow, one tensor to one tensor, as a function of JAX.

    Write `f` for one number or point, of TensorFlow operations; it is mapped over many by
    `tf.vectorized_map`. JAX differentiates the result to order 5, and TensorFlow compiles each, in
    seconds from the third on. It computes in the precision of its argument, float64 in a sketch. A
    Keras model takes batches: `lambda p: model(p[None])[0, 0]`.

    >>> import tensorflow as tf
    >>> well = ga.from_tensorflow(lambda p: tf.cos(tf.reduce_sum(p**2)))
    >>> p = ga.grid(12, 12, ((-2, -2), (2, 2)))
    >>> ga.segments(p, p + 0.05 * ga.gradient(well, p))
    """
    # It would greet on stderr, oneDNN for saying that its sums are not always the same.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    tf = _imported("tensorflow", "TensorFlow")

    def build(order: int, inner: Shape, dtype: np.dtype) -> Host:
        size = math.prod(inner)

        def graph(points: Tensor) -> Tensor:
            out: list[Shape] = []

            @contextmanager
            def tape() -> Iterator[Gradient]:
                with tf.GradientTape(persistent=True) as recorded:
                    recorded.watch(points)
                    yield lambda y: tf.unstack(
                        recorded.gradient(y, points, unconnected_gradients="zero"), size, axis=1
                    )

            def start() -> Sequence[Tensor]:
                y = tf.vectorized_map(f, tf.reshape(points, (-1, *inner)), warn=False)
                _check(y, tf.is_tensor(y) and y.dtype.is_floating, "tf.stack([x, y])")
                out.append(tuple(y.shape[1:]))
                m = math.prod(out[0])
                return tf.unstack(tf.reshape(y, (-1, m)), m, axis=1)

            rows = _partials(start, tape, order, size)
            return tf.reshape(tf.stack(rows, 1), (-1, *out[0], *inner * order))

        spec = tf.TensorSpec((None, size), dtype)
        run = tf.function(graph, autograph=False).get_concrete_function(spec)
        return lambda x: run(tf.constant(x.reshape(len(x), size))).numpy()

    return _bridge(f, "TensorFlow", build)


def _partials(
    start: Callable[[], Sequence[Tensor]],
    tape: Callable[[], AbstractContextManager[Gradient]],
    order: int,
    size: int,
) -> list[Tensor]:
    """All partial derivatives of an order of the columns that start() returns, as columns.

    A column holds one number for each point, and a point is a row of its own: so the gradient of
    the column's sum is the gradient of each of its numbers. Derivatives that differ in the order of
    the variables are found once.
    """

    def level(k: int) -> dict[tuple[int, ...], Tensor]:
        if k == 0:
            return {(j,): column for j, column in enumerate(start())}
        with tape() as gradient:
            lower = level(k - 1)
        return {
            (*key, i): slope
            for key, column in lower.items()
            for i, slope in enumerate(gradient(column))
            if i >= max(key[1:], default=0)
        }

    found = level(order)
    columns = sorted({j for j, *_ in found})
    every = itertools.product(columns, *[range(size)] * order)
    return [found[(j, *sorted(variables))] for j, *variables in every]


def _bridge(f: TensorFunction, framework: str, build: Build) -> MadeFunction:
    if not callable(f):
        raise ArtError(
            f"{short(f)} is not a function: give one of {framework}, a tensor to a tensor"
        )
    name = getattr(f, "__name__", type(f).__name__)
    title = f"function {name}" if name.isidentifier() else "function"

    @functools.cache
    def host(order: int, inner: Shape, dtype: np.dtype) -> tuple[Host, Shape]:
        """A callback for any leading axes, and the shape of what it returns for one point."""
        try:
            run = build(order, inner, dtype)
            # A fault is told here, and not from within a compiled program.
            shape = run(np.zeros((1, *inner), dtype)).shape[1:]
        except ArtError as error:
            raise ArtError(f"the {title} of {framework} {error}") from error
        except Exception as error:
            raise ArtError(_failed(error, f"the {title} of {framework}", order)) from error

        def callback(words: ArrayLike) -> np.ndarray:
            x = np.asarray(words)
            if dtype == np.float64:
                x = np.ascontiguousarray(x).view(dtype)[..., 0]
            axes = x.shape[: x.ndim - len(inner)]
            flat = x.reshape((math.prod(axes), *inner))
            y = run(flat) if len(flat) else np.zeros((0, *shape))
            y = np.ascontiguousarray(y, dtype).reshape((*axes, *shape))
            return y[..., None].view(np.uint32) if dtype == np.float64 else y

        return callback, shape

    @functools.cache
    def derivatives(order: int) -> Callable[[jax.Array], jax.Array]:
        """All partial derivatives of an order, (*in) -> (*out, *in, *in, ...)."""
        if order > ORDERS[framework]:
            raise ArtError(
                f"the {title} of {framework} is differentiated to order"
                f" {ORDERS[framework]}, not {order}:"
                " ask for a lower order, or write it with jax.numpy"
            )

        @jax.custom_jvp
        def call(x: jax.Array) -> jax.Array:
            callback, shape = host(order, x.shape, x.dtype)
            ask = functools.partial(jax.pure_callback, vmap_method="broadcast_all")
            if x.dtype != np.float64:
                return ask(callback, jax.ShapeDtypeStruct(shape, x.dtype), x)
            # A compiled program may call from a thread where JAX would round float64 to float32, on
            # the way in and out. A pair of whole numbers goes through as it is.
            pairs = jax.ShapeDtypeStruct((*shape, 2), jnp.uint32)
            words = ask(callback, pairs, jax.lax.bitcast_convert_type(x, jnp.uint32))
            return jax.lax.bitcast_convert_type(words, x.dtype)

        @call.defjvp
        def _(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
            (x,), (dx,) = primals, tangents
            return call(x), jnp.tensordot(derivatives(order + 1)(x), dx, axes=x.ndim)

        return call

    def function(x: Numbers) -> jax.Array:
        return derivatives(0)(as_floats(x, "the argument"))

    function.__name__ = name
    return function


def _check(y: Tensor, fine: bool, example: str) -> None:
    if not fine:
        found = f"{y.dtype}" if hasattr(y, "dtype") else kind_of(y)
        raise ArtError(f"returns {found}: return one tensor of floats, {example}")


def _failed(error: Exception, title: str, order: int) -> str:
    said = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    what = f", in its derivative of order {order}" if order else ""
    hint = ""
    if "dtype" in said or "expected to be a" in said:
        hint = "; sketches compute in float64: give a network as net.double()"
    elif ".item()" in said or "control flow" in said or "bool" in said:
        hint = "; it is called for many points at once: use where() in place of if"
    return f"{title} failed{what}: {said.strip()}{hint}"


def _imported(module: str, framework: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise ArtError(f"{framework} is not installed: pip install 'gradart[{module}]'") from error
