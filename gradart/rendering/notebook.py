"""How a scene or a film shows itself in a notebook: PNG and SVG, and an animated WebP in HTML."""

import html
import io
from base64 import b64encode
from math import ceil

import jax

from gradart.drawing.scene import Film, Scene
from gradart.rendering.film.tracing import playheads
from gradart.rendering.film_frames import paint
from gradart.rendering.formats.webp import write_webp
from gradart.rendering.options import Options
from gradart.rendering.pipeline import compose
from gradart.rendering.render import render, sheet_for

_PX = 800
_FILM_PX = 400
_FRAMES = 60  # of a film at most: a notebook is kept, and what it shows with it
_HEAVY = 300_000  # bytes of an SVG, above which a notebook is better off with the PNG
_SHEET = "square"  # of a scene that no sketch has made


def png(scene: Scene) -> bytes:
    """A scene on its sketch's page, or else a square one, as PNG."""
    return render(scene, format="png", px=_PX, page=_page(scene))


def svg(scene: Scene) -> str | None:
    """A scene on its sketch's page, or else a square one, as SVG; None if that is heavy."""
    text = render(scene, format="svg", page=_page(scene))
    return text.decode() if len(text) <= _HEAVY else None


def _page(scene: Scene) -> str | None:
    return _SHEET if scene.options is None else None


def film_html(film: Film, meant: Options) -> str:
    """A film as an element of HTML that plays it: some of its frames, as all are rendered."""
    sheet = sheet_for(meant)
    heads = playheads(meant.seconds, meant.fps)
    with jax.enable_x64(True):
        composition = compose(film, sheet, heads)
        some = heads[:: ceil(len(heads) / _FRAMES)]
        data = io.BytesIO()
        frames = paint(composition, _FILM_PX, some)
        write_webp(data, frames, len(some), len(some) / meant.seconds)
    source = f"data:image/webp;base64,{b64encode(data.getvalue()).decode()}"
    return f'<img src="{source}" alt="{html.escape(meant.title, quote=True)}">'
