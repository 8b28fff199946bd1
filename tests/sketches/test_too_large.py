"""In too_large one descent settles in the deep well, one in the shallow one, one nowhere."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive

LEFT = np.array([0, 93.5, 187])[:, None, None] * np.array([1, 0])


@pytest.fixture(scope="module")
def drawn(piece):
    scene = piece("too_large")()(0.85)
    graph, _, over, under = [np.asarray(m.shape.points) for m in scene.marks[9:13]]
    return graph[0], over - LEFT, under - LEFT


def wells(graph):
    y = graph[:, 1]
    return np.flatnonzero((y[1:-1] < y[:-2]) & (y[1:-1] < y[2:])) + 1


def test_the_two_that_end_stand_at_the_bottoms(drawn):
    graph, over, _ = drawn
    shallow, deep = wells(graph)
    assert graph[deep, 1] < graph[shallow, 1]
    for path, well in ((over[0], deep), (over[1], shallow)):
        assert np.abs(path[-1] - graph[well]).max() < 0.3  # mm
        assert np.abs(path[-1] - path[-3]).max() < 0.01


def test_the_second_bounces_in_the_deep_well_before_it_is_thrown_out(drawn):
    graph, over, _ = drawn
    deep = wells(graph)[1]
    x = over[1, :20, 0] - graph[deep, 0]
    assert (np.diff(np.sign(x)) != 0).sum() >= 6


def test_the_last_never_settles(piece, drawn):
    over = drawn[1]
    assert np.linalg.norm(np.diff(over[2, -10:], axis=0), axis=1).max() > 20  # mm
    long = np.asarray(piece("too_large")(steps=200)(0.85).marks[11].shape.points)[2, :, 0]
    assert np.abs(np.diff(long[-50:])).max() > 20


def test_each_step_is_the_rate_times_the_slope(drawn):
    graph, over, under = drawn
    assert np.allclose(over[..., 0], under[..., 0])
    slope = np.gradient(graph[:, 1] / (70 / 2.15), graph[:, 0] / (78 / 5.4))
    for path, rate in zip(over[:, :15, 0], (0.1, 0.61, 1.6), strict=True):
        steps = np.diff(path) / (78 / 5.4)
        assert np.allclose(steps, -rate * np.interp(path[:-1], graph[:, 0], slope), atol=0.01)
