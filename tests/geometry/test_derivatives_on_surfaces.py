"""What is found on a surface moves onto the curve that it is on a moment later.

Where along a curve its points lie is free. So they are moved by their derivative to both sides, and
what is 0 on the curve, told anew by its formula, has to be as small there as the square of the way.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga

BOX = ((-2,) * 3, (2,) * 3)
AXES = np.array([1.0, 1.6, 2.4])
H = 1e-4


def eye(a):
    return ga.camera(azimuth=-60 * a, elevation=30 * a, distance=6 * a)


def egg(a):
    return ga.surface(lambda p: p @ (a * AXES * p) - 1 + 0.1 * p[0] ** 3, box=BOX, resolution=16)


def slope_of_egg(p, a):
    return 2 * a * AXES * p + np.array([0.3, 0, 0]) * p**2


def height(q, a=1.0):
    return jnp.sin(1.3 * a * q[0]) * jnp.cos(q[1]) + 0.1 * q[0]


def land(a=1.0):
    box = ((-2, -2), (2, 2))
    return ga.surface(lambda q: jnp.append(q, height(q, a)), box=box, resolution=24)


def seen_edge_on(p, a):
    slope = jax.grad(height)(p[:2], 1.0)
    return jnp.append(-slope, 1) @ eye(a).way(p)


def unbent(p, a):
    """The bend of the land in the way that leads to an eye at infinity."""
    sight = ga.camera(azimuth=20 * a, elevation=40 * a).back
    normal = jnp.append(-jax.grad(height)(p[:2]), 1)
    ahead = (sight - (sight @ normal) / (normal @ normal) * normal)[:2]
    return ahead @ jax.hessian(height)(p[:2]) @ ahead


def ring(a):
    def off(p):
        return (ga.safe_norm(p[:2]) - 1) ** 2 + p[2] ** 2 - 0.2 * a

    return ga.surface(off, box=BOX, resolution=24)


def fold(a):
    def sheet(q):
        return jnp.append(q, -((q[0] - 0.3 * a * q[1]) ** 2))

    return ga.surface(sheet, box=((-1, -1), (1, 1)), resolution=21)


def bowl(a):
    return ga.surface(lambda p: p @ p - a, box=BOX, within=lambda p: p[2] - 0.3 * a, resolution=16)


CORNERS = np.array([(1, 0, 0.1), (0, 1, 0), (-1, -1, 0), (0.1, 0.2, 1.3)], float)
TENT = ga.Polyhedron(CORNERS, np.array([(0, 1, 3), (1, 2, 3), (2, 0, 3)]))

CASES = {
    "silhouettes of a map, by the eye": (
        lambda a: ga.silhouettes(land(), eye(a)),
        seen_edge_on,
    ),
    "silhouettes of a field, by the eye and the field": (
        lambda a: ga.silhouettes(egg(a), eye(a)),
        lambda p, a: jnp.stack(
            [p @ (a * AXES * p) - 1 + 0.1 * p[0] ** 3, slope_of_egg(p, a) @ eye(a).way(p)]
        ),
    ),
    "sections, by the field and the levels": (
        lambda a: ga.sections(land(), lambda p: p[2] * a + p[0], a * jnp.array([0.1, 0.5])),
        lambda p, a: (p[2] * a + p[0] - 0.1 * a) * (p[2] * a + p[0] - 0.5 * a),
    ),
    "sections of a mesh": (
        lambda a: ga.sections(TENT, lambda p: p[2] * a + p[0] / 3, [0.31 * a]),
        lambda p, a: p[2] * a + p[0] / 3 - 0.31 * a,
    ),
    "edges": (
        lambda a: ga.edges(bowl(a)),
        lambda p, a: jnp.stack([p @ p - a, p[2] - 0.3 * a]),
    ),
    "sides of a map": (
        lambda a: ga.edges(land(a)),
        lambda p, a: p[2] - height(p[:2], a),
    ),
    "parabolic lines": (
        lambda a: ga.parabolic_lines(ring(a)),
        lambda p, a: jnp.stack([jnp.linalg.norm(p[:2]) - 1, p[2] ** 2 - 0.2 * a]),
    ),
    "crest lines": (
        lambda a: ga.crest_lines(fold(a)),
        lambda p, a: p[0] - 0.3 * a * p[1],
    ),
    "suggestive contours": (
        lambda a: ga.suggestive_contours(land(), ga.camera(azimuth=20 * a, elevation=40 * a)),
        unbent,
    ),
}
QUICK = ("silhouettes of a map, by the eye",)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.exhaustive) for n in CASES]
)
def test_points_on_a_surface_move_onto_their_curve(name):
    find, zero = CASES[name]
    with jax.enable_x64(True):
        a = jnp.ones(())
        found, rate = map(np.asarray, jax.jvp(find, (a,), (a,)))
        there = np.isfinite(found).all(-1)
        if name in QUICK:
            np.testing.assert_allclose(found, find(1.0), rtol=1e-12, atol=1e-12)
        zeros = jax.jit(jax.vmap(zero, (0, None)))

        settled = np.abs(zeros(found[there], a)).reshape(there.sum(), -1).max(1) < 1e-9
        assert settled.mean() > 0.9  # the rest are ends, and what Newton's method has left

        def change(speed):
            ahead, back = (zeros(found[there] + h * speed[there], 1 + h) for h in (H, -H))
            return np.abs(ahead - back)[settled].max() / (2 * H)

        assert change(rate) < 1e-5 * change(0 * rate)
        _, pull = jax.vjp(find, a)
        weights = np.where(there[..., None], np.cos(np.arange(found.size)).reshape(found.shape), 0)
        dot = np.sum(np.where(there[..., None], rate, 0) * weights)
        np.testing.assert_allclose(pull(jnp.asarray(weights))[0], dot, rtol=1e-8, atol=1e-8)


def ellipsoid(a):
    return ga.surface(lambda p: p @ (p * jnp.stack([1, 2 * a, 3.0])) - 1, box=BOX, resolution=16)


WHOLE = {
    "umbilics": lambda a: ga.umbilics(ellipsoid(a)).points,
    "how much they bend": lambda a: ga.umbilics(ellipsoid(a)).curvatures,
    "focal lines": lambda a: ga.focal_lines(
        ellipsoid(a), (-1, 0.3, 0.2), a + np.arange(5), length=4, steps=60
    ),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", WHOLE)
def test_single_points_move_as_differences_say(name):
    with jax.enable_x64(True):
        a, find = jnp.ones(()), WHOLE[name]
        found, rate = map(np.asarray, jax.jvp(find, (a,), (a,)))
        ahead, back = (np.asarray(find(a + h)) for h in (H, -H))
        np.testing.assert_array_equal(np.isfinite(found), np.isfinite(ahead))
        there = np.isfinite(found)
        slope = ((ahead - back) / (2 * H))[there]
        assert np.abs(slope).max() > 0.01
        np.testing.assert_allclose(rate[there], slope, atol=1e-5 * np.abs(slope).max())


@pytest.mark.exhaustive
def test_lines_end_where_a_mesh_that_hides_them_has_moved_to():
    first, last = (
        np.array([(-2.0, 1.5, 0.3), (-1, 2.0, -1)]),
        np.array([(2, 1.7, 0.5), (0.2, 2.5, 2)]),
    )
    lines = first[:, None] + np.linspace(0, 1, 11)[:, None] * (last - first)[:, None]

    def view(a):
        seen = ga.opaque(TENT, ga.camera(azimuth=-70 * a, elevation=10 + 5 * a, distance=5 * a))
        return seen(jnp.asarray(lines) + jnp.array([0, 0.1, 0.02]) * a)

    with jax.enable_x64(True):
        a = jnp.ones(())
        found, rate = map(np.asarray, jax.jvp(view, (a,), (a,)))
        ahead, back = (np.asarray(view(a + h)) for h in (H, -H))
        there = np.isfinite(found)
        assert found.shape[1] > lines.shape[1]
        np.testing.assert_allclose(rate[there], ((ahead - back) / (2 * H))[there], atol=1e-4)


@pytest.mark.exhaustive
def test_lines_end_where_their_own_surface_has_turned_away_to():
    with jax.enable_x64(True):
        ball = ga.surface(lambda p: p @ p - 1, box=BOX, resolution=30)
        lines = ga.sections(ball, lambda p: p[2] + 0.2 * p[0], [-0.4, 0.1, 0.6])

        def view(a):
            return ga.opaque(ball, ga.camera(azimuth=-60 + 9 * a, elevation=20 + 9 * a))(lines)

        a = jnp.zeros(())
        found, rate = map(np.asarray, jax.jvp(view, (a,), (a + 1,)))
        ahead, back = (np.asarray(view(a + h)) for h in (H, -H))
        slope = (ahead - back) / (2 * H)
        there = np.isfinite(found)
        most = np.abs(slope[there]).max()
        np.testing.assert_allclose(rate[there], slope[there], atol=0.05 * most)
        assert np.isfinite(jax.grad(lambda a: jnp.nansum(view(a)))(a))
