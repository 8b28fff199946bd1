"""Bytes as gzip, of which each stretch is compressed in the way that makes it the shortest.

Texts and coordinates are short by what repeats in them, the noise of heights and pixels by how
often each byte comes. zlib takes one way for all; a browser reads any.
"""

import zlib
from itertools import groupby, pairwise

_WINDOW = 2**15  # bytes that deflate looks back, and that a way is chosen for
_WAYS = zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_RLE
_HEAD = b"\x1f\x8b\x08" + bytes(5) + b"\x02\xff"  # of gzip: no name, no time
_END = b"\x03\x00"  # of deflate: a last block of nothing


def gzipped(data: bytes) -> bytes:
    """Bytes as gzip, the same at every call.

    >>> import gzip
    >>> gzip.decompress(gzipped(b"a page " * 1000)) == b"a page " * 1000
    True
    """
    starts = range(0, len(data), _WINDOW)
    ways = [min(_WAYS, key=lambda way: len(_stretch(data, k, k + _WINDOW, way))) for k in starts]
    runs = [(way, next(some)[0]) for way, some in groupby(zip(starts, ways, strict=True), _way)]
    parts = [
        _stretch(data, k, end, way) for (way, k), (_, end) in pairwise([*runs, (0, len(data))])
    ]
    sums = zlib.crc32(data).to_bytes(4, "little") + (len(data) % 2**32).to_bytes(4, "little")
    return b"".join([_HEAD, *parts, _END, sums])


def _way(one: tuple[int, int]) -> int:
    return one[1]


def _stretch(data: bytes, start: int, end: int, way: int) -> bytes:
    """Blocks of deflate for a stretch of bytes, which may repeat what stands before it."""
    window = data[max(start - _WINDOW, 0) : start]
    made = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, way, window)
    return made.compress(data[start:end]) + made.flush(zlib.Z_SYNC_FLUSH)
