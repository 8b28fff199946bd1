"""Ink and light as a browser paints them: the pictures that `gradart run` makes."""

import base64
import io
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pictures import SHEET, WHOLE
from PIL import Image
from rendering.html.scenes import scene_json

import gradart as ga
from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Many
from gradart.jobs.job import Job, compute
from gradart.rendering.layout.page import fit
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.sketching.loading import load

HERE = Path(__file__).parent
STATIC = Path(ga.__file__).parent / "rendering/html/static"
SKETCHES = HERE.parents[2] / "sketches"
PX = 300
FLAGS = (
    "--no-sandbox --use-gl=angle --use-angle=swiftshader --enable-unsafe-swiftshader --disable-quic"
    " --no-first-run --disable-background-networking --disable-component-update --disable-sync"
)
PIECES = {  # lighter than in the gallery
    "arcs": {"n": 200, "steps": 1, "pixels": 160},
    "attractor": {"n": 40_000},
    "caustic_word": {"waves": 8, "rays": 80, "steps": 1, "pixels": 100},
    "delta": {"n": 300, "steps": 200},
    "one_line": {"order": 5, "steps": 1, "pixels": 100},
    "strokes": {"n": 800, "steps": 1, "pixels": 100},
    "three_pens": {"n": 300, "steps": 1, "pixels": 100},
    "whiskers": {"n": 30_000},
}
SLOW = {"arcs", "caustic_word", "delta", "one_line", "strokes", "three_pens"}  # to compute


@pytest.fixture(scope="module")
def page():
    """A page of Chromium that can import the modules; it must not complain."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser needs Playwright")
    if (path := shutil.which("chromium")) is None:
        pytest.skip("the browser needs Debian's chromium")

    def serve(route):
        name = Path(route.request.url).name
        file = next((f for f in (STATIC / name, HERE / name) if f.is_file()), None)
        body = file.read_text() if file else "<!doctype html>"
        route.fulfill(body=body, content_type="text/javascript" if file else "text/html")

    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=FLAGS.split())
        page = chromium.new_page()
        page.route("**/*", serve)
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto("http://piece.test/")
        yield page
        chromium.close()
        assert wrong == []


def asked_of(page, name, asked):
    """What paint_ink.js answers."""
    return page.evaluate(f"async (asked) => (await import('./paint_ink.js')).{name}(asked)", asked)


def lies(art, sheet, px=PX):
    """What a page is told of a scene on its sheet."""
    placement, grid = fit([art], sheet), pixel_grid(sheet, px)
    return {
        "scene": scene_json(art),
        "width": grid.width,
        "height": grid.height,
        "unit": grid.unit,
        "placement": {"scale": placement.scale, "dx": placement.dx, "dy": placement.dy},
        "sheet": {"width": sheet.width, "height": sheet.height, "margin": sheet.margin},
    }


def painted(page, told):
    """A picture (h, w, 4) as the page paints it."""
    picture = base64.b64decode(asked_of(page, "painted", told))
    return np.frombuffer(picture, np.uint8).reshape(told["height"], told["width"], 4).astype(int)


def rendered(art, sheet):
    file = io.BytesIO(ga.render(art, format="png", page=sheet, px=PX))
    return np.asarray(Image.open(file).convert("RGBA")).astype(int)


def unrolled(art):
    """A scene whose blocks are marks of their own."""
    marks = []
    for mark in art.marks:
        if isinstance(mark.shape, Many):
            for number in range(mark.shape.count):
                block = mark.shape.block(number)
                marks += [replace(m, style=replace(m.style, blend=mark.style.blend)) for m in block]
        else:
            marks.append(mark)
    return replace(art, marks=tuple(marks))


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.exhaustive) if n in SLOW else n for n in PIECES],
)
def test_a_piece_of_the_gallery_looks_as_it_does_in_a_file(name, page):
    (sketch,) = load(SKETCHES / f"{name}.py").sketches
    art = compute(Job(sketch, PIECES[name], seed=sketch.seed))
    assert isinstance(art, Scene)
    art = unrolled(art)
    options = sketch.options
    sheet = ga.page(options.page, margin=options.margin)
    wanted = rendered(art, sheet)
    off = np.abs(painted(page, lies(art, sheet)) - wanted)
    assert (wanted != wanted[0, 0]).any()
    assert off.mean() < 0.02


def mixed(**look):
    """Strokes, curves and dots over the sheet, and some beside it."""
    rng = np.random.default_rng(4)
    points, colors = rng.uniform(-20, 120, (60, 7, 2)), rng.uniform(0, 1, (60, 3))
    return ga.scene(
        ga.lines(points, width=rng.uniform(0.1, 3, 60), stroke=colors, alpha=0.4, **look),
        ga.lines(points[:, 0], width=0.2, closed=True, alpha=0.5, **look),
        ga.beziers(points, width=0.8, stroke=colors[0], alpha=0.3, **look),
        ga.dots(points, rng.uniform(0.05, 3, 420), alpha=0.2, fill="#c2410c", **look),
        paper="#e8e0d0" if look["blend"] == "ink" else "#102030",
        box=WHOLE,
    )


@pytest.mark.parametrize("blend", ["ink", "light"])
def test_a_part_of_the_page_is_painted_as_in_the_picture_of_all_of_it(blend, page):
    """With its exposure, and as it is dithered there."""
    told = lies(mixed(blend=blend), SHEET)
    whole = painted(page, told)
    part = told | {"width": 120, "height": 90, "corner": {"x": -70, "y": -150}}
    off = np.abs(painted(page, part) - whole[150:240, 70:190])
    assert off.max() <= 1
    assert (off > 0).mean() < 0.01
    assert whole[150:240, 70:190].std() > 20


@pytest.mark.exhaustive
@pytest.mark.parametrize("blend", ["ink", "light"])
def test_a_graphics_card_sums_as_the_processor_does(blend, page):
    told = lies(mixed(blend=blend), SHEET)
    grid = {name: told[name] for name in ("width", "height", "unit")} | {"x": 0, "y": 0}
    found = asked_of(page, "compared", told | {"grid": grid})
    if found is None:
        pytest.skip("this Chromium has no WebGL")
    assert found["off"] < 1e-3 * found["all"]
    assert found["isSoftware"], "SwiftShader is no graphics card"
