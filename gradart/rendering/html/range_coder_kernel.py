"""Whole numbers as few bits, compiled: an adaptive range coder (Martin 1979).

Each number is told by how many bits it has, those below the first, and its sign. How likely that
is, is learned on the way, for each size that the numbers around have: where these are small it is.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: integers, and arrays of them.

from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled

_SIZES = 33  # of numbers: how many bits they have
_NODES = 8  # of the tree of the three bits below the first; those below are as they come
_SIGNS = 9
_BELOW = _SIZES * _SIZES  # where the models of bits below the first begin
_SIGN = _BELOW + _SIZES * _NODES
_MODELS = _SIGN + _SIGNS
_QUICK, _SLOW = 4, 7  # each bit moves a model by a share of 2^-4, and one beside it by 2^-7
_HALF = 1 << 15
_LEAST = 1 << 24  # of a range: below, a byte is written
_WORD = (1 << 32) - 1
_MOST = 1 << 26  # of a size around
_ROOM = 64  # bytes beyond what all numbers take at most


class Coder(NamedTuple):
    """The state of the coder.

    quick, slow: (MODELS,) int64, of 2^16 how likely a bit is set, by the last few and by many;
    seen: (MODELS,) int64, how often that was asked, up to SLOW; state: (5,) int64, the low end, the
    range, the byte that waits for a carry, how many wait with it, and where the next is written;
    data: uint8.
    """

    quick: np.ndarray
    slow: np.ndarray
    seen: np.ndarray
    state: np.ndarray
    data: np.ndarray


def coded(numbers: np.ndarray, back: int) -> bytes:
    """Whole numbers of 32 bits as bytes, which `static/range_decoder.js` reads.

    Those around a number are the two before it, and three of which the middle one is `back` numbers
    before: two at least, as the width of a picture is.

    >>> len(coded(np.arange(4000) % 3, 4000))
    849
    """
    flat = np.ascontiguousarray(numbers, np.int64).ravel()
    coder = Coder(
        np.full(_MODELS, _HALF),
        np.full(_MODELS, _HALF),
        np.zeros(_MODELS, np.int64),
        np.array([0, _WORD, 0, 1, 0]),
        np.empty(16 * flat.size + _ROOM, np.uint8),
    )
    return coder.data[: encode(flat, back, coder)].tobytes()


@compiled
def _shift(coder):
    """Write the highest byte of the low end, or let it wait for a carry."""
    low, _, held, waiting, at = coder.state
    if low < 0xFF000000 or low > _WORD:
        carry = low >> 32
        while waiting > 0:
            coder.data[at] = (held + carry) & 0xFF
            at += 1
            held = 0xFF
            waiting -= 1
        coder.state[2] = low >> 24 & 0xFF
        coder.state[4] = at
    coder.state[3] = waiting + 1
    coder.state[0] = (low & 0x00FFFFFF) << 8


@compiled
def _put(coder, bit, likely):
    """Tell a bit that is set with a likelihood of so many of 2^12."""
    low, span, _, _, _ = coder.state
    share = (span >> 12) * likely
    if bit:
        span = share
    else:
        coder.state[0] = low + share
        span -= share
    while span < _LEAST:
        _shift(coder)
        span <<= 8
    coder.state[1] = span


@compiled
def _learn(coder, model, bit):
    """Tell a bit by its model, and the model of it."""
    quick, slow, seen = coder.quick[model], coder.slow[model], coder.seen[model]
    _put(coder, bit, (quick + slow) >> 5)
    seen = min(seen + 1, _SLOW)
    fast = min(seen, _QUICK)
    if bit:
        coder.quick[model] += ((1 << 16) - quick) >> fast
        coder.slow[model] += ((1 << 16) - slow) >> seen
    else:
        coder.quick[model] -= quick >> fast
        coder.slow[model] -= slow >> seen
    coder.seen[model] = seen


@compiled
def _size(number):
    """How many bits a number has."""
    size = 0
    while number >> size:
        size += 1
    return size


@compiled
def _sign(number):
    return 1 + (number > 0) - (number < 0)


@compiled
def _around(numbers, k, back):
    """How large those around a number are, by bits."""
    before = min(abs(numbers[k - 1]), _MOST) if k > 0 else 0
    farther = min(abs(numbers[k - 2]), _MOST) if k > 1 else 0
    near = 3 * before + farther
    if k < back:
        return _size(5 * near >> 1)
    above = min(abs(numbers[k - back]), _MOST)
    left = min(abs(numbers[k - back - 1]), _MOST) if k > back else 0
    right = min(abs(numbers[k - back + 1]), _MOST)
    return _size(near + 3 * above + left + 2 * right)


@compiled
def encode(numbers, back, coder):
    """Write all numbers, and return how many bytes they take."""
    for k in range(numbers.size):
        number = numbers[k]
        most = abs(number)
        size, around = _size(most), _around(numbers, k, back)
        for j in range(size + 1):
            _learn(coder, around * _SIZES + j, j < size)
        node = 1
        for j in range(size - 2, -1, -1):
            bit = most >> j & 1
            if node < _NODES:
                _learn(coder, _BELOW + size * _NODES + node, bit == 1)
                node = 2 * node + bit
            else:
                _put(coder, bit == 1, 1 << 11)
        if number != 0:
            before = _sign(numbers[k - 1]) if k > 0 else 1
            above = _sign(numbers[k - back]) if k >= back else 1
            _learn(coder, _SIGN + 3 * before + above, number < 0)
    for _ in range(5):
        _shift(coder)
    return coder.state[4]
