"""Patterns that repeat over the plane: the 17 wallpaper groups, by which a motif is copied.

The groups, their cells and generators in fractions of a cell: International Tables for
Crystallography, volume A, "The 17 plane groups". With the short names that are used since
G. Polya, "Über die Analogie der Kristallsymmetrie in der Ebene" (1924).
"""

import functools
import re

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import as_floats, concrete, outside
from gradart.calculus.programs.present_values import known, present
from gradart.errors import ArtError
from gradart.geometry.points import corners
from gradart.geometry.transforms import as_plane
from gradart.types import Corners, Number, Numbers, Points

MOST = 1_000_000  # copies
_TURNS4, _TURNS3 = "-y,x", "-y,x-y"
_GENERATORS = {  # where a point (x, y) of the cell comes to, but for whole cells
    "p1": "",
    "p2": "-x,-y",
    "pm": "-x,y",
    "pg": "-x,y+1/2",
    "cm": "-x,y; x+1/2,y+1/2",
    "pmm": "-x,y; x,-y",
    "pmg": "-x,-y; -x+1/2,y",
    "pgg": "-x,-y; -x+1/2,y+1/2",
    "cmm": "-x,y; x,-y; x+1/2,y+1/2",
    "p4": _TURNS4,
    "p4m": f"{_TURNS4}; -x,y",
    "p4g": f"{_TURNS4}; -x+1/2,y+1/2",
    "p3": _TURNS3,
    "p3m1": f"{_TURNS3}; -y,-x",
    "p31m": f"{_TURNS3}; y,x",
    "p6": f"{_TURNS3}; -x,-y",
    "p6m": f"{_TURNS3}; -x,-y; -y,-x",
}
_Operation = tuple[tuple[float, ...], ...]  # rows of a matrix (2, 3): what is multiplied, added


def tile(
    motif: Numbers,
    group: str,
    size: Numbers,
    box: Corners,
    *,
    degrees: Number | None = None,
) -> Points:
    """Copies of a motif by one of the 17 wallpaper groups, as many as fill a box: (k, ..., m, 2).

    `group` is "p1", "p2", "pm", "pg", "cm", "pmm", "pmg", "pgg", "cmm", "p4", "p4m", "p4g", "p3",
    "p3m1", "p31m", "p6" or "p6m". `size` is the side of its cell, or (width, height) where these
    may differ: up to "cmm". The sides of a cell are upright to each other, 120 degrees apart from
    "p3" on, and of "p1" and "p2" at any angle of `degrees`; one corner of a cell is (0, 0), where
    a group that turns has a center.

    Of the `motif`, points (..., m, 2), all copies are given that touch `box`, in a film's frame
    all that may, if the motif reaches no farther than the cells around its own. What is symmetric
    in itself is copied onto itself: draw the least part. JAX differentiates the copies by motif and
    size. ArtError for another group, for a size that it cannot have, and for a million copies.

    >>> leaf = np.array([(0.5, 0.5), (4, 1), (7, 3), (4, 3), (0.5, 0.5)])
    >>> box = ((0, 0), (60, 60))
    >>> ga.lines(ga.clip(ga.tile(leaf, "p4g", 20, box), box))
    """
    points = as_plane(motif)
    if not isinstance(group, str) or group not in _GENERATORS:
        names = ", ".join(_GENERATORS)
        raise ArtError(f"no wallpaper group {short(group)}; there are {names}")
    outside("tile", size, degrees, box)
    with jax.ensure_compile_time_eval():  # in a frame, what does not move tells how many there are
        sides = np.asarray(_cell(group, present(size), present(degrees)), float)
        copies = _copies(group, sides, np.asarray(present(corners(box)), float), points)
    return _placed(points, _cell(group, size, degrees), copies)


@jax.jit
def _placed(points: jax.Array, cell: jax.Array, copies: jax.Array) -> jax.Array:
    """Points of the plane (..., 2) where operations (k, 2, 3) on fractions of a cell bring them."""
    dot = functools.partial(jnp.matmul, precision="highest")
    (a, b), (c, d) = cell  # a place in the plane is its place in the cell, times the cell's sides
    within = dot(points, jnp.array([[d, -b], [-c, a]]) / (a * d - b * c))
    there = jnp.einsum("kij,...j->k...i", copies[:, :, :2], within, precision="highest")
    shift = copies[:, :, 2].reshape(len(copies), *(1,) * (points.ndim - 1), 2)
    return dot(there + shift, cell)


def _cell(group: str, size: Numbers, degrees: Number | None) -> jax.Array:
    """The sides of a group's cell, as rows (2, 2)."""
    sides = as_floats(size, "size")
    kind = list(_GENERATORS).index(group)
    free, oblique, hexagonal = kind < 9, kind < 2, kind > 11
    if sides.shape not in (((), (2,)) if free else ((),)):
        wanted = "a side or (width, height)" if free else "one number, for its sides are equal"
        raise ArtError(f"the size of a cell of {group} is {wanted}, not {short(size)}")
    if degrees is not None and not oblique:
        raise ArtError(f"the sides of a cell of {group} have their angle: leave degrees out")
    if concrete(sides) and not (np.isfinite(sides).all() and (np.asarray(sides) > 0).all()):
        raise ArtError(f"the size of a cell is above 0, not {short(size)}")
    told = degrees is not None and concrete(as_number(degrees, "degrees", "angle"))
    if told and not 0 < np.asarray(degrees) < 180:
        raise ArtError(f"the sides of a cell are 0 to 180 degrees apart, not {degrees}")
    angle = 120.0 if hexagonal else 90.0 if degrees is None else degrees
    width, height = jnp.broadcast_to(sides, 2)
    flat = 0.0 if degrees is None and not hexagonal else jnp.cos(jnp.radians(angle))
    return jnp.stack(
        [
            jnp.stack([width, jnp.zeros_like(width)]),
            jnp.stack([height * flat, height * jnp.sin(jnp.radians(angle))]),
        ]
    )


def _copies(group: str, cell: np.ndarray, box: np.ndarray, points: jax.Array) -> np.ndarray:
    """The operations (k, 2, 3) on fractions of a cell whose copies touch the box."""
    into = np.linalg.inv(cell)
    low, high = np.sort(box, axis=0)
    every = np.array([(x, y) for x in (low[0], high[0]) for y in (low[1], high[1])]) @ into
    if seen := known(points):
        flat = np.asarray(present(points), float).reshape(-1, 2)
        flat = flat[np.isfinite(flat).all(-1)]
    else:
        flat = np.array([(-1, -1), (2, -1), (-1, 2), (2, 2)]) @ cell
    if not len(flat):
        return np.zeros((0, 2, 3))
    found = []
    for operation in operations(group):
        there = flat @ into @ operation[:, :2].T + operation[:, 2]
        first = np.ceil(every.min(0) - there.max(0) - 1e-9)
        last = np.floor(every.max(0) - there.min(0) + 1e-9)
        count = np.maximum(last - first + 1, 0)
        if count.prod() * len(operations(group)) > MOST:
            raise ArtError(
                f"{group} fills this box with more than {MOST:,} copies: give a larger size"
            )
        cells = first + np.indices(count.astype(int)).reshape(2, -1).T
        if seen:
            here = there @ cell
            begin, end = here.min(0) + cells @ cell, here.max(0) + cells @ cell
            cells = cells[((begin <= high) & (end >= low)).all(-1)]
        some = np.repeat(operation[None], len(cells), axis=0)
        some[:, :, 2] += cells
        found.append(some)
    return np.concatenate(found)


@functools.cache
def operations(group: str) -> tuple[np.ndarray, ...]:
    """All (2, 3) by which a group moves a point within its cell: what its generators generate."""
    steps = [_read(text) for text in _GENERATORS[group].split(";") if text]
    found = {_key(np.eye(2, 3))}
    new = found
    while new:
        made = {_key(_after(np.array(a), b)) for a in new for b in steps}
        new = made - found
        found = found | new
    return tuple(np.array(operation) for operation in sorted(found, reverse=True))


def _after(first: np.ndarray, then: np.ndarray) -> np.ndarray:
    matrix = then[:, :2] @ first
    matrix[:, 2] = (matrix[:, 2] + then[:, 2]) % 1
    return matrix


def _key(operation: np.ndarray) -> _Operation:
    return tuple(map(tuple, operation.tolist()))


def _read(text: str) -> np.ndarray:
    """An operation (2, 3) as the tables write it: `-x+1/2,y`."""
    rows = []
    for part in text.split(","):
        terms = re.findall(r"([+-]?)(x|y|1/2)", part)
        row = [sum(_sign(sign) for sign, word in terms if word == name) for name in ("x", "y")]
        rows.append([*row, 0.5 if any(word == "1/2" for _, word in terms) else 0.0])
    return np.array(rows, float)


def _sign(sign: str) -> int:
    return -1 if sign == "-" else 1
