"""How streamlines move as their flow does: the same lines, from the same seeds, in like steps."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.types import Array


class Grown(NamedTuple):
    """A line as it has grown: its seed (2,), and the points (k, 3) on from there and back.

    A step makes two points, amid it and at its end, the last one perhaps only the first of them.
    Behind x and y stands of the first the length of the step, negative where it closes the line,
    and of the second what part of it lies in the box.
    """

    seed: np.ndarray
    forward: np.ndarray
    back: np.ndarray

    @property
    def line(self) -> np.ndarray:
        """The points (m, 2) from one end to the other."""
        return np.concatenate([self.back[::-1, :2], self.seed[None], self.forward[:, :2]])


class _Steps(NamedTuple):
    """A step of each of n halves of lines: its length, 0 at their end, and how it ends.

    Those that are `cut` end at the wall, a number, that is of that axis, (n,).
    """

    length: Array
    home: Array
    cut: Array
    wall: Array
    axis: Array


def following(
    courses: jax.Array, low: np.ndarray, high: np.ndarray, grown: list[Grown]
) -> jax.Array:
    """The points (k, 2) of lines, one line after the other, as the flow at the nodes moves."""
    halves = [(line.seed, half, sign) for line in grown for half, sign in _halves(line)]
    seeds = np.stack([seed for seed, *_ in halves])
    signs = np.array([sign for *_, sign in halves])
    count = max(1, *((len(half) + 1) // 2 for _, half, _ in halves))
    each = [_steps(half, count, low, high) for _, half, _ in halves]
    steps = _Steps(*(jnp.stack(column, 1) for column in zip(*each, strict=True)))
    points = _grown(courses, low, high, jnp.asarray(seeds), jnp.asarray(signs), steps)
    # To the order that the lines are drawn in: back, the seed, forward.
    flat = jnp.concatenate([points.swapaxes(0, 1).reshape(-1, 2), seeds])
    order, size = [], 2 * count
    for number, line in enumerate(grown):
        forward, back = 2 * number, 2 * number + 1
        order.append(back * size + np.arange(len(line.back))[::-1])
        order.append(np.array([len(halves) * size + forward]))
        order.append(forward * size + np.arange(len(line.forward)))
    return flat[np.concatenate(order)]


def _halves(line: Grown) -> list[tuple[np.ndarray, float]]:
    return [(line.forward, 1.0), (line.back, -1.0)]


def _steps(half: np.ndarray, count: int, low: np.ndarray, high: np.ndarray) -> _Steps:
    """The steps (count,) of a half of a line (k, 3)."""
    length, part, end = np.zeros(count), np.ones(count), np.zeros((count, 2))
    length[: (len(half) + 1) // 2] = half[::2, 2]
    part[: len(half) // 2] = half[1::2, 2]
    end[: len(half) // 2] = half[1::2, :2]
    off = np.abs(end[:, None] - np.stack([low, high])).reshape(count, 4)
    nearest = np.argmin(off, axis=1)
    wall = np.stack([low, high]).ravel()[nearest]
    return _Steps(np.abs(length), length < 0, part < 1, wall, nearest % 2)


@jax.jit
def _grown(
    courses: jax.Array,
    low: np.ndarray,
    high: np.ndarray,
    seeds: jax.Array,
    signs: jax.Array,
    steps: _Steps,
) -> jax.Array:
    """Two points of each step of n halves of lines, (count, n, 2, 2)."""

    def way(p: jax.Array) -> jax.Array:
        return signs[:, None] * _course(courses, low, high, p)

    first = way(seeds)

    @jax.checkpoint
    def step(
        state: tuple[jax.Array, jax.Array], now: _Steps
    ) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
        p, a = state
        h = now.length[:, None]
        b = way(p + h / 2 * a)
        c = way(p + h / 2 * b)
        d = way(p + h * c)
        gone = h / 6 * (a + 2 * b + 2 * c + d)
        ahead, length = way(p + gone), h
        home = now.home[:, None]
        gone = jnp.where(home, seeds - p, gone)
        ahead = jnp.where(home, first, ahead)
        length = jnp.where(home, jnp.sqrt(jnp.where(home, gone**2, 0.5).sum(1, keepdims=True)), h)
        rows = jnp.arange(len(p))
        run = jnp.where(now.cut, gone[rows, now.axis], 1)
        part = jnp.where(now.cut, (now.wall - p[rows, now.axis]) / run, 1)[:, None]
        gone, length = part * gone, part * length
        middle = p + gone / 2 + length / 8 * (a - ahead)
        return (p + gone, ahead), jnp.stack([middle, p + gone], 1)

    return jax.lax.scan(step, (seeds, first), steps)[1]


def _course(courses: jax.Array, low: np.ndarray, high: np.ndarray, p: jax.Array) -> jax.Array:
    """The unit vectors (n, 2) of a flow at points (n, 2): `direction_kernel.course` of each."""
    rows, columns = courses.shape[:2]
    last = np.array([columns - 1, rows - 1])
    place = jnp.clip((p - low) * (last / (high - low)), 0, last)
    cell = jnp.clip(jnp.floor(jax.lax.stop_gradient(place)).astype(int) - 1, 0, last - 3)
    x, y = (_cubic(place[:, axis] - cell[:, axis]) for axis in (0, 1))
    near = np.arange(4)
    patch = courses[cell[:, 1, None, None] + near[:, None], cell[:, 0, None, None] + near]
    flow = jnp.einsum("nj,ni,njid->nd", y, x, patch)
    square = (flow**2).sum(1, keepdims=True)
    fine = jnp.isfinite(square) & (square > 0)
    return jnp.where(fine, flow, 0) / jnp.sqrt(jnp.where(fine, square, 1))


def _cubic(a: jax.Array) -> jax.Array:
    """Lagrange's polynomials (n, 4) at a (n,), each 1 at one of 0, 1, 2, 3 and 0 at the others."""
    return jnp.stack(
        [
            -(a - 1) * (a - 2) * (a - 3) / 6,
            a * (a - 2) * (a - 3) / 2,
            -a * (a - 1) * (a - 3) / 2,
            a * (a - 1) * (a - 2) / 6,
        ],
        axis=-1,
    )
