"""A page that computes art, as an element of a notebook: in a frame, with a picture behind it."""

import html
import warnings
from base64 import b64encode
from collections.abc import Callable
from functools import partial

import jax

from gradart.drawing.scene import Film, Scene
from gradart.errors import ArtError, ArtWarning
from gradart.files.temporary import scratch
from gradart.rendering.formats.html import text
from gradart.rendering.formats.output import OutputSpec, StillSource
from gradart.rendering.formats.registry import format_of
from gradart.rendering.html.live_art import Choices, LiveArt
from gradart.rendering.layout.page import Page
from gradart.rendering.options import Options
from gradart.rendering.pipeline import Composition
from gradart.rendering.program_source import live_film, program_source

Live = Callable[[], LiveArt | Choices | None]

_HEAVY = 2_000_000  # bytes of a page, above which a notebook is better off with a picture
_PX = 400  # of the picture behind the page
_LONG = 560  # CSS pixels of the picture on the page, in a notebook that is wide enough
_AROUND = 90  # those above and below it: the page's edge, a film's bar
_LOW = 420  # those that the controls beside it need

# Its scripts may run and save files. It has no origin, and so reaches nothing of the notebook.
_ELEMENT = """\
<div style="position: relative; height: {height}px; max-width: {width}px; overflow: hidden">
<img src="{picture}" alt="{title}" style="max-width: 100%; max-height: 100%">
<iframe srcdoc="{page}" title="{title}" sandbox="allow-scripts allow-downloads" allowfullscreen \
loading="lazy" style="position: absolute; inset: 0; width: 100%; height: 100%; border: 0"></iframe>
</div>"""


def page_element(
    art: Scene | Film, composition: Composition, meant: Options, live: Live
) -> str | None:
    """Art as an element of HTML: a page that computes it, in a frame that keeps it apart.

    A small picture lies behind the frame, for viewers that take frames out of notebooks. None
    where no page can compute the art, where that is heavy, and for a still of which nothing would
    be alive. What is fixed is told on the page, and so by no warning.
    """
    film = not isinstance(art, Scene)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ArtWarning)
        try:
            found = live()
        except Exception:  # of the artist's code, which has drawn the art, but cannot be traced
            return None
        if found is None:
            return None
        try:
            with jax.enable_x64(True):
                source = program_source(composition, meant, found)
        except ArtError:  # of what has no translation; what else is wrong is told elsewhere
            return None
    if not (film or source.art["inputs"]):
        return None
    page = text(source, _spec(composition.page, meant, None))
    if len(page) > _HEAVY:
        return None
    return _ELEMENT.format(
        **_size(composition.page),
        picture=data_address("image/jpeg", file(composition, meant, ".jpg", _PX)),
        title=html.escape(meant.title, quote=True),
        page=html.escape(page, quote=True),
    )


def live_frames(film: Film) -> Live:
    """What a page computes of a film: its frames."""
    return lambda: live_film(film)


def file(composition: Composition, meant: Options, suffix: str, px: int) -> bytes:
    """The still of a composition in a file: the bytes that `render` would write."""
    with jax.enable_x64(True), scratch() as folder:
        still = composition.still(meant.at)
        pixels, bands = partial(still.pixels, px), partial(still.bands, px)
        source = StillSource(pixels, bands, still.marks, still.paper)
        target = folder / f"still{suffix}"
        format_of(target).write(target, source, _spec(composition.page, meant, px))
        return target.read_bytes()


def data_address(kind: str, data: bytes) -> str:
    """Bytes as an address that an element of HTML can show."""
    return f"data:{kind};base64,{b64encode(data).decode()}"


def _spec(page: Page, meant: Options, px: int | None) -> OutputSpec:
    return OutputSpec(page, px, False, title=meant.title, provenance="", day="")


def _size(page: Page) -> dict[str, int]:
    """How large the element is, in CSS pixels: for a wide picture less high."""
    picture = _LONG * min(1, page.height / page.width)
    return {"width": 1100, "height": max(_LOW, round(picture) + _AROUND)}
