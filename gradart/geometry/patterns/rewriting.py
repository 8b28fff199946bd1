"""L-systems: texts whose letters are replaced again and again, and curves made so.

After P. Prusinkiewicz and A. Lindenmayer, The Algorithmic Beauty of Plants (1990), chapter 1.
"""

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import as_count
from gradart.errors import ArtError
from gradart.geometry.patterns.turtle import directions, letters_of, turtle
from gradart.library import keys
from gradart.types import Key, Number, Points

Rules = Mapping[str, str | Mapping[str, float]]
SpaceFilling = Literal["hilbert", "moore", "peano", "gosper", "dragon", "terdragon", "sierpinski"]

LETTERS = 10_000_000  # of a word, some seconds of drawing

# From the book, figures 1.10, 1.11 and 1.16, and section 1.4: axiom, rules, angle.
_SPACE_FILLING: dict[str, tuple[str, dict[str, str], int]] = {
    "hilbert": ("L", {"L": "+RF-LFL-FR+", "R": "-LF+RFR+FL-"}, 90),
    "moore": ("LFL+F+LFL", {"L": "-RF+LFL+FR-", "R": "+LF-RFR-FL+"}, 90),
    "peano": ("L", {"L": "LFRFL-F-RFLFR+F+LFRFL", "R": "RFLFR+F+LFRFL-F-RFLFR"}, 90),
    "gosper": ("F", {"F": "F+G++G-F--FF-G+", "G": "-F+GG++G+F--F-G"}, 60),
    "dragon": ("F", {"F": "F+G", "G": "F-G"}, 90),
    "terdragon": ("F", {"F": "F+F-F"}, 120),
    "sierpinski": ("F", {"F": "G-F-G", "G": "F+G+F"}, 60),
}


def lsystem(
    axiom: str,
    rules: Rules,
    n: int,
    angle: Number,
    *,
    heading: Number = 0.0,
    key: Key | None = None,
) -> Points:
    """The strokes of an L-system: a text rewritten by rules, then drawn by a turtle, (k, m, 2).

    From `axiom`, all letters are replaced `n` times by what `rules` say of them, see `rewrite`,
    which also tells of rules that draw by `key`. `angle` is that of one turn, and `heading` the
    first direction, in degrees from the x axis; a step has length 1. How the text is read, and what
    strokes there are, tells `turtle`, which also says how deep each lies in brackets.

    >>> ga.lines(ga.lsystem("F--F--F", {"F": "F+F--F+F"}, n=4, angle=60))
    >>> bush = ga.lsystem("F", {"F": "FF-[-F+F+F]+[+F-F-F]"}, n=4, angle=22.5, heading=90)
    >>> ga.lines(bush, width=0.15)
    """
    return turtle(rewrite(axiom, rules, n, key=key), angle, heading=heading)[0]


def rewrite(axiom: str, rules: Rules, n: int, *, key: Key | None = None) -> str:
    """A text after all of its letters were replaced n times by what rules say of them.

    `rules` is a dict from a letter to the text that replaces it; other letters of the text, which
    at first is `axiom`, stay. All letters are replaced at once, `n` times: a D0L-system. A rule may
    also give several texts, each with its weight, {"F": {"F[+F]F": 2, "F[-F]F": 1}}; then one is
    drawn for each letter by `key`, a random key.

    ArtError for a rule that is not of one letter, for one that draws without a key, and for a text
    of over 10 million letters. After A. Lindenmayer, "Mathematical models for cellular interactions
    in development", Journal of Theoretical Biology 18 (1968).

    >>> ga.rewrite("A", {"A": "AB", "B": "A"}, 5)
    'ABAABABAABAAB'
    """
    if not isinstance(axiom, str):
        raise ArtError(f"axiom is {short(axiom)}: give a text, like 'F--F--F'")
    fixed, drawn = _read(rules)
    if drawn and key is None:
        raise ArtError(f"the rule for {next(iter(drawn))!r} draws at random: give it key=key")
    rng = keys.rng(key) if key is not None else np.random.default_rng()  # of which none is drawn
    longest = {letter: len(text) for letter, text in fixed.items()}
    longest |= {letter: max(map(len, texts)) for letter, (texts, _) in drawn.items()}
    table, word = str.maketrans(fixed), axiom
    for done in range(as_count(n, "n", 0)):
        more = sum(word.count(letter) * (size - 1) for letter, size in longest.items())
        if len(word) + more > LETTERS:
            raise ArtError(f"after {done + 1} times the text has over 10 million letters: lower n")
        word = _drawn(word, fixed, drawn, rng) if drawn else word.translate(table)
    return word


def _read(rules: Rules) -> tuple[dict[str, str], dict[str, tuple[list[str], np.ndarray]]]:
    """The rules with one text, and those with several and their probabilities."""
    if not isinstance(rules, Mapping):
        raise ArtError(f"rules is {short(rules)}: give a dict, like {{'F': 'F+F--F+F'}}")
    fixed: dict[str, str] = {}
    drawn: dict[str, tuple[list[str], np.ndarray]] = {}
    for letter, text in rules.items():
        if not isinstance(letter, str) or len(letter) != 1:
            raise ArtError(f"a rule is for {short(letter)}: give one letter, 'F', for each rule")
        if isinstance(text, str):
            fixed[letter] = text
            continue
        if not isinstance(text, Mapping) or not all(isinstance(t, str) for t in text):
            say = "give a text, or {text: weight, ...} for one drawn at random"
            raise ArtError(f"the rule for {letter!r} is {short(text)}: {say}")
        weights = np.array([as_number(w, "a weight", least=0) for w in text.values()], float)
        if not weights.sum():
            raise ArtError(f"the rule for {letter!r} has no weight above 0: give one")
        drawn[letter] = list(text), weights / weights.sum()
    return fixed, drawn


def _drawn(
    word: str,
    fixed: dict[str, str],
    drawn: dict[str, tuple[list[str], np.ndarray]],
    rng: np.random.Generator,
) -> str:
    """A text with each of its letters replaced once, by rules some of which draw at random."""
    choices = {
        letter: iter(rng.choice(len(texts), word.count(letter), p=weights).tolist())
        for letter, (texts, weights) in drawn.items()
    }
    parts = (drawn[c][0][next(choices[c])] if c in drawn else fixed.get(c, c) for c in word)
    return "".join(parts)


def space_filling(name: SpaceFilling, order: int) -> np.ndarray:
    """A curve that fills the plane, by its name, as the path of its steps of length 1: (m, 2).

    `name` is "hilbert" or "moore", its closed sister, through the centers of the 4^order cells of a
    square; "peano", through 9^order; "gosper", the flow-snake, in 7^order steps; "dragon" and
    "terdragon", which fold a strip of paper in 2 and in 3; "sierpinski", through his triangle.
    `order` is how often the whole is made of its copies. The path starts at (0, 0).

    ArtError for another name, and for a curve of over 10 million letters as an L-system, which all
    of these are: P. Prusinkiewicz and A. Lindenmayer, The Algorithmic Beauty of Plants (1990).

    >>> ga.lines(ga.space_filling("hilbert", 5))
    >>> ga.lines(ga.space_filling("dragon", 10))
    """
    if name not in get_args(SpaceFilling):
        known = ", ".join(get_args(SpaceFilling))
        raise ArtError(f"no curve is called {short(name)}: the name is one of {known}")
    axiom, rules, angle = _SPACE_FILLING[name]
    word = rewrite(axiom, rules, as_count(order, "order", 0))
    letters = letters_of(word)
    ahead = np.isin(letters, letters_of("FG"))
    turns = np.cumsum(letters == ord("+")) - np.cumsum(letters == ord("-"))
    path = np.zeros((ahead.sum() + 1, 2))
    np.cumsum(directions(np, turns[ahead] * angle), axis=0, out=path[1:])
    return path
