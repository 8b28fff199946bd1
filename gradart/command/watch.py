"""`gradart watch`: open a live page with a control for each parameter."""

import argparse
from pathlib import Path

from gradart.command.options import add_debug


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sketch, and where its live page is served."""
    parser.add_argument("sketch", metavar="SKETCH", help="FILE.py, FILE.py:NAME or a folder")
    parser.add_argument("--port", type=int, metavar="N", help="default: 8137, or any that is free")
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    parser.add_argument(
        "--insecure-host", action="store_true", help="allow a host that other machines can reach"
    )
    parser.add_argument("--no-browser", action="store_true", help="open no browser")
    add_debug(parser)


def main(args: argparse.Namespace, here: Path) -> int:
    """Serve the live page until Ctrl-C."""
    from gradart.studio.server.launch import watch

    watch(
        args.sketch,
        host=args.host,
        port=args.port,
        insecure=args.insecure_host,
        browser=not args.no_browser,
    )
    return 0
