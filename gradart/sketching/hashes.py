"""Hashes that tell whether a sketch, or a file that it reads, is what it was."""

from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path

from gradart.files import opened


def text_hash(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; nothing if it cannot be read, or never ends."""
    try:
        state = path.stat()
        return _file_hash(path, state.st_mtime_ns, state.st_size)
    except (OSError, ValueError):  # the latter for a path that cannot be one
        return ""


@cache
def _file_hash(path: Path, changed: int, size: int) -> str:
    with opened(path) as file:
        return file_digest(file, "sha256").hexdigest()
