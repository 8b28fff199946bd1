"""What is said of names that gradart does not have, and of calls that its functions cannot take.

Told here, at the door, so that it is said in plain Python and in notebooks as in `gradart run`.
"""

import difflib
import functools
import inspect
import re
import sys
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Literal, Unpack, get_args, get_origin

from gradart.errors import ArtError, kind_of
from gradart.short_signatures import shorten

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


FLAG = (True, False)  # what an argument may be


class UnknownName(ArtError, AttributeError):
    """A name that gradart does not have."""


def unknown(name: str, names: list[str]) -> str:
    """The line for a public name that there is not."""
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


def held(name: str, value: object) -> object:
    """A public name's value; its caller is told in an artist's words how to call."""
    if not isinstance(value, FunctionType):
        if isinstance(value, type):
            _hold_class(value)
        shorten(value)
        return value
    _hold_results(value)
    call = _told(f"ga.{name}", value)
    call.__module__ = "gradart"  # where it is found, by pickle for one
    shorten(call)
    return call


@functools.cache
def _hold_class(cls: type) -> None:
    """Tell the callers of a class of gradart, and of its methods, how to call, from now on."""
    if not cls.__module__.startswith("gradart.") or issubclass(cls, BaseException):
        return
    made = "__new__" if issubclass(cls, tuple) else "__init__"
    article = "an" if cls.__name__[0] in "AEIOU" else "a"
    names = {made: f"ga.{cls.__name__}", "__call__": f"{article} {cls.__name__}"}
    for key, value in list(vars(cls).items()):
        _hold_results(value)
        method = value.__func__ if key == "__new__" else value
        if isinstance(method, FunctionType) and (key[0] != "_" or key in names):
            told = _told(names.get(key, f"ga.{cls.__name__}.{key}"), method, itself=1)
            setattr(cls, key, staticmethod(told) if key == "__new__" else told)


def _hold_results(of: object) -> None:
    """The same of the classes that a function or a property says that it gives back."""
    function = getattr(of, "fget", None) or getattr(of, "func", of)  # the latter of a cached one
    told = getattr(function, "__annotations__", {}).get("return")
    for kind in (told, *get_args(told)):
        if isinstance(kind, type):
            _hold_class(kind)


def _told(name: str, function: FunctionType, itself: int = 0) -> Callable[..., object]:
    """A function whose caller is told how to call it; a method gets `itself` first, too."""
    parameters = _parameters(function)[itself:]
    # Where these are collected, as in `**style`, Python itself refuses none.
    collected = any(map(_unpacked, inspect.signature(function).parameters.values()))
    known = {p.name for p in parameters}
    choices = {p.name: found for p in parameters if (found := _choices(p.annotation))}
    by_place = itself + sum(p.kind is not p.KEYWORD_ONLY for p in parameters)
    chosen = [(i, p.name) for i, p in enumerate(parameters, itself) if p.name in choices]

    @functools.wraps(function)
    def call(*args: object, **named: object) -> object:
        if collected and (wrong := next((k for k in named if k not in known), None)):
            raise ArtError(no_argument(name, [p.name for p in parameters], wrong))
        for i, key in chosen:
            given = args[i] if i < min(len(args), by_place) else named.get(key)
            if not isinstance(given, bool | int | str | None) or (
                type(given) is str and choices[key] == FLAG
            ):
                _hold_choice(key, given, choices[key])
        try:
            found = function(*args, **named)
        except TypeError as error:
            # What failed is this very call, and nothing within.
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
            count = len(args) - itself
            raise ArtError(_uncallable(name, parameters, count, str(error))) from error
        kind: type = type(found)
        _hold_class(kind)
        return found

    return call


def _choices(annotation: object) -> tuple[object, ...]:
    """What an argument may be by its annotation, if that is one of a few words, or a flag."""
    if annotation is bool:
        return FLAG
    words = get_args(annotation) if get_origin(annotation) is Literal else ()
    return words if all(isinstance(word, str) for word in words) else ()


def _hold_choice(name: str, given: object, choices: tuple[object, ...]) -> None:
    """Refuse an array or a list where there are a few choices, and a text for a flag.

    A function asks by itself for the words that it knows, if what it got can be one at all.
    """
    if choices == FLAG and (getattr(given, "ndim", 1) == 0 or isinstance(given, float)):
        return
    if choices != FLAG:
        try:
            hash(given)
        except TypeError:
            pass
        else:
            return
    *others, last = map(repr, choices)
    shape = getattr(given, "shape", ())
    what = f"an array of shape {shape}" if shape else kind_of(given)
    what = repr(given) if isinstance(given, str) and len(given) < 40 else what
    raise ArtError(f"{name} is {what}: give {', '.join(others)} or {last}")


def _unpacked(p: inspect.Parameter) -> bool:
    """Whether a parameter collects the keywords of a TypedDict, like `**style: Unpack[...]`."""
    return p.kind is p.VAR_KEYWORD and get_origin(p.annotation) is Unpack


def _parameters(function: FunctionType) -> list[inspect.Parameter]:
    """What a function takes by place or by name, the keywords of a TypedDict among them."""
    found: list[inspect.Parameter] = []
    for p in inspect.signature(function).parameters.values():
        if _unpacked(p):
            (keywords,) = get_args(p.annotation)
            found += [inspect.Parameter(k, p.KEYWORD_ONLY) for k in keywords.__annotations__]
        elif p.kind is not p.VAR_KEYWORD:
            found.append(p)
    return found


def no_argument(name: str, names: list[str], keyword: str) -> str:
    """The line for a keyword that a public function has not, which takes those in `names`."""
    return f"{name} has no argument {keyword}{near(keyword, names)}; it takes {', '.join(names)}"


def _uncallable(name: str, parameters: Sequence[inspect.Parameter], count: int, error: str) -> str:
    """The line for a call with `count` arguments without a name, of which Python says `error`."""
    takes = ", ".join(p.name for p in parameters)
    plain = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if found := re.search(r"missing \d+ required .*argument.*?: (.*)", error):
        return f"{name} needs {found[1]}; it takes {takes}"
    if found := re.search(r"unexpected keyword argument '(\w+)'", error):
        return no_argument(name, [p.name for p in parameters], found[1])
    if "positional argument" in error and count > len(plain):
        stack = "points" in plain[:1] and "; x and y make points by jnp.stack([x, y], -1)"
        few = " and ".join([", ".join(plain[:-1]), *plain[-1:]] if plain[1:] else plain)
        named = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
        rest = f", and by name {', '.join(named)}" if named else ""
        return (
            f"{name} takes {few or 'nothing'} without a name{rest}: here are {count}{stack or ''}"
        )
    return f"{name} takes {takes}: {error.partition(') ')[2] or error}"
