"""Whole numbers as bytes: the first of all, then the next ones; or by the range coder."""

from collections.abc import Iterator

import numpy as np

from gradart.rendering.html.range_coder_kernel import coded

_MOST = 2**23  # bits and their lengths, which a browser decodes in a fifth of a second


def ways(numbers: np.ndarray, back: int) -> Iterator[tuple[int, bytes]]:
    """The ways in which whole numbers of 8, 16 or 32 bits are told, each by its `Packed.back`.

    Numbers whose neighbors are `back` before them are coded, unless they are too many.
    """
    yield 0, planes(folded(numbers))
    if numbers.size + 2 * np.frexp(np.abs(numbers.astype(float)))[1].sum() <= _MOST:
        yield max(back, 2), coded(numbers, max(back, 2))


def folded(numbers: np.ndarray) -> np.ndarray:
    """Whole numbers without signs: these are in the lowest bits."""
    signs = numbers >> (8 * numbers.itemsize - 1)
    return ((numbers << 1) ^ signs).view(f"u{numbers.itemsize}")


def planes(numbers: np.ndarray) -> bytes:
    """The first bytes of all whole numbers, then their second ones, and so on."""
    flat = np.ascontiguousarray(numbers).reshape(-1)
    return flat.view(np.uint8).reshape(-1, numbers.itemsize).T.tobytes()
