"""Paths as arrays of points, and Bezier pieces: made, clipped, cut, joined, ordered for a pen."""
