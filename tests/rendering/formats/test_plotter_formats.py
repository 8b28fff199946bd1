"""HPGL, G-code and DXF: what a plotter draws by them is the drawing, in mm, pen by pen."""

import io
import re
from itertools import pairwise

import numpy as np
import pytest

import gradart as ga
from gradart.rendering.vector.plot_time import plots

PAGE = {"page": "100x50mm", "margin": 0}
BOX = ((0, 0), (100, 50))
ZIGZAG = np.array([(10, 10), (20, 40), (30, 10.5), (90, 45)])
ARCH = np.array([(10.0, 5), (10, 45), (90, 45), (90, 5)])


def scene():
    return ga.scene(
        ga.lines(ZIGZAG, stroke="#b8860b", width=0.4),
        ga.lines([(5, 5), (5, 45), (8, 45)], closed=True, stroke="black", width=0.3),
        ga.beziers(ARCH, stroke="#b8860b", width=0.4),
        box=BOX,
    )


def hpgl(art, **options):
    """The polylines of each pen, in mm, as a plotter moves by the commands."""
    text = ga.render(art, format="hpgl", **PAGE, **options).decode()
    pens, here, pen = {}, None, None
    for command, given in re.findall(r"([A-Z]{2})([^;]*);", text):
        at = np.array(given.split(",") if given and command != "CO" else [], float)
        match command:
            case "SP":
                pen = int(given)
            case "PU" if len(at):
                here = at
            case "PD":
                path = np.concatenate([here, at]).reshape(-1, 2) / 40
                pens.setdefault(pen, []).append(path)
    return list(pens.values())


def gcode(art):
    text = ga.render(art, format="gcode", **PAGE).decode()
    pens, down, at = [[]], False, None
    for line in text.splitlines():
        words = dict(re.findall(r"([A-Z])(-?[\d.]+)", line.partition(";")[0]))
        if "X" in words:
            at = float(words["X"]), float(words["Y"])
            if down:
                pens[-1][-1].append(at)
        if "Z" in words:
            down = float(words["Z"]) == 0
            if down:
                pens[-1].append([at])
        if words.get("M") == "0":
            pens.append([])
    return [[np.array(path) for path in paths] for paths in pens]


def dxf(art):
    ezdxf = pytest.importorskip("ezdxf")
    found = {}
    text = ga.render(art, format="dxf", **PAGE).decode()
    for line in ezdxf.read(io.StringIO(text)).modelspace():
        points = [tuple(vertex.dxf.location)[:2] for vertex in line.vertices]
        found.setdefault(line.dxf.layer, []).append(np.array(points + points[:1] * line.is_closed))
    assert list(found) == ["PEN_1_B8860B", "PEN_2_000000"]
    return list(found.values())


@pytest.mark.parametrize("read", [hpgl, gcode, dxf])
def test_each_pen_draws_its_strokes_from_the_lower_left_in_millimeters(read):
    [[zigzag, arch], [triangle]] = read(scene())
    step = 0.0126 if read is hpgl else 0.0006
    np.testing.assert_allclose(zigzag, ZIGZAG, atol=step)
    np.testing.assert_allclose(triangle, [(5, 5), (5, 45), (8, 45), (5, 5)], atol=step)
    t = np.linspace(0, 1, 2000)[:, None]
    a, b, c, d = ARCH
    curve = (1 - t) ** 3 * a + 3 * t * (1 - t) * ((1 - t) * b + t * c) + t**3 * d
    starts, ways = arch[:-1], np.diff(arch, axis=0)
    along = np.einsum("npd,pd->np", curve[:, None] - starts, ways) / (ways**2).sum(-1)
    nearest = starts + np.clip(along, 0, 1)[..., None] * ways
    apart = np.linalg.norm(curve[:, None] - nearest, axis=-1).min(1)
    assert apart.max() < 0.011 + 2 * step
    assert len(arch) < 120


def test_a_numbered_layer_is_the_pen_of_that_number():
    """Whatever its colors; the pens of the others have the numbers that are left."""
    gold, thin = ({"stroke": color, "width": 0.4} for color in ("#b8860b", "#daa520"))
    layered = ga.layer(2, ga.lines(ZIGZAG, **gold), ga.lines(ZIGZAG + 1, **thin), name="Für Gold")
    art = ga.scene(
        layered, ga.lines(ZIGZAG, stroke="red"), ga.lines(ZIGZAG, stroke="blue"), box=BOX
    )
    files = {ending: ga.render(art, format=ending, **PAGE) for ending in ("hpgl", "gcode", "dxf")}
    assert re.findall(rb"SP(\d);", files["hpgl"]) == [b"2", b"1", b"3", b"0"]
    assert len(hpgl(art)[0]) == 2
    pens = [b"2 F?r Gold #b8860b 0.4 mm", b"1 #ff0000 0.3 mm", b"3 #0000ff 0.3 mm"]
    assert re.findall(rb"; pen (.*)\n", files["gcode"]) == pens
    layers = re.findall(rb"\n2\n(PEN.*)\n", files["dxf"])
    assert layers == [b"PEN_2_F_R_GOLD", b"PEN_1_FF0000", b"PEN_3_0000FF"]


def test_ways_and_lifts_of_pens_are_those_of_the_svg(tmp_path):
    files = [
        ga.render(scene(), tmp_path / f"a.{ending}", optimize=True, **PAGE)
        for ending in ("svg", "hpgl", "gcode")
    ]
    wanted, *found = ([(p.down, p.up, p.lifts) for p in plots(file)] for file in files)
    for pens in found:
        np.testing.assert_allclose(pens, wanted, rtol=1e-3, atol=0.05)


def test_what_no_pen_draws_is_said():
    art = ga.scene(ga.polygons([(1, 1), (9, 1), (5, 9)]), ga.lines(ZIGZAG), box=BOX)
    with pytest.warns(ga.ArtWarning, match="no pen draws filled marks without a stroke, of which"):
        assert len(hpgl(art)) == 1
    with pytest.warns(ga.ArtWarning, match="no pen draws pictures"):
        hpgl(ga.scene(ga.raster(np.ones((2, 2, 3)), BOX), ga.lines(ZIGZAG), box=BOX))


def test_dots_are_circles_and_a_lone_point_is_a_dot():
    [[ring]] = hpgl(ga.scene(ga.dots((50, 25), 8, fill="red"), box=BOX))
    np.testing.assert_allclose(np.hypot(*(ring - (50, 25)).T), 8, atol=0.03)
    [[dot]] = hpgl(ga.scene(ga.lines([(50, 25)]), box=BOX))
    np.testing.assert_allclose(dot, [(50, 25), (50, 25)])


def test_no_command_hides_in_what_hpgl_says_of_its_making():
    facts = {"sketch": 'a";PD0,0;SP1', "word": ";PU9,9;"}
    data = ga.render(scene(), format="hpgl", provenance=facts, **PAGE)
    _, _, comment = data.decode().partition("SP0;\n")
    assert re.fullmatch(r'CO"[\w.%~-]*";\n', comment)


def test_vpype_draws_as_much(tmp_path):
    """By what it reads in the same page's SVG."""
    vpype = pytest.importorskip("vpype")
    ga.render(scene(), tmp_path / "a.svg", **PAGE)
    theirs = vpype.read_multilayer_svg(str(tmp_path / "a.svg"), 0.01).length() * 25.4 / 96
    ours = sum(np.hypot(*np.diff(path, axis=0).T).sum() for pen in hpgl(scene()) for path in pen)
    assert ours == pytest.approx(theirs, rel=1e-3)


def test_optimized_strokes_are_the_same_and_the_pen_travels_less():
    key = np.random.default_rng(0)
    ends = key.uniform((0, 0), (100, 50), (60, 2, 2)).round(1)
    art = ga.scene(ga.lines(ends), ga.lines(ends[::-1, ::-1]), box=BOX)
    (plain,), (sorted_,) = hpgl(art), hpgl(art, optimize=True)

    def lines(paths):
        return {tuple(sorted(map(tuple, path.round(2).tolist()))) for path in paths}

    def travel(paths):
        gaps = [b[0] - a[-1] for a, b in pairwise(paths)]
        return np.hypot(*np.transpose(gaps)).sum()

    assert (len(plain), len(sorted_)) == (120, 60)
    assert lines(plain) == lines(sorted_)
    assert travel(sorted_) < travel(plain) / 3
