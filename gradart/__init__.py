"""gradart: generative art with exact derivatives.

The public names are listed, with their types, in `__init__.pyi`; each is imported on first use,
so that `import gradart` and `gradart --help` stay light.
"""

from typing import TYPE_CHECKING

import lazy_loader

import gradart.files.reading  # noqa: F401 first of all: it sees where the program stands
from gradart import scene_display

if TYPE_CHECKING:
    from pathlib import Path

    from gradart.drawing.scene import Scene
    from gradart.drawing.shapes import Mark
    from gradart.rendering.html.live_art import LiveArt
    from gradart.rendering.options import RenderOptions
    from gradart.sketching.sketch import Sketch

_imported, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version(__name__)  # which pyproject.toml alone tells
    from gradart.call_errors import held
    from gradart.unknown_names import UnknownName, unknown

    if name not in __all__:
        raise UnknownName(unknown(name, __all__))
    value = globals()[name] = held(name, _imported(name))
    return value


def _png(art: "Scene | Mark") -> bytes:
    from gradart.rendering.notebook import png

    return png(art)


def _svg(art: "Scene | Mark") -> str | None:
    from gradart.rendering.notebook import svg

    return svg(art)


def _save(art: "Scene", path: "str | Path", **options: object) -> "Path":
    from gradart.rendering.notebook import save

    return save(art, path, **options)


def _live(sketch: "Sketch", options: "RenderOptions") -> "LiveArt | None":
    from gradart.sketching.live_sketch import live_art

    return live_art(sketch, options)


# Of all modules only this one knows both scenes and what paints them, and is always imported.
scene_display.hand(scene_display.SceneDisplay(_png, _svg, _save, _live))
