"""The command line: which commands there are, and what all of them share.

Each command is a file of this folder, imported when it is called, so that help is there at once.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from gradart.command import options
from gradart.errors import ArtError
from gradart.files.reading import reading
from gradart.sketching.error_reporting import guarded

COMMANDS = {  # its name, which is also that of its file, and what it does
    "run": "render sketches to files",
    "list": "show sketches and their parameters",
    "gallery": "render a folder of sketches, with an index",
    "info": "show what a file says of its making",
    "rerun": "make a file again, and compare the two",
    "new": "write a sketch to start from",
    "examples": "list, copy and draw the sketches that come with gradart",
    "sensitivity": "show how far each parameter moves the picture",
    "watch": "open a live page with a control for each parameter",
    "doctor": "say what is missing on this machine, and how to get it",
    "completion": "complete commands, files and parameters in your shell",
}

_WELCOME = """\
gradart makes pictures and films of functions of JAX, with exact derivatives. Begin with:
  gradart new waves        a sketch to start from, waves.py
  gradart run waves.py     its picture, waves.png; gradart watch waves.py: a page with its controls
  gradart examples         finished pieces, to be copied and changed
`gradart --help` lists all commands; `gradart doctor` looks whether something is missing."""
_UNREAD = 141  # the exit status of a program whose reader has left: 128 and SIGPIPE


class Command(Protocol):
    """What the file of a command holds."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments and options to its parser."""

    def main(self, args: argparse.Namespace, here: Path) -> int:
        """Do it, with relative paths counted from the folder `here`; return the exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 2 for wrong input, 1 for a fault, or 130."""
    # Path.cwd() is taken before any code of a sketch runs.
    return as_program(argv, lambda words: _command(words, Path.cwd()))


def as_program(
    argv: Sequence[str] | None, work: Callable[[list[str]], int], command: str | None = None
) -> int:
    """Do `work` with the words of the command line, and return the exit status.

    Errors and notes are printed, a line each. `argv` None stands for the words that the program was
    started with, which Ctrl-C then ends here. The first word is a command, or else they are all
    words of `command`.
    """
    if argv is None:
        _open_standard_streams()
    words = list(sys.argv[1:] if argv is None else argv)

    def printing() -> int:
        with _stdout_for_picture(words if command is None else [command, *words]), reading():
            options.places(words)
            return work(words)

    status = guarded(lambda: _flushed(printing), debug="--debug" in words)
    if status == 130 and argv is None:
        from gradart.command.results import leave

        leave(status)
    return status


def _open_standard_streams() -> None:
    """Open standard input, output and error where they are closed.

    The next file that is opened, a picture perhaps, would else become standard output.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # the lowest number that is free
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def _flushed(work: Callable[[], int]) -> int:
    """Do a work that prints, and flush what it printed; return its exit status.

    As with any tool before `| head`, the work ends, without a word, when nobody reads on: 141.
    """
    try:
        try:
            return work()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _give_up()
        return _UNREAD
    except OSError:  # a full disk, if it is about standard output
        try:
            sys.stdout.flush()
        except OSError:
            _give_up()
        raise


def _give_up() -> None:
    """Let what is still to be printed go nowhere: Python would complain of it at its end."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)


def _stdout_for_picture(words: Sequence[str]) -> AbstractContextManager[None]:
    """Where a picture goes to standard output, nothing else does."""
    from gradart.rendering.files.streams import is_stdout, stdout_kept

    makes = words[:1] in (["run"], ["rerun"])
    return stdout_kept() if makes and any(map(is_stdout, options.outputs(words))) else nullcontext()


def _command(words: list[str], here: Path) -> int:
    """Parse the words and do what they ask for; only the command that is called is imported."""
    completing = "_ARGCOMPLETE" in os.environ  # a shell asks what could stand at the cursor
    if completing:
        from gradart.command import completion

        words = completion.words()[1:]
    elif not words:
        print(_WELCOME)
        return 0
    parser = options.Parser(prog="gradart", description="Generative art with exact derivatives.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    parsers = {name: commands.add_parser(name, help=does) for name, does in COMMANDS.items()}
    called = next((word for word in words if word in COMMANDS), None)
    if called is not None:
        _imported(called).add_arguments(parsers[called])
    if completing:
        completion.complete(parser, parsers, called)
    if words[:1] == ["run"]:  # its options are also the parameters of the sketches that it names
        from gradart.command import run

        if run.up_to_date(words[1:], here):
            return 0
        return run.main(run.parsed(parser, parsers["run"], words[1:], here), here)
    if words and words[0] not in COMMANDS:
        _suggest(words)
    args = options.parse(parser, words, [])
    return _imported(args.command).main(args, here)


def _imported(name: str) -> Command:
    return cast(Command, import_module(f"gradart.command.{name}"))  # as each module there is


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"gradart {version('gradart')}")
        parser.exit()


def _suggest(words: Sequence[str]) -> None:
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
        near = get_close_matches(first, COMMANDS, n=1)
        hint = f"did you mean gradart {near[0]}? " if near else ""
        raise ArtError(f"no command {first}; {hint}there are {', '.join(COMMANDS)}")
