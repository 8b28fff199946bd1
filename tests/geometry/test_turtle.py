from itertools import pairwise

import jax
import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.geometry.patterns.rewriting import rewrite, turtle

PLANT = rewrite("X", {"X": "F+[[X]-X]-F[-FX]+X", "F": "FF"}, 4)
ODD = "+F[+FF[|F]f-F]|gF[-F][]GGF-F[[f]F]xF"


def _walked(word, angle, heading):
    """The segments (n, 2, 2) that are drawn, letter by letter, and the depth of each."""
    place, direction, depth, kept, found = 0j, heading, 0, [], []
    for letter in word:
        ahead = place + np.exp(1j * np.radians(direction))
        match letter:
            case "F" | "G":
                found.append((place, ahead, depth))
                place = ahead
            case "f" | "g":
                place = ahead
            case "+":
                direction += angle
            case "-":
                direction -= angle
            case "|":
                direction += 180
            case "[":
                kept.append((place, direction))
                depth += 1
            case "]":
                place, direction = kept.pop()
                depth -= 1
    return found


def _inked(segments):
    """Where each segment of unit length has its middle, in some order, with its depth."""
    middles = [((a + b) / 2, depth) for a, b, depth in segments]
    return sorted((round(m.real, 6) + 0.0, round(m.imag, 6) + 0.0, d) for m, d in middles)


def _unit_segments(paths, depths):
    for path, depth in zip(paths, depths, strict=True):
        points = path[~np.isnan(path[:, 0])] @ [1, 1j]
        for a, b in pairwise(points):
            n = round(abs(b - a))
            yield from ((a + (b - a) * i / n, a + (b - a) * (i + 1) / n, depth) for i in range(n))


@pytest.mark.parametrize("word", [PLANT, ODD, "", "f", "[F]", "FFF|F"])
@pytest.mark.parametrize(("angle", "heading"), [(25.7, 90), (90, 0)])
def test_strokes_are_what_a_turtle_walks_that_reads_letter_by_letter(word, angle, heading):
    paths, depths = turtle(word, angle, heading=heading)
    assert paths.shape == (len(depths), *paths.shape[1:])
    assert _inked(_unit_segments(paths, depths)) == _inked(_walked(word, angle, heading))


def test_a_branch_is_one_row_and_begins_on_what_it_grows_from():
    paths, depths = turtle("F[+F-F]F[-F]F", 30)
    assert depths.tolist() == [0, 1, 1]
    np.testing.assert_array_equal(paths[0], [(0, 0), (3, 0), (np.nan, np.nan)])
    np.testing.assert_allclose(paths[1], [(1, 0), (1 + 0.75**0.5, 0.5), (2 + 0.75**0.5, 0.5)])
    np.testing.assert_array_equal(paths[2, 0], (2, 0))


def test_right_angles_have_no_error_of_rounding():
    (path,) = turtle("F+" * 4001, 90)[0]
    assert set(map(tuple, path)) == {(0, 0), (1, 0), (1, 1), (0, 1)}
    assert np.isin(turtle("F+" * 700, 60)[0] * 2, np.arange(-4, 5)).any(-1).all()


def test_strokes_move_with_the_angle_as_their_slope_says():
    with jax.enable_x64(True):
        word, angle, step = PLANT, jax.numpy.asarray(25.0), 1e-5
        paths, slope = jax.jvp(jax.jit(lambda a: turtle(word, a)[0]), (angle,), (1.0,))
        ahead, behind = (turtle(word, 25.0 + s)[0] for s in (step, -step))
        np.testing.assert_allclose(paths, turtle(word, 25.0)[0], atol=1e-11)
        slope = np.where(np.isfinite(paths), slope, np.nan)
        np.testing.assert_allclose(slope, (ahead - behind) / (2 * step), atol=1e-7)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: turtle("F]F", 90), "letter 2 of the text is a ]"),
        (lambda: turtle("F[[F]", 90), "1 of the brackets"),
        (lambda: turtle(b"F", 90), "word is b'F': give a text"),
        (lambda: turtle("F", [90]), "angle is"),
        (lambda: turtle("F", 90, heading=np.nan), "heading is nan"),
        (lambda: turtle("[F]" * 20_000 + "F-" * 20_000, 90), "too many"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ArtError, match=says):
        call()
