"""A sketch that crashes, loops or prints takes down its worker at most, never the studio."""

import time
from pathlib import Path

import numpy as np
import pytest
from live import SKETCH, Client, pixels, save


def test_a_crash_and_an_endless_loop_end_the_worker_and_not_the_studio(client, place):
    crash = "    if petals == 11: import os; os.abort()\n"
    loop = "    while petals == 12: pass\n"
    save(place, SKETCH.replace("    t = np.lin", f"{crash}{loop}    t = np.lin"))
    client.until("load")
    assert "ended its process (signal 6)" in client.draw(petals=11)[0]["error"]
    assert "error" not in client.draw(petals=3)[0]
    number = client.ask(petals=12)
    time.sleep(0.3)
    client.say("stop")
    assert "stopped" in client.until("draw", id=number)[0]["error"]
    assert "error" not in client.draw(petals=3)[0]


def test_what_the_sketch_prints_or_reads_does_not_disturb_the_line(client, place):
    noise = "    print('x' * 100_000); import sys; sys.stdin.read(); sys.stdout.flush()\n"
    save(place, SKETCH.replace("    t = np.lin", f"{noise}    t = np.lin"))
    client.until("load")
    assert "error" not in client.draw()[0]
    save(place, SKETCH.replace("    t = np.lin", "    raise SystemExit(3)\n    t = np.lin"))
    client.until("load")
    assert "sys.exit(3)" in client.draw()[0]["error"]


@pytest.mark.exhaustive
def test_a_worn_worker_is_replaced_and_the_page_does_not_notice(client, place):
    say = "    import os; print('worker', os.getpid(), flush=True)\n"
    for n in range(56):
        save(place, SKETCH.replace("    t = np.lin", f"{say}    # {n}\n    t = np.lin"))
        assert "error" not in client.until("load")[0]
        assert "error" not in client.draw(px=32)[0]
    for _ in range(100):
        assert "error" not in client.draw(px=32)[0]
        log = (place[0] / "studio.log").read_text()
        seen = {word for word in log.split() if word.isdigit()}
        if len(seen) > 1:
            break
        time.sleep(0.1)
    assert len(seen) == 2


@pytest.mark.exhaustive
def test_a_page_that_leaves_in_the_midst_of_a_picture_leaves_nothing_behind(place):
    slow = SKETCH.replace("    t = np.lin", "    import time; time.sleep(0.5)\n    t = np.lin")
    save(place, slow)
    with Client(place[1]) as client:
        client.open()
        client.ask(petals=11)
    save(place, SKETCH)
    with Client(place[1]) as client:
        client.open()
        first = pixels(client.draw(petals=3)[1])
        np.testing.assert_array_equal(pixels(client.draw(petals=3)[1]), first)
        assert client.draw(petals=4)[0]["id"] == 3


@pytest.mark.exhaustive
def test_a_file_that_never_ends_loading_is_stopped(client, place):
    save(place, SKETCH + "\nwhile True: pass\n")
    while "begun" not in client.hear()[0]:
        pass
    client.say("stop")
    assert "stopped" in client.until("load")[0]["error"]
    save(place, SKETCH)
    assert "error" not in client.until("load")[0]
    assert "error" not in client.draw()[0]


def test_an_export_that_is_stopped_leaves_no_file_behind(client, place):
    endless = """    if petals == 12:
        from pathlib import Path
        from gradart.files.temporary import _under_way
        Path("begun").write_text(str(*_under_way))
        while True: pass
"""
    save(place, SKETCH.replace("    t = np.lin", f"{endless}    t = np.lin"))
    client.until("load")
    client.say("export", ending=".png", options={}, values={"petals": 12}, seed=0, frame=None)
    begun = place[0] / "begun"
    while not begun.exists() or not begun.read_text():
        time.sleep(0.05)
    folder = Path(begun.read_text())
    assert folder.is_dir()
    client.say("cancel")
    assert client.until("export", done=True)[0]["interrupted"]
    while folder.exists():
        time.sleep(0.05)
