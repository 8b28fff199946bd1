"""The live page's server: static files and a WebSocket, for browsers of this machine."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from mimetypes import guess_type
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect

from gradart.errors import ArtError
from gradart.rendering import html
from gradart.studio import protocol
from gradart.studio.server import messages
from gradart.studio.server.guard import Access, guard
from gradart.studio.server.session import Session
from gradart.studio.server.worker_pool import Tell, WorkerPool

_STATIC = Path(__file__).with_name("static")
_SHARED = [Path(*html.__path__) / "static" / "markup.js"]  # that pages of pieces have too
_INDEX = "index.html"
_SESSIONS = 4  # at a time; each has a process of its own
_REFUSALS = 64  # that wait until the browser reads them; more are dropped


def app(pool: WorkerPool, access: Access) -> ASGIApp:
    """The studio as an ASGI app. Its routes are fixed: no part of a URL becomes a path."""
    routes: list[Route | WebSocketRoute] = [
        Route("/" if file.name == _INDEX else f"/{file.name}", _file(file, pool))
        for file in sorted([*_STATIC.iterdir(), *_SHARED])
        if file.suffix in (".html", ".css", ".js", ".svg")
    ]
    routes.append(WebSocketRoute("/socket", _socket(pool)))
    return guard(Starlette(routes=routes), access)


def _file(path: Path, pool: WorkerPool) -> Callable[[Request], Awaitable[Response]]:
    data = path.read_bytes()
    kind = "text/javascript" if path.suffix == ".js" else guess_type(path.name)[0]

    async def endpoint(request: Request) -> Response:
        if path.name == _INDEX:
            await pool.start_spare()  # while the browser reads index.html
        return Response(data, media_type=kind)

    return endpoint


def _socket(pool: WorkerPool) -> Callable[[WebSocket], object]:
    sessions: set[Session] = set()

    async def endpoint(browser: WebSocket) -> None:
        await browser.accept()

        async def tell(head: dict[str, object], body: bytes = b"") -> None:
            with suppress(WebSocketDisconnect, RuntimeError):  # the browser is gone
                await browser.send_bytes(protocol.pack(head, body))

        if len(sessions) >= _SESSIONS:
            await tell(
                {"of": "studio", "error": f"{_SESSIONS} live pages are open; close one of them"}
            )
            await browser.close(1013)
            return
        session = Session(pool, tell)
        sessions.add(session)
        await tell({"of": "studio", "folder": pool.folder, "title": pool.title})
        refusals: asyncio.Queue[str] = asyncio.Queue(_REFUSALS)
        tasks = [
            asyncio.create_task(work)
            for work in (
                _listen(browser, session, refusals),
                _refuse(refusals, tell),
                session.work(),
                session.watch(),
                session.sliders.work(),
            )
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sessions.discard(session)
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(RuntimeError):
                await browser.close(1003)
        for error in ended:  # told in the terminal, as a fault of ours; the browser comes again
            if isinstance(error, Exception):
                raise error

    return endpoint


async def _listen(browser: WebSocket, session: Session, refusals: "asyncio.Queue[str]") -> None:
    """Take what a browser says until it ends, or says what is no text."""
    while True:
        try:
            text = await browser.receive_text()
        except (WebSocketDisconnect, KeyError):
            return
        try:
            session.receive(*messages.read(text))
        except ArtError as exc:
            with suppress(asyncio.QueueFull):
                refusals.put_nowait(str(exc))


async def _refuse(refusals: "asyncio.Queue[str]", tell: Tell) -> None:
    """Tell the browser what was refused, in order, as fast as it reads."""
    while True:
        await tell({"of": "studio", "error": await refusals.get()})


def server(pool: WorkerPool, access: Access) -> uvicorn.Server:
    """The studio's server, to be run on a socket that listens already."""
    config = uvicorn.Config(
        app(pool, access),
        access_log=False,  # the token is in every path
        log_level="critical",
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=messages.LARGEST,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
        server_header=False,
        proxy_headers=False,
    )
    return uvicorn.Server(config)
