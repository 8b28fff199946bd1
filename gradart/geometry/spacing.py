"""Ground that lines are laid on, and how near the next point may come to them."""

import math
from typing import NamedTuple

import numpy as np

AROUND = np.indices((3, 3)).reshape(2, 9) - 1
FINE = 8  # squares of the mask along one separation


class Ground(NamedTuple):
    """The points of all lines so far, and how they are to be spaced. The arrays fill up in place.

    A cell is as wide as the separation, so that whatever is nearer than that lies in the nine cells
    around a point.
    """

    low: np.ndarray
    high: np.ndarray
    separation: float
    nearest: float
    cells: np.ndarray
    """(2, columns + 2, rows + 2, most), the points' x and y; infinity where there is no point"""
    counts: np.ndarray
    """(columns + 2, rows + 2), the points in each cell"""
    mask: np.ndarray
    """Finer squares, true if no point of one is as far from the lines as `nearest`"""


def cleared(
    low: np.ndarray, high: np.ndarray, separation: float, nearest: float, step: float
) -> Ground:
    """Ground with nothing on it, for lines of points that are `step` apart."""
    columns, rows = np.ceil((high - low) / separation).astype(int)
    most = math.ceil(1.25 * separation**2 / (step * nearest))  # what should fit, and some
    return Ground(
        low,
        high,
        separation,
        nearest,
        np.full((2, columns + 2, rows + 2, most), np.inf),
        np.zeros((columns + 2, rows + 2), int),
        np.zeros((FINE * columns, FINE * rows), bool),
    )


def distance(ground: Ground, p: np.ndarray) -> np.ndarray:
    """From points (n, 2) to the nearest point of a line, right where under the separation: (n,)."""
    column, row = _cell(ground, p)
    around = column[:, None] + AROUND[0], row[:, None] + AROUND[1]
    x, y = (ground.cells[k][around] - p[:, k, None, None] for k in (0, 1))
    return np.sqrt(np.min(x * x + y * y, axis=(1, 2)))


def masked(ground: Ground, p: np.ndarray) -> np.ndarray:
    """Whether points (n, 2) are surely nearer than `nearest` to a line: (n,)."""
    squares = ((p - ground.low) // (ground.separation / FINE)).astype(int)
    x, y = np.clip(squares, 0, np.array(ground.mask.shape) - 1).T
    return ground.mask[x, y]


def lay(ground: Ground, line: np.ndarray) -> None:
    """Enter a line (m, 2); a cell that is full keeps what it has."""
    column, row = _cell(ground, line)
    order = np.lexsort((row, column))
    column, row = column[order], row[order]
    first = np.flatnonzero(np.append(True, (np.diff(column) != 0) | (np.diff(row) != 0)))
    sizes = np.diff(np.append(first, len(line)))
    slot = ground.counts[column, row] + np.arange(len(line)) - np.repeat(first, sizes)
    room = slot < ground.cells.shape[-1]
    ground.cells[:, column[room], row[room], slot[room]] = line[order][room].T
    np.add.at(ground.counts, (column[room], row[room]), 1)

    side = ground.separation / FINE
    reach = math.ceil(ground.nearest / side)
    window = np.arange(-reach, reach + 1)
    inside = ground.nearest - side * math.sqrt(0.5)  # all of a square, if its middle is
    squares, away = [], []
    for x, low, count in zip(line.T, ground.low, ground.mask.shape, strict=True):
        square = ((x - low) // side).astype(int)[:, None] + window
        away.append((low + (square + 0.5) * side - x[:, None]) ** 2)
        squares.append(np.clip(square, 0, count - 1))
    near = away[0][:, :, None] + away[1][:, None] <= inside**2
    point, i, j = np.nonzero(near)
    ground.mask[squares[0][point, i], squares[1][point, j]] = True


def _cell(ground: Ground, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    index = ((p - ground.low) // ground.separation).astype(int) + 1
    column, row = np.clip(index, 1, np.array(ground.counts.shape) - 2).T
    return column, row
