"""The numbers in a sketch's parameters that can be varied without a jump, as one vector."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import SupportsFloat, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from gradart.sketching.parameters import Parameter
from gradart.sketching.roles import POINT, VECTOR
from gradart.sketching.sketch import Sketch

N = TypeVar("N", float, np.ndarray, jax.Array)


@dataclass(frozen=True)
class Coordinate:
    """A number of a sketch: a float parameter, or one of those in a list of floats or of points.

    `path` leads to it in its parameter: `()`, `(0,)` in a list, `(2, 0)` in a list of points.
    `low` and `high` are its bounds, or where it has none what its slider runs over: from 0 to
    twice its default. A place on the slider is a number from 0 at `low` to 1 at `high`.
    """

    parameter: str
    path: tuple[int, ...]
    low: float
    high: float
    bounded: bool
    log: bool

    @property
    def name(self) -> str:
        """What tables call it: `turns`, `at[0]` of a list, `corners[2][0]` of one of points."""
        return self.parameter + "".join(f"[{index}]" for index in self.path)

    def value(self, place: N) -> N:
        """The number at places of the slider, of NumPy or of JAX."""
        if self.log:
            return self.low * (self.high / self.low) ** place
        return self.low + (self.high - self.low) * place

    def place(self, value: float) -> float:
        """Where on the slider a number is."""
        if self.log:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)

    def slope(self, value: float) -> float:
        """How much the number changes for a slider's whole length, at the rate that it has here."""
        return float(value * np.log(self.high / self.low) if self.log else self.high - self.low)


def coordinates(sketch: Sketch, values: Mapping[str, object]) -> tuple[Coordinate, ...]:
    """Those of a sketch whose parameters have `values`; what is None or has choices has none."""
    return tuple(c for p in sketch.parameters for c in _within(p, values[p.name], p.name, ()))


def _within(p: Parameter, value: object, name: str, path: tuple[int, ...]) -> Iterator[Coordinate]:
    """Those of a parameter; of rows of numbers in a list only those of points."""
    if p.type == "list" and isinstance(value, tuple) and (not path or p.role in (POINT, VECTOR)):
        parts = p.parts * len(value) if p.varies else p.parts
        for index, (part, one) in enumerate(zip(parts, value, strict=True)):
            yield from _within(part, one, name, (*path, index))
    elif p.type == "float" and not p.choices and isinstance(value, SupportsFloat):
        yield _coordinate(p, float(value), name, path)


def _coordinate(p: Parameter, now: float, name: str, path: tuple[int, ...]) -> Coordinate:
    if p.bounds is not None:
        return Coordinate(name, path, p.bounds.low, p.bounds.high, True, p.bounds.log)
    base = now if path or not isinstance(p.default, SupportsFloat) else float(p.default)
    reach = 2 * abs(base) or 1.0
    low, high = (-reach, 0.0) if base < 0 else (0.0 if base else -reach, reach)
    return Coordinate(name, path, min(low, now), max(high, now), False, False)


def numbers(found: Sequence[Coordinate], values: Mapping[str, object]) -> np.ndarray:
    """The values of coordinates as a vector (k,)."""
    return np.array([_picked(values[c.parameter], c.path) for c in found], float)


def _picked(value: object, path: tuple[int, ...]) -> object:
    """What stands where a path leads to in a value."""
    for index in path:
        assert isinstance(value, list | tuple)  # where a path leads on
        value = value[index]
    return value


def inserted(
    found: Sequence[Coordinate], vector: jax.Array | np.ndarray, values: Mapping[str, object]
) -> dict[str, object]:
    """All parameters, those of the coordinates taken from a vector (k,) of NumPy or of JAX.

    JAX's numbers stay arrays, so that a sketch can be traced; NumPy's become Python's.
    """
    all_of = dict(values)
    for coordinate, number in zip(found, vector, strict=True):
        one = jnp.asarray(number) if isinstance(vector, jax.Array) else float(number)
        all_of[coordinate.parameter] = _put(all_of[coordinate.parameter], coordinate.path, one)
    return all_of


def _put(value: object, path: tuple[int, ...], number: object) -> object:
    """A value with another number where a path leads to."""
    if not path:
        return number
    index, *rest = path
    assert isinstance(value, list | tuple)
    parts = list(value)
    parts[index] = _put(parts[index], tuple(rest), number)
    return tuple(parts)
