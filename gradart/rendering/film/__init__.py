"""Frames: traced once, computed one by one, painted side by side."""
