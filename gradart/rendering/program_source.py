"""Art as a program, for formats whose files compute what they show."""

import math
from gzip import compress
from typing import TYPE_CHECKING

import jax
import numpy as np

from gradart.drawing.marks import raster
from gradart.drawing.scene import Film, Scene
from gradart.drawing.shapes import Many, Mark, Raster
from gradart.errors import ArtError
from gradart.rendering.film.tracing import scene_at
from gradart.rendering.formats.output import ProgramSource
from gradart.rendering.formats.registry import Format
from gradart.rendering.options import Options
from gradart.rendering.pipeline import Composition, Still, compose

if TYPE_CHECKING:
    from gradart.rendering.html.live_art import Choices, LiveArt
    from gradart.rendering.html.page_types import ToldPiece

_MANY = 4_000_000  # numbers, of which a page would be one of five megabytes
_BYTES = 1_700_000  # of pixels, which are a quarter more as a text
_PX = 2000  # of the long side, where they are not too many


def check_choices(how: Options, form: Format, art: Scene | Film, of_sketch: bool) -> None:
    """Raise ArtError where a parameter is to be offered at a few values, and none can be."""
    if how.choices is None:
        return
    if not form.computed:
        raise ArtError(f"choices is for .html, not for {form.suffix or 'a folder of pictures'}")
    if not isinstance(art, Scene):
        raise ArtError("choices is for stills, and this is a film, whose frames are too many")
    if how.inspect:
        raise ArtError("a page with choices computes nothing to inspect; leave one of them out")
    if not of_sketch:
        raise ArtError(
            "choices names a parameter of a sketch; give ga.render the sketch, not what it returns"
        )


def program_source(
    composition: Composition, how: Options, live: "LiveArt | Choices | None"
) -> ProgramSource:
    """Art as a program: of what is not live, one that knows all frames, or the scenes of choices.

    What is found of all frames, how they lie on the page and are exposed, is told. ArtError for
    what is wrong with the numbers of the first picture, and as `program` and `recorded` raise it.
    """
    from gradart.rendering.html.lessons import lesson_program
    from gradart.rendering.html.live_art import Choices, LiveArt, still
    from gradart.rendering.html.program import program, with_known
    from gradart.rendering.html.recorded_frames import choices_program, recorded

    lessons = live.lessons if isinstance(live, LiveArt) else None
    if how.inspect and lessons is None:
        raise ArtError(
            "inspect looks at what a sketch gives to the calculus: render the sketch itself, whose"
            " marks are not computed block by block by ga.many"
        )
    film = len(composition.heads) > 0
    first = composition.still(how.at if film else 0.0)
    first.marks()  # raises what is wrong with numbers
    if isinstance(live, Choices):
        for scene in live.scenes:
            compose(scene, composition.page).still(0.0).marks()
        found = choices_program(live)
    elif film and live is None:
        found = recorded(composition.still(float(u)).scene for u in composition.heads)
    else:
        alive = live is not None and (film or live.inputs)
        moving = program(live, first.scene) if live and alive else None
        own = () if live is None else live.fixed
        fixed = moving.told["fixed"] if moving else own
        if live is not None:
            lessons = still(live, {each["name"]: each["why"] for each in fixed}).lessons
        if moving and (film or moving.told["inputs"]):
            found = moving if film else with_known(moving, first.scene)
        else:  # nothing changes: the page has what was computed for all formats
            heavy = _is_heavy(first.scene)
            found = recorded([_as_pixels(first, how.transparent) if heavy else first.scene], fixed)
    lies = first.placement
    art: ToldPiece = {
        **found.told,
        "film": film,
        "seconds": how.seconds,
        "fps": how.fps,
        "at": how.at,
        "description": how.notes,
        "alt": "",
        "exposures": dict(composition.exposures),
        "placement": {"scale": lies.scale, "dx": lies.dx, "dy": lies.dy},
    }
    if how.transparent:
        art["paper"] = None
        if scenes := art.get("scenes"):
            art["scenes"] = [{**scene, "paper": None} for scene in scenes]
    looks = None if lessons is None else lesson_program(lessons)
    if looks is None:
        return ProgramSource(art, found.code, found.constants)
    art["lessons"] = {**looks.told, "constants": len(found.constants)}
    constants = [*found.constants, *looks.constants]
    return ProgramSource(art, found.code, constants, looks.code)


def live_film(art: Scene | Film) -> "LiveArt | None":
    """A film that no sketch has made, as a page computes it; None if its frame cannot be traced."""
    from gradart.rendering.html.live_art import LiveArt

    if isinstance(art, Scene):
        return None
    with jax.enable_x64(True):
        try:
            traced = jax.make_jaxpr(lambda u: scene_at(art, u), return_shape=True)
            jaxpr, shapes = traced(np.float64(0))
        except Exception:  # of the artist's, which is told where the frames are composed
            return None
    return LiveArt(jaxpr, jax.tree.structure(shapes))


def _is_heavy(scene: Scene) -> bool:
    """Whether a scene has so many points that its pixels are far less: of `ga.many`, say."""
    return sum(map(_numbers, scene.marks)) > _MANY


def _numbers(mark: Mark) -> int:
    if isinstance(mark.shape, Many):
        return mark.shape.count * sum(map(_numbers, mark.shape.block(0)))
    if isinstance(mark.shape, Raster):
        return 0
    from gradart.rendering.html.scene_arrays import scene_arrays

    _, arrays = scene_arrays(Scene((mark,), np.zeros(4)))
    return sum(math.prod(np.shape(array)) for array in arrays)


def _as_pixels(still: Still, transparent: bool) -> Scene:
    """A scene of one picture that covers the sheet, of as many pixels as a page can hold."""
    from gradart.rendering.html.array_packing import packed
    from gradart.rendering.html.pixel_packing import in_levels

    px = _PX
    while True:
        pixels = in_levels(still.pixels(px, transparent=transparent)[::-1] / 255)
        size = len(compress(packed(pixels).data, 6))
        if size <= _BYTES:
            break
        px = int(px * min(0.95, math.sqrt(_BYTES / size)))
    page, lies = still.composition.page, still.placement

    def box(inset: float) -> np.ndarray:
        """The sheet, or what is so many mm within it, in the artist's units."""
        x = (np.array([inset, page.width - inset]) - lies.dx) / lies.scale
        y = (lies.dy - np.array([page.height - inset, inset])) / lies.scale
        return np.stack([x, y], -1)

    return Scene((raster(pixels, box(0)),), still.scene.paper, box(page.margin))
