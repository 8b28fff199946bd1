import re
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from pictures import SHEET, placed
from rendering.vector.read_paths import absolute

from gradart.drawing.lettering.text import text
from gradart.drawing.marks import beziers, circles, dots, lines, polygons, raster, segments
from gradart.drawing.style import ink
from gradart.errors import ArtWarning
from gradart.rendering.layout.page import Page
from gradart.rendering.vector.path_data import digits
from gradart.rendering.vector.svg_elements import svg

SVG = "{http://www.w3.org/2000/svg}"
INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"


def document(*marks, paper=(1, 1, 1, 1), **said):
    page = svg(placed(*marks), SHEET, None if paper is None else np.array(paper), **said)
    return ElementTree.fromstring(page)


def layers(root):
    return [(g.get(INKSCAPE + "label"), len(g)) for g in root.iter(SVG + "g")]


def data(*marks):
    return [path.get("d") for path in document(*marks).iter(SVG + "path")]


def test_numbers_are_those_of_a_slow_formatter():
    rng = np.random.default_rng(0)
    values = np.concatenate(
        [rng.normal(size=4000) * 10.0 ** rng.integers(-5, 5, 4000), np.arange(-1100, 1100) / 1000]
    )
    text, at = digits(values)
    found = [text[start:stop] for start, stop in pairwise(at)]

    def slow(value):
        digits = f"{np.round(value * 1000) / 1000:.3f}".rstrip("0").rstrip(".")
        return "0" if digits == "-0" else digits

    assert found == [slow(value) for value in values]
    assert digits(np.empty(0)) == ("", [0])


def test_a_unit_of_the_document_is_a_millimeter():
    root = ElementTree.fromstring(svg([], Page(215.9, 279.4, 0.0), None))
    assert (root.get("width"), root.get("height")) == ("215.9mm", "279.4mm")
    assert root.get("viewBox") == "0 0 215.9 279.4"
    assert list(root) == []


def test_a_pen_is_a_layer():
    root = document(
        lines([(10, 10), (20, 20)], width=0.6, stroke="#c2410c"),
        lines([(30, 10), (20, 20)], width=0.6, stroke="#c2410c"),
        segments([(1, 1), (2, 2), (3, 3)], (50, 50), width=[0.2, 0.2, 0.3], stroke="#000"),
        dots([(5, 5), (6, 6)], fill="#000000"),
        polygons([(5, 5), (6, 6), (7, 5)], fill="#000000"),
        polygons([(5, 5), (6, 6), (7, 5)], fill="#ffffff", stroke="#000000", width=1, alpha=0.5),
    )
    assert layers(root) == [
        ("1 #c2410c 0.6 mm", 2),
        ("2 #000000 0.2 mm", 2),
        ("3 #000000 0.3 mm", 1),
        ("4 #000000 fill", 3),
        ("5 #000000 1 mm, #ffffff fill", 1),
    ]
    first, *_, last = root.iter(SVG + "g")
    assert first.get(INKSCAPE + "groupmode") == "layer"
    assert (first.get("fill"), first.get("stroke")) == ("none", "#c2410c")
    assert (first.get("stroke-linecap"), first.get("stroke-linejoin")) == ("round", "round")
    assert first.get("stroke-opacity") is None
    assert (last.get("fill-opacity"), last.get("stroke-opacity")) == ("0.5", "0.5")


def test_paths_are_short_and_curves_are_curves():
    nan = (np.nan, np.nan)
    assert data(lines([(1, 99), (2.5, 98.25), (3, 97)])) == ["M1 1l1.5 .75 .5 1.25"]
    assert data(lines([(1, 99), (2, 98), nan, (3, 97), (4, 96)])) == ["M1 1l1 1M3 3l1 1"]
    assert data(lines([(1, 99), (0.5, 99.25), (0, 99)])) == ["M1 1l-.5-.25-.5 .25"]
    assert data(lines([(1, 99), nan, nan])) == ["M1 1l0 0"]
    two = [(1, 99), (2, 99), (2, 98), nan, (5, 95), (6, 95), (6, 94)]
    assert data(polygons([two, two])) == ["M1 1l1 0 0 1ZM5 5l1 0 0 1Z"] * 2
    assert data(beziers([(0, 100), (1, 99), (2, 98), (3, 97), (4, 96), (5, 95), (6, 94)])) == [
        "M0 0c1 1 2 2 3 3 1 1 2 2 3 3"
    ]
    (ring,) = data(circles((50, 50), 10))
    assert ring.count("M") == ring.count("c") == ring.count("Z") == 1
    assert len(re.findall(r"-?[\d.]+", ring)) == 2 * 13
    (letter,) = data(text("o", (50, 50), size=20))
    assert letter.count("M") == letter.count("Z") == 2
    assert "l" not in letter


def test_no_rounding_adds_up_along_a_path():
    """Ten thousand steps of a third of a micrometer and more, each place right to half of one."""
    row = np.random.default_rng(3).normal(0, 0.01, (10_000, 2)).cumsum(0) + 50
    (path,) = data(polygons(row))
    found = np.reshape([*map(float, re.findall(r"-?[\d.]+", absolute(path)))], (-1, 2))
    np.testing.assert_allclose(found, row * [1, -1] + [0, 100], atol=0.000501)


def test_rows_without_ink_or_points_leave_nothing():
    empty = lines([[(1, 1), (2, 2)], [(np.nan, 1), (np.nan, 2)]], width=0)
    rows = lines([[(1, 1), (2, 2)], [(np.nan, 1), (np.nan, 2)]], alpha=[0.0, 1.0])
    assert layers(document(empty, rows, polygons([(1, 1), (2, 2)], fill=None))) == []


def test_paper_is_no_geometry():
    """A plotter would draw a rectangle; it leaves out pictures."""
    import base64
    import io

    from PIL import Image

    root = document(dots([(1, 1)]), paper=(1, 0, 0, 0.25))
    assert root.find(SVG + "rect") is None
    image = root.find(f"{SVG}image[@id='paper']")
    assert [image.get(k) for k in ("x", "y", "width", "height")] == ["0", "0", "100", "100"]
    assert image.get("opacity") == "0.25"
    link = image.get("{http://www.w3.org/1999/xlink}href").removeprefix("data:image/png;base64,")
    with Image.open(io.BytesIO(base64.b64decode(link))) as picture:
        assert (np.asarray(picture) == (255, 0, 0, 255)).all()
    assert document(dots([(1, 1)]), paper=None).find(SVG + "image") is None


def pens(root):
    """Layers as vpype reads them: the first digits of the label, color, width, paths in it.

    What is not in a group, and is a shape, would be in layer 1.
    """
    shapes = {SVG + name for name in ("path", "rect", "circle", "line", "polyline", "polygon")}
    assert not [part for part in root if part.tag in shapes]
    return [
        (
            int(re.search(r"\d+", group.get(INKSCAPE + "label"))[0]),
            group.get("stroke"),
            float(group.get("stroke-width")),
            len(group),
        )
        for group in root.findall(SVG + "g")
    ]


THREE = np.array([(0.8, 0.1, 0.1, 1), (0.1, 0.6, 0.2, 1), (0.1, 0.2, 0.8, 1)])


def test_pens_that_take_turns_have_a_layer_each():
    x = np.linspace(3, 97, 60)
    waves = [np.stack([x, 3 + 0.9 * i + 2 * np.sin(x / 9)], -1) for i in range(100)]
    turns = lines(waves, stroke=THREE[np.arange(100) % 3], width=0.3)
    wanted = [(1, "#cc1a1a", 0.3, 34), (2, "#1a9933", 0.3, 33), (3, "#1a33cc", 0.3, 33)]
    assert pens(document(turns)) == wanted
    parts = [lines(wave, stroke=THREE[i % 3], width=0.3) for i, wave in enumerate(waves)]
    assert pens(document(*parts)) == wanted
    at = np.stack(np.meshgrid(np.arange(2, 98, 2), np.arange(2, 98, 2)), -1).reshape(-1, 2)
    rings = circles(at, 0.6, stroke=THREE[np.arange(len(at)) % 3], width=0.4)
    assert [pen[:2] for pen in pens(document(rings))] == [pen[:2] for pen in wanted]
    spots = dots(at, 0.8, fill=THREE[np.arange(len(at)) % 3])
    assert [name for name, _ in layers(document(spots))] == [
        "1 #cc1a1a fill",
        "2 #1a9933 fill",
        "3 #1a33cc fill",
    ]


def test_ink_mixes_in_any_order_and_so_has_a_layer_a_pen():
    rng = np.random.default_rng(0)
    ends = rng.uniform(5, 95, (2, 90, 2))
    strokes = segments(*ends, stroke=THREE[np.arange(90) % 3], blend=ink(1), alpha=0.3)
    assert [pen[3] for pen in pens(document(strokes))] == [30, 30, 30]


def test_order_is_kept_where_strokes_cross():
    rng = np.random.default_rng(1)
    start, end = rng.uniform(5, 95, (2, 40, 2))
    end = start + 0.25 * (end - start)
    strokes = segments(start, end, stroke=THREE[np.arange(40) % 3], width=0.5)
    with pytest.warns(ArtWarning, match=r"3 pens lie over each other by turns, .* \d+ layers"):
        root = document(strokes)
    found = [path.get("d") for path in root.iter(SVG + "path")]
    order = [found.index(d) for d in data(segments(start, end, width=0.5))]
    assert sorted(order) == list(range(40))
    assert order != list(range(40))

    def side(a, b, p):
        return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])

    crossing = 0
    for i, j in combinations(range(40), 2):
        a, b, c, d = start[i], end[i], start[j], end[j]
        if side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0:
            crossing += 1
            assert order[i] < order[j]
    assert crossing > 8


def test_what_is_said_is_escaped():
    said = 'a < b & "c" ]]> \x00\x0b\ud800 é 漢'
    root = document(dots([(1, 1)]), title=said, metadata=said)
    for tag in ("title", "metadata"):
        assert root.find(SVG + tag).text == 'a < b & "c" ]]>  é 漢'


def test_a_picture_is_embedded_the_first_row_on_top():
    import base64
    import io

    from PIL import Image

    cells = np.zeros((60, 80, 3))
    cells[0] = (1, 0, 0)
    image = document(raster(cells, ((10, 10), (50, 40)))).find(f"{SVG}g/{SVG}image")
    assert [image.get(k) for k in ("x", "y", "width", "height")] == ["10", "60", "40", "30"]
    link = image.get("{http://www.w3.org/1999/xlink}href").removeprefix("data:image/png;base64,")
    with Image.open(io.BytesIO(base64.b64decode(link))) as picture:
        assert picture.size == (80, 60)
        assert picture.getpixel((3, 59)) == (255, 0, 0, 255)


def sample():
    t = np.linspace(0, 60, 3000)
    walk = 50 + 70 * np.stack([np.cos(t), np.sin(1.1 * t)], -1)
    cells = raster(np.eye(9), ((60, 60), (70, 70)))
    return svg(placed(lines(walk, alpha=0.3), text("$x^2$", (50, 50)), cells), SHEET, np.ones(4))


@pytest.mark.exhaustive
def test_the_same_marks_are_the_same_bytes_in_another_process():
    folders = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    code = f"import sys; sys.path[:0] = {folders}; from test_svg import sample; print(sample())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == sample().strip()
