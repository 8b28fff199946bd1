"""L-systems: texts whose letters are replaced again and again, and the turtle that draws them.

After P. Prusinkiewicz and A. Lindenmayer, The Algorithmic Beauty of Plants (1990), section 1.6.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Literal, NamedTuple, get_args

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import as_count
from gradart.errors import ArtError
from gradart.library import keys
from gradart.types import ArrayT, Key, Number, Points

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


POINTS = 50_000_000  # of all strokes, which are padded to the longest


class _Tree(NamedTuple):
    """The letters of a text branch by branch, and how branches grow from one another.

    letters: (n,), in front of them a blank where the turtle starts; branch: (n,), each letter's;
    depth: (b,), how many branches lie below each, ascending; first: (b,), the place of its first
    letter, which is its bracket; parent: (b,), the place of the letter that it grows from.
    """

    letters: np.ndarray
    branch: np.ndarray
    depth: np.ndarray
    first: np.ndarray
    parent: np.ndarray


def turtle(word: str, angle: Number, *, heading: Number = 0.0) -> tuple[Points, np.ndarray]:
    """What a turtle draws that reads a text: strokes (k, m, 2), and how deep in brackets each is.

    The letters of `word`: F and G go one step ahead and draw, f and g go ahead without drawing, +
    and - turn left and right by `angle`, | turns around, [ remembers the place and direction, and ]
    goes back to them; all others do nothing. The turtle starts at (0, 0) in the direction
    `heading`; both angles are in degrees, and a step has length 1.

    Strokes are rows padded with NaN. One goes on after a pair of brackets, whose own strokes begin
    on it: a tree is one row for each branch, the trunk first, and its depth, (k,), is 0 for the
    trunk, 1 for what grows from it, and so on. Steps straight on are one segment. Where an angle is
    an array of JAX the strokes are one, too, which can be traced and differentiated.

    ArtError for brackets that do not match.

    >>> tree, depth = ga.turtle(ga.rewrite("F", {"F": "FF[+F][-F]"}, 4), 25, heading=90)
    >>> ga.lines(tree, width=0.6 * 0.7**depth)
    """
    if not isinstance(word, str):
        raise ArtError(f"word is {short(word)}: give a text, like ga.rewrite('F', rules, 4)")
    angles = as_number(angle, "angle"), as_number(heading, "heading")
    xp = jnp if any(isinstance(a, jax.Array) for a in angles) else np
    tree = _tree(word)
    turns = _along(np, (tree.letters == ord("+")).astype(int) - (tree.letters == ord("-")), tree)
    around = _along(np, (tree.letters == ord("|")).astype(int), tree) % 2
    table, stroke_depth = _strokes(tree, turns, around)
    ahead = np.isin(tree.letters, letters_of("FGfg")) * (1 - 2 * around)
    steps = directions(xp, turns * angles[0] + angles[1]) * ahead[:, None]
    points = _along(xp, steps, tree)[table]
    return xp.where(table[..., None] >= 0, points, np.nan), stroke_depth


def letters_of(word: str) -> np.ndarray:
    """The letters of a text as numbers; those that no turtle knows are all the same."""
    return np.frombuffer(word.encode("ascii", "replace"), np.uint8)


def directions(xp: ModuleType, degrees: ArrayT) -> ArrayT:
    """Unit vectors (n, 2); in NumPy those of 60 and 90 degrees have no error of rounding."""
    radians = (degrees % 360) * (np.pi / 180)
    units = xp.stack([xp.cos(radians), xp.sin(radians)], -1)
    return np.round(units, 15) if xp is np else units


def _tree(word: str) -> _Tree:
    letters = letters_of(" " + word)
    begins = letters == ord("[")
    depth = np.cumsum(begins) - np.cumsum(letters == ord("]"))
    if depth.min() < 0:
        wrong = np.argmax(depth < 0)
        raise ArtError(f"letter {wrong} of the text is a ] with no [ before it: give both")
    if depth[-1]:
        raise ArtError(f"{depth[-1]} of the brackets [ in the text are not closed: add ]")
    begins[0] = True
    # What lies at one depth comes bracket by bracket, so that each branch is in one piece.
    order = np.argsort(depth, kind="stable")
    place = np.argsort(order)
    first = np.flatnonzero(begins[order])
    parent = place[np.maximum(order[first] - 1, 0)]
    branch = np.cumsum(begins[order]) - 1
    return _Tree(letters[order], branch, depth[order[first]], first, parent)


def _along(xp: ModuleType, steps: ArrayT, tree: _Tree) -> ArrayT:
    """The sum (n, ...) of the steps up to each letter, from the root along its branches."""
    total = xp.cumsum(steps, 0)
    inside = total - total[tree.first][tree.branch]
    # Each branch adds what its parent has gone to where it grows. Sums over 1, 2, 4, ... branches
    # on the way down; the trunk, which is its own parent, adds nothing.
    below = tree.branch[tree.parent]
    base = inside[tree.parent]
    for _ in range(int(tree.depth[-1]).bit_length()):
        base, below = base + base[below], below[below]
    return inside + base[tree.branch]


def _strokes(tree: _Tree, turns: np.ndarray, around: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The letters (k, m) at the points of strokes, -1 beyond an end, and their depths (k,)."""
    drawn = np.isin(tree.letters, letters_of("FG"))
    starts = np.isin(tree.letters, letters_of("fg"))
    starts[tree.first] = True
    at = np.flatnonzero(drawn | starts)
    goes_on = np.append(drawn[at[1:]], False)
    after = np.append(at[1:], 0)
    same = (turns[at] == turns[after]) & (around[at] == around[after])
    at = at[np.where(drawn[at], ~(goes_on & same), goes_on)]
    row = np.cumsum(starts[at]) - 1
    begin = np.flatnonzero(starts[at])
    longest = int(np.diff(begin, append=len(at)).max(initial=0))
    if len(begin) * longest > POINTS:
        say = "rewrite the text fewer times"
        raise ArtError(f"{len(begin)} strokes of up to {longest} points are too many: {say}")
    table = np.full((len(begin), longest), -1)
    table[row, np.arange(len(at)) - begin[row]] = at
    return table, tree.depth[tree.branch[at[begin]]]
