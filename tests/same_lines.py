"""Streamlines that stay the same lines whatever moves, so that differences can follow them."""

import jax.numpy as jnp
import numpy as np

from gradart.geometry.streamlines import streamlines
from gradart.geometry.streamlines.streamline_derivatives import Grown, following


def grown_alike(monkeypatch):
    """From now on, the lines of the first call grow from the same seeds, in the same steps."""
    spread, known = streamlines.spread, []

    def spread_alike(courses, low, high, separation, nearest):
        if not known:
            known.extend(spread(courses, low, high, separation, nearest))
        points = np.asarray(following(jnp.asarray(courses), low, high, known))
        rows = np.split(points, np.cumsum([len(grown.line) for grown in known])[:-1])
        return [_along(grown, row) for grown, row in zip(known, rows, strict=True)]

    monkeypatch.setattr(streamlines, "spread", spread_alike)


def _along(grown, row):
    back, seed = row[: len(grown.back)][::-1], row[len(grown.back)]
    forward = row[len(grown.back) + 1 :]
    halves = zip((forward, back), (grown.forward, grown.back), strict=True)
    forward, back = (np.concatenate([at, old[:, 2:]], 1) for at, old in halves)
    return Grown(seed, forward, back)
