"""The compression of GIF, compiled: LZW of bytes (W3C, "Graphics Interchange Format", appendix F).

A phrase of several colors is found by steps, pixel by pixel, in a table of hashes. One of a single
color, as paper is, is found by its length in one step.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: integers, and arrays of them.

from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled

_CLEAR, _END, _FIRST = 256, 257, 258  # codes
_FULL = 1 << 12  # codes, after which all is begun anew
_HASHES = 14  # bits: four places for each code, so that few are sought twice
_LONGEST = 1 << 10  # px of one color that one code can stand for
_WORD = (1 << 32) - 1
_BLOCK = 255  # bytes


class Room(NamedTuple):
    """The arrays that compression works in.

    phrases: (2^14,) uint32, of each phrase the code of all but its last pixel in 12 bits, this in
    8, its own code in 12, or 0; alike: (256, LONGEST) uint16, the codes of phrases of one color, by
    their length less one, of which the first `known` (256,) int64 are there; words: uint32, the
    codes, packed.
    """

    phrases: np.ndarray
    alike: np.ndarray
    known: np.ndarray
    words: np.ndarray


def compressed(pixels: np.ndarray) -> bytes:
    """Return bytes, of which there is one at least, as LZW in blocks of at most 255 bytes."""
    flat = np.ascontiguousarray(pixels, np.uint8).ravel()
    most = (
        flat.size * 3 // 2 + flat.size // 1024 + 64
    )  # bytes: 12 bits a pixel, and what is between
    room = Room(
        np.empty(1 << _HASHES, np.uint32),
        np.empty((256, _LONGEST), np.uint16),
        np.empty(256, np.int64),
        np.empty(most // 4, np.uint32),
    )
    size = packed(flat, room)
    codes = room.words.astype("<u4", copy=False).view(np.uint8)
    blocks = np.empty(size + size // _BLOCK + 2, np.uint8)
    return blocks[: blocked(codes, size, blocks)].tobytes()


@compiled
def _begin(room):
    """Forget all phrases but those of one pixel."""
    room.phrases[:] = 0
    room.known[:] = 1


@compiled
def packed(pixels, room):
    """Write codes as words, and return how many bytes they are."""
    phrases, alike, known, words = room
    for single in range(256):
        alike[single, 0] = single
    _begin(room)
    free, width = _FIRST, 9
    held, bits, at = np.int64(_CLEAR), 9, 0  # bits that are not written yet
    here, change, n = 0, 0, pixels.size
    while here < n:
        color = np.int64(pixels[here])
        if here >= change:
            change = here + 1
            while change < n and pixels[change] == color:
                change += 1
        length = min(change - here, known[color])
        code = np.int64(alike[color, length - 1])
        here += length
        if here < change:
            if length < _LONGEST:
                alike[color, length] = free
                known[color] = length + 1
        else:
            while here < n:
                key = code << 8 | np.int64(pixels[here])
                slot = (key * 0x9E3779B1 & _WORD) >> (32 - _HASHES)
                phrase = np.int64(phrases[slot])
                while phrase != 0 and phrase >> 12 != key:
                    slot = (slot + 1) & ((1 << _HASHES) - 1)
                    phrase = np.int64(phrases[slot])
                if phrase == 0:
                    phrases[slot] = key << 12 | free
                    break
                code = phrase & (_FULL - 1)
                here += 1
        held |= code << bits
        bits += width
        if free < _FULL:
            width += free >> width
            free += 1
        else:
            held |= _CLEAR << bits
            bits += width
            _begin(room)
            free, width = _FIRST, 9
        if bits >= 32:
            words[at] = held & _WORD
            held >>= 32
            bits -= 32
            at += 1
    held |= _END << bits
    bits += width
    size = 4 * at + (bits + 7) // 8
    words[at], words[at + 1] = held & _WORD, held >> 32
    return size


@compiled
def blocked(codes, size, blocks):
    """Write `size` bytes in blocks, each after its length, and an empty one; return their size."""
    at = 0
    for start in range(0, size, _BLOCK):
        length = min(_BLOCK, size - start)
        blocks[at] = length
        for k in range(length):
            blocks[at + 1 + k] = codes[start + k]
        at += length + 1
    blocks[at] = 0
    return at + 1
