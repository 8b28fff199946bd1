"""From art to pixels: the same picture of a playhead wherever it is shown, whole or from nearby."""

from dataclasses import replace

import jax
import numpy as np

from gradart.drawing.scene import Film, Scene
from gradart.rendering.film.frames import Framing, framing
from gradart.rendering.film.tracing import Frames, trace
from gradart.rendering.ink.exposure import exposed, exposures, steady
from gradart.rendering.layout.page import Page, Placement, fit
from gradart.rendering.layout.transform import View, place
from gradart.rendering.layout.transform import paper as ground
from gradart.rendering.painting import cairo


def composed(art: Scene | Film, heads: np.ndarray, page: Page) -> tuple[Frames, Framing]:
    """Art ready to be painted: its frames, and how each lies on the page.

    A film is traced, and framed and exposed once for all of its frames, which are at `heads`. A
    scene becomes frames that are all the same.
    """
    if isinstance(art, Scene):
        scene: Scene = jax.tree_util.tree_map(np.asarray, art)
        placement = fit([scene], page)
        return Frames(lambda u: scene, None, False, False), lambda _: placement
    frames = replace(trace(art), count=len(heads))
    framed = framing(frames, heads, page)
    return steady(frames, heads, framed, page), framed


def shown(
    scene: Scene,
    placement: Placement,
    page: Page,
    px: int,
    *,
    transparent: bool = False,
    view: View | None = None,
) -> np.ndarray:
    """A scene as pixels (h, w, 4), straight RGBA: all of its page, or the part that `view` shows.

    `view` is left, top, width and height in mm from the page's top left corner; the long side of
    what is seen has `px` pixels. Ink and light are exposed as on the whole page, so that a view is
    as dark as the page is there. ArtError as for a picture of the whole page.
    """
    seen = page
    if view is not None:
        seen = Page(view[2], view[3], 0.0)
        scene = exposed(scene, exposures(scene, placement, page))
    paper = None if transparent else ground(scene)
    return cairo.pixels(place(scene, placement, page, view), seen, px, paper)
