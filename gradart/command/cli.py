"""The command line: `gradart run`, `watch`, `list`, `gallery`, `new`, `info` and `rerun`.

Nothing heavy is imported before it is needed, so that help is there at once.
"""

import argparse
import re
import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradart.command import options
from gradart.command.setup import prepare
from gradart.errors import ArtError
from gradart.sketching.running import complain, guarded
from gradart.terminal import plain

if TYPE_CHECKING:
    from gradart.command.job import Bars, Progress
    from gradart.sketching.sketch import Sketch


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 2 for wrong input, 1 for a fault, or 130."""
    words = list(sys.argv[1:] if argv is None else argv)
    return _ended(guarded(lambda: _command(words), debug="--debug" in words), argv)


def run_sketch(sketch: "Sketch", argv: Sequence[str] | None = None) -> int:
    """`gradart run` for a sketch that is at hand."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = options.Parser(prog=plain(sketch.file.name), description=plain(sketch.title))

    def work() -> int:
        from gradart.sketching.loading import alone

        prepare()
        options.add(parser, [sketch])
        return _run([alone(sketch)], options.parse(parser, words, [sketch]))

    return _ended(guarded(work, debug="--debug" in words), argv)


def _ended(status: int, argv: Sequence[str] | None) -> int:
    """The status; a program that Ctrl-C has ended leaves with it here and now."""
    if status == 130 and argv is None:
        from gradart.command.interrupt import leave

        leave(status)
    return status


def _command(words: list[str]) -> int:
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
    options.add_workers(gallery)
    info = commands.add_parser("info", help="show what a file says of its making")
    info.add_argument("file", type=Path, metavar="FILE")
    rerun = commands.add_parser("rerun", help="make a file again, and compare the two")
    rerun.add_argument("file", type=Path, metavar="FILE")
    rerun.add_argument("-o", "--out", type=Path, help="keep the new one as this file")
    rerun.add_argument(
        "--sketch", metavar="SKETCH", help="the sketch's file, where it is not found by its name"
    )
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
    for command in (listing, gallery, info, rerun, new, watch):
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
            return _run(sketches, args)
        case "list":
            from gradart.command.listing import table

            print(table(_find(args.sketches)))
        case "gallery":
            prepare()
            from gradart.command.executors import chosen
            from gradart.command.gallery import update

            bars, crew = _progress(), chosen(args.jobs, args.executor)
            how: dict[str, Any] = {"crew": crew, "progress": bars}
            return _show(update(args.folder, args.out, force=args.force, **how), bars, args.debug)
        case "info":
            from gradart.command.info import info as lines

            print("\n".join(lines(args.file)))
        case "rerun":
            prepare()
            from gradart.command import again

            return _show(again.rerun(args.file, args.out, args.sketch))
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
            print(plain(f"{path}  written; render it with: gradart run {path}"))
    return 0


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"gradart {version('gradart')}")
        parser.exit()


def _find(named: Sequence[str]) -> "list[Sketch]":
    if not named:
        return []
    prepare()
    from gradart.sketching.loading import find

    return [sketch for word in named for sketch in find(word)]


def _run(sketches: "list[Sketch]", args: argparse.Namespace) -> int:
    from dataclasses import replace

    from gradart.command.batch import run
    from gradart.command.executors import chosen
    from gradart.command.facts import whereabouts

    where = {file: whereabouts(file) for file in {sketch.file for sketch in sketches}}
    jobs = [replace(job, where=where[job.sketch.file]) for job in options.jobs(sketches, args)]
    bars, crew = _progress(), chosen(args.jobs, args.executor)
    how: dict[str, Any] = {"crew": crew, "progress": bars}
    return _show(run(jobs, args.out, resume=args.resume, **how), bars, args.debug)


def _show(results: Generator[Any], bars: "Bars | None" = None, debug: bool = False) -> int:
    """Print what comes, each failure once, and return the worst exit status."""
    from gradart.command.interrupt import ending_soon
    from gradart.command.spread import Failed

    if bars is None:
        write = print
    else:
        from tqdm import tqdm

        write = tqdm.write  # not into a bar
    status, failures = 0, set()
    with ending_soon(), closing(results):  # which ends the workers, if there are any
        for result in results:
            if not isinstance(result, Failed):
                write(plain(str(result)))
                sys.stdout.flush()
            elif (failure := str(result.error)) not in failures:
                failures.add(failure)
                status = max(status, complain(result.error, debug))
    return status


def _new(path: Path) -> Path:
    """Write the first sketch, as NAME.py."""
    name = path.name.removesuffix(".py")
    if not name.isidentifier() or iskeyword(name):
        hint = re.sub(r"\W+", "_", name).strip("_").lower()
        example = hint if hint.isidentifier() and not iskeyword(hint) else "waves"
        raise ArtError(f"{name!r} is no name for a sketch; write letters and _: {example}")
    if whose := _taken(name):
        raise ArtError(f"{name} is the name of {whose}, which it would hide; take another name")
    template = Path(__file__).with_name("templates") / "sketch.txt"
    path = path.with_name(f"{name}.py")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template.read_text(encoding="utf-8").replace("NAME", name))
    except FileExistsError:
        raise ArtError(f"{path} is there already; take another name") from None
    except FileNotFoundError:
        raise ArtError(f"no such folder: {path.parent}") from None
    return path


def _taken(name: str) -> str:
    """Whose name it is already, so that `import NAME` would mean two things; nobody's mostly."""
    if name in ("ga", "jnp", "Annotated"):
        return "something that every sketch uses"
    if name in sys.stdlib_module_names or name == "__main__":
        return "a module of Python itself"
    spec = find_spec(name)
    installed = spec is not None and spec.origin is not None  # a folder of that name has none
    return "a module that is installed" if installed else ""


def _progress() -> "Bars | None":
    """A bar for each film, and for a batch, that takes longer than a second; on a terminal only."""
    if not sys.stderr.isatty():
        return None

    def start(name: str, unit: str) -> "Progress":
        from tqdm import tqdm

        bar = tqdm(desc=plain(name), delay=1, leave=False, unit=f" {unit}")

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)
            if done == total:
                bar.close()

        return show

    return start
