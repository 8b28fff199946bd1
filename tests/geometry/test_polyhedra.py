"""Meshes: real files by trimesh, a cube's creases, a ball's outline, and what they hide."""

import re

import numpy as np
import pytest
from solids import BOX

from gradart.errors import ArtError
from gradart.geometry.surfaces.cameras import camera
from gradart.geometry.surfaces.feature_lines import crest_lines
from gradart.geometry.surfaces.hidden_lines import opaque
from gradart.geometry.surfaces.polyhedra import Polyhedron, creases, mesh
from gradart.geometry.surfaces.surface_curves import edges, sections, silhouettes
from gradart.geometry.surfaces.surfaces import surface

KINDS = ["stl", "obj", "ply", "off"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A cube of side 2 and a ball of radius 1, in each kind of file."""
    trimesh = pytest.importorskip("trimesh")
    folder = tmp_path_factory.mktemp("meshes")
    shapes = {
        "cube": trimesh.creation.box((2, 2, 2)),
        "ball": trimesh.creation.icosphere(subdivisions=4),
    }
    for name, shape in shapes.items():
        for kind in KINDS:
            shape.export(folder / f"{name}.{kind}")
    return folder


def inked(lines):
    points = np.asarray(lines)
    return points[np.isfinite(points).all(-1)]


def length_of(lines):
    return np.nansum(np.linalg.norm(np.diff(np.asarray(lines), axis=-2), axis=-1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_cube_from_a_file_has_twelve_creases_of_which_three_are_hidden(files, kind):
    cube, eye = mesh(files / f"cube.{kind}"), camera(20, 35)
    assert cube.points.shape == (8, 3)
    sharp = creases(cube)
    assert length_of(sharp) == pytest.approx(12 * 2)
    assert ((np.abs(inked(sharp)) > 1 - 1e-9).sum(1) >= 2).all()
    assert len(creases(cube, angle=91)) == 0
    assert len(edges(cube)) == 0
    # Three edges meet in the corner that is farthest from the eye.
    far = np.where(np.asarray(eye.back) > 0, -1, 1)
    unseen = 2 * np.linalg.norm(np.stack([np.asarray(eye.right), np.asarray(eye.up)]), axis=0).sum()
    assert length_of(eye(sharp)) - length_of(opaque(cube, eye)(sharp)) == pytest.approx(unseen)
    assert not np.isfinite(opaque(cube, eye)(0.9 * far[None] + 0.1 * far[None])).any()
    # Six are seen against what is behind: those without an end in the nearest corner or that.
    outline = silhouettes(cube, eye)
    assert length_of(outline) == pytest.approx(6 * 2)
    assert length_of(opaque(cube, eye)(outline)) == pytest.approx(length_of(eye(outline)))


@pytest.mark.parametrize("eye", [(20, 35), (20, 35, 4.0)], ids=["far", "near"])
def test_the_silhouette_of_a_ball_of_triangles_is_near_the_circle(files, eye):
    ball, view = mesh(files / "ball.ply"), camera(*eye)
    (line,) = silhouettes(ball, view)
    radius = np.linalg.norm(view(line[np.isfinite(line[:, 0])]), axis=-1)
    known = 1.0 if view.distance is None else 1 / np.sqrt(1 - 1 / float(view.distance) ** 2)
    assert radius.max() == pytest.approx(known, rel=2e-3)
    assert radius.min() > 0.97 * known
    assert (line[0] == line[-1]).all()
    assert len(creases(ball)) == 0
    rows = sections(ball, lambda p: p[2], [0.3])
    np.testing.assert_allclose(inked(rows)[:, 2], 0.3, atol=1e-9)
    assert length_of(rows) == pytest.approx(2 * np.pi * np.sqrt(1 - 0.09), rel=5e-3)


@pytest.mark.exhaustive
def test_a_mesh_hides_and_is_hidden_among_surfaces(files):
    cube, eye = mesh(files / "cube.stl"), camera(0, 0)
    small = surface(lambda p: (p @ p) - 0.25, box=BOX, resolution=20)
    (line,) = silhouettes(small, eye)
    assert np.isfinite(opaque(small, eye)(line)).any()
    assert not np.isfinite(opaque([small, cube], eye)(line)).any()
    front = np.linspace((1.5, -2, 0.2), (1.5, 2, 0.2), 30)
    behind = np.asarray(opaque(cube, eye)(front * np.array([-1, 1, 1])))
    assert np.isfinite(opaque(cube, eye)(front)).all()
    seen = inked(behind)
    assert np.abs(seen[:, 0]).min() == pytest.approx(1, abs=1e-5)


def test_triangles_that_are_wound_the_other_way_and_sheets_are_drawn_alike(files):
    cube, eye = mesh(files / "cube.off"), camera(20, 35)
    mixed = Polyhedron(
        cube.points, np.where(np.arange(12)[:, None] % 2, cube.triangles, cube.triangles[:, ::-1])
    )
    for lines in (creases, lambda of: silhouettes(of, eye)):
        assert length_of(lines(mixed)) == pytest.approx(length_of(lines(cube)))
    lid = Polyhedron(cube.points, cube.triangles[:-2])
    assert length_of(edges(lid)) == pytest.approx(4 * 2)


def test_what_is_upward_in_a_file_is_so_on_the_page(tmp_path):
    pytest.importorskip("trimesh")
    (tmp_path / "tent.obj").write_text("v 1 0 0\nv 0 0 1\nv 0 0 -2\nv 0 5 0\nf 1 2 4\nf 2 3 4\n")
    for up, known in (("z", (0, 5, 0)), ("y", (0, 0, 5))):
        points = mesh(tmp_path / "tent.obj", up=up).points
        assert points[np.abs(points).argmax() // 3].tolist() == list(known)


def test_bad_files_are_told_in_one_line(files, tmp_path):
    def told(name, content):
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(ArtError) as error:
            mesh(file)
        assert "\n" not in str(error.value)
        return str(error.value)

    assert re.search("no faces|broken", told("a.stl", (files / "cube.stl").read_bytes()[:200]))
    assert "broken" in told("b.ply", b"ply\nformat ascii 1.0\nelement vertex 900000000\n")
    assert "broken" in told("c.ply", b"")
    assert re.search("no faces|broken", told("d.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\n"))
    assert "finite" in told("e.obj", b"v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    assert re.search(
        "not there|broken", told("f.off", b"OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 7\n")
    )
    assert "area" in told("g.off", b"OFF\n3 1 0\n0 0 0\n0 0 0\n0 0 0\n3 0 1 2\n")
    assert ".stl" in told("h.gltf", b"{}")
    with pytest.raises(ArtError, match="cannot be read"):
        mesh(tmp_path / "nowhere.stl")
    with pytest.raises(ArtError, match="give 'y' or 'z'"):
        mesh(files / "cube.stl", up="x")
    with pytest.raises(ArtError, match=r"ga\.surface makes"):
        crest_lines(mesh(files / "cube.stl"))
    with pytest.raises(ArtError, match="crest_lines"):
        creases(surface(lambda p: p @ p - 1, box=BOX, resolution=8))


def test_a_mesh_behind_the_eye_hides_nothing():
    eye = camera(distance=2.0)
    flat = Polyhedron(np.eye(4, 3) + 5 * np.asarray(eye.back), [(0, 1, 2), (0, 3, 1)])
    line = np.linspace((-1, 0, 0), (1, 0, 0), 5)
    np.testing.assert_allclose(opaque(flat, eye)(line), eye(line), atol=1e-6)


def test_a_file_may_begin_with_a_byte_order_mark_and_must_not_be_cut_off(tmp_path):
    pytest.importorskip("trimesh")
    text = b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"
    (tmp_path / "a.obj").write_bytes(b"\xef\xbb\xbf" + text)
    assert len(mesh(tmp_path / "a.obj").triangles) == 1
    head = "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\n"
    head += "property float z\nelement face 2\nproperty list uchar int vertex_indices\nend_header\n"
    (tmp_path / "b.ply").write_text(head + "0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n")
    with pytest.raises(ArtError, match=r"b\.ply is cut off"):
        mesh(tmp_path / "b.ply")
    (tmp_path / "c.obj").write_bytes(text.replace(b" 1", b" 1e300", 2))
    with pytest.raises(ArtError, match="coordinates are finite"):
        mesh(tmp_path / "c.obj")
