"""A notebook as an artist runs it: its cells executed by a kernel, and what its export shows."""

import base64
import io
import re
import textwrap

import pytest
from browsers import chromium, until
from PIL import Image

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")
nbconvert = pytest.importorskip("nbconvert")
pytest.importorskip("ipykernel")

CELLS = """
import gradart as ga
import jax.numpy as jnp
---
@ga.sketch(page="100x50mm")
def rings(n: int = 3):
    "Rings."
    return ga.scene(ga.circles(jnp.zeros((n, 2)), jnp.arange(1.0, n + 1)))
rings
---
rings(n=5)
---
ga.lines(jnp.zeros((1000, 50, 2)) + jnp.arange(50.0)[:, None])
---
@ga.sketch(page="square", seconds=0.5, fps=10)
def swing(reach=1.0):
    return lambda u: ga.scene(ga.dots((reach * u, 0), 5), box=((0, -1), (1, 1)))
swing
---
swing()
---
@ga.sketch(page="square", seconds=0.5, fps=10)
def blink():
    return lambda u: ga.scene(ga.dots((0.5 if u < 0.5 else 0.1, 0), 5), box=((0, -1), (1, 1)))
blink
---
@ga.sketch(page="100x50mm")
def bar(length=1.0, ink="#0000ff"):
    "A <bar> & no more."
    return ga.scene(ga.lines([(0, 0), (length, 0)], width=20, stroke=ink), box=((0, -1), (4, 1)))
bar
---
rings().save("rings.svg")
---
ga.scene(
    ga.lines([(0, 0, 0)]),
)
---
@ga.sketch
def broken():
    return ga.scene(ga.lines(jnp.inf + jnp.zeros((3, 2))))
broken
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """The outputs of each cell, and the notebook's export as HTML."""
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(textwrap.dedent(c).strip()) for c in CELLS.split("---")],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python"}},
    )
    client = nbclient.NotebookClient(
        notebook, timeout=300, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    html, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    return [cell.outputs for cell in notebook.cells], html, folder


def one(outputs, number):
    [output] = outputs[0][number]
    return output


def size(output):
    with Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))) as picture:
        return picture.size


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("cell", "shape", "name"),
    [
        (1, (800, 400), "Sketch(rings, n=3)"),
        (2, (800, 400), "Scene(1 mark)"),
        (3, (800, 800), "Mark(Lines 1000 x 50)"),
    ],
)
def test_art_is_a_picture_on_its_page(outputs, cell, shape, name):
    output = one(outputs, cell)
    assert size(output) == shape
    assert output.data["text/plain"] == name


@pytest.mark.exhaustive
@pytest.mark.parametrize("cell", [4, 5, 7])
def test_what_is_alive_is_a_page_with_a_picture_beside_it(outputs, cell):
    output = one(outputs, cell)
    assert 'sandbox="allow-scripts allow-downloads"' in output.data["text/html"]
    assert "Automatically created module" not in output.data["text/html"]  # as IPython says
    assert size(output) == ((600, 300) if cell == 7 else (600, 600))
    assert output.data["text/plain"].startswith(("Sketch(", "Film("))


def test_a_film_of_which_nothing_can_be_computed_there_is_a_video(outputs):
    shown = [output.data["text/html"] for output in outputs[0][6] if "data" in output]
    assert ["<video controls" in html for html in shown] == [True]


def test_a_scene_saves_itself_beside_the_notebook(outputs):
    assert (outputs[2] / "rings.svg").read_text().startswith("<?xml")


def test_a_mistake_is_one_short_traceback_in_an_artists_words(outputs):
    [said] = one(outputs, 9).traceback[-1:]
    assert said.startswith("ArtError: points must have shape (..., 2), not (1, 3)")
    assert [line.split(":")[0] for line in one(outputs, 9).traceback[:-1]] == ["in a cell, line 2"]


def test_a_broken_sketch_is_told_in_a_line(outputs):
    text = "".join(str(output) for output in outputs[0][10])
    assert re.search(r"broken.*: mark 0 \(lines\): point \[0, 0\] is infinite", text)
    assert "gradart/rendering" not in text


def test_the_export_shows_pictures_and_no_numbers(outputs):
    html = outputs[1]
    assert html.count("data:image/") >= 3
    assert html.count("data:video/mp4;base64,") == 1
    assert "Array([" not in re.sub(r'srcdoc="[^"]*"', "", html)


@pytest.fixture(scope="module")
def opened(outputs):
    """The export in Chromium, and the frame in which the sketch `bar` is alive."""
    outputs[2].joinpath("notebook.html").write_text(outputs[1], encoding="utf-8")
    with chromium() as browser:
        page = browser.new_context(accept_downloads=True).new_page()
        page.route("http*://**", lambda route: route.abort())  # what nbconvert would fetch
        page.goto(outputs[2].joinpath("notebook.html").as_uri())
        element = page.query_selector('iframe[title^="A <bar>"]')
        element.scroll_into_view_if_needed()
        frame = element.content_frame()
        until(frame, "document.querySelector('#frame')?.getAttribute('aria-busy') === 'false'")
        yield page, frame


def blue(frame):
    """How much of the canvas is blue."""
    count = """(() => {
      const { width, height } = document.querySelector("#picture");
      const { data } = document.querySelector("#picture").getContext("2d")
        .getImageData(0, 0, width, height);
      let n = 0;
      for (let i = 0; i < data.length; i += 4) n += data[i] < 50 && data[i + 2] > 200;
      return n / (width * height);
    })()"""
    return frame.evaluate(count)


def test_a_slider_in_the_export_moves_the_picture(opened):
    _, frame = opened
    before = blue(frame)
    assert before > 0.05
    field = frame.query_selector("#controls input[type=number]")
    field.fill("2")
    field.press("Enter")
    frame.evaluate("new Promise((f) => requestAnimationFrame(() => requestAnimationFrame(f)))")
    assert 1.4 * before < blue(frame) < 2 * before  # the ends of the bar stay as they are


@pytest.mark.exhaustive
def test_a_page_in_the_export_saves_files_and_reaches_nothing_else(opened):
    page, frame = opened
    with page.expect_download() as download:
        frame.click("#svg")
    assert download.value.suggested_filename.endswith(".svg")
    assert "<svg" in download.value.path().read_text(encoding="utf-8")
    assert frame.evaluate("self.origin") == "null"
    reached = "(() => { try { return !!parent.document; } catch { return false; } })()"
    assert frame.evaluate(reached) is False
