"""A film's frames that are painted already, kept for whoever asks for them again."""

import numpy as np

_MOST = 1 << 28  # bytes: a film of 4 s at 1080 px, if half of each frame moves

_Part = tuple[slice, slice, np.ndarray]  # rows, columns, and what is there


class PaintedFrames:
    """Frames by their playheads, as many as fit in `most` bytes: of each what the first has not.

    Frames are (h, w, 4) bytes, all of one size.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._left = most
        self._first: np.ndarray | None = None
        self._parts: dict[float, _Part] = {}

    def __contains__(self, u: float) -> bool:
        return u in self._parts

    def __len__(self) -> int:
        return len(self._parts)

    def keep(self, u: float, frame: np.ndarray) -> None:
        """Keep the frame at a playhead, if there is room left for it, and it is not there yet."""
        if u in self or not self._left:
            return
        rows, columns = _changed(frame if self._first is None else self._first, frame)
        part = frame[rows, columns]
        size = frame.nbytes if self._first is None else part.nbytes
        if size > self._left:
            self._left = 0  # none that follows has room, so that none is compared in vain
            return
        self._left -= size
        if self._first is None:
            self._first = frame.copy()
        self._parts[u] = rows, columns, part.copy()

    def frame(self, u: float) -> np.ndarray:
        """The frame that is kept for a playhead, a copy."""
        assert self._first is not None
        rows, columns, part = self._parts[u]
        frame = self._first.copy()
        frame[rows, columns] = part
        return frame


def _changed(before: np.ndarray, frame: np.ndarray) -> tuple[slice, slice]:
    """The rows and columns around all pixels that differ between two frames; none if none does."""
    changed = frame.view(np.uint32)[..., 0] != before.view(np.uint32)[..., 0]
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
