"""Groups are blended as a whole, and scenes clipped to their box, alike in all that shows them."""

import re
import shutil
import subprocess
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from pictures import SHEET, WHOLE, assert_alike, paint, placed
from sampling import some

import gradart as ga
from gradart.drawing.groups import MODES
from gradart.rendering.film.tracing import playheads
from gradart.rendering.film_frames import paint as frames_of
from gradart.rendering.layout.page import Page
from gradart.rendering.pipeline import compose
from gradart.rendering.vector.pen_paths import pen_paths
from gradart.rendering.vector.plot_time import plots

PX = 400
T = np.linspace(0, 1, 200)
BELOW, ABOVE = np.array([0.8, 0.45, 0.15]), np.array([0.3, 0.6, 0.9])
SQUARE = np.array([(20, 20), (80, 20), (80, 80), (20, 80)])
# Compositing and Blending Level 1, 10.1: of what is below, and what is laid on it.
FORMULAS = {
    "normal": lambda b, s: s,
    "multiply": lambda b, s: b * s,
    "screen": lambda b, s: b + s - b * s,
    "overlay": lambda b, s: np.where(b <= 0.5, 2 * b * s, 1 - 2 * (1 - b) * (1 - s)),
    "darken": np.minimum,
    "lighten": np.maximum,
    "color-dodge": lambda b, s: np.minimum(1, b / (1 - s)),
    "color-burn": lambda b, s: 1 - np.minimum(1, (1 - b) / s),
    "hard-light": lambda b, s: np.where(s <= 0.5, 2 * b * s, 1 - 2 * (1 - b) * (1 - s)),
    "soft-light": lambda b, s: np.where(
        s <= 0.5,
        b - (1 - 2 * s) * b * (1 - b),
        b + (2 * s - 1) * (np.where(b <= 0.25, ((16 * b - 12) * b + 4) * b, np.sqrt(b)) - b),
    ),
    "difference": lambda b, s: np.abs(b - s),
    "exclusion": lambda b, s: b + s - 2 * b * s,
}


def wave(height, **style):
    return ga.lines(np.stack([100 * T, 50 + height * np.sin(18 * T)], -1), width=3, **style)


def group(**how):
    inside = [
        ga.circles((55, 50), 30, fill="#3182bd"),
        wave(20, stroke="gold"),
        wave(-25, stroke="#a03060", alpha=0.5, blend=ga.ink(1)),
        ga.dots([(70, 70), (75, 70)], 6, fill="teal", stroke="k", width=1),
    ]
    return ga.group(inside, **how)


def sheet(**how):
    tones = np.linspace(0, 1, 200)[None, :, None].repeat(30, 0) * [1, 0.6, 0.3]
    ground = [ga.polygons([(5, 5), (60, 5), (60, 60), (5, 60)], fill="#e34a33")]
    ground += [ga.raster(tones, ((0, 62), (100, 95)))]
    return ga.scene(ground, group(**how), ga.lines([(0, 0), (100, 100)], width=1), box=WHOLE)


def shape_mask():
    return [ga.circles((55, 50), 38, fill="w", stroke="w", width=4, alpha=0.9)]


def clipped():
    inside = [
        sheet().marks,
        ga.lines([(-20, 35), (120, 30)], width=9, stroke="#7c3aed"),
        ga.dots([(20, 70), (80, 40)], 9, fill="#c2410c"),
        ga.polygons(np.add(SQUARE, (30, -30)), stroke="k", width=4, fill="#fde68a"),
        wave(30, stroke="#208020", alpha=0.7, blend=ga.ink(1)),
    ]
    return ga.scene(inside, box=((20, 30), (80, 70)), clip=True, paper="#f0e8d0")


SCENES = {
    **{mode: lambda mode=mode: sheet(blend=mode, alpha=0.8) for mode in MODES},
    "mask": lambda: sheet(blend="multiply", mask=shape_mask()),
    "clip": clipped,
}


def rendered(scene, name, folder):
    """A scene by the painter, and by another program that reads an SVG or a PDF of it."""
    how = {"page": "100x100mm", "margin": 20 if scene.clip else 0}
    png = ga.render(scene, folder / "own.png", px=PX, **how)
    file, out = ga.render(scene, folder / f"scene.{name}", **how), folder / "other.png"
    call = {
        "svg": ["rsvg-convert", "-w", str(PX), str(file), "-o", str(out)],
        "pdf": ["pdftoppm", "-singlefile", "-png", "-scale-to", str(PX), file, out.with_suffix("")],
    }[name]
    if shutil.which(call[0]) is None:
        pytest.skip(f"{call[0]} is not installed")
    subprocess.run(call, check=True)
    return png, out


@pytest.mark.parametrize("scene", some(SCENES))
@pytest.mark.parametrize("name", ["svg", "pdf"])
def test_svg_and_pdf_are_the_png(name, scene, tmp_path):
    own, other = rendered(SCENES[scene](), name, tmp_path)
    assert_alike(own, other, mean=(1 if name == "svg" else 2) / 255, ink=0.06)


@pytest.mark.parametrize("name", ["svg", "pdf"])
def test_the_comparison_sees_another_mode_and_no_mask(name, tmp_path):
    _, other = rendered(sheet(blend="multiply", mask=shape_mask()), name, tmp_path)
    how = {"page": "100x100mm", "margin": 0, "px": PX}
    for wrong in (sheet(blend="multiply"), sheet(blend="overlay", mask=shape_mask())):
        with pytest.raises(AssertionError):
            assert_alike(ga.render(wrong, tmp_path / "wrong.png", **how), other)


def color(picture, x=50, y=50):
    """The color at a place of the sheet in mm, in [0, 1]."""
    unit = picture.shape[0] / 100
    return picture[round((100 - y) * unit), round(x * unit), :3] / 255


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("alpha", [1.0, 0.35])
def test_colors_are_those_of_the_standard(mode, alpha):
    ground = ga.polygons(SQUARE, fill=BELOW)
    laid = ga.group(ga.polygons(SQUARE, fill=ABOVE), blend=mode, alpha=alpha)
    want = (1 - alpha) * BELOW + alpha * FORMULAS[mode](BELOW, ABOVE)
    np.testing.assert_allclose(color(paint(ground, laid, px=40)), want, atol=3 / 255)


def test_a_group_that_only_groups_changes_nothing():
    marks = [wave(20, stroke="gold"), ga.dots([(50, 50)], 9), ga.text("type", (10, 10), size=9)]
    for grouped in (ga.group(marks), ga.group(ga.group(marks[:2]), marks[2]), ga.group([marks])):
        assert np.abs(paint(grouped).astype(int) - paint(*marks)).max() <= 2


def test_overlaps_in_a_faded_group_do_not_show():
    disks = ga.dots([(45, 50), (55, 50)], 15, fill="black")
    faded = paint(ga.group(disks, alpha=0.5))
    for x in (35, 50, 65):
        assert color(faded, x) == pytest.approx(0.5, abs=2 / 255)
    assert color(paint(ga.dots([(45, 50), (55, 50)], 15, fill="black", alpha=0.5)))[0] < 0.3


def test_a_mask_of_polygons_cuts_as_geometry_does():
    hatch = np.stack([[(0, y), (100, y + 20)] for y in range(-20, 100, 4)])
    star = 50 + 40 * np.stack(
        [np.sin(4 * np.pi / 5 * np.arange(5)), np.cos(4 * np.pi / 5 * np.arange(5))], -1
    )
    cut = paint(ga.polygons(ga.intersection(SQUARE, star), fill="#0f766e"), px=300)
    assert_alike(cut, paint(ga.group(ga.polygons(SQUARE, fill="#0f766e"), mask=star), px=300))
    seen = paint(ga.group(ga.lines(hatch, width=1), mask=SQUARE), px=PX)
    whole = paint(ga.lines(hatch, width=1), px=PX)
    np.testing.assert_array_equal(seen[100:300, 100:300], whole[100:300, 100:300])
    outside = np.ones((PX, PX), bool)
    outside[79:321, 79:321] = False
    assert (seen[outside] == 255).all()


def test_a_picture_is_a_mask_as_far_as_it_is_bright():
    tones = np.linspace(0, 1, 100)[None].repeat(4, 0)
    black = ga.polygons([(0, 0), (100, 0), (100, 100), (0, 100)], fill="black")
    picture = paint(ga.group(black, mask=ga.raster(tones, WHOLE)), px=100)
    np.testing.assert_allclose(picture[50, :, 0] / 255, 1 - tones[0], atol=0.02)
    sheer = np.stack([*[np.ones((4, 100))] * 3, tones], -1)
    other = paint(ga.group(black, mask=ga.raster(sheer, WHOLE)), px=100)
    np.testing.assert_array_equal(picture, other)
    # The colors of other marks do not count, how opaque they are does.
    for fill in ("black", "#ff000080"):
        seen = paint(ga.group(black, mask=ga.dots([(50, 50)], 30, fill=fill)))
        assert color(seen) == pytest.approx(0 if fill == "black" else 127 / 255, abs=2 / 255)
        assert (color(seen, 10, 10) == 1).all()


@pytest.mark.parametrize("blend", ["ink", "light"])
def test_ink_in_a_group_is_laid_on_paper_as_ink(blend):
    strokes = [wave(h, stroke="#70a060", alpha=0.3, blend=blend) for h in (10, 20, 30)]
    mode = {"ink": "multiply", "light": "screen"}[blend]
    paper = np.array([0.9, 0.7, 0.5, 1.0] if blend == "ink" else [0.1, 0.2, 0.3, 1.0])
    alone = paint(*strokes, paper=paper).astype(int)
    assert np.abs(paint(ga.group(strokes, blend=mode), paper=paper) - alone).max() <= 3


def test_a_view_and_a_transparent_picture_have_the_pixels_of_the_whole():
    for scene in (sheet(blend="multiply", mask=shape_mask()), clipped()):
        still = compose(scene, Page(100.0, 100.0, 0.0)).still(0.0)
        whole = still.pixels(PX)
        part = still.pixels(PX // 4, view=(25.0, 40.0, 25.0, 25.0))
        np.testing.assert_array_equal(part, whole[160:260, 100:200])
    clear = compose(clipped(), Page(100.0, 100.0, 20.0)).still(0.0).pixels(PX, transparent=True)
    assert (clear[:79, :, 3] == 0).all()
    assert (clear[:, :79, 3] == 0).all()


def test_ink_in_a_clipped_scene_is_exposed_once_in_views_and_films():
    def film(u):
        ink = wave(30, stroke="#208020", alpha=0.02, blend="ink")
        dot = ga.dots(jnp.stack([20 + 40 * u, 50.0])[None], 3)
        return ga.scene(ink, dot, box=((20, 30), (80, 70)), clip=True)

    still = compose(film(0.5), Page(100.0, 100.0, 20.0)).still(0.0)
    whole = still.pixels(PX)
    part = still.pixels(PX // 4, view=(25.0, 40.0, 25.0, 25.0))
    assert np.abs(part.astype(int) - whole[160:260, 100:200]).max() <= 1
    assert list(compose(film, SHEET, [0.0, 0.5]).exposures) == [0]


def test_frames_of_a_film_are_its_stills():
    def film(u):
        moving = ga.dots(jnp.stack([20 + 60 * u, 50.0])[None], 12, fill="#c2410c")
        still = wave(20, stroke="gold")
        return ga.scene(
            sheet().marks,
            ga.group(still, moving, blend="difference", mask=SQUARE, alpha=0.5 + u / 2),
            ga.group(wave(-20, stroke="#336699"), blend="multiply"),
            box=((10, 10), (90, 90)),
            clip=True,
        )

    made = compose(film, Page(60.0, 60.0, 5.0), playheads(1, 3))
    for u, frame in zip(made.heads, frames_of(made, 120), strict=True):
        assert np.abs(frame.astype(int) - made.still(u).pixels(120)).max() <= 2


def test_exposures_in_groups_are_found_once_for_a_film():
    def film(u):
        some = ga.lines(
            jnp.stack([100 * T, 50 + 40 * u * np.sin(18 * T)], -1), alpha=0.1, blend="ink"
        )
        return ga.scene(
            ga.group(some, blend="multiply"), wave(5, alpha=0.1, blend="ink"), box=WHOLE
        )

    made = compose(film, SHEET, playheads(1, 4))
    assert sorted(made.exposures) == [1, 2]  # the runs: the group, its ink, and the ink after it
    inside = made.still(0.5).scene.marks[0].shape.marks[0]
    assert inside.style.blend.exposure == made.exposures[1]


def test_a_masked_group_reaches_as_far_as_its_mask():
    wide = ga.lines([(-500, 50), (500, 50)], width=1)
    (fitted,) = placed(ga.group(wide, mask=SQUARE), box=None)
    outline = np.asarray(fitted.shape.mask[0].shape.points)
    assert np.ptp(outline, (0, 1)) == pytest.approx([100, 100])


def test_a_group_is_a_layer_of_its_own_over_what_lies_below():
    svg = ga.render(
        sheet(blend="multiply", mask=SQUARE), format="svg", page="100x100mm", margin=0
    ).decode()
    assert svg.count("mix-blend-mode:multiply;isolation:isolate") == 1
    layers = re.findall(r'inkscape:label="([^"]*)"', svg)
    assert [label for label in layers if "group multiply" in label] == ["3 group multiply"]
    ids = re.findall(r' id="([^"]*)"', svg)
    assert len(ids) == len(set(ids))
    told = ga.layer(7, ga.group(wave(3)), name="veil")
    assert 'label="7 veil group normal"' in ga.render(ga.scene(told), format="svg").decode()


def test_of_a_clipped_scene_those_elements_are_clipped_that_leave_its_box():
    inside, across = ga.dots([(50, 50)], 3), ga.lines([(50, 50), (99.9, 50)], width=1)
    masked = ga.group(wave(3), mask=SQUARE)
    scene = ga.scene(inside, across, masked, box=WHOLE, clip=True)
    svg = ga.render(scene, format="svg", page="120x120mm", margin=10).decode()
    clipped = re.findall(r"<(\w+) clip-path=\"url\(#box\)\"([^>]*)", svg)
    assert [tag for tag, _ in clipped] == ["path", "g"]
    assert "mask=" in clipped[1][1]


def test_a_plot_counts_what_is_drawn_and_not_what_only_masks(tmp_path):
    line = ga.lines([(10, 50), (90, 50)])
    scene = ga.scene(ga.group(line, mask=SQUARE), box=WHOLE)
    [plot] = plots(ga.render(scene, tmp_path / "a.svg", page="100x100mm", margin=0))
    assert plot.down == pytest.approx(80)


@pytest.mark.exhaustive
def test_numbers_move_what_is_in_groups_as_without_them():
    def sketch(grouped):
        @ga.sketch(page="100x100mm", margin=10)
        def drawing(x=0.3):
            t = jnp.linspace(0, 1, 20)
            line = ga.lines(jnp.stack([t, x * t**2], -1))
            frame = ga.lines([(0, 0), (1, 1)])
            return ga.scene(
                ga.group(line, ga.group(frame), alpha=0.5) if grouped else [line, frame]
            )

        return ga.sensitivity(drawing)

    one, other = sketch(True), sketch(False)
    assert str(one) == str(other)


def test_pens_draw_groups_and_refuse_what_they_cannot():
    marks = placed(ga.group(wave(20), ga.group(wave(-20))))
    assert sum(map(len, (pen.paths for pen in pen_paths(marks, SHEET)))) == 2
    for wrong in (ga.group(wave(20), blend="multiply"), ga.group(wave(20), mask=SQUARE)):
        for name in ("hpgl", "gcode", "dxf"):
            with pytest.raises(ga.ArtError, match="no pen draws a group with a mask or a blend"):
                ga.render(ga.scene(wrong), format=name)
        with pytest.warns(ga.ArtWarning, match="without its mask or blend"):
            ga.render(ga.scene(wrong), format="svg", optimize=True)


def test_what_is_clipped_is_the_scene_in_its_box_and_bare_paper_around_it():
    page, open_scene = Page(100.0, 100.0, 20.0), replace(clipped(), clip=False)
    still = compose(clipped(), page).still(0.0)
    seen = still.pixels(PX)
    whole = compose(open_scene, page).still(0.0).pixels(PX)
    corners = np.asarray(clipped().box) * (still.placement.scale, -still.placement.scale)
    corners = np.add(corners, (still.placement.dx, still.placement.dy)) * (PX / 100)
    (left, top), (right, low) = np.sort(corners, 0)
    inner = slice(int(np.ceil(top)), int(low)), slice(int(np.ceil(left)), int(right))
    apart = np.abs(seen[inner].astype(int) - whole[inner]).max(-1)
    assert apart.max() <= 20  # where a stroke that is cut has its edge rounded otherwise
    assert (apart > 2).mean() < 0.003
    around = np.ones((PX, PX), bool)
    around[int(top) : int(np.ceil(low)), int(left) : int(np.ceil(right))] = False
    assert (seen[around] == [240, 232, 208, 255]).all()


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["hpgl", "svg"])
def test_no_pen_leaves_the_box(name):
    lines = ga.lines(np.random.default_rng(1).normal(50, 60, (30, 9, 2)), width=0.8)
    curves = ga.circles(np.random.default_rng(2).normal(50, 30, (9, 2)), 20)
    rims = ga.dots([(0, 50), (50, 100), (50, 50)], 7)
    scene = ga.scene(lines, curves, rims, box=WHOLE, clip=True)
    how = {"page": "140x140mm", "margin": 20}
    if name == "svg":
        text = ga.render(scene, format="svg", optimize=True, **how).decode()
        from svgelements import Path

        paths = [Path(d) for d in re.findall(r'<path d="([^"]*)"', text)]
        boxes = np.array([path.bbox() for path in paths]).reshape(-1, 2, 2)
        assert len(boxes) > 20
        assert boxes.min() >= 20 - 0.012
        assert boxes.max() <= 120 + 0.012
        assert boxes.min() == pytest.approx(20, abs=0.012)
        return
    marks = compose(scene, Page(140.0, 140.0, 20.0)).still(0.0).marks()
    points = np.concatenate([p for pen in pen_paths(marks, Page(140, 140, 0)) for p in pen.paths])
    assert points.min() >= 20 - 1e-9
    assert points.max() <= 120 + 1e-9
    # What lies inside is all there: as much of the lines as geometry cuts out.
    drawn = sum(
        np.hypot(*np.diff(path, axis=0).T).sum()
        for pen in pen_paths(
            compose(ga.scene(lines, box=WHOLE, clip=True), Page(140.0, 140.0, 20.0))
            .still(0.0)
            .marks(),
            SHEET,
        )
        for path in pen.paths
    )
    cut = np.asarray(ga.clip(lines.shape.points, WHOLE))
    assert drawn == pytest.approx(np.nansum(np.hypot(*np.diff(cut, axis=1).T)), rel=1e-6)


def test_the_differentiable_picture_is_clipped_too():
    strokes = ga.lines([[(0, 50), (100, 55)]], width=20, alpha=0.5, blend=ga.ink(1))
    scene = ga.scene(strokes, box=((20, 41.3), (80, 70)), clip=True)
    seen = np.asarray(ga.picture(scene, page="square", px=200))
    png = compose(scene, Page(200.0, 200.0, 15.0)).still(0.0).pixels(200)[..., :3] / 255
    assert np.abs(seen - png).max() <= 1.5 / 255


def test_alpha_may_be_traced_and_masks_may_move():
    def darkness(u):
        disk = ga.dots(jnp.stack([50 + u, 50.0])[None], 10)
        return ga.scene(ga.group(disk, alpha=u, mask=disk), box=WHOLE)

    scene = jax.jit(darkness)(0.5)
    assert float(scene.marks[0].shape.alpha) == 0.5
    with pytest.raises(ga.ArtError, match=r"mark 0 \(group\): alpha lies in \[0, 1\]"):
        compose(jax.jit(darkness)(1.5), SHEET).still(0.0).pixels(40)


@pytest.mark.parametrize(
    ("scene", "says"),
    [
        (lambda: ga.scene(ga.group()), r"mark 0 \(group\): it is empty"),
        (lambda: ga.scene(ga.group(wave(1), mask=[ga.scene()])), "its mask is empty"),
        (lambda: ga.scene(wave(1), box=((0, 0), (0, 9)), clip=True), "a box of no area"),
        (
            lambda: ga.scene(ga.group(ga.lines([(np.nan, 0)]))),
            r"mark 0 \(group\), mark 0 \(lines\)",
        ),
    ],
)
def test_what_shows_nothing_is_said(scene, says):
    with pytest.warns(ga.ArtWarning, match=says):
        picture = compose(scene(), SHEET).still(0.0).pixels(20)
    assert (picture == picture[0, 0]).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.group(wave(1), blend="ink"), "ink and light are blends of the marks in it"),
        (lambda: ga.group(wave(1), blend="clip"), "blend is one of normal, multiply"),
        (lambda: ga.group(wave(1), alpha=2), "one alpha, from 0 to 1"),
        (lambda: ga.group(wave(1), mask=ga.peaks()), "a field is a mask as a picture"),
        (lambda: ga.group(wave(1), mask="round"), "mask is polygons or marks"),
        (lambda: ga.group(wave(1), mask=ga.group(wave(1))), "a mask is made of lines"),
        (lambda: ga.group(ga.layer(2, wave(1))), "a group is in one layer"),
        (lambda: ga.group(np.ones((3, 2))), "a scene is made of marks"),
        (lambda: ga.scene(wave(1), clip=True), "clipped to a box"),
        (lambda: ga.picture(ga.scene(ga.group(wave(1)))), "laid over what is below"),
        (lambda: ga.many(2, lambda i: ga.group(wave(1))).shape.block(0), "not group"),
    ],
)
def test_what_is_no_group_is_told(call, says):
    with pytest.raises(ga.ArtError, match=says):
        call()
