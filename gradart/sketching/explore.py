"""A sketch in a notebook with a widget for each parameter, which Python draws anew as they move."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import jax

from gradart.drawing.color.palettes import NAMED
from gradart.drawing.scene import Scene
from gradart.errors import ArtError, RenderFault, kind_of
from gradart.rendering.film.tracing import playheads
from gradart.rendering.notebook_page import file
from gradart.rendering.pipeline import Composition, compose
from gradart.rendering.render import sheet_for
from gradart.sketching.error_reporting import errors_of, said
from gradart.sketching.parameters import Parameter
from gradart.sketching.roles import RANGE, SEED
from gradart.sketching.sketch import Sketch
from gradart.sketching.value_texts import Value, word

_PAUSE = 0.05  # s, in which a slider's moves are gathered: the last of them is drawn
_FEWEST = 200  # steps of a slider, each a round number
_MOST = 2**32 - 1  # of a seed

Widget = Any  # of ipywidgets, which declares no types and need not be installed
Read = Callable[[Any], Value]  # from what a widget has to a parameter's value


def explore(sketch: Sketch, *, px: int = 600) -> Widget:
    """Show a sketch in a notebook with a widget for each parameter, its seed and a film's playhead.

    Python draws the picture anew as they move, its long side in `px` pixels, so that all may
    change, the number of points, files and choices too; what a notebook shows of a sketch by itself
    computes without Python, and holds some of these fixed. Returned is the `sketch` as a widget of
    ipywidgets, which a notebook shows; a mistake is told below the picture. Of a film the frame at
    the playhead is shown. ArtError for what is no sketch; RenderFault where ipywidgets is missing
    (`pip install 'gradart[notebook]'`).

    >>> @ga.sketch(page="square")
    ... def rings(n=5, width=0.5):
    ...     return ga.scene(ga.circles((0, 0), range(1, n + 1), width=width))
    >>> controls = ga.explore(rings).children[1]
    >>> [control.description for control in controls.children]
    ['n', 'width']
    """
    if not isinstance(sketch, Sketch):
        hint = "write @ga.sketch above the function" if callable(sketch) else "give a sketch"
        raise ArtError(f"ga.explore takes a sketch, not {kind_of(sketch)}; {hint}")
    return _Explorer(sketch, px).shown


def _widgets() -> ModuleType:
    try:
        import ipywidgets
    except ImportError:
        raise RenderFault(
            "ga.explore needs ipywidgets: pip install 'gradart[notebook]', and restart the kernel"
        ) from None
    return ipywidgets


class _Explorer:
    """The widgets of a sketch, and what is drawn for their values."""

    def __init__(self, sketch: Sketch, px: int) -> None:
        widgets = _widgets()
        self.sketch, self.px = sketch, px
        self.waits = False
        self.drawn: tuple[object, Composition] | None = None  # and what it was drawn for
        # Labels as long as they are: the names of parameters are words.
        style, wide = {"description_width": "7em"}, widgets.Layout(width="24em")
        self.controls: dict[str, Widget] = {}
        self.readers: dict[str, Read] = {}
        for each in sketch.parameters:
            control, self.readers[each.name] = _control(widgets, each)
            control.description = each.name.replace("_", " ")
            control.tooltip = each.help or each.wanted
            self.controls[each.name] = control
        self.seed = self.head = None
        others = []
        if sketch.takes_key:
            self.seed = widgets.BoundedIntText(sketch.seed, max=_MOST, description="seed")
            others.append(self.seed)
        self.picture = widgets.Image(format="png", layout=widgets.Layout(max_width="100%"))
        self.told = widgets.Label(layout=widgets.Layout(max_width=f"{px}px"))
        count = len(playheads(sketch.options.seconds, sketch.options.fps))
        head = widgets.FloatSlider(sketch.options.at, max=1, step=1 / count, description="playhead")
        self.draw(head.value)
        if self.drawn is not None and len(self.drawn[1].heads):
            self.head = head
            others.append(head)
        rows = [*self.controls.values(), *others]
        for row in rows:
            row.style, row.layout = style, wide
            row.observe(lambda change: self.soon(), "value")
        self.shown = widgets.HBox(
            [widgets.VBox([self.picture, self.told]), widgets.VBox(rows)],
            layout=widgets.Layout(flex_flow="row wrap"),
        )

    def soon(self) -> None:
        """Draw when no more moves come in; at once where no kernel is running."""
        if self.waits:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.draw()
            return
        self.waits = True
        loop.call_later(_PAUSE, self.draw)

    def draw(self, u: float | None = None) -> None:
        """Draw the picture for what the widgets say, or tell in one line why there is none."""
        self.waits = False
        head = self.head.value if u is None and self.head is not None else u or 0.0
        try:
            with errors_of(self.sketch.name, self.sketch.file):
                how = replace(self.sketch.options, at=head)
                self.picture.value = file(self.composed(), how, ".png", self.px)
            self.told.value = ""
        except Exception as error:
            self.told.value = said(error)

    def composed(self) -> Composition:
        """What the sketch draws for the values, on its page; computed once for all playheads."""
        values = {name: self.readers[name](each.value) for name, each in self.controls.items()}
        seed = None if self.seed is None else self.seed.value
        if self.drawn is None or self.drawn[0] != (values, seed):
            meant = self.sketch.options
            art = self.sketch(seed=seed, **values)
            heads = () if isinstance(art, Scene) else playheads(meant.seconds, meant.fps)
            with jax.enable_x64(True):
                self.drawn = (values, seed), compose(art, sheet_for(meant), heads)
        return self.drawn[1]


def _control(widgets: ModuleType, each: Parameter) -> tuple[Widget, Read]:
    """A widget for a parameter, and how its value is read. What has no widget is a text."""

    def same(value: Value) -> Value:
        return value

    default: Any = each.default  # of the parameter's type, which its widget takes
    if each.optional and not each.choices:
        return widgets.Text(word(default), continuous_update=False), each.parse
    if each.role is SEED:
        return widgets.BoundedIntText(default, max=_MOST), same
    if each.role is RANGE and (bounds := each.parts[0].bounds) is not None:
        step = bounds.step or 10 ** math.floor(math.log10((bounds.high - bounds.low) / _FEWEST))
        limits = {"min": bounds.low, "max": bounds.high, "step": step}
        return widgets.FloatRangeSlider(value=default, **limits), same
    if each.choices:
        names = {str(choice): choice for choice in each.choices}
        options = [*names.items(), *[("none", None)] * each.optional]
        return widgets.Dropdown(options=options, value=default), same
    match each.type:
        case "bool":
            return widgets.Checkbox(default, indent=True), same
        case "int" | "float":
            return _slider(widgets, each, default), same
        case "color" if default.startswith("#"):
            return widgets.ColorPicker(value=default), same
        case "palette" | "ramp":
            text = widgets.Combobox(value=default, options=list(NAMED), continuous_update=False)
            return text, each.parse
    return widgets.Text(word(default), continuous_update=False), each.parse


def _slider(widgets: ModuleType, each: Parameter, default: float) -> Widget:
    """A slider over a number's bounds; without any, from zero to twice its default."""
    whole = each.type == "int"
    step: float | None = None
    if each.bounds is not None:
        low, high = each.bounds.low, each.bounds.high
        if each.bounds.log and not whole:
            exponents = math.log10(low), math.log10(high)
            limits = {"min": exponents[0], "max": exponents[1]}
            limits["step"] = (exponents[1] - exponents[0]) / _FEWEST
            return widgets.FloatLogSlider(default, **limits)
        step = each.bounds.step
    else:
        reach = max(10, 2 * abs(default)) if whole else 2 * abs(default) or 1.0
        low, high = (0 if default > 0 else -reach), (0 if default < 0 else reach)
    if whole:
        return widgets.IntSlider(default, min=math.ceil(low), max=math.floor(high), step=step or 1)
    step = step or 10 ** math.floor(math.log10((high - low) / _FEWEST))
    digits = max(0, -math.floor(math.log10(step)))
    form = f".{digits}f"
    return widgets.FloatSlider(default, min=low, max=high, step=step, readout_format=form)
