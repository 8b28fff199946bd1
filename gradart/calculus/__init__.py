"""Exact derivatives of JAX functions, and the geometry of curves and fields made of them."""
