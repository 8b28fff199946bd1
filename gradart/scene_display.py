"""How scenes, marks and sketches show themselves: by functions that are handed to them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class SceneDisplay:
    """Functions of a scene or a mark: its PNG; its SVG, or None where that is too heavy; its file.

    The file is saved to a path, with options of `render` by name. `live` is of a sketch and options
    of `render`: what a page computes of it.
    """

    # Any: of scenes and sketches, which only higher rooms know.
    png: Callable[[Any], bytes]
    svg: Callable[[Any], str | None]
    save: Callable[..., Path]
    live: Callable[[Any, Any], Any]  # as above


_handed: list[SceneDisplay] = []


def hand(display: SceneDisplay) -> None:
    """Let all scenes and marks show themselves by these functions from now on."""
    _handed[:] = [display]


def handed() -> SceneDisplay:
    """The functions that scenes and marks show themselves by; importing gradart hands them down."""
    return _handed[0]
