"""The command line: `gradart run`, `watch`, `list`, `gallery`, `new`, `info` and `rerun`.

Nothing heavy is imported before it is needed, so that help is there at once.
"""

import argparse
import re
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradart.command import options
from gradart.command.output import heard, open_all
from gradart.errors import ArtError
from gradart.jobs.process_setup import prepare
from gradart.sketching.error_reporting import complain, guarded
from gradart.start_folder import FOLDER
from gradart.terminal import plain

if TYPE_CHECKING:
    from gradart.jobs.job import Bars
    from gradart.rendering.render import Progress
    from gradart.sketching.sketch import Sketch


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 2 for wrong input, 1 for a fault, or 130."""
    if argv is None:
        open_all()
    words = list(sys.argv[1:] if argv is None else argv)

    def work() -> int:
        here = Path.cwd()  # before any code of a sketch runs
        with _picture_alone(words):
            return _command(words, here)

    return _ended(guarded(lambda: heard(work), debug="--debug" in words), argv)


def run_sketch(sketch: "Sketch", argv: Sequence[str] | None = None) -> int:
    """`gradart run` for a sketch that is at hand."""
    if argv is None:
        open_all()
    words = list(sys.argv[1:] if argv is None else argv)
    parser = options.Parser(prog=plain(sketch.file.name), description=plain(sketch.title))

    def work() -> int:
        from gradart.sketching.loading import alone

        prepare()
        options.add(parser, [sketch])
        with _picture_alone(["run", *words]):
            args = options.parse(parser, words, [sketch])
            return _run([alone(sketch)], args, FOLDER)

    return _ended(guarded(lambda: heard(work), debug="--debug" in words), argv)


def _picture_alone(words: Sequence[str]) -> AbstractContextManager[None]:
    """Where a picture goes to standard output, nothing else does."""
    from gradart.rendering.files.streams import is_stdout, stdout_kept

    makes = words[:1] in (["run"], ["rerun"])
    return stdout_kept() if makes and any(map(is_stdout, options.outputs(words))) else nullcontext()


def _ended(status: int, argv: Sequence[str] | None) -> int:
    """The status; a program that Ctrl-C has ended leaves with it here and now."""
    if status == 130 and argv is None:
        from gradart.command.interrupt import leave

        leave(status)
    return status


def _command(words: list[str], here: Path) -> int:
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
    listing.add_argument(
        "sketches", nargs="*", metavar="SKETCH", help="default: those of the folder sketches"
    )
    gallery = commands.add_parser("gallery", help="render a folder of sketches, with an index")
    gallery.add_argument("folder", nargs="?", type=Path, default=Path("sketches"))
    gallery.add_argument(
        "-o", "--out", type=options.place, default=Path("gallery"), help="default: gallery"
    )
    gallery.add_argument("--force", action="store_true", help="also what is up to date")
    options.add_workers(gallery)
    info = commands.add_parser("info", help="show what a file says of its making")
    info.add_argument("files", type=Path, nargs="+", metavar="FILE")
    rerun = commands.add_parser("rerun", help="make a file again, and compare the two")
    rerun.add_argument("files", type=Path, nargs="+", metavar="FILE")
    rerun.add_argument(
        "-o",
        "--out",
        type=options.place,
        help="keep the new one as this file, or - for standard output",
    )
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
    failed = False
    if words[:1] == ["run"]:
        named, rest = options.split(words[1:])
        sketches, failed = _find(named, here)
        again, rest_again = options.split(words[1:], sketches)
        if sketches and len(again) > len(named):  # what follows a switch of a sketch is one, too
            more = _find([word for word in again if word not in named], here)
            sketches, failed, rest = sketches + more[0], failed or more[1], rest_again
        words = ["run", *rest]
        options.add(run, sketches)
    elif words and words[0] not in commands.choices:
        _suggest(words, list(commands.choices))
    args = options.parse(parser, words, sketches)
    match args.command:
        case "run" if args.sketches:
            raise ArtError(f"{args.sketches[0]} is neither a sketch nor the value of an option")
        case "run" if not sketches:
            raise ArtError("name a sketch: gradart run sketches/waves.py")
        case "run":
            return max(_run(sketches, args, here), int(failed))
        case "list":
            from gradart.command.listing import table

            if not args.sketches:
                _need_folder(Path("sketches"), "list")
            sketches, failed = _find(args.sketches or ["sketches"], here, every=True)
            print(table(sketches, here))
            return int(failed)
        case "gallery":
            _need_folder(args.folder, "gallery")
            prepare()
            from gradart.command.gallery import update
            from gradart.jobs.executors import chosen

            bars, spec = _progress(), chosen(args.jobs, args.executor)
            how: dict[str, Any] = {"spec": spec, "progress": bars, "here": here}
            return _show(update(args.folder, args.out, force=args.force, **how), bars, args.debug)
        case "info":
            from gradart.command.info import told

            return _show(told(args.files), debug=args.debug)
        case "rerun":
            prepare()
            from gradart.command.rerun import rerun as made_again

            if args.out is not None and len(args.files) > 1:
                raise ArtError("-o names one file; make the others again one at a time")
            return _show(made_again(args.files, args.out, args.sketch, here), debug=args.debug)
        case "watch":
            from gradart.studio.server.launch import watch as serve

            serve(
                args.sketch,
                host=args.host,
                port=args.port,
                insecure=args.insecure_host,
                browser=not args.no_browser,
            )
        case "new":
            from gradart.command.new import write

            path = write(Path(args.name))
            print(plain(f"{path}  written; render it with: gradart run {path}"))
    return 0


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"gradart {version('gradart')}")
        parser.exit()


def _suggest(words: Sequence[str], commands: Sequence[str]) -> None:
    """Raise what to write where the first word is no command."""
    paths = [word for word in words if re.search(r"\.py(:\w+)?$", word)]
    first = words[0]
    if not paths and not first.startswith("-") and Path(f"{first}.py").is_file():
        paths = [f"{first}.py"]
    if paths or Path(first).is_dir():
        raise ArtError(f"say what to do with it: gradart run {paths[0] if paths else first}")
    if Path(first).is_file():
        raise ArtError(f"say what to do with it: gradart info {first}")
    if not first.startswith("-"):
        near = get_close_matches(first, commands, n=1)
        hint = f"did you mean gradart {near[0]}? " if near else ""
        raise ArtError(f"no command {first}; {hint}there are {', '.join(commands)}")


def _need_folder(folder: Path, command: str) -> None:
    if not folder.is_dir():
        example = "waves.py, or a folder" if command == "list" else "FOLDER"
        raise ArtError(f"there is no folder {folder} here; name one: gradart {command} {example}")


def _find(named: Sequence[str], here: Path, every: bool = False) -> "tuple[list[Sketch], bool]":
    """The sketches of these names, and whether there are others that cannot be loaded.

    These are told; if there is none that can be loaded, the last one is raised. With `every`, a
    file means all that it has.
    """
    if not named:
        return [], False
    prepare()
    from gradart.jobs.job import seen_from
    from gradart.sketching.loading import find, sketch_files

    looks: list[Callable[[], Iterable[Any]]] = []
    for word in named:
        if Path(word).is_dir():
            looks += [partial(_all_of, here / file) for file in sketch_files(Path(word))]
        elif every and Path(word).is_file():
            looks.append(partial(_all_of, here / word))
        else:  # where it is, is asked when those before it have been loaded
            looks.append(lambda word=word: find(str(seen_from(here, Path(word)))))  # type: ignore[misc]
    found: list[Sketch] = []
    errors: list[Exception] = []
    for look in looks:
        try:
            found += look()
        except Exception as error:
            errors.append(error)
    if errors and not found:
        raise errors.pop()
    for broken in errors:
        complain(broken)
    return found, bool(errors)


def _all_of(file: Path) -> "Iterable[Sketch]":
    from gradart.sketching.loading import load

    return load(file).sketches


def _run(sketches: "list[Sketch]", args: argparse.Namespace, here: Path) -> int:
    from gradart.jobs.batch import run
    from gradart.jobs.executors import chosen

    jobs = options.jobs(sketches, args, here)
    bars, spec = _progress(), chosen(args.jobs, args.executor)
    how: dict[str, Any] = {"spec": spec, "progress": bars}
    outs = list({here / out: out for out in args.out}.values())
    return _show(run(jobs, *outs, resume=args.resume, **how), bars, args.debug)


def _show(results: Generator[Any], bars: "Bars | None" = None, debug: bool = False) -> int:
    """Print what comes, each failure once, and return the worst exit status.

    Of a picture on standard output nothing is printed, which would become part of it.
    """
    from gradart.command.interrupt import ending_soon
    from gradart.jobs.dispatch import Failed
    from gradart.rendering.files.streams import is_stdout

    if bars is None:
        write = print
    else:
        from tqdm import tqdm

        write = tqdm.write  # not into a bar
    status, failures = 0, set()
    with ending_soon(), closing(results):  # which ends the workers, if there are any
        for result in results:
            if isinstance(result, Failed):
                sys.stdout.flush()  # which ends the work if nobody reads on: what failed is a print
                if isinstance(result.error, BrokenPipeError):
                    raise result.error
            if not isinstance(result, Failed):
                if not is_stdout(getattr(result, "path", Path())):
                    write("\n".join(map(plain, str(result).split("\n"))))
                sys.stdout.flush()
            elif (failure := str(result.error)) not in failures:
                failures.add(failure)
                status = max(status, complain(result.error, debug))
    return status


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
