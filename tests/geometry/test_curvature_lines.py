"""Lines of curvature: along known ones, evenly apart, on what is seen."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial import KDTree
from solids import BOX, RING, TUBE, TURN, torus, torus_of

from gradart.errors import ArtError
from gradart.geometry.surfaces.cameras import camera
from gradart.geometry.surfaces.curvature_lines import curvature_lines
from gradart.geometry.surfaces.hidden_lines import opaque
from gradart.geometry.surfaces.shape_operator import principal
from gradart.geometry.surfaces.surfaces import surface

pytestmark = pytest.mark.usefixtures("double")

GAP = 0.08


@pytest.mark.parametrize(
    ("of", "eye", "across"),
    [
        pytest.param("a field", (20, 35), False, marks=pytest.mark.exhaustive),
        pytest.param("a field", (20, 35, 5), True, marks=pytest.mark.exhaustive),
        pytest.param("a map", (20, 35, 5), False, marks=pytest.mark.exhaustive),
        pytest.param("a map", (20, 35), True, marks=pytest.mark.exhaustive),
    ],
)
def test_a_torus_has_its_circles_evenly_apart_on_all_that_is_seen(of, eye, across):
    ring = (
        surface(torus, box=BOX)
        if of == "a field"
        else surface(torus_of, box=((0, 0), (TURN, TURN)))
    )
    view = camera(*eye)
    lines = curvature_lines(ring, view, separation=GAP, across=across)
    points = lines[np.isfinite(lines).all(-1)]
    r = np.hypot(points[:, 0], points[:, 1])
    np.testing.assert_allclose((r - RING) ** 2 + points[:, 2] ** 2, TUBE**2, atol=1e-9)
    # Around the tube the first angle stays, around the ring the second.
    drifts = []
    for line in lines:
        x, y, z = line[np.isfinite(line).all(-1)].T
        angle = np.arctan2(z, np.hypot(x, y) - RING) if across else np.arctan2(y, x)
        drifts.append(np.ptp(np.unwrap(angle)))
    assert np.median(drifts) < 0.005
    assert np.quantile(drifts, 0.9) < 0.02
    # A line may end at half a separation from another, and no place is farther than one from all.
    page = np.asarray(view(lines))
    inked = [row[np.isfinite(row).all(-1)] for row in page]
    seen = ring.mesh.points[np.unique(ring.mesh.triangles)][::7]
    shown = np.asarray(opaque(ring, view)(seen[:, None]))[:, 0]
    shown = shown[np.isfinite(shown).all(-1)]
    far = KDTree(np.concatenate(inked)).query(shown)[0]
    assert np.quantile(far, 0.99) < GAP
    apart = [
        KDTree(np.concatenate(inked[:k] + inked[k + 1 :])).query(row[5:-5:3])[0].min()
        for k, row in enumerate(inked)
        if len(row) > 13
    ]
    assert np.median(apart) > 0.4 * GAP
    assert np.quantile(apart, 0.05) > 0.2 * GAP
    assert min(apart) > 0.1 * GAP


@pytest.mark.exhaustive
def test_directions_are_those_of_the_curvatures_found_by_bending_a_plane():
    def hill(p):
        return p[2] - 0.5 * (1.5 * p[0] ** 2 + 2 * 0.7 * p[0] * p[1] - 0.4 * p[1] ** 2)

    def hill_of(q):
        return jnp.append(q, 0.5 * (1.5 * q[0] ** 2 + 1.4 * q[0] * q[1] - 0.4 * q[1] ** 2))

    # A solid below z = h(x, y) is hollow where h bends up: its greatest curvature is h's least.
    field, chart = surface(hill, box=BOX, resolution=10), surface(hill_of, box=((-1, -1), (1, 1)))
    least = np.linalg.eigh(np.array([[1.5, 0.7], [0.7, -0.4]]))[1][:, 0]
    for across, known in ((False, least), (True, np.array([-least[1], least[0]]))):
        found = principal(field, across)(jnp.zeros(3))[:2], principal(chart, across)(jnp.zeros(2))
        for way in found:
            assert abs(way @ known) == pytest.approx(1, abs=1e-12)


@pytest.mark.exhaustive
def test_a_ball_has_none():
    ball = surface(lambda p: p @ p - 1, box=BOX, resolution=40)
    with pytest.raises(ArtError, match="bends alike"):
        curvature_lines(ball, camera(), separation=0.1)
    with pytest.raises(ArtError, match="separation is"):
        curvature_lines(ball, camera(), separation=1e-4)
