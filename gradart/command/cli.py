"""The command line: `gradart run`, `watch`, `list`, `gallery` and `new`.

Nothing heavy is imported before it is needed, so that help is there at once.
"""

import argparse
import os
import platform
import re
import sys
from collections.abc import Callable, Sequence
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradart.command import options
from gradart.errors import ArtError
from gradart.sketching.running import guarded

if TYPE_CHECKING:
    from gradart.command.batch import Progress
    from gradart.sketching.sketch import Sketch


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 2 for wrong input, 1 for a fault, or 130."""
    words = list(sys.argv[1:] if argv is None else argv)
    return guarded(lambda: _command(words), debug="--debug" in words)


def run_sketch(sketch: "Sketch", argv: Sequence[str] | None = None) -> int:
    """`gradart run` for a sketch that is at hand."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = options.Parser(prog=sketch.file.name, description=sketch.title)

    def work() -> None:
        cache_compilations()
        options.add(parser, [sketch])
        _run([sketch], options.parse(parser, words, [sketch]))

    return guarded(work, debug="--debug" in words)


def _command(words: list[str]) -> None:
    parser = options.Parser(prog="gradart", description="Generative art with exact derivatives.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="render sketches to files")
    run.add_argument(
        "sketches",
        nargs="*",
        metavar="SKETCH",
        help="FILE.py, FILE.py:NAME or a folder; with --help, its parameters are shown",
    )
    listing = commands.add_parser("list", help="show sketches and their parameters")
    listing.add_argument("sketches", nargs="*", metavar="SKETCH", default=["sketches"])
    gallery = commands.add_parser("gallery", help="render a folder of sketches, with an index")
    gallery.add_argument("folder", nargs="?", type=Path, default=Path("sketches"))
    gallery.add_argument("-o", "--out", type=Path, default=Path("gallery"), help="default: gallery")
    gallery.add_argument("--force", action="store_true", help="also what is up to date")
    new = commands.add_parser("new", help="write a sketch to start from")
    new.add_argument("name", metavar="NAME", help="waves, or folder/waves")
    watch = commands.add_parser("watch", help="open a live page with a control for each parameter")
    watch.add_argument("sketch", metavar="SKETCH", help="FILE.py, FILE.py:NAME or a folder")
    watch.add_argument("--port", type=int, metavar="N", help="default: 8137, or any that is free")
    watch.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    watch.add_argument(
        "--insecure-host", action="store_true", help="allow a host that other machines can reach"
    )
    watch.add_argument("--no-browser", action="store_true", help="open no browser")
    for command in (listing, gallery, new, watch):
        options.add_debug(command)

    sketches: list[Sketch] = []
    if words[:1] == ["run"]:
        named, rest = options.split(words[1:])
        words = ["run", *rest]
        sketches = _find(named)
        options.add(run, sketches)
    args = options.parse(parser, words, sketches)
    match args.command:
        case "run" if args.sketches:
            raise ArtError(f"{args.sketches[0]} is neither a sketch nor the value of an option")
        case "run" if not sketches:
            raise ArtError("name a sketch: gradart run sketches/waves.py")
        case "run":
            _run(sketches, args)
        case "list":
            from gradart.command.listing import table

            print(table(_find(args.sketches)))
        case "gallery":
            from gradart.command.gallery import update

            cache_compilations()
            for line in update(args.folder, args.out, force=args.force, progress=_progress()):
                print(line, flush=True)
        case "watch":
            from gradart.studio.launch import watch as serve

            serve(
                args.sketch,
                host=args.host,
                port=args.port,
                insecure=args.insecure_host,
                browser=not args.no_browser,
            )
        case "new":
            path = _new(Path(args.name))
            print(f"{path}  written; render it with: gradart run {path}")


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"gradart {version('gradart')}")
        parser.exit()


def _find(named: Sequence[str]) -> "list[Sketch]":
    if not named:
        return []
    cache_compilations()
    from gradart.sketching.loading import find

    return [sketch for word in named for sketch in find(word)]


def _run(sketches: "list[Sketch]", args: argparse.Namespace) -> None:
    from gradart.command.batch import run

    for made in run(options.jobs(sketches, args), args.out, _progress()):
        print(made, flush=True)


def _new(path: Path) -> Path:
    """Write the first sketch, as NAME.py."""
    name = path.name.removesuffix(".py")
    if not name.isidentifier() or iskeyword(name):
        hint = re.sub(r"\W+", "_", name).strip("_").lower()
        example = hint if hint.isidentifier() and not iskeyword(hint) else "waves"
        raise ArtError(f"{name!r} is no name for a sketch; write letters and _: {example}")
    template = Path(__file__).with_name("templates") / "sketch.txt"
    path = path.with_name(f"{name}.py")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template.read_text(encoding="utf-8").replace("NAME", name))
    except FileExistsError:
        raise ArtError(f"{path} is there already; take another name") from None
    return path


def _progress() -> "Callable[[str], Progress] | None":
    """A bar for each file that takes longer than a second, on a terminal only."""
    if not sys.stderr.isatty():
        return None

    def start(name: str) -> "Progress":
        from tqdm import tqdm

        bar = tqdm(desc=name, delay=1, leave=False, unit=" frames")

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)
            if done == total:
                bar.close()

        return show

    return start


def cache_compilations() -> None:
    """Keep what JAX compiles from one run to the next.

    In the user's folder for caches, or in that of the environment variable GRADART_CACHE; none if
    that is empty.
    """
    folder = os.environ.get("GRADART_CACHE", _cache_folder())
    if folder:
        import jax

        jax.config.update("jax_compilation_cache_dir", str(Path(folder, platform.node())))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.05)


def _cache_folder() -> str:
    home = Path.home()
    match sys.platform:
        case "win32":
            base = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
        case "darwin":
            base = home / "Library" / "Caches"
        case _:
            base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return str(base / "gradart")
