"""Lines and points where a function has a value, found on a grid and polished by derivatives."""
