"""What becomes of each primitive of JAX in JavaScript, a file for each family."""
