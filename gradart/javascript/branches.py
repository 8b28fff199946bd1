"""Where in a loop each number is computed: in the branch that takes it, and nowhere else.

The lines of a loop define numbers one after the other, `const t3=(t1?t2:0);`, and store them. A
number that is taken once is written where it is taken; one that is taken in one case of a choice
alone is computed where that case is chosen.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

_NAME = re.compile(r"\bt\d+\b")
_DEFINITION = re.compile(r"const (t\d+)=([^;]*);")
_CHOICE = re.compile(r"\(([^?]+)\?([^?:]*):([^?:]*)\)")

_DEEPEST = 50  # branches in branches, and
_NESTED = 20  # numbers in an expression: as many as any browser reads
_STORED = re.compile(r"[^;{]*;")  # one that is no loop, and no branch

# The cases around a place, from the outermost: of each the choice and which of its two it is.
_Path = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Line:
    """A line of a loop: what it defines, and the names in each part of its expression.

    `names` are empty for what stores numbers, or is a loop itself: that stays where it is. `parts`
    is an expression, or of a choice that what decides, and its two cases.
    """

    text: str
    names: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def uses(self) -> set[str]:
        """All names that it takes."""
        return {name for part in self.parts for name in names_in(part)}


def names_in(text: str) -> set[str]:
    """The numbers of a loop that a text names."""
    return set(_NAME.findall(text))


def line_of(text: str) -> Line:
    """A line as it was written."""
    found = _DEFINITION.fullmatch(text)
    if found is None:
        return Line(text, (), (text,))
    name, expression = found.groups()
    choice = _CHOICE.fullmatch(expression)
    parts = (expression,) if choice is None else choice.groups()
    if any(part.count("(") != part.count(")") for part in parts):
        parts = (expression,)
    return Line(text, (name,), parts)


def arranged(lines: Sequence[Line], kept: Collection[str] = ()) -> str:
    """Lines as one text, with each number in the innermost branch in which all that takes it is.

    They stay in their order, but that what a case needs comes right before the choice. Those that
    are `kept` are taken by what follows.
    """
    lines = _nested(lines, kept)
    inside: dict[_Path, list[int]] = {}
    taken: dict[str, list[_Path]] = {}
    for k in range(len(lines) - 1, -1, -1):
        line = lines[k]
        path = _common([path for name in line.names for path in taken.get(name, [()])] or [()])
        inside.setdefault(path, []).append(k)
        for case, part in enumerate(line.parts):
            within = (*path, (k, case)) if case else path
            for name in names_in(part):
                taken.setdefault(name, []).append(within)
    return _written(lines, inside, ())


def _nested(lines: Sequence[Line], kept: Collection[str]) -> list[Line]:
    """Lines without those that define what is taken once, in an expression: it is written there.

    Not beyond a line that stores, which may change what an expression reads; and a choice stays one
    as long as something is computed in its cases.
    """
    count = Counter(name for line in lines for part in line.parts for name in _NAME.findall(part))
    waiting: dict[str, tuple[str, int]] = {}  # an expression, and how many are nested in it
    made: list[Line] = []
    places: dict[str, int] = {}
    for line in lines:
        found = [name for part in line.parts for name in _NAME.findall(part) if name in waiting]
        if not line.names and not _STORED.fullmatch(line.text):
            found = []
        depth = 1 + max((waiting[name][1] for name in found), default=0)
        if depth > _NESTED:
            found, depth = [], 1
        for name in found:
            made[places[name]] = _NOTHING
            line = _with(line, name, waiting.pop(name)[0])
        made.append(line)
        if not line.names:
            waiting.clear()
        elif _DEFINITION.fullmatch(line.text) and not any(map(names_in, line.parts[1:])):
            (name,) = line.names
            if count[name] == 1 and name not in kept:
                waiting[name] = _expression(line), depth
                places[name] = len(made) - 1
    return [line for line in made if line is not _NOTHING]


_NOTHING = Line("", (), ())


def _with(line: Line, name: str, expression: str) -> Line:
    """A line with an expression in place of a number."""

    def put(text: str) -> str:
        return re.sub(rf"\b{name}\b", lambda found: expression, text)

    return replace(line, text=put(line.text), parts=tuple(map(put, line.parts)))


def _expression(line: Line) -> str:
    """What a line defines, so that it can stand in another expression; an index may be a sum."""
    text = line.text.removeprefix(f"const {line.names[0]}=").removesuffix(";")
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and not (letter.isalnum() or letter in "._") and at < len(text) - 1:
            return f"({text})"
    return text


def _common(paths: Sequence[_Path]) -> _Path:
    """How far some paths are the same."""
    count = 0
    for steps in zip(*(path[:_DEEPEST] for path in paths), strict=False):
        if len(set(steps)) > 1:
            break
        count += 1
    return paths[0][:count]


def _written(lines: Sequence[Line], inside: dict[_Path, list[int]], path: _Path) -> str:
    text = ""
    for k in reversed(inside.get(path, [])):
        line = lines[k]
        cases = [_written(lines, inside, (*path, (k, case))) for case in (1, 2)]
        if not any(cases):
            text += line.text
            continue
        (name,), (decides, *values) = line.names, line.parts
        one, other = (f"{before}{name}={x};" for before, x in zip(cases, values, strict=True))
        text += f"let {name};if({decides}){{{one}}}else{{{other}}}"
    return text
