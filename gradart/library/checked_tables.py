"""Tables of numbers that become fields, the blur and the degree that go with them: checked."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.arguments import as_number, short
from gradart.calculus.present_values import known, moves, present
from gradart.errors import ArtError, Untraceable
from gradart.library.moving_tables import blurred
from gradart.types import Number


def checked_degree(degree: int) -> int:
    """The degree of a spline, 3 or 5."""
    if isinstance(degree, (int, np.integer)) and degree in (3, 5):
        return int(degree)
    raise ArtError(f"degree is {short(degree)}: give 3, or 5 for a field with smooth curvatures")


def checked_table(values: Any) -> np.ndarray | jax.Array:
    """Numbers (rows, columns) as floats, NaN where they are masked."""
    if moves(values):
        rows = jnp.asarray(values, float)
        checked_table(np.asarray(present(rows)))
        return rows
    if isinstance(values, jax.core.Tracer):
        raise ArtError("the table is a traced value: make the field outside of what JAX compiles")
    try:
        table: np.ndarray = np.ma.asarray(values)
    except Exception as error:  # ragged: NumPy's own, of several types
        raise ArtError("the table is no array of numbers: give rows of equal length") from error
    if table.dtype.kind == "c":
        raise ArtError("the table is complex: give z.real, z.imag or abs(z)")
    if table.dtype.kind not in "biuf":
        raise ArtError(f"the table is no array of numbers: it holds {table.dtype}")
    if table.ndim != 2 or min(table.shape) < 2:
        raise ArtError(f"a field needs a table of at least 2 x 2 values, not {table.shape}")
    return np.ma.filled(table.astype(float), np.nan)


def checked_blur(table: np.ndarray | jax.Array, smooth: Number) -> np.ndarray | jax.Array:
    """A table of finite numbers, blurred by so many samples."""
    fine = np.isfinite(np.asarray(present(table)))
    if not fine.all():
        count = int((~fine).sum())
        raise ArtError(
            f"the table holds {count:,} values that are NaN, masked or infinite: fill them first,"
            " or by tabulated(values, fill_voids=True)"
        )
    if not known(smooth):
        raise Untraceable(
            "smooth is traced, and a table is blurred on the host: make the field before a film's"
            " frame, and outside of jax.jit"
        )
    as_number(smooth, "smooth", "number of samples", least=0)
    return blurred(table, smooth)
