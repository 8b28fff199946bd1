"""Every number of every piece reaches the page: its derivative is that of the marks, in mm."""

import functools
import re
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from same_lines import grown_alike
from sampling import some

import gradart as ga
from gradart.calculus.programs.present_values import moves
from gradart.optimizing.placed_marks.marks_in_mm import laid_on_page
from gradart.optimizing.placed_marks.placed import placed
from gradart.rendering.layout.page import fit, page
from gradart.rendering.layout.transform import place
from gradart.sketching.loading import load, sketch_files

SKETCHES = {
    sketch.name: sketch
    for file in sketch_files(Path(__file__).parents[2] / "sketches")
    for sketch in load(file).sketches
}
EVERY = [
    (name, parameter.name)
    for name, sketch in SKETCHES.items()
    for parameter in sketch.parameters
    if parameter.type == "float"
]
# Lighter than in the gallery; and where all of it is chaos, which no difference can follow, calmer.
LIGHTER: dict[str, dict[str, object]] = {
    "approximation": {"runs": 50},
    "arcs": {"n": 20, "steps": 2, "pixels": 64},
    "attractor": {"n": 2000, "a": 0.4, "b": 0.5, "c": 0.3, "d": 0.2},
    "braid": {"pieces": 50},
    "coffee_cup": {"n": 60},
    "crests": {"resolution": 40},
    "delta": {"n": 100, "steps": 60},
    "derivative_rosette": {"strands": 3},
    "derivative_tower": {"strands": 3},
    "descenders": {"steps": 80},  # after 90 the steps of rmsprop are rounding, which has grown
    "descent_1d": {"steps": 12},
    "domain_coloring": {"pixels": 50, "orders": 1},
    "drum": {"pixels": 40, "side": 1},
    "engraved_terrain": {"separation": 5.0},
    "engraving": {"spacing": 6.0},
    "epicycles": {"steps": 2, "moments": 2},
    "functions": {"samples": 12},
    "gray_scott": {"cells": 80, "steps": 1000},
    "gyroid": {"spacing": 0.1},
    "inflation": {"strands": 100},
    "islands": {"orbits": 6, "passages": 10, "energy": 0.05},
    "jacobi": {"fronts": 10, "rays": 100},
    "kneser": {"n": 11},
    "knot_whiskers": {"n": 37, "p": 1, "q": 2},
    "lorenz": {"n": 100},
    "marbling": {"spacing": 0.5},
    "one_line": {"order": 3, "steps": 1, "pixels": 64},
    "photograph": {"pixels": 60},
    "raindrop": {"walls": 3, "resolution": 40},
    "ridges": {"lines": 12},
    "riemann": {"rings": 3, "rays": 3},
    "root_cells": {"pixels": 50},
    "skeleton": {"pixels": 50},
    "skiers": {"n": 12},
    "streams": {"separation": 8.0},
    "strokes": {"n": 20, "steps": 2, "pixels": 64},
    "three_pens": {"n": 10, "steps": 2, "pixels": 64},
    "title": {"turns": 1, "whiskers": 24, "waves": 3},
    "too_large": {"steps": 3},
    "turing": {"cells": 80},
    "warped_word": {"spacing": 0.3},
    "wavefronts": {"n": 4},
    "whiskers": {"n": 1000},
}
# Of these a few sheets are drawn by pytest -m exhaustive, all others by -m pieces.
SOME = {"forward_spiral", "title", "braid", "kneser", "wavefronts", "gradient_of_tanh"}
STILL = {  # what does not move anything, and why
    ("approximation", "x"): "what is drawn is rounding, whose size does not depend on x",
    ("approximation", "run"): "it is only read, in figures",
    ("crests", "length"): "what is found on a surface stays",
    ("crests", "height"): "what is found on a surface stays",
    ("gyroid", "waves"): "what is found on a surface stays",
    ("gyroid", "spacing"): "it decides which lines there are",
    ("ridges", "flat"): "it decides which points are drawn",
    ("watersheds", "least"): "it decides which summits have a label",
    ("streams", "separation"): "it decides which lines there are",
    ("strokes", "length"): "the fit begins with it, and where it ends is held",
    ("warped_word", "spacing"): "it decides which lines there are",
    ("three_pens", "length"): "the fit begins with it, and where it ends is held",
}
_STAYS = ..., "what is found on a surface stays in space, and for others there is other to find"
_GRID = ..., "the grid on which a hatch knows its flow is another"
ROUGH = {  # what differences cannot follow, of which leaves, and why
    **{("crests", of): _STAYS for of in ("length", "height")},
    **{("gyroid", of): _STAYS for of in ("waves", "spacing", "azimuth", "elevation")},
    **{("jacobi", of): _STAYS for of in ("depth", "height")},
    **{("riemann", of): _STAYS for of in ("height", "azimuth", "elevation")},
    **{("warped_word", of): _GRID for of in ("spacing", "stretch")},
    ("approximation", "x"): (..., "what is drawn is rounding, which jumps at each number"),
    ("three_frameworks", "reach"): ((2, 2), "the segments are differences of roundings"),
}
# What the structure of a piece depends on, as the error says that comes where all its float
# parameters are traced; all others trace.
_LEVELS, _LINES, _BLUR = r"^ga\.contours has", r"^ga\.streamlines has", "^smooth is traced"
_WORDS, _FIT, _MANY = "^a text shows", r"^ga\.fit goes down", r"^ga\.many computes"
_UNFRAMED = "^a film without a box is fitted to all of its frames"
NEEDS_NUMBERS = {
    **dict.fromkeys(["descent_2d", "descenders", "directions", "two_starts"], _LEVELS),
    **dict.fromkeys(["engraving", "streams"], _LINES),
    **dict.fromkeys(["delta", "engraved_terrain", "photograph", "ridges"], _BLUR),
    "approximation": _WORDS,
    **dict.fromkeys(["arcs", "hachures", "moire", "one_line", "strokes", "three_pens"], _FIT),
    **dict.fromkeys(["hatched", "warped_word"], r"^ga\.hatch has"),
    **dict.fromkeys(["one_tour", "stippling"], r"^ga\.stipple has"),
    **dict.fromkeys(["evolute_film", "skiers"], _UNFRAMED),
    "attractor": _MANY,
    "differential_growth": r"^ga\.differential_growth has",
    "flow_field": _LINES,
    **dict.fromkeys(["gray_scott", "turing"], "^the table is a traced value"),
    "marbling": r"^ga\.poisson has",
    "mondrian": r"^ga\.subdivide has",
    "plant": r"^ga\.rng is NumPy's",
    "raindrop": r"^ga\.caustics has",
    "root_cells": r"^ga\.basins has",
    "watersheds": r"^ga\.morse_smale has",
    "torus": r"^ga\.occlude has",
    **dict.fromkeys(["crests", "gyroid", "jacobi", "riemann"], r"^ga\.surface has"),
    # By the sketch's own hand, and so in JAX's words.
    "epicycles": "__array__",  # the spline through its clef, of scipy
    "inflation": r"jnp\.nonzero",  # which year is the last
    "islands": "boolean indices",  # which starts have that energy
    "kneser": "the `int` function",  # how many whiskers a turn has
    "packing": "boolean conversion",  # which size is the smaller one
    "three_frameworks": "the `float` function",  # what the other two compute with
}
TRACED = dict.fromkeys(name for name, _ in EVERY if name not in NEEDS_NUMBERS)
# Of the numbers; some lie where a small change joins or parts something, or, of a contour, where a
# point comes to a node of the grid. None do in these.
SHARE = 0.98
WHOLE = {"derivative_rosette", "forward_spiral"}


def leaves(marks):
    return [leaf for leaf in jax.tree.leaves(marks) if jnp.issubdtype(leaf.dtype, jnp.floating)]


def drawn(name, values):
    return leaves(placed(SKETCHES[name], {**LIGHTER.get(name, {}), **values}))


@pytest.fixture(autouse=True)
def exact(monkeypatch):
    """With all points, to their last digit, the same streamlines, and fits that end alike."""
    monkeypatch.setattr(ga, "rounded", lambda points, decimals: points)
    monkeypatch.setattr(ga, "simplify", lambda points, tolerance: points)
    fit, ended = ga.fit, {}

    def fit_alike(drawing, target, start, **options):
        if moves((start, jax.make_jaxpr(drawing)(start).consts)):
            return fit(drawing, target, start, **options)
        each = options.get("scales")  # which tell the fits of one drawing apart
        if each not in ended:
            ended[each] = fit(drawing, target, start, **options)
        return replace(ended[each], drawing=drawing)

    monkeypatch.setattr(ga, "fit", fit_alike)
    grown_alike(monkeypatch)


def _marks(name):
    return [pytest.mark.exhaustive if name in SOME else pytest.mark.pieces]


def _value(name, parameter):
    default = next(p.default for p in SKETCHES[name].parameters if p.name == parameter)
    return float(LIGHTER.get(name, {}).get(parameter, default))


@pytest.mark.parametrize(
    ("name", "parameter"),
    [pytest.param(*each, marks=_marks(each[0]), id=".".join(each)) for each in EVERY],
)
@pytest.mark.filterwarnings("ignore::gradart.errors.ArtWarning", "ignore::RuntimeWarning")
def test_a_parameter_moves_the_picture_as_its_derivative_says(name, parameter):
    with jax.enable_x64(True):
        at = _value(name, parameter)
        f = functools.partial(_of, name, parameter)
        now, (rates,) = f(jnp.asarray(at)), jax.jacfwd(lambda x: (f(x),))(jnp.asarray(at))
        # Of two steps, for at one of them some choice may fall the other way.
        steps = [h * (abs(at) or 1.0) for h in (1e-5, 1e-6)]
        sides = [[f(jnp.asarray(at + s * h)) for s in (-1, 1)] for h in steps]
        compared = 0
        for leaf in range(len(now)):
            y, rate = np.asarray(now[leaf]), np.asarray(rates[leaf])
            wrong = []
            for step, (before, after) in zip(steps, sides, strict=True):
                a, b = np.asarray(before[leaf]), np.asarray(after[leaf])
                if a.shape == b.shape == y.shape:  # else figures have changed, or a point is new
                    slope = (b - a) / (2 * step)
                    there = np.isfinite(slope) & np.isfinite(y)
                    size = np.abs(rate[there]).max(initial=1e-2)
                    wrong.append(np.abs(slope - rate)[there] > 2e-4 * size)
                    compared += there.sum()
            shares = [each.mean() if each.size else 0.0 for each in wrong]
            rough, _ = ROUGH.get((name, parameter), (None, ""))
            if rough is ... or rough == y.shape[1:]:
                continue
            allowed = 0 if name in WHOLE else 1 - SHARE
            assert min(shares, default=0.0) <= allowed, f"{shares} of leaf {leaf}, {y.shape}"
        assert compared
        largest = max(np.abs(np.asarray(rate)).max(initial=0) for rate in rates)
        assert (largest < 1e-9) == ((name, parameter) in STILL), largest
        _, pull = jax.vjp(f, jnp.asarray(at))
        weights = [np.cos(np.arange(y.size)).reshape(y.shape) for y in now]
        (slope,) = pull([jnp.asarray(w, y.dtype) for w, y in zip(weights, now, strict=True)])
        dot = sum(np.sum(w * r) for w, r in zip(weights, rates, strict=True))
        np.testing.assert_allclose(slope, dot, rtol=1e-7, atol=1e-7 * max(largest, 1e-3))


def _of(name, parameter, x):
    return drawn(name, {parameter: x})


def _traced(name):
    with jax.enable_x64(True):
        numbers = {parameter: _value(name, parameter) for of, parameter in EVERY if of == name}
        return jax.make_jaxpr(lambda values: drawn(name, values))(numbers)


@pytest.mark.parametrize("name", some(TRACED))
def test_a_piece_of_one_structure_is_traced_by_all_its_numbers(name):
    jaxpr = _traced(name).jaxpr
    read = {id(atom) for equation in jaxpr.eqns for atom in equation.invars}
    assert read >= set(map(id, jaxpr.invars))


@pytest.mark.exhaustive
@pytest.mark.filterwarnings("ignore::ImportWarning")
@pytest.mark.parametrize("name", NEEDS_NUMBERS)
def test_a_piece_whose_structure_depends_on_its_numbers_says_on_what(name):
    own = TypeError, IndexError  # of JAX
    with pytest.raises(ga.ArtError if NEEDS_NUMBERS[name][0] == "^" else own) as told:
        _traced(name)
    assert re.search(NEEDS_NUMBERS[name], str(told.value)), told.value
    if isinstance(told.value, ga.ArtError):
        assert "\n" not in str(told.value)


def test_all_numbers_of_all_pieces_are_looked_at():
    assert len(EVERY) > 75
    assert {*STILL, *ROUGH} <= set(EVERY)
    assert set(NEEDS_NUMBERS) <= {name for name, _ in EVERY}


@pytest.mark.exhaustive
def test_marks_are_placed_as_they_are_painted():
    """As `fit` and `place` have them: strokes, dots, type, a picture, and in a film's frame."""
    sheet = page("a5")
    scene = ga.scene(
        ga.lines([(0, 0), (1, 2), (np.nan, np.nan), (3, 1)], width=2.0),
        ga.dots([(0, 1), (2, 3)], [1.0, 4.0]),
        ga.text("edge", (3, 1), size=9),
        ga.raster(np.ones((2, 2)), ((-1, 0), (0, 1))),
    )
    with jax.enable_x64(True):
        found = laid_on_page(scene, [scene], sheet)
    painted = place(scene, fit([scene], sheet), sheet)
    for mine, theirs in zip(found, painted, strict=True):
        for a, b in zip(jax.tree.leaves(mine.shape), jax.tree.leaves(theirs.shape), strict=True):
            if np.shape(a) == np.shape(b):
                np.testing.assert_allclose(a, b, atol=1e-9)


@pytest.mark.exhaustive
def test_a_film_is_fitted_to_all_of_its_frames():
    """A dot that runs out to where it was told: the frame at rest moves with the farthest one."""

    @ga.sketch(page="square", margin=20.0, seconds=1, fps=4)
    def runner(far=3.0):
        def frame(u):
            return ga.scene(ga.dots([(0.0, 0.0), (far * jnp.sin(jnp.pi * u), 0.0)], 1.0))

        return frame

    with jax.enable_x64(True):
        dots, rate = jax.jvp(
            lambda far: placed(runner, {"far": far}, u=0.25)[0].shape.centers, (3.0,), (1.0,)
        )
    np.testing.assert_allclose(dots[:, 0], [21.0, 21 + 158 * np.sin(np.pi / 4)])
    np.testing.assert_allclose(rate, 0, atol=1e-12)  # the page is fitted to it


@pytest.mark.exhaustive
def test_a_text_of_a_number_shows_it_and_says_that_it_stays():
    @ga.sketch(page="square")
    def label(x=1.5):
        return ga.scene(
            ga.text(f"{x:.2f}", (x, 0)), ga.dots([(0, 0), (2, 1)]), box=((0, 0), (2, 2))
        )

    with pytest.warns(ga.ArtWarning, match="present value"):
        text, rate = jax.jvp(lambda x: placed(label, {"x": x})[0].shape.points, (1.5,), (1.0,))
    shown = placed(label, {"x": 1.5})[0].shape.points
    np.testing.assert_array_equal(text, shown)
    inked = np.isfinite(shown)
    np.testing.assert_allclose(np.asarray(rate)[..., 0][inked[..., 0]], 85.0)
