"""Functions of one whole number in a loop: what they have given is remembered, and looked up.

Noise hashes the nodes of a lattice, and makes slopes of the hashes: many points lie in one cell.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from gradart.javascript.choices import Line, arranged

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
