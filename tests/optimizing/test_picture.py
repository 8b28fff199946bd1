"""A picture as a function of JAX is the one that is rendered, and has the right derivatives."""

import doctest
import io
import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from PIL import Image
from sampling import some

import gradart as ga
from gradart.errors import ArtError
from gradart.optimizing.differentiable_picture import density_primitive
from gradart.optimizing.differentiable_picture import picture as module
from gradart.rendering.ink.blending import summed
from gradart.rendering.layout.page import fit, page
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.layout.transform import place

PX = 60
BOX = ((0, 0), (1, 1))
RNG = np.random.default_rng(5)
NUMBERS = {
    "points": RNG.uniform(0.1, 0.9, (6, 4, 2)),
    "width": RNG.uniform(2, 9, 6),
    "alpha": RNG.uniform(0.2, 0.5, 6),
    "corners": RNG.uniform(0.1, 0.9, (3, 7, 2)),
    "centers": RNG.uniform(0.1, 0.9, (5, 2)),
    "radius": np.array(12.0),
    "fill": RNG.uniform(0.1, 0.9, (5, 4)),
    "paper": np.array([0.9, 0.8, 0.7]),
}
WEIGHTS = RNG.normal(0, 1, (PX, PX, 3)).astype(np.float32)
WEIGHTS = np.asarray(np.cumsum(WEIGHTS, 0) / 8, np.float32)


def drawing(numbers, blend=None):
    blend = ga.ink(0.8) if blend is None else blend
    return ga.scene(
        ga.lines(
            numbers["points"],
            width=numbers["width"],
            stroke="#a04010",
            alpha=numbers["alpha"],
            blend=blend,
        ),
        ga.beziers(numbers["corners"], closed=True, width=3, alpha=0.4, blend=blend),
        ga.dots(numbers["centers"], radius=numbers["radius"], fill=numbers["fill"], blend=blend),
        box=BOX,
        paper=numbers["paper"],
    )


def picture(numbers, blend=None, **how):
    return ga.picture(drawing(numbers, blend), page="square", px=PX, **how)


def weighed(numbers, **how):
    return jnp.sum(picture(numbers, **how) * WEIGHTS)


def arrays(numbers):
    return jax.tree_util.tree_map(jnp.asarray, numbers)


def rendered(scene):
    data = ga.render(scene, format="png", page="square", px=PX)
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(float)


@pytest.mark.parametrize("blend", [ga.ink(0.8), ga.light(2), ga.ink(), ga.light()])
def test_it_is_what_is_rendered_before_it_is_rounded(blend):
    with jax.enable_x64(True):
        scene = drawing({**NUMBERS, "paper": "#4c6680"}, blend)
        seen = np.asarray(ga.picture(scene, page="square", px=PX))
    assert seen.shape == (PX, PX, 3)
    assert seen.dtype == np.float32
    assert np.abs(rendered(scene) - 255 * seen).max() < 1  # dithered up or down


def test_its_density_has_the_same_bits():
    with jax.enable_x64(True):
        scene, sheet = drawing(NUMBERS), page("square")
        grid, placement = pixel_grid(sheet, PX), fit([scene], page("square"))
        marks = [module._operands(mark, "", "ink") for mark in scene.marks]
        layout = density_primitive.Layout(grid, placement, tuple(block for block, _ in marks))
        operands = [value for _, values in marks for value in values]
        found = jax.jit(density_primitive.summed_density, static_argnums=1)(operands, layout)
        known = summed(place(scene, placement, sheet), "ink", grid)
    assert (np.asarray(found) == known).all()


@pytest.mark.parametrize("name", some(NUMBERS, 2))
def test_both_derivatives_are_those_of_differences(name):
    with jax.enable_x64(True):
        numbers = arrays(NUMBERS)
        way = RNG.normal(0, 1, NUMBERS[name].shape)
        step = 1e-4 if name not in ("width", "radius") else 3e-2
        if name in ("fill", "paper", "alpha"):
            step = 1e-2

        def along(value):
            return weighed({**numbers, name: value})

        there, back = along(numbers[name] + step * way), along(numbers[name] - step * way)
        backward = float((jax.jit(jax.grad(along))(numbers[name]) * way).sum())
        forward = float(jax.jvp(along, (numbers[name],), (jnp.asarray(way),))[1])
    assert backward == pytest.approx(float(there - back) / (2 * step), rel=0.02, abs=0.02)
    assert forward == pytest.approx(backward, rel=1e-5, abs=1e-4)


def test_it_can_be_differentiated_by_an_exposure():
    numbers = arrays(NUMBERS)
    rate = jax.grad(lambda exposure: weighed(numbers, exposure=exposure))(1.3)
    ends = [weighed(numbers, exposure=1.3 + step) for step in (0.01, -0.01)]
    assert float(rate) == pytest.approx(float(ends[0] - ends[1]) / 0.02, rel=2e-3)


def test_an_exposure_that_is_found_is_held():
    numbers = arrays(NUMBERS)

    def found(alpha):
        return weighed({**numbers, "alpha": alpha}, blend=ga.ink())

    def held(alpha):
        seen = picture({**numbers, "alpha": alpha}, ga.ink(), exposure=exposure)
        return jnp.sum(seen * WEIGHTS)

    ink = picture(numbers, ga.ink(), exposure=1.0)
    darker = picture(numbers, ga.ink())
    spot = np.unravel_index(np.argmin(ink), ink.shape)
    paper = numbers["paper"][spot[2]]
    exposure = float(jnp.log(darker[spot] / paper) / jnp.log(ink[spot] / paper))
    np.testing.assert_allclose(
        jax.grad(found)(numbers["alpha"]), jax.grad(held)(numbers["alpha"]), rtol=2e-3, atol=1e-2
    )


@pytest.mark.exhaustive
def test_under_jit_and_vmap_it_is_as_one_after_the_other():
    numbers = arrays(NUMBERS)
    some = jax.tree_util.tree_map(lambda x: jnp.stack([x, 0.9 * x, 0.8 * x]), numbers)
    fast = jax.jit(jax.vmap(jax.value_and_grad(weighed)))(some)
    for k in range(3):
        one = jax.value_and_grad(weighed)(jax.tree_util.tree_map(lambda x, k=k: x[k], some))
        for a, b in zip(
            jax.tree_util.tree_leaves(one), jax.tree_util.tree_leaves(fast), strict=True
        ):
            np.testing.assert_allclose(b[k], a, rtol=2e-4, atol=2e-3)
    rows = jax.vmap(lambda x: picture({**numbers, "radius": x}))(jnp.array([4.0, 12.0]))
    np.testing.assert_allclose(rows[1], picture(numbers), atol=1e-6)


@pytest.mark.exhaustive
def test_the_jacobian_is_the_same_both_ways():
    numbers = arrays(NUMBERS)

    def spots(centers):
        return picture({**numbers, "centers": centers})[::30, ::30, 0]

    one, two = jax.jacfwd(spots)(numbers["centers"]), jax.jacrev(spots)(numbers["centers"])
    np.testing.assert_allclose(one, two, rtol=1e-4, atol=1e-5)


def test_lines_are_laid_in_their_order_where_ink_and_light_take_turns():
    points = np.array([[(0.0, 0.5), (1.0, 0.5)]])
    ink = ga.lines(points, width=60, stroke="#804020", blend=ga.ink(1))
    light = ga.lines(points, width=60, stroke="#204080", blend=ga.light(1))
    for marks in ([ink, light], [light, ink], [ink, light, ink]):
        scene = ga.scene(marks, box=BOX)
        seen = 255 * np.asarray(ga.picture(scene, page="square", px=PX))
        turned = 255 * np.asarray(
            ga.picture(ga.scene(marks[1:], marks[:1], box=BOX), page="square", px=PX)
        )
        assert np.abs(rendered(scene) - seen).max() < len(marks) + 0.01  # rounded in between
        assert np.abs(rendered(scene)[30, 30] - turned[30, 30]).max() > 10


def test_pens_that_lift_have_no_gradient_nor_has_what_is_off_the_page():
    points = jnp.array([[(0.2, 0.2), (0.4, 0.3), (jnp.nan, jnp.nan), (0.6, 0.6), (0.7, 0.8)]])

    def ink(points):
        return jnp.mean(ga.picture(lines(points), page="square", px=PX))

    def lines(points):
        return ga.scene(ga.lines(points, width=5, blend=ga.ink(1)), box=BOX)

    gradient = jax.grad(ink)(points)
    assert np.isfinite(gradient).all()
    assert not gradient[0, 2].any()
    assert gradient[0, [0, 1, 3, 4]].all()
    assert not jax.grad(ink)(points + 9).any()


def test_nothing_is_paper():
    for marks in ([], [ga.lines(np.zeros((0, 2, 2)), blend="ink")]):
        seen = ga.picture(ga.scene(marks, paper="#336699", box=BOX), page="square", px=9)
        np.testing.assert_allclose(seen, np.broadcast_to([0.2, 0.4, 0.6], (9, 9, 3)), atol=1e-6)


def test_a_width_below_zero_is_none_and_gains_as_none_does():
    def ink(width):
        line = ga.lines([(0.1, 0.2), (0.9, 0.7)], width=width, blend=ga.ink(1))
        return jnp.mean(ga.picture(ga.scene(line, box=BOX), page="square", px=PX))

    assert float(ink(jnp.float32(-1.0))) == float(ink(jnp.float32(0.0)))
    assert float(jax.grad(ink)(0.0)) < 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: ga.scene(ga.lines(p), box=BOX), "mark 0 .lines. is laid over .* blend='ink'"),
        (lambda p: ga.scene(ga.lines(p, blend="ink")), "give its scene a box"),
        (lambda p: ga.scene(ga.lines(p, blend="ink"), box=p), "box of a picture's scene"),
        (lambda p: ga.lines(p, blend="ink"), "not of a Mark"),
        (
            lambda p: ga.scene(ga.lines(p, blend="ink"), box=BOX, paper="#ffffff00"),
            "no transparency",
        ),
    ],
)
def test_what_has_no_derivative_says_what_to_write(make, message):
    with pytest.raises(ArtError, match=message):
        jax.jit(lambda p: ga.picture(make(p), px=20))(jnp.array([(0.0, 0.0), (1.0, 1.0)]))


def test_what_is_computed_while_it_is_drawn_is_refused():
    dots = ga.many(3, lambda i: ga.dots(np.zeros((1, 2)), radius=1, blend="ink"))
    with pytest.raises(ArtError, match="mark 0"):
        ga.picture(ga.scene(dots, box=BOX), px=20)


@pytest.mark.exhaustive
def test_second_derivatives_are_refused():
    numbers = arrays(NUMBERS)

    def by_width(width):
        return weighed({**numbers, "width": width})

    width = numbers["width"]
    for second in (jax.grad(lambda w: jax.grad(by_width)(w).sum()), jax.hessian(by_width)):
        with pytest.raises(ArtError, match="first derivatives alone"):
            second(width)


def test_the_example_in_its_docstring_runs():
    found = doctest.testmod(module)
    assert found.attempted > 3
    assert not found.failed


@pytest.mark.exhaustive
def test_it_does_not_wait_for_the_only_thread():
    """As in `gradart run`, which gives XLA one thread: the picture's own sum runs in it."""
    code = """
import jax, jax.numpy as jnp, gradart as ga

def darkness(points):
    strokes = ga.lines(points, width=0.5, blend="ink")
    return jnp.mean(ga.picture(ga.scene(strokes, box=((0, 0), (1, 1))), page="square", px=900))

with jax.enable_x64(True):
    points = jax.random.uniform(jax.random.key(0), (3000, 2, 2))
    assert jax.jit(jax.grad(darkness))(points).dtype == points.dtype == jnp.float64
"""
    alone = {**os.environ, "NPROC": "1", "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", code], env=alone, timeout=100, check=True)
