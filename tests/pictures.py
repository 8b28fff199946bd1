"""Pictures in tests: painting small ones, reading them, and comparing them with a tolerance."""

import io
import re
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from gradart.drawing.scene import scene
from gradart.drawing.shapes import Mark
from gradart.rendering.layout.page import Page, fit
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.layout.transform import place
from gradart.rendering.painting.cairo import pixels

SHEET = Page(100.0, 100.0, 0.0)
WHOLE = ((0.0, 0.0), (100.0, 100.0))  # on the sheet, a unit of the drawing is a millimeter


def placed(*marks: Any, box: Any = WHOLE, page: Page = SHEET) -> list[Mark]:
    """Return marks laid on a page, 100 mm square unless told otherwise."""
    drawing = scene(*marks, box=box)
    return place(drawing, fit([drawing], page), page)


def paint(*marks: Any, px: int = 400, paper: Any = (1, 1, 1, 1), box: Any = WHOLE) -> np.ndarray:
    """Return marks painted on the sheet: (px, px, 4) uint8."""
    return pixels(
        placed(*marks, box=box), pixel_grid(SHEET, px), None if paper is None else np.array(paper)
    )


def area(picture: np.ndarray) -> float:
    """Return how many mm2 of the white sheet are black."""
    return float((1 - picture[..., :3] / 255).mean() * SHEET.width * SHEET.height)


def read(file: Path) -> np.ndarray:
    """Return a picture file as RGBA (h, w, 4) uint8."""
    from PIL import Image

    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGBA"))


def played(file: Path | bytes, every: int = 1) -> tuple[list[np.ndarray], list[int]]:
    """Return a film as Pillow reads it: `every` so many frames, RGBA, and all durations in ms."""
    from PIL import Image, ImageSequence

    frames, shown = [], []
    with Image.open(io.BytesIO(file) if isinstance(file, bytes) else file) as picture:
        for number, frame in enumerate(ImageSequence.Iterator(picture)):
            frame.load()
            shown.append(frame.info.get("duration", 0))
            if number % every == 0:
                frames.append(np.asarray(frame.convert("RGBA")))
    return frames, shown


def assert_alike(a: Any, b: Any, mean: float = 2 / 255, ink: float = 0.25) -> None:
    """Fail unless two pictures look the same; they are arrays (h, w, 3 | 4) uint8, or files.

    On average over the sheet they differ by at most `mean` of full scale, and by at most `ink` of
    what is drawn: of a few fine lines on paper, the first alone would not see that all are gone.
    """
    a, b = (_premultiplied(read(x) if isinstance(x, str | Path) else x) for x in (a, b))
    assert a.shape == b.shape, f"pictures of {a.shape} and {b.shape}"
    difference = np.abs(a - b)
    assert difference.mean() <= mean, f"they differ by {255 * difference.mean():.2f}/255"
    ground = np.median(a.reshape(-1, 4), axis=0)
    drawn = np.maximum(np.abs(a - ground), np.abs(b - ground)).sum()
    share = difference.sum() / max(drawn, 1e-9)
    assert share <= ink, f"{100 * share:.0f} % of the ink differs"


def _premultiplied(picture: np.ndarray) -> np.ndarray:
    """Return RGBA in [0, 1] in which what is transparent has no color."""
    alpha = picture[..., 3:] / 255 if picture.shape[-1] == 4 else np.ones((*picture.shape[:2], 1))
    return np.concatenate([picture[..., :3] / 255 * alpha, alpha], -1)


def pdf_text(data: bytes) -> bytes:
    """What stands in a PDF, in the open or, as cairo 1.18 has it, in a compressed stream."""
    found = [data]
    for stream in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        with suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(stream[1]))
    return b"\n".join(found)
