"""Files that claim what they do not hold."""

import io
import struct
import zlib

import numpy as np


def npy(shape, descr="<f8", version=(1, 0)):
    """The header of an array, without the array."""
    out = io.BytesIO()
    header = {"shape": shape, "fortran_order": False, "descr": descr}
    write = {1: np.lib.format.write_array_header_1_0, 2: np.lib.format.write_array_header_2_0}
    write[version[0]](out, header)
    return out.getvalue()


def chunk(kind, data):
    """A chunk of a PNG file, with its checksum."""
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def huge_png(side=60_000):
    """A PNG whose header claims side x side pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")
