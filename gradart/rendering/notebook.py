"""How art shows itself in a notebook: PNG and SVG, and a film as HTML that plays it."""

import html
import io
from base64 import b64encode
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import cast

import jax

from gradart.drawing.scene import Film, Scene
from gradart.drawing.scene import scene as scene_of
from gradart.drawing.shapes import Mark
from gradart.errors import RenderFault
from gradart.rendering.files.atomic import scratch
from gradart.rendering.film.tracing import playheads
from gradart.rendering.film_frames import paint
from gradart.rendering.formats.mp4 import write_mp4
from gradart.rendering.formats.video_encoder import ffmpeg
from gradart.rendering.formats.webp import write_webp
from gradart.rendering.layout.page import pixel_size
from gradart.rendering.options import Options, RenderOptions
from gradart.rendering.pipeline import Composition, compose
from gradart.rendering.render import render, sheet_for

_PX = 800
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


def save(art: Scene | Film, path: str | Path, **options: object) -> Path:
    """Render art to a file, with options of `render`, and return its path."""
    return render(art, path, **cast(RenderOptions, options))


def bundle(art: Scene | Film, meant: Options) -> dict[str, object]:
    """All that a notebook can show of art, by its kind: of a film HTML, else PNG and light SVG."""
    if not isinstance(art, Scene):
        return {"text/html": film_html(art, meant)}
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
    heads = playheads(meant.seconds, meant.fps)
    title = html.escape(meant.title, quote=True)
    with jax.enable_x64(True):
        some = heads[:: ceil(len(heads) / _FRAMES)]
        # All frames count for how the film lies on its page, and how it is exposed.
        composition = replace(compose(film, sheet_for(meant), heads), heads=some)
        fps = len(some) / meant.seconds
        try:
            ffmpeg()
        except RenderFault:
            source = _data("image/webp", _as_webp(composition, fps))
            return f'<img src="{source}" alt="{title}">'
        source = _data("video/mp4", _as_mp4(composition, fps))
    return (
        f'<video controls autoplay loop muted playsinline title="{title}" src="{source}"></video>'
    )


def _data(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{b64encode(data).decode()}"


def _as_webp(film: Composition, fps: float) -> bytes:
    data = io.BytesIO()
    write_webp(data, paint(film, _FILM_PX), len(film.heads), fps)
    return data.getvalue()


def _as_mp4(film: Composition, fps: float) -> bytes:
    paper = film.still(film.heads[0]).paper
    with scratch() as folder:
        file = folder / "film.mp4"
        size = pixel_size(film.page, _FILM_PX)
        write_mp4(file, paint(film, _FILM_PX), size, fps, paper)
        return file.read_bytes()
