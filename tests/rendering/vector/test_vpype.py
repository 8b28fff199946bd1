"""What vpype reads of each piece: its layers, colors, widths, page and coordinates, and its travel.

vpype wants an environment of its own: `pipx install vpype`. Without one on the PATH, as in CI, this
is skipped.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from gradart.command.cli import main
from gradart.rendering.vector.plot_time import _strokes, plots

VPYPE = shutil.which("vpype")
SKETCHES = Path(__file__).parents[3] / "sketches"
SAMPLE = ["forward_spiral", "functions"]
# By how much vpype's travel is less: of moire transparent strokes that touch are not joined.
MORE = {"moire": 0.012, "ridges": 0.0003}
UNSORTED = {"bifurcation", "caustic_word", "lorenz", "whiskers"}  # of so many strokes: for minutes
PIECES = [
    pytest.param(name, marks=() if name in SAMPLE else pytest.mark.exhaustive)
    for name in sorted(file.stem for file in SKETCHES.glob("*.py"))
]
SVG = "{http://www.w3.org/2000/svg}"
READ = """
import json, sys, vpype as vp, vpype_cli
mm = 25.4 / 96
page = vp.read_multilayer_svg(sys.argv[1], quantization=0.05, crop=False)
def told(layer):
    return {
        "color": layer.property("vp_color").as_hex() if layer.property("vp_color") else None,
        "width": (layer.property("vp_pen_width") or 0) * mm,
        "name": layer.property("vp_name"),
        "ends": [[p * mm for e in (l[0], l[-1]) for p in (e.real, e.imag)] for l in layer.lines],
        "down": layer.length() * mm,
        "up": layer.pen_up_length()[0] * mm,
    }
layers = {n: told(layer) for n, layer in page.layers.items()}
sorted_ = None
if sys.argv[2:] != ["unsorted"]:
    sorted_ = vpype_cli.execute("linemerge linesort", page).pen_up_length() * mm
print(json.dumps([[x * mm for x in page.page_size], layers, sorted_]))
"""

pytestmark = pytest.mark.skipif(VPYPE is None, reason="needs vpype")


def read(file, *more):
    """The page, the layers by number and the travel after vpype's own sorting, in mm."""
    python = Path(VPYPE).read_text().splitlines()[0].removeprefix("#!").strip()
    run = [python, "-c", READ, str(file), *more]
    return json.loads(subprocess.run(run, capture_output=True, check=True, text=True).stdout)


@pytest.mark.parametrize("name", PIECES)
def test_vpype_reads_what_is_written_and_cannot_sort_it_better(name, tmp_path):
    files = {}
    for how in [], ["--optimize"]:
        files[bool(how)] = file = tmp_path / f"{name}{len(how)}.svg"
        assert main(["run", str(SKETCHES / f"{name}.py"), "-o", str(file), *how]) == 0
    found = {
        optimized: read(file, *["unsorted"] * (optimized or name in UNSORTED))
        for optimized, file in files.items()
    }
    for optimized, file in files.items():
        page, layers, _ = found[optimized]
        root = ElementTree.parse(file).getroot()
        assert page == pytest.approx([float(root.get(w)[:-2]) for w in ("width", "height")])
        groups = root.findall(f"{SVG}g")
        # A layer that is a picture has no stroke, and no pen draws it.
        drawn = {
            str(number): group
            for number, group in enumerate(groups, 1)
            if any(list(_strokes(shape)) for shape in group)
        }
        assert {number: layer["name"] for number, layer in layers.items()} == {
            number: group.get("{http://www.inkscape.org/namespaces/inkscape}label")
            for number, group in drawn.items()
        }
        for number, plot in enumerate(plots(file), 1):
            if str(number) not in drawn:
                continue
            group, layer = drawn[str(number)], layers[str(number)]
            if pen := re.search(r"(#\w{6}) ([\d.]+) mm", layer["name"]):
                assert layer["color"][:7] == pen[1]
                assert layer["width"] == pytest.approx(float(pen[2]), abs=1e-3)
            strokes = [stroke for shape in group for stroke in _strokes(shape)]
            ends = [(*a, *b) for a, b, length in strokes if length > 0]  # points vpype leaves out
            np.testing.assert_allclose(layer["ends"], ends, atol=1e-3)
            assert plot.down == pytest.approx(layer["down"], rel=2e-3)
            if len(ends) == len(strokes):
                assert plot.up == pytest.approx(layer["up"], rel=1e-3, abs=0.01)
    if name not in UNSORTED:
        ours = sum(layer["up"] for layer in found[True][1].values())
        assert ours <= (1 + MORE.get(name, 0)) * found[False][2] + 0.01
