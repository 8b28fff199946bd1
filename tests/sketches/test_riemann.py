"""In riemann the sheet of the principal root lies above all others."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive

RINGS = 6


def test_from_above_only_the_root_with_the_greatest_real_part_is_seen(piece):
    *nets, _ = piece("riemann")(order=3, elevation=90.0, rings=RINGS, rays=6).marks
    # But for the rays along the cut, where two sheets meet.
    inner = [np.delete(net.shape.points, (2 * RINGS, -1), axis=0) for net in nets[::2]]
    first, *others = (np.nansum(np.linalg.norm(np.diff(x, axis=1), axis=-1)) for x in inner)
    assert first > 30  # rings and rays, of radii up to 1
    assert max(others) < 0.02 * first
