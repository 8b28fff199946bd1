"""The numbers in a sketch's parameters that can be varied without a jump, as one vector."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import jax
import jax.numpy as jnp
import numpy as np

from gradart.sketching.parameters import Parameter
from gradart.sketching.sketch import Sketch


@dataclass(frozen=True)
class Coordinate:
    """A number of a sketch: a float parameter, or one of those in a list of floats.

    `low` and `high` are its bounds, or where it has none what its slider runs over: from 0 to
    twice its default. A place on the slider is a number from 0 at `low` to 1 at `high`.
    """

    parameter: str
    index: int | None
    low: float
    high: float
    bounded: bool
    log: bool

    @property
    def name(self) -> str:
        """What tables call it: `turns`, or `at[0]` of a list."""
        return self.parameter if self.index is None else f"{self.parameter}[{self.index}]"

    def value(self, place: Any) -> Any:
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
    found: list[Coordinate] = []
    for parameter in sketch.parameters:
        value = values[parameter.name]
        if parameter.type == "list" and isinstance(value, tuple):
            parts = parameter.parts * len(value) if parameter.varies else parameter.parts
            for index, (part, one) in enumerate(zip(parts, value, strict=True)):
                found += _coordinate(part, one, parameter.name, index)
        else:
            found += _coordinate(parameter, value, parameter.name, None)
    return tuple(found)


def _coordinate(
    p: Parameter, value: object, name: str, index: int | None
) -> tuple[Coordinate, ...]:
    if p.type != "float" or p.choices or value is None:
        return ()
    if p.bounds is not None:
        return (Coordinate(name, index, p.bounds.low, p.bounds.high, True, p.bounds.log),)
    now = float(cast(float, value))
    base = now if index is not None or p.default is None else float(cast(float, p.default))
    reach = 2 * abs(base) or 1.0
    low, high = (-reach, 0.0) if base < 0 else (0.0 if base else -reach, reach)
    return (Coordinate(name, index, min(low, now), max(high, now), False, False),)


def numbers(found: Sequence[Coordinate], values: Mapping[str, object]) -> np.ndarray:
    """The values of coordinates as a vector (k,)."""
    picked = (values[c.parameter] for c in found)
    return np.array(
        [
            one if c.index is None else cast(tuple[float, ...], one)[c.index]
            for c, one in zip(found, picked, strict=True)
        ],
        float,
    )


def inserted(
    found: Sequence[Coordinate], vector: jax.Array | np.ndarray, values: Mapping[str, object]
) -> dict[str, Any]:
    """All parameters, those of the coordinates taken from a vector (k,) of NumPy or of JAX.

    JAX's numbers stay arrays, so that a sketch can be traced; NumPy's become Python's.
    """
    all_of: dict[str, Any] = dict(values)
    for coordinate, number in zip(found, vector, strict=True):
        one = jnp.asarray(number) if isinstance(vector, jax.Array) else float(number)
        if coordinate.index is None:
            all_of[coordinate.parameter] = one
        else:
            parts = list(all_of[coordinate.parameter])
            parts[coordinate.index] = one
            all_of[coordinate.parameter] = tuple(parts)
    return all_of
