"""SVG, with a layer for each pen."""
