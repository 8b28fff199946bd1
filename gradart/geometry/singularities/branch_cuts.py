"""Branch cuts: the lines in the plane along which a complex function jumps.

A cut crosses an edge of a grid where f changes by more than its derivative says, however short the
edge is made by halving. From edge to edge, through the cells, crossings are joined to lines.
"""

import numpy as np

from gradart.calculus.checks.artist_functions import as_count, outside
from gradart.calculus.complex_functions import ComplexFunction, Jets, analytic, jets
from gradart.calculus.programs.compiled_once import held
from gradart.geometry.paths.clipping import clip
from gradart.geometry.paths.paths import padded
from gradart.geometry.points import corners_now
from gradart.geometry.singularities.zeros_and_poles import complex_grid
from gradart.geometry.surfaces.surface_meshes import chains
from gradart.types import Corners

UNEVEN = 0.02  # of the change along an edge: how far a smooth function's may be off on its own
STEEP = 8  # a jump is so many times what the slopes at both of its sides say
NARROW = 20  # halvings of a cell in which a cut ends
WAYS = np.array([1, 1j, -1, -1j])


def branch_cuts(f: ComplexFunction, box: Corners, *, resolution: int = 200) -> np.ndarray:
    """The lines in a box along which a complex function jumps: (n, m, 2), padded with NaN.

    `f` is a function of one complex number, written with jnp, and x + i y the point (x, y) of
    `box`, ((x0, y0), (x1, y1)). Such lines are where its roots and logarithms have their branch
    cuts, as JAX has them: where what is under them is real and negative. A line ends at a branch
    point, found to a millionth of a cell, or at the edge of the box.

    Each point of a line lies on an edge of a grid with `resolution` cells along the longer side,
    and is found there by halving: between two values that differ by more than the derivatives at
    both say, however near they come. Two jumps on one edge are taken for one or none.

    >>> box = (-2, -2), (2, 2)
    >>> cuts = ga.branch_cuts(lambda z: jnp.sqrt(z**2 + 1), box)
    >>> np.nanmin(cuts[..., 1], 1).round(3), np.nanmax(cuts[..., 1], 1).round(3)  # from y, to y
    (array([-2.,  1.]), array([-1.,  2.]))
    >>> ga.lines(cuts)
    """
    outside("branch_cuts", box)
    corner = corners_now(box)
    nodes, cell = complex_grid(corner, as_count(resolution, "resolution"))
    jet = jets(held(analytic(f)), 1)
    around, places = _crossings(jet, nodes)
    middles = (nodes[:-1, :-1] + cell * (1 + 1j) / 2).ravel()
    count = (around >= 0).sum(1)
    through = around[count == 2]
    segments = [through[through >= 0].reshape(-1, 2)]
    crossing = around[count == 4]  # of two cuts, each of which goes straight on
    segments += [crossing[:, ::2], crossing[:, 1::2]]
    for cut in around[count == 3]:  # they meet
        met = cut[cut >= 0]
        segments.append(np.stack([met, np.full_like(met, len(places))], -1))
        places = np.append(places, places[met].mean())
    last = around[count == 1].max(1)
    for first, path in zip(last, _ends(jet, middles[count == 1], cell, places[last]), strict=True):
        ids = np.append(first, len(places) + np.arange(len(path)))
        segments.append(np.stack([ids[:-1], ids[1:]], -1))
        places = np.append(places, path)
    lines = [places[line] for line in chains(np.concatenate(segments))]
    rows = padded([np.stack([z.real, z.imag], -1) for z in lines], (len(lines),))
    kept = np.asarray(clip(rows, corner))
    return kept[np.isfinite(kept[..., 0]).any(1)]


def _crossings(jet: Jets, nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers (cells, 4) of the crossings of cuts with each cell's edges, and all their places.

    A cell, between nodes (r, c), has its edges counterclockwise from the lowest; -1 is no crossing.
    """
    node = np.arange(nodes.size).reshape(nodes.shape)
    right = np.stack([node[:, :-1], node[:, 1:]], -1)
    upward = np.stack([node[:-1], node[1:]], -1)
    a, b = np.concatenate([right.reshape(-1, 2), upward.reshape(-1, 2)]).T
    z, values = nodes.ravel(), jet(nodes.ravel())
    crossed, places = _jumps(jet, z[a], z[b], values[a], values[b])
    number = np.where(crossed, np.cumsum(crossed) - 1, -1)
    level = number[: right.size // 2].reshape(right.shape[:2])
    upright = number[right.size // 2 :].reshape(upward.shape[:2])
    around = np.stack([level[:-1], upright[:, 1:], level[1:], upright[:, :-1]], -1)
    return around.reshape(-1, 4), places


def _jumps(
    jet: Jets, a: np.ndarray, b: np.ndarray, at_a: np.ndarray, at_b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """On which of the edges from a to b (n,) f jumps, and where it does.

    It and its derivative are `at_a` and `at_b` (n, 2).
    """
    digits = -np.log2(np.finfo(at_a.dtype).eps)
    ends = a, b, at_a, at_b
    jumps = np.flatnonzero(_off(*ends) > UNEVEN * _change(*ends))
    a, b, at_a, at_b = (end[jumps] for end in ends)
    for _ in range(int(0.6 * digits)):
        middle = (a + b) / 2
        at_middle = jet(middle) if len(middle) else at_a
        first = _off(a, middle, at_a, at_middle) >= _off(middle, b, at_middle, at_b)
        a, b = np.where(first, a, middle), np.where(first, middle, b)
        at_a = np.where(first[:, None], at_a, at_middle)
        at_b = np.where(first[:, None], at_middle, at_b)
    with np.errstate(invalid="ignore", over="ignore"):
        jump = np.abs(at_b[:, 0] - at_a[:, 0])
        noise = 2.0 ** (10 - digits) * (np.abs(at_a[:, 0]) + np.abs(at_b[:, 0]))
        slopes = np.abs(at_a[:, 1]) + np.abs(at_b[:, 1])
        sure = jump > STEEP * slopes * np.abs(b - a) + noise
    crossed = np.zeros(len(ends[0]), bool)
    crossed[jumps[sure]] = True
    return crossed, (a + b)[sure] / 2


def _off(a: np.ndarray, b: np.ndarray, at_a: np.ndarray, at_b: np.ndarray) -> np.ndarray:
    """How far f changes from a to b (n,) otherwise than its derivatives there say; 0 if unknown."""
    with np.errstate(invalid="ignore", over="ignore"):
        slope = (at_a[:, 1] + at_b[:, 1]) / 2
        return np.nan_to_num(np.abs(at_b[:, 0] - at_a[:, 0] - slope * (b - a)), posinf=0)


def _change(a: np.ndarray, b: np.ndarray, at_a: np.ndarray, at_b: np.ndarray) -> np.ndarray:
    """How far f changes from a to b (n,), by its values and by its derivatives."""
    with np.errstate(invalid="ignore", over="ignore"):
        slopes = (np.abs(at_a[:, 1]) + np.abs(at_b[:, 1])) / 2
        return np.nan_to_num(np.abs(at_b[:, 0] - at_a[:, 0]) + slopes * np.abs(b - a), posinf=0)


def _ends(jet: Jets, middles: np.ndarray, cell: float, entries: np.ndarray) -> list[np.ndarray]:
    """How cuts that enter cells by edges (k,), and do not leave them, go on to where they end.

    Each cell is quartered, the cut followed into the quarter in which it ends, and so on.
    """
    paths: list[list[complex]] = [[entry] for entry in entries]
    half, middles = cell / 2, middles.copy()
    for _ in range(NARROW):
        tips = middles[:, None] + half * WAYS
        a, b = np.repeat(middles, 4), tips.ravel()
        crossed, places = _jumps(jet, a, b, jet(a), jet(b))
        found = np.full(len(a), np.nan, complex)
        found[crossed] = places
        for k, inner in enumerate(found.reshape(-1, 4)):
            way = paths[k][-1] - middles[k]
            quarter = int(np.angle(way) % (2 * np.pi) // (np.pi / 2)) % 4
            left = set(np.flatnonzero(np.isfinite(inner)))
            while open_ := left & {quarter, (quarter + 1) % 4}:
                edge = min(open_)
                left.remove(edge)
                paths[k].append(inner[edge])
                quarter = (quarter + 1) % 4 if edge != quarter else (quarter - 1) % 4
            middles[k] += half / 2 * (WAYS[quarter] + WAYS[(quarter + 1) % 4])
        half /= 2
    return [np.array([*path[1:], middle]) for path, middle in zip(paths, middles, strict=True)]
