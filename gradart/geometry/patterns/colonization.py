"""Space colonization: branches that grow towards points and share out the space among them."""

from collections.abc import Iterable

import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import as_floats, outside
from gradart.calculus.programs.present_values import present
from gradart.errors import ArtError
from gradart.geometry.paths.paths import padded
from gradart.types import Number, Numbers

NODES = 300_000  # of all branches


def colonize(
    attractors: Numbers,
    root: Numbers,
    *,
    step: Number,
    reach: Number | None = None,
    kill: Number | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Branches that grow from a root to all points of a cloud: paths (k, m, 2), thickness (k,).

    `attractors` (..., 2) are the points, and `root` is one point or several (..., 2). Each
    attractor draws the nearest node of a branch, if that is within `reach` (without which all are);
    a node that is drawn puts forth another, `step` further in the mean direction. Attractors that
    are within `kill` of a node (by default 2 steps) are reached and go. All lengths are in the
    artist's units.

    Paths run from fork to fork, padded with NaN. Thickness is that of the pipe model: 1 at the
    tips, and at a fork its squares add up, so that a root's is that of all its tips together. What
    has grown has no derivative.

    ArtError where no attractor is within reach of a root, and for over 300,000 nodes. A. Runions,
    B. Lane and P. Prusinkiewicz, "Modeling trees with a space colonization algorithm", Eurographics
    workshop on natural phenomena (2007); K. Shinozaki and others, "A quantitative analysis of plant
    form: the pipe model theory", Japanese Journal of Ecology 14 (1964).

    >>> leaf = ga.scatter(jax.random.key(1), 400, box=((0, 0), (1, 1)))
    >>> veins, thickness = ga.colonize(leaf, (0.5, 0), step=0.02)
    >>> ga.lines(veins, width=0.1 * thickness)
    """
    outside("colonize", attractors, root)
    length = _length(step, "step")
    near = np.inf if reach is None else _length(reach, "reach")
    end = 2 * length if kill is None else _length(kill, "kill")
    if end < length:
        raise ArtError(f"kill is {end:g}: give one step, {length:g}, or more, or none is reached")
    goals, roots = _cloud(attractors, "attractors"), _cloud(root, "root")
    if not len(roots):
        raise ArtError("root has no point: give one, (x, y), or several")
    nodes, parents = _grown(goals, roots, length, near, end)
    return _branches(nodes, parents)


def _length(x: Number, name: str) -> float:
    return np.asarray(present(as_number(x, name, "length", above=0))).item()


def _cloud(points: Numbers, name: str) -> np.ndarray:
    array = np.asarray(as_floats(present(points), name), float)
    if array.shape[-1:] != (2,) or not np.isfinite(array).all():
        raise ArtError(f"{name} has shape {array.shape}: give finite points, (..., 2)")
    return array.reshape(-1, 2)


def _grown(
    goals: np.ndarray, roots: np.ndarray, step: float, reach: float, kill: float
) -> tuple[np.ndarray, np.ndarray]:
    """The nodes (n, 2) of all branches, and for each that which it grew from, -1 for a root."""
    from scipy.spatial import KDTree

    nodes, parents = roots, np.full(len(roots), -1)
    far, nearest = KDTree(nodes).query(goals)
    if len(goals) and far.min() > reach:
        raise ArtError(
            f"no attractor is within reach of a root: the nearest is {far.min():.4g} away,"
            f" and reach is {reach:g}"
        )
    newest = np.arange(len(nodes))  # of what grew from each node, at first itself
    while True:
        if len(nodes) + far[far <= reach].max(initial=0) / step > NODES:
            raise ArtError(f"there would be over {NODES} nodes: take a longer step")
        left = far > kill
        goals, far, nearest = goals[left], far[left], nearest[left]
        drawn = far <= reach
        if not drawn.any():
            return nodes, parents
        place = nodes[nearest[drawn]]
        pull = (goals[drawn] - place) / far[drawn, None]
        grown, group = np.unique(nearest[drawn], return_inverse=True)
        sums = np.stack([np.bincount(group, x) for x in pull.T], -1)
        # Where pulls cancel, or would grow the same node again, the nearest attractor decides.
        first = np.lexsort((far[drawn], group))[np.searchsorted(np.sort(group), range(len(grown)))]
        size = np.hypot(*sums.T)
        sums = np.where(size[:, None] > 1e-9, sums, pull[first])
        new = nodes[grown] + step * sums / np.hypot(*sums.T)[:, None]
        again = np.hypot(*(new - nodes[newest[grown]]).T) < 0.1 * step
        new[again] = (nodes[grown] + step * pull[first])[again]
        newest[grown] = len(nodes) + np.arange(len(new))
        newest = np.concatenate([newest, newest[grown]])
        nodes, parents = np.concatenate([nodes, new]), np.concatenate([parents, grown])
        closer, which = KDTree(new).query(goals)
        nearest = np.where(closer < far, which + len(nodes) - len(new), nearest)
        far = np.minimum(closer, far)


def _branches(nodes: np.ndarray, parents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The paths from fork to fork, padded with NaN, and the thickness of each."""
    children = np.bincount(parents[parents >= 0], minlength=len(nodes))
    tips = (children == 0).astype(int)
    for i in range(len(nodes) - 1, -1, -1):  # a node comes after what it grew from
        if parents[i] >= 0:
            tips[parents[i]] += tips[i]
    rows, thickness = [], []
    for i in np.flatnonzero((children != 1) & (parents >= 0)).tolist():
        way = list(_down(i, parents, children))
        rows.append(nodes[way[::-1]])
        thickness.append(np.sqrt(tips[i]))
    return padded(rows, (len(rows),)), np.array(thickness)


def _down(node: int, parents: np.ndarray, children: np.ndarray) -> Iterable[int]:
    """A node and those below it, up to the next that is a fork or a root."""
    yield node
    node = int(parents[node])
    while parents[node] >= 0 and children[node] == 1:
        yield node
        node = int(parents[node])
    yield node
