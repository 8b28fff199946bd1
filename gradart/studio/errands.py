"""What takes long and keeps no page waiting: it is done by a worker beside that of the page."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from gradart.studio.bench import Bench, Place
from gradart.studio.process import Died

Tell = Callable[..., Awaitable[None]]  # tell(head, body): sends a message to the page


async def export(bench: Bench, place: Place, how: dict[str, Any], tell: Tell) -> None:
    """Make a file, and send it to the page; cancelled, the worker is stopped."""
    last: dict[str, Any] = {}
    try:
        async with bench.errand() as worker:
            async for head, _ in worker.ask("load", **asdict(place)):
                last = head
            if "error" not in last:
                async for head, body in worker.ask("export", **how):
                    last = head
                    await tell({"of": "export", **head}, body)
                return
    except asyncio.CancelledError:
        await tell({"of": "export", "done": True, "halted": True})
        raise
    except Died as exc:
        last = {"error": f"the sketch has ended its process ({exc})"}
    await tell({"of": "export", "done": True, "error": last["error"]})
