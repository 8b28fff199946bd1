"""How a scene or a film shows itself in a notebook: PNG and SVG, and an animated WebP in HTML."""

import html
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gradart.drawing.scene import Scene
from gradart.rendering.film import Film
from gradart.rendering.page import Page, page
from gradart.rendering.save import render

_PX = 800
_FILM_PX = 400
_FRAMES = 60  # of a film at most: a notebook is kept, and what it shows with it
_HEAVY = 300_000  # bytes of an SVG, above which a notebook is better off with the PNG


def png(scene: Scene) -> bytes:
    """A scene on a square page as PNG."""
    return _rendered(scene, ".png", page("square"), px=_PX)


def svg(scene: Scene) -> str | None:
    """A scene on a square page as SVG; None if that is heavy."""
    text = _rendered(scene, ".svg", page("square"))
    return text.decode() if len(text) <= _HEAVY else None


def film_html(film: Film, sheet: Page, seconds: float, fps: float, title: str) -> str:
    """A film as an element of HTML that plays it."""
    fps = min(fps, _FRAMES / seconds)
    data = _rendered(film, ".webp", sheet, px=_FILM_PX, seconds=seconds, fps=fps)
    source = f"data:image/webp;base64,{b64encode(data).decode()}"
    return f'<img src="{source}" alt="{html.escape(title, quote=True)}">'


def _rendered(art: Scene | Film, ending: str, sheet: Page, **how: Any) -> bytes:
    with TemporaryDirectory(prefix="gradart-") as folder:
        return render(art, Path(folder, f"art{ending}"), page=sheet, **how).read_bytes()
