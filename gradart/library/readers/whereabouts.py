"""Where on the globe a table of heights lies: from longitudes and latitudes to its samples."""

from dataclasses import dataclass

import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.errors import ArtError


@dataclass(frozen=True)
class Whereabouts:
    """The affine map from samples to coordinates, and the system of these.

    Column and row, 0 at the sample in the north-west, go to (a column + b row + c, d column + e row
    + f) with `affine` (a, b, c, d, e, f): to longitude and latitude in degrees, or, where `system`
    says which, to coordinates as PROJ knows them.
    """

    affine: tuple[float, ...]
    system: str = ""

    def samples(self, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
        """The columns and rows (..., 2), with fractions, of places in degrees.

        ArtError for what is no place; a NaN is none, and lies nowhere.
        """
        for name, degrees, most in (("longitude", longitude, 540), ("latitude", latitude, 90)):
            if (np.abs(degrees) > most).any():
                raise ArtError(f"{name} is {short(degrees)}: give degrees from {-most} to {most}")
        x, y = np.broadcast_arrays(longitude, latitude)
        a, b, c, d, e, f = self.affine
        if self.system:
            from rasterio.warp import transform

            shape, given = x.shape, (x.ravel().tolist(), y.ravel().tolist())
            x, y = (np.reshape(v, shape) for v in transform("EPSG:4326", self.system, *given))
        else:
            x = (x - c + 180) % 360 - 180 + c  # across the date line too
        from_corner = np.stack([x - c, y - f], -1)
        inverse = np.linalg.inv([[a, b], [d, e]])
        found: np.ndarray = from_corner @ inverse.T
        return found
