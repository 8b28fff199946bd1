"""Numbers and path data as SVG writes them, short: rounded to a micrometer, a table at a time."""

import numpy as np

from gradart.rendering.layout.path_commands import CLOSE, CURVE, LINE, MOVE, Path

DIGITS = 3  # of a millimeter: one micrometer


def path_data(path: Path) -> list[str]:
    """Return every row's path data. Points that go on as those before them need no letter.

    They are told by how far they are from where their piece begins, both rounded before: so no
    rounding adds up.
    """
    previous = np.concatenate([[MOVE], path.commands[:-1]])
    takes = np.array([1, 1, 3, 0])[path.commands]
    first = np.cumsum(takes) - takes
    before = np.zeros((len(path.points), 2, 2), np.uint8)
    before[:, :, 1] = ord(" ")
    moves, lines, curves = (path.commands == kind for kind in (MOVE, LINE, CURVE))
    before[first[moves], 0, 1] = ord("M")
    before[first[curves & (previous != CURVE)], 0, 1] = ord("c")
    before[first[lines & (previous != LINE)], 0, 1] = ord("l")
    before[first[moves & (previous == CLOSE)], 0, 0] = ord("Z")
    # The letter that closes a row's last run stands at the end, not before the next row.
    starts = path.point_at[:-1][path.point_at[1:] > path.point_at[:-1]]
    before[starts, 0, 0] = 0
    places = _micrometers(path.points)
    steps = places - places[np.maximum(np.repeat(first, takes) - 1, 0)]
    steps[first[moves]] = places[first[moves]]
    before[..., 1] *= (before[..., 1] != ord(" ")) | (steps >= 0)  # a sign parts numbers, too
    text, at = _table(steps.ravel(), before.reshape(-1, 2), zeros=False)
    ends = at[2 * path.point_at].tolist()
    closed = (np.concatenate([path.commands, [MOVE]])[path.command_at[1:] - 1] == CLOSE).tolist()
    return [
        text[start:stop] + "Z" * (close and stop > start)
        for start, stop, close in zip(ends[:-1], ends[1:], closed, strict=True)
    ]


def digits(values: np.ndarray) -> tuple[str, np.ndarray]:
    """Return numbers (n,) on end, rounded to a micrometer, and where each begins: (n + 1,)."""
    return _table(_micrometers(values), np.zeros((len(values), 2), np.uint8), zeros=True)


def _micrometers(values: np.ndarray) -> np.ndarray:
    return np.round(values * 10**DIGITS).astype(np.int64)


def _table(micrometers: np.ndarray, before: np.ndarray, zeros: bool) -> tuple[str, np.ndarray]:
    """Numbers (n,) on end in millimeters, and where each begins.

    `before` (n, 2) holds letters to stand before each, 0 for none; `zeros` is whether one stands
    before the point of what is below 1. A table of one letter in each cell, of which the zeros are
    left out: a million points take a second less than one by one.
    """
    whole, part = np.divmod(np.abs(micrometers), 10**DIGITS)
    places = len(str(np.max(whole, initial=0)))
    table = np.zeros((len(micrometers), 4 + places + DIGITS), np.uint8)
    table[:, :2] = before
    table[:, 2] = np.where(micrometers < 0, ord("-"), 0)
    for place in range(places):
        unit = 10 ** (places - 1 - place)
        shown = (whole >= unit) | ((unit == 1) & (zeros | (part == 0)))
        table[:, 3 + place] = (ord("0") + whole // unit % 10) * shown
    table[:, 3 + places] = ord(".") * (part > 0)
    for place in range(DIGITS):
        unit = 10 ** (DIGITS - 1 - place)
        table[:, 4 + places + place] = (ord("0") + part // unit % 10) * (part % (10 * unit) > 0)
    used = table != 0
    return table[used].tobytes().decode("ascii"), np.concatenate([[0], np.cumsum(used.sum(1))])
