"""`gradart sensitivity`: how far a sketch's picture moves with each of its parameters, in mm."""

import argparse
from pathlib import Path

from gradart.command.named_sketches import find
from gradart.command.options import add_debug, place
from gradart.errors import ArtError
from gradart.terminal import plain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sketch, and where its sheet goes."""
    parser.add_argument("sketch", metavar="SKETCH", help="FILE.py or FILE.py:NAME")
    parser.add_argument(
        "-o",
        "--out",
        type=place,
        metavar="FILE",
        help="the sheet that shows it: .png, .svg or .pdf (default: NAME_sensitivity.png)",
    )
    parser.add_argument("--at", type=float, metavar="U", help="the playhead of a film, from 0 to 1")
    add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """Print the table and what does nothing, and draw the sheet."""
    (sketch, *others), _ = find([args.sketch], here)
    if others:
        names = ", ".join(one.name for one in [sketch, *others])
        raise ArtError(f"{args.sketch} has {names}; name one: gradart sensitivity FILE.py:NAME")
    from gradart.optimizing.sensitivity.sensitivity import sensitivity
    from gradart.optimizing.sensitivity.sheet import sheet
    from gradart.rendering.render import render
    from gradart.sketching.error_reporting import errors_of

    with errors_of(sketch.name, sketch.file):
        found = sensitivity(sketch, at=args.at)
    print(plain(f"{sketch.name}  {sketch.title}"))
    for line in str(found).splitlines():
        print(plain(line))
    if found.nothing:
        them = "these parameters do" if len(found.nothing) > 1 else "this parameter does"
        print(plain(f"{them} nothing, and can be left out: {', '.join(found.nothing)}"))
    if found.movements:
        out = here / (args.out or f"{sketch.name}_sensitivity.png")
        print(plain(str(render(sheet(found), out))))
    return 0
