"""Ink and light: fine strokes and dots, summed beyond what 8 bits can hold, then toned."""
