"""Exports, measurements, the list of sketches: they take long; a worker of their own does them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from gradart.studio.protocol import Head, ToSend
from gradart.studio.server.worker_pool import Location, WorkerDied, WorkerPool, stamp

Tell = Callable[..., Awaitable[None]]  # tell(head, body): sends a message to the browser


async def aside(
    kind: str, pool: WorkerPool, location: Location, how: Mapping[str, object], tell: Tell
) -> None:
    """Load a sketch and do one task with it, beside the page; cancelled, the worker is stopped."""
    last: Head = {}
    try:
        async with pool.background_worker() as worker:
            async for head, _ in worker.ask("load", **asdict(location)):
                last = head
            if "error" not in last:
                async for head, body in worker.ask(kind, **how):
                    await tell({"of": kind, **head}, body)
                return
    except asyncio.CancelledError:
        await tell({"of": kind, "done": True, "interrupted": True})
        raise
    except WorkerDied as exc:
        last = {"error": f"the sketch has ended its process ({exc})"}
    await tell({"of": kind, "done": True, "error": last["error"]})


async def list_sketches(pool: WorkerPool, px: int, tell: Tell) -> None:
    """Send a small picture of every sketch, at once if it was drawn before and has not changed."""
    sketches = pool.sketches()
    await tell({"of": "list", "names": list(sketches)})
    for name, location in sketches.items():
        [at] = stamp([location.file]).values()
        known = pool.thumbnails.get((location.file, at, px))
        if known is None:
            known = await _thumbnails(pool, name, location.file, px)
            pool.thumbnails[location.file, at, px] = known
        for head, body in known:
            await tell(head, body)
    await tell({"of": "list", "done": True})


async def _thumbnails(pool: WorkerPool, name: str, file: str, px: int) -> list[ToSend]:
    """What the browser is told of a file: a message for each sketch, or what is wrong with it."""
    tag = {"of": "list", "of_file": name}
    found: list[ToSend] = []
    try:
        async with pool.background_worker() as worker:
            async for head, body in worker.ask("thumbnails", file=file, px=px):
                if "name" in head:
                    location = head["address"] or name
                    found.append(({**tag, **head, "address": location}, body))
                elif "error" in head:
                    wrong = {"name": name, "title": "", "address": name, "wrong": head["error"]}
                    found.append(({**tag, **wrong}, b""))
    except WorkerDied as exc:
        wrong = {
            "name": name,
            "title": "",
            "address": name,
            "wrong": f"it ended its process ({exc})",
        }
        found.append(({**tag, **wrong}, b""))
    return found
