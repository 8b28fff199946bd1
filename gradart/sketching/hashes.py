"""Hashes that tell whether a sketch, or a file that it reads, is what it was."""

from functools import cache
from hashlib import sha256
from pathlib import Path


def text_hash(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; nothing if it cannot be read."""
    try:
        state = path.stat()
        return _file_hash(path, state.st_mtime_ns, state.st_size)
    except OSError:
        return ""


@cache
def _file_hash(path: Path, changed: int, size: int) -> str:
    return sha256(path.read_bytes()).hexdigest()
