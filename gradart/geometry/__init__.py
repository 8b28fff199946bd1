"""Arrays of points to arrays of points: grids, paths, contours, streamlines, views."""
