"""From art to pixels: one value holds frames, placement and exposures, and all paint from that."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import jax
import numpy as np

from gradart.drawing.scene import Film, Scene
from gradart.drawing.shapes import Lines, Mark
from gradart.rendering.film.exposure import Exposures, exposed, exposures, film_exposures
from gradart.rendering.film.painted_frames import PaintedFrames
from gradart.rendering.film.tracing import Frames, TracedFilm, frames_of
from gradart.rendering.ink.blending import band_size
from gradart.rendering.layout.page import Page, Placement, fit
from gradart.rendering.layout.pixel_grid import (
    PixelGrid,
    View,
    bands,
    is_large,
    pixel_grid,
    view_grid,
)
from gradart.rendering.layout.print_marks import print_marks
from gradart.rendering.layout.transform import paper as ground
from gradart.rendering.layout.transform import place, touching
from gradart.rendering.painting import cairo, strokes_by_area

# Straight strokes in a film's frame, from which on they are worth a painter of their own.
_MANY = 100

Framing = Callable[[Scene], Placement]


@dataclass(frozen=True)
class Composition:
    """A scene or a film on its page, ready to be painted, at any playhead and in any size.

    `frames` computes the scene of each playhead, `framed` says how it lies on the page; `exposures`
    are those that were found for all of a film. `heads` (n,) are the playheads of a film's frames;
    a scene has none. Of a film of many straight strokes and disks these are painted `by_area`. What
    a scene is exposed with in views is kept in `seen`, by the pixels that all of its page has at
    their scale. Where several files are made of a film's frames, `painted` has those that are there
    already, by the pixels of their long side and whether they are transparent.
    """

    page: Page
    frames: Frames
    framed: Framing
    heads: np.ndarray
    exposures: Exposures
    by_area: bool = False
    seen: dict[PixelGrid, Exposures] = field(default_factory=dict, repr=False, compare=False)
    painted: dict[tuple[int, bool], PaintedFrames] = field(
        default_factory=dict, repr=False, compare=False
    )

    def still(self, u: float) -> "Still":
        """The picture at a playhead from 0 to 1; a scene has the same at all of them."""
        with self.frames.naming(u):
            scene = exposed(self.frames.at(u), self.exposures)
            return Still(self, u, scene, self.framed(scene))


@dataclass(frozen=True)
class Still:
    """The picture at one playhead of a composition: a scene and how it lies on the page."""

    composition: Composition
    u: float
    scene: Scene
    placement: Placement

    @property
    def paper(self) -> np.ndarray:
        """The color of the paper, (4,) in [0, 1]."""
        return ground(self.scene)

    def marks(self, *, letters: bool = False, exact: bool = False) -> list[Mark]:
        """The marks in mm from the page's top left corner. Raises ArtError as `place` does.

        With `letters`, type is known as such; of a clipped scene what is cut is so `exact`.
        """
        with self.composition.frames.naming(self.u):
            return self._printed(letters, exact)

    def _printed(self, letters: bool = False, exact: bool = False) -> list[Mark]:
        """The marks of the drawing, and those of the page over them."""
        page = self.composition.page
        drawn = place(self.scene, self.placement, page, letters=letters, exact=exact)
        return [*drawn, *print_marks(page)]

    def pixels(self, px: int, *, view: View | None = None, transparent: bool = False) -> np.ndarray:
        """The picture (h, w, 4), straight RGBA bytes: of the page, or of the part in `view`.

        `view` is left, top, width and height in mm from the page's top left corner; the long side
        of what is seen has `px` pixels. A view has the pixels of the whole page's picture at its
        scale, and so lies where the nearest of these lie. ArtError as for the whole page.
        """
        with self.composition.frames.naming(self.u):
            if view is None and is_large(grid := pixel_grid(self.composition.page, px)):
                picture, top = np.empty((*grid.size, 4), np.uint8), 0
                for band in self._bands(grid, transparent):
                    picture[top : top + len(band)] = band
                    top += len(band)
                return picture
            seen = self._seen(px, view, transparent)
            return cairo.pixels(*seen, by_area=self.composition.by_area)

    def bands(self, px: int, *, transparent: bool = False) -> Iterator[np.ndarray]:
        """The same picture from top to bottom, a large one in parts (h, w, 4) of whole rows."""
        grid = pixel_grid(self.composition.page, px)
        with self.composition.frames.naming(self.u):
            if is_large(grid):
                yield from self._bands(grid, transparent)
            else:
                yield self.pixels(px, transparent=transparent)

    def _bands(self, grid: PixelGrid, transparent: bool) -> Iterator[np.ndarray]:
        """A large picture in bands, each as a view of it."""
        page, paper = self.composition.page, None if transparent else self.paper
        scene = exposed(self.scene, self._exposures(grid))
        marks = [*place(scene, self.placement, page), *print_marks(page)]
        for band in bands(grid, band_size(marks)):
            part = touching(marks, band.view)
            yield cairo.pixels(part, band, paper, by_area=self.composition.by_area)

    def painted(
        self, px: int, *, view: View | None = None, transparent: bool = False
    ) -> np.ndarray:
        """The same as cairo has it, premultiplied BGRA bytes."""
        with self.composition.frames.naming(self.u):
            seen = self._seen(px, view, transparent)
            return cairo.painted(*seen, by_area=self.composition.by_area)

    def _seen(
        self, px: int, view: View | None, transparent: bool
    ) -> tuple[list[Mark], PixelGrid, np.ndarray | None]:
        """What is painted of the page: marks that lie on it, where pixels are, and its paper."""
        page, placement = self.composition.page, self.placement
        paper = None if transparent else self.paper
        if view is None:
            return self._printed(), pixel_grid(page, px), paper
        grid, whole = view_grid(page, view, px)
        scene = exposed(self.scene, self._exposures(whole))
        # What is cut is rounded otherwise: the page's cuts are those of its picture.
        if grid.is_exact:
            return touching(place(scene, placement, page), grid.view), grid, paper
        return place(scene, placement, page, grid.view), grid, paper

    def _exposures(self, whole: PixelGrid) -> Exposures:
        """What is left to be exposed as in a picture of the whole page in these pixels."""
        seen = self.composition.seen
        if (found := seen.get(whole)) is None:
            found = exposures(self.scene, self.placement, self.composition.page, whole)
            if not len(self.composition.heads):  # else each frame has its own
                seen[whole] = found
        return found


def compose(art: Scene | Film, page: Page, heads: Sequence[float] | np.ndarray = ()) -> Composition:
    """Put art on a page. A film has its frames at `heads`; for a scene these count for nothing.

    A film is traced, and laid on the page and exposed once for all of its frames: a `TracedFilm`
    once for all of the files of one page that show the same frames.
    """
    if isinstance(art, Scene):
        scene: Scene = jax.tree_util.tree_map(np.asarray, art)
        placement = fit([scene], page)
        frames = Frames(lambda u: scene, None, False, False)
        return Composition(page, frames, lambda _: placement, np.zeros(0), {})
    heads = np.asarray(heads, float)
    if isinstance(art, TracedFilm):
        return art.once((page, heads.tobytes()), lambda: _composed(art, page, heads))
    return _composed(art, page, heads)


def _composed(film: Film, page: Page, heads: np.ndarray) -> Composition:
    """A film whose frames stand at `heads`, on its page."""
    frames = replace(frames_of(film), count=len(heads))
    framed = _framing(frames, heads, page)
    found = film_exposures(frames, heads, framed, page)
    many = strokes_by_area.count(frames.at(heads[0]).marks) >= _MANY
    return Composition(page, frames, framed, heads, found, many)


def _framing(frames: Frames, heads: Iterable[float], page: Page) -> Framing:
    """How each scene of a film lies on the page: all the same, so that their union fits.

    Scenes with a box lie by it, which may move: a camera that pans and zooms.
    """
    heads = iter(heads)
    now = next(heads)
    with frames.naming(lambda: now):
        first = frames.at(now)
    if first.box is not None:
        return lambda scene: fit([scene], page)

    def moved(scene: Scene) -> Scene:
        """The scene without the ink that the first one has shown already."""
        if frames.moves is None:
            return scene
        empty = Lines(np.empty((0, 2, 2)))  # keeps the numbers of the other marks in messages
        pairs = zip(scene.marks, frames.moves, strict=True)
        return replace(
            scene, marks=tuple(m if moves else replace(m, shape=empty) for m, moves in pairs)
        )

    def extents() -> Iterator[Scene]:
        nonlocal now
        yield first
        for now in heads:
            yield moved(frames.at(now))

    with frames.naming(lambda: now):
        placement = fit(extents(), page)
    return lambda scene: placement
