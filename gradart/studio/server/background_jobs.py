"""What takes long and keeps no page waiting: it is done by a worker beside that of the page."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from gradart.studio.framing import Message
from gradart.studio.server.file_watcher import stamp
from gradart.studio.server.worker_client import Died
from gradart.studio.server.worker_pool import Bench, Place

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
                    await tell({"of": "export", **head}, body)
                return
    except asyncio.CancelledError:
        await tell({"of": "export", "done": True, "halted": True})
        raise
    except Died as exc:
        last = {"error": f"the sketch has ended its process ({exc})"}
    await tell({"of": "export", "done": True, "error": last["error"]})


async def survey(bench: Bench, px: int, tell: Tell) -> None:
    """Send a small picture of every sketch, at once if it was drawn before and has not changed."""
    places = bench.places()
    await tell({"of": "list", "names": list(places)})
    for name, place in places.items():
        [at] = stamp([place.file]).values()
        known = bench.glances.get((place.file, at, px))
        if known is None:
            known = await _glance(bench, name, place.file, px)
            bench.glances[place.file, at, px] = known
        for head, body in known:
            await tell(head, body)
    await tell({"of": "list", "done": True})


async def _glance(bench: Bench, name: str, file: str, px: int) -> list[Message]:
    """What the page is told of a file: a message for each sketch, or what is wrong with it."""
    tag = {"of": "list", "of_file": name}
    found: list[Message] = []
    try:
        async with bench.errand() as worker:
            async for head, body in worker.ask("glance", file=file, px=px):
                if "name" in head:
                    place = head["place"] or name
                    found.append(({**tag, **head, "place": place}, body))
                elif "error" in head:
                    wrong = {"name": name, "title": "", "place": name, "wrong": head["error"]}
                    found.append(({**tag, **wrong}, b""))
    except Died as exc:
        wrong = {"name": name, "title": "", "place": name, "wrong": f"it ended its process ({exc})"}
        found.append(({**tag, **wrong}, b""))
    return found
