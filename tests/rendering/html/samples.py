"""Scenes that hold every shape in every style, also where the page cuts them."""

import jax.numpy as jnp
import numpy as np

import gradart as ga

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


SAMPLES = (
    *(strokes, curves, fills, gradients, words, pictures, far, layered, fitted, blended, embedded),
)
