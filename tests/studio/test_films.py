"""Films in the studio: their frames, and the exposure of ink at each frame and zoom."""

import contextlib

import numpy as np
import pytest
from live import FILM, pixels, save

from gradart.command.cli import main


@pytest.mark.exhaustive
def test_a_film_is_rolled_frame_by_frame_and_gives_way(client, place):
    save(place, FILM)
    client.until("load")
    head, _ = client.draw(px=100)
    assert (head["frames"], head["frame"]) == (10, 0)
    third = pixels(client.draw(px=100, frame=3, kind="jpeg")[1])
    client.say("frames", id=1, values={}, seed=0, px=100, first=7)
    numbers, bodies = [], {}
    while not (answer := client.until("frames", id=1))[0].get("done"):
        numbers.append(answer[0]["frame"])
        bodies[numbers[-1]] = pixels(answer[1])
    assert numbers == [7, 8, 9, 0, 1, 2, 3, 4, 5, 6]
    np.testing.assert_array_equal(bodies[3], third)
    assert (bodies[3] != bodies[8]).any()
    client.say("frames", id=2, values={}, seed=0, px=1000, first=0)
    client.until("frames", id=2, frame=0)
    client.ask(length=0.5)
    assert client.until("frames", id=2, done=True)[0].get("interrupted")
    client.say("export", ending=".gif", options={"px": 60}, values={}, seed=0, frame=None)
    frames = [client.until("export", frame=n)[0]["frames"] for n in range(1, 11)]
    assert frames == [10] * 10
    _, data = client.until("export", done=True)
    with contextlib.chdir(place[0]):  # the way to the sketch is told from where one works
        main(["run", "ring.py", "--px", "60", "-o", "hand.gif"])
    assert data == (place[0] / "hand.gif").read_bytes()


INK = '''"""Ink that grows, dense on the left."""
import jax.numpy as jnp
import gradart as ga

@ga.sketch(page="square", margin=0, seconds=1, fps=10, at=0.0)
def fade(blend="ink"):
    x = jnp.concatenate([jnp.linspace(0.02, 0.3, 300), jnp.linspace(0.6, 0.98, 20)])
    a, b = (jnp.stack([x, jnp.full(len(x), y)], -1) for y in (0.0, 1.0))
    paper = "#f7f4ed" if blend != "light" else "#0b0d12"
    ink = "#1b1b1e" if blend != "light" else "#ffd9a0"
    def frame(u):
        lines = ga.segments(a, b, width=0.6, alpha=0.02 + 0.3 * u, blend=blend, stroke=ink)
        return ga.scene(lines, paper=paper, box=((0, 0), (1, 1)))
    return frame
'''


@pytest.mark.exhaustive
@pytest.mark.parametrize("blend", ["ink", "light", "over"])
def test_a_frame_is_as_dark_on_the_page_as_in_the_file_whatever_the_zoom(client, place, blend):
    save(place, INK.replace('blend="ink"', f'blend="{blend}"'))
    client.until("load")
    whole = {}
    for frame in (0, 6):
        _, body = client.draw(px=400, frame=frame)
        name = place[0] / f"fade{frame}.png"
        words = ["run", place[0] / "ring.py", "--px", 400, "--at", frame / 10, "-o", name]
        assert main([str(word) for word in words]) == 0
        whole[frame] = pixels(name.read_bytes()).astype(int)
        np.testing.assert_array_equal(pixels(body), whole[frame])
        for view in ([0, 0, 100, 100], [100, 50, 100, 100]):
            _, body = client.draw(px=400, frame=frame, view=view)
            part = pixels(body).astype(float).mean((0, 1))
            left, top = (2 * side for side in view[:2])
            there = whole[frame][top : top + 200, left : left + 200].mean((0, 1))
            assert np.abs(part - there).max() < 1.5, (frame, view)
    client.say("frames", id=1, values={}, seed=0, px=400, first=0)
    frames = {}
    while not (answer := client.until("frames", id=1))[0].get("done"):
        frames[answer[0]["frame"]] = pixels(answer[1]).astype(float).mean()
    assert abs(frames[6] - whole[6].mean()) < 1
    assert abs(frames[0] - whole[0].mean()) < 1
