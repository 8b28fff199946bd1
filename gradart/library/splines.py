"""The uniform B-spline through a row of samples: its cells, its basis, its weights, its samples."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.library.photographs import LUMA
from gradart.library.tables import blurred, spline_coefficients

_MOST = 2**21  # coefficients; no page holds more
_known: dict[int, tuple[Callable[[], np.ndarray | None], "SplineSamples"]] = {}


def weights(
    x: jax.Array, low: float, high: float, n: int, order: int, degree: int
) -> tuple[jax.Array, list[jax.Array]]:
    """The cells (m,) of positions x (m,), and of each derivative the weights (m, degree + 1)."""

    def at(x: jax.Array) -> jax.Array:
        return basis(cell_of(x, low, high, n)[1], degree)

    orders = [at]
    for _ in range(order):
        orders.append(jax.jacfwd(orders[-1]))
    return cell_of(x, low, high, n)[0], [jax.vmap(weight)(x) for weight in orders]


def cell_of(x: jax.Array, low: float, high: float, n: int) -> tuple[jax.Array, jax.Array]:
    """The cell of x, held within [low, high], of the n - 1 there are, and where in it, 0 to 1."""
    # On the edge itself the derivative is 1 (jnp.clip's is 1/2).
    held = jnp.where(x < low, low, jnp.where(x > high, high, x))
    u = (held - low) * ((n - 1) / (high - low))
    cell = jnp.clip(jnp.floor(jax.lax.stop_gradient(u)), 0, n - 2)
    return cell.astype(int), u - cell


def basis(f: jax.Array, degree: int) -> jax.Array:
    """The uniform B-splines (degree + 1,) of a cell, at f in [0, 1] across it; degree 3 or 5."""
    g = 1 - f
    if degree == 3:
        return jnp.stack(
            [g**3 / 6, 2 / 3 - f**2 * (2 - f) / 2, 2 / 3 - g**2 * (2 - g) / 2, f**3 / 6]
        )

    def near(f: jax.Array) -> jax.Array:
        return (66 - f**2 * (60 - f**2 * (30 - 10 * f))) / 120

    def far(f: jax.Array) -> jax.Array:
        return (26 - f * (50 - f * (20 + f * (20 - f * (20 - 5 * f))))) / 120

    return jnp.stack([g**5 / 120, far(f), near(f), near(g), far(g), f**5 / 120])


def rested(height: jax.Array, seam: ArrayLike, degree: int) -> jax.Array:
    """Heights held within [0, 1]; 0, 1 and what is farther than the seam from them stay.

    As often differentiable as the spline of a degree: within the seam, w of it from the end, it is
    the polynomial that has w's value and derivatives where it leaves (w = 1), and rests at the end
    (w = 0).
    """

    def rest(w: jax.Array) -> jax.Array:
        w = jnp.clip(w, 0, 1)
        if degree == 3:
            return jnp.asarray(seam) * w**3 * (6 + w * (3 * w - 8))
        return jnp.asarray(seam) * w**5 * (70 + w * (w * (280 + w * (35 * w - 160)) - 224))

    low, high = rest(height / seam), 1 - rest((1 - height) / seam)
    return jnp.where(height < seam, low, jnp.where(height > 1 - seam, high, height))


@dataclass(frozen=True, eq=False)
class SplineSamples:
    """Samples, and all that is done with them until they are coefficients.

    `read` gives them, (rows, columns), the bottom row first, or colors (rows, columns, 3), whose
    luma is meant. They are blurred by `smooth`, brought to [0, 1] if they are `leveled`, and then
    it is the coefficients of the spline of a `degree` through them.
    """

    read: Callable[[], np.ndarray]
    smooth: float
    leveled: bool
    degree: int

    def coefficients(self, samples: np.ndarray) -> np.ndarray:
        """The coefficients, made again of what was read."""
        tones = blurred(samples @ LUMA if samples.ndim == 3 else samples, self.smooth)
        if self.leveled:
            tones = (tones - tones.min()) / (np.ptp(tones) or 1.0)
        return np.asarray(spline_coefficients(tones, self.degree))


def remember(coefficients: np.ndarray, samples: SplineSamples) -> None:
    """Remember what coefficients were made of, for as long as their memory is there.

    Programs hold views of them, which keep that, and not the array that is given here.
    """
    if coefficients.size > _MOST:
        return
    owner, base = coefficients, coefficients.base
    if isinstance(base, np.ndarray) and coefficients.flags.c_contiguous:
        owner = base
    key, itself = id(owner), owner is coefficients
    place = coefficients.ctypes.data - owner.ctypes.data
    shape, dtype = coefficients.shape, coefficients.dtype
    gone = weakref.ref(owner, lambda _: _known.pop(key, None))

    def table() -> np.ndarray | None:
        held = gone()
        return held if held is None or itself else np.ndarray(shape, dtype, held, place)

    _known[key] = table, samples


def samples_of(coefficients: np.ndarray) -> SplineSamples | None:
    """What coefficients, or others that are equal, were made of; None if that is not known."""
    for known, samples in reversed(_known.values()):
        array = known()
        if array is not None and np.array_equal(array, coefficients):
            return samples
    return None
