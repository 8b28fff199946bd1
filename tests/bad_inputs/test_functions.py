"""The artist's functions, and their derivatives."""

import re

import jax
import jax.extend.core
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.errors import ArtError

pytestmark = pytest.mark.usefixtures("double")


def at(text, part):
    """The line of the sketch file that holds a part of the text; three are above it."""
    return text[: text.index(part)].count("\n") + 4


CURVE = """
@ga.sketch
def piece():
    t = jnp.linspace(0, 1, 9)
    def curve(t):
        return {result}
    return ga.scene(ga.lines(ga.point(curve, t)))
"""


def test_integers_are_cast_where_a_float_is_differentiated(studio, gradart):
    whole, real = np.arange(5), np.arange(5.0)
    for f in (jnp.sin, lambda t: jnp.array([t**3, jnp.exp(t)])):
        np.testing.assert_array_equal(ga.jet(f, whole, 2), ga.jet(f, real, 2))
    np.testing.assert_array_equal(ga.gradient(lambda p: p @ p, np.array([[1, 2]])), [[2.0, 4.0]])
    text = """
    @ga.sketch
    def piece(speed=1.0, start=2):
        def curve(t):
            return jnp.array([speed * t, jnp.sin(start * t)])
        return ga.scene(ga.lines(ga.jet(curve, jnp.arange(5), order=1)[1]))
    """
    for words in ([], ["--speed", "2"], ["--start", "3"]):
        assert gradart("run", studio("piece.py", text), "--px", 20, *words)[::2] == (0, [])


@pytest.mark.parametrize(
    ("result", "says"),
    [
        ("jnp.sin(t)", r"returns shape \(\), a curve returns \(2,\)"),
        ("jnp.zeros(4)", r"returns shape \(4,\), a curve returns \(2,\)"),
    ],
)
def test_a_curve_of_another_shape(refused, result, says):
    assert re.search("piece, line 10: .*" + says, refused(CURVE.format(result=result)))


def test_a_field_that_is_a_vector(refused):
    text = """
    @ga.sketch
    def piece():
        return ga.scene(ga.lines(ga.gradient(lambda p: 2 * p, jnp.ones((3, 2)))))
    """
    assert re.search(r"piece, line 7: .*\(2,\), a field returns \(\)", refused(text))


@pytest.mark.parametrize("result", ["None", "'up'", "(t, None)"])
def test_a_curve_of_no_numbers(refused, result):
    line = refused(CURVE.format(result=result))
    assert re.search(r"piece, line 10: the curve returns .*return one array", line)


def test_a_curve_of_complex_numbers(refused):
    line = refused(CURVE.format(result="jnp.exp(2j * t)"))
    assert re.search(r"piece, line 10: the curve returns complex .*z\.real, z\.imag", line)


@pytest.mark.parametrize(
    "result", ["jnp.array([1, 2])", "jnp.round(9 * t).astype(int) * jnp.array([1, 2])"]
)
def test_a_curve_of_integers(refused, result):
    line = refused(CURVE.format(result=result))
    assert re.search(r"piece, line 10: the curve returns integers.*derivative would be 0", line)


@pytest.mark.parametrize("call", ["math.sin(t)", "np.sin(t)", "float(t)"])
def test_a_function_that_jax_cannot_see_through(refused, call):
    text = CURVE.format(result=f"jnp.array([t, {call}])") + "\nimport math\nimport numpy as np\n"
    line = refused(text)
    assert line.startswith(f"gradart: piece, line {at(text, call)}: ")
    assert "use jax.numpy" in line


def test_an_if_on_a_traced_value(refused):
    text = CURVE.format(result="jnp.array([t, t if t > 0.5 else 0.0])")
    line = refused(text)
    assert line.startswith(f"gradart: piece, line {at(text, 'if t')}: ")
    assert "use jnp.where" in line


def test_a_primitive_without_a_taylor_rule_follows_its_own_derivative():
    """Here one made up: f' = 3 f, through no rule but its jvp."""
    grow = jax.extend.core.Primitive("grow")
    grow.def_impl(lambda x: jnp.exp(3 * x))
    grow.def_abstract_eval(lambda x: x)
    jax.interpreters.mlir.register_lowering(
        grow, jax.interpreters.mlir.lower_fun(lambda x: jnp.exp(3 * x), multiple_results=False)
    )
    jax.interpreters.batching.primitive_batchers[grow] = lambda args, axes: (
        grow.bind(*args),
        axes[0],
    )
    jax.interpreters.ad.defjvp(grow, lambda v, x: 3 * grow.bind(x) * v)
    t = np.array([0.0, 0.3])
    orders = np.arange(7)[:, None]
    np.testing.assert_allclose(ga.jet(grow.bind, t, 6), 3.0**orders * np.exp(3 * t), rtol=1e-12)


def test_a_primitive_without_any_derivative_is_named(refused):
    """A call out of JAX has none; as long as none is asked for, it can be drawn."""
    shape = "jax.ShapeDtypeStruct((), t.dtype)"
    call = f"jax.pure_callback(lambda x: x, {shape}, t, vmap_method='expand_dims')"
    text = CURVE.format(result=f"jnp.array([t, {call}])")
    line = refused(text.replace("ga.point(curve, t)", "ga.tangent(curve, t)"))
    assert re.search("piece, line 9: .*calls back to Python .*jax.custom_jvp", line)


def test_a_kink_has_the_derivative_that_is_documented():
    kinks = {
        jnp.abs: 0.0,
        jax.nn.relu: 0.0,
        lambda t: jnp.maximum(t, -t): 0.0,
        lambda t: jnp.maximum(t, 3 * t): 2.0,
    }
    for f, slope in kinks.items():
        np.testing.assert_array_equal(ga.jet(f, 0.0, 2), [0, slope, 0])
    assert "0 for abs and relu at 0, the mean for max where two meet" in " ".join(
        ga.jet.__doc__.split()
    )


ROOT = """
@ga.sketch
def piece():
    t = jnp.linspace(0, 1, 9)
    p, v = ga.jet(lambda t: jnp.array([t, {root}]), t, order=1)
    return ga.scene(ga.segments(p, p + v))
"""


@pytest.mark.parametrize(
    ("root", "status"),
    [("jnp.linalg.norm(jnp.array([t, t]))", 0), ("jnp.sqrt(t)", 2)],  # NaN, and infinite
)
def test_a_derivative_that_is_not_finite(studio, gradart, root, status):
    file = studio("piece.py", ROOT.format(root=root))
    found, _, [note, *error] = gradart("run", file, "--px", 20)
    assert re.search(r"note: piece, line 8: .*not finite at t = 0: use safe_norm", note)
    assert (found, len(error)) == (status, status // 2)


TRAPS = {
    "where": lambda t: jnp.where(t > 0, jnp.sqrt(t), 0.0),
    "sinc": lambda t: jnp.where(t == 0, 1.0, jnp.sin(t) / t),
}
REMEDIES = {
    "where": lambda t: jnp.where(t > 0, jnp.sqrt(jnp.where(t > 0, t, 1.0)), 0.0),
    "sinc": lambda t: jnp.sinc(t / jnp.pi),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_the_traps_of_reverse_mode_are_none_in_forward_mode(trap):
    """A series, and a slope carried forward, take the branch that is taken, and no other."""
    t = np.linspace(0, 1, 5)
    field, cure = (lambda p, f=f[trap]: f(p[0]) for f in (TRAPS, REMEDIES))
    points = np.stack([t, t], -1)
    assert np.isnan(jax.grad(field)(points[0])[0])  # the trap
    slopes = np.asarray(ga.gradient(field, points))
    assert np.isfinite(slopes).all()
    np.testing.assert_allclose(slopes, ga.gradient(cure, points), rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(ga.jet(TRAPS[trap], t, 1)[1], slopes[:, 0], rtol=1e-9, atol=1e-15)


def test_a_curve_of_no_speed_lifts_the_pen_and_is_counted(studio, gradart):
    text = """
    @ga.sketch
    def piece():
        t = jnp.array([-1.0, 0.0, 0.5, 0.0])
        cusp = lambda t: jnp.array([t**2, t**3])
        return ga.scene(ga.segments(ga.point(cusp, t), ga.point(cusp, t) + ga.{what}))
    """
    for what in ("normal(cusp, t)", "curvature(cusp, t)[:, None]"):
        file = studio("piece.py", text.format(what=what))
        status, _, [note] = gradart("run", file, "--px", 20)
        assert status == 0
        assert re.search(r"note: piece, line 9: .*at t = 0 and at 1 more", note), note


@pytest.mark.parametrize("order", ["-1", "1.5", "'two'", "None", "jnp.nan", "171", "True"])
def test_an_order_that_is_none(refused, order):
    text = f"""
    @ga.sketch
    def piece():
        return ga.scene(ga.lines(ga.jet(ga.circle(), jnp.zeros(3), order={order})[0]))
    """
    line = refused(text)
    assert re.search(r"piece, line 7: order is .*: give", line)


def test_an_order_that_is_none_in_python_too():
    for order in (-1, 1.5):
        with pytest.raises(ArtError, match="order is"):
            ga.derivative(jnp.sin, 0.0, order)
