"""Films: traced once, and exposed alike in all of their frames."""
