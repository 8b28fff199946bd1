"""One way to every derivative, against plain JAX on the same functions without own rules."""

import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sampling import some

import gradart as ga

pytestmark = pytest.mark.usefixtures("double")

POINTS = np.array([[0.3, 0.4], [0.7, 1.1]])
WAYS = np.array([1.0, 2.0])
BOX = ((0.1, 0.1), (1, 1))


def backward(f, df):
    """f with its derivative taught by custom_vjp alone."""

    @jax.custom_vjp
    def g(x):
        return f(x)

    g.defvjp(lambda x: (g(x), x), lambda x, ct: (ct * df(x),))
    return g


def hosted(f):
    """A function that JAX cannot look into."""
    return lambda x: jax.pure_callback(
        f, jax.ShapeDtypeStruct(x.shape, x.dtype), x, vmap_method="broadcast_all"
    )


sine = backward(jnp.sin, jnp.cos)
cosine_outside = backward(hosted(np.cos), hosted(lambda x: -np.sin(x)))
sine_outside = backward(hosted(np.sin), cosine_outside)


@jax.custom_vjp
def exponential(x):
    return jnp.exp(x)


exponential.defvjp(lambda x: (exponential(x),) * 2, lambda y, ct: (ct * y,))


@jax.custom_vjp
def clipping(x):
    return jnp.sin(x)


# No transpose: a rule that is not linear, as those that bound slopes are.
clipping.defvjp(lambda x: (clipping(x), x), lambda x, ct: (jnp.clip(ct, -2, 2) * jnp.cos(x),))


def loop(p):
    """Reverse mode does not follow it."""

    def body(state):
        i, x = state
        return i + 1, x + 0.1 * jnp.sin(x)

    return jax.lax.while_loop(lambda s: s[0] < 5, body, (0, p[0]))[1] + p[1] ** 2


def kinked(p):
    """Reverse mode multiplies an infinite slope by 0."""
    return jnp.where(p[0] < 1, p[0] ** 2, jnp.sqrt(p[0] - 1) + 1) + p[1] ** 2


def scanned(f):
    return lambda p: jax.lax.scan(lambda x, _: (f(x) + 0.1 * p[1], None), p[0], length=3)[0]


FIELDS = {
    "custom_vjp": (lambda p: sine(p[0]) * p[1], lambda p: jnp.sin(p[0]) * p[1]),
    "of its own value": (lambda p: exponential(p[0]) * p[1], lambda p: jnp.exp(p[0]) * p[1]),
    "outside of JAX": (lambda p: sine_outside(p).sum(), lambda p: jnp.sin(p).sum()),
    "not linear": (lambda p: clipping(p).prod(), lambda p: jnp.sin(p).prod()),
    "a loop": (loop, loop),
    "a loop and custom_vjp": (
        lambda p: sine(loop(p)) * exponential(p[1]),
        lambda p: jnp.sin(loop(p)) * jnp.exp(p[1]),
    ),
    "in a scan": (scanned(sine), scanned(jnp.sin)),
    "in branches": (
        lambda p: jax.lax.cond(p[0] > 0, lambda q: sine(q).sum(), lambda q: q[0], p),
        lambda p: jnp.sin(p).sum(),
    ),
    "in a checkpoint": (
        jax.jit(jax.checkpoint(lambda p: sine(p).sum())),
        lambda p: jnp.sin(p).sum(),
    ),
    "of many numbers": (
        lambda p: sine(p[0] * jnp.arange(1.0, 9) + p[1]).sum(),
        lambda p: jnp.sin(p[0] * jnp.arange(1.0, 9) + p[1]).sum(),
    ),
    "kinked": (kinked, lambda p: p[0] ** 2 + p[1] ** 2),
}


@pytest.mark.parametrize("name", some(FIELDS))
def test_a_field_has_one_gradient_whatever_its_rules(name):
    field, same = FIELDS[name]
    points = jnp.asarray(POINTS)
    gradient = jax.vmap(jax.jacfwd(same))(points)
    bends = jax.vmap(jax.jacfwd(jax.jacfwd(same)))(points)
    np.testing.assert_allclose(ga.gradient(field, points), gradient, rtol=1e-12)
    np.testing.assert_allclose(ga.hessian(field, points), bends, rtol=1e-10, atol=1e-12)
    if name != "kinked":  # Taylor mode gives the root's second derivative on the other branch
        slopes = ga.jet(field, points, WAYS, order=2)
        np.testing.assert_allclose(slopes[1], gradient @ WAYS, rtol=1e-12)
        second = np.einsum("nij,i,j->n", bends, WAYS, WAYS)
        np.testing.assert_allclose(slopes[2], second, rtol=1e-10, atol=1e-12)
    paths = ga.descend(field, points, rate=0.01, steps=1)
    np.testing.assert_allclose(paths[:, 1], points - 0.01 * gradient, rtol=1e-12)


@pytest.mark.exhaustive
def test_a_field_with_any_rules_works_wherever_its_gradient_is_used():
    field, same = FIELDS["a loop and custom_vjp"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ga.ArtWarning)
        for f in (
            lambda f: ga.contours(f, 3, box=BOX, resolution=20),
            lambda f: ga.critical_points(f, box=((-2, -2), (2, 2))).points,
            lambda f: ga.descend(f, POINTS, method="lbfgs", rate=1.0, steps=3),
            lambda f: ga.streamlines(f, separation=0.2, box=BOX),
            lambda f: ga.even_levels(f, 3, box=BOX, resolution=20),
        ):
            np.testing.assert_allclose(f(field), f(same), rtol=1e-6, atol=1e-9)


def test_separatrices_of_a_field_that_only_knows_its_derivative_backward():
    square = backward(lambda x: x**2, lambda x: 2 * x)
    box = ((-1, -1), (1, 1))
    found = ga.separatrices(lambda p: square(p[0]) - square(p[1]), box=box)
    np.testing.assert_allclose(found, ga.separatrices(ga.saddle(), box=box), atol=1e-12)


def test_a_curve_that_only_knows_its_derivative_backward():
    def curve(t):
        return jnp.stack([sine(t), exponential(t)])

    def same(t):
        return jnp.stack([jnp.sin(t), jnp.exp(t)])

    t = np.linspace(0, 1, 4)
    np.testing.assert_allclose(ga.jet(curve, t, 4), ga.jet(same, t, 4), rtol=1e-12)
    for f in (ga.speed, ga.normal, ga.curvature, ga.tangent):
        np.testing.assert_allclose(f(curve, t), f(same, t), rtol=1e-12)


def test_the_rule_counts_and_not_what_the_function_computes():
    """As in a straight-through estimate: the derivative is the artist's own, everywhere."""
    steps = backward(jnp.round, jnp.ones_like)
    p = np.array([[0.2, 0.7]])

    def field(p):
        return steps(3 * p).sum()

    np.testing.assert_array_equal(ga.gradient(field, p), [[3, 3]])
    np.testing.assert_array_equal(ga.along(field, p, WAYS), [9])
    np.testing.assert_allclose(ga.descend(field, p, rate=0.1, steps=1)[:, 1], [[-0.1, 0.4]])
    np.testing.assert_array_equal(ga.derivative(lambda t: steps(2 * t), 0.3), 2)


def test_a_family_whose_members_know_their_derivative_backward_has_its_envelope():
    cosine = backward(jnp.cos, lambda x: -jnp.sin(x))

    def family(cos, sin):
        return lambda u: lambda t: jnp.stack([(1 - t) * cos(u), t * sin(u)])

    u = np.linspace(0.2, 1.2, 3)
    found = ga.point(ga.envelope(family(cosine, sine)), u)
    np.testing.assert_allclose(found, np.stack([np.cos(u) ** 3, np.sin(u) ** 3], -1), rtol=1e-9)


@pytest.mark.parametrize(
    "use",
    [
        lambda f: ga.gradient(f, POINTS),
        lambda f: ga.hessian(f, POINTS),
        lambda f: ga.along(f, POINTS, WAYS),
        lambda f: ga.jet(lambda t: f(jnp.stack([t, t])), 0.5, 1),
        lambda f: ga.descend(f, POINTS),
        lambda f: ga.contours(f, 3, box=BOX, resolution=10),
        lambda f: ga.critical_points(f, box=BOX),
        lambda f: ga.streamlines(f, separation=0.2, box=BOX),
    ],
)
def test_a_function_without_a_derivative_is_told_in_one_line(use):
    with pytest.raises(
        ga.ArtError, match=r"^the function calls back to Python .*custom_jvp"
    ) as told:
        use(lambda p: hosted(np.sin)(p[0]))
    assert "\n" not in str(told.value)


def test_a_callback_for_one_point_at_a_time_is_told():
    kind = jax.ShapeDtypeStruct((), jnp.result_type(float))
    field = lambda p: jax.pure_callback(lambda x: (x @ x).astype(kind.dtype), kind, p)  # noqa: E731
    for f in (ga.gradient, ga.value):
        with pytest.raises(ga.ArtError, match="vmap_method='sequential'"):
            f(field, [0.3, 0.4])


def test_the_second_derivative_of_a_length_is_right_where_both_sides_are_alike():
    places = jnp.array([[1.0, 1], [1, -1], [3, 4], [0, 2], [1e200, 1e200], [0, 0]])
    slopes = ga.gradient(lambda p: jnp.hypot(p[0], p[1]), places)
    bends = ga.hessian(lambda p: jnp.hypot(p[0], p[1]), places)
    with np.errstate(over="ignore", invalid="ignore"):
        length = np.hypot(*places.T)[:, None]
        way = np.nan_to_num(places / length)
    across = np.stack([-way[:, 1], way[:, 0]], -1)
    np.testing.assert_allclose(slopes, way, atol=1e-15)
    bent = across[:, :, None] * across[:, None, :] / np.where(length > 0, length, 1)[..., None]
    np.testing.assert_allclose(bends, bent, atol=1e-15)
    towers = [ga.jet(f, jnp.array([0.0, 0.3]), order=4) for f in (alike, alike_by_a_root)]
    np.testing.assert_allclose(*towers, rtol=1e-13)


def alike(t):
    return jnp.hypot(1 + t, 1 + 2 * t)


def alike_by_a_root(t):
    return jnp.sqrt((1 + t) ** 2 + (1 + 2 * t) ** 2)
