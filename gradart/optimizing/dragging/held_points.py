"""Where places of a drawing are and how they move, compiled for the marks that are held.

A sketch that sorts its strokes, the farthest first, draws them in another order whenever a number
changes. What is held is a stroke and not a rank: here all that is sorted by `argsort` keeps the
order that it had at first, so that a path has the same index for ever.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Atom
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var
from jax.typing import ArrayLike

from gradart.calculus.forward_mode import EVERY_ROW
from gradart.calculus.programs.jaxprs import (
    CALLS,
    bind,
    called,
    numbers_computed,
    parts,
    shaped,
    variables,
)
from gradart.errors import Untraceable, causes
from gradart.optimizing.dragging.grips import Grip
from gradart.optimizing.placed_marks.page_points import PagePoints
from gradart.optimizing.placed_marks.varied_numbers import Coordinate, numbers
from gradart.optimizing.row_programs.known_rows import Rows
from gradart.optimizing.row_programs.row_index import GIVEN, At, Index, ordered
from gradart.optimizing.row_programs.row_program import RowProgram

MOST = 8  # grips at a time; more would be compiled anew

_STEPS = 100.0  # of a loop of unknown length, to compare what is to compute
_SAME = 1e-6  # mm between points that are the same

Orders = dict[str, jax.Array]  # the order of each thing that is sorted, by its place in a program
# The order of what is sorted at a place, where it can be computed if need be.
_Order = Callable[[str, Callable[[], jax.Array]], jax.Array]
_OfGrips = Callable[..., tuple[jax.Array, jax.Array]]


class TracedPoints:
    """The points of a sketch by places of its sliders (k,), playhead and placement, traced by JAX.

    `shapes` are those of the points of each mark, (n, m, 2), and stay as they are.

    What is compiled for a set of marks serves all grips on them, at all places and playheads.
    Raises what the sketch raises that is called with what it cannot take. Use it in float64.
    """

    def __init__(self, drawing: PagePoints) -> None:
        found = drawing.coordinates
        vector = numbers(found, drawing.values)
        self._first = jnp.array([c.place(x) for c, x in zip(found, vector, strict=True)])

        def points(places: jax.Array, u: jax.Array, placement: jax.Array) -> tuple[jax.Array, ...]:
            vector = jnp.stack([c.value(s) for c, s in zip(found, places, strict=True)])
            return tuple(map(jnp.asarray, drawing(vector, u, placement).points))

        self._closed = jax.make_jaxpr(points)(self._first, jnp.zeros(()), jnp.ones(3))
        self.shapes: list[tuple[int, ...]] = [
            shaped(atom).shape for atom in parts(self._closed)[0].outvars
        ]
        self._programs: dict[tuple[int, ...], _OfGrips] = {}

    @cached_property
    def _orders(self) -> Orders:
        """How all is sorted that is sorted, at the places of the sliders at first."""
        if not _sorts(self._closed):
            return {}
        every = range(len(self.shapes))

        @jax.jit
        def found(places: jax.Array) -> Orders:
            orders: Orders = {}

            def note(place: str, made: Callable[[], jax.Array]) -> jax.Array:
                return orders.setdefault(place, made())

            _run(self._closed, [places, jnp.zeros(()), jnp.ones(3)], every, note)
            return orders

        return found(self._first)

    def every_point(self, places: np.ndarray, u: float, placement: np.ndarray) -> list[np.ndarray]:
        """The points (n, m, 2) of all marks, in the order at first."""
        return list(map(np.asarray, self._every_point(places, u, placement, self._orders)))

    @cached_property
    def _every_point(self) -> Callable[..., list[jax.Array]]:
        every = range(len(self.shapes))
        return jax.jit(lambda x, u, p, orders: _run(self._closed, [x, u, p], every, _as(orders)))

    def path(
        self, mark: int, points: np.ndarray, places: np.ndarray, u: float, placement: np.ndarray
    ) -> int | None:
        """Which of a mark's paths has these points (m, 2) now; None if there is none."""
        rows = self.every_point(places, u, placement)[mark]
        with np.errstate(invalid="ignore"):
            gaps = np.nan_to_num(np.abs(rows - points)).max((1, 2))
        nearest = int(np.argmin(gaps))
        return nearest if gaps[nearest] < _SAME else None

    @property
    def sorts(self) -> bool:
        """Whether paths are sorted."""
        return bool(self._orders)

    def in_any_order(self) -> None:
        """Let all be sorted anew, as the sketch does, because its ranks are more than an order."""
        self._orders = {}
        self._programs.clear()

    def moves(
        self, grips: Sequence[Grip], places: np.ndarray, u: float, placement: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Where grips are, (h, 2) in mm, and how they move with the sliders, (h, 2, k)."""
        marks = tuple(sorted({grip.mark for grip in grips}))
        if marks not in self._programs:
            self._programs[marks] = self._program(marks)
        # One is held as a rule; each more is as much to compute.
        index, weights = _table(grips, marks, 1 if len(grips) == 1 else MOST)
        at, slopes = self._programs[marks](places, u, placement, self._orders, index, weights)
        return np.asarray(at)[: len(grips)], np.asarray(slopes)[: len(grips)]

    def _program(self, marks: tuple[int, ...]) -> _OfGrips:
        """A program for grips on these marks: of each only what is held is computed.

        That is a path or, where it is much less to compute, some of its points by themselves.
        """
        like = self._first, jnp.zeros(()), jnp.ones(3), self._orders
        moving = jax.make_jaxpr(lambda *given: self._pushed(marks, *given))(*like)
        shapes = [self.shapes[mark] for mark in marks]
        table = _table((), marks, 1)
        ways = [_of_grips(moving, shapes, alone) for alone in (False, True)]
        costs = []
        for run, still in ways:
            computed = parts(jax.make_jaxpr(run)(*like, *table, still))[0]
            costs.append(
                sum(numbers_computed(e, lambda step: _STEPS * step) for e in computed.eqns)
            )
        run, still = ways[costs[1] < costs[0] / 2]
        return partial(jax.jit(run), still=still)

    def _pushed(
        self,
        marks: tuple[int, ...],
        places: jax.Array,
        u: jax.Array,
        placement: jax.Array,
        orders: Orders,
    ) -> tuple[list[jax.Array], list[jax.Array]]:
        """The points (n, m, 2) of each of the marks, and their slopes (n, m, 2, k)."""

        # Forward in one go: linearized, each step of a loop would be kept for the slopes.
        def push(direction: jax.Array) -> tuple[list[jax.Array], list[jax.Array]]:
            def at(places: jax.Array) -> list[jax.Array]:
                return _run(self._closed, [places, u, placement], marks, _as(orders))

            return jax.jvp(at, (places,), (direction,))

        found: tuple[list[jax.Array], list[jax.Array]] = jax.vmap(push, out_axes=(None, -1))(
            jnp.eye(len(places))
        )
        return found


def _of_grips(
    moving: ClosedJaxpr, shapes: Sequence[tuple[int, ...]], alone: bool
) -> tuple[_OfGrips, list[jax.Array]]:
    """Where grips are and how they move, of all points (n, m, 2) of marks and their slopes.

    Only the paths that are held are computed, or their points by themselves, each `alone`. The
    function takes as its last what is the same at each call, which is returned beside it.
    """
    own: list[At] = []
    for n, m, _ in shapes:
        point = {0: Index("//", GIVEN, m), 1: Index("%", GIVEN, m)}
        own.append(ordered(point if alone else {0: GIVEN}, (n, m)))
    rows = RowProgram(moving, [{at} for at in (*own, *own)])

    def of_grips(
        places: jax.Array,
        u: jax.Array,
        placement: jax.Array,
        orders: Orders,
        index: jax.Array,
        weights: jax.Array,
        still: list[jax.Array],
    ) -> tuple[jax.Array, jax.Array]:
        inputs: list[Rows] = [{(): x} for x in jax.tree.leaves((places, u, placement, orders))]

        def held(number: int, given: jax.Array) -> tuple[jax.Array, jax.Array]:
            found = rows.run(inputs, given, still)
            return found[number][own[number]][0], found[len(shapes) + number][own[number]][0]

        def of_grip(index: jax.Array, weights: jax.Array) -> tuple[jax.Array, jax.Array]:
            at, slope = jnp.zeros(2), jnp.zeros((2, len(places)))
            for number, (_, count, _) in enumerate(shapes):
                if alone:
                    points = index[1] * count + index[2:]
                    some = [x[:, 0] for x in jax.vmap(partial(held, number))(points)]
                else:
                    some = [x[index[2:]] for x in held(number, index[1])]
                here, along = (jnp.tensordot(weights, x, 1) for x in some)
                mine = index[0] == number
                at, slope = jnp.where(mine, here, at), jnp.where(mine, along, slope)
            return at, slope

        found: tuple[jax.Array, jax.Array] = jax.vmap(of_grip)(index, weights)
        return found

    return of_grips, rows.apart()


def written(drawing: PagePoints, vector: np.ndarray) -> tuple[str, ...]:
    """How all numbers that depend on a vector (k,) are written in texts, in turn.

    Only these numbers are computed, of all that JAX traces.
    """
    forms: list[str] = []

    def told(x: jax.Array) -> list[jax.Array]:
        found = drawing.numbers_in_texts(x)
        forms.extend(form for _, form in found)
        return [number for number, _ in found]

    x = jnp.asarray(vector)
    closed = jax.make_jaxpr(told)(x)
    every = range(len(forms))
    numbers = jax.jit(lambda x: _run(closed, [x], every, _as({})))(x)
    return tuple(
        format(np.asarray(number).item(), form) for number, form in zip(numbers, forms, strict=True)
    )


def _table(
    grips: Sequence[Grip], marks: tuple[int, ...], rows: int
) -> tuple[np.ndarray, np.ndarray]:
    """The marks, paths and points of grips (rows, 6), and their weights (rows, 4); 0 for none."""
    index, weights = np.zeros((rows, 6), int), np.zeros((rows, 4))
    for row, grip in enumerate(grips):
        index[row] = (marks.index(grip.mark), grip.path, *grip.points)
        weights[row] = grip.weights
    return index, weights


def _as(orders: Orders) -> _Order:
    """What is sorted, in these orders; in its own where there is none."""

    def order(place: str, made: Callable[[], jax.Array]) -> jax.Array:
        return orders[place] if place in orders else made()

    return order


def _run(
    closed: ClosedJaxpr | Jaxpr,
    inputs: Sequence[ArrayLike],
    wanted: Sequence[int],
    order: _Order,
    where: str = "",
) -> list[jax.Array]:
    """Those outputs of a program that are wanted, without what only the others need."""
    jaxpr, consts = parts(closed)
    results = [jaxpr.outvars[i] for i in wanted]
    needed = variables(results)
    kept = []
    for number, eqn in reversed(list(enumerate(jaxpr.eqns))):
        if not needed.isdisjoint(eqn.outvars):
            kept.append((number, eqn))
            needed |= variables(eqn.invars)
    values: dict[Var, ArrayLike] = dict(zip(jaxpr.constvars, consts, strict=True))
    values.update(zip(jaxpr.invars, inputs, strict=True))

    def read(atom: Atom) -> ArrayLike:
        return atom.val if isinstance(atom, Literal) else values[atom]

    for number, eqn in reversed(kept):
        place, taken = f"{where}/{number}", [read(atom) for atom in eqn.invars]
        if not _inlined(eqn):
            values.update(zip(eqn.outvars, bind(eqn, taken), strict=True))
        elif eqn.params.get("name") == "argsort":
            made = order(place, partial(_first, eqn, taken))
            values[eqn.outvars[0]] = made
        else:
            some = [i for i, v in enumerate(eqn.outvars) if v in needed]
            inner = _run(called(eqn), taken, some, order, place)
            values.update(zip([eqn.outvars[i] for i in some], inner, strict=True))
    return [jnp.asarray(read(atom)) for atom in results]


def _sorts(closed: ClosedJaxpr | Jaxpr) -> bool:
    return any(
        eqn.params.get("name") == "argsort" or _sorts(called(eqn))
        for eqn in parts(closed)[0].eqns
        if _inlined(eqn)
    )


def _first(eqn: JaxprEqn, inputs: Sequence[ArrayLike]) -> jax.Array:
    """What the first of an equation's outputs is."""
    return bind(eqn, inputs)[0]


def _inlined(eqn: JaxprEqn) -> bool:
    """Whether an equation calls a program that is run here, equation by equation."""
    if eqn.params.get("name") == EVERY_ROW:  # which rows are asked for by this name
        return False
    return eqn.primitive.name in CALLS and "custom" not in eqn.primitive.name


def traceable(drawing: PagePoints) -> tuple[PagePoints, TracedPoints | None]:
    """A drawing with those coordinates by which JAX can trace it; with all, if it can by none."""
    found = drawing.coordinates

    def by(some: tuple[Coordinate, ...]) -> tuple[PagePoints, TracedPoints] | None:
        one = replace(drawing, coordinates=some, ahead=True)
        try:
            return one, TracedPoints(one)
        except Exception as error:  # whatever a sketch raises that is called with what is traced
            if not any(isinstance(e, Untraceable) and "text" in str(e) for e in causes(error)):
                return None
        try:  # with what its texts tell
            one = replace(one, texts=written(one, numbers(some, one.values)))
            return one, TracedPoints(one)
        except Exception:  # as above
            return None

    try:
        return drawing, TracedPoints(drawing)
    except Exception:  # as above
        traced = by(found)
    if traced is None and len(found) > 1:
        alone = [traced for c in found if (traced := by((c,))) is not None]
        some = tuple(c for one, _ in alone for c in one.coordinates)
        traced = by(some) if len(alone) > 1 else next(iter(alone), None)
    return traced or (drawing, None)
