"""The folder where the program stood when it imported gradart; a sketch may go elsewhere later."""

from pathlib import Path


def _current() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:  # it has been removed
        return Path()


FOLDER = _current()
