"""SVG for plotters: sorted layers that look the same, numbered layers, and what a plotter does."""

import re
import shutil
import subprocess
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from pictures import assert_alike, read
from rendering.vector.read_paths import absolute

import gradart as ga
from gradart.errors import ArtError
from gradart.rendering.vector.plot_time import plots

LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"
NAN = (np.nan, np.nan)


def drawing(alpha=1.0):
    """Strokes of two pens that cross, curves, rings, dots, fills and letters, in a bad order."""
    rng = np.random.default_rng(0)
    at = rng.uniform(5, 95, (150, 1, 2))
    short = at + rng.normal(size=(150, 4, 2)) * 2
    short[::7, 2] = np.nan
    x = np.linspace(5, 95, 61)
    wave = np.stack([x, 50 + 9 * np.sin(x / 5)], -1)
    parts = rng.permutation(np.stack([wave[:-1], wave[1:]], 1))
    return ga.scene(
        ga.lines(short, stroke="#c2410c", width=0.5, alpha=alpha),
        ga.lines(parts, stroke="teal", width=0.7, alpha=alpha),
        ga.lines(parts[:20, ::-1], stroke="teal", width=0.7),
        ga.circles(at[:40, 0], 2, stroke="black", width=0.3),
        ga.curve(lambda t: 50 + 30 * ga.circle(1)(t), 0, 3, stroke="black", width=0.3),
        ga.dots(at[40:70, 0], 1, fill="navy"),
        ga.polygons([(20, 20), (40, 20), (30, 40), NAN, (28, 25), (32, 25), (30, 30)]),
        ga.text("plot", (60, 10), size=9),
        ga.lines(short[70:110], fill="#e7d9b4", stroke="black", width=0.4, alpha=alpha),
        ga.circles(at[70:, 0], 6, fill="#d8e2dc", stroke="black", width=0.5, alpha=alpha),
        ga.dots(at[50:90, 0], 1.5, fill="gold", stroke="teal", width=0.5, alpha=alpha),
        box=((0, 0), (100, 100)),
    )


def written(tmp_path, name, art, **how):
    return ga.render(art, tmp_path / name, page="100x100mm", margin=0, **how)


def labels(file):
    groups = ElementTree.parse(file).getroot().findall("{http://www.w3.org/2000/svg}g")
    return [(group.get("id"), group.get(LABEL)) for group in groups]


def seen(file, px=700):
    picture = file.with_suffix(".png")
    command = ["rsvg-convert", "-w", str(px), "-o", picture, file]
    subprocess.run(command, check=True)
    return read(picture)


@pytest.mark.skipif(not shutil.which("rsvg-convert"), reason="needs librsvg")
@pytest.mark.parametrize("alpha", [1.0, 0.4])
def test_a_sorted_file_looks_the_same_and_travels_less(tmp_path, alpha):
    plain = written(tmp_path, "a.svg", drawing(alpha))
    best = written(tmp_path, "b.svg", drawing(alpha), optimize=True)
    assert_alike(seen(plain), seen(best), mean=0.5 / 255, ink=0.02)
    assert labels(plain) == labels(best)
    before, after = plots(plain), plots(best)
    assert all(b.up <= a.up + 1e-3 for a, b in zip(before, after, strict=True))
    assert all(b.lifts <= a.lifts for a, b in zip(before, after, strict=True))
    assert sum(b.up for b in after) < 0.4 * sum(a.up for a in before)
    if alpha == 1:
        assert after[1].lifts == 1
        gone = before[1].down - after[1].down  # the copies of 20 of 60 pieces
        assert 0.1 * before[1].down < gone < 0.4 * before[1].down
    assert after[0].down == pytest.approx(before[0].down, rel=1e-5)


@pytest.mark.parametrize("apart", [5, 4])
def test_filled_shapes_that_do_not_overlap_are_sorted_as_their_outlines(tmp_path, apart):
    corner = apart * np.random.default_rng(1).permutation(np.indices((10, 10)).reshape(2, -1).T)
    squares = corner[:, None] + np.array([(0, 0), (4, 0), (4, 4), (0, 4)])

    def way(name, **style):
        art = ga.scene(
            ga.polygons(squares, width=0.4, stroke="black", **style), box=((0, 0), (99, 99))
        )
        return plots(written(tmp_path, name, art, optimize=True))[0]

    lines, filled = way("a.svg", fill=None), way("b.svg", fill="teal")
    assert filled.down == pytest.approx(lines.down)
    # Those that touch are joined where no fill is.
    assert filled.up == pytest.approx(lines.up) if apart == 5 else filled.up < 400


@pytest.mark.skipif(not shutil.which("rsvg-convert"), reason="needs librsvg")
@pytest.mark.parametrize("style", [{"stroke": None}, {"stroke": "black", "alpha": 0.5}])
def test_what_lies_apart_in_one_row_is_sorted_as_rows_of_its_own(tmp_path, style):
    """As the letters of a text: each with its holes, wherever these stand in the row."""
    corner = 7 * np.random.default_rng(1).permutation(np.indices((10, 10)).reshape(2, -1).T)
    square = corner[:, None] + np.array([(0, 0), (4, 0), (4, 4), (0, 4), NAN])
    hole = corner[:, None] + np.array([(1, 1), (1, 3), (3, 3), (3, 1), NAN])

    def file(name, rows, **options):
        art = ga.scene(ga.polygons(rows, width=0.4, **style), box=((0, 0), (99, 99)))
        return written(tmp_path, name, art, **options)

    row = np.concatenate([square, hole]).reshape(-1, 2)
    plain, one = file("a.svg", row), file("b.svg", row, optimize=True)
    each = file("c.svg", np.concatenate([square, hole], 1), optimize=True)
    assert_alike(seen(plain), seen(one), mean=0.5 / 255, ink=0.02)
    (before, *_), (after, *_), (least, *_) = map(plots, (plain, one, each))
    assert after.up == pytest.approx(least.up)
    assert after.up < 0.2 * before.up


def test_a_stroke_has_as_many_points_as_a_hundredth_of_a_millimeter_asks_for(tmp_path):
    t = np.linspace(0, 2 * np.pi, 4000)
    ring = np.stack([50 + 40 * np.cos(t), 50 + 40 * np.sin(t)], -1)

    def points(name, mark, **options):
        file = written(tmp_path, name, ga.scene(mark, box=((0, 0), (100, 100))), **options)
        (path,) = ElementTree.parse(file).getroot().iter("{http://www.w3.org/2000/svg}path")
        found = np.reshape([*map(float, re.findall(r"[\d.]+", absolute(path.get("d"))))], (-1, 2))
        return np.concatenate([found, found[:1]]) if path.get("d").endswith("Z") else found

    whole = points("filled.svg", ga.lines(ring, fill="teal"))
    assert len(whole) == 4000  # for the edge may be another's, too
    for optimize in (False, True):
        few = points("stroke.svg", ga.lines(ring), optimize=optimize)
        assert len(few) < 300
        gaps = shapely.distance(shapely.linestrings(few), shapely.points(whole))
        assert gaps.max() < 0.011  # and rounded to a micrometer


def test_no_order_of_rings_around_a_point_is_shorter_than_from_the_innermost_to_the_outermost(
    tmp_path,
):
    """Each ends where it began: the pen is lifted at least for as long as these are apart.

    Transparent ones are joined to none, for what two paths ink twice one path inks once.
    """
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    way = np.stack([np.cos(angle), np.sin(angle)], -1)
    rng = np.random.default_rng(1)
    even = 2.0 + np.arange(20)
    bent = even[:-1, None] + 0.5 + 0.48 * np.sin(3 * angle + rng.uniform(0, 6, (19, 1)))
    radius = np.concatenate([np.broadcast_to(even[:, None], (20, 200)), bent])
    rings = rng.permutation(radius[..., None] * way + 50)
    style = {"closed": True, "width": 0.3, "blend": ga.ink(exposure=1)}
    art = ga.scene(ga.lines(rings, **style), box=((0, 0), (100, 100)))
    (plot,) = plots(written(tmp_path, "a.svg", art, optimize=True))
    assert plot.up == pytest.approx(even[-1] - even[0], abs=0.1)


def test_layers_stand_under_their_numbers_and_names(tmp_path):
    gold = ga.lines([[(1, 1), (9, 9)]], stroke="#b8860b")
    art = ga.scene(
        ga.layer(2, gold, name="gold"),
        ga.lines([[(1, 9), (9, 1)]], stroke="#b8860b"),
        ga.layer(5, [gold, ga.dots((5, 5), fill="teal")], None, name="both"),
        ga.circles((5, 5), 3, stroke="black"),
    )
    assert labels(written(tmp_path, "a.svg", art)) == [
        ("layer2", "2 gold #b8860b 0.3 mm"),
        ("layer1", "1 #b8860b 0.3 mm"),
        ("layer5", "5 both"),
        ("layer3", "3 #000000 0.3 mm"),
    ]
    plain = ga.scene(gold, ga.circles((5, 5), 3))
    told = ga.scene(ga.layer(7, plain, name="x"))
    for format in "png", "pdf":
        assert ga.render(told, format=format, px=99) == ga.render(plain, format=format, px=99)


def test_a_layer_that_cannot_be_is_a_line():
    mark = ga.dots((0, 0))
    for number in 0, -1, 1.5, True, "2", 10**400:
        with pytest.raises(ArtError, match="a layer has a number from 1 to 32767, not"):
            ga.layer(number, mark)
    with pytest.raises(ArtError, match="is in layer 2 already; it cannot be in 3 too"):
        ga.layer(3, ga.layer(2, mark))
    with pytest.raises(ArtError, match="a text of one line"):
        ga.layer(1, mark, name="a\nb")
    two = ga.scene(ga.layer(2, mark, name="gold"), ga.layer(2, mark, name="silver"))
    with pytest.raises(ArtError, match="layer 2 is called both 'gold' and 'silver'"):
        ga.render(two, format="svg")


def test_order_is_kept_layer_by_layer_when_asked(tmp_path):
    x = np.arange(6.0)
    rows = np.stack([np.stack([x, x + 2 * k], -1) for k in range(5)])
    art = ga.scene(ga.lines(rows, stroke=["red", "red", "blue", "red", "blue"]))
    assert len(labels(written(tmp_path, "a.svg", art))) == 2
    kept = labels(written(tmp_path, "b.svg", art, keep_order=True))
    assert [label.split()[1] for _, label in kept] == ["#ff0000", "#0000ff"] * 2
    assert len({identity for identity, _ in kept}) == 4


def test_a_plotters_work_is_measured(tmp_path, gradart):
    marks = ga.lines([[(10, 10), (40, 50)], [(40, 80), (90, 80)]]), ga.circles((50, 50), 20)
    art = ga.scene(*marks, ga.dots((50, 50), 3), box=((0, 0), (100, 100)))
    file = written(tmp_path, "a.svg", art, provenance={"sketch": "art"})
    lines, spot = plots(file)
    assert lines.down == pytest.approx(100 + 40 * np.pi, rel=1e-3)
    assert lines.up == pytest.approx(30 + np.hypot(20, 30))
    assert (lines.lifts, spot.lifts) == (3, 1)
    assert spot.down == pytest.approx(6 * np.pi)
    slow, fast = lines.minutes(10), lines.minutes(20)
    assert slow - fast == pytest.approx((lines.down + lines.up / 3) / 20 / 60)
    status, said, _ = gradart("info", file, "--speed", "10")
    assert status == 0
    assert said[-1].split() == ["0.24", "m", "0.07", "m", "4", "0.5", "2", "layers", "in", "all"]
    assert gradart("info", file, "--speed", "0")[0] == 2
