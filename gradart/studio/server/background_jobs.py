"""Exports and measurements: they take long; a worker of their own does them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from gradart.studio.protocol import Head
from gradart.studio.server.worker_pool import Location, WorkerDied, WorkerPool

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
