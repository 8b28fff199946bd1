"""What signatures say: numbers and points as arrays with their shapes; curves, fields and maps."""

from collections.abc import Callable
from typing import Annotated

import jax
from jax.typing import ArrayLike

Key = jax.Array  # one random key of JAX

Scalar = Annotated[jax.Array, "()"]
Scalars = Annotated[jax.Array, "(...)"]
Point = Annotated[jax.Array, "(2,)"]
Points = Annotated[jax.Array, "(..., 2)"]
# What is taken for them: arrays of NumPy and JAX, and numbers.
Number = Annotated[ArrayLike, "()"]
Numbers = Annotated[ArrayLike, "(...)"]

Curve = Callable[[Scalar], Point]
Field = Callable[[Point], Scalar]
Map = Callable[[Point], Point]
Function = Callable[[jax.Array], jax.Array]  # any of them
