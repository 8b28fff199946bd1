"""Lines along a vector field, evenly spaced, as fields and as time move."""
