"""Marks blended as ink and as light: their sum is right, in any order, in every kind of file."""

import shutil
import subprocess
import tracemalloc
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from pictures import SHEET, WHOLE, assert_alike, paint, placed, read

import gradart as ga
from gradart.errors import ArtError, ArtWarning
from gradart.rendering.ink import blending
from gradart.rendering.ink.blending import exposure_on, summed
from gradart.rendering.ink.density import accumulate
from gradart.rendering.layout.page import Page, fit
from gradart.rendering.layout.pixel_grid import PixelGrid
from gradart.rendering.layout.transform import place
from gradart.rendering.painting.cairo import pdf
from gradart.rendering.vector.svg_elements import svg

BLACK = {"stroke": "#000000"}
PX = 400
GRID = PixelGrid(PX, PX, PX / 100, (0.0, 0.0))


def chords(n, seed=0, low=10, high=90):
    return np.random.default_rng(seed).uniform(low, high, (n, 2, 2))


def colors(n, seed=1):
    return np.random.default_rng(seed).uniform(0, 1, (n, 3))


def mixed(blend, n=40):
    """A few strokes, dots and curves in color over a square."""
    some = {"alpha": np.linspace(0.2, 0.9, n), "blend": blend}
    arcs = np.random.default_rng(2).uniform(10, 90, (8, 4, 2))
    return [
        ga.polygons([(5, 5), (60, 5), (60, 60), (5, 60)], fill="#808080"),
        ga.lines(chords(n), width=1.5, stroke=colors(n), **some),
        ga.dots(chords(n, 3)[:, 0], 4, fill=colors(n, 4), **some),
        ga.beziers(arcs, width=2, stroke=colors(8, 5), alpha=0.5, blend=blend),
        ga.lines([(5, 5), (95, 95)], width=1),
    ]


def test_a_curve_is_drawn_to_where_its_next_piece_lifts_the_pen():
    """Straight or bent: as if each piece that is drawn were a curve of its own."""
    points = np.random.default_rng(8).uniform(10, 90, (20, 13, 2))
    points[:10] = np.linspace(points[:10, 0], points[:10, -1], 13, axis=1)
    points[:, 5, 0] = np.nan  # of the second piece of four
    look = {"width": 1, "alpha": 0.2, "blend": "ink"}
    whole = summed(placed(ga.beziers(points, **look)), "ink", GRID)
    own = summed(
        placed(ga.beziers(points[:, :4], **look), ga.beziers(points[:, 6:], **look)), "ink", GRID
    )
    assert own.max() > 0.1
    np.testing.assert_allclose(whole, own, atol=0.01 * own.max())


@pytest.mark.parametrize(("blend", "paper"), [(ga.ink(1), "#ffffff"), (ga.light(1), "#000000")])
def test_the_ink_on_a_png_is_length_times_width_times_density(blend, paper, tmp_path):
    """Of strokes that 8 bits could not hold one by one: their alpha is 1e-4."""
    color = "#000000" if blend.kind == "ink" else "#ffffff"
    strokes = np.repeat(chords(1, 7), 3000, 0)
    art = ga.scene(
        ga.lines(strokes, width=2, stroke=color, alpha=1e-4, blend=blend),
        ga.dots([(50, 20)] * 3000, 4, fill=color, alpha=1e-4, blend=blend),
        paper=paper,
        box=WHOLE,
    )
    picture = read(ga.render(art, tmp_path / "x.png", page=SHEET, px=PX))[..., :3] / 255
    passed = picture if blend.kind == "ink" else 1 - picture
    amount = -np.log(passed).mean(-1).sum() * (100 / PX) ** 2
    length = np.linalg.norm(strokes[0, 1] - strokes[0, 0])
    wanted = (length * 2 + np.pi * 16) * 3000 * -np.log1p(-1e-4)
    assert amount == pytest.approx(wanted, rel=0.01)


def test_the_order_of_strokes_changes_no_bit():
    n, turn = 500, np.random.default_rng(0).permutation(500)
    points, shades, widths = chords(n), colors(n), np.linspace(0.02, 2, n)
    centers = points[:, 0]

    def strokes(order):
        ends, width = points[order], widths[order]
        return ga.lines(ends, width=width, stroke=shades[order], alpha=0.02, blend="ink")

    def dots(order):
        return ga.dots(centers[order], widths[order], fill=shades[order], alpha=0.1, blend="ink")

    first = paint(strokes(slice(None)), dots(slice(None)))
    assert (first == paint(dots(turn), strokes(turn))).all()
    halves = [strokes(turn[:99]), dots(turn), strokes(turn[99:])]
    assert (first == paint(*halves)).all()
    assert first.std() > 20


def test_a_shift_by_whole_pixels_shifts_the_picture():
    size = 100 / PX
    art = [m for m in mixed(ga.ink(0.7)) if m.style.blend.kind == "ink"]
    total, moved = (
        summed(placed(*art, box=box), "ink", GRID)
        for box in (WHOLE, np.array(WHOLE) - (7 * size, -5 * size))
    )
    np.testing.assert_allclose(moved[5:, 7:], total[:-5, :-7], atol=1e-6)


@pytest.mark.parametrize("blend", [ga.ink(1), ga.light(1)])
def test_marks_of_one_color_are_the_same_alone_and_among_others(blend):
    """Alone they are summed in one channel, where there is another color in three."""
    n, grays = 40, np.full((40, 3), 0.5)
    every = {"alpha": np.linspace(0.1, 0.9, n), "blend": blend}
    one = {"alpha": 0.3, "blend": blend}
    alike = [
        [
            ga.lines(chords(n), width=1.5, stroke="#cc6699", **one),
            ga.dots(chords(n)[:, 0], 0.05, fill="#cc6699", **one),
        ],
        [ga.lines(chords(n), width=0.1, stroke=grays, **every)],
        [ga.lines(chords(n), width=1, **BLACK, **one)],  # as light it adds nothing
    ]
    other = ga.lines(chords(3, 9), width=2, stroke="#112277", **one)

    def total(*marks):
        made = list(placed(*marks))
        return summed(made, blend.kind, GRID)

    for marks in alike:
        alone = total(*marks)
        assert alone.any() or (blend.kind == "light" and marks is alike[2])
        np.testing.assert_allclose(alone + total(other), total(*marks, other), atol=2e-5)
        np.testing.assert_array_equal(alone, total(*marks[::-1]))


def test_coverage_reaches_into_what_is_cut_at_the_edge():
    far = ga.lines([(-1e6, -1e6), (1e6, 1e6)], width=3, blend=ga.ink(1), **BLACK)
    near = ga.lines([(-50, -50), (150, 150)], width=3, blend=ga.ink(1), **BLACK)
    assert_alike(paint(far), paint(near), 1 / 255, 0.01)


@pytest.mark.parametrize("closed", [False, True])
def test_a_curve_is_its_fine_polyline(closed):
    t = np.linspace(0, 1, 500)[:, None]
    a, b, c, d = np.random.default_rng(2).uniform(0, 100, (4, 2))
    fine = a * (1 - t) ** 3 + 3 * b * (1 - t) ** 2 * t + 3 * c * (1 - t) * t**2 + d * t**3
    look = {"width": 1, "closed": closed, "blend": ga.ink(1)}
    assert_alike(paint(ga.beziers([a, b, c, d], **look)), paint(ga.lines(fine, **look)), ink=0.02)


def test_exposure_is_automatic_whatever_the_alpha_and_the_size():
    points = chords(2000)
    faint, strong = (
        paint(ga.lines(points, width=0.3, alpha=a, blend="ink", **BLACK), px=px)
        for a, px in ((1e-3, PX), (1e-2, PX))
    )
    assert_alike(faint, strong, ink=0.01)
    large = paint(ga.lines(points, width=0.3, alpha=1e-3, blend="ink", **BLACK), px=4 * PX)
    assert np.mean(large) == pytest.approx(np.mean(faint), abs=4)


def test_without_paper_the_layer_is_laid_over_any_other():
    marks = mixed(ga.ink(1))[1:4]
    sheet = paint(*marks, paper=None) / 255.0
    seen = sheet[..., :3] * sheet[..., 3:] + 1 - sheet[..., 3:]
    np.testing.assert_allclose(seen, paint(*marks)[..., :3] / 255, atol=4 / 255)


RSVG = pytest.mark.skipif(shutil.which("rsvg-convert") is None, reason="needs librsvg2-bin")
POPPLER = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")


@RSVG
@pytest.mark.parametrize("blend", [ga.ink(1), ga.light(0.5), ga.ink(1.5, embed=True), ga.ink()])
def test_svg_through_librsvg_is_the_png(blend, tmp_path):
    marks = mixed(blend)
    file = tmp_path / "sheet.svg"
    file.write_text(svg(placed(*marks), SHEET, np.array([0.9, 0.8, 0.7, 1])))
    subprocess.run(["rsvg-convert", "-w", str(PX), file, "-o", tmp_path / "sheet.png"], check=True)
    right = paint(*marks, px=PX, paper=(0.9, 0.8, 0.7, 1))
    assert_alike(right, tmp_path / "sheet.png", 2 / 255, 0.05)
    plain = paint(*mixed("over"), px=PX, paper=(0.9, 0.8, 0.7, 1))
    with pytest.raises(AssertionError):
        assert_alike(right, plain, 2 / 255, 0.05)


@POPPLER
@pytest.mark.parametrize("blend", [ga.ink(1), ga.light(1, embed=True)])
def test_pdf_through_poppler_is_the_png(blend, tmp_path):
    with open(tmp_path / "sheet.pdf", "wb") as file:
        pdf(placed(*mixed(blend)), SHEET, np.array([0.9, 0.8, 0.7, 1]), file)
    subprocess.run(
        ["pdftoppm", "-singlefile", "-png", "-scale-to", str(PX), "sheet.pdf", "sheet"],
        cwd=tmp_path,
        check=True,
    )
    right = paint(*mixed(blend), px=PX, paper=(0.9, 0.8, 0.7, 1))
    assert_alike(right, tmp_path / "sheet.png", 3 / 255, 0.1)  # poppler's pixels are rough


def test_a_viewer_that_would_be_slow_is_warned_of():
    marks = [ga.lines(chords(6000), blend=ga.ink(1))]
    with pytest.warns(ArtWarning, match=r"6,000 .* blend=ga.ink\(embed=True\)"):
        svg(placed(*marks), SHEET, None)


def test_a_film_has_one_exposure_and_its_ink_is_that_of_its_frames(tmp_path):
    still, rest = chords(300), chords(300, 1)

    def film(u):
        return ga.scene(
            ga.lines(still, width=0.5, alpha=0.02, blend="ink", **BLACK),
            ga.lines(rest + jnp.where(u > 0.4, 0, 1000), width=0.5, blend="ink", **BLACK),
            box=WHOLE,
        )

    frames = ga.render(film, tmp_path / "frames", page=SHEET, px=200, seconds=0.5, fps=10)
    pictures = [255 - read(f)[..., :3].astype(float).mean() for f in sorted(frames.iterdir())]
    ground = 255 - np.mean(np.array([0xF7, 0xF4, 0xED]))
    ink = np.array(pictures) - ground
    assert len(ink) == 5
    assert ink[0] < 0.1 * ink[-1]  # a frame by itself would be exposed as much
    late = read(ga.render(film, tmp_path / "late.png", page=SHEET, px=200, at=0.8))
    assert_alike(late, sorted(frames.iterdir())[-1], 1 / 255, 0.02)


@pytest.mark.exhaustive
def test_many_blocks_are_what_they_are_at_once(tmp_path):
    points = chords(4000, low=0)
    parts = np.split(points, 8)

    def block(index):
        ends = parts[index]
        return [ga.lines(ends, width=0.4, alpha=0.01), ga.dots(ends[:, 0], 0.5, alpha=0.02)]

    whole = [
        ga.lines(points, width=0.4, alpha=0.01, blend="ink"),
        ga.dots(points[:, 0], 0.5, alpha=0.02, blend="ink"),
    ]
    streamed = ga.many(8, block)
    assert fit([ga.scene(streamed)], SHEET) == fit([ga.scene(*whole)], SHEET)
    assert (paint(streamed, px=200) == paint(*whole, px=200)).all()
    page = svg(placed(streamed), SHEET, None)
    assert page.count("<image") == 1
    assert "<path" not in page


@pytest.mark.parametrize("colors", [["#cc6699"] * 3, ["#cc6699", "#112277", "#cc6699"]])
def test_blocks_of_one_color_are_summed_in_one_channel_until_another_comes(colors, monkeypatch):
    parts = [chords(30, k) for k in range(3)]
    channels = []

    def counted(size, blocks, count=3):
        channels.append(count)
        return accumulate(size, blocks, count)

    def block(index):
        return ga.lines(parts[index], width=1, stroke=colors[index], alpha=0.2)

    def total(*marks):
        return summed(list(placed(*marks, box=WHOLE)), "ink", GRID)

    inked = [replace(m, style=replace(m.style, blend=ga.ink(1))) for m in map(block, range(3))]
    wanted = sum(total(mark) for mark in inked)
    monkeypatch.setattr(blending, "accumulate", counted)
    np.testing.assert_allclose(total(ga.many(3, block)), wanted, atol=2e-5)
    assert channels == ([1] if len(set(colors)) == 1 else [1, 3])


def test_memory_does_not_grow_with_the_number_of_blocks():
    def block(index):
        return ga.lines(chords(20_000, index), width=0.1, alpha=0.01)

    def peak(count):
        tracemalloc.start()
        art = ga.scene(ga.many(count, block))
        summed(place(art, fit([art], SHEET), SHEET), "ink", PixelGrid(100, 100, 1.0, (0.0, 0.0)))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(12) < 1.2 * peak(3)


def test_blocks_without_a_point_and_half_points_of_curves():
    half = np.array([(10, 10), (20, 40), (np.nan, -10), (60, 20), (70, 20), (80, 30), (90, 90)])
    nothing = [ga.dots(np.empty((0, 2))), ga.lines(np.full((1, 3, 2), np.nan))]
    many = ga.many(3, lambda i: [ga.beziers(half), nothing], "ink")
    alone = ga.beziers(half[3:], blend="ink")
    drawing = ga.scene(many)
    fitted = fit([drawing], SHEET)
    assert fitted == fit([ga.scene(ga.beziers(half))], SHEET)
    with pytest.warns(ArtWarning, match="no point"):
        picture = paint(many, px=60)
    assert picture.min() < 255
    np.testing.assert_array_equal(picture[..., 3], 255)
    np.testing.assert_array_equal(paint(alone, px=60), paint(ga.beziers(half, blend="ink"), px=60))


def test_a_large_page_takes_no_more_memory_than_a_small_one(monkeypatch):
    sizes = []
    monkeypatch.setattr(
        "gradart.rendering.ink.blending.summed",
        lambda marks, kind, grid: sizes.append(grid.size) or np.ones((1, 1, 3)),
    )
    exposure_on([], "ink", Page(5000.0, 5000.0, 0.0))
    exposure_on([], "ink", Page(200.0, 300.0, 0.0))
    assert sizes == [(1024, 4096)] * 4 + [(1200, 800)]


def test_wrong_blends_say_what_is_right():
    for wrong, said in (
        (lambda: ga.lines([(0, 0), (1, 1)], blend="multiply"), "'over', 'ink' or 'light'"),
        (lambda: ga.lines([(0, 0), (1, 1)], fill="#000", blend="ink"), "a mark of its own"),
        (lambda: ga.dots([(0, 0)], stroke="#000", blend="light"), "a mark of its own"),
        (lambda: ga.ink(0), "exposure"),
        (lambda: ga.light(np.nan), "exposure"),
        (lambda: ga.many(3, ga.dots, blend="over"), "blend='ink'"),
        (lambda: ga.many(2.5, ga.dots), "number of blocks"),
        (lambda: ga.many(0, ga.dots), "number of blocks"),
        (lambda: ga.many(3, [ga.dots([(0, 0)])]), "function"),
        (lambda: ga.many(1, lambda i: ga.polygons([(0, 0), (1, 0), (1, 1)])), "fills"),
    ):
        with pytest.raises(ArtError, match=said):
            paint(wrong())

    def frame(u):
        return ga.scene(ga.many(2, lambda i: ga.dots([(0, i)])), box=WHOLE)

    with pytest.raises(ArtError, match="outside"):
        ga.render(frame, "never.gif")
