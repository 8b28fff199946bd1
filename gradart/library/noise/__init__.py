"""Random fields: noise on lattices and of cells, octaves of it, how it repeats."""
