"""The line between page and studio: what is asked for comes, and nothing takes the studio down."""

import contextlib
import time

import numpy as np
import pytest
from live import FILM, SKETCH, Line, pixels, save, watched
from PIL import Image

from gradart.command.cli import main


def test_a_sketch_is_described_by_its_signature(place):
    with Line(place[1]) as line:
        sketch = line.open()["sketch"]
    radius, petals, look, stroke, dark = sketch["parameters"]
    assert (sketch["name"], sketch["title"]) == ("ring", "A ring of petals.")
    assert (radius["low"], radius["high"], radius["help"]) == (0.1, 2, "of the ring")
    assert look["choices"] == ["plain", "bold"]
    types = [p["type"] for p in (petals, stroke, dark)]
    assert types == ["int", "color", "bool"]


def test_a_picture_is_what_gradart_run_draws(line, place, monkeypatch):
    monkeypatch.chdir(place[0])
    head, body = line.show(px=300, radius=1.5, petals=7)
    assert main(["run", "ring.py", "--radius", "1.5", "--petals", "7", "--px", "300"]) == 0
    np.testing.assert_array_equal(
        pixels(body), pixels((place[0] / "ring_radius1.5_petals7.png").read_bytes())
    )
    assert head["page"] == [200, 200, 15]
    assert min(head["stages"].values()) >= 0


def test_a_part_of_the_page_is_that_part_drawn_larger(line):
    _, whole = line.show(px=800)
    _, part = line.show(px=400, view=[50, 25, 100, 100])
    np.testing.assert_array_equal(pixels(part), pixels(whole)[100:500, 200:600])


def test_the_newest_picture_is_drawn_and_what_was_overtaken_is_not(line):
    ids = [line.ask(kind="jpeg", radius=0.5 + i / 100) for i in range(60)]
    heard = []
    while not heard or heard[-1] < ids[-1]:
        head, body = line.until("show")
        heard.append(head["id"])
    assert heard == sorted(heard)
    assert heard[-1] == ids[-1]
    assert len(heard) < 30
    wanted = pixels(line.show(kind="jpeg", radius=0.5 + 59 / 100)[1])
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
def test_parameters_are_checked_as_the_command_line_checks_them(line, values, says):
    head, _ = line.show(**values)
    assert says in head["error"]
    assert "error" not in line.show()[0]


@pytest.mark.parametrize(
    "message",
    [
        "nonsense",
        "[]",
        '{"do": "load", "file": "/etc/passwd", "sketch": null}',
        '{"do": "open", "sketch": "../other"}',
        '{"do": "show"}',
        '{"do": "show", "id": 1, "values": {}, "seed": -1, "px": 100, "frame": null,'
        ' "kind": "png", "view": null}',
        '{"do": "show", "id": 1, "values": {"radius": [[[1]]]}, "seed": 0, "px": 100,'
        ' "frame": null, "kind": "png", "view": null}',
        '{"do": "show", "id": 1, "values": {}, "seed": 0, "px": 1000000, "frame": null,'
        ' "kind": "png", "view": null}',
        '{"do": "show", "id": 1, "values": {}, "seed": 0, "px": 100, "frame": null,'
        ' "kind": "png", "view": [0, 0, NaN, 1]}',
        "[" * 30_000,
    ],
)
def test_a_wrong_message_is_refused_and_the_line_stays(line, message):
    line.send(message)
    assert line.until("studio")[0]["error"]
    assert "error" not in line.show()[0]


def test_a_save_is_loaded_and_a_broken_one_says_where(line, place):
    before = pixels(line.show()[1])
    save(place, SKETCH.replace("0.2 * np.cos", "0.5 * np.cos"))
    assert "error" not in line.until("load")[0]
    after = pixels(line.show()[1])
    assert (before != after).any()

    save(place, SKETCH.replace("return ga.scene(", "return ga.scene(("))
    assert "ring.py, line" in line.until("load")[0]["error"]
    np.testing.assert_array_equal(pixels(line.show()[1]), after)  # the last good one
    save(place, SKETCH.replace("np.linspace", "np.linspice"))
    assert "error" not in line.until("load")[0]
    assert "ring, line 15: AttributeError" in line.show()[0]["error"]
    save(place, SKETCH)
    assert "error" not in line.until("load")[0]
    np.testing.assert_array_equal(pixels(line.show()[1]), before)


def test_modules_that_the_sketch_imports_are_loaded_anew(line, place):
    helper = place[0] / "petal.py"
    helper.write_text("depth = 0.2\n")
    text = SKETCH.replace("import numpy", "import petal\nimport numpy")
    save(place, text.replace("0.2 * np", "petal.depth * np"))
    assert "error" not in line.until("load")[0]
    before = pixels(line.show()[1])
    helper.write_text("depth = 0.9\n")  # of the same length, perhaps in the same second
    assert "error" not in line.until("load")[0]
    assert (pixels(line.show()[1]) != before).any()
    helper.write_text("depth = \n")
    assert "petal.py" in line.until("load")[0]["error"]
    helper.write_text("depth = 0.2\n")
    assert "error" not in line.until("load")[0]
    np.testing.assert_array_equal(pixels(line.show()[1]), before)


def test_a_crash_and_an_endless_loop_end_the_worker_and_not_the_studio(line, place):
    crash = "    if petals == 11: import os; os.abort()\n"
    loop = "    while petals == 12: pass\n"
    save(place, SKETCH.replace("    t = np.lin", f"{crash}{loop}    t = np.lin"))
    line.until("load")
    assert "ended its process (signal 6)" in line.show(petals=11)[0]["error"]
    assert "error" not in line.show(petals=3)[0]
    number = line.ask(petals=12)
    time.sleep(0.3)
    line.say("stop")
    assert "stopped" in line.until("show", id=number)[0]["error"]
    assert "error" not in line.show(petals=3)[0]


def test_what_the_sketch_prints_or_reads_does_not_disturb_the_line(line, place):
    noise = "    print('x' * 100_000); import sys; sys.stdin.read(); sys.stdout.flush()\n"
    save(place, SKETCH.replace("    t = np.lin", f"{noise}    t = np.lin"))
    line.until("load")
    assert "error" not in line.show()[0]
    save(place, SKETCH.replace("    t = np.lin", "    raise SystemExit(3)\n    t = np.lin"))
    line.until("load")
    assert "sys.exit(3)" in line.show()[0]["error"]


def test_an_export_has_the_bytes_of_gradart_run(line, place, monkeypatch):
    monkeypatch.chdir(place[0])
    for ending, px in ((".png", 300), (".svg", None), (".pdf", None)):
        values = {"values": {"radius": 1.25, "dark": True}, "seed": 3, "frame": None}
        line.say("export", ending=ending, options={"px": px} if px else {}, **values)
        head, body = line.until("export", done=True)
        size = ["--px", str(px)] if px else []
        words = ["run", "ring.py", "--radius", "1.25", "--dark", "--seed", "3", *size]
        name = f"ring_seed3_radius1.25_darktrue{ending}"
        assert main([*words, "-o", name]) == 0
        assert head["name"] == name
        assert body == (place[0] / name).read_bytes()


def test_what_is_liked_is_kept_with_what_made_it(line, place):
    state = {"values": {"petals": 8, "stroke": "#3a6ea5"}, "seed": 5}
    line.say("like", frame=None, **state)
    head, body = line.until("like", done=True)
    assert head["values"]["petals"] == 8
    assert head["seed"] == 5
    assert max(pixels(body).shape) == 240
    with Image.open(place[0] / "liked" / head["name"]) as kept:
        assert max(kept.size) == 2048
    line.say("liked")
    again, thumb = line.until("liked")
    assert (again["name"], again["values"], thumb) == (head["name"], head["values"], body)
    line.say("keep_preset", name="blue", **state)
    assert line.until("keep_preset")[0]["presets"]["blue"]["values"]["stroke"] == "#3a6ea5"
    line.say("drop_preset", name="blue")
    assert line.until("drop_preset")[0]["presets"] == {}
    line.say("keep_preset", name="wrong", values={"petals": 99}, seed=0)
    assert "petals must be" in line.until("keep_preset")[0]["error"]


def test_a_grid_draws_each_cell_and_gives_way_to_a_picture(line):
    cells = [{"values": {"petals": n}, "seed": 0} for n in range(1, 10)]
    line.say("grid", id=1, px=80, cells=cells)
    line.ask(radius=2.0)
    heard = []
    while len(heard) < 10:
        head, body = line.hear()
        heard.append(head["cell"] if head["of"] == "grid" else "picture")
    assert heard.index("picture") < 8
    heard.remove("picture")
    assert heard == list(range(9))
    np.testing.assert_array_equal(pixels(body), pixels(line.show(kind="jpeg", px=80, petals=9)[1]))
    line.say("grid", id=2, px=80, cells=[{"values": {"petals": 99}, "seed": 0}] * 2)
    assert "petals must be" in line.until("grid", cell=1)[0]["error"]


def test_a_film_is_rolled_frame_by_frame_and_gives_way(line, place):
    save(place, FILM)
    line.until("load")
    head, _ = line.show(px=100)
    assert (head["frames"], head["frame"]) == (10, 0)
    third = pixels(line.show(px=100, frame=3, kind="jpeg")[1])
    line.say("roll", id=1, values={}, seed=0, px=100, first=7)
    numbers, bodies = [], {}
    while not (answer := line.until("roll", id=1))[0].get("done"):
        numbers.append(answer[0]["frame"])
        bodies[numbers[-1]] = pixels(answer[1])
    assert numbers == [7, 8, 9, 0, 1, 2, 3, 4, 5, 6]
    np.testing.assert_array_equal(bodies[3], third)
    assert (bodies[3] != bodies[8]).any()
    line.say("roll", id=2, values={}, seed=0, px=1000, first=0)
    line.until("roll", id=2, frame=0)
    line.ask(length=0.5)
    assert line.until("roll", id=2, done=True)[0].get("halted")
    line.say("export", ending=".gif", options={"px": 60}, values={}, seed=0, frame=None)
    frames = [line.until("export", frame=n)[0]["frames"] for n in range(1, 11)]
    assert frames == [10] * 10
    _, data = line.until("export", done=True)
    with contextlib.chdir(place[0]):  # the way to the sketch is told from where one works
        main(["run", "ring.py", "--px", "60", "-o", "hand.gif"])
    assert data == (place[0] / "hand.gif").read_bytes()


def test_a_worn_worker_is_replaced_and_the_page_does_not_notice(line, place):
    say = "    import os; print('worker', os.getpid(), flush=True)\n"
    for n in range(56):
        save(place, SKETCH.replace("    t = np.lin", f"{say}    # {n}\n    t = np.lin"))
        assert "error" not in line.until("load")[0]
        assert "error" not in line.show(px=32)[0]
    for _ in range(100):
        assert "error" not in line.show(px=32)[0]
        log = (place[0] / "studio.log").read_text()
        seen = {word for word in log.split() if word.isdigit()}
        if len(seen) > 1:
            break
        time.sleep(0.1)
    assert len(seen) == 2


BOWL = SKETCH.replace(
    "    return ga.scene(",
    "    def bowl(p):\n        return radius * (p[0] ** 2 + 3 * p[1])\n"
    "    depth = ga.value(bowl, np.zeros((1, 2)))\n    return ga.scene(",
)


def test_a_field_is_looked_at_with_its_derivative(line, place):
    save(place, BOWL)
    line.until("load")
    assert line.show()[0]["fields"] == ["bowl"]
    line.say("probe", id=9, values={"radius": 2.0}, seed=0, field=0, at=[1.5, -1])
    head, _ = line.until("probe", id=9)
    assert (head["name"], head["value"], head["gradient"]) == ("bowl", -1.5, [6, 6])
    save(place, BOWL.replace("p[0] ** 2", "np.sqrt(p[0])").replace("import num", "import jax.num"))
    assert "error" not in line.until("load")[0]
    line.say("probe", id=10, values={}, seed=0, field=5, at=[-1, 0])
    head, _ = line.until("probe", id=10)
    assert (head["value"], head["gradient"]) == (None, [None, None])
    save(place, SKETCH)
    line.until("load")
    assert line.show()[0]["fields"] == []


def test_a_folder_is_a_list_with_a_picture_of_each_sketch(tmp_path):
    (tmp_path / "ring.py").write_text(SKETCH)
    (tmp_path / "wrong.py").write_text(SKETCH.replace("t = np", "t = pn"))
    (tmp_path / "broken.py").write_text("import")
    two = SKETCH + SKETCH.partition("as ga")[2].replace("def ring", "def round")
    (tmp_path / "two.py").write_text(two)
    (tmp_path / "order.txt").write_text("two\nring\n")
    with watched(".", folder=tmp_path) as (url, _), Line(url) as line:
        assert line.hello["folder"]
        line.say("list", px=60)
        assert line.until("list")[0]["names"] == ["two", "ring", "broken", "wrong"]
        found = {}
        while not (answer := line.until("list"))[0].get("done"):
            found[answer[0]["place"]] = answer
        assert list(found) == ["two:ring", "two:round", "ring", "broken", "wrong"]
        assert found["two:round"][0]["title"] == "A ring of petals."
        assert "broken.py, line 1" in found["broken"][0]["wrong"]
        assert "NameError" in found["wrong"][0]["wrong"]
        line.open("ring")
        np.testing.assert_array_equal(
            pixels(found["ring"][1]), pixels(line.show(px=60, kind="jpeg")[1])
        )
        assert line.open("two:round")["sketch"]["name"] == "round"
        for name in ("..", "/etc/passwd", "order", "ring.py"):
            line.say("open", sketch=name)
            assert "there is no sketch" in line.until("studio")[0]["error"], name


def test_a_page_that_leaves_in_the_midst_of_a_picture_leaves_nothing_behind(place):
    slow = SKETCH.replace("    t = np.lin", "    import time; time.sleep(0.5)\n    t = np.lin")
    save(place, slow)
    with Line(place[1]) as line:
        line.open()
        line.ask(petals=11)
    save(place, SKETCH)
    with Line(place[1]) as line:
        line.open()
        first = pixels(line.show(petals=3)[1])
        np.testing.assert_array_equal(pixels(line.show(petals=3)[1]), first)
        assert line.show(petals=4)[0]["id"] == 3


def test_a_warning_is_told_with_the_picture(line, place):
    nothing = "ga.lines(np.full((2, 2), np.nan)),\n        ga.lines(points,"
    save(place, SKETCH.replace("ga.lines(points,", nothing))
    line.until("load")
    [note] = line.show()[0]["notes"]
    assert "has no point" in note


def test_a_file_that_never_ends_loading_is_stopped(line, place):
    save(place, SKETCH + "\nwhile True: pass\n")
    while "begun" not in line.hear()[0]:
        pass
    line.say("stop")
    assert "stopped" in line.until("load")[0]["error"]
    save(place, SKETCH)
    assert "error" not in line.until("load")[0]
    assert "error" not in line.show()[0]


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


@pytest.mark.parametrize("blend", ["ink", "light", "over"])
def test_a_frame_is_as_dark_on_the_page_as_in_the_file_whatever_the_zoom(line, place, blend):
    save(place, INK.replace('blend="ink"', f'blend="{blend}"'))
    line.until("load")
    whole = {}
    for frame in (0, 6):
        _, body = line.show(px=400, frame=frame)
        name = place[0] / f"fade{frame}.png"
        words = ["run", place[0] / "ring.py", "--px", 400, "--at", frame / 10, "-o", name]
        assert main([str(word) for word in words]) == 0
        whole[frame] = pixels(name.read_bytes()).astype(int)
        np.testing.assert_array_equal(pixels(body), whole[frame])
        for view in ([0, 0, 100, 100], [100, 50, 100, 100]):
            _, body = line.show(px=400, frame=frame, view=view)
            part = pixels(body).astype(float).mean((0, 1))
            left, top = (2 * side for side in view[:2])
            there = whole[frame][top : top + 200, left : left + 200].mean((0, 1))
            assert np.abs(part - there).max() < 1.5, (frame, view)
    line.say("roll", id=1, values={}, seed=0, px=400, first=0)
    frames = {}
    while not (answer := line.until("roll", id=1))[0].get("done"):
        frames[answer[0]["frame"]] = pixels(answer[1]).astype(float).mean()
    assert abs(frames[6] - whole[6].mean()) < 1
    assert abs(frames[0] - whole[0].mean()) < 1
