"""Programs of JAX computed only for the rows of their result that are wanted."""
