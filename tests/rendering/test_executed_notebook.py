"""A notebook as an artist runs it: its cells executed by a kernel, and what its export shows."""

import base64
import io
import re
import textwrap

import pytest
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
def swing():
    return lambda u: ga.scene(ga.dots((u, 0), 5), box=((0, -1), (1, 1)))
swing
---
swing()
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


@pytest.mark.parametrize("cell", [4, 5])
def test_a_film_has_controls(outputs, cell):
    assert "<video controls" in one(outputs, cell).data["text/html"]


def test_a_scene_saves_itself_beside_the_notebook(outputs):
    assert (outputs[2] / "rings.svg").read_text().startswith("<?xml")


def test_a_mistake_is_one_short_traceback_in_an_artists_words(outputs):
    [said] = one(outputs, 7).traceback[-1:]
    assert said.startswith("ArtError: points must have shape (..., 2), not (1, 3)")
    assert [line.split(":")[0] for line in one(outputs, 7).traceback[:-1]] == ["in a cell, line 2"]


def test_a_broken_sketch_is_told_in_a_line(outputs):
    text = "".join(str(output) for output in outputs[0][8])
    assert re.search(r"broken.*: mark 0 \(lines\): point \[0, 0\] is infinite", text)
    assert "gradart/rendering" not in text


def test_the_export_shows_pictures_and_no_numbers(outputs):
    html = outputs[1]
    assert html.count("data:image/") >= 3
    assert html.count("data:video/mp4;base64,") == 2
    films = re.findall(r"<video [^>]{,200}", html)
    assert ["controls" in film for film in films] == [True, True]
    assert "Array([" not in html
