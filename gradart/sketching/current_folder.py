"""The current folder, which a sketch may change for itself, but for nobody else."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def standing(folder: str | None = None) -> Iterator[list[str]]:
    """Let a sketch work in a folder, or the current one, and come back wherever it goes.

    Yields a list, which is known when the block has ended: the folder where the sketch was then, if
    it is another than that to come back to.
    """
    gone: list[str] = []
    before = _current()
    if folder is not None:
        os.chdir(folder)
    try:
        yield gone
    finally:
        now = _current()
        if before is not None and now != before:
            gone += [now] if now else []
            os.chdir(before)


def _current() -> str | None:
    """The current folder; None if it is deleted."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return None
