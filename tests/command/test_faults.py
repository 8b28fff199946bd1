"""Faults of the machine while pictures are made."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from gradart.rendering.files.atomic import _HERE

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")

PIECES = """
@ga.sketch(page="square")
def still(key, n=3000):
    return ga.scene(ga.lines(jax.random.normal(key, (n, 2))))

@ga.sketch(page="square", seconds=1, fps=10)
def film():
    return lambda u: ga.scene(ga.dots([(0, 0), (1, u)], 20))
"""
# A process that may write no more than 900 bytes into a file, which fails as a full disk does.
FULL = """
import resource, signal, sys
from gradart.command.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.dont_write_bytecode = True  # Python would keep half of a module that is compiled here
resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))
for line in sys.stdin.read().splitlines():
    print(main(["run", *line.split(), "--px", "90"]), file=sys.stderr)
"""


@pytest.fixture
def pieces(studio):
    return studio("pieces.py", PIECES)


def _contents(folder):
    return {p: p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


@pytest.mark.exhaustive
def test_a_full_disk_leaves_what_was_there(pieces, tmp_path):
    names = "a.png", "a.svg", "a.pdf", "b.gif", "b.webp", "b.apng", "b.mp4"
    for name in names:
        (tmp_path / name).write_text("before")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "frame_0000.png").write_text("before")
    before = _contents(tmp_path)
    lines = [f"pieces.py:{'still' if name[0] == 'a' else 'film'} -o {name}" for name in names]
    done = subprocess.run(
        [sys.executable, "-c", FULL],
        input="\n".join([*lines, "pieces.py:film -o c"]),
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        timeout=300,
    )
    assert done.stdout == ""
    said = [line for line in done.stderr.splitlines() if "note: --px" not in line]
    assert said[1::2] == ["1"] * 8, said
    for name, line in zip([*names, "c"], said[::2], strict=True):
        assert line.startswith("gradart: ")
        assert name in line or (name == "b.mp4" and "ffmpeg has failed" in line)
    assert _contents(tmp_path) == before


@pytest.mark.exhaustive
def test_two_writers_of_one_file(pieces, gradart, tmp_path):
    """Each of them reports success, and the file is that of one of them, whole."""
    wanted = []
    for seed in range(2):
        gradart("run", "pieces.py:still", "--seed", seed, "-o", "wanted.svg")
        wanted.append((tmp_path / "wanted.svg").read_bytes())
    found = set()

    def read():
        while not over.is_set():
            with contextlib.suppress(FileNotFoundError):
                found.add(Path("one.svg").read_bytes())
            time.sleep(0.001)

    over = threading.Event()
    reader = threading.Thread(target=read)
    reader.start()
    code = (
        "import sys; from gradart.command.cli import main\n"
        "for _ in range(4): assert main(['run', *sys.argv[1:], '--seed', '0']) == 0"
    )
    words = ["pieces.py:still", "-o", "one.svg"]
    other = subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.DEVNULL)
    try:
        while other.poll() is None:
            assert gradart("run", *words, "--seed", 1)[0] == 0
        assert other.returncode == 0
    finally:
        other.kill()
        other.wait()
        over.set()
        reader.join()
    assert found
    assert found <= set(wanted)
    assert Path("one.svg").read_bytes() in wanted
    assert not list(tmp_path.glob(".*"))


ENDLESS = """
@ga.sketch
def endless(n=0):
    from pathlib import Path
    from gradart.rendering.files.atomic import replacing
    if n:
        with replacing(Path("half.png")) as half:
            half.touch()
            loop = jax.jit(lambda x: jax.lax.while_loop(lambda x: x >= 0, lambda x: x + n, x))
            endless = loop.lower(0.0).compile()  # before, so that it is the loop that is met
            Path("begun").write_text("begun")
            endless(0.0).block_until_ready()
    return ga.scene(ga.dots([(0, 0), (1, 1)]))
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_is_heard_within_a_native_call(studio, tmp_path, jobs):
    """A loop without end, compiled: Python hears nothing while it runs, here or in a worker."""
    studio("endless.py", ENDLESS)
    code = (
        # A shell's background job starts with the signal ignored, and hands that on.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import sys; from gradart.command.cli import main; sys.exit(main())"
    )
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            code,
            "run",
            "endless.py",
            *f"--px 20 -p n=0,1 --jobs {jobs}".split(),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().startswith("endless_n0.png")
    while not (tmp_path / "begun").exists():
        time.sleep(0.02)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "gradart: stopped; what was finished is kept\n"
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == [
        *("begun", "endless.py", "endless_n0.png")
    ]


@pytest.mark.parametrize(
    ("program", "says"),
    [
        (None, "ffmpeg is missing"),
        ("kill -9 $$", "ffmpeg has failed"),
        ("head -c 1000 >/dev/null; kill -9 $$", "ffmpeg has failed"),
        ("cat >/dev/null; echo 'no such codec' >&2; exit 1", "no such codec"),
    ],
)
def test_no_ffmpeg_or_one_that_dies(pieces, gradart, tmp_path, monkeypatch, program, says):
    ffmpeg = tmp_path / "ffmpeg"
    if program:
        ffmpeg.write_text(f"#!/bin/sh\n{program}\n")
        ffmpeg.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(ffmpeg))
    (tmp_path / "film.mp4").write_text("before")
    before = _contents(tmp_path)
    status, out, [err] = gradart("run", "pieces.py:film", "--px", 90, "-o", "film.mp4")
    assert (status, out) == (1, [])
    assert re.match(f"gradart: film: .*{says}", err)
    assert _contents(tmp_path) == before


def test_what_a_dead_process_left_is_removed_at_the_next_start(pieces, gradart, tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    (tmp_path / f".still.png.gradart-{_HERE}-{dead.pid}-3.tmp").write_text("half")
    frames = tmp_path / f".film.gradart-{_HERE}-{dead.pid}-4.tmp"
    frames.mkdir()
    (frames / "frame_0000.png").write_text("half")
    mine = tmp_path / f".still.png.gradart-{_HERE}-{os.getpid()}-99999.tmp"
    mine.write_text("another thread's")
    assert gradart("run", "pieces.py:still", "--px", 20)[0] == 0
    assert {p.name for p in tmp_path.glob(".*")} == {mine.name}
