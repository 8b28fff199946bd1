"""Sliders that bring what is held to where it is pulled: damped least squares within bounds.

By Levenberg and Marquardt, with the bounds that are met taken out. What is held may have kinks, as
where a window cuts a line elsewhere: a step that has failed may have gone over one, and then the
next one has to suit the slopes on both sides.
"""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

_STEPS = 40
LANDED = 0.05  # mm; is near enough not to look elsewhere
_STILL = 1e-4  # mm that a step would bring what is held nearer; less does not count
_FAR = 0.25  # of a slider, at most, in one step
START, _LEAST, _GIVE_UP = 1e-6, 1e-12, 1e6  # of the damping
_SIDES = 3  # slopes that a step is to suit

# Where the grips are (h, 2) at places of all sliders (k,), and how they move with these (h, 2, k).
Move = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
Solved = tuple[np.ndarray, np.ndarray, np.ndarray]


class Limits(NamedTuple):
    """The bounds of sliders (k,), and which of them are free to move.

    `near` is how far from its target a grip may stay, in mm, and the first step has this `damping`.
    """

    low: np.ndarray
    high: np.ndarray
    free: np.ndarray
    near: float
    damping: float = START


def solved(
    move: Move, start: np.ndarray, targets: np.ndarray, limits: Limits, deadline: float
) -> Solved:
    """Where sliders (k,) end, where the grips are then (h, 2), and which a bound holds back (k,).

    The grips come as near to the targets (h, 2) as they can, with small changes of the sliders.
    `deadline` is by `time.perf_counter`.
    """
    places, at, back = _solve(move, start, targets, limits, deadline)
    for nudge in _nudges(limits.free):
        off = np.linalg.norm(targets - at)
        if off < LANDED or back.any() or time.perf_counter() > deadline:
            break
        begin = np.clip(places + nudge, limits.low, limits.high)
        other = _solve(move, begin, targets, limits, deadline)
        if np.linalg.norm(targets - other[1]) < off / 2:
            places, at, back = other
    return places, at, back


def _nudges(free: np.ndarray) -> Iterator[np.ndarray]:
    """Changes of one slider each, from small to large: another way may lead on from there."""
    for size in (0.02, 0.08, 0.25):
        for index in np.flatnonzero(free):
            for sign in (1, -1):
                yield sign * size * np.eye(len(free))[index]


def _solve(
    move: Move, places: np.ndarray, targets: np.ndarray, limits: Limits, deadline: float
) -> Solved:
    low, high, free, near, damping = limits
    at, slope = move(places)
    slopes = [slope]  # the one here, and those of steps that have failed
    active = free
    for _ in range(_STEPS):
        left = (targets - at).ravel()
        rows = np.concatenate([s.reshape(len(left), -1) for s in slopes])
        wanted = np.tile(left, len(slopes))
        uphill = rows.T @ wanted
        active = free & ~((places <= low) & (uphill < 0)) & ~((places >= high) & (uphill > 0))
        if np.abs(left).max(initial=0.0) < near or not active.any():
            break
        step = _step(rows[:, active], wanted, damping, active)
        if np.abs(slopes[0].reshape(len(left), -1) @ step).max() < _STILL:
            break
        tried = np.clip(places + step, low, high)
        new_at, new_slope = move(tried)
        error, new_error = float((left**2).sum()), float(((targets - new_at) ** 2).sum())
        if new_error < error:
            places, at = tried, new_at
            slopes = [new_slope] if new_error < error / 4 else [new_slope, *slopes[1:]]
            damping = max(damping / 8, _LEAST)
        else:  # so it is for NaN, too
            if np.isfinite(new_slope).all():
                slopes = [slopes[0], new_slope, *slopes[1:]][:_SIDES]
            damping = max(8 * damping, 1e-9)
        if damping > _GIVE_UP or np.abs(step).max() < 1e-12 or time.perf_counter() > deadline:
            break
    return places, at, free & ~active


def _step(rows: np.ndarray, wanted: np.ndarray, damping: float, active: np.ndarray) -> np.ndarray:
    """The least step (k,) of those of active sliders that does what is wanted by rows of slopes."""
    size = max(float((rows**2).sum()), 1e-12)
    # Solved on the side of the grips, which are few.
    square = rows @ rows.T + damping * size * np.eye(len(wanted))
    step = np.zeros(len(active))
    step[active] = rows.T @ np.linalg.solve(square, wanted)
    return step * min(1.0, _FAR / max(float(np.abs(step).max()), 1e-300))
