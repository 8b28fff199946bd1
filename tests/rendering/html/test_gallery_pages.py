"""Whole pieces as pages: the numbers that JAX computes, and the pictures that Python paints."""

import base64
import io
import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from pictures import assert_alike
from PIL import Image
from rendering.html.pieces import script_of

import gradart as ga
from gradart.drawing.scene import Scene
from gradart.jobs.job import Job, compute
from gradart.rendering.film.tracing import playheads
from gradart.rendering.html.array_packing import DRAWN, packed
from gradart.rendering.html.scene_arrays import scene_arrays
from gradart.rendering.pipeline import compose
from gradart.rendering.render import sheet_for
from gradart.sketching.loading import load

SKETCHES = Path(__file__).parents[3] / "sketches"
PX = 500
HEADS = (0.0, 0.31, 0.77)
# Pieces, and another value for a parameter of each that has one that is alive.
PIECES = {
    "braid": {},
    "descent_1d": {},
    "descenders": {},
    "derivative_rosette": {"shrink": 0.7},
    "derivative_tower": {"rise": 1.1},
    "evolute_film": {"wide": 2.2},
    "forward_spiral": {},
    "functions": {},
    "mondrian": {},
    "phyllotaxis": {"angle": 2.0},
    "plant": {},
    "ridgelines": {"seed": 3},
    "schotter": {"disorder": 0.4},
    "secant": {"run": 1.3},
    "title": {},
    "torus": {},
    "too_large": {},
    "tower": {"rise": 1.0},
    "truchet": {"seed": 5},
    "two_starts": {},
    "wavefronts": {"b": 0.5},
}
# A strand is hidden where one before it is higher, and where two are as high it is by a rounding.
TIES = {"derivative_tower": 0.05}
# Whose order a rounding decides, as the strands of a braid are as high at each of its turns; whose
# descents are chaotic; and which is told by more points where a parameter bends it.
OTHER_NUMBERS = {"braid", "too_large", "title"}

pytestmark = pytest.mark.filterwarnings("default::gradart.errors.ArtWarning")

_DRIVE = """(async ([px, values, heads]) => {
  const art = data_blocks_js.readJson("art");
  const arrays = await data_blocks_js.readNumbers();
  const program = (CODE)(arrays);
  const piece = piece_js.makePiece(art, program, arrays);
  const frames = film_painter_js.makeFilmPainter();
  const canvas = document.createElement("canvas");
  const long = Math.max(art.page.width, art.page.height);
  canvas.width = Math.round((px * art.page.width) / long);
  canvas.height = Math.round((px * art.page.height) / long);
  const context = canvas.getContext("2d");
  piece.set({ ...inputs_js.defaults(art.inputs), ...values });
  return heads.map((u) => {
    const { scene, placement } = piece.at(u);
    frames.paint(context, scene, placement, art.page, px / long);
    const numbers = program.outputs.map(({ data }) => {
      const bytes = new Uint8Array(Float64Array.from(data, Number).buffer);
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    });
    return { numbers, picture: canvas.toDataURL().split(",")[1] };
  });
})"""


@pytest.fixture
def driven(browser, tmp_path):
    """A function that writes a sketch as a page, and runs it there for values and playheads."""
    contexts = []

    def drive(sketch, values, heads):
        file = ga.render(sketch, tmp_path / "piece.html")
        html = file.read_text(encoding="utf-8")
        code = script_of(html).rpartition("main_js.start(")[2].rpartition(");\n")[0]
        context = browser.new_context(reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.goto(file.as_uri())
        page.wait_for_selector("#frame[aria-busy=false]")
        given = json.dumps(
            [PX, {("key" if k == "seed" else k): v for k, v in values.items()}, heads]
        )
        return page.evaluate(f"{_DRIVE.replace('CODE', code)}({given})")

    yield drive
    for context in contexts:
        context.close()


def check(driven, sketch, values):
    """Hold a sketch's page to what Python makes of it."""
    seed = values.get("seed", sketch.seed)
    art = compute(Job(sketch, {k: v for k, v in values.items() if k != "seed"}, seed=seed))
    film = not isinstance(art, Scene)
    heads = HEADS if film else (0.0,)
    shown = driven(sketch, values, heads)
    options = sketch.options
    frames = playheads(options.seconds, options.fps) if film else np.zeros(1)
    composition = compose(art, sheet_for(options), frames)
    for u, found in zip(heads, shown, strict=True):
        still = composition.still(u)
        _, arrays = scene_arrays(still.scene)
        wide = max(_largest(array) for array in arrays)
        for text, array in zip(found["numbers"], arrays, strict=True):
            if sketch.name not in OTHER_NUMBERS:
                got = np.frombuffer(base64.b64decode(text))
                _agree(got, array, wide, TIES.get(sketch.name, 0))
        with Image.open(io.BytesIO(base64.b64decode(found["picture"]))) as picture:
            assert_alike(np.asarray(picture.convert("RGBA")), still.pixels(PX), ink=0.35)


def _largest(array):
    numbers = np.abs(np.asarray(array, float))
    return numbers[np.isfinite(numbers)].max(initial=0)


def _agree(got, array, wide, ties):
    """Numbers are those of an array, but for a share that is NaN in one of both alone.

    To half a step where they come in steps of the page, whose width is at most twice the largest
    number of all: nothing is computed with these.
    """
    want = np.asarray(array, float).ravel()
    in_steps = packed(got).kind == "steps"
    near, most = (0, wide / DRAWN) if in_steps else (1e-9, 1e-9 * _largest(array))
    lifted = np.isnan(got) != np.isnan(want)
    assert lifted.sum() <= ties * len(want)
    np.testing.assert_allclose(got[~lifted], want[~lifted], rtol=near, atol=most)


TONES = ga.palette("desert")


@ga.sketch(page="square", seconds=2, fps=6)
def waves(key, turn=0.4, color="#c2410c", center=(0.1, 0.2), tones=TONES):
    """A film with all kinds of parameters: its lines come out of a scan, and some are hidden."""
    t = jnp.linspace(-2, 2, 300)
    heights = jnp.cumsum(jax.random.normal(key, (12, 300)), axis=1) / 12

    def step(low, row):
        high = jnp.maximum(low, row)
        return high, jnp.where(row >= low, row, jnp.nan)

    def frame(u):
        rows = heights + jnp.arange(12)[:, None] / 4 + jnp.sin(turn * t + 2 * jnp.pi * u)
        _, seen = jax.lax.scan(step, jnp.full(300, -jnp.inf), rows)
        picked = seen[jnp.argsort(heights[:, -1])]
        points = jnp.stack(jnp.broadcast_arrays(t + center[0], picked + center[1]), -1)
        return ga.scene(
            ga.lines(points, width=0.4, stroke=color),
            ga.dots(points[:, ::50], 1.2, fill=tones.ramp(jnp.linspace(0, 1, 72))),
            paper=tones.paper,
            box=((-2.5, -3), (2.5, 6)),
        )

    return frame


@ga.sketch(page="square")
def cells(shade=0.3, spacing=0.1):
    """A still whose pixels are all known, below lines that a parameter moves."""
    x = jnp.linspace(0, 1, 40)
    red, green = jnp.meshgrid(x, x)
    pixels = jnp.dstack([red, green, 1 - red, jnp.ones_like(red)])
    rows = jnp.stack(
        [jnp.broadcast_to(x, (9, 40)), 0.1 + spacing * jnp.arange(9)[:, None] + 0 * x], -1
    )
    return ga.scene(
        ga.raster(pixels, ((0, 0), (1, 1))),
        ga.lines(rows, width=0.5, alpha=shade),
        box=((0, 0), (1, 1)),
    )


@pytest.mark.exhaustive
def test_a_film_with_parameters_is_what_python_makes(driven):
    other = {"turn": 1.1, "color": "#204080", "center": [0.3, -0.4], "tones": "dusk"}
    check(driven, waves, {**other, "seed": 9})


@pytest.mark.exhaustive
def test_a_still_with_pixels_is_what_python_makes(driven):
    check(driven, cells, {"spacing": 0.07})


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", PIECES)
def test_a_piece_is_what_python_makes(driven, name):
    (sketch,) = (s for s in load(SKETCHES / f"{name}.py").sketches if s.name == name)
    check(driven, sketch, {})
    if PIECES[name]:
        check(driven, sketch, PIECES[name])
