"""Land that goes on falling under the sea, so that a spline through it meets the sea at the shore.

Elevation files hold the sea as a level 0, or as no heights at all. A spline swings about such a
corner: its level line of 0 wanders over the sea, with islets that are none.
"""

import math

import jax
import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.programs.present_values import known, moves
from gradart.errors import ArtError, Untraceable
from gradart.library.readers.elevation import fill
from gradart.library.tables import checked_width
from gradart.types import Number

SPLINE = 4  # samples, past which one hardly moves a spline, a fiftieth at most
BLUR = 3  # widths of the Gaussian, likewise
SWEEPS = 6  # of the membrane, which no line is drawn on
WAYS = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j])
WEIGHTS = 1 / np.linalg.norm(WAYS, axis=1)


def with_sea_floor(heights: np.ndarray | jax.Array, sea: float, smooth: Number) -> np.ndarray:
    """Heights (rows, columns) of which those at or below the sea become a floor that falls from it.

    Next to land it is the mean of straight lines through two samples of land, in all eight
    directions; where those do not reach the sea, as above cliffs, it is as far below. From there it
    goes on in the same way for as many samples as a blur by `smooth` and a spline reach, and never
    rises; beyond it is a membrane, so the depths stay small.
    """
    from scipy import ndimage

    if not isinstance(heights, np.ndarray):
        raise ArtError("sea is for a table of plain numbers, and this one is differentiated")
    if not (heights > sea).any():
        raise ArtError(
            f"the sea, at {sea:g}, lies over all of the land: its highest is {heights.max():g}"
        )
    (rows, columns), width = heights.shape, checked_width(smooth, heights.shape)
    # Two samples of nothing all around, so that every sample has the neighbors of its neighbors.
    land = np.full((rows + 4, columns + 4), np.nan)
    land[2:-2, 2:-2] = np.where(heights > sea, heights - sea, np.nan)
    step, level = WAYS @ (columns + 4, 1), land.ravel()
    wet = np.pad(heights <= sea, 2)
    beside = ndimage.binary_dilation(np.isfinite(land), np.ones((3, 3))) & wet
    at, wet = np.flatnonzero(beside), wet.ravel()
    for ring in range(SPLINE + math.ceil(BLUR * width)):
        near = level[at[:, None] + step]
        ahead, level_on = _mean(2 * near - level[at[:, None] + 2 * step]), _mean(near)
        if ring == 0:
            level[at] = -np.abs(np.where(np.isnan(ahead), level_on, ahead))
        else:
            level[at] = np.fmin(ahead, level_on)
        around = np.unique(at[:, None] + step)
        at = around[wet[around] & np.isnan(level[around])]
    floor = land[2:-2, 2:-2]
    shallow = ~np.isnan(floor) & (heights <= sea)
    if not shallow.any():
        return heights
    deep = fill(np.where(shallow, floor, 0), shallow, SWEEPS)
    return sea + np.where(heights > sea, floor, deep)


def checked_sea(sea: Number | None) -> float | None:
    """The height of the sea, if there is one."""
    if sea is None:
        return None
    if moves(sea) or not known(sea):
        raise Untraceable(
            "sea is traced, and which samples are sea is found on the host: make the field before a"
            " film's frame, and outside of what is differentiated"
        )
    return float(np.asarray(as_number(sea, "sea", "height")))


def _mean(values: np.ndarray) -> np.ndarray:
    """The mean (n,) of the known among values (n, 8) in all directions, near ones weighing more."""
    weights = np.where(np.isnan(values), 0, WEIGHTS)
    with np.errstate(invalid="ignore"):
        return (weights * np.nan_to_num(values)).sum(1) / weights.sum(1)
