"""Renders of sketches: what each is called, and doing them one after the other."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax

from gradart.drawing.scene import Scene
from gradart.errors import ArtError
from gradart.rendering.page import page, pixel_size
from gradart.rendering.save import Progress, check_format, default_px, render
from gradart.sketching.running import blamed
from gradart.sketching.sketch import Art, Sketch


@dataclass(frozen=True)
class Job:
    """One picture or film to make: a sketch, its values and seed, and options of `render`.

    Options that are not given are the sketch's own.
    """

    sketch: Sketch
    values: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The sketch's name and what differs from its defaults: `spiral_seed12_turns7`."""
        parts = [self.sketch.name]
        if self.seed != self.sketch.seed:
            parts.append(f"seed{self.seed}")
        defaults = {p.name: p.default for p in self.sketch.parameters}
        parts += [f"{n}{_word(v)}" for n, v in self.values.items() if v != defaults[n]]
        return "_".join(parts)

    @property
    def settings(self) -> dict[str, Any]:
        """All options of `render`."""
        names = "page", "landscape", "margin", "seconds", "fps", "at"
        return {name: getattr(self.sketch, name) for name in names} | dict(self.options)

    @property
    def provenance(self) -> dict[str, Any]:
        """What the file says of its making: enough to make it again."""
        values = {p.name: self.values.get(p.name, p.default) for p in self.sketch.parameters}
        return {
            "sketch": self.sketch.name,
            "title": self.sketch.title,
            "file": self.sketch.file.name,
            "source": sha256(self.sketch.source.encode()).hexdigest(),
            "parameters": {n: str(v) if isinstance(v, Path) else v for n, v in values.items()},
            "seed": self.seed,
            "options": self.settings,
            "versions": {name: version(name) for name in ("gradart", "jax", "numpy")},
        }


def _word(value: Any) -> str:
    """A value as part of a file's name."""
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


def compute(job: Job) -> Art:
    """Call the job's sketch with its values and seed."""
    with blamed(job.sketch.name, job.sketch.file):
        return job.sketch(seed=job.seed, **job.values)


def write(job: Job, art: Art, path: Path, progress: Progress | None = None) -> Made:
    """Render what a job computed to a file."""
    start = time.perf_counter()
    with blamed(job.sketch.name, job.sketch.file), jax.enable_x64(True):
        render(art, path, **job.settings, provenance=job.provenance, progress=progress)
    return Made(path, _size(job, path), time.perf_counter() - start)


def _size(job: Job, path: Path) -> str:
    settings = job.settings
    sheet = page(settings["page"], landscape=settings["landscape"])
    if path.suffix.lower() in (".svg", ".pdf"):
        return f"{sheet.width:g} x {sheet.height:g} mm"
    width, height = pixel_size(sheet, settings.get("px", default_px(path)))
    return f"{width} x {height} px"


def run(
    jobs: Iterable[Job], out: Path | None = None, progress: Callable[[str], Progress] | None = None
) -> Iterator[Made]:
    """Make the jobs one after the other, and yield each file as it is there.

    Without `out`, a scene becomes NAME.png and a film NAME.gif. `out` is a file, to whose name
    several jobs add what tells them apart; or a folder, which for a single film is that of its
    frames.
    """
    todo = list(jobs)
    _refuse_twins(todo, out)
    if out is not None and not out.is_dir():
        check_format(out, bool(todo and todo[0].settings.get("transparent")))
    for job in todo:
        start = time.perf_counter()
        art = compute(job)
        path = _path(job, art, out, alone=len(todo) == 1)
        with _folder(path.parent if path.parent == out else None):
            made = write(job, art, path, progress(path.name) if progress else None)
        yield Made(made.path, made.size, time.perf_counter() - start)


def _path(job: Job, art: Art, out: Path | None, alone: bool) -> Path:
    still = isinstance(art, Scene)
    if out is not None and out.suffix and not out.is_dir():
        detail = job.name.removeprefix(job.sketch.name)
        return out if alone else out.with_stem(out.stem + detail)
    if out is not None and alone and not still:
        return out
    return (out or Path()) / f"{job.name}{'.png' if still else '.gif'}"


@contextmanager
def _folder(path: Path | None) -> Iterator[None]:
    """Make a folder if there is none, and take it back if nothing comes to lie in it."""
    new = path is not None and not path.exists()
    if path is not None:
        path.mkdir(exist_ok=True)
    try:
        yield
    except BaseException:
        if new and path is not None and not any(path.iterdir()):
            path.rmdir()
        raise


def _refuse_twins(jobs: list[Job], out: Path | None) -> None:
    """Refuse two jobs that would write the same file."""
    if (
        out is not None
        and out.suffix
        and not out.is_dir()
        and len({job.sketch.name for job in jobs}) > 1
    ):
        raise ArtError(f"several sketches do not go into {out}; name a folder, -o {out.stem}")
    for name, times in Counter(job.name for job in jobs).items():
        if times > 1:
            raise ArtError(f"{times} pictures would be called {name}; make them one at a time")
