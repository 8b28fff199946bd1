"""What tests of the page share: Chromium, the code of the page in it, and pieces in files."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from browsers import chromium
from PIL import Image
from rendering.html.in_node import HERE, STATIC, sheet_json
from rendering.html.pieces import rose
from rendering.html.scenes import scene_json

from gradart.rendering.html.document import document
from gradart.rendering.layout.page import fit

HOST = "http://page.test/"  # which is nowhere: all that is asked of it is answered here


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def blank(browser):
    """A blank page that can import the code of an HTML piece."""
    context = browser.new_context()
    page = context.new_page()

    def answer(route):
        name = route.request.url.removeprefix(HOST)
        for folder in (STATIC, HERE):
            if name and (folder / name).is_file():
                route.fulfill(path=folder / name, content_type="text/javascript")
                return
        route.fulfill(body="<!doctype html>", content_type="text/html")

    page.route("**/*", answer)
    page.goto(HOST)
    yield page
    context.close()


def placement_json(placement):
    return {"scale": placement.scale, "dx": placement.dx, "dy": placement.dy}


def picture(data):
    """A PNG in base64 as (h, w, 4) of straight RGBA bytes."""
    with Image.open(io.BytesIO(base64.b64decode(data))) as file:
        return np.asarray(file.convert("RGBA"))


PAINT = """async ({ scene, placement, sheet, px, view, quick }) => {
  const { readScene } = await import("/read_scene.js");
  const { paint } = await import("/canvas.js");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = view ? view.size : px;
  const unit = Math.max(...px) / Math.max(sheet.width, sheet.height);
  paint(canvas.getContext("2d"), readScene(scene), placement, sheet, unit, view?.corner, quick);
  return canvas.toDataURL().split(",")[1];
}"""


@pytest.fixture(scope="module")
def painted(blank):
    """A function that paints a scene on a canvas: (h, w, 4) of straight RGBA bytes."""

    def paint(scene, placement, sheet, px, view=None, quick=False):
        told = {"scene": scene_json(scene), "placement": placement_json(placement)}
        told |= {"sheet": sheet_json(sheet), "px": px, "view": view, "quick": quick}
        return picture(blank.evaluate(PAINT, told))

    return paint


FRAMES = """async ({ scenes, placements, sheet, px }) => {
  const { readScene } = await import("/read_scene.js");
  const { paint } = await import("/canvas.js");
  const { makeFilmPainter } = await import("/film_painter.js");
  const unit = Math.max(...px) / Math.max(sheet.width, sheet.height);
  const [film, whole] = [0, 1].map(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = px;
    return canvas;
  });
  const painter = makeFilmPainter();
  return scenes.map((told, i) => {
    const scene = readScene(told);
    painter.paint(film.getContext("2d"), scene, placements[i], sheet, unit);
    paint(whole.getContext("2d"), scene, placements[i], sheet, unit);
    return [film, whole].map((canvas) => canvas.toDataURL().split(",")[1]);
  });
}"""


@pytest.fixture(scope="module")
def frames(blank):
    """A function that paints scenes as frames of a film: for each, its picture as one, and whole.

    `moves` says of each mark whether it moves.
    """

    def paint(scenes, moves, sheet, px):
        told = [scene_json(scene) for scene in scenes]
        for scene in told:
            for mark, moving in zip(scene["marks"], moves, strict=True):
                mark["moves"] = moving
        lies = [placement_json(fit([scene], sheet)) for scene in scenes]
        asked = {"scenes": told, "placements": lies, "sheet": sheet_json(sheet), "px": px}
        return [[picture(data) for data in pair] for pair in blank.evaluate(FRAMES, asked)]

    return paint


@pytest.fixture
def write(tmp_path):
    """A function that writes a piece to a file, and returns the file's address."""

    def written(piece=None, name="piece", **how):
        path = tmp_path / f"{name}.html"
        path.write_text(document(*(piece or rose()), **how), encoding="utf-8")
        return path.as_uri()

    return written


@pytest.fixture
def show(browser, write):
    """A function that opens a piece in a window of its own, once its picture is there.

    The pages must complain of nothing, and ask for no more than themselves.
    """
    contexts, said, asked, own = [], [], [], []

    def shown(piece=None, address="", *, size=(1000, 700), motion=False, **how):
        file = isinstance(piece, Path)
        url = piece.as_uri() if file else write(piece, f"piece{len(own)}")
        own.append(url)
        context = browser.new_context(
            viewport=dict(zip(("width", "height"), size, strict=True)),
            reduced_motion="no-preference" if motion else "reduce",
            accept_downloads=True,
            **how,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(url + address)
        page.wait_for_selector("#frame[aria-busy=false]")
        return page

    yield shown
    for context in contexts:
        context.close()
    assert said == []
    assert {url.partition("#")[0].partition("?")[0] for url in asked} == set(own)
