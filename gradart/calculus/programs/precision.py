"""Arrays of NumPy that are used in single and in double precision, each time as they are there.

For as long as a program holds an array of NumPy, JAX hands out what it became in the precision of
that program, also to those who ask in the other one: numbers that were first seen in single
precision stay rounded in double, and those that were first seen in double end a program of single
precision. All versions up to 0.12 do so. A sketch runs in double, and what an artist tries out in a
notebook, on the same arrays, in single precision.
"""

from typing import TypeVar
from weakref import WeakValueDictionary

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

A = TypeVar("A", np.ndarray, jax.Array, ArrayLike)
_views: WeakValueDictionary[tuple[object, ...], np.ndarray] = WeakValueDictionary()


def constant(table: A) -> A:
    """A table that is kept, as JAX may be given it in the precision that is on now.

    Each precision has a view of its own, which is the same one for as long as anything holds it, so
    that a program holds a table once. What is JAX's own is given back.
    """
    if not isinstance(table, np.ndarray):
        return table
    # By its place in memory: a view keeps that from being given to another, and its table does not.
    key = (table.ctypes.data, table.shape, table.strides, table.dtype.str, jnp.result_type(float))
    view = _views.get(key)
    if view is None:
        view = _views[key] = table.view()
    return view
