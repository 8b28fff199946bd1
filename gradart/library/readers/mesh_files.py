"""Meshes of triangles from files: STL, OBJ, PLY and OFF, read by trimesh."""

import codecs
import io
import os
import re
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np

from gradart.errors import ArtError
from gradart.library.readers.file_checks import afford, opened

if TYPE_CHECKING:
    from trimesh import Trimesh

_HEADER = 10_000  # bytes, in which a PLY says what it has
KINDS = (".stl", ".obj", ".ply", ".off")


def read_mesh(file: str | os.PathLike[str]) -> tuple[np.ndarray, np.ndarray]:
    """The points (n, 3) and triangles (k, 3) of a file; ArtError where it has none, or is broken.

    What lies beside it, as an OBJ's materials, is not looked at.
    """
    with opened(file) as (path, stream):
        kind = path.suffix.lower()
        if kind not in KINDS:
            raise ArtError(f"{path.name} is not a mesh that is read: give {', '.join(KINDS)}")
        afford((os.fstat(stream.fileno()).st_size,), path.name, "bytes")
        loaded = _loaded(stream, kind[1:], path.name)
        points = np.asarray(loaded.vertices, float).reshape(-1, 3)
        triangles = np.asarray(getattr(loaded, "faces", ()), int).reshape(-1, 3)
        if not len(triangles):
            raise ArtError(f"{path.name} has no faces: a mesh is made of them, not of points")
        if not np.isfinite(points).all():
            raise ArtError(f"{path.name} has points that are not finite numbers")
        if triangles.min() < 0 or triangles.max() >= len(points):
            raise ArtError(f"{path.name} has faces of points that are not there")
    return points, triangles


def _loaded(stream: BinaryIO, kind: str, name: str) -> "Trimesh":
    """trimesh's mesh or cloud of points."""
    try:
        import trimesh
    except ImportError as error:
        raise ArtError(
            f"{name} is read by trimesh, which is not installed: pip install 'gradart[meshes]'"
        ) from error
    data = stream.read().removeprefix(codecs.BOM_UTF8)
    with np.errstate(all="ignore"):  # what is not finite is told later
        mesh = trimesh.load(io.BytesIO(data), file_type=kind, force="mesh", process=False)
    claimed = re.search(rb"\nelement face (\d+)\s", data[:_HEADER]) if kind == "ply" else None
    if claimed and len(getattr(mesh, "faces", ())) < int(claimed[1]):
        raise ArtError(f"{name} is cut off: it has fewer faces than it says")
    return cast("Trimesh", mesh)  # trimesh declares any geometry, whatever is forced
