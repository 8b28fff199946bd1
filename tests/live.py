"""A running studio, and a client of it, for the tests of the studio."""

import io
import json
import os
import re
import struct
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import numpy as np
from PIL import Image
from websockets.sync.client import connect

import gradart

HOME = str(Path(gradart.__file__).parents[1])
SKETCH = '''"""A ring of petals."""
from typing import Annotated, Literal
import numpy as np
import gradart as ga

@ga.sketch(page="square")
def ring(
    key,
    radius: Annotated[float, ga.Bounds(0.1, 2), "of the ring"] = 1.0,
    petals: Annotated[int, ga.Bounds(1, 12)] = 5,
    look: Literal["plain", "bold"] = "plain",
    stroke="#c2410c",
    dark=False,
):
    t = np.linspace(0, 2 * np.pi, 400)
    r = radius * (1 + 0.2 * np.cos(petals * t))
    points = np.stack([r * np.cos(t), r * np.sin(t)], -1)
    return ga.scene(
        ga.lines(points, width=2.0 if look == "bold" else 0.6, stroke=stroke),
        paper="#111111" if dark else "#f7f4ed",
        box=((-2.4, -2.4), (2.4, 2.4)),
    )
'''

FILM = '''"""A hand goes round."""
import jax.numpy as jnp
import gradart as ga

@ga.sketch(page="100x80mm", seconds=1, fps=10)
def hand(length=1.0):
    def frame(u):
        end = length * jnp.array([jnp.sin(2 * jnp.pi * u), jnp.cos(2 * jnp.pi * u)])
        return ga.scene(ga.segments(jnp.zeros(2), end, width=2), box=((-1, -1), (1, 1)))
    return frame
'''


@contextmanager
def watched(argument, *options, folder, cache=""):
    """`gradart watch` in a process of its own: the address of its page, and the process."""
    said = Path(folder, "studio.log")
    command = [sys.executable, "-P", "-m", "gradart", "watch", str(argument), "--port", "0"]
    env = os.environ | {"GRADART_CACHE": str(cache), "PYTHONPATH": HOME}
    with said.open("w") as log:
        process = subprocess.Popen(
            [*command, "--no-browser", *options], cwd=folder, env=env, stdout=log, stderr=log
        )
    try:
        while not (found := re.search(r"http://\S+(?=  )", said.read_text())):
            assert process.poll() is None, said.read_text()
            time.sleep(0.05)
        yield found[0], process
    finally:
        process.terminate()
        process.wait(timeout=20)


class Client:
    """A WebSocket client of a studio: it asks what the browser asks, without a browser."""

    def __init__(self, url):
        host = url.split("/")[2]
        self._connection = connect(
            f"ws://{host}/{url.split('/')[3]}/socket", origin=f"http://{host}", max_size=None
        )
        self._ids = count(1)

    def __enter__(self):
        self._socket = self._connection.__enter__()
        self.hello, _ = self.hear()
        return self

    def __exit__(self, *why):
        self._connection.__exit__(*why)

    def say(self, do, /, **fields):
        self._socket.send(json.dumps({"do": do, **fields}))

    def send(self, data):
        self._socket.send(data)

    def hear(self, timeout=90):
        data = self._socket.recv(timeout)
        text, _ = struct.unpack(">II", data[:8])
        return json.loads(data[8 : 8 + text]), data[8 + text :]

    def until(self, kind, **wanted):
        """The next answer of a kind whose fields are as wanted."""
        while True:
            head, body = self.hear()
            if (
                head["of"] == kind
                and "begun" not in head
                and all(head.get(n) == v for n, v in wanted.items())
            ):
                return head, body

    def open(self, sketch=None):
        self.say("open", sketch=sketch)
        return self.until("load", done=True)[0]

    def ask(self, kind="png", px=100, frame=None, view=None, seed=0, held=False, **values):
        """Ask for a picture; the number of the request."""
        number = next(self._ids)
        fields = {"values": values, "seed": seed, "px": px, "frame": frame}
        self.say("draw", id=number, kind=kind, view=view, held=held, **fields)
        return number

    def draw(self, **how):
        return self.until("draw", id=self.ask(**how))


def pixels(body):
    return np.asarray(Image.open(io.BytesIO(body)).convert("RGB"))


def save(place, text):
    """Save the sketch as an editor does: all at once, and never at the same time twice."""
    file = place[0] / "ring.py"
    file.with_suffix(".new").write_text(text)
    os.replace(file.with_suffix(".new"), file)
