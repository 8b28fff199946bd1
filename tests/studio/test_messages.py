"""A wrong message is answered in a line, or dropped, and the connection stays open."""

import json
import os
import time

import numpy as np
import pytest
from live import SKETCH, pixels, save

from gradart.rendering.formats.png import write_png


@pytest.mark.parametrize(
    ("view", "values"),
    [
        ("[0, 0, 1e999, 1]", "{}"),
        (f"[0, 0, {10**400}, 1]", "{}"),
        (f"[{-(10**400)}, 0, 1, 1]", "{}"),
        ("null", '{"radius": NaN}'),
        ("null", '{"radius": -Infinity}'),
        ("null", '{"radius": 1e999}'),
        ("null", f'{{"radius": {"9" * 5000}}}'),
    ],
)
def test_numbers_that_are_none_are_refused_and_the_line_stays(client, view, values):
    client.send(
        f'{{"do": "draw", "id": 1, "values": {values}, "seed": 0, "px": 100, "frame": null,'
        f' "kind": "png", "view": {view}, "held": false}}'
    )
    assert client.until("studio")[0]["error"]
    assert "error" not in client.draw()[0]


def test_a_whole_number_of_any_length_is_answered_in_a_line(client):
    assert "radius must be" in client.draw(radius=10**400)[0]["error"]
    assert "petals must be" in client.draw(petals=-(10**400))[0]["error"]


@pytest.mark.parametrize("view", [[1e300, -1e300, 50, 50], [0, 0, 1e-300, 0], [-9, -9, 1e9, 1]])
def test_a_view_of_nowhere_or_of_everything_is_a_picture(client, view):
    head, body = client.draw(view=view, px=64)
    assert "error" not in head
    assert max(pixels(body).shape) == 64


def test_a_still_has_no_frames_to_play(client):
    client.say("frames", id=1, values={}, seed=0, px=100, first=3)
    assert "ring is a still" in client.until("frames", id=1)[0]["error"]
    assert "error" not in client.draw(frame=7)[0]
    client.say("like", values={}, seed=0, frame=4)
    assert "error" not in client.until("like", done=True)[0]


def test_a_liked_file_of_another_program_is_passed_over(client, place):
    client.say("like", values={"petals": 3}, seed=0, frame=None)
    name = client.until("like", done=True)[0]["name"]
    liked = place[0] / "liked"
    whole = {"sketch": "ring", "parameters": {"radius": 1.0}, "seed": 0, "options": {"at": 0}}
    for number, facts in enumerate(
        (
            {"sketch": "ring"},
            whole | {"parameters": None},
            whole | {"options": []},
            whole | {"parameters": {"radius": float("nan")}},
            [1],
        )
    ):
        with (liked / f"odd{number}.png").open("wb") as file:
            write_png(file, np.zeros((2, 2, 3), np.uint8), comment=json.dumps(facts))
    (liked / "broken.png").write_bytes((liked / "odd0.png").read_bytes()[:40])
    (liked / "folder.png").mkdir()
    os.mkfifo(liked / "pipe.png")
    (liked / "gone.png").symlink_to("nowhere.png")
    (liked / "loop.png").symlink_to("loop.png")
    client.say("liked")
    found = []
    while not (head := client.until("liked")[0]).get("done"):
        found.append(head["name"])
    assert name in found
    assert not [one for one in found if not one.startswith("ring")]


def test_what_a_page_asks_for_and_does_not_read_is_dropped(client):
    """Many more than are kept; what is still to be told comes in order, over the same socket."""
    for _ in range(3000):
        client.say("save_preset", name="many", values={"petals": 99}, seed=0)
        client.say(
            "export", ending=".png", options={"px": 16}, values={"petals": 99}, seed=0, frame=None
        )
        client.send("nonsense")
    assert client.until("save_preset")[0]["error"]
    assert "error" not in client.draw()[0]


@pytest.mark.exhaustive
def test_a_sketch_that_ends_its_process_as_it_loads_is_loaded_once_until_it_is_saved(client, place):
    log = place[0] / "studio.log"
    save(place, SKETCH + "\nimport os; print('once more', flush=True); os._exit(7)\n")
    said = client.until("load", done=True)[0]["error"]
    assert "ended its process (status 7); save the file" in said
    for petals in range(1, 6):
        client.ask(petals=petals)
        assert "save the file" in client.until("studio")[0]["error"]
    client.say("presets")
    assert "save the file" in client.until("studio")[0]["error"]
    time.sleep(0.5)
    assert log.read_text().count("once more") == 1
    save(place, SKETCH)
    assert "error" not in client.until("load", done=True)[0]
    assert "error" not in client.draw()[0]
