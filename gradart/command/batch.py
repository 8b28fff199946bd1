"""Many renders in one go: where each goes, and which are there already."""

import json
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradart.command.job import Bars, Job, Made, compute, kind, write
from gradart.command.spread import Call, Crew, Failed, spread
from gradart.errors import ArtError, RenderFault
from gradart.rendering.provenance import as_json, read
from gradart.rendering.save import check_format

_PASSING = "commit", "dirty"  # what a file may say otherwise and yet be this very picture


@dataclass(frozen=True)
class Kept:
    """A file that is there already, made by just such a job."""

    path: Path

    def __str__(self) -> str:
        return f"{self.path}  up to date"


def run(
    jobs: Iterable[Job],
    out: Path | None = None,
    *,
    crew: Crew | None = None,
    resume: bool = False,
    progress: Bars | None = None,
) -> Generator[Made | Kept | Failed]:
    """Make the jobs, here or by a crew, and yield each file as it is there.

    Without `out`, a scene becomes NAME.png, as does a film's frame `at` a playhead, and a film
    NAME.gif. `out` is a file, to whose name several jobs add what tells them apart; or a folder,
    which for a single film is that of its frames. With `resume`, a file that says it was made by
    just such a job is left as it is.
    """
    todo = list(jobs)
    _refuse_twins(todo, out)
    if out is not None and not out.is_dir():
        if not out.parent.is_dir():  # told before the work, not after it
            raise RenderFault(f"{out} cannot be written: no such folder: {out.parent}")
        check_format(out, bool(todo and todo[0].settings.get("transparent")))
    alone = len(todo) == 1
    calls = []
    for job in todo:
        if resume and (path := _finished(job, out, alone)):
            yield Kept(path)
        else:
            calls.append(Call(job.name, make, (job, out, alone)))
    with _folder(out if out is not None and not out.suffix and not alone else None):
        yield from spread(calls, crew, progress)


def make(job: Job, out: Path | None, alone: bool, progress: Bars | None = None) -> Made:
    """Make one job's file."""
    start = time.perf_counter()
    art = compute(job)
    path = _path(job, kind(art), out, alone)
    with _folder(path.parent if path.parent == out else None):
        made = write(job, art, path, progress)
    return Made(made.path, made.size, time.perf_counter() - start)


def _path(job: Job, kind: str, out: Path | None, alone: bool) -> Path:
    still = kind == "still" or "at" in job.options  # who gives a playhead wants that one frame
    if out is not None and out.suffix and not out.is_dir():
        detail = job.name.removeprefix(job.sketch.name)
        return out if alone else out.with_stem(out.stem + detail)
    if out is not None and alone and not still:
        return out
    return (out or Path()) / f"{job.name}{'.png' if still else '.gif'}"


def _finished(job: Job, out: Path | None, alone: bool) -> Path | None:
    """The file that the job would make, if it is there and says that it was made just so."""
    wanted = json.loads(as_json(job.provenance))
    for art in "still", "film":
        path = _path(job, art, out, alone)
        there = path.is_file() or (path / "frame_0000.png").is_file()
        if there and _lasting(read(path) or {}) == _lasting(wanted | {"kind": art}):
            return path
    return None


def _lasting(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if name not in _PASSING}


@contextmanager
def _folder(path: Path | None) -> Iterator[None]:
    """Make a folder if there is none, and take it back if nothing comes to lie in it."""
    new = path is not None and not path.exists()
    if path is not None:
        path.mkdir(exist_ok=True)
    try:
        yield
    finally:
        if new and path is not None and not any(path.iterdir()):
            path.rmdir()


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
