"""Files that the worker writes: exports, liked pictures, presets."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypedDict, TypeGuard

from gradart.errors import ArtError
from gradart.files.temporary import scratch
from gradart.jobs.job import Job, compute, write
from gradart.jobs.versions import whereabouts
from gradart.rendering.formats import provenance
from gradart.rendering.formats.registry import FORMATS
from gradart.rendering.options import RenderOptions
from gradart.sketching import presets
from gradart.sketching.value_texts import as_plain
from gradart.studio import protocol
from gradart.studio.protocol import ToSend, Values, pack
from gradart.studio.worker.sketch_runner import Say, SketchRunner

_THUMB = 240  # px
_LISTED = 60  # liked pictures, the last ones
_UNREADABLE = OSError, ValueError, SyntaxError, Warning  # what Pillow raises at a broken file


def export(
    runner: SketchRunner,
    say: Say,
    values: Values,
    seed: int,
    ending: str,
    options: RenderOptions,
    frame: int | None,
) -> ToSend:
    """The file that `gradart run` would write with these options of `render`, byte for byte."""
    if frame is not None and FORMATS[ending].kind == "still":
        options = {**options, "at": runner.playhead(frame)}
    job = _explained(runner.job(values, seed, **options))
    with scratch() as folder:
        path = folder / (job.name + ending)
        write(job, compute(job), path, lambda name, unit: partial(_say_progress, say))
        return {"name": path.name}, path.read_bytes()


def _say_progress(say: Say, done: int, total: int) -> None:
    say({"frame": done, "frames": total})


def like(runner: SketchRunner, say: Say, values: Values, seed: int, frame: int | None) -> ToSend:
    """Keep a picture in the folder `liked` beside the sketch; what made it is in the file."""
    options: RenderOptions = {} if frame is None else {"at": runner.playhead(frame)}
    job = _explained(runner.job(values, seed, **options))
    folder = job.sketch.file.parent / "liked"
    folder.mkdir(exist_ok=True)
    stem = job.name + (f"_frame{frame}" if frame is not None else "")
    path = next(path for path in _names(folder, stem) if _free(path, job))
    write(job, compute(job), path)
    facts = _facts(path)
    assert _is_whole(facts)  # it was written here
    return _listed(path, facts)


def liked(runner: SketchRunner, say: Say) -> ToSend:
    """The liked pictures of the loaded sketch, the last one first."""
    job = runner.job({}, 0)
    files = filter(Path.is_file, (job.sketch.file.parent / "liked").glob("*.png"))
    mine = []
    for path in sorted(files, key=lambda file: file.stat().st_mtime_ns, reverse=True):
        facts = _facts(path)
        if facts.get("sketch") == job.sketch.name and _is_whole(facts):
            mine.append((path, facts))
    for path, facts in mine[:_LISTED]:
        try:
            listed = _listed(path, facts)
        except _UNREADABLE:
            continue  # no picture, or a broken one
        say(*listed)
    return {}, b""


class _Options(TypedDict):
    at: float


class _Facts(TypedDict):
    """What a file of ours says of its making, as far as it is shown."""

    sketch: str
    parameters: Values
    seed: int
    options: _Options


def _facts(path: Path) -> Mapping[str, object]:
    """What a file says of its making; nothing, where it cannot be read."""
    try:
        return provenance.read(path) or {}
    except ArtError:
        return {}


def _is_whole(facts: Mapping[str, object]) -> TypeGuard[_Facts]:
    """Whether a file says all that the browser shows of it; another program may have written it."""
    parameters, options = facts.get("parameters"), facts.get("options")
    if not isinstance(parameters, dict) or not isinstance(options, dict):
        return False
    try:
        pack({**facts, **parameters, "seed": facts["seed"], "at": options["at"]})
    except (KeyError, TypeError, ValueError):  # ValueError for NaN, which JSON has not
        return False
    return True


def all_presets(runner: SketchRunner, say: Say) -> ToSend:
    """The presets of the loaded sketch."""
    found = presets.presets(runner.sketch)
    plain: dict[str, protocol.Preset] = {
        name: {"values": {n: as_plain(v) for n, v in preset.values.items()}, "seed": preset.seed}
        for name, preset in found.items()
    }
    head: protocol.Presets = {"presets": plain}
    return head, b""


def save_preset(runner: SketchRunner, say: Say, name: str, values: Values, seed: int) -> ToSend:
    """Keep what is set as a preset; all of them."""
    presets.keep(runner.sketch, name, values, seed)
    return all_presets(runner, say)


def delete_preset(runner: SketchRunner, say: Say, name: str) -> ToSend:
    """Forget a preset; all that are left."""
    presets.drop(runner.sketch, name)
    return all_presets(runner, say)


def _explained(job: Job) -> Job:
    """The job as `gradart run` has it: its file says what else explains it."""
    return replace(job, where=whereabouts(job.sketch.file, job.here))


def _names(folder: Path, stem: str) -> Iterator[Path]:
    yield folder / f"{stem}.png"
    number = 2
    while True:
        yield folder / f"{stem}_{number}.png"
        number += 1


def _free(path: Path, job: Job) -> bool:
    """Whether no other picture has this name: two values may be written the same way."""
    if not path.exists():
        return True
    facts = _facts(path)
    mine = json.loads(provenance.as_json(job.provenance))
    return all(facts.get(key) == mine[key] for key in ("parameters", "seed", "options"))


def _listed(path: Path, facts: _Facts) -> ToSend:
    from PIL import Image

    data = io.BytesIO()
    with Image.open(path) as picture:
        small = picture.convert("RGB")
    small.thumbnail((_THUMB, _THUMB))
    small.save(data, "JPEG", quality=88)
    head: protocol.Liked = {
        "name": path.name,
        "values": facts["parameters"],
        "seed": facts["seed"],
        "at": facts["options"]["at"],
    }
    return head, data.getvalue()
