"""Vector output: SVG whose elements are sorted into a layer for each pen."""
