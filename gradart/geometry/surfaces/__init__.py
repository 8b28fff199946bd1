"""Surfaces seen by a camera: what is hidden, their lines of shape, shortest paths on them."""
