"""Pictures to be made: one or many, here, in worker processes or on a cluster."""
