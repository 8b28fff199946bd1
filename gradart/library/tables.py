"""Tables of samples that become fields: checked, blurred, and how they move when differentiated.

Blurring and the coefficients of a spline are SciPy's, on the host. Both are linear in the table,
and so their derivative is the same of how the table moves: a matrix along each axis. The derivative
by the width is that of the weights of the Gaussian.
"""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.programs.present_values import (
    known,
    moves,
    present,
    stepped,
    with_derivatives_of,
)
from gradart.errors import ArtError, Untraceable
from gradart.types import Number

REACH = 4.0  # widths of the Gaussian, beyond which SciPy cuts it off
LINE = 64  # bytes of the cache


def blurred(table: ArrayLike, smooth: ArrayLike) -> np.ndarray | jax.Array:
    """A table (r, c) blurred by a Gaussian of `smooth` samples, mirrored at its edges."""
    from scipy import ndimage

    now = np.asarray(present(table))
    width = checked_width(smooth, now.shape)
    found = ndimage.gaussian_filter(now, width, mode="mirror") if width else now
    if not moves((table, smooth)):
        return found
    step = jnp.zeros(())
    if moves(table):
        blur = functools.partial(ndimage.gaussian_filter1d, sigma=width, mode="mirror")
        step = step + (_along_both(jnp.asarray(table), blur) if width else jnp.asarray(table))
    if moves(smooth) and width:
        return stepped(found, -(step + _widening(now, width) * smooth))
    return with_derivatives_of(step, found)


def _widening(table: np.ndarray, width: float) -> np.ndarray:
    """How a blurred table changes with the width of the blur, per sample of width."""
    from scipy import ndimage

    x = np.arange(-int(REACH * width + 0.5), int(REACH * width + 0.5) + 1)
    weights = np.exp(-0.5 * x**2 / width**2)
    weights /= weights.sum()
    changes = weights * (x**2 - np.sum(weights * x**2)) / width**3

    def along(table: np.ndarray, kernel: np.ndarray, axis: int) -> np.ndarray:
        return ndimage.correlate1d(table, kernel, axis, mode="mirror")

    rows, columns = along(table, weights, 0), along(table, changes, 0)
    return along(rows, changes, 1) + along(columns, weights, 1)


def spline_coefficients(table: ArrayLike, degree: int) -> np.ndarray | jax.Array:
    """The coefficients (r + degree - 1, c + degree - 1) of the spline through a table (r, c)."""
    from scipy import ndimage

    now = np.asarray(present(table))
    found = ndimage.spline_filter(now, order=degree, mode="mirror")
    # With these on each side every cell has all its neighbors: of a cubic spline 4 x 4.
    spare = degree // 2
    found = _aligned(np.pad(found, spare, mode="reflect"))
    if not moves(table):
        return found
    solve = functools.partial(ndimage.spline_filter1d, order=degree, mode="mirror")
    step = jnp.pad(_along_both(jnp.asarray(table), solve), spare, mode="reflect")
    return with_derivatives_of(step, found)


def _aligned(x: np.ndarray) -> np.ndarray:
    """An array that begins with a line of the cache: JAX on a CPU reads it where it is."""
    room = np.empty(x.nbytes + LINE, np.uint8)
    start = -room.ctypes.data % LINE
    there = room[start : start + x.nbytes].view(x.dtype).reshape(x.shape)
    there[:] = x
    return there


def _along_both(table: jax.Array, f: functools.partial[np.ndarray]) -> jax.Array:
    """A linear function of rows, as of SciPy, along both axes of a table (r, c)."""
    rows, columns = (f(np.eye(n), axis=0) for n in table.shape)
    return rows @ table @ columns.T


def checked_degree(degree: int) -> int:
    """The degree of a spline, 3 or 5."""
    if isinstance(degree, (int, np.integer)) and degree in (3, 5):
        return int(degree)
    raise ArtError(f"degree is {short(degree)}: give 3, or 5 for a field with smooth curvatures")


def checked_table(values: object) -> np.ndarray | jax.Array:
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
    return blurred(table, smooth)


def checked_width(smooth: ArrayLike, shape: tuple[int, ...]) -> float:
    """How many samples a table (rows, columns, ...) is blurred by, now."""
    if not known(smooth):
        raise Untraceable(
            "smooth is traced, and a table is blurred on the host: make the field before a film's"
            " frame, and outside of jax.jit"
        )
    width = float(np.asarray(present(as_number(smooth, "smooth", "number of samples", least=0))))
    if width > max(shape[:2]):
        raise ArtError(
            f"smooth is {width:g} samples, and the table is {shape[0]} x {shape[1]}: give fewer,"
            " for such a blur leaves nothing of it"
        )
    return width
