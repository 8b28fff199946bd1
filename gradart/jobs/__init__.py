"""Jobs: a sketch with values and options, made into files here, by workers or on a cluster."""
