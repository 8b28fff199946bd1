"""Colors: OKLab, ramps, palettes, gradients, and how they are seen."""
