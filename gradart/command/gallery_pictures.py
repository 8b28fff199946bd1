"""The pictures and films of a gallery, brought up to date with a folder of sketches."""

import json
import time
import warnings
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from gradart.command.gallery_index import Piece, markdown, webpage
from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Many
from gradart.drawing.style import OVER
from gradart.errors import ArtError, RenderFault
from gradart.files.reading import opened, text_hash
from gradart.jobs.call_dispatch import Call, ExecutorSpec, Failed, dispatch
from gradart.jobs.job import Job, Made, compute, path_from, write
from gradart.jobs.task_order import filled, last_time, longest_first, took
from gradart.jobs.versions import code
from gradart.rendering.files.atomic import folders, replacing
from gradart.rendering.files.streams import stream
from gradart.rendering.formats.provenance import as_json
from gradart.rendering.options import RenderOptions
from gradart.sketching.loading import Chapter, chapters, load
from gradart.sketching.sketch import Art, Sketch
from gradart.terminal import Bars

Rendered = tuple[str, list[Made], str]  # a piece's name, its files, and what is missing

STILL = ".png", ".svg", ".pdf"
FILM = ".png", ".gif", ".mp4"
PAGE = ".html"
_ENDINGS = {*STILL, *FILM, PAGE}
_MANIFEST = "manifest.json"
# A gallery is looked through, and kept in a repository; a GIF stands for a film that is not played.
_SMALL: dict[str, RenderOptions] = {".png": {"px": 720}, ".mp4": {"px": 600}}
_HEAVY = 90_000  # bytes, above which an SVG or a PDF is left to `gradart run`
_HEAVY_PAGE = 2_000_000  # the same of a page


@dataclass(frozen=True)
class _Entry:
    """What the manifest keeps of a piece: what it was made from, and the files it became.

    `page` is whether one was asked for, which need not be there.
    """

    digest: str = ""
    files: tuple[str, ...] = ()
    page: bool = False


def update(
    folder: Path,
    out: Path,
    *,
    here: Path,
    force: bool = False,
    pages: bool = False,
    spec: ExecutorSpec | None = None,
    progress: Bars | None = None,
) -> Generator[str | Failed]:
    """Render the sketches of `folder` into `out`, and write README.md and index.html there.

    A still becomes a PNG, and an SVG and a PDF if these are not heavy, as those of ink and light
    are; a film a PNG, a GIF and an MP4. A PNG has a palette where nobody sees it. With `pages` each
    becomes a page that computes it, too, if that is not heavy. What depends on nothing that has
    changed is left as it is, unless `force`. A piece is skipped when its sketch
    warns, by ImportWarning, that it draws less because something is not installed: a picture of it
    that is there stays. Yields a line for each piece and file, how much is left to do, and what
    failed; then the index is left as it was. Both
    folders count from `here`.
    """
    found, broken = _find(folder, here)
    yield from broken
    with folders([here / out]):
        run = partial(dispatch, spec=spec, progress=progress)
        yield from _update(found, out, bool(broken), here, force, pages, run)


def _update(
    found: Sequence[tuple[Chapter, Sketch, str]],
    out: Path,
    failed: bool,
    here: Path,
    force: bool,
    pages: bool,
    run: Callable[[list[Call[Rendered]]], Iterable[Rendered | Failed]],
) -> Generator[str | Failed]:
    place = here / out
    pictures = [sketch.name + ending for _, sketch, _ in found for ending in _ENDINGS]
    for name in (_MANIFEST, "README.md", "index.html", *pictures):
        if stream(place / name):  # which would be waited for
            raise ArtError(f"{out / name} is a pipe or a device; remove it")
    manifest = _read(place)
    digests, seconds = dict[str, str](), dict[str, float | None]()
    calls: list[Call[Rendered]] = []
    for _, sketch, _ in found:
        job = Job(sketch, seed=sketch.seed, here=here)
        digests[sketch.name] = digest = _digest(job)
        last = manifest.get(sketch.name, _Entry())
        whole = all((place / name).is_file() for name in last.files)
        if force or last.digest != digest or not whole or (pages and not last.page):
            calls.append(Call(sketch.name, render, (job, out, pages)))
            seconds[sketch.name] = last_time(sketch.file, sketch.name)
        else:
            yield f"{out / sketch.name}  up to date"

    letters = {sketch.name: len(sketch.source) for _, sketch, _ in found}
    calls = longest_first(calls, lambda call: seconds[call.name], lambda call: letters[call.name])
    work = filled(seconds)
    began, whole_work = time.perf_counter(), sum(work.values())
    for done, result in enumerate(run(calls), 1):
        work.pop(result.name if isinstance(result, Failed) else result[0])
        if isinstance(result, Failed):
            failed = True
            yield result
        elif not result[1]:
            yield f"{out / result[0]}  skipped. {result[2]}"
            _forget_missing(place, manifest, result[0])
        else:
            name, made, missing = result
            yield from map(str, made)
            if missing:
                yield f"{out / name}{PAGE}  left out: {missing}"
            files = tuple(file.path.name for file in made)
            _remove(place, set(manifest.get(name, _Entry()).files) - set(files))
            manifest[name] = _Entry(digests[name], files, pages)
            _keep(place, manifest)
        if done < len(calls):
            left = sum(work.values())
            left *= (time.perf_counter() - began) / (whole_work - left)
            yield f"{done} of {len(calls)}, about {_duration(left)} left"
    if failed:
        return

    pieces = [
        Piece(sketch, address, manifest[sketch.name].files, chapter)
        for chapter, sketch, address in found
        if sketch.name in manifest
    ]
    gone = manifest.keys() - digests.keys()
    _remove(place, {file for name in gone for file in manifest[name].files})
    _keep(place, {piece.name: manifest[piece.name] for piece in pieces})
    _save(place / "README.md", markdown(pieces))
    _save(place / "index.html", webpage(pieces))
    yield f"{out / 'index.html'}  {len(pieces)} piece{'s' * (len(pieces) != 1)}"


def _duration(seconds: float) -> str:
    """A time as one says it: 40 s, 3 min."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _forget_missing(place: Path, manifest: dict[str, _Entry], name: str) -> None:
    """Let the manifest keep of a piece that is skipped only the files that are there."""
    last = manifest.pop(name, _Entry())
    files = tuple(file for file in last.files if (place / file).is_file())
    if f"{name}.png" in files:  # which the index shows
        manifest[name] = last if files == last.files else _Entry(files=files)


def render(job: Job, out: Path, pages: bool = False, progress: Bars | None = None) -> Rendered:
    """Make the files of one piece: its name, those that are kept, and what is missing.

    With something missing that is to be installed, nothing is made.
    """
    began = time.perf_counter()
    art, missing = _complete(job)
    if missing:
        return job.sketch.name, [], missing
    kept = []
    for ending in _endings(art):
        path = out / f"{job.sketch.name}{ending}"
        sized = replace(job, options=_options(ending, job.sketch))
        made = write(sized, art, path, progress)
        whole = job.here / path
        if ending == ".png":
            _pack(whole)
        if ending in (".svg", ".pdf") and whole.stat().st_size > _HEAVY:
            whole.unlink()
        else:
            kept.append(made)
    page, why = _page(job, art, out) if pages else ([], "")
    took(job.sketch.file, job.sketch.name, time.perf_counter() - began)
    return job.sketch.name, kept + page, why


def _options(ending: str, sketch: Sketch) -> RenderOptions:
    """How large a file is made; a GIF has no more frames a second than the sketch asks for."""
    if ending == ".gif":
        return {"px": 360, "fps": min(12.5, sketch.options.fps)}
    return _SMALL.get(ending, {})


def _page(job: Job, art: Art, out: Path) -> tuple[list[Made], str]:
    """The page of a piece, or why there is none."""
    path = out / f"{job.sketch.name}{PAGE}"
    if job.sketch.name == "index":
        return [], "the gallery's own page has that name"
    if isinstance(art, Scene) and any(isinstance(mark.shape, Many) for mark in art.marks):
        return [], "its marks are computed block by block"
    try:
        made = write(job, art, path)
    except ArtError as error:
        return [], str(error)
    whole = job.here / path
    if (size := whole.stat().st_size) > _HEAVY_PAGE:
        whole.unlink()
        return [], f"it has {size / 1e6:.0f} MB"
    return [made], ""


def _pack(picture: Path) -> None:
    """Keep a PNG in as few bytes as it can have, with a palette where that is not to be seen."""
    from gradart.rendering.formats.png import compact

    data = picture.read_bytes()
    if (packed := compact(data)) != data:
        with replacing(picture) as temporary:
            temporary.write_bytes(packed)


def _complete(job: Job) -> tuple[Art, str]:
    """What a sketch draws, and what it says is not installed."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ImportWarning)
        art = compute(job)
    missing = []
    for one in caught:
        if one.category is ImportWarning and Path(one.filename) == job.sketch.file:
            missing.append(str(one.message))
        elif one.category is not ImportWarning:  # which nobody else wants to hear
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    return art, "; ".join(missing)


def _endings(art: Art) -> tuple[str, ...]:
    if not isinstance(art, Scene):
        return FILM
    # What adds up as ink or light are strokes by the million: no vector file is light enough.
    return STILL[:1] if any(mark.style.blend != OVER for mark in art.marks) else STILL


def _find(folder: Path, here: Path) -> tuple[list[tuple[Chapter, Sketch, str]], list[Failed]]:
    """Each sketch of a folder, with its chapter and what `gradart run` calls it; what failed."""
    found, broken = [], []
    for chapter in chapters(folder):
        for file in chapter.files:
            try:
                loaded = load(path_from(here, file))
            except Exception as error:
                fault = RenderFault(str(error)) if isinstance(error, ArtError) else error
                fault.__cause__ = error
                broken.append(Failed(str(file), fault))
                continue
            for sketch in loaded.sketches:
                address = f"{file}:{sketch.name}" if len(loaded.sketches) > 1 else str(file)
                found.append((chapter, sketch, address))
    for name, times in Counter(sketch.name for _, sketch, _ in found).items():
        if times > 1:
            raise ArtError(f"{times} sketches in {folder} are called {name}; rename one")
    return found, broken


def _digest(job: Job) -> str:
    """What a piece depends on: its source, the files it reads, gradart, and the libraries."""
    return text_hash(as_json({**job.provenance, "code": code()}))


def _read(out: Path) -> dict[str, _Entry]:
    """What an earlier run wrote; nothing, if that cannot be read."""
    try:
        with opened(out / _MANIFEST) as file:
            manifest = json.load(file)
        return {
            name: _Entry(
                str(entry["digest"]),
                tuple(map(str, entry["files"])),
                entry.get("page") is True,
            )
            for name, entry in manifest.items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def _keep(out: Path, manifest: dict[str, _Entry]) -> None:
    whole = {name: asdict(entry) for name, entry in manifest.items()}
    entries = {n: {k: v for k, v in e.items() if v is not False} for n, e in whole.items()}
    _save(out / _MANIFEST, json.dumps(entries, indent=1) + "\n")


def _remove(out: Path, names: Iterable[str]) -> None:
    """Remove files that an earlier run wrote; a manifest is no licence to leave the folder."""
    for name in names:
        if name == Path(name).name and Path(name).suffix in _ENDINGS:
            (out / name).unlink(missing_ok=True)


def _save(path: Path, text: str) -> None:
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
