"""`gradart list`: show sketches and their parameters."""

import argparse
from pathlib import Path

from gradart.command.named_sketches import find, need_folder
from gradart.command.options import add_debug


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sketches."""
    parser.add_argument(
        "sketches", nargs="*", metavar="SKETCH", help="default: those of the folder sketches"
    )
    add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """Print a table of the sketches; 1 if some of them cannot be loaded."""
    if not args.sketches:
        need_folder(Path("sketches"), "list", "waves.py, or a folder")
    sketches, failed = find(args.sketches or ["sketches"], here, every=True)
    from gradart.command.listing import table

    print(table(sketches, here))
    return int(failed)
