"""Noise of random points, some in each cell of a lattice: distances to them, and waves around them.

Nothing is stored: the points of a cell are hashed from its numbers.
"""

import math
from collections.abc import Sequence
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_key, as_number, short
from gradart.calculus.vectors import safe_sqrt
from gradart.errors import ArtError
from gradart.library.boxed_fields import UNIT, Box, BoxedField, boxed
from gradart.library.noise.lattice_noise import (
    as_lengths,
    directions,
    fitted,
    hashed,
    located,
    mixed,
    share,
)
from gradart.types import Key, Number

_MOST = 4  # coordinates: worley looks at 4^4 cells, gabor into 3^4
_IMPULSES = 4  # of gabor noise in each cell
_SPREAD = 1 / 3  # the standard deviation of gabor noise
_FALL = 4  # the power of 1 - r^2 by which its waves fade


def worley(
    key: Key,
    size: float = 0.3,
    nth: Literal[1, 2] = 1,
    box: Box = UNIT,
    *,
    tile: float | Sequence[float] | None = None,
) -> BoxedField:
    """The distance to the nearest of random points, F1, or to the second nearest: cells, scales.

    `key` is a random key, which a sketch is given as its argument `key`. There is one point, at a
    random place, in each cell of a lattice of cubes with sides of `size`, in the artist's units, as
    the distance is; `nth` is 1 for F1 and 2 for F2. The border between two cells is where F2 - F1
    is 0: `lambda p: second(p) - first(p)` of the same key. `box`, ((x0, y0), (x1, y1)), is only
    where the field is meant to be looked at. With `tile` it repeats after that length, or after one
    for each coordinate, as `noise` does; the lattice's sides are then such that they go into it.

    The slope is 1 everywhere, but for the points themselves, where it is taken as 0, and the lines
    on which two points are as near, where it jumps: C0. Of points of 1 to 4 coordinates. After S.
    Worley, "A cellular texture basis function" (1996).

    >>> cells = ga.worley(jax.random.key(1))
    >>> ga.lines(ga.contours(cells, 8))
    """
    key = as_key(key)
    as_number(size, "size", "length", above=0)
    if isinstance(nth, bool) or not isinstance(nth, int | np.integer) or nth not in (1, 2):
        raise ArtError(f"nth is {short(nth)}: give 1 for the nearest point, 2 for the second")
    periods = as_lengths(tile)
    seed, shift = _lattice(key)

    @boxed(box, periods)
    def field(p: jax.Array) -> jax.Array:
        p, lengths = located(p, periods, "worley", _MOST)
        counts, cells = fitted(lengths, 1 / jnp.broadcast_to(size, p.shape))
        u = p * cells + shift[: len(p)]
        # The cells that reach to within 3/2 of a point: a nearest one farther off is unheard of.
        first = jnp.floor(jax.lax.stop_gradient(u) - 0.5) - 1
        nodes = first.astype(int) + jnp.asarray(_offsets(4, len(p)))
        numbers = hashed(nodes, counts, seed)
        away = (nodes + _places(numbers, len(p)) - u) / cells
        squares = (away**2).sum(axis=1)
        if nth == 2:
            squares = jnp.where(jnp.arange(len(squares)) == squares.argmin(), jnp.inf, squares)
        return safe_sqrt(squares[squares.argmin()])

    return field


def gabor(
    key: Key,
    size: float = 0.1,
    angle: Number | None = None,
    cycles: float = 2.0,
    box: Box = UNIT,
    *,
    tile: float | Sequence[float] | None = None,
) -> BoxedField:
    """Gabor noise: short trains of waves of one length, in all directions or in one of them.

    `key` is a random key, which a sketch is given as its argument `key`. `size` is the length of
    the waves, in the artist's units. They run in direction `angle`, degrees counterclockwise from
    the x axis, or without one in all directions alike. A train fades within `cycles` lengths of its
    middle: more of them, straighter lines. `box`, ((x0, y0), (x1, y1)), is only where the field is
    meant to be looked at. With `tile` it repeats after that length, or after one for each
    coordinate, as `noise` does.

    Nearly Gaussian, with mean 0 and a standard deviation of 1/3, so that it is within -1 to 1 but
    for one place in some hundred. C3. Of points of 1 to 4 coordinates, with an angle of 2. After A.
    Lagae, S. Lefebvre, G. Drettakis and P. Dutre, "Procedural noise using sparse Gabor convolution"
    (2009), with (1 - r^2)^4 for their Gaussian, which does not end.

    >>> wood = ga.gabor(jax.random.key(1), angle=20)
    >>> ga.raster(0.5 + ga.value(wood, ga.grid(120, 120, wood.box)) / 4, wood.box)
    """
    key = as_key(key)
    as_number(size, "size", "length", above=0)
    as_number(cycles, "cycles", above=0)
    if angle is not None:
        as_number(angle, "angle", "number of degrees")
    periods = as_lengths(tile)
    seed, shift = _lattice(key)

    @boxed(box, periods)
    def field(p: jax.Array) -> jax.Array:
        p, lengths = located(p, periods, "gabor", 2 if angle is not None else _MOST)
        d = len(p)
        if angle is not None and d != 2:
            raise ArtError("gabor with an angle takes a point (x, y): leave out angle for others")
        counts, cells = fitted(lengths, 1 / jnp.broadcast_to(cycles * size, p.shape))
        radius = (1 / cells).min()
        u = p * cells + shift[:d]
        nodes = jnp.floor(jax.lax.stop_gradient(u)).astype(int) + jnp.asarray(_offsets(3, d) - 1)
        # Numbers of the cells (3^d,), and of the impulses in them (3^d, 4).
        of_cells = hashed(nodes, counts, seed)
        numbers = mixed(of_cells[:, None] + jnp.arange(_IMPULSES, dtype=jnp.uint32))
        away = (u - nodes[:, None] - _places(numbers, d)) / cells
        phase = math.tau * share(numbers + jnp.uint32(d + 1))
        if angle is None:
            course = directions(mixed(numbers + jnp.uint32(d + 2)), d)
        else:
            course = jnp.stack([jnp.cos(jnp.radians(angle)), jnp.sin(jnp.radians(angle))])
        train = jnp.cos(math.tau / size * (away * course).sum(axis=-1) + phase)
        fade = jnp.maximum(1 - (away**2).sum(axis=-1) / radius**2, 0) ** _FALL
        variance = _IMPULSES / 2 * _power(d) * radius**d * cells.prod()
        return _SPREAD * (fade * train).sum() / jnp.sqrt(variance)

    return field


def _power(d: int) -> float:
    """The integral of (1 - r^2)^(2 _FALL) over the ball of radius 1 in d dimensions."""
    m = 2 * _FALL + 1
    return math.pi ** (d / 2) * math.gamma(m) / math.gamma(m + d / 2)


def _lattice(key: Key) -> tuple[jax.Array, jax.Array]:
    """A seed for a lattice, and where it lies (4,), in cells."""
    bits = jax.random.bits(key, (_MOST + 1,), jnp.uint32)
    return bits[0], bits[1:] * (64 / 2.0**32)


def _offsets(n: int, d: int) -> np.ndarray:
    """The nodes (n^d, d) of a cube of n of them a side."""
    return np.indices((n,) * d).reshape(d, -1).T


def _places(numbers: jax.Array, d: int) -> jax.Array:
    """Places (..., d) in a cell, each coordinate between 0 and 1, of whole numbers (...)."""
    return jnp.stack([share(numbers + jnp.uint32(k + 1)) for k in range(d)], axis=-1)
