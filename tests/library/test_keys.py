"""Keys of names, and NumPy's generator of a key: the same for the same, apart for others."""

import jax
import numpy as np
import pytest

import gradart as ga

KEY = jax.random.key(7)
PINNED = [0.314582, 0.351191, 0.139917, 0.642735]


def numbers(key):
    return np.asarray(jax.random.uniform(key, (4,)))


def test_a_name_has_one_key_whatever_other_names_there_are():
    alone = numbers(ga.subkey(KEY, "trees"))
    for others in (["stones"], ["stones", "birds", "Trees"]):
        drawn = {name: numbers(ga.subkey(KEY, name)) for name in [*others, "trees"]}
        np.testing.assert_array_equal(drawn["trees"], alone)
    names = ["", "trees", "tree", "stones", "ä", "0", *map(str, range(1, 300))]
    firsts = {numbers(ga.subkey(KEY, name))[0].item() for name in names}
    firsts |= {numbers(jax.random.fold_in(KEY, i))[0].item() for i in range(5)}
    assert len(firsts) == len(names) + 5
    assert len({numbers(ga.subkey(jax.random.key(i), "trees"))[0].item() for i in range(20)}) == 20


def test_the_key_of_a_name_is_pinned_and_can_be_traced():
    """A picture drawn by it stays the same with the next version too."""
    at = numbers(ga.subkey(KEY, "trees"))
    np.testing.assert_array_equal(
        jax.jit(lambda key: jax.random.uniform(ga.subkey(key, "trees"), (4,)))(KEY), at
    )
    np.testing.assert_allclose(at, PINNED, atol=1e-6)


def test_a_generator_is_as_its_key():
    first = ga.rng(KEY).random(5)
    np.testing.assert_array_equal(ga.rng(KEY).random(5), first)
    np.testing.assert_array_equal(ga.rng(jax.random.key_data(KEY)).random(5), first)
    assert not np.array_equal(ga.rng(jax.random.key(8)).random(5), first)


def test_what_is_no_name_and_no_key_is_refused():
    with pytest.raises(ga.ArtError, match="fold_in"):
        ga.subkey(KEY, 3)
    with pytest.raises(ga.ArtError, match="give a random key"):
        ga.subkey("trees", KEY)
    with pytest.raises(ga.ArtError, match="give a random key"):
        ga.rng(3)
    with pytest.raises(ga.ArtError, match="before a film's frame"):
        jax.jit(lambda key: ga.rng(key).random())(KEY)
