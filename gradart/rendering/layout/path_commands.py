"""Rows of points as the commands of a path: what every painter draws."""

from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar, assert_never

import jax
import numpy as np

from gradart.drawing.shapes import Beziers, Lines
from gradart.geometry.paths.cubic_strokes import pieces

Rows = TypeVar("Rows", np.ndarray, jax.Array)
MOVE, LINE, CURVE, CLOSE = 0, 1, 2, 3  # cairo's numbers


@dataclass(frozen=True)
class Path:
    """Paths: all rows' commands (k,), and the points (p, 2) they take: 1, 1, 3 and 0 each.

    Row i has commands[command_at[i] : command_at[i + 1]], and its points by `point_at`.
    """

    commands: np.ndarray
    points: np.ndarray
    command_at: np.ndarray
    point_at: np.ndarray


def trace(shape: Lines | Beziers) -> Path:
    """Return the path of every row. NaN lifts the pen; what is closed is closed run by run."""
    rows = np.asarray(shape.points)
    commands: tuple[np.ndarray | int, ...]
    match shape:
        case Lines():
            drawn = ~either(np.isnan(rows))
            first, last = runs(drawn)
            lone = first & last  # a point alone is drawn as a line to itself: a round dot
            takes = np.stack([drawn, lone], -1)
            points = np.repeat(rows[:, :, None], 2, 2)
            commands = (np.where(first, MOVE, LINE), LINE, CLOSE)
            used = (drawn, lone, last & ~lone & shape.closed)
        case Beziers():
            points = pieces(rows)
            drawn = ~np.any(either(np.isnan(points)), axis=-1)
            first, last = runs(drawn)
            takes = np.stack([first, drawn, drawn, drawn], -1)
            commands = (MOVE, CURVE, CLOSE)
            used = (first, drawn, last & shape.closed)
        case _:
            assert_never(shape)
    kinds = np.empty((*drawn.shape, 3), np.uint8)
    for column, kind in enumerate(commands):
        kinds[..., column] = kind
    mask = np.stack(used, -1)
    return Path(kinds[mask], points[takes], _offsets(mask), _offsets(takes))


def extremes(pieces: Rows, xp: ModuleType = np) -> Rows:
    """Return where cubic pieces (..., 4, 2) may lie farthest along an axis: points (..., 6, 2).

    They are the ends, and those where the derivative of x or of y, a quadratic, is 0: none of a
    piece with a NaN. By `numpy` or `jax.numpy`; how far a piece reaches changes with its points as
    if the places on it were held.
    """
    steps = xp.diff(pieces if xp is np else jax.lax.stop_gradient(pieces), axis=-2)
    size = xp.abs(steps).max((-2, -1), keepdims=True)
    first, middle, last = xp.moveaxis(steps / xp.where(size > 0, size, 1), -2, 0)
    half = middle - first  # the derivative is first + 2 half t + bend t^2
    bend = last - middle - half
    root = xp.sqrt(xp.maximum(half**2 - bend * first, 0))
    larger = -half - xp.where(half < 0, -root, root)  # without a difference of what is alike
    t = xp.stack(
        [larger / xp.where(bend == 0, 1, bend), first / xp.where(larger == 0, 1, larger)], -2
    )
    t = xp.where((t > 0) & (t < 1), t, 0).reshape(*t.shape[:-2], 4, 1)
    weights = xp.concatenate([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3], -1)
    found = xp.concatenate([pieces[..., ::3, :], weights @ pieces], -2)
    broken = xp.isnan(pieces).any((-2, -1), keepdims=True)
    reached: Rows = xp.where(broken, xp.nan, found)
    return reached


def either(mask: np.ndarray) -> np.ndarray:
    """Return mask.any(-1) of pairs (..., 2); numpy's own takes thirty times as long."""
    return mask[..., 0] | mask[..., 1]


def both(mask: np.ndarray) -> np.ndarray:
    """Return mask.all(-1) of pairs (..., 2)."""
    return mask[..., 0] & mask[..., 1]


def hulls(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest coordinates of rows (..., m, 2), NaN left out."""
    columns = np.ascontiguousarray(np.moveaxis(rows, -1, 0))  # to reduce along memory
    low, high = np.fmin.reduce(columns, -1), np.fmax.reduce(columns, -1)
    return np.moveaxis(low, 0, -1), np.moveaxis(high, 0, -1)


def runs(drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where the runs of what is drawn (n, m) begin and where they end."""
    edge = np.zeros((len(drawn), 1), bool)
    first = drawn & ~np.concatenate([edge, drawn[:, :-1]], 1)
    last = drawn & ~np.concatenate([drawn[:, 1:], edge], 1)
    return first, last


def _offsets(mask: np.ndarray) -> np.ndarray:
    counts = mask.reshape(len(mask), int(np.prod(mask.shape[1:]))).sum(1)
    return np.concatenate([[0], np.cumsum(counts)])
