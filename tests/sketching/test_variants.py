"""Variants are what the sketch draws for other values, few enough to be kept."""

from enum import Enum
from typing import Annotated, Literal

import jax
import numpy as np
import pytest

import gradart as ga
from gradart.errors import ArtError
from gradart.sketching import live_sketch
from gradart.sketching.live_sketch import variants


class Look(Enum):
    PLAIN, FANCY = 1, 2


@ga.sketch(seed=3)
def many_kinds(
    key,
    n=5,
    few: Annotated[int, ga.Bounds(1, 6)] = 2,
    lots: Annotated[int, ga.Bounds(1, 1_000_000_000)] = 1000,
    size=0.3,
    narrow: Annotated[float, ga.Bounds(0.25, 0.4)] = 0.3,
    shift=0.0,
    turn: Annotated[float, ga.Bounds(-90, 180)] = 0.0,
    round=True,
    word: Literal["a", "b", "c", "d", "e", "f", "g"] = "f",
    look: Look = Look.FANCY,
    none: float | None = None,
    title="text",
    places=(1.0, 2.0),
):
    points = ga.scatter(key, n * few + lots // 1000, box=((0, 0), (size, narrow)))
    return ga.scene(ga.dots(points + shift + turn, 0.1 + 0.1 * (word == "a") + 0.1 * round))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("n", [3, 4, 5, 6, 7]),
        ("few", [1, 2, 3, 4]),
        ("lots", [500, 707, 1000, 1414, 2000]),
        ("size", [0.15, 0.212, 0.3, 0.424, 0.6]),
        ("narrow", [0.25, 0.3, 0.4]),
        ("shift", [-1.0, -0.5, 0.0, 0.5, 1.0]),
        ("turn", [-90.0, -45.0, 0.0, 45.0, 90.0]),
        ("round", [False, True]),
        ("word", ["c", "d", "e", "f", "g"]),
        ("look", ["PLAIN", "FANCY"]),
        ("none", []),
        ("title", []),
        ("places", []),
    ],
)
def test_they_are_what_the_sketch_draws_for_values_nearby(name, values):
    found = variants(many_kinds, name, {"n": 5}, seed=9)
    assert [each.value for each in found] == values
    for each in found:
        wanted = many_kinds(seed=9, **{name: each.value})
        assert jax.tree.structure(each.scene) == jax.tree.structure(wanted)
        for a, b in zip(jax.tree.leaves(each.scene), jax.tree.leaves(wanted), strict=True):
            np.testing.assert_array_equal(a, b)


@ga.sketch
def strokes(n=1000):
    if n == 1414:
        raise ArtError("not so many")
    return ga.scene(ga.lines(np.random.default_rng(1).normal(size=(n, 10, 2))))


@pytest.mark.parametrize(
    ("room", "values"),
    [
        (1_000_000, [500, 707, 1000, 2000]),
        (220_000, [500, 707, 1000]),
        (140_000, [707, 1000]),
        (100_000, []),
        (70_000, []),
    ],
)
def test_they_have_room_together_and_what_is_refused_is_left_out(room, values, monkeypatch):
    monkeypatch.setattr(live_sketch, "ROOM", room)
    assert [each.value for each in variants(strokes, "n")] == values


def test_there_are_none_of_films_and_of_blocks():
    @ga.sketch(seconds=1)
    def film(n=3):
        return lambda u: ga.scene(ga.dots((n, u)))

    @ga.sketch
    def blocks(n=3):
        return ga.scene(ga.many(2, lambda i: ga.dots(np.ones((n, 2)))))

    assert variants(film, "n") == variants(blocks, "n") == ()
    with pytest.raises(ArtError, match="film has no parameter m"):
        variants(film, "m")
