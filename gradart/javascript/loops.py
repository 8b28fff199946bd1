"""Loops of JavaScript over the elements of arrays: their indices, and the text of nested loops."""

import math
import re
from collections import ChainMap
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field

from gradart.javascript.choices import arranged, line_of
from gradart.javascript.remembered import remembering

MOST_UNROLLED = 4  # elements that are written one after the other, without a loop
_FEW = 1024  # elements, for which nothing is worth being remembered

_MARK = re.compile("\x00(\\d+)\x00")


@dataclass(frozen=True)
class Index:
    """A whole number that a loop counts with: a constant, and multiples of named numbers."""

    constant: int = 0
    terms: tuple[tuple[str, int], ...] = ()

    def __add__(self, other: "Index") -> "Index":
        terms = dict(self.terms)
        for name, factor in other.terms:
            terms[name] = terms.get(name, 0) + factor
        kept = tuple((name, factor) for name, factor in terms.items() if factor)
        return Index(self.constant + other.constant, kept)

    def __mul__(self, factor: int) -> "Index":
        if factor == 0:
            return Index()
        return Index(self.constant * factor, tuple((n, k * factor) for n, k in self.terms))

    def of(self, name: str) -> int:
        """How many times a name is in it."""
        return dict(self.terms).get(name, 0)

    def without(self, name: str) -> "Index":
        """The same with a name that is 0."""
        return Index(self.constant, tuple(term for term in self.terms if term[0] != name))

    def __str__(self) -> str:
        parts = [name if k == 1 else f"{name}*{k}" for name, k in self.terms]
        if self.constant or not parts:
            parts.append(str(self.constant))
        return "+".join(parts).replace("+-", "-")


def between(axes: Sequence[int], inner: Sequence[Index], outer: Sequence[Index]) -> list[Index]:
    """The indices on all axes: those of an inner loop on its axes, the outer ones in order."""
    along, rest = dict(zip(axes, inner, strict=True)), iter(outer)
    return [along[k] if k in along else next(rest) for k in range(len(inner) + len(outer))]


def named(name: str) -> Index:
    """The index that is a number of that name."""
    return Index(0, ((name, 1),))


@dataclass
class Loop:
    """One or more nested loops over a shape, with the lines inside the innermost one.

    `indices` are the places on each axis; an axis of one element has no loop. `memo` holds what has
    been computed inside already, by what it is and where. Loops that run on through all that is
    read and written become one. `types` are those of the numbers that lines define, and `memory`
    makes an array for what is remembered of so many.
    """

    shape: tuple[int, ...]
    names: Iterable[str]
    within: "Loop | None" = None
    memory: Callable[[int], str] | None = None
    indices: list[Index] = field(init=False)
    lines: list[str] = field(default_factory=list)
    table: list[Index] = field(init=False)
    memo: MutableMapping[object, str] = field(init=False)
    counters: list[tuple[str, int]] = field(init=False)
    types: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        outer = self.within
        self.table = [] if outer is None else outer.table
        self.memo = ChainMap({}, outer.memo) if outer is not None else {}
        self.indices, self.counters = [], []
        names = iter(self.names)
        for size in self.shape:
            if size == 1:
                self.indices.append(Index())
            else:
                name = next(names)
                self.counters.append((name, size))
                self.indices.append(named(name))

    def mark(self, index: Index) -> str:
        """A place in a line where an index will stand."""
        self.table.append(index)
        return f"\x00{len(self.table) - 1}\x00"

    @property
    def times(self) -> int:
        """How often its lines are run."""
        return math.prod(self.shape) * (1 if self.within is None else self.within.times)

    def body(self) -> str:
        """Its lines, each number computed where it is needed, with indices still marked."""
        lines = [line_of(line) for line in self.lines]
        if self.memory is not None and self.times >= _FEW:
            lines = remembering(lines, self.types, self.memory)
        return arranged(lines)

    def text(self) -> str:
        """The loops as JavaScript; indices of outer ones are still marked if they stand within."""
        inside = self.body()
        counters = self._joined(inside)
        text = inside
        for name, size in reversed(counters):
            text = f"for(let {name}=0;{name}<{size};{name}++){{{text}}}"
        return text if self.within is not None else filled(text, self.table)

    def _joined(self, inside: str) -> list[tuple[str, int]]:
        """The loops that are left when neighbors are joined that count through without a gap."""
        used = [int(number) for number in _MARK.findall(inside)]
        loops = list(self.counters)
        at = len(loops) - 2
        while at >= 0:
            (outer, count), (inner, size) = loops[at], loops[at + 1]
            if all(self.table[k].of(outer) == size * self.table[k].of(inner) for k in used):
                for k in used:
                    self.table[k] = self.table[k].without(outer)
                loops[at : at + 2] = [(inner, count * size)]
            at -= 1
        return loops


def filled(text: str, table: Sequence[Index]) -> str:
    """A text with its indices in their places."""
    return _MARK.sub(lambda found: str(table[int(found[1])]), text)
