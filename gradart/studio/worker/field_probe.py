"""A field under the pointer: its value, and its derivative."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp

from gradart.calculus.compiled_once import traced
from gradart.calculus.forward_mode import gradient_of
from gradart.calculus.recorder import Noticed
from gradart.types import Function


@dataclass(frozen=True)
class Probe:
    """A field that a sketch looks at: its name, and a function of a point (2,).

    `at` gives the value and the gradient as numbers; None for one that is not finite.
    """

    name: str
    at: Callable[[tuple[float, float]], tuple[float | None, list[float | None]]]


def probes(noticed: Noticed) -> tuple[Probe, ...]:
    """A probe for each field of the plane; none where the drawing shows them in a view."""
    if noticed.elsewhere:
        return ()
    return tuple(_probe(field) for field in noticed.fields if _is_field(field))


def _is_field(field: Function) -> bool:
    """Whether it takes a point of the plane to a number, and outlives the tracing that it is of."""
    try:
        with jax.enable_x64(True):
            return jax.eval_shape(field, jax.ShapeDtypeStruct((2,), float)).shape == ()
    except Exception:
        return False


def _probe(field: Function) -> Probe:
    @jax.jit
    def both(p: jax.Array) -> tuple[jax.Array, jax.Array]:
        f = traced(field, p)
        return f(p), gradient_of(f)(p)

    def at(point: tuple[float, float]) -> tuple[float | None, list[float | None]]:
        with jax.enable_x64(True):
            value, gradient = both(jnp.asarray(point, float))
        return _number(value), [_number(x) for x in gradient]

    name = getattr(field, "__name__", type(field).__name__)
    return Probe(name if name.isidentifier() else "field", at)


def _number(x: jax.Array) -> float | None:
    return float(x) if math.isfinite(x) else None
