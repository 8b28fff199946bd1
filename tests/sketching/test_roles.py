"""Points, ranges, easings, ramps and seeds as parameters, and the groups that they stand in."""

# ruff: noqa: B006, B008
import json
from pathlib import Path
from typing import Annotated, Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.command.sweeps import values
from gradart.errors import ArtError
from gradart.optimizing.placed_marks.varied_numbers import coordinates, inserted, numbers
from gradart.rendering.formats.provenance import as_json
from gradart.sketching.loading import find
from gradart.sketching.presets import keep, preset
from gradart.sketching.signatures import read_signature
from gradart.sketching.traced_sketch import traced
from gradart.sketching.value_texts import as_plain, word

got: dict[str, Any] = {}


@ga.sketch
def piece(
    key,
    center: ga.Point = (0, 1),
    wind: Annotated[ga.Vector, ga.Bounds(-1, 1)] = (0.5, 0),
    plain=(0, 1),
    path: list[ga.Point] = [(0, 0), (1, 1)],
    array: ga.Point = np.array([1, 2]),
    box: Annotated[ga.Point, ga.Bounds(-1, 1), "where"] = (0, 0),
    maybe: ga.Point | None = None,
    reach=ga.Range(2, 5),
    size: Annotated[ga.Range, ga.Section("ink"), ga.Bounds(0.1, 10, log=True)] = (1, 2),
    pace=ga.Easing(0.4, 0, 0.2, 1),
    anything: Any = ga.Range(0, 1),
    shade=ga.ramp("#1b1b1e", "teal", "#f7f4ed", at=(0, 0.2, 1)),
    sky: Annotated[ga.Ramp, ga.Section("chance")] = "desert",
    trees: ga.Seed = 3,
    others: list[ga.Seed] = [1],
):
    got.update(locals())
    return ga.scene(ga.dots((0, 0)))


KNOWN = {p.name: p for p in piece.parameters}


def test_the_sketch_gets_what_its_numbers_stand_for():
    piece()
    assert isinstance(got["center"], jax.Array)
    assert (got["center"].shape, got["center"].dtype) == ((2,), np.float64)
    assert got["wind"].tolist() == [0.5, 0]
    assert got["plain"] == (0, 1)
    assert np.asarray(got["path"]).tolist() == [[0, 0], [1, 1]]
    assert got["array"].tolist() == [1, 2]
    assert got["maybe"] is None
    assert (got["reach"].low, got["reach"].high) == got["reach"] == (2.0, 5.0)
    assert (got["size"], got["anything"]) == (ga.Range(1.0, 2.0), ga.Range(0.0, 1.0))
    assert got["pace"] == ga.Easing(0.4, 0.0, 0.2, 1.0)
    assert got["shade"].at.tolist() == [0, 0.2, 1]
    np.testing.assert_array_equal(got["shade"].colors[1], ga.color("teal"))
    np.testing.assert_array_equal(got["sky"].colors, ga.palette("desert").colors)
    np.testing.assert_array_equal(*map(jax.random.key_data, (got["trees"], jax.random.key(3))))
    assert len(got["others"]) == 1


def test_a_group_goes_on_until_the_next_begins():
    groups = [p.section for p in piece.parameters]
    assert groups == [""] * 8 + ["ink"] * 4 + ["chance"] * 3
    for name in ("", " ", 3):
        with pytest.raises(ArtError, match="a section has a name"):
            ga.Section(name)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("center", "-1, 2e1", (-1.0, 20.0)),
        ("path", "0,0;1,1;-2,3", ((0.0, 0.0), (1.0, 1.0), (-2.0, 3.0))),
        ("maybe", "none", None),
        ("reach", "2,5", (2.0, 5.0)),
        ("reach", "5,2", (2.0, 5.0)),
        ("pace", "0.3,-1,1,2", (0.3, -1.0, 1.0, 2.0)),
        ("shade", "#000 white", "#000000 #ffffff"),
        ("shade", "#000, red 20%,#fff", "#000000 #ff0000 20% #ffffff"),
        ("shade", "#000 0% red 50% #fff 100%", "#000000 #ff0000 #ffffff"),
        (
            "shade",
            "#000 10% red blue #fff8 70%",
            "#000000 10% #ff0000 30% #0000ff 50% #ffffff88 70%",
        ),
        ("shade", "Dusk", "dusk"),
        ("trees", "7", 7),
    ],
)
def test_a_text_is_read_as_what_it_stands_for(name, text, value):
    found = KNOWN[name]
    assert found.parse(text) == value
    assert (
        found.parse(word(value)) == found.check(json.loads(as_json([as_plain(value)]))[0]) == value
    )


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("center", "1", "center must be a point x,y like 0.0,1.0, not 1"),
        ("box", "0,2", "box must be a point x,y from -1 to 1 like 0.0,0.0, not 0,2"),
        ("wind", "0,2", "wind must be a vector x,y from -1 to 1 like 0.5,0.0, not 0,2"),
        ("maybe", "1", "maybe must be a point x,y or none, not 1"),
        ("size", "0,2", "size must be a range low,high from 0.1 to 10 like 1.0,2.0, not 0,2"),
        ("pace", "2,0,1,1", "pace must be an easing x1,y1,x2,y2, each x from 0 to 1, like"),
        ("shade", "#fff", "shade must be a ramp: two colors or more like '#1b1b1e #c2410c 20%"),
        ("shade", "20% #fff #000", "shade must be a ramp"),
        ("shade", "#fff 20% 30% #000", "shade must be a ramp"),
        ("shade", "#fff 20% #000 10%", "shade must be a ramp"),
        ("shade", "#fff nan% #000", "shade must be a ramp"),
        ("shade", "desrt", "shade must be a ramp"),
        ("trees", "-1", "trees must be a seed, a whole number from 0 to 4294967295, not -1"),
        ("trees", "4294967296", "trees must be a seed"),
        ("trees", "1.5", "trees must be a seed"),
    ],
)
def test_what_does_not_fit_is_told_with_what_is_wanted(name, text, says):
    with pytest.raises(ArtError) as error:
        KNOWN[name].parse(text)
    assert str(error.value).startswith(says)
    assert "\n" not in str(error.value)


def bounded_easing(x: Annotated[ga.Easing, ga.Bounds(0, 1)] = ga.Easing(0, 0, 1, 1)): ...
def bounded_seed(x: Annotated[ga.Seed, ga.Bounds(0, 1)] = 0): ...
def wrong_easing(x: ga.Easing = (2, 0, 1, 1)): ...
def wrong_point(x: ga.Point = (1, 2, 3)): ...
def no_seed(x: ga.Seed = "a"): ...
def a_key(x=jax.random.key(0)): ...


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (bounded_easing, "x has its own bounds"),
        (bounded_seed, "x has its own bounds"),
        (wrong_easing, "the default of x must be an easing"),
        (wrong_point, "the default of x must be a point x,y, not 1,2,3"),
        (no_seed, "the default of x must be a seed"),
        (a_key, "for a key of its own write x: ga.Seed = 0"),
    ],
)
def test_a_signature_that_cannot_be_is_told(function, says):
    with pytest.raises(ArtError, match=says):
        read_signature(function)


def test_a_sketch_gets_the_lower_end_of_a_range_first_however_it_is_given():
    seen = []

    @ga.sketch
    def rings(reach=ga.Range(5, 2)):
        seen.append(reach)
        return ga.scene(ga.circles((0, 0), reach.high))

    rings()
    rings(reach=ga.Range(9, 1))
    assert seen == [ga.Range(2.0, 5.0), ga.Range(1.0, 9.0)]


def test_a_range_of_derivatives_keeps_them_where_they_belong():
    slopes = jax.grad(lambda reach: 3 * reach.low - reach.high)(ga.Range(2.0, 5.0))
    assert (float(slopes.low), float(slopes.high)) == (3, -1)


def test_values_are_taken_from_python_too():
    ramp = ga.ramp("red", "blue")
    piece(
        center=jnp.ones(2),
        reach=(9, 1),
        pace=ga.Easing(0, 0, 1, 1),
        shade=ramp,
        sky=["red", "#00f"],
    )
    assert got["center"].tolist() == [1, 1]
    assert got["reach"] == ga.Range(1.0, 9.0)
    assert got["pace"](0.3) == pytest.approx(0.3)
    np.testing.assert_array_equal(got["shade"].colors, got["sky"].colors)
    piece(shade=ga.palette("dusk"), trees=jax.random.key(9))
    assert len(got["shade"].colors) == 5
    assert got["trees"] == jax.random.key(9)


@pytest.mark.exhaustive
def test_the_numbers_of_roles_are_coordinates_that_move_the_drawing():
    full = {p.name: p.default for p in piece.parameters}
    found = coordinates(piece, full)
    names = [c.name for c in found]
    wanted = {"center[1]", "box[0]", "reach[0]", "size[1]", "pace[3]", "path[1][0]", "wind[0]"}
    assert wanted <= set(names)
    assert numbers(found, full)[names.index("path[1][0]")] == 1
    ends = {c.name: (c.low, c.high, c.log) for c in found}
    assert (ends["size[0]"], ends["pace[2]"]) == ((0.1, 10, True), (0, 1, False))

    def seen(vector):
        piece(**inserted(found, vector, full))
        low, high = got["reach"]
        bent = got["path"][1] @ jnp.array([5.0, 7.0])
        return got["center"] @ jnp.array([1.0, 2.0]) + got["pace"](0.3) + 3 * low + high**2 + bent

    with jax.enable_x64(True):
        vector = jnp.asarray(numbers(found, full))
        slopes = dict(zip(names, jax.grad(seen)(vector).tolist(), strict=True))
        ahead, back = (float(seen(vector.at[names.index("pace[1]")].add(d))) for d in (1e-6, -1e-6))
        crossed = vector.at[names.index("reach[0]")].set(8.0)
        assert float(seen(crossed) - seen(vector)) == pytest.approx(3 * (5 - 2) + 64 - 25)
    assert (slopes["center[0]"], slopes["center[1]"], slopes["reach[0]"]) == (1, 2, 3)
    assert (slopes["reach[1]"], slopes["path[1][0]"], slopes["path[1][1]"]) == (10, 5, 7)
    assert slopes["pace[1]"] == pytest.approx((ahead - back) / 2e-6, rel=1e-6)


def test_points_ranges_and_easings_are_traced_and_ramps_and_seeds_are_fixed():
    @ga.sketch(page="square")
    def drawn(
        center: ga.Point = (0, 0),
        reach=ga.Range(0.2, 1),
        pace=ga.Easing(0.4, 0, 0.2, 1),
        shade=ga.ramp("teal", "red"),
        dust: ga.Seed = 1,
    ):
        u = jnp.linspace(0, 1, 5)
        path = center + jnp.stack([u, reach.low + (reach.high - reach.low) * pace(u)], -1)
        spots = ga.scatter(dust, 3, box=((0, 0), (1, 1)))
        box = ((0, 0), (1, 1))
        return ga.scene(ga.lines(path), ga.dots(spots, fill=shade(jnp.linspace(0, 1, 3))), box=box)

    found = traced(drawn)
    assert [each.name for each in found.inputs] == ["center", "reach", "pace"]
    assert {each.name: each.why.partition(",")[0] for each in found.fixed} == {
        "shade": "it is a ramp",
        "dust": "it is a seed of its own",
    }


def test_sweeps_go_over_them():
    assert values(KNOWN["center"], "0,0;1,2") == [(0.0, 0.0), (1.0, 2.0)]
    assert values(KNOWN["pace"], "0,0,1,1;1,0,0,1")[1] == (1.0, 0.0, 0.0, 1.0)
    assert values(KNOWN["trees"], "0..3") == [0, 1, 2, 3]
    assert values(KNOWN["shade"], "desert,#000 #fff") == ["desert", "#000000 #ffffff"]


DRAWN = """
from typing import Annotated
import gradart as ga

@ga.sketch(page="square")
def drawn(
    key,
    center: ga.Point = (0, 0),
    reach=ga.Range(0.2, 1),
    pace=ga.Easing(0.4, 0, 0.2, 1),
    shade: Annotated[ga.Ramp, ga.Section("ink")] = ga.ramp("#1b1b1e", "#c2410c"),
    dust: ga.Seed = 1,
):
    u = jnp.linspace(0, 1, 9)
    radii = reach.low + (reach.high - reach.low) * ga.ease(u, 0, 1, pace)
    sky = ga.linear_gradient((-2, 0), (2, 0), shade)
    return ga.scene(
        ga.circles(center, radii, stroke=shade(u)),
        ga.dots(ga.scatter(dust, 20, box=((-2, -2), (2, 2)))),
        ga.polygons([(-2, -2), (2, -2), (2, -1.5)], fill=sky),
        box=((-2, -2), (2, 2)),
    )
"""


@pytest.mark.exhaustive
def test_they_go_from_the_command_line_to_the_file_and_back(studio, gradart, tmp_path, capsys):
    studio("drawn.py", DRAWN)
    words = ["--center", "-1,0.5", "--reach", "1.5,0.5", "--pace", "1,0,0,1", "--dust", "4"]
    words += ["--shade", "#000 red 20% #fff", "--px", "60"]
    status, out, err = gradart("run", "drawn.py", *words)
    assert (status, err) == (0, [])
    name = "drawn_center-1-0.5_reach0.5-1.5_pace1-0-0-1_shade000000-ff0000-20-ffffff_dust4.png"
    assert out[0].startswith(name)
    assert gradart("rerun", name)[0] == 0
    told = gradart("info", name)[1]
    assert "  --reach         0.5,1.5" in told
    assert "  --shade         '#000000 #ff0000 20% #ffffff'" in told or any(
        "20%" in t for t in told
    )
    [drawn] = find("drawn.py")
    given = {"center": [-1, 0.5], "reach": [0.5, 1.5], "pace": [1, 0, 0, 1], "dust": 4}
    keep(drawn, "mine", given | {"shade": "#000 red 20% #fff"}, 0)
    assert preset(drawn, "mine").values["pace"] == (1.0, 0.0, 0.0, 1.0)
    assert gradart("run", "drawn.py", "--preset", "mine", "--px", "60", "-o", "again.png")[0] == 0
    pictures = {tuple(ga_pixels(tmp_path / file)) for file in (name, "again.png")}
    assert len(pictures) == 1
    with pytest.raises(SystemExit):
        gradart("run", "drawn.py", "--help")
    help_ = capsys.readouterr().out
    for form in ("--center X,Y", "--reach LOW,HIGH", "--pace X1,Y1,X2,Y2", "--shade RAMP"):
        assert form in help_
    assert "\nink:\n" in help_


def ga_pixels(path: Path):
    from PIL import Image

    return Image.open(path).tobytes()
