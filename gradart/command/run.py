"""`gradart run`: render sketches to files."""

import argparse
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from gradart.command import options
from gradart.command.named_sketches import files, find
from gradart.command.results import show
from gradart.errors import ArtError
from gradart.jobs.call_dispatch import Failed, chosen, processes
from gradart.jobs.process_pool import warm
from gradart.jobs.unchanged_files import Kept, note, unchanged
from gradart.jobs.versions import ask_commit
from gradart.terminal import terminal_bars

if TYPE_CHECKING:
    from gradart.jobs.job import Made
    from gradart.sketching.sketch import Sketch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sketches; the options follow when these are loaded, for some are theirs."""
    parser.add_argument(
        "sketches",
        nargs="*",
        metavar="SKETCH",
        help="FILE.py, FILE.py:NAME or a folder; with --help, its parameters are shown",
    )
    parser.set_defaults(found=[], failed=False)


def parsed(
    parser: argparse.ArgumentParser, own: argparse.ArgumentParser, words: list[str], here: Path
) -> argparse.Namespace:
    """Load the sketches that the words name, and parse the rest with their parameters as options.

    `parser` is that of `gradart`, `own` that of `gradart run`. The sketches, and whether others
    could not be loaded, are told as `found` and `failed`.
    """
    named, rest = options.split(words)
    if len(named) > 1 or any(Path(word).is_dir() for word in named) or options.many(rest):
        asked = options.workers(rest)
        warm(processes(asked.jobs, asked.executor))
    else:
        for file in files(named, here):
            ask_commit(file)
    found, failed = find(named, here)
    again, rest_again = options.split(words, found)
    if found and len(again) > len(named):  # what follows a switch of a sketch is one, too
        more = find([word for word in again if word not in named], here)
        found, failed, rest = found + more[0], failed or more[1], rest_again
    options.add(own, found)
    args = options.parse(parser, ["run", *rest], found)
    args.found, args.failed, args.words = found, failed, words
    return args


def up_to_date(words: list[str], here: Path) -> bool:
    """Whether the words ask for what has changed, and nothing has; then the files are printed.

    Nothing heavy is imported for that.
    """
    if not {*options.IF_CHANGED} & {*words}:
        return False
    there = unchanged(_plain(words), here)
    if there is not None:
        show(file for file in there)
    return there is not None


def _plain(words: list[str]) -> list[str]:
    """The words that decide what is made."""
    return [word for word in words if word not in (*options.IF_CHANGED, "--debug")]


def main(args: argparse.Namespace, here: Path) -> int:
    """Render the sketches that `parsed` has loaded; return the exit status."""
    if args.sketches:
        raise ArtError(f"{args.sketches[0]} is neither a sketch nor the value of an option")
    if not args.found:
        raise ArtError("name a sketch: gradart run sketches/waves.py")
    words = None if args.failed else _plain(args.words)
    return max(render(args.found, args, here, words), int(args.failed))


def render(
    sketches: "Sequence[Sketch]",
    args: argparse.Namespace,
    here: Path,
    words: Sequence[str] | None = None,
) -> int:
    """Make each picture that the options ask for, and print its file; return the exit status.

    Where all are made, that is noted as what came of the command's `words`.
    """
    from gradart.jobs.render_batch import run

    jobs = options.jobs(sketches, args, here)
    bars, spec = terminal_bars(), chosen(args.jobs, args.executor)
    outs = list({here / out: out for out in args.out}.values())
    results = run(jobs, *outs, resume=args.resume, spec=spec, progress=bars)

    def noted() -> "Generator[Made | Kept | Failed]":
        made = []
        with closing(results):
            for result in results:
                made.append(None if isinstance(result, Failed) else result.path)
                yield result
        if words is not None and None not in made:
            note(words, here, jobs, [path for path in made if path])

    return show(noted(), bars, args.debug)
