"""Loops of JavaScript over the elements of arrays: their indices, and the text of nested loops."""

import math
import re
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field

from gradart.javascript.branches import Line, arranged, line_of

MOST_UNROLLED = 4  # elements that are written one after the other, without a loop
_FEW = 1024  # elements, for which nothing is worth being remembered

_MARK = re.compile("\x00(\\d+)\x00")
_BITS = 12
_PLACES = 2**_BITS  # for as many numbers, each in the place that the bits of a product tell
_LEAST = 100  # operations; what takes fewer is computed as quickly as it is found
_WHOLE = {"int64", "int32", "int16", "int8", "uint32", "uint16", "uint8"}
_KNOWN = re.compile(
    r"\bt\d+\b|\b\d[\d.]*(?:e[-+]?\d+)?|\b(?:Math\.)?[a-z_]\w*\(|\b(?:NaN|Infinity)\b"
)
_OTHER = re.compile("[A-Za-z_$\\[\x00]")  # elements, indices, other names
_LONG = re.compile(r"Math\.(?!imul|abs|floor|ceil|trunc|min|max|sign|fround)\w+|\b[a-z_]\w*\(")
_OPERATION = re.compile(r"[-+*/%<>=^&|?(]+")


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
    """A line of JavaScript in which indices stand where they were marked."""
    return _MARK.sub(lambda found: str(table[int(found[1])]), text)


def remembering(
    lines: Sequence[Line], types: Mapping[str, str], memory: Callable[[int], str]
) -> list[Line]:
    """Lines in which what is a function of one whole number, and takes a while, is looked up.

    `types` are those of the numbers; `memory` gives the name of an array of so many, each NaN.
    """
    roots = _roots(lines, types)
    made: list[Line | None] = list(lines)
    for root in dict.fromkeys(roots):
        places = [k for k, own in enumerate(roots) if own == root]
        group = [lines[k] for k in places]
        if root is None or sum(map(_work, group)) < _LEAST:
            continue
        others = {name for k, line in enumerate(lines) if roots[k] != root for name in line.uses}
        results = [name for line in group for name in line.names if name in others]
        if results and all(types[name] != "uint64" for name in results):
            for k in places:
                made[k] = None
            made[places[0]] = _looked_up(group, root, results, memory)
    return [line for line in made if line is not None]


def _roots(lines: Sequence[Line], types: Mapping[str, str]) -> list[str | None]:
    """For each line the first whole number that alone tells what it defines, if there is one."""
    chains: dict[str, list[str]] = {}  # the numbers that each is a function of, of each alone
    roots = []
    for line in lines:
        chain: list[str] = []
        if line.names and line.uses <= chains.keys() and not any(map(_sees_more, line.parts)):
            some = [chains[name] for name in line.uses]
            chain = [x for x in some[0] if all(x in other for other in some)] if some else []
        chains.update((name, [*chain, name]) for name in line.names)
        roots.append(next((x for x in chain if types.get(x) in _WHOLE), None))
    return roots


def _sees_more(text: str) -> bool:
    """Whether an expression takes more than numbers of its loop."""
    return _OTHER.search(_KNOWN.sub("", text)) is not None


def _work(line: Line) -> int:
    """About how many operations a line takes; a function counts as ten."""
    return sum(len(_OPERATION.findall(part)) + 10 * len(_LONG.findall(part)) for part in line.parts)


def _looked_up(
    group: Sequence[Line], root: str, results: Sequence[str], memory: Callable[[int], str]
) -> Line:
    """Lines as one that computes them only where another number stands in the number's place."""
    size = 1 + len(results)
    table, at = memory(_PLACES * size), f"m{root[1:]}"
    place = f"const {at}=(Math.imul({root},-1640531535)>>>{32 - _BITS})*{size};"  # Fibonacci hash
    kept = "".join(f"{table}[{at}+{k}]={name};" for k, name in enumerate(results, 1))
    body = f"{arranged(group, results)}{table}[{at}]={root};{kept}"
    read = ",".join(f"{name}={table}[{at}+{k}]" for k, name in enumerate(results, 1))
    text = f"{place}if({table}[{at}]!=={root}){{{body}}}const {read};"
    return Line(text, tuple(results), (f"{root} {root}",))  # it is taken more than once
