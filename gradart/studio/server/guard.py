"""Who may speak to the studio: web pages that it has served itself, in this run.

A sketch is a program, so that who can speak to the studio can run one. Any web page can make a
browser send requests to this machine; what it cannot do is forge Host and Origin, or know the
token that is made for each run and is the first part of every path.
"""

import secrets
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_ENCODED = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]


@dataclass(frozen=True)
class Access:
    """What a request must know: the host and port as in the address bar, and the token."""

    host: str
    token: str

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def url(self) -> str:
        return f"{self.origin}/{self.token}/"


def guard(app: ASGIApp, access: Access) -> ASGIApp:
    """The app for who has access: 400 for another Host, 403 for another Origin or token.

    What passes goes on without the token in its path, and comes back with headers that keep the
    web page to itself.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        status, rest = _admit(scope, access)
        if status:
            await _refuse(scope, send, status)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_ENCODED]
            await send(message)

        inner = {**scope, "path": rest, "raw_path": rest.encode(), "root_path": ""}
        await app(inner, receive, with_headers)

    return guarded


def _admit(scope: Scope, access: Access) -> tuple[int, str]:
    """The status with which a request is refused, or 0 and the rest of its path."""

    def header(name: bytes) -> list[bytes]:
        return [value for key, value in scope["headers"] if key.lower() == name]

    if header(b"host") != [access.host.encode()]:
        return 400, ""
    origin = header(b"origin")
    if origin != [access.origin.encode()] and (origin or scope["type"] == "websocket"):
        return 403, ""
    token, _, rest = scope["path"].removeprefix("/").partition("/")
    if not secrets.compare_digest(token.encode(), access.token.encode()):
        return 403, ""
    return 0, f"/{rest}"


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403
        return
    words = {
        400: b"This is not the address that the studio has printed.\n",
        403: b"Open the address that the studio has printed, with its token.\n",
    }
    headers = [(b"content-type", b"text/plain"), *_ENCODED]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words[status]})
