"""Gradients as cairo takes them: patterns that paths are filled with."""

import numpy as np

from gradart.drawing.style import Gradient
from gradart.rendering.painting.libcairo import Pattern, libcairo


def pattern_of(gradient: Gradient, unit: float, corner: np.ndarray) -> Pattern:
    """The pattern of a gradient in mm, `unit` device units each, the page's corner at `corner`."""
    cairo = libcairo()
    (x0, y0), (x1, y1) = (np.asarray(gradient.ends) * unit + corner).tolist()
    if gradient.kind == "linear":
        pattern = cairo.LinearGradient(x0, y0, x1, y1)
    else:
        pattern = cairo.RadialGradient(x0, y0, 0, x0, y0, float(np.hypot(x1 - x0, y1 - y0)))
    stops = np.asarray(gradient.stops).tolist()
    for number, stop in enumerate(stops):
        pattern.add_color_stop_rgba(number / (len(stops) - 1), *stop)
    return pattern
