"""Scenes that hold every shape in every style, also where the page cuts them."""

import jax.numpy as jnp
import numpy as np

import gradart as ga
from gradart.drawing.groups import MODES

NAN = (np.nan, np.nan)
FRAME = ((0, 0), (100, 100))  # which the page shows in these


def _wave(n=300):
    t = np.linspace(0, 1, n)
    return np.stack([-20 + 140 * t, 50 + 30 * np.sin(30 * t)], -1)


def strokes():
    wave = _wave()
    gaps = np.where((np.arange(300) // 20 % 3 == 0)[:, None], np.nan, wave * (0.9, 0.5))
    beside = np.array((40, 0))
    fans = np.stack([np.zeros((40, 2)), np.stack([np.full(40, 60), np.linspace(5, 95, 40)], -1)], 1)
    return ga.scene(
        ga.lines(wave, width=0.8),
        ga.lines(gaps, width=[1.2], stroke="#7c3aed"),
        ga.lines([(90, 90)], width=5),
        ga.lines([(80, 90), (80, 90)], width=4, stroke="#0f766e"),
        ga.lines([(70, 92), NAN, (70, 85), NAN, (60, 92), (60, 85)], width=3, alpha=0.5),
        ga.lines(
            fans, width=np.linspace(0, 0.9, 40), stroke=ga.ramp("teal", "red")(fans[:, 1, 1] / 99)
        ),
        ga.lines(fans + beside, width=0.4, alpha=np.linspace(0, 1, 40)),
        ga.lines(fans + beside, width=0.15, stroke="#c2410c"),
        box=FRAME,
    )


def curves():
    letter = [(10, 10), (10, 30), (30, 30), (30, 10), (24, 4), (16, 4), (10, 10)]
    hole = [NAN, NAN, (15, 14), (15, 24), (25, 24), (25, 14), (22, 10), (18, 10), (15, 14)]
    two = np.array([letter + hole, letter + hole]) + np.array([[[0, 0]], [[4, 20]]])
    return ga.scene(
        ga.beziers([(5, 10), (30, 60), (60, -40), (95, 20)], width=1.5, stroke="#be123c"),
        ga.beziers(
            two + np.array((40, 20)), fill="#0f766e", stroke="#1b1b1e", width=0.6, closed=True
        ),
        ga.beziers(two, fill=["#fecaca", "#bae6fd"], stroke=None, alpha=0.7),
        ga.beziers([(70, 70)] * 4, width=4),
        ga.circles([(0, 0), (100, 50), (50, 80)], [20, 15, 9], stroke="#1d4ed8", width=0.7),
        ga.circles((100, 100), 30, fill="#fecaca", stroke="#1b1b1e", width=1, alpha=0.6),
        box=FRAME,
    )


def fills():
    turn = np.arange(5) * 4 * np.pi / 5
    star = 50 + 30 * np.stack([np.sin(turn), np.cos(turn)], -1)
    hole = [(10, 10), (40, 10), (40, 40), (10, 40), NAN, (20, 20), (20, 30), (30, 30), (30, 20)]
    tiles = np.array([(0, 0), (9, 0), (9, 9), (0, 9)]) + np.array(
        [[[-5 + 12 * i, 88]] for i in range(10)]
    )
    shades = ga.ramp("#12283e", "#e77e4c")(np.linspace(0, 1, 10))
    return ga.scene(
        ga.polygons(star, fill="#eab308", stroke="#1b1b1e", width=0.8),
        ga.polygons(hole, fill="#0f766e"),
        ga.polygons(tiles, fill=shades, stroke="#1b1b1e", width=0.6, alpha=0.8),
        ga.polygons(tiles - (0, 84), fill=shades, stroke=None),
        ga.dots([(10 + 8 * i, 80) for i in range(10)], np.linspace(0, 4, 10), fill="#c2410c"),
        ga.dots([(80, 30), (99, 30), NAN], 8, fill="#bae6fd", stroke="#1b1b1e", width=1),
        ga.dots(ga.grid(12, 12, ((45, 10), (70, 35))), 1.6, fill="#1d4ed8", alpha=0.5),
        ga.dots(ga.grid(9, 9, ((82, 45), (110, 70))), 2, fill="#1d4ed8"),
        box=FRAME,
        paper=(0.9, 0.95, 1.0, 0.5),
    )


def gradients():
    sky = ga.linear_gradient((0, 20), (0, 80), "#e77e4c", "#12283e")
    glow = ga.radial_gradient((60, 60), 35, "#f8d376", "#c94c2d", "#1c100e")
    faint = ga.linear_gradient((0, 0), (100, 0), ga.color("red", 0.2), ga.color("blue", 0.9))
    return ga.scene(
        ga.polygons([(-10, 10), (50, 10), (50, 90), (-10, 90)], fill=sky),
        ga.circles([(60, 60), (75, 30)], [25, 12], fill=glow, stroke="#1b1b1e", width=0.5),
        ga.dots(ga.grid(6, 8, ((5, 2), (95, 25))), 4, fill=faint),
        box=FRAME,
    )


def words():
    return ga.scene(
        ga.text("The quick brown fox", (5, 80), size=9),
        ga.text("jumps over\nthe lazy dog", (50, 65), size=5, font="sans", align="center"),
        ga.text("rotated", (60, 30), size=9, rotate=30, fill="#c2410c"),
        ga.text("cut at the edge", (70, 10), size=9, alpha=0.6),
        ga.digits(21.53, (10, 20), decimals=1, size=4),
        box=FRAME,
    )


def pictures():
    y, x = np.mgrid[0:60, 0:90] / 12
    smooth = np.stack([np.sin(x), np.cos(y), np.sin(x + y)], -1) / 2 + 0.5
    noise = np.random.default_rng(0).random((120, 120, 3))
    sheer = np.concatenate(
        [np.full((30, 60, 3), 0.2), np.linspace(0, 1, 1800).reshape(30, 60, 1)], -1
    )
    return ga.scene(
        ga.raster(smooth, ((5, 40), (95.3, 98.7))),
        ga.raster(np.random.default_rng(0).random((4, 6, 3)), ((5.2, 5.3), (45.1, 35.9))),
        ga.raster(sheer, ((50, 5), (95, 35))),
        ga.raster(noise, ((112, 30), (80, 60))),
        box=FRAME,
    )


def far():
    """What leaves the page by far, and cells larger than that."""
    t = np.linspace(0, 2 * np.pi, 60)
    ring = 50 + 1e6 * np.stack([np.cos(t), np.sin(t)], -1)
    return ga.scene(
        ga.raster([[[0.9, 0.8, 0.7], [0.7, 0.8, 0.9]]], ((-1e4, -1e4), (1e4 + 70, 1e4))),
        ga.polygons(ring, fill="#fde68a", alpha=0.5),
        ga.lines([(-1e300, -1e300), (1e300, 1e300)], width=1),
        ga.lines([(-1e5, 30), (50, 40), (1e7, 90)], width=0.7, stroke="#c2410c"),
        ga.circles((1e4, 50), 1e4 - 20, fill="#bae6fd", stroke="#1d4ed8", width=2),
        ga.beziers([(-1e5, 0), (1e5, 20), (-1e5, 80), (1e5, 100)], width=0.5),
        ga.dots([(50, 50), (1e6, 1e6)], [5, 3], fill="#0f766e"),
        box=FRAME,
    )


def layered():
    """Pens that lie over each other by turns, and layers that are told."""
    discs = [
        ga.circles((20 + 6 * i, 50), 10, fill=("#eab308", "#0f766e")[i % 2], stroke=None)
        for i in range(6)
    ]
    gold = ga.lines([(5, 5), (95, 5)], width=1, stroke="#b8860b")
    return ga.scene(
        discs,
        ga.layer(2, gold, ga.dots([(50, 10)], 2), name="gold & <leaf>"),
        ga.lines([(5, 15), (95, 15)], width=0.123456),
        ga.layer(5, ga.circles((80, 80), 10)),
        ga.lines([(5, 20), (95, 20)], width=0.3, alpha=0.123456),
        ga.dots([(60, 80), (20, 80)], [4, 5], fill=["#eab308", "#0f766e"]),
        box=FRAME,
    )


def fitted():
    """A drawing that is fitted: ink that overlaps, dots of many sizes, type and a picture."""
    t = jnp.linspace(0, 6.2832, 100)
    return ga.scene(
        ga.lines(ga.point(ga.heart(), t), width=2),
        ga.dots([(-1, 2), (3, 1), (0, -2)], [4, 12, 2], stroke="#c2410c", width=3),
        ga.text("heart", (1, 2), size=12),
        ga.raster(np.full((3, 3, 3), 0.4), ((-3, -2), (-2, -3))),
        ga.lines([NAN, (np.nan, 9)], width=30),
    )


def blended():
    """Runs of ink and light among marks that lie over what is below: fine strokes that add up."""
    angles = np.linspace(0, 2 * np.pi, 200)
    ends = 50 + 45 * np.stack([np.cos(angles), np.sin(3 * angles)], -1)
    strokes = np.stack([np.full((200, 2), 50.0), ends], 1)
    return ga.scene(
        ga.dots([(30, 40)], 20, fill="#fde68a"),
        ga.lines(strokes, width=0.3, alpha=0.3, blend="ink"),
        ga.beziers(strokes[:, [0, 0, 1, 1]] + 3, stroke="#c2410c", alpha=0.2, blend="ink"),
        ga.lines([(0, 90), (100, 95)], width=1, stroke="#0f766e"),
        ga.dots(ends, 1.5, fill="#203040", alpha=0.5, blend=ga.ink(0.7)),
        ga.polygons([(60, 60), (95, 60), (95, 95)], fill="#0b0d12"),
        ga.lines(strokes + np.array((20, 25)), stroke="#ffd8a8", alpha=0.2, blend=ga.light(2)),
        box=FRAME,
    )


def embedded():
    """Ink that a file of paths holds as a picture."""
    angles = np.linspace(0, 40, 1500)
    spiral = 50 + angles[:, None] * np.stack([np.cos(angles), np.sin(angles)], -1)
    return ga.scene(
        ga.lines(spiral, width=0.5, alpha=0.4, blend=ga.ink(embed=True)),
        ga.lines(spiral + 5, width=0.5, alpha=0.4, blend=ga.ink()),
        ga.layer(3, ga.dots(spiral[::40], 1, alpha=0.4, blend=ga.ink(embed=True))),
        box=FRAME,
    )


def _leaves(center=(50, 50)):
    """Marks of many kinds that lie over each other."""
    x, y = center
    wave = np.stack([np.linspace(x - 30, x + 30, 90), y + 12 * np.sin(np.linspace(0, 20, 90))], -1)
    return [
        ga.circles(center, 18, fill="#3182bd", stroke="#1b1b1e", width=0.8),
        ga.lines(wave, width=2, stroke="#eab308"),
        ga.dots([(x - 12, y + 5), (x + 14, y - 4)], 4, fill="#0f766e", alpha=0.7),
    ]


def groups():
    """Groups that are faded, in each other, in a layer, and laid by each blend on a slope."""
    slope = ga.linear_gradient((0, 0), (100, 0), "#12283e", "#e77e4c", "#f8f3e0")
    sky = ga.linear_gradient((0, 0), (0, 100), "#2f7f9f", "#f2c14e")
    inside = ga.group(_leaves((20, 80)), blend="difference", alpha=0.8)
    bars = [
        ga.group(
            ga.polygons([(x, 2), (x + 7, 2), (x + 7, 50), (x, 50)], fill=sky, alpha=0.9),
            ga.lines([(x - 3, 5), (x + 9, 45)], width=1, stroke="#be123c"),
            blend=mode,
        )
        for x, mode in zip(np.arange(12) * 8 + 2, MODES, strict=True)
    ]
    return ga.scene(
        ga.polygons([(-10, -10), (110, -10), (110, 60), (-10, 60)], fill=slope),
        bars,
        ga.group(_leaves((75, 78)), alpha=0.5),
        ga.group(ga.circles((20, 80), 15, fill="#fecaca"), inside, alpha=0.9),
        ga.layer(4, ga.group(ga.text("over", (35, 60), size=9), blend="darken"), name="dark"),
        box=FRAME,
    )


def masks():
    """Groups seen in polygons, type, a picture of tones, a gradient, and off the page."""
    y, x = np.mgrid[0:40, 0:60]
    tones = np.stack([(0.5 + 0.5 * np.sin(x / 6) * np.cos(y / 5))] * 3, -1)
    fading = ga.linear_gradient((60, 60), (95, 95), ga.color("k", 0), ga.color("k", 1))
    word = ga.text("MASK", (5, 70), size=16, alpha=0.8)
    return ga.scene(
        ga.dots(ga.grid(12, 12, FRAME), 1.5, fill="#bae6fd"),
        ga.group(_leaves((25, 75)), mask=word),
        ga.group(_leaves((30, 25)), mask=[(10, 8), (52, 20), (30, 44)], blend="multiply"),
        ga.group(_leaves((72, 28)), mask=ga.raster(tones, ((45, 5), (100, 55))), alpha=0.9),
        ga.group(_leaves((78, 78)), mask=ga.circles((77, 77), 17, fill=fading, stroke=None)),
        ga.group(_leaves((100, 50)), mask=[ga.dots([(95, 50), (300, 50)], 9), ga.lines(FRAME)]),
        ga.group(_leaves((900, 50)), mask=[(0, 0), (9, 0), (0, 9)]),
        box=FRAME,
    )


def inked_groups():
    """Ink and light that add up in groups, with exposures found and told, and around them."""
    angles = np.linspace(0, 2 * np.pi, 120)
    ends = 50 + 40 * np.stack([np.cos(angles), np.sin(3 * angles)], -1)
    strokes = np.stack([np.full((120, 2), 50.0), ends], 1)
    ink = ga.lines(strokes, width=0.5, alpha=0.3, blend="ink")
    light = ga.lines(strokes[:, ::-1] * 0.6, stroke="#ffd8a8", alpha=0.3, blend=ga.light(2))
    glow = [ga.polygons([(0, 0), (60, 0), (60, 55), (0, 55)], fill="#0b0d12"), light]
    return ga.scene(
        ga.dots([(30, 40)], 20, fill="#fde68a"),
        ga.lines(strokes + np.array((15, 20)), width=0.4, alpha=0.2, blend="ink"),
        ga.group(ink, blend="multiply"),
        ga.group(glow, ga.group(ink, blend="screen", alpha=0.7), alpha=0.8),
        ga.group(
            ga.lines(strokes[::6], width=0.5, alpha=0.4, blend=ga.ink(embed=True)),
            mask=ga.circles((60, 60), 30, fill="k", stroke=None),
        ),
        box=FRAME,
    )


def clipped():
    """A scene that ends at its box: marks and groups across its edge."""
    return ga.scene(
        ga.polygons([(-20, 40), (120, 40), (120, 60), (-20, 60)], fill="#fde68a"),
        _leaves((0, 50)),
        ga.group(_leaves((100, 90)), blend="multiply", mask=[(80, 70), (130, 70), (130, 130)]),
        ga.group(_leaves((40, 0)), alpha=0.6),
        ga.text("beyond", (85, 20), size=9),
        ga.raster(np.random.default_rng(1).random((4, 6, 3)), ((-9, 80), (30, 111))),
        ga.lines([(20, 20), (80, 80)], width=1),
        ga.circles([(50, 20), (97, 50)], [6, 12], stroke="#1d4ed8"),
        ga.dots([(50, 80), (60, 99)], [4, 5], fill="#c2410c", alpha=0.7),
        box=FRAME,
        paper=(0.9, 0.95, 1.0, 0.5),
        clip=True,
    )


def clipped_ink():
    """Ink in a box, most of which lies around it, where it does not count for the exposure."""
    t = np.linspace(0, 1, 160)
    inside = np.stack([np.stack([100 * t, 0 * t], -1), np.stack([100 - 100 * t, 0 * t + 100], -1)])
    inside = np.moveaxis(inside, 0, 1)
    around = np.stack(
        [np.stack([130 + 9 * t, -20 + 0 * t], -1), np.stack([130 + 9 * t, 120 + t], -1)]
    )
    around = np.moveaxis(around, 0, 1)
    across = [(-30, 30), (130, 70)]
    return ga.scene(
        ga.lines(inside, width=0.4, alpha=0.2, blend="ink"),
        ga.lines(around, width=0.9, alpha=0.9, blend="ink"),
        ga.group(
            ga.lines(inside + np.array((9, 5)), stroke="teal", alpha=0.2, blend="ink"),
            blend="multiply",
        ),
        ga.lines(across, width=2, stroke="#c2410c", blend=ga.ink(1)),
        ga.lines(across, width=2, alpha=0.2, blend=ga.ink(embed=True)),
        box=FRAME,
        clip=True,
    )


SAMPLES = (
    *(strokes, curves, fills, gradients, words, pictures, far, layered, fitted, blended, embedded),
    *(groups, masks, inked_groups, clipped, clipped_ink),
)
