"""How a scene shows itself in a notebook: handed down here, for drawing knows no rendering."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SceneDisplay:
    """Two functions of a scene: its PNG, and its SVG or None where that is too heavy."""

    png: Callable[[Any], bytes]
    svg: Callable[[Any], str | None]


_handed: list[SceneDisplay] = []


def hand(display: SceneDisplay) -> None:
    """Let all scenes show themselves by these functions from now on."""
    _handed[:] = [display]


def handed() -> SceneDisplay:
    """The functions that scenes show themselves by; importing gradart has handed them down."""
    return _handed[0]
