"""Taylor mode: derivatives of high order in one pass, as truncated power series."""
