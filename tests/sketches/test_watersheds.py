"""The poster of watersheds takes any elevation file, and a table of its peaks."""

import numpy as np
import pytest
import rasterio

pytestmark = pytest.mark.exhaustive


def test_a_range_in_a_geotiff_has_the_names_of_a_table_at_its_summits(piece, tmp_path):
    y, x = np.mgrid[1:-1:60j, -1:1:80j]
    hills = [(-0.5, 0.4, 900), (0.45, -0.2, 1300)]
    heights = sum(h * np.exp(-6 * ((x - a) ** 2 + (y - b) ** 2)) for a, b, h in hills)
    # In cells of a hundredth of a degree, the first in the north-west.
    place = rasterio.Affine(0.01, 0, 7, 0, -0.01, 46)
    options = {"crs": "EPSG:4326", "transform": place, "dtype": "float64", "count": 1}
    path = tmp_path / "range.tif"
    with rasterio.open(path, "w", driver="GTiff", height=60, width=80, **options) as data:
        data.write(heights[None])
    degrees = [(7.4 + 0.4 * a, 45.7 + 0.3 * b) for a, b, _ in hills]
    rows = [f"{name},{lon},{lat}" for name, (lon, lat) in zip("AB", degrees, strict=True)]
    (tmp_path / "peaks.csv").write_text("\n".join(["name,longitude,latitude", *rows]))
    scene = piece("watersheds")(file=path, peaks=tmp_path / "peaks.csv", title="Two hills")
    said = [m.shape.letters.lines for m in scene.marks if getattr(m.shape, "letters", None)]
    firsts = [lines[0] for lines in said]
    assert firsts == ["A", "B", f"0 to {heights.max():.0f} m", "TWO HILLS"]
    assert said[1][1] == "1300"  # the highest, which rises above all
