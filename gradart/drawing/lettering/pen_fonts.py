"""Fonts of single lines: Dr. Hershey's letters, and those that are composed of them."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.errors import ArtError

EM = 32  # of Dr. Hershey's steps in a type size, of which a capital takes 21 and an x 14
_X = 14  # the height of a letter that an accent is drawn for
_DATA = Path(__file__).with_name("pen_letters.txt")
_SLANT = {"italic": 2 / 7, "script": 2 / 7}  # to the right, by the height

Strokes = tuple[np.ndarray, ...]  # of points (m, 2) in those steps, the baseline at 0, y up


@dataclass(frozen=True)
class PenLetter:
    """A letter's strokes, and where the space that it takes begins and ends."""

    left: float
    right: float
    strokes: Strokes

    def moved(self, x: float, y: float = 0.0) -> "PenLetter":
        strokes = tuple(np.add(stroke, (x, y)) for stroke in self.strokes)
        return PenLetter(self.left + x, self.right + x, strokes)

    def turned(self, height: float) -> "PenLetter":
        """Upside down, what was at `height` on the baseline."""
        strokes = tuple((0, height) - stroke * (1, 1) for stroke in self.strokes)
        return PenLetter(-self.right, -self.left, strokes)

    @property
    def low(self) -> np.ndarray:
        return np.concatenate(self.strokes).min(0)

    @property
    def high(self) -> np.ndarray:
        return np.concatenate(self.strokes).max(0)


def _drawn(*strokes: Sequence[tuple[float, float]]) -> Strokes:
    return tuple(np.array(stroke, float) for stroke in strokes)


def _ring(x: float, y: float, r: float) -> list[tuple[float, float]]:
    turn = np.arange(9) * np.pi / 4
    return [(x + r * float(np.cos(t)), y + r * float(np.sin(t))) for t in turn]


def _dot(x: float, y: float) -> list[tuple[float, float]]:
    return [(x - 1, y), (x, y + 1), (x + 1, y), (x, y - 1), (x - 1, y)]


_ACUTE, _GRAVE = [(3, 22), (-1, 17)], [(-3, 22), (1, 17)]
_ABOVE = {  # accents over an x, by the letters of Unicode that combine
    "\u0300": _drawn(_GRAVE),
    "\u0301": _drawn(_ACUTE),
    "\u0302": _drawn([(-4, 17), (0, 21), (4, 17)]),
    "\u0303": _drawn([(-5, 18), (-3, 20), (-1, 20), (1, 18), (3, 18), (5, 20)]),
    "\u0304": _drawn([(-5, 19), (5, 19)]),
    "\u0306": _drawn([(-4, 21), (-3, 18.5), (-1, 17), (1, 17), (3, 18.5), (4, 21)]),
    "\u0307": _drawn(_dot(0, 19)),
    "\u0308": _drawn(_dot(-4, 19), _dot(4, 19)),
    "\u030a": _drawn(_ring(0, 19.5, 2.5)),
    "\u030b": _drawn([(1, 22), (-3, 17)], [(6, 22), (2, 17)]),
    "\u030c": _drawn([(-4, 21), (0, 17), (4, 21)]),
}
_BELOW = {
    "\u0323": _drawn(_dot(0, -4)),
    "\u0326": _drawn([(0.5, -3), (0.5, -5), (-1, -7)]),
    "\u0327": _drawn([(0, 0), (0, -2), (2, -3.5), (1.5, -5.5), (-0.5, -6.5), (-2.5, -6)]),
    "\u0328": _drawn([(1, 0), (-1, -2), (-1.5, -4.5), (0, -6), (2.5, -5.5)]),
}
_OWN = {  # half of the space that they take, and their strokes
    "\u25a1": (10, _drawn([(-7, 0), (7, 0), (7, 21), (-7, 21), (-7, 0)])),
    "^": (8, _drawn([(-5, 14), (0, 20), (5, 14)])),
    "`": (5, _drawn([(-2, 21), (2, 16)])),
    "\u00b4": (5, _drawn([(2, 21), (-2, 16)])),
    "\u2014": (18, _drawn([(-18, 9), (18, 9)])),
    "\u00b7": (5, _drawn(_dot(0, 9))),
    "\u2022": (6, _drawn(_ring(0, 9, 3))),
    "\u00b0": (7, _drawn(_ring(0, 18, 3))),
    "\u00d7": (12, _drawn([(-7, 2), (7, 16)], [(-7, 16), (7, 2)])),
    "\u00f7": (13, _drawn([(-9, 9), (9, 9)], _dot(0, 15), _dot(0, 3))),
    "\u00b1": (13, _drawn([(-9, 11), (9, 11)], [(0, 19), (0, 3)], [(-9, 0), (9, 0)])),
    "\u2039": (6, _drawn([(3, 13), (-3, 7.5), (3, 2)])),
    "\u203a": (6, _drawn([(-3, 13), (3, 7.5), (-3, 2)])),
    "\u00ab": (10, _drawn([(0, 13), (-6, 7.5), (0, 2)], [(6, 13), (0, 7.5), (6, 2)])),
    "\u00bb": (10, _drawn([(0, 13), (6, 7.5), (0, 2)], [(-6, 13), (0, 7.5), (-6, 2)])),
    "\u00c6": (13, _drawn([(-11, 0), (1, 21), (11, 21)], [(1, 21), (1, 0), (11, 0)],
                          [(1, 11), (8, 11)], [(-8, 6), (1, 6)])),
    "\u00df": (10, _drawn([(-6, 0), (-6, 15), (-5, 18), (-3, 20.5), (0, 21), (3, 20), (4, 17.5),
                           (4, 16), (3, 14), (0, 12), (4, 10), (6, 7.5), (6, 4), (5, 2), (3, 0),
                           (0, 0), (-2, 1)])),
}  # fmt: skip
_ALIKE = {
    "\u2212": "-",
    "\u2013": "-",
    "\u2010": "-",
    "\u00a0": " ",
    "\u00b5": "μ",
    "\u03c2": "\u03c3",
}


@cache
def _tables() -> dict[str, dict[str, PenLetter]]:
    """The letters of each font, as they are in the file."""
    tables: dict[str, dict[str, PenLetter]] = {}
    for line in _DATA.read_text("utf-8").split("\n"):
        if line.startswith("= ") and line.endswith(" ="):
            table = tables.setdefault(line[2:-2], {})
        elif tables and line:
            table[line[0]] = _read(line[1:])
    return tables


def _read(data: str) -> PenLetter:
    left, right = ord(data[0]) - ord("R"), ord(data[1]) - ord("R")
    pairs = (data[at : at + 2] for at in range(2, len(data), 2))
    strokes: list[list[tuple[float, float]]] = [[]]
    for pair in pairs:
        if pair == " R":
            strokes.append([])
        else:
            x, y = (ord(letter) - ord("R") for letter in pair)
            strokes[-1].append((x, 9 - y))
    return PenLetter(left, right, _drawn(*filter(None, strokes)))


def check_font(font: str) -> None:
    """ArtError for a font that there is not."""
    names = [name for name in _tables() if name != "greek"]
    if not isinstance(font, str) or font not in names:
        raise ArtError(f"no font of single lines {short(font)}; write one of {', '.join(names)}")


@cache
def pen_letter(letter: str, font: str) -> PenLetter | None:
    """A letter of a font, with its accents; None for one that cannot be composed."""
    letter = _ALIKE.get(letter, letter)
    if letter in _OWN:
        half, strokes = _OWN[letter]
        return PenLetter(-half, half, strokes)
    for table in (_tables()[font], _tables()["greek"]):
        if letter in table:
            return table[letter]
    if built := _built(letter, font):
        return built
    base, *accents = list(unicodedata.normalize("NFD", letter))
    found = pen_letter(base, font) if accents else None
    for accent in accents:
        found = found and _accented(found, base, accent, _SLANT.get(font, 0.0))
    return found


def _accented(letter: PenLetter, base: str, accent: str, slant: float) -> PenLetter | None:
    if accent == "\u030c" and base in "dltL":  # as Czech and Slovak print it
        mark = np.array([(0.0, 0.0), (0.0, -2.0), (-1.0, -4.0)])
        place = np.add(letter.high, (2 if base != "L" else -2, 0))
        return replace(letter, right=letter.right + 2, strokes=(*letter.strokes, mark + place))
    if accent in _ABOVE:
        letter = _without_dot(letter) if base in "ij" else letter
        above, rise = _ABOVE[accent], letter.high[1] - _X
        across = slant * (letter.high[1] / 2 + 5)
    elif accent in _BELOW:
        above, rise = _BELOW[accent], 0.0
        across = -slant * letter.high[1] / 2
    else:
        return None
    middle = (letter.low[0] + letter.high[0]) / 2
    if accent == "\u0328":
        middle = letter.high[0] - 3
    strokes = tuple(np.add(stroke, (middle + across, rise)) for stroke in above)
    return replace(letter, strokes=letter.strokes + strokes)


def _without_dot(letter: PenLetter) -> PenLetter:
    """An i without what lies above its stem."""
    stem = min(stroke[:, 1].min() for stroke in letter.strokes)
    tops = [stroke for stroke in letter.strokes if stroke[:, 1].min() < stem + 10]
    return replace(letter, strokes=tuple(tops))


def _built(letter: str, font: str) -> PenLetter | None:
    """A letter that is made of others of its font; None for one that is not."""

    def of(name: str) -> PenLetter:
        found = pen_letter(name, font)
        assert found is not None, "the letters of ASCII are in each font"
        return found

    def side_by_side(first: PenLetter, second: PenLetter, x: float) -> PenLetter:
        after = second.moved(x)
        return PenLetter(first.left, after.right, first.strokes + after.strokes)

    match letter:
        case "\u201a":
            return of(",")
        case "\u2019":
            return of(",").moved(0, 19)
        case "\u2018":
            return of(",").turned(2).moved(0, 19 - 4)
        case "\u201e" | "\u201d" | "\u201c":
            single = of({"\u201e": "\u201a", "\u201d": "\u2019", "\u201c": "\u2018"}[letter])
            return side_by_side(single, single, 5)
        case "\u2026":
            dot = of(".")
            return side_by_side(side_by_side(dot, dot, 9), dot, 18)
        case "\u00a1":
            return of("!").turned(_X)
        case "\u00bf":
            return of("?").turned(_X)
        case "\u0131":
            return _without_dot(of("i"))
        case "\u00e6" | "\u0153" | "\u0152":
            first, second = map(of, {"\u00e6": "ae", "\u0153": "oe", "\u0152": "OE"}[letter])
            return side_by_side(first, second, first.high[0] - second.low[0])
        case "\u00f8" | "\u00d8":
            o = of("o" if letter == "\u00f8" else "O")
            slash = np.stack([np.add(o.low, (-1, -2)), np.add(o.high, (1, 2))])
            return replace(o, strokes=(*o.strokes, slash))
        case "\u0142" | "\u0141":
            stem = of("l" if letter == "\u0142" else "L")
            x = stem.strokes[0][:, 0].mean()
            return replace(stem, strokes=(*stem.strokes, np.array([(x - 4, 8), (x + 4, 13)])))
        case "\u0111" | "\u0110":
            d = of("d" if letter == "\u0111" else "D")
            x, y = (d.high[0] - 1, 17) if letter == "\u0111" else (d.low[0] + 1, 11)
            return replace(d, strokes=(*d.strokes, np.array([(x - 4, y), (x + 4, y)])))
        case "\u20ac":
            c = of("C")
            bars = [np.array([(c.low[0] - 3, y), (c.low[0] + 9, y)]) for y in (8.5, 12.5)]
            return replace(c, strokes=(*c.strokes, *bars))
    return None
