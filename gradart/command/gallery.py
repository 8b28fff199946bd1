"""A folder of sketches as a folder of pictures and films, with an index to read."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from gradart.command.batch import Job, Made, Progress, compute, write
from gradart.command.catalog import Piece, markdown, webpage
from gradart.drawing.scene import Scene
from gradart.errors import PACKAGE, ArtError
from gradart.rendering.atomic import replacing
from gradart.sketching.loading import chapters, load
from gradart.sketching.sketch import Sketch

STILL = ".png", ".svg", ".pdf"
FILM = ".png", ".gif", ".mp4"
_MANIFEST = "manifest.json"
_PX = 720  # of stills: a gallery is looked through, and kept in a repository
_HEAVY = 250_000  # bytes, above which an SVG or a PDF is left to `gradart run`
_LIBRARIES = (
    "jax",
    "jaxlib",
    "numpy",
    "scipy",
    "optax",
    "matplotlib",
    "cairocffi",
    "pillow",
    "imageio-ffmpeg",
)


@dataclass(frozen=True)
class _Entry:
    """What the manifest keeps of a piece: what it was made from, and the files it became."""

    digest: str = ""
    files: tuple[str, ...] = ()


def update(
    folder: Path,
    out: Path,
    *,
    force: bool = False,
    progress: Callable[[str], Progress] | None = None,
) -> Iterator[str]:
    """Render the sketches of `folder` into `out`, and write README.md and index.html there.

    A still becomes a PNG, an SVG and a PDF, if these are not heavy; a film a PNG, a GIF and an MP4.
    What depends on nothing that has changed is left as it is, unless `force`. Yields a line for
    each piece and file.
    """
    found = _find(folder)
    out.mkdir(exist_ok=True)
    manifest = _read(out)
    pieces = []
    for heading, sketch, address, digest in found:
        last = manifest.get(sketch.name, _Entry())
        whole = all((out / name).is_file() for name in last.files)
        if force or last.digest != digest or not whole:
            files = []
            for made in _render(sketch, out, progress):
                yield str(made)
                files.append(made.path.name)
            _remove(out, set(last.files) - set(files))
            manifest[sketch.name] = last = _Entry(digest, tuple(files))
            _keep(out, manifest)
        else:
            yield f"{out / sketch.name}  up to date"
        pieces.append(Piece(sketch, address, last.files, heading))

    gone = manifest.keys() - {piece.name for piece in pieces}
    _remove(out, {file for name in gone for file in manifest[name].files})
    _keep(out, {piece.name: manifest[piece.name] for piece in pieces})
    _save(out / "README.md", markdown(pieces))
    _save(out / "index.html", webpage(pieces))
    yield f"{out / 'index.html'}  {len(pieces)} piece{'s' * (len(pieces) != 1)}"


def _render(
    sketch: Sketch, out: Path, progress: Callable[[str], Progress] | None
) -> Iterator[Made]:
    job = Job(sketch, seed=sketch.seed)
    small = Job(sketch, seed=sketch.seed, options={"px": _PX})
    art = compute(job)
    for ending in STILL if isinstance(art, Scene) else FILM:
        path = out / f"{sketch.name}{ending}"
        made = write(
            small if ending == ".png" else job, art, path, progress(path.name) if progress else None
        )
        if ending in (".svg", ".pdf") and path.stat().st_size > _HEAVY:
            path.unlink()
        else:
            yield made


def _find(folder: Path) -> list[tuple[str, Sketch, str, str]]:
    """Each sketch of a folder: its chapter, itself, what `gradart run` calls it, its digest."""
    if not folder.is_dir():
        raise ArtError(f"no such folder: {folder}")
    found = []
    for heading, files in chapters(folder):
        for file in files:
            loaded = load(file)
            for sketch in loaded.sketches:
                address = f"{file}:{sketch.name}" if len(loaded.sketches) > 1 else str(file)
                found.append((heading, sketch, address, _digest(sketch, loaded.imports)))
    for name, times in Counter(sketch.name for _, sketch, _, _ in found).items():
        if times > 1:
            raise ArtError(f"{times} sketches in {folder} are called {name}; rename one")
    return found


def _digest(sketch: Sketch, imports: Iterable[Path]) -> str:
    """What a piece depends on: its source, the files it reads, gradart, and the libraries."""
    files = [*imports, *(p.default for p in sketch.parameters if isinstance(p.default, Path))]
    parts = [sketch.source.encode(), *(file.read_bytes() for file in sorted(files)), _engine()]
    return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()


@cache
def _engine() -> bytes:
    home = Path(PACKAGE)
    files = sorted(home.rglob("*.py"))  # not the index's templates, which no picture shows
    versions = " ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return b"".join([*(file.read_bytes() for file in files), versions.encode()])


def _read(out: Path) -> dict[str, _Entry]:
    """What an earlier run wrote; nothing, if that cannot be read."""
    try:
        manifest = json.loads((out / _MANIFEST).read_text(encoding="utf-8"))
        return {
            name: _Entry(str(entry["digest"]), tuple(map(str, entry["files"])))
            for name, entry in manifest.items()
        }
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _keep(out: Path, manifest: dict[str, _Entry]) -> None:
    entries = {name: asdict(entry) for name, entry in manifest.items()}
    _save(out / _MANIFEST, json.dumps(entries, indent=1) + "\n")


def _remove(out: Path, names: Iterable[str]) -> None:
    """Remove files that an earlier run wrote; a manifest is no licence to leave the folder."""
    for name in names:
        if name == Path(name).name and Path(name).suffix in STILL + FILM:
            (out / name).unlink(missing_ok=True)


def _save(path: Path, text: str) -> None:
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
