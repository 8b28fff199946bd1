"""SVG files of others as marks: their paths, colors and widths."""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import numpy as np

from gradart.drawing.marks import beziers, lines
from gradart.drawing.shapes import Mark
from gradart.drawing.style import StyleKeywords
from gradart.geometry.paths.paths import padded
from gradart.library.readers.svg_files import SvgPath, read_svg

_FLAT = 0.01  # mm that a curve may be off where it becomes a polygon
_PADDED = 4  # times as many points as there are, at most, with the padding of shorter rows


def from_svg(file: str | os.PathLike[str], *, layer: str | None = None) -> list[Mark]:
    """The marks of an SVG file, with its colors and widths: `ga.scene(ga.from_svg("logo.svg"))`.

    What the elements of `file` draw, in mm from the page's lower left corner, y up: polylines, and
    Beziers where something is curved. Successive ones of the same pen are one mark. Fills are what
    they are there, by either rule: outlines of the even-odd one are turned, and where they cross
    each other, cut into polygons, right to 0.01 mm. `layer` is the name of a layer (as Inkscape and
    gradart name them) or of a group, a word of it that no other has, like "gold" for "2 gold
    #b8860b 0.3 mm", or an id, whose elements alone are wanted. Pixels are 1/96 inch. Text,
    pictures, gradients and clipping are left out, with a warning. `svg_paths` has the points alone.

    ArtError for a file that is broken, declares entities or holds nothing to draw, and for a layer
    that it does not have.

    >>> drawn = ga.render(ga.scene(ga.circles((0, 0), [1, 2])), "rings.svg", page="square")
    >>> ga.scene(ga.from_svg(drawn))
    """
    found = [part for path in read_svg(file, layer) for part in _nonzero(path)]
    return [_mark(some) for _, run in groupby(found, _pen) for some in _even(list(run))]


def _pen(path: SvgPath) -> tuple[object, ...]:
    return path.straight, path.closed, path.layer, path.stroke, path.width, path.fill


def _nonzero(path: SvgPath) -> list[SvgPath]:
    """A path whose fill, by the nonzero rule, is what it was: the fill apart where that needs it.

    Outlines that do not cross are turned by how many others lie around them.
    """
    if path.fill is None or not path.even_odd:
        return [path]
    # Here, for few files need it, and shapely takes long to import.
    import shapely

    from gradart.geometry.paths.beziers import flattened
    from gradart.geometry.paths.polygons import as_polygons, split, wound

    outlines = [run for run in split(path.points) if len(run) > 3]
    loops = [flattened(run, _FLAT) for run in outlines]
    rings = [shapely.linearrings(loop) for loop in loops if len(loop) > 2]
    if len(rings) == len(loops) and shapely.is_simple(shapely.multilinestrings(rings)):
        faces, places = shapely.polygons(rings), shapely.points([loop[0] for loop in loops])
        within, _ = shapely.STRtree(faces).query(places, predicate="within")
        around = np.bincount(within, minlength=len(faces))
        turned = [
            run if shapely.is_ccw(ring) == (depth % 2 == 0) else run[::-1]
            for run, ring, depth in zip(outlines, rings, around, strict=True)
        ]
        return [replace(path, points=_lifted(turned, 2))]
    rows = as_polygons(wound(loops, even_odd=True))
    inside = [
        replace(path, points=points, straight=True, closed=True, stroke=None)
        for points in (_lifted([_straight(ring) for ring in split(row)], 2) for row in rows)
    ]
    return [*inside, replace(path, fill=None)] if path.stroke is not None else inside


def _lifted(parts: list[np.ndarray], count: int) -> np.ndarray:
    """Parts (m, 2) as one, with NaN between them, so many to lift the pen."""
    lift = np.full((count, 2), np.nan)
    return np.concatenate([p for part in parts for p in (part, lift)][:-1])


def _straight(ring: np.ndarray) -> np.ndarray:
    """Corners of a ring as its straight pieces (3k + 1, 2)."""
    way = np.roll(ring, -1, axis=0) - ring
    rest = ring[:, None] + way[:, None] * np.array([1 / 3, 2 / 3, 1])[:, None]
    return np.concatenate([ring[:1], rest.reshape(-1, 2)])


def _even(run: list[SvgPath]) -> Iterator[list[SvgPath]]:
    """Parts of a run in which rows are not padded too much."""
    part: list[SvgPath] = []
    longest = total = 0
    for path in run:
        longest, total = max(longest, len(path.points)), total + len(path.points)
        if part and (len(part) + 1) * longest > _PADDED * total:
            yield part
            part, longest, total = [], len(path.points), len(path.points)
        part.append(path)
    yield part


def _mark(paths: list[SvgPath]) -> Mark:
    first = paths[0]
    rows = [_corners(p.points, first.closed) if first.straight else p.points for p in paths]
    draw = lines if first.straight else beziers
    pen: StyleKeywords = {"stroke": first.stroke, "width": first.width, "fill": first.fill}
    return draw(padded(rows, (len(rows),)), closed=first.closed, **pen)


def _corners(pieces: np.ndarray, closed: bool) -> np.ndarray:
    """The corners of straight pieces (3k + 1, 2), with NaN where the pen lifts.

    Of a part that its mark closes the last corner, which is the first one again, is left out.
    """
    parts = np.split(pieces[::3], np.flatnonzero(np.isnan(pieces[1::3, 0])) + 1)
    if closed:
        parts = [part[:-1] if (part[0] == part[-1]).all() else part for part in parts]
    return _lifted(parts, 1)
