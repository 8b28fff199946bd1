"""The files of a run: what each is called, which are there already; the others are made."""

import json
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from gradart.drawing.scene import Scene
from gradart.errors import ArtError, warn
from gradart.files.reading import Files, reading, spare_what_is_read
from gradart.files.temporary import scratch
from gradart.jobs.call_dispatch import Call, ExecutorSpec, Failed, dispatch
from gradart.jobs.job import Job, Made, compute, ending_of, film_side, kind, path_from, write
from gradart.jobs.unchanged_files import Kept
from gradart.library.readers.sound_files import checked
from gradart.rendering.files.atomic import folders
from gradart.rendering.files.streams import stream
from gradart.rendering.film.tracing import TracedFilm
from gradart.rendering.formats import registry
from gradart.rendering.formats.provenance import as_json, read
from gradart.rendering.options import OPTIONS
from gradart.sketching.sketch import Art
from gradart.terminal import Bars

_PRINTED = "bleed", "crop_marks"  # options of stills alone
# What a file may say otherwise and yet be this very picture.
_PASSING = "commit", "dirty", "path"


def run(
    jobs: Iterable[Job],
    *outs: Path,
    spec: ExecutorSpec | None = None,
    resume: bool = False,
    progress: Bars | None = None,
) -> Generator[Made | Kept | Failed]:
    """Make the jobs, here or by an executor, and yield each file as it is there.

    Without `outs`, a scene becomes NAME.png, as does a film's frame `at` a playhead, and a film
    NAME.gif. Each of `outs` is a file, to whose name several jobs add what tells them apart; a
    folder, which for a single film is that of its frames; or `-`, a pipe or a device. A job is
    computed once for all of them. With `resume`, a file that says it was made by just such a job is
    left as it is.
    """
    todo = list(jobs)
    alone = len(todo) == 1 and not todo[0].swept
    parents = set()
    if todo:
        _check_purpose(outs, todo[0])
    for out in outs:
        _check(out, todo, alone)
        if todo and not stream(out, todo[0].here):
            whole = todo[0].here / out
            parents.add(whole if not out.suffix and not alone else whole.parent)
    if len({job.name for job in todo}) < len(todo):
        name, times = Counter(job.name for job in todo).most_common(1)[0]
        raise ArtError(f"{times} pictures would be called {name}; make them one at a time")
    _check_inputs(todo, outs, alone)
    rest = []
    for job in todo:
        kept = {out: _finished(job, out, alone) if resume else None for out in outs or (None,)}
        yield from (Kept(path) for path in kept.values() if path)
        missing = tuple(out for out, path in kept.items() if not path)
        if missing:
            rest.append((job, missing))
    if any(stream(out, job.here) for out in outs for job in todo):
        spec = None  # the pipe is this process's own
    with folders(parents), scratch() if spec else nullcontext() as notes:
        calls = [Call(job.name, make, (job, missing, alone, notes)) for job, missing in rest]
        for result in dispatch(calls, spec, progress):
            yield from [result] if isinstance(result, Failed) else result


def _check_inputs(jobs: Sequence[Job], outs: Sequence[Path], alone: bool) -> None:
    """Raise ArtError where a picture would take the place of a file that is named for one.

    Where a still and a film go to other places, `make` knows which it is.
    """
    named = {path: name for job in jobs for name, path in job.inputs.items()}
    files = Files(named)
    for job in jobs:
        for out in outs or (None,):
            (path, *other) = {_path(job, art, out, alone) for art in ("still", "film")}
            if not other and files.lost_to(job.here / path):
                name = next(n for p, n in named.items() if Files([p]).lost_to(job.here / path))
                raise ArtError(
                    f"{path} would replace the file of {name}, which it is made from: name another"
                )


def _check_purpose(outs: Sequence[Path], job: Job) -> None:
    """Raise ArtError for an option of one format where no output is of that."""
    how = job.settled
    endings = {(flow.ending if (flow := stream(o, job.here)) else o.suffix).lower() for o in outs}
    if outs and how.max_size is not None and not endings & {"", registry.FILM}:
        raise ArtError(f"--max-size is for {registry.FILM}; write -o NAME{registry.FILM}")
    if how.audio is not None:
        if not any(registry.FORMATS[ending].sound for ending in endings & registry.FORMATS.keys()):
            raise ArtError(f"--audio is for {registry.with_sound()}; write -o NAME.mp4")
        checked(path_from(job.here, Path(how.audio)))  # before the sketch runs
    if how.choices is not None and registry.PAGE not in endings:
        raise ArtError(f"--choices is for {registry.PAGE}; write -o NAME{registry.PAGE}")


def _check(out: Path, jobs: list[Job], alone: bool) -> None:
    """Raise what can be told of an output before any work."""
    here = jobs[0].here if jobs else Path()
    flow = stream(out, here)
    if flow and not alone:
        raise ArtError(f"several pictures do not go into {out}; name a folder, or make one")
    if not flow and (here / out).is_dir():
        return
    if out.suffix and len({job.sketch.name for job in jobs}) > 1:
        raise ArtError(f"several sketches do not go into {out}; name a folder, -o {out.stem}")
    transparent = bool(jobs and jobs[0].settled.transparent)
    registry.format_of(Path(f"a{flow.ending}") if flow else out, transparent)


def make(
    job: Job,
    outs: tuple[Path | None, ...],
    alone: bool,
    notes: Path | None = None,
    progress: Bars | None = None,
) -> list[Made | Failed]:
    """Make one job's files, each of which may fail alone.

    In the folder `notes` the processes of a batch tell each other what they read.
    """
    with reading(notes):
        return _made(job, outs, alone, progress)


def _made(
    job: Job, outs: tuple[Path | None, ...], alone: bool, progress: Bars | None
) -> list[Made | Failed]:
    start = time.perf_counter()
    art = compute(job)
    paths = {out: _path(job, kind(art), out, alone) for out in outs}
    for path in paths.values():
        spare_what_is_read(path_from(job.here, path))
    for message in _ignored(job, art, {ending_of(job, art, path) for path in paths.values()}):
        warn(message)
    sides = {path: film_side(job, art, path) for path in paths.values()}
    to_come = art.to_come if isinstance(art, TracedFilm) else Counter()
    to_come.update(side for side in sides.values() if side)
    made: list[Made | Failed] = []
    for out, path in paths.items():
        try:
            with folders([job.here / path.parent] if path.parent == out else []):
                file = write(job, art, path, progress)
        except ArtError as error:
            if len(outs) == 1:
                raise
            made.append(Failed(job.name, error))
        else:
            made.append(replace(file, seconds=time.perf_counter() - start))
        to_come[sides[path] or 0] -= 1
        start = time.perf_counter()
    return made


def _ignored(job: Job, art: Art, endings: set[str]) -> Iterator[str]:
    """A sentence for each option that was given, and changes nothing in files of these formats."""
    still = isinstance(art, Scene)
    given = [f"--{name}" for name, o in OPTIONS.items() if o.of_film and name in job.options]
    if still and given:
        verb = "changes" if len(given) == 1 else "change"
        yield f"{job.sketch.name} is a still, of which {' and '.join(given)} {verb} nothing"
    formats = [registry.FORMATS[ending] for ending in endings]
    if "at" in job.options and not still and all(f.kind != "still" for f in formats):
        yield f"--at changes nothing in a film; write {registry.STILL} for its one frame"
    films = [] if still else [f for f in formats if f.kind != "still"]
    printed = [name for name in _PRINTED if name in job.options]
    if printed and films and len(films) == len(formats):
        yield f"--{printed[0].replace('_', '-')} changes nothing in a film, which nobody prints"
    if "plays" in job.options and films and not any(f.plays for f in films):
        yield f"--plays changes nothing in {' and '.join(sorted(endings))}, which players repeat"
    for name in "px", "ppi":
        if name in job.options and all(f.default_px is None for f in formats):
            those = " and ".join(sorted(endings))
            yield f"--{name} changes nothing in {those}, which have no pixels"


def _path(job: Job, kind: str, out: Path | None, alone: bool) -> Path:
    if out is not None and stream(out, job.here):
        return out
    still = kind == "still" or "at" in job.options  # who gives a playhead wants that one frame
    if out is not None and out.suffix and not (job.here / out).is_dir():
        detail = job.name.removeprefix(job.sketch.name)
        return out if alone else out.with_stem(out.stem + detail)
    if out is not None and alone and not still:
        return out
    return (out or Path()) / f"{job.name}{registry.STILL if still else registry.FILM}"


def _finished(job: Job, out: Path | None, alone: bool) -> Path | None:
    """The file that the job would make, if it is there and says that it was made just so."""
    if out is not None and stream(out, job.here):
        return None
    wanted = json.loads(as_json(job.provenance))
    for art in "still", "film":
        path = _path(job, art, out, alone)
        whole = job.here / path
        there = whole.is_file() or (whole / registry.FIRST_FRAME).is_file()
        if there and _lasting(read(whole) or {}) == _lasting(wanted | {"kind": art}):
            return path
    return None


def _lasting(facts: dict[str, object]) -> dict[str, object]:
    return {name: fact for name, fact in facts.items() if name not in _PASSING}
