"""Sketches with annotations: mypy, which checks this file too, sees in them what an editor sees.

Where gradart would no longer say what is wrong, `type: ignore` is of no use, and mypy says so.
"""

from typing import Annotated, assert_type

import jax
import jax.numpy as jnp
import pytest

import gradart as ga


@ga.sketch
def forward_spiral(
    turns: float = 5.0, growth: float = 0.08, n: int = 900, reach: float = 1.0
) -> ga.Scene:
    def spiral(t: jax.Array) -> jax.Array:
        return jnp.exp(growth * t) * jnp.array([jnp.cos(t), jnp.sin(t)])

    t = jnp.linspace(0, turns * 2 * jnp.pi, n)
    point, velocity = ga.jet(spiral, t, order=1)
    return ga.scene(
        ga.segments(point, point + reach * velocity, width=0.12),
        ga.lines(point, width=0.6, stroke="#c2410c"),
        paper="#f7f3ea",
    )


@ga.sketch(seconds=4)
def skiers(
    key: ga.Key, n: int = 150, rate: float = 0.01, steps: int = 400, tail: float = 0.2
) -> ga.Film:
    land = ga.terrain()
    page = ga.relief(land, tilt=35, height=0.7)
    start = ga.scatter(key, n, box=land.box)
    ridges = page(ga.grid(70, 400, box=land.box))
    tracks = page(ga.descend(land, start, rate=rate, steps=steps))

    def frame(u: jax.Array) -> ga.Scene:
        head = u * (1 + tail)
        return ga.scene(
            ga.lines(ridges, width=0.2),
            ga.lines(ga.window(tracks, head - tail, head), width=0.7, stroke="#d6336c"),
            paper="#fbfaf6",
        )

    return frame


@ga.sketch(page="square")
def bench(
    center: ga.Point = (0, 0),
    wind: Annotated[ga.Vector, ga.Bounds(-1, 1)] = (1, 0),
    reach: Annotated[ga.Range, ga.Section("rings"), ga.Bounds(0, 9)] = ga.Range(2, 5),  # noqa: B008
    pace: ga.Easing = ga.Easing(0.4, 0, 0.2, 1),  # noqa: B008
    shade: ga.Ramp = ga.ramp("teal", "#c2410c"),  # noqa: B008
    dust: ga.Seed = 1,
) -> ga.Scene:
    u = jnp.linspace(0, 1, 9)
    radii = reach.low + (reach.high - reach.low) * ga.ease(u, 0, 1, pace)
    at = center + wind * pace(u)[:, None]
    return ga.scene(
        ga.circles(at, radii, stroke=shade(u)),
        ga.dots(ga.scatter(dust, 9, box=((-2, -2), (2, 2)))),
    )


def drawn(curve: ga.Curve, *, n: int) -> ga.Mark:
    """A helper of an artist's own."""
    return ga.lines(ga.point(curve, jnp.linspace(0, 6, n)), closed=True, alpha=[0.5])


def pieces() -> list[ga.Mark]:
    valley: ga.Field = ga.himmelblau()
    turned: ga.Map = lambda p: jnp.array([-p[1], p[0]])  # noqa: E731
    warped: ga.Field = ga.fields.warp(valley, turned)
    assert_type(ga.circle()(0.5), jax.Array)
    return [
        drawn(ga.evolute(ga.ellipse()), n=40),
        ga.dots([(0, 0), (1.5, 1)], [0.2, 0.4], blend="ink"),
        ga.lines(ga.contours(warped, [10, 50], box=((-5, -5), (5, 5)), resolution=40)),
    ]


def test_what_is_annotated_is_drawn() -> None:
    assert_type(forward_spiral, ga.Sketch)
    assert isinstance(forward_spiral(n=9), ga.Scene)
    assert [p.name for p in skiers.parameters] == ["n", "rate", "steps", "tail"]
    assert len(ga.scene(pieces(), [None]).marks) == 3
    assert len(bench(reach=(1, 2), center=[0, 1]).marks) == 2


def test_a_wrong_keyword_is_seen_before_the_sketch_runs() -> None:
    with pytest.raises(ga.ArtError, match="has no argument strok: write stroke"):
        ga.lines([(0, 0), (1, 1)], strok="teal")  # type: ignore[call-arg]
    with pytest.raises(ga.ArtError, match="has no argument bland: write blend"):
        ga.curve(ga.heart(), 0, 6, bland="ink")  # type: ignore[call-arg]
    with pytest.raises(ga.ArtError, match="has no argument aline: write align"):
        ga.digits(0.5, (0, 0), aline="left")  # type: ignore[call-arg]
    with pytest.raises(ga.ArtError, match="align must be one of left, center, right"):
        ga.text("a", (0, 0), align="middle")  # type: ignore[arg-type]
    with pytest.raises(ga.ArtError, match="blend is 'over', 'ink' or 'light'"):
        ga.dots([(0, 0)], blend="multiply")  # type: ignore[arg-type]
    with pytest.raises(ga.ArtError, match=r"ga.point\(curve, t\)"):
        ga.value(ga.scene(), 0.5)  # type: ignore[arg-type]
    with pytest.raises(ga.ArtError, match=r"box is \(\(x0, y0\), \(x1, y1\)\)"):
        ga.contours(ga.himmelblau(), 9, box=5)  # type: ignore[arg-type]
