"""JAX functions as JavaScript: a traced program becomes code that a browser computes by itself."""
