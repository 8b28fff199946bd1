"""Ink and light summed by the page's JavaScript: the same numbers as Python's kernels."""

import numpy as np
import pytest
from pictures import SHEET, WHOLE
from rendering.html.in_node import answered, needs_node, sheet_json
from rendering.html.scenes import scene_json

import gradart as ga
from gradart.rendering.ink.blending import exposure_on, summed
from gradart.rendering.ink.tone import exposure_of, tone
from gradart.rendering.layout.page import fit
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.layout.transform import paper, place

PX = 120

pytestmark = needs_node


class Sums:
    """What the page and Python find of a scene, in PX pixels of its sheet."""

    def __init__(self, art, sheet, folder, number, found):
        marks = place(art, fit([art], sheet), sheet)
        blend, self.grid = art.marks[0].style.blend, pixel_grid(sheet, PX)
        self.wanted = summed(marks, blend.kind, self.grid)
        sums = np.fromfile(folder / f"{number}.sums", np.float32)
        self.sums = sums.reshape(*self.grid.size, found["channels"])
        if found["channels"] == 1:
            self.sums = self.sums * np.array(found["tint"], np.float32)
        self.pixels = np.fromfile(folder / f"{number}.rgba", np.uint8).reshape(*self.grid.size, 4)
        below = np.broadcast_to(np.rint(255 * paper(art)).astype(np.uint8), self.pixels.shape)
        self.toned = tone(self.wanted, below, blend.kind, blend.exposure)
        # Cells of 7 pixels leave some pixels over.
        self.exposures = found["exposure"], found["cells"], found["onSheet"]
        of_pixels, of_cells = (exposure_of(self.wanted, cell) for cell in (1, 7))
        self.known = of_pixels, of_cells, exposure_on(marks, blend.kind, sheet)


def both(*arts, folder, sheet=SHEET):
    """What both find of scenes."""
    asked = []
    for art in arts:
        placement, grid = fit([art], sheet), pixel_grid(sheet, PX)
        pixels = {"width": grid.width, "height": grid.height, "unit": grid.unit}
        pixels |= {"x": grid.corner[0], "y": grid.corner[1]}
        lies = {"scale": placement.scale, "dx": placement.dx, "dy": placement.dy}
        here = {
            "scene": scene_json(art),
            "placement": lies,
            "sheet": sheet_json(sheet),
            "grid": pixels,
        }
        asked.append(here)
    found = answered("sum_ink.mjs", asked, folder)
    return [Sums(art, sheet, folder, *own) for art, own in zip(arts, enumerate(found), strict=True)]


def family(n=200, m=9, seed=0):
    """Polylines of all kinds over the sheet: smooth and wild, some lifted, some beside it."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(-20, 120, (n, 1, 2))
    points = points + np.cumsum(rng.normal(0, rng.uniform(0.1, 6, (n, 1, 1)), (n, m, 2)), 1)
    points[::7, m // 2] = np.nan
    points[3::50, 2] = 1e9  # so far out that Python cuts it
    return points


def scenes():
    """Scenes of one run each, by what they show."""
    rng = np.random.default_rng(1)
    points, n = family(), 200
    inside = np.where(np.abs(points) < 1000, 20 + points / 2, np.nan)
    inside = inside[((inside > 0) & (inside < 100) | np.isnan(inside)).all((1, 2))]
    colors, alpha, widths = rng.uniform(0, 1, (n, 3)), rng.uniform(0, 1, n), rng.uniform(0.02, 6, n)
    far = np.linspace(0, 40, 4000)
    spiral = 50 + far[:, None] * np.stack([np.cos(2 * far), np.sin(2 * far)], -1)
    marks = {
        "strokes": ga.lines(points, width=0.2, alpha=0.1, blend="ink"),
        "thick": ga.lines(points, width=3, alpha=0.1, blend="ink"),
        # Python cuts at the paper's edge, and what was closed has ends then, where it begins.
        "closed": ga.lines(inside, width=1.4, closed=True, alpha=0.3, blend=ga.ink(1)),
        "colors": ga.lines(points, width=widths, stroke=colors, alpha=alpha, blend="light"),
        "grays": ga.lines(points, width=widths, stroke="black", alpha=alpha, blend=ga.ink(2)),
        "dense": [ga.lines(spiral, width=w, alpha=0.2, blend="light") for w in (0.3, 1, 9)],
        "curves": ga.beziers(inside[:, :7], width=0.7, stroke="teal", alpha=0.2, blend="ink"),
        "dots": ga.dots(points[:, 0], widths / 2, fill=colors, alpha=alpha, blend=ga.light(0.5)),
        "specks": ga.dots(points, 0.3, fill="#203040", alpha=0.1, blend="ink"),
        "two": [
            ga.lines(points, width=0.2, stroke="teal", blend="ink"),
            ga.dots(points[:, 1], 4, fill="#802010", alpha=alpha, blend=ga.ink(embed=True)),
        ],
    }
    ground = {"light": "#0b0d12", "ink": "#f7f4ed"}
    arts = {}
    for name, some in marks.items():
        kind = (some[0] if isinstance(some, list) else some).style.blend.kind
        sheer = "80" if name in ("two", "dots") else ""
        arts[name] = ga.scene(some, paper=ground[kind] + sheer, box=WHOLE)
    return arts


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    arts = scenes()
    sums = both(*arts.values(), folder=tmp_path_factory.mktemp("sums"))
    return dict(zip(arts, sums, strict=True))


@pytest.mark.parametrize("name", scenes())
def test_the_page_sums_what_python_sums(found, name):
    here = found[name]
    assert here.wanted.max() > 0.05
    np.testing.assert_allclose(here.sums, here.wanted, rtol=1e-4, atol=1e-5 * here.wanted.max())


@pytest.mark.parametrize("name", scenes())
def test_the_page_exposes_as_python_does(found, name):
    """But for pixels that count as touched by the last digits of what was taken off them again."""
    assert found[name].exposures == pytest.approx(found[name].known, rel=2e-3)


@pytest.mark.parametrize("name", scenes())
def test_the_page_tones_as_python_does(found, name):
    """But for what lies between two values, and is rounded by the last digits of its density."""
    here = found[name]
    off = np.abs(here.pixels.astype(int) - here.toned)
    assert off.max() <= 1
    assert (off > 0).mean() < 5e-3


def test_a_run_without_ink_has_no_exposure(tmp_path):
    nothing = ga.scene(ga.lines(family() + 1000, blend="ink"), paper="white", box=WHOLE)
    here = both(nothing, folder=tmp_path)[0]
    assert not here.sums.any()
    assert here.exposures == (None, None, None)
