"""A traced sketch draws what the sketch draws, whatever its inputs are; what is fixed says why."""

import warnings
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sampling import some

import gradart as ga
from gradart.calculus.programs.jaxprs import inner_jaxprs, parts
from gradart.drawing.shapes import Many
from gradart.sketching import traced_sketch
from gradart.sketching.loading import load, sketch_files
from gradart.sketching.traced_sketch import traced

SKETCHES = {
    sketch.name: sketch
    for file in sketch_files(Path(__file__).parents[2] / "sketches")
    for sketch in load(file).sketches
}
T = np.linspace(0, 6, 50)
SHIFT = np.array([3.0, 1.0])


class Corner(NamedTuple):
    x: float
    y: float


class Look(Enum):
    PLAIN, FANCY = 1, 2


@ga.sketch
def wave(height=1.0, pitch: Annotated[float, ga.Bounds(0.1, 9, log=True)] = 2.0):
    return ga.scene(ga.lines(jnp.stack([jnp.asarray(T), height * jnp.sin(pitch * T)], -1)))


@ga.sketch
def petals(k=5, outward=True):
    radius = jnp.where(outward, 2 + jnp.cos(k * T), 2 - jnp.cos(k * T))
    return ga.scene(ga.lines(radius[:, None] * jnp.stack([jnp.cos(T), jnp.sin(T)], -1)))


@ga.sketch
def inks(line="#c2410c", colors: ga.Palette = "dusk"):
    shade = ga.ramp(line, *colors.colors)(T / 6)
    dots = ga.dots(np.stack([T, T], -1), 1, fill=shade)
    return ga.scene(dots, ga.lines([(0, 0), (1, 1)], stroke=line), paper=colors.paper)


@ga.sketch
def places(
    first=(0.5, 2.0),
    ends=((0.0, 1.0), (2.0, 3.0), (4.0, 4.0)),
    sizes: list[float] = [1.0, 2.0],  # noqa: B006
    corner: Corner = Corner(1.0, 2.0),  # noqa: B008
    pens=("#c2410c", "#1b1b1e"),
    array=SHIFT,
):
    assert isinstance(sizes, list)
    assert isinstance(corner, Corner)
    return ga.scene(
        ga.dots([first, corner], sizes, fill=list(pens)),
        ga.lines(jnp.array(ends) + array),
        ga.dots((corner.x, array[0])),
    )


@ga.sketch(seed=4)
def dust(key, spread=1.0):
    one, two = jax.random.split(key)
    points = spread * jax.random.normal(one, (20, 2))
    return ga.scene(ga.dots(points, jax.random.uniform(two, (20,))))


@ga.sketch(seconds=2)
def pulse(key, beats=3, size=1.0):
    start = jax.random.uniform(key, (5, 2))
    return lambda u: ga.scene(ga.dots(start + u, size * jnp.sin(beats * u) ** 2))


@ga.sketch
def hills(width=0.3, lift=0.0, step=0.5):
    found = ga.contours(lambda p: p @ p, [0.25, step], box=((-1, -1), (1, 1)), resolution=20)
    return ga.scene(ga.lines(found + lift, width=width))


def same(one, other):
    assert jax.tree.structure(one) == jax.tree.structure(other)
    for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("sketch", "values"),
    [
        (wave, {"height": 3, "pitch": 0.5}),
        (petals, {"k": 3, "outward": False}),
        (inks, {"line": "teal", "colors": "desert"}),
        (inks, {"colors": "#000000 #ff0000 #00ff00 #0000ff #ffffff on #123456"}),
        (
            places,
            {
                "first": (1, 2),
                "ends": ((1, 1), (2, 2), (5, 7)),
                "sizes": (3, 0.5),
                "corner": (9, 8),
                "pens": ("red", "#00f8"),
                "array": (0, 1),
            },
        ),
        (dust, {"spread": 2.5, "seed": 77}),
        (pulse, {"beats": 7, "size": 0.25, "seed": 2**32 - 1}),
        (hills, {"width": 2.0, "lift": -1.0}),
    ],
)
def test_it_draws_what_the_sketch_draws_for_any_values_of_its_inputs(sketch, values):
    program = traced(sketch)
    assert {each.name for each in program.inputs} >= {
        {"seed": "key"}.get(name, name) for name in values
    }
    for chosen in ({}, values):
        art = sketch(**chosen)
        assert program.film == (not isinstance(art, ga.Scene))
        for u in (0.0, 0.3):
            same(program(u, **chosen), art(u) if program.film else art)


def test_other_values_can_be_those_that_it_is_traced_with():
    program = traced(dust, {"spread": 2.5}, seed=9)
    same(program(), dust(spread=2.5, seed=9))
    same(program(spread=1.0), dust(spread=1.0, seed=9))
    assert program.values == {"spread": 2.5}
    assert program.seed == 9


def test_inputs_are_told_with_their_numbers():
    told = {each.name: (each.kind, np.shape(each.now)) for each in traced(places).inputs}
    assert told == {
        "first": ("list", (2,)),
        "ends": ("list", (3, 2)),
        "sizes": ("list", (2,)),
        "corner": ("list", (2,)),
        "pens": ("list", (2, 4)),
        "array": ("list", (2,)),
    }
    line, colors = traced(inks).inputs
    assert (line.kind, colors.kind, colors.now.shape) == ("color", "palette", (6, 4))
    beats, size, key = traced(pulse, seed=3).inputs
    assert (beats.kind, beats.now, size.now) == ("int", 3, 1.0)
    assert key.kind == "key"
    assert key.parameter is None
    assert key.now.tolist() == [0, 3]
    _height, pitch = traced(wave).inputs
    assert (pitch.parameter.bounds.high, pitch.parameter.bounds.log) == (9, True)
    taken = [str(v.aval) for v in traced(pulse).jaxpr.jaxpr.invars]
    assert taken == ["i64[]", "f64[]", "u32[2]", "f64[]"] or "int64[]" in taken[0]


def choices(
    look: Literal["a", "b"] = "a",
    style: Look = Look.PLAIN,
    file: Path | None = None,
    word="hello",
    words=("a", "b"),
    mixed=(1, "b"),
    none: float | None = None,
    ragged=((1.0,), (1.0, 2.0)),
    empty: list[float] = [],  # noqa: B006
):
    return ga.scene(ga.lines(T[:, None] * np.ones(2)))


def test_what_holds_no_numbers_is_fixed():
    fixed = {each.name: each.why for each in traced(ga.sketch(choices)).fixed}
    assert fixed == {
        "look": "it is a choice between a few, which is made beforehand",
        "style": "it is a choice between a few, which is made beforehand",
        "file": "it is a file, which is read beforehand",
        "word": "it is a text, which is set beforehand",
        "words": "it is a text, which is set beforehand",
        "mixed": "it is a text, which is set beforehand",
        "none": "it has no value",
        "ragged": "it is a list of lists that differ in length",
        "empty": "it is an empty list",
    }


COUNT, TEXT = "it says how many there are", "a text says what it is"
USES = {
    "jnp.linspace(0, 1, x)": COUNT,
    "jnp.arange(x)": COUNT,
    "jnp.zeros(x)": COUNT,
    "[0.0] * x": COUNT,
    "list(range(x))": COUNT,
    "[1.0, 2.0, 3.0, 4.0][x]": COUNT,
    "ga.grid(x, 3, ((0, 0), (1, 1)))": COUNT,
    "jnp.arange(int(x))": COUNT,
    "1.0 if x > 2 else 0.0": "Python asks about it, as in an if",
    "max(x, 1)": "Python asks about it, as in an if",
    "jnp.array(T)[T < x]": "how many are left of an array depends on it",
    "np.sin(x)": "NumPy computes with it",
    "math.sin(x)": "Python computes with it, by float() or the module math",
    "[ga.text(f'{x}', (0, 0)), 1.0][1]": TEXT,
    "[ga.text(f'{x:.2f}', (0, 0)), 1.0][1]": TEXT,
    "[ga.text(str(x), (0, 0)), 1.0][1]": TEXT,
    "ga.contours(lambda p: x * p @ p, 3, box=((0, 0), (1, 1)))": (
        "ga.contours computes with it beforehand, in Python"
    ),
    "ga.dash(x * T[:, None] * np.ones(2), [0.1])": (
        "ga.dash computes with it beforehand, in Python"
    ),
    "ga.hatch([(0, 0), (1, 0), (1, 1)], 0.1 * x)": (
        "ga.hatch computes with it beforehand, in Python"
    ),
    "ga.noise(jax.random.key(1), octaves=x)(jnp.ones(2))": COUNT,
}


@pytest.mark.parametrize("use", some(USES))
def test_what_cannot_be_traced_is_fixed_and_says_why(use, tmp_path):
    file = tmp_path / "strange.py"
    file.write_text(
        "import math\nimport jax\nimport jax.numpy as jnp\nimport numpy as np\n"
        "import gradart as ga\nT = np.linspace(0, 6, 50)\n@ga.sketch\n"
        "def strange(y=1.0, x=3):\n"
        f"    used = {use}\n"
        "    return ga.scene(ga.dots((y, jnp.nansum(jnp.asarray(used)))))\n"
    )
    (sketch,) = load(file).sketches
    program = traced(sketch)
    assert [each.name for each in program.inputs] == ["y"]
    (fixed,) = program.fixed
    assert (fixed.name, fixed.value, fixed.line) == ("x", 3, 9)
    assert fixed.why == USES[use]
    same(program(y=5.0), sketch(y=5.0))


def test_what_works_alone_and_not_together_is_the_most_that_works():
    @ga.sketch
    def pairs(a=1.0, b=2.0, c=3.0):
        if isinstance(a, jax.Array) and isinstance(b, jax.Array):
            raise ValueError("not both")
        return ga.scene(ga.dots((a + b, c)))

    program = traced(pairs)
    assert [each.name for each in program.inputs] == ["a", "c"]
    assert [(each.name, each.why) for each in program.fixed] == [("b", "ValueError: not both")]


def test_what_nothing_depends_on_is_fixed():
    @ga.sketch
    def two(key, a=1.0, b=2.0, c=3.0):
        unused = jnp.sin(b) + jax.random.uniform(key)
        return ga.scene(ga.dots((a, c)), *[ga.dots((0, unused))] * 0)

    program = traced(two)
    assert [each.name for each in program.inputs] == ["a", "c"]
    assert [(each.name, each.value) for each in program.fixed] == [("b", 2.0), ("key", 0)]
    assert {each.why for each in program.fixed} == {"nothing that is drawn depends on it"}
    same(program(c=9.0), two(c=9.0))


def test_of_numbers_that_are_needed_together_all_are_fixed():
    @ga.sketch
    def rings(turns=2.0, each=10, width=0.3):
        return ga.scene(ga.circles((0, 0), 1 + jnp.arange(int(turns * each)), width=width))

    program = traced(rings)
    assert [each.name for each in program.inputs] == ["width"]
    assert {each.name for each in program.fixed} == {"turns", "each"}
    same(program(width=2.0), rings(width=2.0))


def test_what_does_not_depend_on_an_input_is_computed_beforehand_where_python_needs_it():
    program = traced(hills)
    assert [each.name for each in program.inputs] == ["width", "lift"]
    assert program.fixed[0].why == "ga.contours computes with it beforehand, in Python"
    assert len(program.jaxpr.jaxpr.eqns) < 10


def test_what_stands_still_is_drawn_as_the_sketch_draws_it():
    @ga.sketch
    def still(lift=0.0):
        ring, line = jnp.array([1.0, 2.0]), jnp.stack([jnp.linspace(0, 1, 99), jnp.zeros(99)], -1)
        return ga.scene(
            ga.curve(lambda t: ring * jnp.array([jnp.cos(t), jnp.sin(t)]), 0, 6),
            ga.lines(ga.simplify(line, 0.01)),
            ga.dots((0.0, lift)),
        )

    program = traced(still)
    assert [each.name for each in program.inputs] == ["lift"]
    same(program(lift=3.0), still(lift=3.0))


def test_a_program_that_is_refused_is_traced_otherwise():
    @ga.sketch
    def roots(a=1.0, b=2.0):
        still = jnp.linalg.eigvalsh(jnp.array([(2.0, 1.0), (1.0, 3.0)]))
        moving = jnp.linalg.eigvalsh(jnp.array([(2.0, 1.0), (1.0, a)]))
        return ga.scene(ga.dots((still[0], b)), ga.dots(moving))

    def refused(jaxpr):
        return "there is no eigh" if "eigh" in set(_primitives(jaxpr)) else None

    assert [each.name for each in traced(roots).inputs] == ["a", "b"]
    program = traced(roots, refused=refused)
    assert [each.name for each in program.inputs] == ["b"]
    assert [(each.name, each.why) for each in program.fixed] == [("a", "there is no eigh")]
    same(program(b=7.0), roots(b=7.0))
    with pytest.raises(ga.ArtError, match="no sine"):
        traced(pulse, refused=lambda jaxpr: "no sine" if "sin" in set(_primitives(jaxpr)) else None)


def test_a_program_much_heavier_than_the_drawing_is_refused(monkeypatch):
    @ga.sketch
    def coast(lift=0.0):
        points = np.stack([np.linspace(0, 1, 1000), np.zeros(1000)], -1)
        return ga.scene(ga.lines(ga.simplify(points + jnp.array([0, lift]), 0.01)))

    assert len(traced(coast).inputs) == 1
    monkeypatch.setattr(traced_sketch, "MOST", 1000)
    (fixed,) = traced(coast).fixed
    assert fixed.why == "the page would be heavy, of 0 million numbers"
    same(traced(coast)(), coast())


def test_blocks_of_many_are_fixed_and_stay():
    @ga.sketch
    def crowd(size=0.2):
        def block(i):
            return ga.dots(jax.random.uniform(jax.random.key(i), (9, 2)), size)

        return ga.scene(ga.many(3, block), box=((0, 0), (1, 1)))

    program = traced(crowd)
    assert not program.inputs
    assert program.fixed[0].why == ("ga.many computes its blocks beforehand, in Python")
    shape = program().marks[0].shape
    assert isinstance(shape, Many)
    assert len(shape.block(2)) == 1


def test_errors_and_warnings_are_those_of_the_sketch():
    @ga.sketch(seconds=1)
    def asks(size=1.0):
        return lambda u: ga.scene(ga.dots((0, 0), size if u < 0.5 else 2.0))

    with pytest.raises(jax.errors.TracerBoolConversionError):
        traced(asks)
    with pytest.raises(ga.ArtError, match="has no parameter hight; did you mean height"):
        traced(wave, {"hight": 2})

    @ga.sketch
    def warns(x=1.0):
        warnings.warn("look out", ga.ArtWarning, stacklevel=1)
        return ga.scene(ga.dots((x, 0)))

    with pytest.warns(ga.ArtWarning, match="look out") as told:
        traced(warns)
    assert len(told) == 1


PIECES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {  # traced with these, called with those
    "coffee_cup": ({"n": 40}, {"lamp": -20.0, "alpha": 0.3}),
    "derivative_rosette": ({"strands": 3}, {"petals": 5, "shrink": 0.9}),
    "evolute_film": ({"n": 20}, {"wide": 1.5, "high": 1.2}),
    "knot_whiskers": ({"n": 40}, {"p": 3, "q": 5, "azimuth": 10.0}),
    "phyllotaxis": ({"n": 50}, {"angle": 99.0, "seed_size": 0.5}),
    "ridgelines": ({"rows": 5}, {"height": 0.7, "seed": 5}),
    "signs": ({"strands": 60}, {"second": 0.3, "pitch": 2.5}),
    "schotter": ({"rows": 4}, {"disorder": 2.0, "seed": 6}),
    "skiers": ({"n": 5}, {"rate": 0.01, "tail": 0.1, "tilt": 60.0, "seed": 8}),
    "truchet": ({"n": 4}, {"seed": 1}),
    "wavefronts": ({"n": 5}, {"b": 0.8}),
}


LIGHT = {"phyllotaxis", "schotter", "truchet"}


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.exhaustive] * (name not in LIGHT)) for name in PIECES],
)
def test_pieces_are_drawn_alike(name):
    (static, values), sketch = PIECES[name], SKETCHES[name]
    program = traced(sketch, static)
    assert {each.name for each in program.inputs} >= {
        {"seed": "key"}.get(each, each) for each in values
    }
    art = sketch(**static, **values)
    same(program(0.3, **values), art(0.3) if program.film else art)
    assert not [each for each in _primitives(program.jaxpr) if "callback" in each]


def _primitives(jaxpr):
    for eqn in parts(jaxpr)[0].eqns:
        yield eqn.primitive.name
        for inner in inner_jaxprs(eqn.params):
            yield from _primitives(inner)


def test_a_still_that_is_made_already_is_not_drawn_once_more():
    drawn = []

    @ga.sketch
    def spread(n=5, wide=0.3):
        drawn.append(isinstance(wide, jax.core.Tracer))
        points = jnp.linspace(0, 1, 2 * n).reshape(n, 2)
        return ga.scene(ga.dots(points, wide * jnp.sin(points[:, 0])))

    made = spread()
    drawn.clear()
    alone = traced(spread)
    calls = drawn.copy()
    drawn.clear()
    found = traced(spread, made=made)
    assert len(drawn) == len(calls) - 1
    assert [each.name for each in found.inputs] == [each.name for each in alone.inputs] == ["wide"]
    for one, other in zip(jax.tree.leaves(found()), jax.tree.leaves(alone()), strict=True):
        np.testing.assert_array_equal(one, other)
