"""`gradart watch`: open a live page with a control for each parameter."""

import argparse
import ipaddress
import os
import secrets
import signal
import socket
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from gradart.command.options import add_debug
from gradart.errors import ArtError, RenderFault
from gradart.terminal import plain

_PORT = 8137  # if it is free


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
    """Serve the live page of a sketch or a folder until Ctrl-C, and say where.

    Raises ArtError for a host that others can reach, unless that is allowed, and for a port in use.
    """
    _check_host(args.host, args.insecure_host)
    try:
        from gradart.studio.server.app import server
        from gradart.studio.server.guard import Access
        from gradart.studio.server.worker_pool import WorkerPool
    except ImportError as exc:
        raise ArtError(
            f"{(exc.name or '').partition('.')[0]} is missing; pip install 'gradart[studio]'"
        ) from exc

    pool = WorkerPool(args.sketch)
    listening = _listen(args.host, args.port)
    name = f"[{args.host}]" if ":" in args.host else args.host
    access = Access(f"{name}:{listening.getsockname()[1]}", secrets.token_urlsafe(24))
    studio = server(pool, access)
    signals: list[int] = []

    def stop(number: int, _: object) -> None:
        """End as after Ctrl-C: nothing that has begun is left behind."""
        signals.append(number)
        studio.should_exit = True

    signal.signal(signal.SIGTERM, stop)
    print(f"{plain(pool.title)} is open at {access.url}  (Ctrl-C ends it)", flush=True)
    try:
        with _opened(access.url, pool.home) if not args.no_browser else nullcontext():
            studio.run(sockets=[listening])
    finally:
        pool.close()
    if not signals:  # then it was Ctrl-C, whose exception can be lost in a hook on the way here
        raise KeyboardInterrupt
    return 0


def _check_host(host: str, insecure: bool) -> None:
    if host == "localhost":
        return
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise ArtError(f"{host} is no address; write --host 127.0.0.1") from None
    if address.is_unspecified:
        raise ArtError(f"{host} is every address of this machine; name the one to be opened")
    if address.is_loopback:
        return
    means = (
        "a sketch is a program, and who can open its live page can run it and read what it reads"
    )
    if not insecure:
        raise ArtError(f"{host} can be reached by others: {means}; --insecure-host allows it")
    print(f"gradart: note: {host} can be reached by others: {means}", file=sys.stderr)


def _listen(host: str, port: int | None) -> socket.socket:
    """A listening socket, on the usual port or else a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in (_PORT, 0) if port is None else (port,):
        listening = socket.socket(family)
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, number))
            listening.listen()
        except (OSError, OverflowError) as exc:
            listening.close()
            if number != _PORT or port is not None:
                reason = getattr(exc, "strerror", None) or exc
                raise RenderFault(f"port {number} of {host} cannot be had: {reason}") from exc
        else:
            return listening
    raise AssertionError


@contextmanager
def _opened(url: str, folder: Path) -> Iterator[None]:
    """Open the live page in the browser, by way of a file that only its owner can read.

    The command lines of processes, where the browser's would have the token, can be read by all.
    The file lies beside the sketch, if it can: a browser in a sandbox sees no other temporary
    folder than its own.
    """
    beside = folder if os.access(folder, os.W_OK) else None
    with NamedTemporaryFile("w", prefix=".gradart-", suffix=".html", dir=beside) as file:
        file.write(f'<meta http-equiv="refresh" content="0; url={url}">')
        file.flush()
        with suppress(webbrowser.Error):
            webbrowser.open(Path(file.name).absolute().as_uri())
        yield
