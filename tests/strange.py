"""What a machine may hold that no test of numbers thinks of, for `python -m tests.trust`.

Paths that are no files, files that grow in the reading, sketches that move about, files called like
modules, and pages that say odd things. Each yields what was tried and what was lost of it.
"""

import json
import math
import os
import random
import resource
import socket
import struct
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.fuzz.driver import HOME
from tests.live import SKETCH, Client, watched

Tried = Iterator[tuple[str, str]]  # what a case is, and what was lost: nothing, mostly

READER = """
from pathlib import Path
import gradart as ga

@ga.sketch(page="40x40mm")
def reader(file: Path = Path("x")):
    field = ga.{name}(file)
    return ga.scene(ga.lines(ga.contours(field, 3, resolution=8)))
"""
MOVER = """
import os
import jax.numpy as jnp
import gradart as ga
{first}

@ga.sketch(page="40x40mm", seconds=0.2, fps=10)
def mover(film=False):
    {second}
    def frame(u):
        {third}
        return ga.scene(ga.dots(jnp.zeros((1, 2)), 1 + u), box=((-1, -1), (1, 1)))
    return frame if film else frame(jnp.asarray(0.0))
"""
MODULES = "http", "random", "json", "numpy", "types", "email", "site", "secrets", "queue", "jaxlib"
PATIENCE = 60  # s, for what should take two


def gradart(folder: Path, *words: object) -> tuple[int | None, list[str]]:
    """Run a command in a folder: its status, None if it did not end, and the lines that it said."""
    environment = {**os.environ, "PYTHONPATH": str(HOME), "GRADART_CACHE": ""}
    command = [sys.executable, "-P", "-m", "gradart", *map(str, words)]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            preexec_fn=_little_memory,
        )
    except subprocess.TimeoutExpired:
        return None, []
    return done.returncode, done.stderr.decode(errors="replace").splitlines()


def _little_memory() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (6 << 30, 6 << 30))


def paths_that_are_no_files(folder: Path) -> Tried:
    """Whatever is named where a file is read: one line says so, in time."""
    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / "pipe.npz")
    (folder / "endless.npz").symlink_to("/dev/zero")
    (folder / "endless.png").symlink_to("/dev/zero")
    (folder / "endless.tif").symlink_to("/dev/urandom")
    (folder / "nothing.hgt").symlink_to("nowhere")
    (folder / "loop.png").symlink_to("loop.png")
    (folder / "folder.png").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket.png"))
    for name in ("photograph", "terrain"):
        (folder / f"{name}.py").write_text(READER.replace("{name}", name))
    odd = sorted(path.name for path in folder.iterdir() if path.suffix != ".py")
    for name in odd:
        for words in (("info", name), ("rerun", name)):
            yield " ".join(words), _one_line(*gradart(folder, *words))
        for sketch in ("photograph", "terrain"):
            said = gradart(folder, "run", f"{sketch}.py", "--file", name, "-o", "a.png")
            yield f"{sketch} of {name}", _one_line(*said)


def _one_line(status: int | None, said: list[str]) -> str:
    if status is None:
        return "did not end"
    if status not in (1, 2) or len(said) != 1:
        return f"status {status}, {len(said)} lines: {said[-1:]}"
    return ""


def files_that_grow_in_the_reading(folder: Path) -> Tried:
    """Files of parts without number: four times as long, they take no more than eight times."""
    for name, made in _MANY.items():
        times = []
        for size in (1 << 20, 1 << 22):
            file = folder / f"{size}.{name.partition(' ')[0]}"
            file.write_bytes(made(size))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            status, said = gradart(folder, "info", file.name)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime - before.ru_utime)
            if status is None or len(said) > 1:
                times = [1.0, math.inf]
                break
        slow = times[1] > 8 * times[0] + 1
        yield name, f"{times[0]:.1f} s, then {times[1]:.1f} s" if slow else ""


def _png(size: int) -> bytes:
    empty = struct.pack(">I", 0) + b"teXt" + struct.pack(">I", zlib.crc32(b"teXt"))
    return b"\x89PNG\r\n\x1a\n" + empty * (size // 12)


def _boxes(size: int) -> bytes:
    box = struct.pack(">I", 8) + b"free"
    return struct.pack(">I", 16) + b"ftypisom" + bytes(4) + box * (size // 8)


_MANY: dict[str, Callable[[int], bytes]] = {
    "pdf of streams that do not end": lambda n: b"%PDF-1.4\n" + b"stream\n" * (n // 7),
    "pdf of streams": lambda n: b"%PDF-1.4\n" + b"stream\nx\nendstream\n" * (n // 19),
    "pdf of brackets": lambda n: b"%PDF-1.4\n/Subject (" + b"(" * n,
    "pdf of subjects": lambda n: b"%PDF-1.4\n" + b"/Subject <FEFF" * (n // 14),
    "gif of a comment": lambda n: b"GIF89a" + bytes(7) + b"!\xfe" + b"\1a" * (n // 2),
    "gif of comments": lambda n: b"GIF89a" + bytes(7) + b"!\xfe\1a\0" * (n // 5),
    "png of empty parts": _png,
    "mp4 of empty boxes": _boxes,
    "webp of empty parts": lambda n: b"RIFF" + bytes(4) + b"WEBP" + b"XXXX\0\0\0\0" * (n // 8),
    "svg of open tags": lambda n: b"<svg>" + b"<g>" * (n // 3),
    "svg of entities": lambda n: b'<!DOCTYPE s [<!ENTITY a "' + b"b" * n + b'">]><s>&a;&a;</s>',
}


def sketches_that_move_about(folder: Path) -> Tried:
    """A sketch changes the current folder, wherever: its picture is where it was asked for."""
    (folder / "away").mkdir()
    move = "os.chdir('away' if os.path.isdir('away') else '.')"
    for place in range(3):
        lines = ["pass"] * 3
        lines[place] = move
        text = MOVER
        for name, line in zip(("{first}", "{second}", "{third}"), lines, strict=True):
            text = text.replace(name, line)
        (folder / "mover.py").write_text(text)
        for number, ending in enumerate(("png", "svg", "pdf", "gif", "webp")):
            name = f"out{place}{number}/it.{ending}"
            words = ["run", "mover.py", "-o", name, "--px", "40"]
            film = ["--film"] if ending in ("gif", "webp") else []
            status, said = gradart(folder, *words, *film)
            found = (folder / name).is_file()
            yield f"{name}, moved at {place}", "" if found and status == 0 else f"{status} {said}"


def files_called_like_modules(folder: Path) -> Tried:
    """Nothing is run but the sketch, and what it imports."""
    sketch = SKETCH.replace("def ring", "def piece")
    (folder / "piece.py").write_text(sketch)
    trap = f"open({str(folder)!r} + '/ran_' + __name__.rpartition('.')[2], 'w').close()\n"
    for name in MODULES:
        (folder / f"{name}.py").write_text(trap)
    for words in (
        ("run", "piece.py", "--px", 40),
        ("run", "piece.py", "--px", 40, "--seed", "0..3", "--jobs", 2, "-o", "many"),
        ("list", "piece.py"),
        ("info", "piece.png"),
        ("rerun", "piece.png"),
    ):
        gradart(folder, *words)
        yield " ".join(map(str, words)), _trapped(folder)
    with watched("piece.py", folder=folder) as (url, _), Client(url) as line:
        line.open()
        line.draw(px=40)
    yield "watch piece.py", _trapped(folder)


def _trapped(folder: Path) -> str:
    ran = sorted(file.name.removeprefix("ran_") for file in folder.glob("ran_*"))
    for name in ran:
        (folder / f"ran_{name}").unlink()
    return f"ran {', '.join(ran)}" if ran else ""


def pages_that_say_odd_things(folder: Path, count: int, seed: int) -> Tried:
    """Messages at random, near to right ones: after each some, the page still gets its picture."""
    draw = random.Random(seed)
    (folder / "ring.py").write_text(SKETCH)
    with watched("ring.py", folder=folder) as (url, process), Client(url) as line:
        line.open()
        for number in range(0, count, 20):
            said = [_message(draw) for _ in range(20)]
            for text in said:
                line.send(text)
            try:
                line.say("open", sketch=None)
                head, _ = line.draw(px=32)
            except Exception as error:
                yield f"messages {number} to {number + 19}", f"{type(error).__name__}: {said}"
                return
            lost = f"{head['error']}: {said}" if "error" in head else ""
            yield f"messages {number} to {number + 19}", lost
        yield "the studio", "" if process.poll() is None else "has ended"


def _message(draw: random.Random) -> str:
    """A message of the page with one thing in it changed, or nothing of the kind."""
    state = {"values": {"radius": 1.0}, "seed": 0}
    right = draw.choice(
        [
            {
                "do": "draw",
                "id": 1,
                **state,
                "px": 32,
                "frame": None,
                "kind": "png",
                "view": None,
                "held": False,
            },
            {
                "do": "draw",
                "id": 1,
                **state,
                "px": 32,
                "frame": 3,
                "kind": "jpeg",
                "view": [0] * 4,
                "held": True,
            },
            {"do": "frames", "id": 1, **state, "px": 32, "first": 0},
            {"do": "probe", "id": 1, **state, "field": 0, "at": [0, 0]},
            {"do": "grid", "id": 1, "px": 32, "cells": [state]},
            {"do": "save_preset", "name": "a", **state},
            {"do": "delete_preset", "name": "a"},
            {"do": "export", **state, "frame": None, "ending": ".svg", "options": {"px": 40}},
            *({"do": word} for word in ("liked", "presets", "cancel", "stop", "stop_grid")),
        ]
    )
    message = json.loads(json.dumps(right))
    name = draw.choice(list(message))
    message[name] = draw.choice(_ODD)
    if draw.random() < 0.2:
        message["values"] = {draw.choice(["radius", "petals", "stroke", "x"]): draw.choice(_ODD)}
    text = json.dumps(message)
    return text[: draw.randrange(1, len(text))] if draw.random() < 0.1 else text


_ODD = [
    None, True, -1, 0.5, 10**400, -(10**18), 1e308, math.inf, math.nan, "", "\ud800", "\x1b[2J", [],
    [[]], {}, {"a": None}, [None] * 100, [1e308] * 4, [math.nan, 0], "x" * 5000, "../../etc/passwd",
]  # fmt: skip


def counted(cases: Tried) -> tuple[int, Counter[str], list[str]]:
    """How many were tried, how they ended, and what was lost."""
    lost, tried = [], 0
    for what, why in cases:
        tried += 1
        if why:
            lost.append(f"{what}: {why}")
    return tried, Counter({"right": tried - len(lost)}), lost
