import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.geometry.patterns.particles import boids_step, springs_step

pytestmark = pytest.mark.usefixtures("double")

PLACE, VELOCITY = np.random.default_rng(1).normal(size=(2, 20, 2)) * 0.5
PAIRS = np.array([(i, (i + k) % 20) for i in range(20) for k in (1, 3)])


def _run(step, state, n):
    return jax.lax.scan(lambda s, _: (step(s), None), tuple(map(jnp.asarray, state)), length=n)[0]


def _flock(state):
    return boids_step(state, 0.8)


def _net(state, time=0.01):
    return springs_step(state, PAIRS, 0.4, stiffness=30.0, time=time)


def _energy(state):
    length = jnp.linalg.norm(state[0][PAIRS[:, 0]] - state[0][PAIRS[:, 1]], axis=-1)
    return (state[1] ** 2).sum() / 2 + 30.0 * ((length - 0.4) ** 2).sum() / 2


@pytest.mark.parametrize("step", [_flock, _net])
def test_momentum_stays_and_the_middle_goes_straight(step):
    place, velocity = _run(step, (PLACE, VELOCITY), 100)
    np.testing.assert_allclose(velocity.sum(0), VELOCITY.sum(0), atol=1e-11)
    time = 100 * (0.02 if step is _flock else 0.01)
    np.testing.assert_allclose(place.mean(0), PLACE.mean(0) + time * VELOCITY.mean(0), atol=1e-11)


def test_springs_keep_angular_momentum_and_damped_ones_too():
    for damping in (0.0, 2.0):
        place, velocity = _run(
            lambda s, c=damping: springs_step(s, PAIRS, 0.4, stiffness=30.0, damping=c),
            (PLACE, VELOCITY),
            100,
        )
        spin = (place[:, 0] * velocity[:, 1] - place[:, 1] * velocity[:, 0]).sum()
        first = (PLACE[:, 0] * VELOCITY[:, 1] - PLACE[:, 1] * VELOCITY[:, 0]).sum()
        assert spin == pytest.approx(first, abs=1e-11)


@pytest.mark.exhaustive
def test_energy_is_kept_to_the_second_order_of_the_step():
    drift = [
        abs(
            _energy(_run(lambda s, t=t: _net(s, t), (PLACE, VELOCITY), round(0.5 / t)))
            - _energy((jnp.asarray(PLACE), jnp.asarray(VELOCITY)))
        )
        for t in (0.002, 0.001)
    ]
    slopes = np.log2(np.array(drift[:-1]) / drift[1:])
    assert (slopes > 1.9).all()


def test_springs_run_backward_to_where_they_came_from():
    place, velocity = _run(_net, (PLACE, VELOCITY), 100)
    back, turned = _run(_net, (place, -velocity), 100)
    np.testing.assert_allclose(back, PLACE, atol=1e-9)
    np.testing.assert_allclose(-turned, VELOCITY, atol=1e-9)


def test_damping_brings_springs_to_rest_at_their_length():
    def damped(state):
        return springs_step(state, [(0, 1)], 2.0, stiffness=10.0, damping=4.0)

    place, velocity = _run(damped, ([(0, 0), (1.0, 1)], np.zeros((2, 2))), 1500)
    assert float(jnp.linalg.norm(place[1] - place[0])) == pytest.approx(2)
    np.testing.assert_allclose(velocity, 0, atol=1e-9)


def test_held_weights_stay():
    held = np.arange(20) < 3
    place, _ = _run(lambda s: springs_step(s, PAIRS, 0.4, held=held), (PLACE, VELOCITY), 20)
    np.testing.assert_array_equal(place[:3], PLACE[:3])
    assert np.abs(place[3:] - PLACE[3:]).min() > 0


def test_a_turned_flock_flies_turned():
    turn = np.array([(0.8, 0.6), (-0.6, 0.8)])
    straight = _run(lambda s: boids_step(s, 0.8, speed=1), (PLACE, VELOCITY), 30)
    turned = _run(lambda s: boids_step(s, 0.8, speed=1), (PLACE @ turn, VELOCITY @ turn), 30)
    np.testing.assert_allclose(turned[0], straight[0] @ turn, atol=1e-10)


def test_each_rule_does_what_its_name_says():
    pair = np.array([(0.0, 0), (0.1, 0)]), np.array([(0.0, 1), (0, -1)])
    still = pair[0], np.zeros((2, 2))
    only = {"apart": 0, "align": 0, "together": 0}
    assert np.ptp(boids_step(still, 1, **only | {"apart": 1})[0][:, 0]) > 0.1
    assert np.ptp(boids_step(still, 1, **only | {"together": 1})[0][:, 0]) < 0.1
    assert np.ptp(boids_step(pair, 1, **only | {"align": 1})[1][:, 1]) < 2
    far = boids_step(pair, 0.05)
    np.testing.assert_array_equal(far[1], pair[1])
    fast = _run(lambda s: boids_step(s, 0.05, speed=3), pair, 1000)[1]
    np.testing.assert_allclose(np.linalg.norm(fast, axis=1), 3, rtol=1e-6)


@pytest.mark.exhaustive
def test_derivatives_are_those_of_the_steps():
    def end(radius):
        return _run(lambda s: boids_step(s, radius), (PLACE, VELOCITY), 10)[0].sum(1)

    slope = jax.jacfwd(end)(0.8)
    step = 1e-6
    np.testing.assert_allclose(slope, (end(0.8 + step) - end(0.8 - step)) / 2 / step, atol=1e-7)
    together = jax.grad(
        lambda k: springs_step(([(0, 0.0), (0, 0)], np.ones((2, 2))), [(0, 1)], k)[0].sum()
    )
    assert np.isfinite(together(1.0))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: boids_step(PLACE, 1), "state is an array of shape"),
        (lambda: boids_step((PLACE, VELOCITY[:3]), 1), "velocities .3, 2.: give"),
        (lambda: boids_step((PLACE, VELOCITY), 0), "radius is 0"),
        (lambda: boids_step((PLACE, VELOCITY), 1, speed=0), "speed is 0"),
        (lambda: boids_step((PLACE, VELOCITY), 1, time=np.nan), "time is nan"),
        (lambda: springs_step((PLACE, VELOCITY), [(0, 20)], 1), "join weights 0 to 20, .* 0 to 19"),
        (lambda: springs_step((PLACE, VELOCITY), [(0.0, 1.0)], 1), "edges is"),
        (lambda: springs_step((PLACE, VELOCITY), PAIRS, [1, 2]), "rest has shape"),
        (lambda: springs_step((PLACE, VELOCITY), PAIRS, 1, held=[True]), "held has shape"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ArtError, match=says):
        call()
