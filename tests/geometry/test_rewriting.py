import jax
import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.geometry.patterns.rewriting import Rules, lsystem, rewrite, space_filling

KEY = jax.random.key(3)


def test_algae_grow_as_fibonacci_says():
    lengths = [len(rewrite("A", {"A": "AB", "B": "A"}, n)) for n in range(12)]
    assert lengths == [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233]


def test_all_letters_are_replaced_at_once():
    assert rewrite("ab+", {"a": "b", "b": "a"}, 1) == "ba+"
    assert rewrite("ab+", {"a": "b", "b": "a"}, 2) == "ab+"
    assert rewrite("aXa", {"X": ""}, 3) == "aa"


def test_weights_are_the_odds_of_a_drawn_rule():
    word = rewrite("a" * 20_000, {"a": {"x": 3, "yy": 1, "z": 0}}, 1, key=KEY)
    assert set(word) == set("xy")
    assert abs(word.count("x") / 20_000 - 0.75) < 0.012  # four standard deviations
    assert word == rewrite("a" * 20_000, {"a": {"x": 3, "yy": 1, "z": 0}}, 1, key=KEY)
    assert word != rewrite("a" * 20_000, {"a": {"x": 3, "yy": 1, "z": 0}}, 1, key=jax.random.key(4))


def test_a_drawn_rule_with_one_choice_is_a_fixed_one():
    rules = {"X": "F[+X]X", "F": "FF"}
    odds: Rules = {"X": {"F[+X]X": 0.2}, "F": "FF"}
    assert rewrite("X", odds, 5, key=KEY) == rewrite("X", rules, 5)


def test_a_snowflake_is_closed_and_has_its_length():
    (flake,) = lsystem("F--F--F", {"F": "F+F--F+F"}, 3, 60)
    assert np.linalg.norm(np.diff(flake, axis=0), axis=1).sum() == pytest.approx(3 * 4**3)
    np.testing.assert_allclose(flake[0], flake[-1], atol=1e-12)
    x, y = flake[:-1].T
    area = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    # 8/5 of the triangle's area but for what later orders add.
    whole = np.sqrt(3) / 4 * 27**2
    assert area == pytest.approx(whole * (1 + 3 / 5 * (1 - (4 / 9) ** 3)))


@pytest.mark.parametrize(("name", "side"), [("hilbert", 2), ("moore", 2), ("peano", 3)])
def test_each_cell_of_a_square_is_visited_once_from_a_neighbor(name, side):
    order = 4
    if name == "moore":  # whose axiom is of four copies
        order = 3
    path = space_filling(name, order)
    n = side**4
    cells = path - path.min(0)
    np.testing.assert_array_equal(cells, np.round(cells))
    assert cells.max() == n - 1
    assert len(np.unique(cells, axis=0)) == len(cells) == n * n
    np.testing.assert_array_equal(np.abs(np.diff(cells, axis=0)).sum(1), 1)


def test_moore_curve_ends_beside_its_start():
    path = space_filling("moore", 3)
    assert np.abs(path[-1] - path[0]).sum() == 1


@pytest.mark.parametrize("name", ["dragon", "terdragon", "gosper", "hilbert", "sierpinski"])
def test_no_edge_is_walked_twice(name):
    path = space_filling(name, 5 if name in ("gosper", "hilbert") else 8)
    edges = np.round((path[1:] + path[:-1]) / 2, 6)
    assert len(np.unique(edges, axis=0)) == len(edges)
    np.testing.assert_allclose(np.linalg.norm(np.diff(path, axis=0), axis=1), 1, rtol=1e-9)


def test_ends_of_copies_lie_where_the_scale_of_a_curve_says():
    for name, steps, scale in [
        ("dragon", 2, 2**0.5),
        ("terdragon", 3, 3**0.5),
        ("gosper", 7, 7**0.5),
        ("sierpinski", 3, 2),
    ]:
        path = space_filling(name, 5)
        assert len(path) == steps**5 + 1
        assert np.linalg.norm(path[-1] - path[0]) == pytest.approx(scale**5)


def test_gosper_curve_never_meets_itself():
    path = np.round(space_filling("gosper", 5), 6)
    assert len(np.unique(path, axis=0)) == len(path)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: rewrite(3, {}, 1), "axiom is 3: give a text"),
        (lambda: rewrite("F", "F+F", 1), "give a dict"),
        (lambda: rewrite("F", {"FF": "F"}, 1), "a rule is for 'FF': give one letter"),
        (lambda: rewrite("F", {"F": 2}, 1), "the rule for 'F' is 2: give a text, or"),  # type: ignore[dict-item]
        (lambda: rewrite("F", {"F": {"FF": 1}}, 1), "give it key=key"),
        (lambda: rewrite("F", {"F": {"FF": -1}}, 1, key=KEY), "a weight is -1"),
        (lambda: rewrite("F", {"F": {"FF": 0}}, 1, key=KEY), "no weight above 0"),
        (lambda: rewrite("F", {"F": {}}, 1, key=KEY), "no weight above 0"),
        (lambda: rewrite("F", {"F": "FF"}, 1, key=7), "key is 7"),
        (lambda: rewrite("F", {"F": "FF"}, 60), "over 10 million letters: lower n"),
        (lambda: rewrite("F", {"F": "FF"}, -1), "n is -1"),
        (lambda: rewrite("F", {"F": "FF"}, 2.5), "n is 2.5"),
        (lambda: space_filling("hilbart", 3), "one of hilbert, moore"),
        (lambda: space_filling("dragon", 40), "over 10 million"),
        (lambda: space_filling("dragon", "3"), "order is '3'"),
        (lambda: lsystem("F[", {}, 0, 60), "are not closed"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ArtError, match=says):
        call()
