"""The turtle that draws what a text tells it, with brackets for the branches of plants.

After P. Prusinkiewicz and A. Lindenmayer, The Algorithmic Beauty of Plants (1990), section 1.6.
"""

from types import ModuleType
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.errors import ArtError
from gradart.types import ArrayT, Number, Points

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
