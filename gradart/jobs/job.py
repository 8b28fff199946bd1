"""One picture or film to make: what it is called, what it says of itself, and making it."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import jax

from gradart.drawing.scene import Scene
from gradart.errors import ArtError
from gradart.files.reading import file_hash, spelled_out, text_hash
from gradart.files.temporary import scratch
from gradart.jobs.versions import versions
from gradart.rendering.files.streams import pour, stream
from gradart.rendering.film.tracing import TracedFilm
from gradart.rendering.formats import gif, registry
from gradart.rendering.formats.provenance import date
from gradart.rendering.layout.page import pixel_size
from gradart.rendering.options import OPTIONS, Options, RenderOptions, as_options, settled
from gradart.rendering.render import render, sheet_and_pixels, sheet_for
from gradart.sketching.error_reporting import errors_of
from gradart.sketching.loading import reload
from gradart.sketching.sketch import Art, Sketch, on_page
from gradart.sketching.value_texts import as_plain, paths
from gradart.terminal import Bars

if TYPE_CHECKING:
    from gradart.rendering.html.live_art import Choices, LiveArt

_LONGEST = 150  # bytes of a picture's name, of the 255 that a file's has, with temporary neighbors


# The fields of a Job but the first, as it is pickled.
_Rest: TypeAlias = tuple[
    Mapping[str, object], int, RenderOptions, Mapping[str, str | bool], tuple[str, ...], Path
]


@dataclass(frozen=True)
class Job:
    """One picture or film to make: a sketch, its values and seed, and options of `render`.

    Options that are not given are the sketch's own. `where` is what else the file says of its
    making, `swept` what the name tells in any case, and `here` the folder from which relative paths
    count, wherever the sketch goes. Pickled, a job is the address of its sketch, which is loaded
    again elsewhere.
    """

    sketch: Sketch
    values: Mapping[str, object] = field(default_factory=dict)
    seed: int = 0
    options: RenderOptions = field(default_factory=RenderOptions)
    where: Mapping[str, str | bool] = field(default_factory=dict)
    swept: tuple[str, ...] = ()
    here: Path = field(default_factory=Path.cwd)

    @property
    def name(self) -> str:
        """The sketch's name and what differs from its defaults: `spiral_seed12_turns7`.

        A long one is cut, and ends in letters that stand for all of it.
        """
        parts = [self.sketch.name]
        if self.seed != self.sketch.seed or "seed" in self.swept:
            parts.append(f"seed{self.seed}")
        kept = {p.name: p.default for p in self.sketch.parameters if p.name not in self.swept}
        parts += [f"{n}{_word(v)}" for n, v in self.values.items() if n not in kept or v != kept[n]]
        name = "_".join(parts)
        if len(data := name.encode()) <= _LONGEST:
            return name
        whole = sha256(data).hexdigest()[:8]
        return f"{data[: _LONGEST - 9].decode(errors='ignore')}_{whole}"

    @property
    def settings(self) -> RenderOptions:
        """The options of `render`: those that a sketch has, and what else is given."""
        own = self.sketch.options
        meant = {o.name: getattr(own, o.name) for o in OPTIONS.values() if o.of_sketch}
        return as_options(meant | dict(self.options))

    @property
    def settled(self) -> Options:
        """All options of `render` as they hold for the job."""
        return settled(self.sketch.options, self.options)

    @property
    def all_values(self) -> dict[str, object]:
        """The values of all parameters: those that are given, and else the defaults."""
        return {p.name: self.values.get(p.name, p.default) for p in self.sketch.parameters}

    @property
    def files(self) -> dict[str, Path]:
        """The files that parameters and options name, each by what names it."""
        named = dict(paths(self.all_values))
        if (audio := self.options.get("audio")) is not None:
            named["--audio"] = Path(audio)
        return {name: self.here / path for name, path in named.items()}

    @property
    def inputs(self) -> dict[str, Path]:
        """The files that are named for it, its sketch and what that imports among them."""
        own = {"the sketch": self.sketch.file} | {f.name: f for f, _ in self.sketch.imports}
        return own | self.files

    @property
    def provenance(self) -> dict[str, object]:
        """What the file says of its making: enough to make it again, and to tell what differs."""
        sketch = self.sketch
        imports = {file.relative_to(sketch.file.parent): digest for file, digest in sketch.imports}
        said: dict[str, object] = {
            "sketch": sketch.name,
            "title": sketch.title,
            "file": sketch.file.name,
            "source": text_hash(sketch.source),
            "imports": {name.as_posix(): digest for name, digest in imports.items()},
            "parameters": {name: as_plain(value) for name, value in self.all_values.items()},
            "files": {name: file_hash(path) for name, path in self.files.items()},
            "seed": self.seed,
            "options": self.settings,
            "versions": versions(sketch.source, *(file for file, _ in sketch.imports)),
            **self.where,
        }
        return said | {"date": day} if (day := date()) else said

    def __reduce__(self) -> tuple[object, ...]:
        sketch = self.sketch
        rest = dict(self.values), self.seed, self.options, dict(self.where), self.swept, self.here
        return _unpickled, (sketch.file, sketch.name, _made_of(sketch), rest)


def _made_of(sketch: Sketch) -> list[str]:
    return [text_hash(sketch.source), *(digest for _, digest in sketch.imports)]


def _unpickled(file: Path, name: str, made_of: list[str], rest: _Rest) -> Job:
    """The job, with the sketch from its file, which must still be what it was."""
    sketch = next((s for s in reload(file).sketches if s.name == name), None)
    if sketch is None or made_of != _made_of(sketch):
        raise ArtError(f"{file.name} has changed since the batch began; run it again")
    return Job(sketch, *rest)


def _word(value: object) -> str:
    """A value as part of a file's name."""
    if isinstance(value, list | tuple):
        return "-".join(map(_word, value))
    if isinstance(value, float):
        return f"{value:.12g}"
    text = value.stem if isinstance(value, Path) else str(value)
    return re.sub(r"[^\w.+-]+", "-", text).strip("-").lower()


@dataclass(frozen=True)
class Made:
    """A file that was written: its size in words, and the seconds that it took."""

    path: Path
    size: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.path}  {self.size}  {self.seconds:.1f} s"


@dataclass(frozen=True)
class _LiveJob:
    """What `render` takes of a job where a page is to compute its art: that, and how it is made."""

    job: Job
    art: Art

    def _art_(self, options: RenderOptions) -> Art:
        return self.art

    def _live_(self, options: RenderOptions) -> "LiveArt | Choices | None":
        from gradart.sketching.live_sketch import live_art  # which only a page needs

        job = self.job
        return live_art(job.sketch, options, _given(job), job.seed, self.art)


def compute(job: Job) -> Art:
    """Call the job's sketch with its values and seed, for the page that it is rendered on."""
    with errors_of(job.sketch.name, job.sketch.file):
        art = on_page(job.sketch, job.options)(seed=job.seed, **_given(job))
    return art if isinstance(art, Scene) else TracedFilm(art)


def _given(job: Job) -> dict[str, object]:
    """The values of a job, whose relative paths count from its folder."""
    values = job.values.items()
    return {n: job.here / spelled_out(v) if isinstance(v, Path) else v for n, v in values}


def kind(art: Art) -> registry.Kind:
    """What the file says of the art that it shows: a still, or a film."""
    return "still" if isinstance(art, Scene) else "film"


def write(
    job: Job,
    art: Art,
    path: Path,
    progress: Bars | None = None,
    provenance: Mapping[str, object] | None = None,
) -> Made:
    """Render what a job computed to a file, which says `provenance`, or else the job's own."""
    start = time.perf_counter()
    said = job.provenance | {"kind": kind(art)} if provenance is None else dict(provenance)
    bar = progress(path.name, "frames") if progress else None

    def rendered(target: Path) -> Path:
        how = job.settings
        form = registry.format_of(target)
        shown: _LiveJob | Art = art
        # What is meant for another of several files means nothing for this one.
        if form.suffix != registry.FILM:
            how.pop("max_size", None)
        if not form.sound:
            how.pop("audio", None)
        elif (audio := how.get("audio")) is not None:
            how["audio"] = path_from(job.here, Path(audio))
        if form.computed:
            shown = _LiveJob(job, art)
        else:
            how.pop("choices", None)
        with errors_of(job.sketch.name, job.sketch.file), jax.enable_x64(True):
            return render(shown, target, **how, provenance=said, progress=bar)

    if flow := stream(path, job.here):
        with scratch() as folder:
            whole = rendered(folder / f"{job.sketch.name}{ending_of(job, art, path)}")
            pour(whole, flow)
    else:
        whole = rendered(path_from(job.here, path))
    return Made(path, _size(job, art, whole), time.perf_counter() - start)


def ending_of(job: Job, art: Art, path: Path) -> str:
    """The ending of what the art becomes there; a pipe may tell none, and a playhead is a still."""
    if flow := stream(path, job.here):
        still = isinstance(art, Scene) or "at" in job.options
        return flow.ending or (registry.STILL if still else registry.FILM)
    return path.suffix.lower()


def film_side(job: Job, art: Art, path: Path) -> int | None:
    """The pixels of the long side of the film that a file becomes; None if it becomes none."""
    form = registry.FORMATS.get(ending_of(job, art, path))
    if form is None or form.computed or form.shows(kind(art)) == "still":
        return None
    try:
        return sheet_and_pixels(job.settled, form, "film", sheet_for(job.settled))[1]
    except ArtError:  # which `write` tells
        return None


def path_from(here: Path, path: Path) -> Path:
    """A path that counts from the folder `here`: as it is, while that is the current folder."""
    try:
        return path if Path.cwd() == here else here / path
    except FileNotFoundError:  # the current folder has been removed
        return here / path


def _size(job: Job, art: Art, path: Path) -> str:
    form, how = registry.format_of(path), job.settled
    sheet, px = sheet_and_pixels(how, form, form.shows(kind(art)), sheet_for(how))
    if px is None or form.default_px is None:
        return f"{sheet.width:g} x {sheet.height:g} mm"
    width, height = pixel_size(sheet, px)
    if form.suffix == registry.FILM and how.max_size:  # for which it may have become smaller
        with path.open("rb") as file:
            width, height = gif.size_in(file)
    return f"{width} x {height} px"
