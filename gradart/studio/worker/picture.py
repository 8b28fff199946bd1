"""What a sketch has computed, ready to be painted again: closer, larger, at another playhead.

Also what its fields are at a point: their values and gradients.
"""

import io
import math
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.forward_mode import gradient_of
from gradart.calculus.programs.compiled_once import traced
from gradart.calculus.recorder import Noticed, noticing
from gradart.drawing.scene import Scene
from gradart.errors import ArtError, ArtWarning
from gradart.jobs.job import Job, compute
from gradart.rendering.film.tracing import playheads
from gradart.rendering.film_frames import paint
from gradart.rendering.formats.png import without_alpha
from gradart.rendering.layout.page import Page, Placement
from gradart.rendering.layout.page import page as sheet_of
from gradart.rendering.layout.pixel_grid import View
from gradart.rendering.painting.cairo_surfaces import straight
from gradart.rendering.pipeline import Composition, compose
from gradart.sketching.error_reporting import errors_of, warning_line
from gradart.types import Function

Format = Literal["jpeg", "png"]
NEAREST, FARTHEST = 2.0, 5000.0  # mm; a view's sides are not shorter, and not longer
_TRACING = ("jaxpr_trace_duration", "jaxpr_to_mlir_module_duration")
_COMPILING = ("backend_compile_duration",)
_spent = dict.fromkeys(("trace", "compile"), 0.0)  # s, of all of the process


@dataclass(frozen=True)
class Probe:
    """A field that a sketch looks at: its name, and a function of a point (2,).

    `at` gives the value and the gradient as numbers; None for one that is not finite.
    """

    name: str
    at: Callable[[tuple[float, float]], tuple[float | None, list[float | None]]]


@dataclass(frozen=True)
class Picture:
    """A job's scene or film, computed and on its page.

    `stages` are the milliseconds that it took, `notes` what the sketch was warned of, `fields`
    those that it looked at and draws where they are.
    """

    job: Job
    composition: Composition
    stages: dict[str, float]
    notes: list[str]
    fields: tuple[Probe, ...]

    @property
    def page(self) -> Page:
        """The page that the picture is on."""
        return self.composition.page

    @property
    def heads(self) -> np.ndarray:
        """The playheads of a film's frames, (n,); a still has none."""
        return self.composition.heads


def draw(job: Job) -> Picture:
    """Compute a job up to what painting needs. Raises ArtError that names sketch and line."""
    stages: dict[str, float] = {}
    options = job.settled
    sheet = sheet_of(options.page, landscape=options.landscape, margin=options.margin)
    with noted() as notes, timed(stages, "compute"):
        with noticing() as noticed:
            art = compute(job)
        fields = probes(noticed)
        with errors_of(job.sketch.name, job.sketch.file), jax.enable_x64(True):
            still = isinstance(art, Scene)
            heads = np.zeros(0) if still else playheads(options.seconds, options.fps)
            composition = compose(art, sheet, heads)
    return Picture(job, composition, stages, notes, fields)


def show(
    picture: Picture,
    at: float,
    px: int,
    kind: Format,
    view: View | None = None,
    lying: Placement | None = None,
) -> tuple[Callable[[], bytes], Placement, dict[str, float]]:
    """A still of the picture, or of a part of its page, to be encoded as the bytes of a file.

    `px` is the long side of what is seen, `lying` how the drawing lies on its page where it is not
    fitted to it. Also how the drawing lies on the page, and the
    milliseconds of each stage.
    """
    stages: dict[str, float] = {}
    with errors_of(picture.job.sketch.name, picture.job.sketch.file), jax.enable_x64(True):
        with timed(stages, "compute"):
            still = picture.composition.still(at)
            if lying is not None:  # and what it is exposed with there is not kept
                bare = replace(still.composition, seen={})
                still = replace(still, placement=lying, composition=bare)
        with timed(stages, "paint"):
            pixels = still.painted(px, view=None if view is None else _held(view))

    def encode() -> bytes:
        start = time.perf_counter()
        data = _encoded(pixels, kind)
        stages["encode"] = 1000 * (time.perf_counter() - start)
        return data

    return encode, still.placement, stages


def _held(view: View) -> View:
    """A view whose sides are as long as those of a page may be."""
    left, top, *sides = view
    width, height = (min(max(side, NEAREST), FARTHEST) for side in sides)
    return left, top, width, height


def film_frames(picture: Picture, first: int, px: int) -> Iterator[tuple[int, bytes]]:
    """Each frame's number and JPEG, from the first one to the one before it, round the loop.

    Raises ArtError for a picture that is no film.
    """
    if not len(picture.heads):
        raise ArtError(f"{picture.job.sketch.name} is a still, and has no frames to play")
    order = np.roll(np.arange(len(picture.heads)), -first)
    with errors_of(picture.job.sketch.name, picture.job.sketch.file):
        frames = paint(picture.composition, px, picture.heads[order])
        for index, pixels in zip(order.tolist(), frames, strict=True):
            yield index, _jpeg(pixels, "RGBX") if _is_opaque(pixels) else _png(pixels)


def _encoded(painted: np.ndarray, kind: Format) -> bytes:
    """Cairo's pixels (h, w, 4) as a file: JPEG while something moves, PNG when it rests."""
    if kind == "jpeg" and _is_opaque(painted):
        return _jpeg(painted, "BGRX")
    return _png(straight(painted))


def _is_opaque(pixels: np.ndarray) -> bool:
    return bool(pixels[..., 3].min() == 255)


def _jpeg(pixels: np.ndarray, order: Literal["RGBX", "BGRX"]) -> bytes:
    from PIL import Image

    data, (height, width, _) = io.BytesIO(), pixels.shape
    picture = Image.frombuffer("RGB", (width, height), pixels, "raw", order, 0, 1)
    picture.save(data, "JPEG", quality=92, subsampling=0)
    return data.getvalue()


def _png(pixels: np.ndarray) -> bytes:
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(without_alpha(pixels)).save(data, "PNG", compress_level=1)
    return data.getvalue()


@contextmanager
def noted() -> Iterator[list[str]]:
    """What the sketch is warned of meanwhile; known when the block has ended."""
    notes: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", ArtWarning)
        yield notes
    notes += dict.fromkeys(warning_line(w.message, w.filename, w.lineno) for w in caught)


def _listen(event: str, duration_secs: float, **_: str | int) -> None:
    kind = event.rpartition("/")[2]
    if kind in _TRACING:
        _spent["trace"] += duration_secs
    elif kind in _COMPILING:
        _spent["compile"] += duration_secs


jax.monitoring.register_event_duration_secs_listener(_listen)


@contextmanager
def timed(stages: dict[str, float], name: str) -> Iterator[None]:
    """Add the milliseconds of the block to a stage; what JAX traces and compiles to their own."""
    before, start = dict(_spent), time.perf_counter()
    try:
        yield
    finally:
        left = time.perf_counter() - start
        for kind in ("compile", "trace"):
            part = min(_spent[kind] - before[kind], left)  # traces within traces count twice
            stages[kind] = stages.get(kind, 0.0) + 1000 * part
            left -= part
        stages[name] = stages.get(name, 0.0) + 1000 * left


def probes(noticed: Noticed) -> tuple[Probe, ...]:
    """A probe for each field of the plane; none where the drawing shows them in a view."""
    if noticed.elsewhere:
        return ()
    return tuple(_probe(field) for field in noticed.fields if _is_field(field))


def _is_field(field: Function) -> bool:
    """Whether it takes a point of the plane to a number, and outlives the tracing that it is of."""
    try:
        with jax.enable_x64(True):
            return jax.eval_shape(field, jax.ShapeDtypeStruct((2,), float)).shape == ()
    except Exception:
        return False


def _probe(field: Function) -> Probe:
    @jax.jit
    def both(p: jax.Array) -> tuple[jax.Array, jax.Array]:
        f = traced(field, p)
        return f(p), gradient_of(f)(p)

    def at(point: tuple[float, float]) -> tuple[float | None, list[float | None]]:
        with jax.enable_x64(True):
            value, gradient = both(jnp.asarray(point, float))
        return _number(value), [_number(x) for x in gradient]

    name = getattr(field, "__name__", type(field).__name__)
    return Probe(name if name.isidentifier() else "field", at)


def _number(x: jax.Array) -> float | None:
    return float(x) if math.isfinite(x) else None
