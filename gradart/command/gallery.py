"""`gradart gallery`: render a folder of sketches, or the examples, with an index."""

import argparse
from pathlib import Path

from gradart.command.examples import copy_all
from gradart.command.named_sketches import need_folder
from gradart.command.options import add_debug, add_workers, place
from gradart.command.results import show
from gradart.jobs.call_dispatch import chosen, processes
from gradart.jobs.process_pool import warm
from gradart.jobs.process_setup import prepare
from gradart.terminal import terminal_bars

_SKETCHES = Path("sketches")  # the folder of sketches where none is named


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the two folders, and who does the work."""
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help="of sketches (default: sketches; where it is missing, the examples are copied there)",
    )
    parser.add_argument("-o", "--out", type=place, default=Path("gallery"), help="default: gallery")
    parser.add_argument("--force", action="store_true", help="also what is up to date")
    parser.add_argument(
        "--html", action="store_true", help="also write each piece as a page that computes it"
    )
    add_workers(parser)
    add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """Bring the gallery up to date, and print what is made; return the exit status."""
    folder = args.folder or _SKETCHES
    if args.folder is None and not folder.exists():
        print(f"{folder}  {copy_all(folder)} examples copied, to be drawn and changed", flush=True)
    need_folder(folder, "gallery", "FOLDER")
    warm(processes(args.jobs, args.executor))
    prepare()
    from gradart.command.gallery_pictures import update

    bars, spec = terminal_bars(), chosen(args.jobs, args.executor)
    how = {"force": args.force, "pages": args.html, "spec": spec, "progress": bars}
    made = update(folder, args.out, here=here, **how)
    return show(made, bars, args.debug)
