"""The lines of steepest slope from saddles: two up and two down from each, and where they lead."""

from dataclasses import dataclass

import numpy as np

from gradart.geometry.topology.box_edge import Edge, way_of
from gradart.geometry.topology.gradient_winding import Landscape, Turns
from gradart.geometry.topology.slope_lines import SlopeLine, follow, step_length

BESIDE = 1.5  # steps, within which lines go side by side


@dataclass(frozen=True)
class SaddleLines:
    """The two lines up, or the two lines down, of each saddle, and which ends they lead to."""

    lines: list[np.ndarray]  # 2 c lines (m, 2), without points along the edge
    joins: np.ndarray  # (c, 2)


def uphill(land: Landscape, inner: Turns, edge: Edge) -> SaddleLines:
    """The lines up, of the saddles within and then of those on the edge, to maxima alike.

    A line that comes to the edge goes on along it to where the field is highest there; and from
    there, if that is no maximum, inward again. Of the lines from the edge only the ways inward have
    points; two lines may have the same.
    """
    maxima = np.concatenate([inner.maxima, edge.points[edge.maxima]])
    turned = np.flatnonzero(edge.high & ~edge.rises)
    starts, ways = _both_ways(land, inner, 1)
    lines = follow(
        land,
        np.concatenate([starts, edge.points[turned]]),
        np.concatenate([ways, step_length(land) * edge.inward[turned]]),
        maxima,
        1.0,
    )
    own, inward = lines[: len(starts)], lines[len(starts) :]
    goals = {int(turn): len(inner.maxima) + i for i, turn in enumerate(edge.maxima)}

    def end_of(line: SlopeLine) -> int:
        if line.end is not None:
            return line.end
        place = line.points[-1]
        nearest = int(np.argmin(np.linalg.norm(maxima - place, axis=1)))
        return goals.get(edge.highest(way_of(land.corner, place)), nearest)

    # A line inward ends higher than it began: where it may lead to is known before it.
    for i in np.argsort(-edge.heights[turned], kind="stable"):
        goals[int(turned[i])] = end_of(inward[i])
    joins = [end_of(line) for line in own]
    joins += [goals[turn] for saddle in edge.saddles for turn in edge.beside(saddle)]
    none = np.empty((0, 2))
    way_in = {int(turn): line.points for turn, line in zip(turned, inward, strict=True)}
    points = [line.points for line in own]
    points += [way_in.get(turn, none) for saddle in edge.saddles for turn in edge.beside(saddle)]
    return SaddleLines(points, np.array(joins, int).reshape(-1, 2))


def downhill(land: Landscape, inner: Turns, edge: Edge) -> SaddleLines:
    """The lines down, of the same saddles, to minima; what leaves the box is at their number."""
    starts, ways = _both_ways(land, inner, 0)
    lines = follow(
        land,
        np.concatenate([starts, edge.points[edge.saddles]]),
        np.concatenate([ways, step_length(land) * edge.inward[edge.saddles]]),
        inner.minima,
        -1.0,
    )
    out = SlopeLine(np.empty((0, 2)), None)
    own, inward = lines[: len(starts)], lines[len(starts) :]
    lines = own + [line for each in inward for line in (each, out)]
    joins = [len(inner.minima) if line.end is None else line.end for line in lines]
    return SaddleLines([line.points for line in lines], np.array(joins, int).reshape(-1, 2))


def _both_ways(land: Landscape, inner: Turns, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Each saddle twice (2 c, 2), and a first step (2 c, 2) either way along one of its axes."""
    from scipy.spatial import KDTree

    places = np.concatenate([inner.saddles, inner.maxima, inner.minima])
    apart = KDTree(places).query(inner.saddles, k=[2])[0]
    way = np.minimum(step_length(land), 0.2 * apart) * inner.axes[:, :, axis]
    return np.repeat(inner.saddles, 2, axis=0), np.stack([way, -way], 1).reshape(-1, 2)


def without_spurs(found: SaddleLines, used: np.ndarray, gone: np.ndarray) -> list[np.ndarray]:
    """The lines that are used (c, 2), of a way that goes to what is gone and back cut short.

    Lines come to a summit side by side. Where it is gone (a,), they meet where they part.
    """
    from scipy.spatial import KDTree

    lines = list(found.lines)
    drawn = used.ravel() & np.array([len(line) > 1 for line in lines], bool)
    once = {id(lines[i]): i for i in np.flatnonzero(drawn)}
    drawn &= np.isin(np.arange(len(lines)), list(once.values()))
    meeting: dict[int, list[int]] = {}
    for i in np.flatnonzero(drawn & gone[found.joins.ravel()]):
        meeting.setdefault(int(found.joins.flat[i]), []).append(int(i))
    for first, *others in meeting.values():
        back = lines[first][::-1]
        step = np.linalg.norm(np.diff(back[1:], axis=0), axis=1).max(initial=0.0)
        aside = [KDTree(lines[i]).query(back) for i in others]
        apart = np.max([away for away, _ in aside], axis=0, initial=0.0) > BESIDE * step
        shared = int(np.argmax(apart)) - 1 if apart.any() else 0
        if others and shared > 0:
            lines[first] = back[shared:][::-1]
            for other, (_, nearest) in zip(others, aside, strict=True):
                lines[other] = np.concatenate(
                    [lines[other][: nearest[shared] + 1], back[shared][None]]
                )
    return [line for line, wanted in zip(lines, drawn, strict=True) if wanted]
