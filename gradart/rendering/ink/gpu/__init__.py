"""Ink and light summed by JAX, where it computes on a graphics card."""
