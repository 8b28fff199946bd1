"""The live page under load: a slider that is dragged, many saves, and the wall of a folder.

A sketch that takes 30 ms stands for the artist's. The wall has fifteen sketches, two of which take
half a minute; it is opened twice. Nothing is compared here: the figures are held to what was set as
goals.
"""

import json
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS, RATE, PX = 60, 60, 800
RELOADS = 300
OWN = 0.03  # s that the sketch takes
SKETCHES, SLOW, LONG = 15, 2, 30.0  # of the wall; those that take long, and how long

SKETCH = f"""
import time
from typing import Annotated
import numpy as np
import gradart as ga

@ga.sketch(page="square")
def busy(radius: Annotated[float, ga.Bounds(0, 1)] = 0.5):
    end = time.perf_counter() + {OWN}
    t = np.linspace(0, 2 * np.pi, 2000)
    points = radius * np.stack([np.cos(7 * t), np.sin(9 * t)], -1)
    while time.perf_counter() < end:
        points = radius * np.stack([np.cos(7 * t), np.sin(9 * t)], -1)
    return ga.scene(ga.lines(points), box=((-1, -1), (1, 1)))
"""


@contextmanager
def studio(folder: Path, what: str, cache: Path | None = None) -> Iterator[tuple[str, int]]:
    """A studio of a sketch or a folder: the address of its page, and the process."""
    command = [sys.executable, "-m", "gradart", "watch", what, "--port", "0", "--no-browser"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    if cache is not None:
        environment["GRADART_CACHE"] = str(cache)
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[4], process.pid
    finally:
        process.terminate()
        process.communicate()


def unpacked(data: bytes) -> dict:
    return json.loads(data[8 : 8 + struct.unpack(">I", data[:4])[0]])


def hear(line, **wanted) -> None:
    """Wait for a message like that."""
    while not wanted.items() <= unpacked(line.recv(timeout=60)).items():
        pass


def asked(number: int, radius: float) -> str:
    state = {"values": {"radius": radius}, "seed": 0, "frame": None, "view": None, "held": False}
    return json.dumps({"do": "draw", "id": number, "px": PX, "kind": "jpeg", **state})


def drag(line) -> tuple[list[float], int]:
    """The seconds from each event of a drag to the first picture as new as it, and how many came.

    A picture stands for its own value and all before it, which it has overtaken.
    """
    sent: list[float] = []
    latency: list[float] = []
    pictures = 0
    start = time.perf_counter()
    while len(latency) < SECONDS * RATE:
        due = start + len(sent) / RATE
        if len(sent) < SECONDS * RATE and time.perf_counter() >= due:
            line.send(asked(len(sent) + 1, (len(sent) % 100) / 100))
            sent.append(time.perf_counter())
            continue
        try:
            head = unpacked(line.recv(timeout=max(0.0, min(due - time.perf_counter(), 30))))
        except TimeoutError:
            continue
        if head["of"] == "draw":
            now = time.perf_counter()
            pictures += 1
            latency += [now - at for at in sent[len(latency) : head["id"]]]
    return latency, pictures


DRAG = """async (seconds) => {
  const viewport = document.getElementById("viewport");
  const slider = document.querySelector("[data-parameter=radius] input[type=range]");
  const sent = [], latency = [];
  const look = () => {
    while (latency.length < sent.length && sent[latency.length].id <= viewport.dataset.shown)
      latency.push((performance.now() - sent[latency.length].at) / 1000);
  };
  new MutationObserver(look).observe(viewport, { attributes: true });
  const end = performance.now() + 1000 * seconds;
  for (let n = 0; performance.now() < end; n++) {
    slider.value = (n % 100) / 100;
    slider.dispatchEvent(new Event("input"));
    sent.push({ id: Number(viewport.dataset.asked), at: performance.now() });
    await new Promise(requestAnimationFrame);
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
  return latency;
}"""


def drag_in_browser(url: str) -> list[float]:
    """The seconds from each event of a drag in Chromium until the page has drawn it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        path = shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=path, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(url)
        page.wait_for_selector("#viewport[data-kind=png]", timeout=60_000)
        latency = page.evaluate(DRAG, SECONDS / 4)
        browser.close()
    return latency


def save_again_and_again(line, folder: Path) -> list[float]:
    """The seconds from each save to its picture."""
    seconds = []
    for n in range(RELOADS):
        start = time.perf_counter()
        (folder / "busy.py").write_text(f"{SKETCH}# {n}\n")
        hear(line, of="load", done=True)
        line.send(asked(10**6 + n, 0.5))
        hear(line, of="draw", id=10**6 + n)
        seconds.append(time.perf_counter() - start)
    return seconds


def wall() -> list[tuple[str, str, str]]:
    """The wall of a folder: when small pictures are there, at first and when they are known."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name, "sketches"), Path(name, "cache")
        folder.mkdir()
        for number in range(SKETCHES):
            slow = f"    time.sleep({LONG})\n" if number < SLOW else ""
            text = SKETCH.replace("    end =", f"{slow}    end =")
            (folder / f"sketch_{number:02d}.py").write_text(text)
        quick = SKETCHES - SLOW
        for what, most in (("at first", quick), ("once they are known", SKETCHES)):
            times = opened(folder, cache)
            rows.append((f"wall of {SKETCHES}, {what}: first", f"{times[0]:.1f} s", ""))
            goal = "1 s" if most == SKETCHES else ""
            rows.append((f"wall of {SKETCHES}, {what}: {most}", f"{times[most - 1]:.1f} s", goal))
    return rows


def opened(folder: Path, cache: Path) -> list[float]:
    """The seconds until each small picture is there, from asking for the wall of a folder."""
    from websockets.sync.client import connect

    with studio(folder, ".", cache) as (url, _):
        host = url.split("/")[2]
        address = f"ws{url.removeprefix('http')}socket"
        with connect(address, origin=f"http://{host}", max_size=None) as line:
            start = time.perf_counter()
            line.send(json.dumps({"do": "list", "px": 380}))
            times: list[float] = []
            while not (head := unpacked(line.recv(timeout=300))).get("done"):
                if "address" in head:
                    assert "wrong" not in head, head
                    times.append(time.perf_counter() - start)
    return times


def memory(pid: int) -> int:
    """Megabytes that a process and its children hold."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        fields = dict(row.split(":", 1) for row in text.splitlines())
        if pid in (int(fields["Pid"]), int(fields["PPid"])):
            total += int(fields.get("VmRSS", "0 kB").split()[0]) // 1024
    return total


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> str:
    """Drag and save, open a wall, and return a table of what was measured."""
    with tempfile.TemporaryDirectory() as name:
        Path(name, "busy.py").write_text(SKETCH)
        rows = measured(Path(name))
    rows += wall()
    lines = [
        f"{RATE} slider events a second for {SECONDS} s, a sketch of {1000 * OWN:.0f} ms at {PX}"
        f" px; then {RELOADS} saves; then a folder of {SKETCHES} sketches, of which {SLOW} take"
        f" {LONG:.0f} s.",
        "",
        "| the live page | measured | goal |",
        "|---|---|---|",
    ]
    return "\n".join(lines + [f"| {what} | {value} | {goal} |" for what, value, goal in rows])


def measured(folder: Path) -> list[tuple[str, str, str]]:
    """A sketch that is dragged and saved: what was measured, and goals."""
    from websockets.sync.client import connect

    with studio(folder, "busy.py") as (url, pid):
        host = url.split("/")[2]
        address = f"ws{url.removeprefix('http')}socket"
        with connect(address, origin=f"http://{host}", max_size=None) as line:
            line.send(json.dumps({"do": "open", "sketch": None}))
            hear(line, of="load", done=True)
            line.send(asked(0, 0.5))
            hear(line, of="draw")
            first = memory(pid)
            latency, pictures = drag(line)
            dragged = memory(pid)
            in_browser = drag_in_browser(url)
            saves = save_again_and_again(line, folder)
            saved = memory(pid)
    return [
        ("slider, median", f"{1000 * statistics.median(latency):.0f} ms", ""),
        ("slider, 95th percentile", f"{1000 * quantile(latency, 0.95):.0f} ms", "80 ms"),
        ("slider, longest", f"{1000 * max(latency):.0f} ms", ""),
        (
            "in Chromium, 95th percentile",
            f"{1000 * quantile(in_browser, 0.95):.0f} ms",
            "80 ms",
        ),
        ("pictures a second", f"{pictures / SECONDS:.1f}", ""),
        ("memory before, after the drag", f"{first}, {dragged} MB", "no growth"),
        (
            "save to picture, median",
            f"{1000 * statistics.median(saves):.0f} ms",
            f"{150 + 1000 * OWN:.0f} ms",
        ),
        (
            "save to picture, 95th percentile",
            f"{1000 * quantile(saves, 0.95):.0f} ms",
            "of which 30 are the sketch's",
        ),
        (f"memory after {RELOADS:,} saves", f"{saved} MB", "bounded"),
    ]


if __name__ == "__main__":
    print(main())
