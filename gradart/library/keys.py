"""Random keys: a key of its own for each name, and NumPy's generator of a key."""

import hashlib

import jax
import numpy as np

from gradart.calculus.checks.arguments import as_key, short
from gradart.calculus.checks.artist_functions import concrete
from gradart.errors import ArtError, Untraceable
from gradart.types import Key


def subkey(key: Key, name: str) -> Key:
    """The random key that belongs to a name: what is drawn by it stays when other names come.

    Of the same `key` each `name`, a text, has a key as good as independent of all others and of
    `key` itself, whichever names there are besides and in whichever order they are asked for. For
    the parts of a thing ask again: `ga.subkey(ga.subkey(key, "trees"), "leaves")`; for numbered
    things there is `jax.random.fold_in(key, i)`, and `jax.random.split(key, n)` for many at once.

    >>> key = jax.random.key(1)
    >>> trees = ga.scatter(ga.subkey(key, "trees"), 50, box=((0, 0), (1, 1)))
    >>> stones = ga.scatter(ga.subkey(key, "stones"), 200, box=((0, 0), (1, 1)))
    >>> ga.scene(ga.dots(trees, 2.0), ga.dots(stones, 0.5))
    """
    key = as_key(key)
    if not isinstance(name, str):
        raise ArtError(
            f"name is {short(name)}: give a text; of a number i, jax.random.fold_in(key, i)"
        )
    # 64 bits of a digest: of a million names hardly any two would share a key.
    for word in np.frombuffer(hashlib.sha256(name.encode()).digest()[:8], "<u4"):
        key = jax.random.fold_in(key, int(word))
    return key


def rng(key: Key) -> np.random.Generator:
    """NumPy's generator of random numbers, seeded by a key: for libraries that ask for one.

    `key` is a random key, which a sketch is given as its argument `key`; the same key gives the
    same draws. Unlike a key the generator changes with each draw, so that one draw more changes all
    after it: make one for each thing, `ga.rng(ga.subkey(key, "trees"))`. Not for a film's frame,
    where the key is traced: draw before the frame, or by `jax.random`.

    >>> generator = ga.rng(jax.random.key(1))
    >>> fills = generator.choice(["#c2410c", "#274c77", "#d9a441"], size=40, p=[0.6, 0.3, 0.1])
    >>> generator.shuffle(fills)
    >>> ga.dots(ga.grid(5, 8, box=((0, 0), (7, 4))), 3.0, fill=list(fills))
    """
    key = as_key(key)
    if not concrete(key):
        raise Untraceable(
            "ga.rng is NumPy's, which needs numbers, and the key is traced: call it before a film's"
            " frame; in it jax.random draws"
        )
    with jax.ensure_compile_time_eval():  # in a frame, of a key that does not move
        return np.random.default_rng(np.asarray(jax.random.key_data(key)).ravel())
