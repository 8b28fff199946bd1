"""In domain_coloring all colors meet at the zeros, one fewer for each derivative."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive

ZEROS = np.array([-0.72 + 0.3j, -0.3 - 0.62j, 0.1 + 0.7j, 0.4 - 0.12j, 0.74 + 0.34j, 0.5 - 0.62j])
WHEEL = 6


@pytest.fixture(scope="module")
def disks(piece):
    marks = piece("domain_coloring")(pixels=160, depth=0.0).marks
    return [m.shape for m in marks if hasattr(m.shape, "pixels")]


def at(disk, z):
    """The color of a disk at a complex number."""
    pixels, (low, high) = np.asarray(disk.pixels), np.asarray(disk.box)
    middle = (low + high) / 2
    p = np.array([z.real, z.imag]) + middle
    column, row = ((p - low) / (high - low) * len(pixels)).astype(int)
    return pixels[row, column, :3]


def test_a_derivative_has_the_colors_of_its_exact_phase(disks):
    polynomial = np.polynomial.Polynomial.fromroots(ZEROS)
    wheel = {0: (31, 78, 121), 3: (217, 164, 65)}  # of a value along 1 and of one along -1
    assert len(disks) == 6
    seen = 0
    for k, disk in enumerate(disks):
        f = polynomial.deriv(k) if k else polynomial
        for z in 0.9 * np.exp(2j * np.pi * np.arange(720) / 720):
            turn = np.angle(f(z)) / (2 * np.pi) % 1
            for stop, color in wheel.items():
                if abs(turn * WHEEL - stop) < 0.03:
                    assert np.abs(at(disk, z) * 255 - color).max() < 45
                    seen += 1
    assert seen > 30


def test_the_zeros_of_a_derivative_are_where_its_colors_meet(disks):
    polynomial = np.polynomial.Polynomial.fromroots(ZEROS)
    for k, disk in enumerate(disks):
        roots = (polynomial.deriv(k) if k else polynomial).roots()
        assert len(roots) == 6 - k
        for z in roots:
            others = np.abs(roots - z)
            if np.sum(others < 0.15) > 1:
                continue
            around = np.array(
                [at(disk, z + 0.05 * np.exp(1j * a)) for a in np.linspace(0, 6.2, 40)]
            )
            assert np.all(np.ptp(around, axis=0) > 0.4)


def test_each_zero_has_a_dot_within_the_polygon_of_those_above(piece):
    from shapely import MultiPoint

    marks = piece("domain_coloring")(pixels=50).marks
    places = [np.asarray(m.shape.box).mean(0) for m in marks if hasattr(m.shape, "pixels")]
    dots = [np.asarray(m.shape.centers) for m in marks if hasattr(m.shape, "centers")]
    polynomial = np.polynomial.Polynomial.fromroots(ZEROS)
    span = None
    for k, (centers, place) in enumerate(zip(dots, places, strict=True)):
        found = centers - place
        roots = (polynomial.deriv(k) if k else polynomial).roots()
        np.testing.assert_allclose(
            np.sort_complex(found @ [1, 1j]), np.sort_complex(roots), atol=1e-9
        )
        assert span is None or span.buffer(1e-9).contains(MultiPoint(found))
        span = MultiPoint(found).convex_hull
