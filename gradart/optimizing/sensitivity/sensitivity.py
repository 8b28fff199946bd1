"""How far a sketch's picture moves when one of its numbers does, in millimeters on the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import jax
import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.drawing.shapes import Beziers, Dots, Lines, Mark
from gradart.errors import ArtError
from gradart.optimizing.placed_marks.page_points import Drawn, PagePoints, page_points
from gradart.optimizing.placed_marks.tangents import How, Tangent, tangents
from gradart.optimizing.placed_marks.varied_numbers import coordinates, numbers
from gradart.rendering.layout.page import Page
from gradart.sketching.parameters import checked
from gradart.sketching.sketch import Sketch, check_seed
from gradart.types import Array, Numbers

Effect = Literal["moves", "ink", "jumps", "nothing"]

_HEADS = 5  # playheads of a film, unless they are given
_TRIED = 0.0, 0.23, 0.5, 0.77, 1.0  # of a slider, to see whether a number does anything
_STILL = 1e-6  # mm for a whole slider: nobody sees it move
_PIECES = 8  # chords in a Bezier piece
_BULGE = np.linspace(0, 1, _PIECES + 1)[:-1, None]
_BERNSTEIN = np.hstack(
    [
        (1 - _BULGE) ** 3,
        3 * _BULGE * (1 - _BULGE) ** 2,
        3 * _BULGE**2 * (1 - _BULGE),
        _BULGE**3,
    ]
)


@dataclass(frozen=True)
class Movement:
    """How far the picture moves with one number of a sketch, from where that number is.

    `rms` and `largest` are mm for a unit of the number: the root of the mean square over all that
    is drawn on the page, and the most that any of it moves. `range_rms` and `range_largest` are mm
    for all of `low` to `high`, at the rate that they have here. The `effect` is "moves"; "ink" if
    only colors, widths or radii change; "jumps" if the drawing gets other points however little
    the number changes; "nothing" if no value of it changes anything. `exact` says whether that
    comes from derivatives, and not from differences.
    """

    name: str
    value: float
    low: float
    high: float
    rms: float
    largest: float
    range_rms: float
    range_largest: float
    effect: Effect
    exact: bool


@dataclass(frozen=True)
class Flow:
    """What is drawn at a playhead as polylines, and how they move with each number.

    Each of `paths` is (n, m, 2) in mm from the page's top left corner, y down, NaN where the pen
    lifts; each of `moves`, one for each of them, is (k, n, m, 2) in mm for a slider's whole
    length. `weights` are the lengths of ink that dots stand for, (n,), and None for lines.
    """

    u: float
    paths: tuple[np.ndarray, ...]
    moves: tuple[np.ndarray, ...]
    weights: tuple[np.ndarray | None, ...]


@dataclass(frozen=True)
class Sensitivity:
    """How far a sketch's picture moves with each of its numbers; `str()` of it is a table.

    What `sensitivity` finds of the `sketch` of that name, on its `page`. Each of `movements` is for
    one number, with its `name`, `value`, `rms` and `largest` in mm for a unit of it; `flows` is
    what is drawn, and how it moves, at each playhead.

    >>> @ga.sketch
    ... def ring(radius: float = 1.0):
    ...     return ga.scene(ga.circles((0, 0), radius), box=((-2, -2), (2, 2)))
    >>> print(ga.sensitivity(ring).movements[0].effect)
    moves
    """

    sketch: str
    page: Page
    movements: tuple[Movement, ...]
    flows: tuple[Flow, ...] = field(repr=False, compare=False)

    @property
    def nothing(self) -> tuple[str, ...]:
        """The names of the numbers that do nothing."""
        return tuple(m.name for m in self.movements if m.effect == "nothing")

    def __str__(self) -> str:
        rows = [["", "value", "range", "mm per unit", "largest", "mm over range", "largest", ""]]
        for m in self.movements:
            numbers = m.rms, m.largest, m.range_rms, m.range_largest
            moved = [f"{x:.4g}" if m.effect == "moves" else "-" for x in numbers]
            span = f"{m.low:.4g} to {m.high:.4g}"
            rows.append([m.name, f"{m.value:.4g}", span, *moved, said(m)])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                text.ljust(width) if column in (0, 7) else text.rjust(width)
                for column, (text, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        return "\n".join(lines if self.movements else [f"{self.sketch} has no float parameter"])


def said(movement: Movement) -> str:
    """What there is to say of a movement beside its numbers; mostly nothing."""
    words = {
        "moves": "" if movement.exact else "by differences",
        "ink": "moves nothing; colors, widths or radii change",
        "jumps": "the drawing gets other points; it has no derivative here",
        "nothing": "does nothing",
    }
    return words[movement.effect]


def sensitivity(
    sketch: Sketch, *, at: Numbers | None = None, seed: int | None = None, **values: object
) -> Sensitivity:
    """How far a sketch's picture moves on its page with each of its float parameters, in mm.

    `values` are those of parameters of `sketch`, the others have their defaults, and `seed` is the
    sketch's own by default. Over all that is drawn on the page, the mean counts length by length,
    so that it does not matter how finely a curve is sampled. Of a film the mean is over five
    playheads, or those of `at`, in [0, 1). Numbers in lists of floats count one by one. Raises
    ArtError as the sketch does.

    >>> @ga.sketch(page="square")
    ... def ring(radius: float = 1.0, gray: float = 0.5):
    ...     circle = ga.circles((0, 0), radius, stroke=(gray, gray, gray))
    ...     return ga.scene(circle, box=((-2, -2), (2, 2)))
    >>> found = ga.sensitivity(ring, radius=1.5)
    >>> round(found.movements[0].rms)  # mm for a radius larger by 1
    42
    >>> found.movements[1].effect
    'ink'
    """
    if not isinstance(sketch, Sketch):
        raise ArtError(
            f"ga.sensitivity takes a sketch, not {short(sketch)}; write @ga.sketch above def"
        )
    chosen = checked(sketch.name, sketch.parameters, values)
    number = check_seed(sketch.seed if seed is None else seed)
    with jax.enable_x64(True):
        found = coordinates(sketch, chosen)
        drawing, film = page_points(sketch, found, chosen, number)
        vector = numbers(found, chosen)
        seen = [tangents(drawing, vector, u) for u in _heads(at, film)]
        flows = [
            flow(u, drawing.marks(vector, u), here, [column.change for column in columns])
            for u, (here, columns) in zip(_heads(at, film), seen, strict=True)
        ]
        moved = tuple(
            _movement(drawing, vector, i, [columns[i] for _, columns in seen], flows)
            for i in range(len(found))
        )
    return Sensitivity(sketch.name, drawing.page, moved, tuple(flows))


def _heads(at: Numbers | None, film: bool) -> list[float]:
    if at is None:
        return (np.arange(_HEADS) / _HEADS).tolist() if film else [0.0]
    heads = np.atleast_1d(np.asarray(at, float))
    if heads.ndim != 1 or not len(heads) or not ((heads >= 0) & (heads <= 1)).all():
        raise ArtError(f"at is a playhead from 0 to 1, or several, not {short(at)}")
    return heads.tolist()


def _movement(
    drawing: PagePoints,
    vector: np.ndarray,
    i: int,
    columns: Sequence[Tangent],
    flows: Sequence[Flow],
) -> Movement:
    coordinate, value = drawing.coordinates[i], float(vector[i])
    squares, length, largest = 0.0, 0.0, 0.0
    for seen in flows:
        for more in summed_moves(seen, i, drawing.page):
            squares, length = squares + more[0], length + more[1]
            largest = max(largest, more[2])
    rms = float(np.sqrt(squares / length)) if length else 0.0
    hows: set[How] = {column.how for column in columns}
    effect: Effect = "moves"
    if "jumps" in hows:
        effect, rms, largest = "jumps", 0.0, 0.0
    elif largest < _STILL:
        changed = any(np.any(leaf) for column in columns for leaf in column.change.ink)
        effect = "ink" if changed else _effect(drawing, vector, i, [f.u for f in flows])
    unit = abs(coordinate.slope(value)) or 1.0
    return Movement(
        coordinate.name,
        value,
        coordinate.low,
        coordinate.high,
        rms / unit,
        largest / unit,
        rms,
        largest,
        effect,
        hows == {"exact"},
    )


def _effect(drawing: PagePoints, vector: np.ndarray, i: int, heads: Sequence[float]) -> Effect:
    """What a number does whose derivative is 0: it may do something elsewhere in its range."""
    leaves = jax.tree_util.tree_leaves
    for u in heads:
        here = leaves(drawing(vector, u))
        for place in _TRIED:
            moved = vector.copy()
            moved[i] = drawing.coordinates[i].value(place)
            there = leaves(drawing(moved, u))
            if [np.shape(a) for a in there] != [np.shape(a) for a in here]:
                return "jumps"
            if not all(map(_alike, here, there)):
                return "moves"
    return "nothing"


def _alike(one: Array, other: Array) -> bool:
    return np.allclose(one, other, rtol=0, atol=1e-9, equal_nan=True)


def flow(u: float, marks: Sequence[Mark], here: Drawn, changes: Sequence[Drawn]) -> Flow:
    """What is drawn as polylines, and how they move with each number, from the changes by these."""
    paths, moves, weights = [], [], []
    for index, mark in enumerate(marks):
        points = np.asarray(here.points[index])
        along = [np.asarray(change.points[index]) for change in changes]
        lifted = np.isnan(points).any(-1)
        points = np.where(lifted[..., None], np.nan, points)
        paths.append(_polyline(mark, points))
        moves.append(np.array([_polyline(mark, move) for move in along]))
        weight = None
        if isinstance(mark.shape, Dots):
            weight = 2 * np.pi * np.broadcast_to(np.asarray(mark.shape.radius), len(points))
        weights.append(weight)
    return Flow(u, tuple(paths), tuple(moves), tuple(weights))


def _polyline(mark: Mark, points: np.ndarray) -> np.ndarray:
    """A mark's points, or how they move, as the vertices of polylines (n, m, 2)."""
    shape = mark.shape
    if isinstance(shape, Dots):
        return points
    if isinstance(shape, Beziers):
        count = (points.shape[1] - 1) // 3
        pieces = np.stack([points[:, k : k + 3 * count : 3] for k in range(3)], 2)
        pieces = np.concatenate([pieces, points[:, 3::3][:, :, None]], 2)
        chords = np.einsum("sj,nkjd->nksd", _BERNSTEIN, pieces).reshape(len(points), -1, 2)
        points = np.concatenate([chords, points[:, -1:]], 1)
    if not (isinstance(shape, Lines | Beziers) and not shape.closed):
        points = np.concatenate([points, points[:, :1]], 1)
    return points


def summed_moves(flow: Flow, i: int, page: Page) -> Iterator[tuple[float, float, float]]:
    """Of each mark: the integral of the squared move along it, its length, and the largest move.

    A move is linear along a chord, so that its integral there is (a a + a b + b b) / 3 times the
    length. Only what lies on the page counts.
    """
    corner = np.array([page.width, page.height])
    for path, moves, weight in zip(flow.paths, flow.moves, flow.weights, strict=True):
        move = moves[i]
        with np.errstate(invalid="ignore"):
            seen = np.asarray(((path >= 0) & (path <= corner)).all(-1))
        size = (move**2).sum(-1)
        if weight is not None:
            inked = np.where(seen[:, 0], weight, 0.0)
            yield (
                float((inked * size[:, 0]).sum()),
                float(inked.sum()),
                float(np.sqrt(np.max(size[:, 0], initial=0.0, where=seen[:, 0]))),
            )
            continue
        length = np.linalg.norm(np.diff(path, axis=1), axis=-1)
        length = np.where(seen[:, 1:] & seen[:, :-1], length, 0.0)
        a, b = move[:, :-1], move[:, 1:]
        mean = ((a * a + a * b + b * b) / 3).sum(-1)
        top = float(np.sqrt(np.max(size, initial=0.0, where=seen)))
        yield float((mean * length).sum()), float(length.sum()), top
