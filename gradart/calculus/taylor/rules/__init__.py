"""What becomes of power series in each primitive of JAX, a file for each family."""
