"""What a browser asks of a studio comes, in turn or as the newest, and as `run` draws it."""

import numpy as np
import pytest
from live import SKETCH, Client, pixels, save, watched
from PIL import Image

from gradart.command.cli import main


def test_a_sketch_is_described_by_its_signature(place):
    with Client(place[1]) as client:
        sketch = client.open()["sketch"]
    radius, petals, look, stroke, dark = sketch["parameters"]
    assert (sketch["name"], sketch["title"]) == ("ring", "A ring of petals.")
    assert (radius["low"], radius["high"], radius["help"]) == (0.1, 2, "of the ring")
    assert look["choices"] == ["plain", "bold"]
    types = [p["type"] for p in (petals, stroke, dark)]
    assert types == ["int", "color", "bool"]


def test_a_picture_is_what_gradart_run_draws(client, place, monkeypatch):
    monkeypatch.chdir(place[0])
    head, body = client.draw(px=300, radius=1.5, petals=7)
    assert main(["run", "ring.py", "--radius", "1.5", "--petals", "7", "--px", "300"]) == 0
    np.testing.assert_array_equal(
        pixels(body), pixels((place[0] / "ring_radius1.5_petals7.png").read_bytes())
    )
    assert head["page"] == [200, 200, 15]
    assert min(head["stages"].values()) >= 0


def test_a_part_of_the_page_is_that_part_drawn_larger(client):
    _, whole = client.draw(px=800)
    _, part = client.draw(px=400, view=[50, 25, 100, 100])
    np.testing.assert_array_equal(pixels(part), pixels(whole)[100:500, 200:600])


def test_the_newest_picture_is_drawn_and_what_was_overtaken_is_not(client):
    ids = [client.ask(kind="jpeg", radius=0.5 + i / 100) for i in range(60)]
    heard = []
    while not heard or heard[-1] < ids[-1]:
        head, body = client.until("draw")
        heard.append(head["id"])
    assert heard == sorted(heard)
    assert heard[-1] == ids[-1]
    assert len(heard) < 30
    wanted = pixels(client.draw(kind="jpeg", radius=0.5 + 59 / 100)[1])
    np.testing.assert_array_equal(pixels(body), wanted)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"radius": 3}, "radius must be a number from 0.1 to 2, not 3"),
        ({"radius": "1; import os"}, "radius must be a number from 0.1 to 2"),
        ({"radius": [1]}, r"radius must be a number from 0.1 to 2, not [1]"),
        ({"petals": 2.5}, "petals must be a whole number from 1 to 12"),
        ({"petals": True}, "petals must be a whole number"),
        ({"look": "loud"}, "look must be one of plain, bold"),
        ({"stroke": "reddish"}, "stroke must be a color"),
        ({"radios": 1}, "ring has no parameter radios; did you mean radius?"),
    ],
)
def test_parameters_are_checked_as_the_command_line_checks_them(client, values, says):
    head, _ = client.draw(**values)
    assert says in head["error"]
    assert "error" not in client.draw()[0]


@pytest.mark.parametrize(
    "message",
    [
        "nonsense",
        "[]",
        '{"do": "load", "file": "/etc/passwd", "sketch": null}',
        '{"do": "open", "sketch": "../other"}',
        '{"do": "draw"}',
        '{"do": "draw", "id": 1, "values": {}, "seed": -1, "px": 100, "frame": null,'
        ' "kind": "png", "view": null, "held": false}',
        '{"do": "draw", "id": 1, "values": {"radius": [[[1]]]}, "seed": 0, "px": 100,'
        ' "frame": null, "kind": "png", "view": null, "held": false}',
        '{"do": "draw", "id": 1, "values": {}, "seed": 0, "px": 1000000, "frame": null,'
        ' "kind": "png", "view": null, "held": false}',
        '{"do": "draw", "id": 1, "values": {}, "seed": 0, "px": 100, "frame": null,'
        ' "kind": "png", "view": [0, 0, NaN, 1], "held": false}',
        "[" * 30_000,
    ],
)
def test_a_wrong_message_is_refused_and_the_line_stays(client, message):
    client.send(message)
    assert client.until("studio")[0]["error"]
    assert "error" not in client.draw()[0]


def test_a_save_is_loaded_and_a_broken_one_says_where(client, place):
    before = pixels(client.draw()[1])
    save(place, SKETCH.replace("0.2 * np.cos", "0.5 * np.cos"))
    assert "error" not in client.until("load")[0]
    after = pixels(client.draw()[1])
    assert (before != after).any()

    save(place, SKETCH.replace("return ga.scene(", "return ga.scene(("))
    assert "ring.py, line" in client.until("load")[0]["error"]
    np.testing.assert_array_equal(pixels(client.draw()[1]), after)  # the last good one
    save(place, SKETCH.replace("np.linspace", "np.linspice"))
    assert "error" not in client.until("load")[0]
    assert "ring, line 15: AttributeError" in client.draw()[0]["error"]
    save(place, SKETCH)
    assert "error" not in client.until("load")[0]
    np.testing.assert_array_equal(pixels(client.draw()[1]), before)


def test_modules_that_the_sketch_imports_are_loaded_anew(client, place):
    helper = place[0] / "petal.py"
    helper.write_text("depth = 0.2\n")
    text = SKETCH.replace("import numpy", "import petal\nimport numpy")
    save(place, text.replace("0.2 * np", "petal.depth * np"))
    assert "error" not in client.until("load")[0]
    before = pixels(client.draw()[1])
    helper.write_text("depth = 0.9\n")  # of the same length, perhaps in the same second
    assert "error" not in client.until("load")[0]
    assert (pixels(client.draw()[1]) != before).any()
    helper.write_text("depth = \n")
    assert "petal.py" in client.until("load")[0]["error"]
    helper.write_text("depth = 0.2\n")
    assert "error" not in client.until("load")[0]
    np.testing.assert_array_equal(pixels(client.draw()[1]), before)


def test_an_export_has_the_bytes_of_gradart_run(client, place, monkeypatch):
    monkeypatch.chdir(place[0])
    for ending, px in ((".png", 300), (".svg", None), (".pdf", None)):
        values = {"values": {"radius": 1.25, "dark": True}, "seed": 3, "frame": None}
        client.say("export", ending=ending, options={"px": px} if px else {}, **values)
        head, body = client.until("export", done=True)
        size = ["--px", str(px)] if px else []
        words = ["run", "ring.py", "--radius", "1.25", "--dark", "--seed", "3", *size]
        name = f"ring_seed3_radius1.25_darktrue{ending}"
        assert main([*words, "-o", name]) == 0
        assert head["name"] == name
        assert body == (place[0] / name).read_bytes()


def test_what_is_liked_is_kept_with_what_made_it(client, place):
    state = {"values": {"petals": 8, "stroke": "#3a6ea5"}, "seed": 5}
    client.say("like", frame=None, **state)
    head, body = client.until("like", done=True)
    assert head["values"]["petals"] == 8
    assert head["seed"] == 5
    assert max(pixels(body).shape) == 240
    with Image.open(place[0] / "liked" / head["name"]) as kept:
        assert max(kept.size) == 2048
    client.say("liked")
    again, thumb = client.until("liked")
    assert (again["name"], again["values"], thumb) == (head["name"], head["values"], body)
    client.say("save_preset", name="blue", **state)
    assert client.until("save_preset")[0]["presets"]["blue"]["values"]["stroke"] == "#3a6ea5"
    client.say("delete_preset", name="blue")
    assert client.until("delete_preset")[0]["presets"] == {}
    client.say("save_preset", name="wrong", values={"petals": 99}, seed=0)
    assert "petals must be" in client.until("save_preset")[0]["error"]


def test_a_grid_draws_each_cell_and_gives_way_to_a_picture(client):
    cells = [{"values": {"petals": n}, "seed": 0} for n in range(1, 10)]
    client.say("grid", id=1, px=80, cells=cells)
    client.ask(radius=2.0)
    heard = []
    while len(heard) < 10:
        head, body = client.hear()
        heard.append(head["cell"] if head["of"] == "grid" else "picture")
    assert heard.index("picture") < 8
    heard.remove("picture")
    assert heard == list(range(9))
    np.testing.assert_array_equal(
        pixels(body), pixels(client.draw(kind="jpeg", px=80, petals=9)[1])
    )
    client.say("grid", id=2, px=80, cells=[{"values": {"petals": 99}, "seed": 0}] * 2)
    assert "petals must be" in client.until("grid", cell=1)[0]["error"]


def test_pictures_that_overtake_each_other_are_those_that_were_asked_for(client):
    """One is computed while another is encoded; the newest is always drawn."""
    radii = [0.1 + 0.05 * n for n in range(30)]
    asked = {client.ask(kind="jpeg", px=200, radius=r): r for r in radii}
    drawn = {}
    while max(asked) not in drawn:
        head, body = client.until("draw")
        drawn[head["id"]] = body
    assert list(drawn) == sorted(drawn)
    for number, body in drawn.items():
        np.testing.assert_array_equal(
            pixels(body), pixels(client.draw(kind="jpeg", px=200, radius=asked[number])[1])
        )


BOWL = SKETCH.replace(
    "    return ga.scene(",
    "    def bowl(p):\n        return radius * (p[0] ** 2 + 3 * p[1])\n"
    "    depth = ga.value(bowl, np.zeros((1, 2)))\n    return ga.scene(",
)


def test_a_field_is_looked_at_with_its_derivative(client, place):
    save(place, BOWL)
    client.until("load")
    assert client.draw()[0]["fields"] == ["bowl"]
    client.say("probe", id=9, values={"radius": 2.0}, seed=0, field=0, at=[1.5, -1])
    head, _ = client.until("probe", id=9)
    assert (head["name"], head["value"], head["gradient"]) == ("bowl", -1.5, [6, 6])
    save(place, BOWL.replace("p[0] ** 2", "np.sqrt(p[0])").replace("import num", "import jax.num"))
    assert "error" not in client.until("load")[0]
    client.say("probe", id=10, values={}, seed=0, field=5, at=[-1, 0])
    head, _ = client.until("probe", id=10)
    assert (head["value"], head["gradient"]) == (None, [None, None])
    save(place, SKETCH)
    client.until("load")
    assert client.draw()[0]["fields"] == []


@pytest.mark.exhaustive
def test_a_folder_is_a_list_with_a_picture_of_each_sketch(tmp_path):
    (tmp_path / "ring.py").write_text(SKETCH)
    (tmp_path / "wrong.py").write_text(SKETCH.replace("t = np", "t = pn"))
    (tmp_path / "broken.py").write_text("import")
    two = SKETCH + SKETCH.partition("as ga")[2].replace("def ring", "def round")
    (tmp_path / "two.py").write_text(two)
    (tmp_path / "order.txt").write_text("two\nring\n")
    with watched(".", folder=tmp_path) as (url, _), Client(url) as client:
        assert client.hello["folder"]
        client.say("list", px=60)
        assert client.until("list")[0]["names"] == ["two", "ring", "broken", "wrong"]
        found = {}
        while not (answer := client.until("list"))[0].get("done"):
            found[answer[0]["address"]] = answer
        assert {*found} == {"two:ring", "two:round", "ring", "broken", "wrong"}
        assert found["two:round"][0]["title"] == "A ring of petals."
        assert "broken.py, line 1" in found["broken"][0]["wrong"]
        assert "NameError" in found["wrong"][0]["wrong"]
        client.open("ring")
        np.testing.assert_array_equal(
            pixels(found["ring"][1]), pixels(client.draw(px=60, kind="jpeg")[1])
        )
        assert client.open("two:round")["sketch"]["name"] == "round"
        for name in ("..", "/etc/passwd", "order", "ring.py"):
            client.say("open", sketch=name)
            assert "there is no sketch" in client.until("studio")[0]["error"], name


def _listed(folder, cache):
    """What a studio of its own tells of a folder, by address."""
    with watched(".", folder=folder, cache=cache) as (url, _), Client(url) as client:
        client.say("list", px=60)
        client.until("list")
        found = {}
        while not (answer := client.until("list"))[0].get("done"):
            found[answer[0]["address"]] = answer
        return found


@pytest.mark.exhaustive
def test_small_pictures_are_kept_until_what_they_were_made_from_changes(tmp_path):
    folder, cache = tmp_path / "sketches", tmp_path / "cache"
    folder.mkdir()
    counted = f"{SKETCH}\nwith open(__file__ + '.runs', 'a') as f:\n    f.write('x')\n"
    (folder / "one.py").write_text(counted)
    far = counted.replace("(2.4, 2.4)", "(_far.FAR, 2.4)")
    (folder / "two.py").write_text(far.replace("import num", "import _far\nimport num"))
    (folder / "_far.py").write_text("FAR = 2.4")

    def runs():
        return {name: len((folder / f"{name}.py.runs").read_text()) for name in ("one", "two")}

    first = _listed(folder, cache)
    assert {*first} == {"one", "two"}
    assert runs() == {"one": 1, "two": 1}
    assert _listed(folder, cache) == first
    assert runs() == {"one": 1, "two": 1}
    (folder / "_far.py").write_text("FAR = 4.4")
    third = _listed(folder, cache)
    assert runs() == {"one": 1, "two": 2}
    assert third["one"] == first["one"]
    assert third["two"][1] != first["two"][1]


@pytest.mark.exhaustive
def test_a_warning_is_told_with_the_picture(client, place):
    nothing = "ga.lines(np.full((2, 2), np.nan)),\n        ga.lines(points,"
    save(place, SKETCH.replace("ga.lines(points,", nothing))
    client.until("load")
    [note] = client.draw()[0]["notes"]
    assert "has no point" in note
