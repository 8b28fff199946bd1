"""What the tests of the page in a real browser share: Chromium, and the page's code in it."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from rendering.html.in_node import HERE, STATIC, sheet_json
from rendering.html.scenes import scene_json
from studio.conftest import browser  # noqa: F401

HOST = "http://page.test/"  # which is nowhere: all that is asked of it is answered here


@pytest.fixture(scope="module")
def blank(browser):  # noqa: F811
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


PAINT = """async ({ scene, placement, sheet, px, view }) => {
  const { readScene } = await import("/read_scene.js");
  const { paint } = await import("/canvas.js");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = view ? view.size : px;
  const unit = Math.max(...px) / Math.max(sheet.width, sheet.height);
  paint(canvas.getContext("2d"), readScene(scene), placement, sheet, unit, view?.corner);
  return canvas.toDataURL().split(",")[1];
}"""


@pytest.fixture(scope="module")
def painted(blank):
    """A function that paints a scene on a canvas: (h, w, 4) of straight RGBA bytes."""

    def paint(scene, placement, sheet, px, view=None):
        lies = {"scale": placement.scale, "dx": placement.dx, "dy": placement.dy}
        told = {"scene": scene_json(scene), "placement": lies, "sheet": sheet_json(sheet)}
        data = base64.b64decode(blank.evaluate(PAINT, {**told, "px": px, "view": view}))
        with Image.open(io.BytesIO(data)) as picture:
            return np.asarray(picture.convert("RGBA"))

    return paint
