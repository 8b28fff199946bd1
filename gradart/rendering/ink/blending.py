"""Runs of marks that are blended alike: as summed density, and as what vector formats can hold."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, groupby
from typing import assert_never

import jax
import numpy as np

from gradart.drawing.groups import leaves
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.drawing.style import Blend, Layer
from gradart.errors import warn
from gradart.geometry.paths.cubic_strokes import pieces
from gradart.geometry.paths.paths import simplify
from gradart.rendering.ink.density import Disks, Strokes, accumulate
from gradart.rendering.ink.tone import (
    CELL,
    cell_amounts,
    density,
    exposure_for,
    lost,
    sample_step,
    tone,
)
from gradart.rendering.layout.page import Page, pixel_size
from gradart.rendering.layout.pixel_grid import PixelGrid, bands
from gradart.types import Array

_PICTURE = 300 / 25.4  # pixels to the millimeter of a picture in a vector file
_LONGEST = 4096  # px of its long side
_SUMMED = 1 << 22  # px of a page that are summed for the exposure of a view: a quarter second
_BAND, _BLOCKS_BAND = 1 << 22, 1 << 24  # px, see `band_size`
_SLOW = 5000  # blended strokes; librsvg takes 10 ms for each
_FLAT = 0.05  # px that the chords of a curve stay within
_ASIDE = 0.01  # mm that points which a file leaves out may lie beside its lines; 0.05 is seen


def runs(marks: Iterable[Mark]) -> Iterator[tuple[Blend, list[Mark]]]:
    """Yield marks that follow one another and are blended alike, with how they are."""
    for blend, run in groupby(marks, key=lambda mark: replace(mark.style.blend, embed=False)):
        yield blend, list(run)


def every_run(marks: Iterable[Mark]) -> Iterator[tuple[Blend, list[Mark]]]:
    """The runs of marks, and those within a run's groups after it."""
    for blend, run in runs(marks):
        yield blend, run
        for mark in run:
            if isinstance(mark.shape, Group):
                yield from every_run(mark.shape.marks)


def weight(marks: Iterable[Mark]) -> int:
    """Return how many numbers marks are made of."""
    return sum(np.size(leaf) for leaf in jax.tree_util.tree_leaves(list(marks)))


def summed(marks: list[Mark], kind: str, grid: PixelGrid) -> np.ndarray:
    """Return the density (h, w, 3) that placed marks add to pixels."""
    blocks = _blocks(marks, kind, grid)
    rgba = [m.style.fill if isinstance(m.shape, Dots) else m.style.stroke for m in marks]
    known = [density(colors, kind) for colors in rgba if colors is not None]
    if jax.default_backend() == "gpu":
        from gradart.rendering.ink.gpu.density import accumulate_on_device

        return added(blocks, known, grid.size, accumulate_on_device)
    alone = len(marks) == 1 and not isinstance(marks[0].shape, Many)  # one block, with no canvas
    return added(list(blocks) if alone else blocks, known, grid.size)


def added(
    blocks: Iterable[Strokes | Disks],
    known: list[np.ndarray],
    size: tuple[int, int],
    on_device: Callable[..., np.ndarray] | None = None,
) -> np.ndarray:
    """Return the density (h, w, 3) of blocks on a canvas (h, w), of which these are `known` before.

    Densities that are multiples of one are summed in one channel, in a third of the memory. By the
    kernels, or by what takes the place of `accumulate` where JAX computes on another device.
    """
    sums = on_device or accumulate
    alone = isinstance(blocks, list) and len(blocks) == 1
    blocks = blocks if alone else iter(blocks)
    tints = [tints_of(densities) for densities in known]
    tint = np.concatenate(tints)[:1] if known else np.empty((0, 3))
    if any((rows != tint).any() for rows in tints):
        return sums(size, blocks)
    others: list[Strokes | Disks] = []

    def alike() -> Iterator[Strokes | Disks]:
        """Blocks until one of another color comes: of `Many` no color is known before."""
        nonlocal tint
        for block in blocks:
            tints = tints_of(block.density)
            tint = tint if len(tint) else tints[:1]
            if (tints != tint).any():
                others.append(block)
                return
            yield replace(block, density=block.density.max(-1, keepdims=True))

    amounts = sums(size, list(alike()) if alone else alike(), 1)
    total = amounts * tint.sum(0, dtype=np.float32)
    return total + sums(size, chain(others, blocks)) if others else total


def tints_of(rows: np.ndarray) -> np.ndarray:
    """Return the densities (n, 3), 1 at most, of which densities (3,) or (n, 3) are multiples."""
    rows = np.atleast_2d(rows)
    return rows / np.maximum(rows.max(-1, keepdims=True), 1e-300)


def _blocks(marks: Iterable[Mark], kind: str, grid: PixelGrid) -> Iterator[Strokes | Disks]:
    for mark in marks:
        style = mark.style
        width = np.asarray(style.width) * grid.unit
        match mark.shape:
            case Many(block, count):
                for index in range(count):
                    yield from _blocks(block(index), kind, grid)
            case Dots(centers, radius) if style.fill is not None:
                places = grid.place(np.asarray(centers))
                yield Disks(places, np.asarray(radius) * grid.unit, density(style.fill, kind))
            case Lines(points, closed) if style.stroke is not None:
                rows = grid.place(np.asarray(points))
                yield Strokes(rows, width, density(style.stroke, kind), closed)
            case Beziers(points, closed) if style.stroke is not None:
                rows = chords(grid.place(np.asarray(points)))
                yield Strokes(rows, width, density(style.stroke, kind), closed)
            case Dots() | Lines() | Beziers() | Raster() | Group():
                pass  # nothing of it adds up
            case _:
                assert_never(mark.shape)


def chords(rows: np.ndarray, count: int | None = None) -> np.ndarray:
    """Return cubic paths (n, 3k + 1, 2) as polylines; NaN where a piece is not drawn.

    Each piece has `count` chords, or as many as `chord_count` says.
    """
    parts = pieces(rows)
    steps = chord_count(rows) if count is None else count
    t = np.linspace(0, 1, steps + 1)[:-1, None]
    points = _cubic(np.moveaxis(parts[:, :, :, None], 2, 0), t)
    points[:, :, 0] = parts[:, :, 0]  # also of what is not drawn: there the piece before ends
    n = len(rows)
    return np.concatenate([points.reshape(n, points.shape[1] * steps, 2), rows[:, -1:]], 1)


def chord_count(rows: np.ndarray) -> int:
    """Return how many chords the pieces of cubic paths in pixels take, so that none is seen.

    A cubic with second differences of at most d is within 3/4 d / s^2 of s chords. They are two at
    least where a piece is not drawn, so that one of its points can lift the pen.
    """
    least = 2 if np.isnan(rows).any() else 1
    bends = np.fmax.reduce(np.abs(np.diff(pieces(rows), 2, axis=2)), None, initial=0.0)  # no NaN
    return int(np.clip(np.ceil(np.sqrt(0.75 * bends * np.sqrt(2) / _FLAT)), least, 1000))


def from_chords(gains: np.ndarray, count: int) -> np.ndarray:
    """Return what paths (n, 3k + 1, 2) gain, of what their chords do: the transpose of `chords`."""
    n, k = len(gains), (gains.shape[1] - 1) // count
    t = np.linspace(0, 1, count + 1)[:-1]
    weights = np.stack([_cubic(unit, t) for unit in np.eye(4)])
    parts = np.einsum("nksd,cs->cnkd", gains[:, :-1].reshape(n, k, count, 2), weights)
    rows = np.zeros((n, 3 * k + 1, 2))
    for corner, part in enumerate(parts):
        rows[:, corner : 3 * k - 2 + corner : 3] += part
    rows[:, -1] += gains[:, -1]
    return rows


def _cubic(corners: np.ndarray, t: np.ndarray) -> np.ndarray:
    a, b, c, d = corners
    return a * (1 - t) ** 3 + 3 * b * (1 - t) ** 2 * t + 3 * c * (1 - t) * t**2 + d * t**3


def exposure_on(marks: list[Mark], kind: str, page: Page) -> float | None:
    """Return the exposure of one run of placed marks; None if none of it is on the page.

    It depends on the page alone, and on no picture's pixels: films and vector files have it.
    """
    unit = min(1 / CELL, _LONGEST / max(page.width, page.height))
    size = int(np.ceil(page.width * unit)), int(np.ceil(page.height * unit))
    return _exposure(marks, kind, PixelGrid(*size, unit, (0.0, 0.0)), 1)


def exposure_at(marks: list[Mark], kind: str, whole: PixelGrid) -> float | None:
    """Return the exposure that a picture of the whole page finds for a run of marks in its pixels.

    Where a picture takes long to be summed for this, its cells are summed as pixels instead: what
    they hold are the same means, but for the rounding of ends, corners and specks.
    """
    cell = cell_of(whole)
    if whole.width * whole.height > _SUMMED:
        x, y = whole.corner
        size = max(1, whole.width // cell), max(1, whole.height // cell)
        whole, cell = PixelGrid(*size, whole.unit / cell, (x / cell, y / cell)), 1
    return _exposure(marks, kind, whole, cell)


def _exposure(marks: list[Mark], kind: str, grid: PixelGrid, cell: int) -> float | None:
    """Return the exposure of a picture in these pixels, of which a band is summed at a time."""
    step = sample_step(max(1, grid.width // cell) * max(1, grid.height // cell))
    samples, seen, inked = [], 0, False
    for band in bands(grid, band_size(marks), cell):
        total = summed(marks, kind, band)
        inked = inked or bool(total.any())
        if band.height >= min(cell, grid.height):  # less than a row of cells is left out
            amounts = cell_amounts(total, cell)
            samples.append(amounts[-seen % step :: step])
            seen += amounts.size
    return exposure_for(np.concatenate(samples)) if inked else None


def band_size(marks: Iterable[Mark]) -> int:
    """Return how many pixels of a large picture are painted at a time.

    They are more where each band has blocks of `Many` computed anew.
    """
    return _BLOCKS_BAND if any(isinstance(mark.shape, Many) for mark in leaves(marks)) else _BAND


def cell_of(grid: PixelGrid) -> int:
    """Return how many pixels wide the cells are whose means count for a picture's exposure."""
    return max(1, round(CELL * grid.unit))


def as_vectors(marks: list[Mark], page: Page) -> Iterator[Mark]:
    """Yield placed marks as what a file with multiply and screen blending holds.

    The exposure has gone into the colors; what is embedded has become a picture. Of strokes there
    are as few points as they need: the others are within a hundredth of a millimeter of them.
    """
    for blend, run in runs(marks):
        if blend.kind == "over":
            for mark in map(_thinned, run):
                if isinstance(mark.shape, Group):
                    inside = tuple(as_vectors(list(mark.shape.marks), page))
                    mark = replace(mark, shape=replace(mark.shape, marks=inside))
                yield mark
            continue
        factor = blend.exposure or exposure_on(run, blend.kind, page) or 1.0
        for embedded, part in groupby(run, key=_embedded):
            if embedded:
                yield _picture(list(part), replace(blend, exposure=factor), page)
                continue
            drawn = list(map(_thinned, part))
            if (strokes := sum(_count(mark) for mark in drawn)) > _SLOW:
                message = (
                    f"viewers take minutes to blend {strokes:,} strokes of {blend.kind};"
                    f" blend=ga.{blend.kind}(embed=True) puts a picture of them in"
                )
                warn(message)
            for mark in drawn:
                stroke, fill = (
                    None if rgba is None else _exposed(rgba, blend.kind, factor)
                    for rgba in (mark.style.stroke, mark.style.fill)
                )
                yield replace(mark, style=replace(mark.style, stroke=stroke, fill=fill))


def _thinned(mark: Mark) -> Mark:
    """A mark with fewer points; what is filled may share its edge with another, and keeps all."""
    if not isinstance(mark.shape, Lines) or mark.style.fill is not None:
        return mark
    return replace(mark, shape=without_needless(mark.shape))


def without_needless(shape: Lines) -> Lines:
    """Return polylines in mm without the points that the others pass at a hundredth of one."""
    if np.shape(shape.points)[1] < 3:
        return shape
    return replace(shape, points=simplify(shape.points, _ASIDE))


def _embedded(mark: Mark) -> tuple[Layer | None] | None:
    """The layer of a mark that becomes part of a picture; None if it stays strokes."""
    if mark.style.blend.embed or isinstance(mark.shape, Many):
        return (mark.style.layer,)
    return None


def _count(mark: Mark) -> int:
    match mark.shape:
        case Dots(places) | Lines(places) | Beziers(places):
            return len(places)
        case Raster() | Many() | Group():
            return 0
        case _:
            assert_never(mark.shape)


def _exposed(rgba: Array, kind: str, exposure: float) -> np.ndarray:
    """Return the colors that take `exposure` times the density of (..., 4), as much as one can."""
    rgba = np.asarray(rgba)
    if exposure == 1:
        return rgba
    gone = 1 - (1 - lost(rgba, kind)) ** exposure
    alpha = gone.max(-1, keepdims=True)
    tint = gone / np.maximum(alpha, 1e-300)
    return np.concatenate([1 - tint if kind == "ink" else tint, alpha], -1)


def _picture(marks: list[Mark], blend: Blend, page: Page) -> Mark:
    px = min(_LONGEST, int(np.ceil(max(page.width, page.height) * _PICTURE)))
    width, height = pixel_size(page, px)
    unit = px / max(page.width, page.height)
    total = summed(marks, blend.kind, PixelGrid(width, height, unit, (0.0, 0.0)))
    cells = tone(total, np.zeros(4), blend.kind, blend.exposure) / np.float32(255)
    box = np.array([(0.0, 0.0), (width / unit, height / unit)])
    style = replace(marks[0].style, stroke=None, width=np.array(0.0), fill=None, blend=blend)
    return Mark(Raster(cells, box), style)
