"""How art shows itself in a notebook: as a page that computes it, as PNG and SVG, as a video."""

import html
import io
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Unpack

import jax

from gradart.drawing.scene import Film, Scene
from gradart.drawing.scene import scene as scene_of
from gradart.drawing.shapes import Mark
from gradart.errors import RenderFault
from gradart.ffmpeg import ffmpeg
from gradart.files.temporary import scratch
from gradart.rendering.film.tracing import playheads
from gradart.rendering.film_frames import paint
from gradart.rendering.formats.mp4 import write_mp4
from gradart.rendering.formats.png import compact
from gradart.rendering.formats.webp import write_webp
from gradart.rendering.layout.page import pixel_size
from gradart.rendering.notebook_page import Live, data_address, file, page_element
from gradart.rendering.options import Options, RenderOptions
from gradart.rendering.pipeline import Composition, compose
from gradart.rendering.render import render, sheet_for

_PX = 800
_BESIDE_PX = 600  # beside a page, which only viewers without frames need
_FILM_PX = 400
_FRAMES = 60  # of a film at most: a notebook is kept, and what it shows with it
_HEAVY = 300_000  # bytes of an SVG, above which a notebook is better off with the PNG
_SHEET = "square"  # of a scene that no sketch has made


def png(art: Scene | Mark) -> bytes:
    """A scene on its sketch's page, or else a square one, as PNG; a mark as a scene of its own."""
    scene = _as_scene(art)
    return render(scene, format="png", px=_PX, page=_page(scene))


def svg(art: Scene | Mark) -> str | None:
    """What `png` shows, as SVG; None if that is heavy."""
    scene = _as_scene(art)
    text = render(scene, format="svg", page=_page(scene))
    return text.decode() if len(text) <= _HEAVY else None


def save(art: Scene | Film, path: str | Path, **options: Unpack[RenderOptions]) -> Path:
    """Render art to a file, with options of `render`, and return its path."""
    return render(art, path, **options)


def bundle(art: Scene | Film, meant: Options, live: Live) -> dict[str, object]:
    """All that a notebook can show of what a sketch has drawn, by its kind.

    HTML that computes it where it is seen, with the PNG of its still beside it; where there is no
    such thing, of a film HTML that plays it, else PNG and light SVG. `live()` is what a page
    computes of it, if it can.
    """
    composition = _composed(art, meant)
    if element := page_element(art, composition, meant, live):
        picture = compact(file(composition, meant, ".png", _BESIDE_PX))
        return {"text/html": element, "image/png": picture}
    if not isinstance(art, Scene):
        return {"text/html": _played(composition, meant)}
    light = svg(art)
    pictures: dict[str, object] = {"image/png": png(art)}
    return pictures if light is None else pictures | {"image/svg+xml": light}


def _as_scene(art: Scene | Mark) -> Scene:
    return scene_of(art) if isinstance(art, Mark) else art


def _page(scene: Scene) -> str | None:
    return _SHEET if scene.options is None else None


def film_html(film: Film, meant: Options) -> str:
    """A film as an element of HTML that plays it, with controls: some of its frames.

    Where ffmpeg is missing it is a picture that moves, and has none.
    """
    return _played(_composed(film, meant), meant)


def _composed(art: Scene | Film, meant: Options) -> Composition:
    heads = () if isinstance(art, Scene) else playheads(meant.seconds, meant.fps)
    with jax.enable_x64(True):
        return compose(art, sheet_for(meant), heads)


def _played(film: Composition, meant: Options) -> str:
    title = html.escape(meant.title, quote=True)
    # All frames have counted for how the film lies on its page, and how it is exposed.
    some = replace(film, heads=film.heads[:: ceil(len(film.heads) / _FRAMES)])
    fps = len(some.heads) / meant.seconds
    with jax.enable_x64(True):
        try:
            ffmpeg()
        except RenderFault:
            source = data_address("image/webp", _as_webp(some, fps))
            return f'<img src="{source}" alt="{title}">'
        source = data_address("video/mp4", _as_mp4(some, fps))
    return (
        f'<video controls autoplay loop muted playsinline title="{title}" src="{source}"></video>'
    )


def _as_webp(film: Composition, fps: float) -> bytes:
    data = io.BytesIO()
    write_webp(data, paint(film, _FILM_PX), len(film.heads), fps)
    return data.getvalue()


def _as_mp4(film: Composition, fps: float) -> bytes:
    paper = film.still(film.heads[0]).paper
    with scratch() as folder:
        target = folder / "film.mp4"
        size = pixel_size(film.page, _FILM_PX)
        write_mp4(target, paint(film, _FILM_PX), size, fps, paper)
        return target.read_bytes()
