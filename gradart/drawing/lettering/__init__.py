"""Type: fonts of outlines and of single lines, text, numbers."""
