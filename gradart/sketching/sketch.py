"""A sketch: a function of parameters that returns a scene or a film, and what goes with it."""

import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Unpack, cast, overload

import jax
import jax.numpy as jnp
from jax.stages import Wrapped

from gradart.calculus.checks.arguments import whole_number
from gradart.drawing.scene import Film, Scene
from gradart.errors import ArtError, kind_of
from gradart.files.reading import note_read
from gradart.rendering.options import (
    OPTIONS,
    ArtOptions,
    Options,
    RenderOptions,
    SketchOptions,
    as_options,
)
from gradart.scene_display import handed
from gradart.sketching.compile_count import compiling_noted
from gradart.sketching.error_reporting import remedies_noted
from gradart.sketching.functions import innermost, name_of, signature, takes_one
from gradart.sketching.isolation import folder_restored
from gradart.sketching.parameters import Parameter, checked
from gradart.sketching.signatures import read_signature
from gradart.sketching.value_texts import TracedValue, paths
from gradart.types import Key, Number

if TYPE_CHECKING:
    from gradart.rendering.html.live_art import Choices, LiveArt
    from gradart.rendering.layout.page import Page

Art = Scene | Film
_OPTIONS = *(option.name for option in OPTIONS.values() if option.of_sketch), "seed"


@dataclass(frozen=True)
class Sketch:
    """A function that draws, with its parameters and the page that it is meant for.

    Made by `sketch`: of a `function`, with the `parameters` of its signature, the options that it
    is `meant` to be rendered with and the `seed` of its key. A call computes it: it takes any of
    the parameters by name, and `seed`, and gives a scene or a film. `imports`, `called`, `home` and
    `folder` say where it comes from, for the command line: files that it imports, its name there,
    its file's folder, and the folder that it is run in.

    >>> @ga.sketch
    ... def spiral(turns=5.0):
    ...     t = jnp.linspace(0, turns * 6.2832, 400)
    ...     return ga.scene(ga.lines(ga.point(ga.archimedes(), t)))
    >>> spiral.name, [p.name for p in spiral.parameters]
    ('spiral', ['turns'])
    >>> spiral(turns=7.0)
    """

    function: Callable[..., Art]
    parameters: tuple[Parameter, ...]
    meant: Options = field(default_factory=Options)  # the page and the length that it is meant for
    seed: int = 0
    # What loading its file has found: what it imports from its folder, with hashes; its name and
    # file, where the function does not tell these; the current folder, if the file has changed it.
    imports: tuple[tuple[Path, str], ...] = ()
    called: str = ""
    home: Path | None = None
    folder: str | None = None

    def __call__(self, *, seed: int | None = None, **values: object) -> Art:
        """Compute the scene or the film in float64, without touching JAX's configuration.

        The seed becomes the sketch's `key`. One that draws for its `page` is given the page that it
        is meant for, or one asked for as `page`, on which its art then lies. A film's frames, too,
        are computed in float64, whoever calls it.
        """
        if self.takes_page and "page" in values:
            asked = as_options({"page": values.pop("page")})
            return on_page(self, asked)(seed=seed, **values)
        chosen = checked(self.name, self.parameters, values)
        number = check_seed(self.seed if seed is None else seed)
        with jax.enable_x64(True):
            return drawn(self, chosen, jax.random.key(number) if self.takes_key else None)

    def __repr__(self) -> str:
        """Its name and its parameters with their defaults."""
        told = [f"{p.name}={p.default!r}" for p in self.parameters]
        return f"Sketch({', '.join([self.name, *told])})"

    def _repr_mimebundle_(self, **asked: object) -> dict[str, object]:
        """What a notebook shows: a page with its parameters, or the picture for its defaults."""
        from gradart.rendering.notebook import bundle
        from gradart.sketching.error_reporting import errors_of

        with errors_of(self.name, self.file):
            return bundle(self(), self.options, lambda: self._live_({}))

    def _called(self, given: Mapping[str, object]) -> object:
        try:
            return self.function(**given)
        except TypeError as exc:
            texts = "abstract array", "valid JAX type"  # what goes in is none, or what comes out
            if isinstance(self.function, Wrapped) and any(text in str(exc) for text in texts):
                raise ArtError(
                    f"jax.jit over {self.name} takes numbers and returns a scene only; compile a"
                    " function inside of it instead"
                ) from exc
            raise

    def _found(self, value: TracedValue) -> TracedValue:
        """A path as the sketch finds it, if its file has gone to another folder."""
        if self.folder is not None and isinstance(value, Path) and value.exists():
            return value.absolute()
        return value

    def _art_(self, options: RenderOptions) -> Art:
        """What `render` takes for the sketch: its art for the defaults, drawn for its options."""
        return on_page(self, options)()

    def _live_(self, options: RenderOptions) -> "LiveArt | Choices | None":
        """What a page computes of the sketch, with its parameters alive."""
        live: LiveArt | Choices | None = handed().live(self, options)
        return live

    @property
    def options(self) -> Options:
        """The render options that go with the art that it returns."""
        return replace(self.meant, title=self.title or self.name, notes=self.notes)

    @property
    def name(self) -> str:
        """The name by which it is run and its files are called, as a rule the function's."""
        return self.called or name_of(self.function)

    @cached_property
    def takes_key(self) -> bool:
        """Whether the sketch has a `key`, so that its seed matters."""
        return "key" in signature(self.function).parameters

    @cached_property
    def takes_page(self) -> bool:
        """Whether the sketch has a `page`, and so is drawn anew for another."""
        return "page" in signature(self.function).parameters

    @property
    def file(self) -> Path:
        """The file that the sketch was written in."""
        return self.home or Path(self._inner().__code__.co_filename).absolute()

    @property
    def globals(self) -> Mapping[str, object]:
        """The names of the module that the function was written in."""
        return self._inner().__globals__

    def _inner(self) -> FunctionType:
        inner = innermost(self.function)
        assert inner is not None  # by `signature`
        return inner

    @property
    def source(self) -> str:
        """The whole text of the sketch's file."""
        linecache.checkcache(str(self.file))
        return "".join(linecache.getlines(str(self.file)))

    @property
    def title(self) -> str:
        """The first line of the docstring: the function's, or else its file's."""
        return self._docstring.partition("\n")[0].strip()

    @property
    def notes(self) -> str:
        """What the docstring says after its first line, the title."""
        return self._docstring.partition("\n")[2].strip()

    @property
    def _docstring(self) -> str:
        inner = self._inner()
        own = inner.__doc__ or getattr(self.function, "__doc__", None)
        if isinstance(self.function, partial):  # whose own is that of `partial`
            own = inner.__doc__
        # What a notebook says of itself in the place of a file is about no sketch.
        of_file = self.globals.get("__doc__") if "__file__" in self.globals else None
        return own or str(of_file or "")


@overload
def sketch(function: Callable[..., Art], /) -> Sketch: ...
@overload
def sketch(
    **options: Unpack[SketchOptions],
) -> Callable[[Callable[..., Art]], Sketch]: ...
def sketch(
    function: Callable[..., Art] | None = None, /, **options: object
) -> Sketch | Callable[[Callable[..., Art]], Sketch]:
    """Make a sketch of a function; its keyword defaults are the sketch's parameters.

    The `function` returns a scene, or a film: a function of the playhead u in [0, 1) that returns
    one. An argument `key` gets the random key of the seed, and an argument `page` the sheet that
    is drawn on, a `Page`: in a scene with `box=page.box` a unit is a millimeter. `options`: `page`
    is a paper size (`"a4"`, `"square"`, `"120x200mm"`), laid on its long side by `landscape`,
    `margin` is in mm, `seconds` and `fps` are those of the film, `at` is the playhead of its still,
    and `seed` is the seed for which none is given.

    >>> @ga.sketch(page="square")
    ... def dust(key, n=200, radius=0.5):
    ...     return ga.scene(ga.dots(ga.scatter(key, n, box=((0, 0), (1, 1))), radius))
    >>> dust(n=80, seed=3)
    """
    for name in options:
        if name not in _OPTIONS:
            raise ArtError(f"ga.sketch has no option {name}; it has {', '.join(_OPTIONS)}")
    if function is None:
        meant, seed = _meant(**cast(SketchOptions, options))  # whose names are its names
        return lambda f: Sketch(f, read_signature(f), meant, seed)
    if isinstance(function, Sketch):
        raise ArtError(f"{function.name} is a sketch already; write @ga.sketch once")
    if isinstance(function, str):
        raise ArtError(f"ga.sketch takes its options by name: @ga.sketch(page={function!r})")
    return Sketch(function, read_signature(function))


def _meant(seed: int = 0, **options: Unpack[ArtOptions]) -> tuple[Options, int]:
    """The options of a sketch's art, and its seed."""
    return Options(**options), seed


def drawn(sketch: Sketch, chosen: Mapping[str, TracedValue], key: Key | None) -> Art:
    """The scene or the film of values that are checked, or that JAX traces, and of a key."""
    found = {name: sketch._found(value) for name, value in chosen.items()}
    for _, file in paths(found):
        note_read(file)
    with jax.enable_x64(True), folder_restored(sketch.folder) as gone, remedies_noted():
        given = {p.name: p.given(found[p.name]) for p in sketch.parameters}
        keys = {"key": key} if sketch.takes_key else {}
        sheet = {"page": _sheet(sketch.meant)} if sketch.takes_page else {}
        with compiling_noted(sketch.name, sketch.file):
            art = sketch._called(keys | sheet | given)
    if isinstance(art, Scene):
        return replace(art, options=sketch.options)
    if isinstance(art, type) or not callable(art):
        raise ArtError(
            f"{sketch.name} returned {kind_of(art)}; return ga.scene(...), or for a film"
            " a function of the playhead u that returns one"
        )
    if not takes_one(art):
        raise ArtError(
            f"{sketch.name} returned a function that cannot be called with the playhead alone;"
            " write def frame(u)"
        )
    return SketchFilm(art, sketch, gone[0] if gone else None)


def on_page(sketch: Sketch, options: RenderOptions) -> Sketch:
    """The sketch meant for the page that options of `render` say, if it draws for its page."""
    asked = {name for name, value in options.items() if value is not None}
    if not sketch.takes_page or not asked & {"page", "landscape", "margin"}:
        return sketch
    sheet = _sheet(sketch.meant, options)
    size = f"{float(sheet.width)!r}x{float(sheet.height)!r}mm"  # to the last digit
    meant = replace(sketch.meant, page=size, landscape=False, margin=float(sheet.margin))
    return replace(sketch, meant=meant)


def _sheet(meant: Options, given: RenderOptions | None = None) -> "Page":
    """The page of a sketch's options, or another that is asked for."""
    from gradart.rendering.render import sheet_for  # and cairo with it: loading needs none

    return sheet_for(meant, given)


def check_seed(seed: object) -> int:
    """The seed as an int from 0 to 2**32 - 1, or an error."""
    number = whole_number(seed)
    if number is None or isinstance(seed, bool) or not 0 <= number < 2**32:
        raise ArtError(f"seed must be a whole number from 0 to {2**32 - 1}, not {seed!r}")
    return number


@dataclass(frozen=True)
class SketchFilm:
    """A film as its sketch returns it: called with the playhead u, it gives the scene there.

    A frame is computed in float64, whoever calls it. A notebook plays the film.
    """

    film: Film
    sketch: Sketch
    folder: str | None = None  # the current one, if the sketch has changed it

    def __call__(self, u: Number) -> Scene:
        with jax.enable_x64(True), folder_restored(self.folder), remedies_noted():
            scene = self.film(jnp.asarray(u, float))
        # What else it may be is refused where it is rendered.
        return replace(scene, options=self.options) if isinstance(scene, Scene) else scene

    def save(self, path: str | Path, **options: Unpack[RenderOptions]) -> Path:
        """Save the film to a file, as `render` does with the same options, and return its path."""
        from gradart.rendering.notebook import save

        return save(self, path, **options)

    def __repr__(self) -> str:
        return f"Film({self.sketch.name})"

    def _repr_mimebundle_(self, **asked: object) -> dict[str, object]:
        """What a notebook shows: a page that plays it, or a video."""
        from gradart.rendering.notebook import bundle
        from gradart.rendering.notebook_page import live_frames

        return bundle(self, self.options, live_frames(self))

    @property
    def options(self) -> Options:
        return self.sketch.options
