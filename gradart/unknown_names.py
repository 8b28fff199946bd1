"""What is said of names that gradart does not have: what it calls it, or how it is done instead.

The package raises these itself, so that Python and notebooks say what `gradart run` does.
"""

import difflib
import sys

from gradart.errors import ArtError

# What other libraries call it.
ALIKE = {
    "color": "stroke or fill",
    "linewidth": "width",
    "lw": "width",
    "thickness": "width",
    "opacity": "alpha",
    "background": "paper",
    "line": "lines",
    "plot": "lines",
    "polyline": "lines",
    "spline": "beziers",
    "polygon": "polygons",
    "triangle": "polygons",
    "quad": "polygons",
    "dot": "dots",
    "points": "dots",
    "arrow": "segments",
    "quiver": "segments",
    "label": "text",
    "image": "raster",
    "imshow": "raster",
    "picture": "photograph",
    "image_field": "photograph",
    "dem": "terrain",
    "perlin": "noise",
    "simplex": "noise",
    "contour": "contours",
    "isolines": "contours",
    "streamplot": "streamlines",
    "flow": "streamlines",
    "grad": "gradient",
    "diff": "derivative",
    "jacobian": "jet",
    "hess": "hessian",
    "slope": "along",
    "length": "arc_length",
    "resample_path": "resample",
    "lerp": "ramp",
    "gradient_descent": "descend",
    "random": "scatter",
    "random_points": "scatter",
    "save": "render",
    "savefig": "render",
    "export": "render",
    "write": "render",
    "sphere": "circles",
    "parallel": "offset",
    "mirror": "reflect",
    "flip": "reflect",
    "skew": "shear",
    "wallpaper": "tile",
    "copies": "repeat",
    "buffer": "trimmed_offset",
    "project": "camera",
    "view": "camera",
    "vertex": "lines",
    "path": "lines",
    "shape": "polygons",
    "hatch": "streamlines",
    "stroke_weight": "width",
    "norm": "safe_norm",
    "dist": "safe_norm",
    "distance": "safe_norm",
    "perlin_noise": "noise",
    "simplex_noise": "noise",
    "map_range": "jnp.interp",
    "constrain": "jnp.clip",
    "triangulate": "polygons",
    "odeint": "stream",
    "integrate": "stream",
    "rk4": "stream",
    "minimize": "descend",
    "optimize": "descend",
    "newton": "householder",
    "ftle": "stretching",
    "orbit": "iterate",
    "bifurcation": "orbit_diagram",
    "feigenbaum": "period_doublings",
    "heightmap": "relief",
    "surface": "relief",
    "mesh": "relief",
    "cmap": "colormap",
    "swatches": "palette",
    "colors": "palette",
    "gradient_fill": "linear_gradient",
    "save_svg": "render",
}
TURN = "points are turned by ga.rotate(points, degrees), and moved by ga.translate(points, by)"
RECTANGLE = "ga.lines([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], closed=True)"
# How it is done without a function for it.
INSTEAD = {
    "transform": TURN,
    "rect": f"a rectangle is {RECTANGLE}",
    "rectangle": f"a rectangle is {RECTANGLE}; the field is ga.fields.rectangle",
    "square": f"a square is {RECTANGLE}",
    "arc": "an arc is ga.curve(ga.circle(r), a, b), from the angle a to b",
    "line_curve": "ga.curves.line(start, end)",
    "background": "the paper is ga.scene(..., paper='#f7f4ed')",
    "show": "a sketch is shown by `gradart watch`, a scene shows itself in a notebook",
    "fill": "the fill is an argument, ga.polygons(points, fill='#c2410c')",
    "stroke": "the stroke is an argument, ga.lines(points, stroke='#c2410c')",
    "seed": "the seed comes as the sketch's argument key, and by --seed",
    "random_key": "a key is the sketch's argument key, or jax.random.key(1)",
    "animate": "a film is a sketch that returns a function of the playhead u to a scene",
    "animation": "a film is a sketch that returns a function of the playhead u to a scene",
    "film": "a film is a sketch that returns a function of the playhead u to a scene",
    "frame": "a film is a sketch that returns a function of the playhead u to a scene",
    "draw": "a picture is what a function below @ga.sketch returns: ga.scene(...)",
    "setup": "a picture is what a function below @ga.sketch returns: ga.scene(...)",
    "run": "a sketch is run by `gradart run FILE.py`, or by ga.main(sketch)",
    "push": f"there is no state to keep; {TURN}",
    "pop": f"there is no state to keep; {TURN}",
    "random_seed": "the seed comes as the sketch's argument key, and by --seed",
    "noise_seed": "the seed comes as the sketch's argument key, and by --seed",
    "curl": "the curl of a field is lambda p: jax.grad(field)(p) @ jnp.array([[0, -1], [1, 0]])",
    "laplacian": "it is the trace of ga.hessian: jnp.trace(h, axis1=-2, axis2=-1)",
    "hsv": "colors are hex codes, names or numbers in [0, 1]; matplotlib.colors.hsv_to_rgb",
    "hsl": "colors are hex codes, names or numbers in [0, 1]; colorsys.hls_to_rgb",
    "rgb": "a color is (red, green, blue) in [0, 1], a hex code, or a name",
    "tau": "write 2 * jnp.pi",
    "margin": "the margin is ga.sketch(margin=20), in mm",
    "width": "the page is ga.sketch(page='a4'); a pen's width is ga.lines(points, width=0.3)",
    "pen": "a pen is a stroke and a width: ga.lines(points, stroke='#c2410c', width=0.3)",
    "layer": "every pen is a layer of the SVG",
    "canvas": "the page is ga.sketch(page='a4')",
    "size": "the page is ga.sketch(page='a4')",
}


class UnknownName(ArtError, AttributeError):
    """A name that gradart does not have."""


def unknown(name: str, names: list[str], whose: str = "gradart") -> str:
    """The line for a public name that there is not, in gradart or in a module of it."""
    if whose != "gradart":
        here = near(name, names) or f": it has {', '.join(sorted(names))}"
        return f"{whose} has no {name}{here}"
    if name in INSTEAD:
        return f"gradart has no {name}: {INSTEAD[name]}"
    text = near(name, names) if name in ALIKE else _elsewhere(name) or near(name, names)
    return f"gradart has no {name}{text or ': dir(ga) lists what it has'}"


def _elsewhere(name: str) -> str:
    """Where JAX has what is looked for in gradart, as the end of a line; nothing if it does not."""
    for short, module in ("jnp", "jax.numpy"), ("jax", "jax"):
        if not name.startswith("_") and callable(getattr(sys.modules.get(module), name, None)):
            return f": write {short}.{name}"
    return f": write jnp.{name}" if name in ("pi", "e", "inf", "nan") else ""


def near(name: str, names: list[str]) -> str:
    """What may be meant by a name, as the end of a line; nothing if that is not clear."""
    alike = ALIKE.get(name, "")
    if alike.split(" ")[0] in names or alike.startswith("jnp."):
        return f": write {alike}"
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.75)
    return f": write {close[0]}" if close else ""
