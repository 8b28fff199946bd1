"""What signatures say: numbers and points as arrays with their shapes; curves, fields and maps.

What is given back is an array of JAX. What is taken is wider: arrays of NumPy too, Python's
numbers, and lists of all these.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeAlias, TypeVar

import jax
import numpy as np
from jax.typing import ArrayLike

Array = jax.Array | np.ndarray
ArrayT = TypeVar("ArrayT", jax.Array, np.ndarray)  # what is given back is of the kind taken

Key = jax.Array  # one random key of JAX

Scalar = Annotated[jax.Array, "()"]
Scalars = Annotated[jax.Array, "(...)"]
Point = Annotated[jax.Array, "(2,)"]
Points = Annotated[jax.Array, "(..., 2)"]

_Nested: TypeAlias = "ArrayLike | Sequence[_Nested]"
Number = Annotated[ArrayLike, "()"]
Numbers = Annotated[_Nested, "(...)"]
Corners = Annotated[Array | Sequence[_Nested], "(2, 2)"]  # of a box: ((x0, y0), (x1, y1))
Polygons = Annotated[Array | Sequence[_Nested], "(..., m, 2)"]

# What an artist writes, and gradart calls with arrays of JAX.
Curve = Callable[[Scalar], Point]
Field = Callable[[Point], Scalar]
Map = Callable[[Point], Point]
Function = Callable[[jax.Array], jax.Array]  # any of them
# What gradart makes: these can be called with all that is taken for a number or a point.
MadeCurve = Callable[[Number], Point]
MadeField = Callable[[Numbers], Scalar]
MadeFunction = Callable[[Numbers], jax.Array]  # any of them
View = Callable[[Numbers], Points]
