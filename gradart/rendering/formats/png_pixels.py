"""The pixels of a large PNG, compressed side by side, band by band as they are painted."""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np

from gradart.rendering.thread_pool import ahead

_PART = 1 << 22  # bytes that are compressed at a time
_LEVEL = 2  # of compression: as in small pictures


def compressed(bands: Iterable[np.ndarray]) -> Iterator[bytes]:
    """The rows of bands (h, w, channels) as parts of one zlib stream (RFC 1950).

    Each part ends with a whole byte, and refers to none before it. Rows are as they are, and not
    told by their neighbors: of line art and ink that is smaller.
    """
    checksum = 1

    def works() -> Iterator[Callable[[], bytes]]:
        nonlocal checksum
        for band in bands:
            count = -(-band.size // _PART)
            for part in np.array_split(band, count):
                rows = np.zeros((len(part), 1 + part[0].size), np.uint8)  # 0: told by no neighbor
                rows[:, 1:] = part.reshape(len(part), -1)
                checksum = zlib.adler32(rows.data, checksum)
                yield partial(_deflated, rows)

    yield b"\x78\x5e"
    yield from ahead(works())
    yield b"\x03\x00" + struct.pack(">I", checksum)  # behind a last block of no bytes


def _deflated(rows: np.ndarray) -> bytes:
    deflate = zlib.compressobj(_LEVEL, wbits=-zlib.MAX_WBITS)
    return deflate.compress(rows.data) + deflate.flush(zlib.Z_SYNC_FLUSH)
