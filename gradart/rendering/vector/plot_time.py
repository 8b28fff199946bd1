"""What a plotter does with a file of ours: lengths drawn and traveled, lifts, minutes, by layer."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gradart.errors import ArtError
from gradart.files.reading import opened

# mm/s and s: AxiDraw's defaults, a quarter and three quarters of its 8.7 inches a second, and 126
# ms for the pen to sink or rise (axidraw_conf.py of Evil Mad Scientist, version 3.9).
SPEED = 50.0
_FASTER = 3.0  # with the pen up
_LIFT = 0.25
_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?[\d.]+")
_LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"
_Stroke = tuple[np.ndarray, np.ndarray, float]  # where it begins and ends, and its length
# Gauss and Legendre's 16 nodes on [0, 1]: a cubic's length to better than a thousandth.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


@dataclass(frozen=True)
class Plot:
    """What the pen does in a layer: mm drawn, mm traveled with the pen up, and how often it lifts.

    Between layers the pen is changed, so that no way counts there.
    """

    label: str
    down: float
    up: float
    lifts: int

    def minutes(self, speed: float) -> float:
        """How long it takes at `speed` mm/s, three times that with the pen up."""
        return (self.down / speed + self.up / (_FASTER * speed) + _LIFT * self.lifts) / 60


def plots(file: Path) -> list[Plot]:
    """What a plotter does in each layer of an SVG, or with each pen of HPGL or G-code.

    Of a file that gradart wrote; ArtError for one that cannot be read.
    """
    read = _READERS[file.suffix.lower()]
    try:
        with opened(file) as data:
            return [_plot(label, strokes) for label, strokes in read(data.read().decode())]
    except (ET.ParseError, OSError, ValueError, IndexError) as error:
        raise ArtError(f"{file} is no drawing that can be read: {error}") from None


def _plot(label: str, strokes: list[_Stroke]) -> Plot:
    ends = np.array([(first, last) for first, last, _ in strokes]).reshape(-1, 2, 2)
    up = np.hypot(*(ends[1:, 0] - ends[:-1, 1]).T).sum()
    down = sum(length for *_, length in strokes)
    return Plot(label, float(down), float(up), len(strokes))


def _in_svg(text: str) -> Iterator[tuple[str, list[_Stroke]]]:
    for group in ET.fromstring(text).findall(f"{_SVG}g"):
        strokes = [stroke for shape in _shapes(group) for stroke in _strokes(shape)]
        yield group.get(_LABEL, ""), strokes


def _in_hpgl(text: str) -> Iterator[tuple[str, list[_Stroke]]]:
    for number, said in re.findall(r"SP([1-9]\d*);([^S]*)", text):
        paths = re.findall(r"PU([\d,-]+);PD([\d,-]+);", said)
        yield (
            f"pen {number}",
            [_polyline(f"{start},{rest}".split(","), 40) for start, rest in paths],
        )


def _in_gcode(text: str) -> Iterator[tuple[str, list[_Stroke]]]:
    _, *pens = re.split(r"\n(?:M0 )?; pen ", text)
    for pen in pens:
        label, _, said = pen.partition("\n")
        paths = [re.findall(r"[XY](-?[\d.]+)", path) for path in re.split("G0 Z", said)[:-1]]
        yield label, [_polyline(path, 1) for path in paths]


_READERS = {".svg": _in_svg, ".hpgl": _in_hpgl, ".plt": _in_hpgl, ".gcode": _in_gcode}


def _polyline(numbers: list[str], units: int) -> _Stroke:
    """A stroke by x, y, x, y, ... in units of a millimeter's part."""
    points = np.array(numbers, float).reshape(-1, 2) / units
    return points[0], points[-1], float(np.hypot(*np.diff(points, axis=0).T).sum())


def _shapes(group: ET.Element) -> Iterator[ET.Element]:
    """What is drawn in a group: not what only defines a mask."""
    for child in group:
        if child.tag != f"{_SVG}defs":
            yield child
            yield from _shapes(child)


def _strokes(shape: ET.Element) -> Iterator[_Stroke]:
    """Where each stroke of a shape begins and ends, and how long it is."""
    if shape.tag == f"{_SVG}circle":
        x, y, r = (float(shape.get(name, "0")) for name in ("cx", "cy", "r"))
        yield np.array([x + r, y]), np.array([x + r, y]), 2 * np.pi * r
    if shape.tag == f"{_SVG}path":
        for run in re.findall("M[^M]*", shape.get("d", "")):
            points, lengths = _measured(run)
            yield points[0], points[-1], lengths


def _measured(run: str) -> tuple[np.ndarray, float]:
    """The first and the last point of path data of one run, and its length."""
    length, at, first = 0.0, np.zeros(2), np.zeros(2)
    for letter, said in re.findall("([MlcZ])([^MlcZ]*)", run):
        points = np.array(_NUMBER.findall(said), float).reshape(-1, 2)
        if letter == "M":
            first = at = points[0]
        elif letter == "Z":
            points = first[None]
        else:  # what is told is how far it goes from where its line or its curve begins
            pieces = points.reshape(-1, 3 if letter == "c" else 1, 2)
            begins = at + np.cumsum(pieces[:, -1:], axis=0) - pieces[:, -1:]
            points = (begins + pieces).reshape(-1, 2)
        whole = np.concatenate([at[None], points])
        length += _curves(whole) if letter == "c" else np.hypot(*np.diff(whole, axis=0).T).sum()
        at = whole[-1]
    return np.stack([first, at]), float(length)


def _curves(points: np.ndarray) -> float:
    """The length of cubic pieces (3k + 1, 2)."""
    k = len(points) // 3
    a, b, c = np.moveaxis(np.diff(points, axis=0).reshape(k, 3, 2), 1, 0)[..., None]
    t = (_NODES + 1) / 2
    speed = 3 * (a * (1 - t) ** 2 + 2 * b * (1 - t) * t + c * t**2)
    return float((np.hypot(*np.moveaxis(speed, 1, 0)) @ _WEIGHTS).sum() / 2)
