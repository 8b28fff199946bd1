"""`gradart gallery`: render a folder of sketches, with an index."""

import argparse
from pathlib import Path

from gradart.command.named_sketches import need_folder
from gradart.command.options import add_debug, add_workers, place
from gradart.command.results import show
from gradart.jobs.dispatch import chosen
from gradart.jobs.processes import prepare
from gradart.terminal import terminal_bars


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the two folders, and who does the work."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path("sketches"))
    parser.add_argument("-o", "--out", type=place, default=Path("gallery"), help="default: gallery")
    parser.add_argument("--force", action="store_true", help="also what is up to date")
    add_workers(parser)
    add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """Bring the gallery up to date, and print what is made; return the exit status."""
    need_folder(args.folder, "gallery", "FOLDER")
    prepare()
    from gradart.command.gallery_pictures import update

    bars, spec = terminal_bars(), chosen(args.jobs, args.executor)
    made = update(args.folder, args.out, here=here, force=args.force, spec=spec, progress=bars)
    return show(made, bars, args.debug)
