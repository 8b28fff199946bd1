"""The order in which workers do tasks: what took the most seconds the last time comes first.

Else the last worker may be left with the longest of all, while the others have nothing to do.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from statistics import fmean
from typing import TypeVar

from gradart.files.kept import keep, kept
from gradart.files.reading import text_hash

Piece = TypeVar("Piece")

_MOST = 5000  # pieces of which that is kept


def took(file: Path, name: str, seconds: float) -> None:
    """Keep how many seconds a sketch of a file took, for `last_time`."""
    keep(_place(file, name), f"{seconds:.3f}".encode(), _MOST)


def last_time(file: Path, name: str) -> float | None:
    """The seconds that a sketch of a file took; None if that is not known."""
    try:
        seconds = float(kept(_place(file, name)) or b"")
    except ValueError:  # it is no note of ours
        return None
    return max(seconds, 1e-3) if isfinite(seconds) else None


def _place(file: Path, name: str) -> str:
    return f"seconds/{text_hash(json.dumps([str(file), name]))[:32]}"


def longest_first(
    pieces: Sequence[Piece],
    seconds: Callable[[Piece], float | None],
    letters: Callable[[Piece], int],
) -> list[Piece]:
    """The quickest piece, so that there is something to see, what is not known, then the longest.

    Where nothing is known, they stay in their order, but for the first: that is the piece of the
    fewest `letters`, which is likely to be quick.
    """
    known = [(time, i) for i, piece in enumerate(pieces) if (time := seconds(piece)) is not None]
    falling = [i for _, i in sorted(known, key=lambda one: -one[0])]
    unknown = sorted(set(range(len(pieces))) - set(falling))
    first = falling[-1:] or sorted(unknown, key=lambda i: letters(pieces[i]))[:1]
    return [pieces[i] for i in first + [i for i in unknown + falling if i not in first]]


def filled(seconds: Mapping[str, float | None]) -> dict[str, float]:
    """The seconds of each task; one that is not known gets the mean of the others."""
    known = [time for time in seconds.values() if time is not None]
    usual = fmean(known) if known else 1.0
    return {name: usual if time is None else time for name, time in seconds.items()}
