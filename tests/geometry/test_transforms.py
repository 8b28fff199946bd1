"""Points turned, scaled, moved, sheared, reflected and repeated."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.usefixtures("double")

PATHS = np.random.default_rng(1).normal(size=(5, 7, 2))


def same(a, b):
    np.testing.assert_allclose(np.asarray(a), np.asarray(b), atol=1e-12)


def test_turns_are_those_of_complex_numbers():
    about, degrees = (0.3, -1.2), np.array([10.0, -77, 180, 400, 0])
    z = (PATHS - about) @ (1, 1j) * np.exp(1j * np.radians(degrees))[:, None]
    same(ga.rotate(PATHS, degrees, about), np.stack([z.real, z.imag], -1) + about)
    same(ga.rotate(ga.rotate(PATHS, 30, about), 15, about), ga.rotate(PATHS, 45, about))


def test_quarter_turns_are_exact_and_have_their_derivative():
    for quarter, corner in enumerate([(1, 2), (-2, 1), (-1, -2), (2, -1)]):
        np.testing.assert_array_equal(ga.rotate((1, 2), 90 * quarter), corner)
    slope = jax.jacfwd(lambda a: ga.rotate((1.0, 0.0), a))(90.0)
    same(slope, [-np.pi / 180, 0])


def test_a_number_is_one_for_all_or_one_for_each_path():
    degrees, centers = np.arange(5.0), np.random.default_rng(2).normal(size=(5, 2))
    each = [ga.rotate(p, a, c) for p, a, c in zip(PATHS, degrees, centers, strict=True)]
    same(ga.rotate(PATHS, degrees, centers), each)
    same(ga.rotate(PATHS[0], degrees), [ga.rotate(PATHS[0], a) for a in degrees])
    same(ga.translate(PATHS[0], centers), PATHS[0] + centers[:, None])
    same(ga.translate((1, 2), centers), centers + np.array([1, 2]))
    same(ga.rotate((1, 2), degrees), [ga.rotate((1, 2), a) for a in degrees])
    same(ga.scale(PATHS, degrees, about=centers)[0], np.broadcast_to(centers[0], (7, 2)))
    assert ga.rotate(PATHS[:, None], np.zeros((1, 3))).shape == (5, 3, 7, 2)


def test_a_mirror_is_its_own_inverse_and_keeps_its_line():
    along = np.array([np.cos(np.radians(33)), np.sin(np.radians(33))])
    line = np.array([1.0, 2]) + np.linspace(-2, 2, 7)[:, None] * along
    same(ga.reflect(line, 33, (1, 2)), line)
    there = ga.reflect(PATHS, 33, (1, 2))
    same(ga.reflect(there, 33, (1, 2)), PATHS)
    assert (np.abs(np.asarray(there) - PATHS) > 1e-3).all()
    np.testing.assert_array_equal(ga.reflect((3, 1)), (-3, 1))


def test_shear_and_scale_are_their_matrices():
    same(ga.shear((0, 1), x=45), (1, 1))
    same(ga.shear((1, 0), y=45), (1, 1))
    same(ga.shear((0, 2), x=45, about=(0, 1)), (1, 2))
    same(ga.scale((3, 2), 2, 5, about=(1, 1)), (5, 6))
    same(ga.scale((3, 2), 2), (6, 4))


@pytest.mark.exhaustive
def test_repeat_goes_round_and_along():
    around = np.asarray(ga.repeat(PATHS[0], 6, about=(1, 0)))
    assert around.shape == (6, 7, 2)
    same(ga.rotate(around[5], 60, (1, 0)), PATHS[0])
    same(ga.repeat(PATHS, 4, by=(2, 1))[3], PATHS + np.array([6, 3]))
    both = ga.repeat((1, 0), 3, by=(5, 0), degrees=90)
    same(both, [(1, 0), (5, 1), (9, 0)])
    assert ga.repeat(PATHS, 0).shape == (0, 5, 7, 2)


def test_pens_stay_lifted_and_frames_can_be_traced():
    lifted = np.array([(0, 0), (np.nan, np.nan), (1, 1)])
    same(ga.rotate(lifted, 90), [(0, 0), (np.nan, np.nan), (-1, 1)])
    same(jax.jit(ga.rotate)(PATHS, 12.0), ga.rotate(PATHS, 12.0))
    turned = jax.vmap(lambda a: ga.repeat(PATHS[0], 3, degrees=10.0, by=(a, a)))(jnp.arange(2.0))
    assert turned.shape == (2, 3, 7, 2)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.rotate(np.zeros((4, 3)), 1), r"\(\.\.\., 2\), not \(4, 3\)"),
        (lambda: ga.rotate(PATHS, [1, 2]), "one for all, or one for each path, of shape"),
        (lambda: ga.translate(PATHS, 3), "by \\(x, y\\)"),
        (lambda: ga.rotate(PATHS, 3, about=1), "about is a point"),
        (lambda: ga.repeat(PATHS, -1), "whole number"),
        (lambda: ga.repeat(PATHS, 2, degrees=np.nan), "degrees is nan"),
    ],
)
def test_what_does_not_fit_is_refused(call, says):
    with pytest.raises(ga.ArtError, match=says):
        call()
