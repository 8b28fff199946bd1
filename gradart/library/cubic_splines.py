"""The uniform cubic B-spline through a row of samples: its cells, its basis, its weights."""

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike


def weights(
    x: jax.Array, low: float, high: float, n: int, order: int
) -> tuple[jax.Array, list[jax.Array]]:
    """The cells (m,) of positions x (m,), and the weights (m, 4) of each derivative in them."""

    def at(x: jax.Array) -> jax.Array:
        return basis(cell_of(x, low, high, n)[1])

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


def basis(f: jax.Array) -> jax.Array:
    """The four uniform cubic B-splines (4,) that are not 0 in a cell, at f in [0, 1] across it."""
    g = 1 - f
    return jnp.stack([g**3 / 6, 2 / 3 - f**2 * (2 - f) / 2, 2 / 3 - g**2 * (2 - g) / 2, f**3 / 6])


def rested(height: jax.Array, seam: ArrayLike) -> jax.Array:
    """Heights held within [0, 1], C2; 0, 1 and what is farther than the seam from them stay.

    Within the seam, w of it from the end, it is the quintic that has w's value, slope and bend
    where it leaves (w = 1), and rests at the end (w = 0).
    """

    def rest(w: jax.Array) -> jax.Array:
        w = jnp.clip(w, 0, 1)
        return jnp.asarray(seam) * w**3 * (6 + w * (3 * w - 8))

    low, high = rest(height / seam), 1 - rest((1 - height) / seam)
    return jnp.where(height < seam, low, jnp.where(height > 1 - seam, high, height))
