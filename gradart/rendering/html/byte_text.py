"""Bytes as letters of an HTML file: 13 bits are two of 91 letters, where base64 has 12."""

import numpy as np

# All of ASCII that can be seen, and the space, without what markup and its attributes end by. The
# last two, for which JSON or an attribute needs more than a letter, come seldom as the second one.
_WITHOUT = "\"&'<"
_LAST = ">\\"
LETTERS = "".join(c for c in map(chr, range(32, 127)) if c not in _WITHOUT + _LAST) + _LAST
_PAIR, _SINGLE = 13, 6  # bits in two letters, and in one at the end: 91 * 91 > 2**13, 91 > 2**6
BYTES = 16 / _PAIR  # of the file, for each of the data


def byte_text(data: bytes) -> str:
    """Bytes as a text of `LETTERS`, 16 for 13 of them; `static/byte_text.js` reads it.

    The lowest bits come first, of bytes and of numbers; the first letter of two is what is left of
    their number when it is divided by 91.

    >>> byte_text(b"gradart")
    'lXX+Rj!=*'
    """
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    left = len(bits) % _PAIR
    size = len(bits) - left
    pairs = [_numbers(bits[:size].reshape(-1, _PAIR))]
    if left > _SINGLE:
        pairs.append(_numbers(bits[None, size:]))
    numbers = np.concatenate(pairs)
    places = np.stack([numbers % len(LETTERS), numbers // len(LETTERS)], -1).ravel()
    if 0 < left <= _SINGLE:
        places = np.append(places, _numbers(bits[None, size:]))
    return np.frombuffer(LETTERS.encode(), np.uint8)[places].tobytes().decode()


def _numbers(bits: np.ndarray) -> np.ndarray:
    """Numbers (n,) from their bits (n, k), the lowest first."""
    return bits @ (1 << np.arange(bits.shape[1]))
