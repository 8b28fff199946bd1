"""Parts of a curve that swing too finely to be drawn, found and replaced by straight strokes."""

import numpy as np

from gradart.calculus.vectors import cross

BACK = 3  # times that a part of a curve turns back, to be waves and no bend
CLOSE = 1e-6  # of all, how far apart pieces are at a corner, which the top of a fine wave is
_ANGLES = np.arange(16) * np.pi / 8
Reach = tuple[np.ndarray, float]  # the middle of a curve, and how far from there it is drawn
_AROUND = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])
Run = tuple[int, int]  # the first piece and the one after the last


def wavy(p: np.ndarray, reach: Reach, tolerance: float) -> np.ndarray:
    """Which rows of samples (k, m, 2) swing about a line, no farther than the tolerance: (k,)."""
    way, _, spread, _ = _about(p, reach)
    steps = np.sign(np.diff(way, axis=1))
    return (np.sum(steps[:, 1:] * steps[:, :-1] < 0, axis=1) >= BACK) & (spread <= 2 * tolerance)


def runs(
    low: np.ndarray, high: np.ndarray, p: np.ndarray, marked: np.ndarray, reach: Reach, tol: float
) -> list[Run]:
    """Runs of pieces from low to high, with samples p (k, m, 2), that one stroke each may replace.

    As long as they are thin, and only with some that is marked or goes to and fro.
    """
    found: list[Run] = []
    close = CLOSE * (high[-1] - low[0])
    first = 0
    while first < len(p):
        last, hull = first + 1, p[first]
        while last < len(p) and low[last] - high[last - 1] <= close:
            if (wider := _widened(hull, p[last], reach, tol)) is None:
                break
            last, hull = last + 1, wider
        if marked[first:last].any() or wavy(p[first:last].reshape(1, -1, 2), reach, tol)[0]:
            found.append((first, last))
            first = last
        else:  # not by single steps along what is straight
            first += max(1, (last - first) // 16)
    return found


def _widened(hull: np.ndarray, p: np.ndarray, reach: Reach, tol: float) -> np.ndarray | None:
    """The outermost points of hull and p (m, 2); None if they spread over two tolerances."""
    both = np.concatenate([hull, p])
    if _about(both[None], reach)[2][0] > 2 * tol:
        return None
    return both[np.unique(np.argmax(both @ _AROUND, axis=0))]


def stroke(p: np.ndarray, reach: Reach) -> np.ndarray:
    """The path (4, 2) that replaces samples (m, 2): the first, the ends of their line, the last."""
    (way,), (line,), _, (along,) = _about(p[None], reach)
    i, j = sorted([int(np.argmin(way)), int(np.argmax(way))])
    middle, far = reach
    first, last = np.clip(p[[0, -1]], middle - far, middle + far)
    return np.stack([first, line + way[i] * along, line + way[j] * along, last])


def told(name: str, low: np.ndarray, high: np.ndarray, tolerance: float) -> str:
    """The warning's text for a curve of which parts, from low to high (k,), became strokes."""
    last = np.flatnonzero(np.append(low[1:] != high[:-1], True))
    more = f" and in {len(last) - 1} more places" if len(last) > 1 else ""
    return (
        f"{name} has waves closer than the tolerance, {tolerance:.3g}, between t = {low[0]:.6g}"
        f" and {high[last[0]]:.6g}{more}: strokes are drawn there"
    )


def _about(p: np.ndarray, reach: Reach) -> tuple[np.ndarray, ...]:
    """Straight lines through samples (k, m, 2), between two that are about the farthest apart.

    How far along it each sample is (k, m), where it begins (k, 2), how far the samples spread
    across it (k,), and its direction (k, 2).
    """
    middle, far = reach
    p = np.clip(p, middle - far, middle + far)
    rows = np.arange(len(p))
    tip = p[rows, np.argmax(np.linalg.norm(p - p[:, :1], axis=-1), 1)]
    start = p[rows, np.argmax(np.linalg.norm(p - tip[:, None], axis=-1), 1)]
    along = (tip - start) / np.maximum(np.linalg.norm(tip - start, axis=-1), 1e-300)[:, None]
    aside = cross(along[:, None], p - start[:, None])
    most, least = aside.max(1), aside.min(1)
    across = np.stack([-along[:, 1], along[:, 0]], -1)
    way = np.sum((p - start[:, None]) * along[:, None], axis=-1)
    return way, start + ((most + least) / 2)[:, None] * across, most - least, along
