"""What a layer holds in the order in which a plotter draws it: joined, without copies, sorted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import assert_never

import numpy as np
import shapely

from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Raster
from gradart.drawing.style import OVER
from gradart.geometry.paths.beziers import flattened
from gradart.geometry.paths.plot_order import Step, touching, toured, toured_after
from gradart.geometry.paths.polygons import insides
from gradart.rendering.ink.blending import without_needless
from gradart.rendering.layout.path_commands import CLOSE, CURVE, LINE, MOVE, Path, trace
from gradart.rendering.vector.path_data import DIGITS, path_data
from gradart.rendering.vector.pens import Element
from gradart.types import Array

_FLAT = 0.002  # mm: how near the corners of an outline are to its curves
_ROUND = np.linspace(0, 2 * np.pi, 65)
_CIRCLE = np.stack([np.cos(_ROUND), np.sin(_ROUND)], -1)
TOUCHING = 0.05  # mm between ends that are one: a sixth of a pen's width
_SEEN = 0.01  # mm of overlap that nobody sees
_BLOCK = 1000  # shapes that are compared with all others at once
_PAIRS = 4_000_000  # that overlap, above which all keep their order


@dataclass(frozen=True)
class _Run:
    """One run of ink: points (p, 2), and what goes from each to those that follow.

    A line takes one point more, a curve three. A run that ends where it begins is a ring.
    """

    points: np.ndarray
    commands: np.ndarray

    @property
    def is_ring(self) -> bool:
        return len(self.commands) > 1 and bool((self.points[0] == self.points[-1]).all())

    def knots(self) -> np.ndarray:
        """Where among the points those are that lines and curves meet at."""
        return np.concatenate([[0], np.cumsum(np.where(self.commands == CURVE, 3, 1))])

    def corners(self) -> np.ndarray:
        """Points (m, 2) that straight lines between are the run, or near it."""
        curved = 3 * int(np.count_nonzero(self.commands == CURVE))
        bent = flattened(self.points[: curved + 1], _FLAT) if curved else self.points[:0]
        return np.concatenate([bent, self.points[curved:]])

    def reversed(self) -> "_Run":
        return _Run(self.points[::-1], self.commands[::-1])

    def begun_at(self, corner: int) -> "_Run":
        """A ring that begins at another of its knots."""
        at = self.knots()[corner]
        points = np.concatenate([self.points[at:-1], self.points[: at + 1]])
        return _Run(points, np.roll(self.commands, -corner))

    def followed_by(self, other: "_Run") -> "_Run":
        """Both as one, with a line between if they do not meet."""
        if (self.points[-1] == other.points[0]).all():
            rest, between = other.points[1:], np.empty(0, np.uint8)
        else:
            rest, between = other.points, np.array([LINE], np.uint8)
        commands = [self.commands, between, other.commands]
        return _Run(np.concatenate([self.points, rest]), np.concatenate(commands))


@dataclass(frozen=True)
class _Item:
    """What is drawn as a whole: runs of ink, or a dot, which is an element as it stands.

    A dot's run is where the pen begins its `rim` (m, 2).
    """

    runs: list[_Run]
    dot: str = ""
    rim: np.ndarray | None = None

    def outlines(self) -> list[np.ndarray]:
        return [run.corners() for run in self.runs] if self.rim is None else [self.rim]

    @property
    def ring(self) -> _Run | None:
        return self.runs[0] if len(self.runs) == 1 and self.runs[0].is_ring else None

    def drawn(self, step: Step) -> "_Item":
        """The item as a step of the plot draws it."""
        runs = [self.runs[0].begun_at(step.corner)] if step.corner else self.runs
        runs = [run.reversed() for run in runs[::-1]] if step.backwards else runs
        return replace(self, runs=runs)

    def key(self) -> bytes:
        """The same for the same ink, in either direction."""
        ways = (self.runs, [run.reversed() for run in self.runs[::-1]])
        texts = [b"|".join((r.points + 0.0).tobytes() + bytes(r.commands) for r in w) for w in ways]
        return self.dot.encode() + min(texts)


def plotted(elements: list[Element]) -> list[str]:
    """The elements of one pen, as texts, in an order and directions of little travel between.

    Strokes whose ends are within 0.05 mm are joined, equal ones drawn once, and points dropped that
    are within 0.01 mm of the rest. What would look otherwise then is left: transparent elements are
    sorted alone, filled ones keep their holes, and those with a stroke come after what they cover.
    What lies apart in one element, as the letters of a text do, becomes elements of its own.
    """
    style, row = elements[0].mark.style, elements[0].row
    stroke, fill = (_alpha(rgba, row) for rgba in (style.stroke, style.fill))
    width = float(style.width if np.ndim(style.width) == 0 else style.width[row])
    solid = style.blend == OVER and stroke in (0, 1) and fill in (0, 1)
    covering = stroke > 0 and fill > 0 and width > 0
    edge = width / 2 if stroke > 0 else 0.0
    others, items = _items(elements, None if solid and not fill else edge)
    if solid:
        items = list({item.key(): item for item in reversed(items)}.values())[::-1]
    if covering and others:
        return [element.body for element in elements]  # of letters it is not known what they cover
    if covering:
        below = _painted_over([item.outlines() for item in items], width, solid)
        alone = [[item] for item in items]
        steps = toured_after(_ends(alone), list(map(_corners, alone)), below)
        drawn = [items[step.item].drawn(step) for step in steps]
        return others + _written(_sorted_inside(drawn, filled=True))
    chains = [
        [items[step.item].drawn(step) for step in chain]
        for chain in touching(_ends([[item] for item in items]), TOUCHING)
    ]
    if solid and not fill:
        chains = [[_joined(chain)] for chain in chains]
    steps = toured(_ends(chains), [_corners(chain) for chain in chains])
    drawn = [item for step in steps for item in _drawn(chains[step.item], step)]
    if solid and not fill:
        return others + _written(_without_lifts(drawn))
    return others + _written(_sorted_inside(drawn, filled=fill > 0))


def _alpha(rgba: Array | None, row: int) -> float:
    """How opaque a row's stroke or fill is; 0 without one."""
    if rgba is None:
        return 0.0
    return float(rgba[3] if np.ndim(rgba) == 1 else rgba[row, 3])


def _items(elements: list[Element], edge: float | None) -> tuple[list[str], list[_Item]]:
    """What is no stroke, as texts, and what is: each run, or with an `edge` in mm of ink around it
    the runs of a row that may lie over each other.
    """
    others: list[str] = []
    items: list[_Item] = []
    for _, group in groupby(elements, key=lambda element: id(element.mark)):
        part = list(group)
        rows = [element.row for element in part]
        shape = part[0].mark.shape
        match shape:
            case Beziers(points, closed, _, None) | Lines(points, closed):
                some = type(shape)(np.asarray(points)[rows], closed)
                if isinstance(some, Lines) and part[0].mark.style.fill is not None:
                    some = without_needless(some)  # as what has no fill is already
                for runs in _runs(some):
                    items += map(_Item, _clusters(runs, edge))
            case Dots(centers, radius):
                at = np.asarray(centers)[rows, None]
                far = np.broadcast_to(radius, len(centers))[rows, None, None]
                circle = _CIRCLE if part[0].mark.style.stroke is not None else _CIRCLE[:1]
                for rim, element in zip(np.round(at + far * circle, DIGITS), part, strict=True):
                    items.append(_Item([_Run(rim[:1], np.empty(0, np.uint8))], element.body, rim))
            case Beziers() | Raster() | Many() | Group():
                others += [element.body for element in part]
            case _:
                assert_never(shape)
    return others, items


def _clusters(runs: list[_Run], edge: float | None) -> list[list[_Run]]:
    """Runs with an edge of ink, those together whose boxes meet: a letter, and the holes in it."""
    if edge is None or len(runs) < 2:
        return [[run] for run in runs]
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    low, high = (np.array([f(run.points, axis=0) for run in runs]) for f in (np.min, np.max))
    boxes = shapely.box(*(low - edge).T, *(high + edge).T)
    pairs = shapely.STRtree(boxes).query(boxes, "intersects")
    graph = coo_array((np.ones(pairs.shape[1]), tuple(pairs)), 2 * (len(runs),))
    cluster = connected_components(graph)[1]
    order = np.argsort(cluster, kind="stable")
    numbers = np.split(order, np.cumsum(np.bincount(cluster))[:-1])
    return [[runs[k] for k in some.tolist()] for some in numbers]


def _runs(shape: Lines | Beziers) -> list[list[_Run]]:
    """The runs of ink of each row that has any, in whole micrometers."""
    path = trace(shape)
    points = np.round(path.points, DIGITS)
    takes = np.array([1, 1, 3, 0])[path.commands]
    point_at = np.concatenate([[0], np.cumsum(takes)])
    begins = np.flatnonzero(path.commands == MOVE)
    ends = np.append(begins[1:], len(path.commands))
    row = np.searchsorted(path.command_at, begins, "right") - 1
    found: dict[int, list[_Run]] = {}
    for k, first, last in zip(row.tolist(), begins.tolist(), ends.tolist(), strict=True):
        inked = points[point_at[first] : point_at[last]]
        commands = path.commands[first + 1 : last]
        if len(commands) and commands[-1] == CLOSE:
            commands = commands[:-1]
            if (inked[0] != inked[-1]).any():
                inked = np.concatenate([inked, inked[:1]])
                commands = np.append(commands, np.uint8(LINE))
        found.setdefault(k, []).append(_Run(inked, commands))
    return list(found.values())


def _joined(chain: list[_Item]) -> _Item:
    """Items of one run each, of which each begins where the one before ends, as one."""
    first, *rest = chain
    if not rest:
        return first
    run = first.runs[0]
    for item in rest:
        run = run.followed_by(item.runs[0])
    return _Item([run])


def _without_lifts(items: list[_Item]) -> list[_Item]:
    """Items of one run each, in the order in which they are drawn; as one where ends touch."""
    chains: list[list[_Item]] = []
    for item in items:
        before = chains[-1][-1] if chains else None
        if before is None or before.dot or item.dot or _gap(before, item) > TOUCHING:
            chains.append([])
        chains[-1].append(item)
    return [_joined(chain) for chain in chains]


def _gap(item: _Item, following: _Item) -> float:
    return float(np.hypot(*(following.runs[0].points[0] - item.runs[-1].points[-1])))


def _sorted_inside(items: list[_Item], filled: bool) -> list[_Item]:
    """Items in this order, their own runs in another where that is less way: a text's letters.

    What is filled keeps the direction of each ring, by which holes are known.
    """
    items = items.copy()
    several = [k for k, item in enumerate(items) if len(item.runs) > 1]
    if filled:
        several = [k for k in several if all(run.is_ring for run in items[k].runs)]
    found = {k: _toured_runs(items[k].runs, filled) for k in several}
    for k in 2 * several:  # in the second round what lies beside an item is sorted, too
        before = [items[k - 1].runs[-1]] if k else []
        after = [item.runs[0] for item in items[k + 1 : k + 2]]
        back = [run if filled else run.reversed() for run in found[k][::-1]]
        ways = items[k].runs, found[k], back
        lengths = [_travel([*before, *way, *after]) for way in ways]
        items[k] = replace(items[k], runs=ways[int(np.argmin(lengths))])
    return items


def _toured_runs(runs: list[_Run], filled: bool) -> list[_Run]:
    """Runs of one item in an order of little way between, turned around only where none fills."""
    alone = [[_Item([run])] for run in runs]
    steps = toured(_ends(alone), [_corners(chain) for chain in alone])
    if filled:
        steps = [replace(step, backwards=False) for step in steps]
    return [alone[step.item][0].drawn(step).runs[0] for step in steps]


def _travel(runs: list[_Run]) -> float:
    """How far the pen goes from each run to the next."""
    first, last = (np.array([run.points[end] for run in runs]) for end in (0, -1))
    return float(np.hypot(*(first[1:] - last[:-1]).T).sum())


def _drawn(chain: list[_Item], step: Step) -> list[_Item]:
    """A chain as a step of the plot draws it."""
    ordered = chain[::-1] if step.backwards else chain
    return [item.drawn(step) for item in ordered]


def _ends(chains: list[list[_Item]]) -> np.ndarray:
    ends = [(chain[0].runs[0].points[0], chain[-1].runs[-1].points[-1]) for chain in chains]
    return np.array(ends).reshape(-1, 2, 2)


def _corners(chain: list[_Item]) -> np.ndarray:
    """Where a ring may begin: its knots, each once; none for what is open."""
    ring = chain[0].ring if len(chain) == 1 else None
    return np.empty((0, 2)) if ring is None else ring.points[ring.knots()[:-1]]


def _written(items: list[_Item]) -> list[str]:
    commands, points, command_at, point_at = [], [], [0], [0]
    for item in items:
        size, used = 0, 0
        for run in [] if item.dot else item.runs:
            ring, kept = run.is_ring, slice(None)
            if ring and run.commands[-1] == LINE:
                kept = slice(-1)  # which closing the path draws
            commands.append(np.concatenate([[MOVE], run.commands[kept], [CLOSE] * ring]))
            points.append(run.points[kept])
            size, used = size + len(commands[-1]), used + len(points[-1])
        command_at.append(command_at[-1] + size)
        point_at.append(point_at[-1] + used)
    if not items:
        return []
    path = Path(
        np.concatenate([np.empty(0, np.uint8), *commands]).astype(np.uint8),
        np.concatenate([np.empty((0, 2)), *points]),
        np.array(command_at),
        np.array(point_at),
    )
    data = path_data(path)
    return [item.dot or f'<path d="{d}"/>\n' for item, d in zip(items, data, strict=True)]


def _painted_over(
    shapes: Sequence[Sequence[np.ndarray]], width: float, solid: bool
) -> list[np.ndarray]:
    """For each of some shapes the numbers of those before it that it overlaps.

    A shape is runs of points (m, 2), in mm, filled and stroked alike by a pen of this width. Solid
    shapes whose outlines are closed may touch: what the inside of one hides of the other's stroke
    lies under its own.
    """
    areas = insides([[run for run in shape if len(run) > 2] for shape in shapes])
    lines = np.array([shapely.multilinestrings(list(map(shapely.linestrings, s))) for s in shapes])
    closed = np.array([all((run[0] == run[-1]).all() for run in shape) for shape in shapes])
    grown = shapely.buffer(shapely.union(areas, lines), width / 2)
    alone = solid & closed & (shapely.area(areas) > 0)
    found = np.where(alone, shapely.buffer(areas, -_SEEN), grown)
    tree, pairs = shapely.STRtree(found), 0
    below: list[np.ndarray] = []
    for first in range(0, len(found), _BLOCK):
        some = found[first : first + _BLOCK]
        which, other = tree.query(some, "intersects")
        earlier = other < which + first
        which, other = which[earlier], other[earlier]
        order = np.argsort(which, kind="stable")
        ends = np.cumsum(np.bincount(which, minlength=len(some)))
        below += np.split(other[order], ends[:-1])
        pairs += len(which)
        if pairs > _PAIRS:
            return [np.arange(max(k - 1, 0), k) for k in range(len(found))]
    return below
