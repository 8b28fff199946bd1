"""A format is told once: in a line of the registry and in its file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import gradart as ga
from gradart.errors import ArtError
from gradart.rendering.files.streams import Stream, stream
from gradart.rendering.formats.provenance import read
from gradart.rendering.formats.registry import FORMATS, HEAD, Format, format_of, recognized
from gradart.studio.server import messages
from gradart.studio.worker.sketch_runner import described

# Portable pixmaps, whose comments say where they come from.
PPM = '''
"""PPM: pixels and nothing else."""


def write(target, still, spec):
    pixels = still.pixels()[..., :3]
    height, width = pixels.shape[:2]
    head = f"P6\\n#{spec.provenance}\\n{width} {height}\\n255\\n"
    target.write_bytes(head.encode() + pixels.tobytes())


def text_in(file):
    file.seek(4)
    return file.readline()
'''
STILL = """
@ga.sketch(page="30x20mm")
def still(x=1.0):
    return ga.scene(ga.lines([(0, 0), (x, 1)]))
"""


@pytest.fixture
def ppm(tmp_path_factory, monkeypatch):
    """A new format: its file, and its line."""
    folder = tmp_path_factory.mktemp("formats")
    (folder / "toy_ppm.py").write_text(PPM)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "toy_ppm", raising=False)
    monkeypatch.setitem(FORMATS, ".ppm", Format(".ppm", "still", "toy_ppm", 60, signature=b"P6"))


def test_a_format_is_a_file_and_a_line(ppm, studio, gradart, tmp_path, capsys):
    studio("still.py", STILL)
    status, [made], err = gradart("run", "still.py", "--x", 2.5, "-o", "a.ppm")
    assert (status, err) == (0, [])
    assert "60 x 40 px" in made
    data = (tmp_path / "a.ppm").read_bytes()
    assert len(data.partition(b"\n60 40\n255\n")[2]) == 60 * 40 * 3
    assert read(tmp_path / "a.ppm")["parameters"] == {"x": 2.5}
    (tmp_path / "a.ppm").rename(tmp_path / "bare")
    assert gradart("rerun", "bare")[1] == ["bare  made again, byte for byte the same"]
    assert stream(Path("ppm:-")) == Stream(Path("-"), ".ppm")
    with pytest.raises(SystemExit):
        gradart("run", "--help")
    assert ".ppm" in capsys.readouterr().out
    with pytest.raises(ArtError, match=r"write one of \.png .*\.ppm"):
        format_of(tmp_path / "a.bmp")


def test_the_page_gets_its_list_of_formats(ppm):
    sketch = ga.sketch(lambda: ga.scene())
    told = [(f["suffix"], f["kind"]) for f in described(sketch)["formats"]]
    assert told == [(f.suffix, f.kind) for e, f in FORMATS.items() if e == f.suffix != ""]
    message = {"do": "export", "values": {}, "seed": 0, "frame": None, "options": {}}
    for suffix, _ in told:
        messages.read(json.dumps(message | {"ending": suffix}))
    for wrong in ("", ".bmp", 3):
        with pytest.raises(ArtError, match=r"ending must be one of \.png"):
            messages.read(json.dumps(message | {"ending": wrong}))


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_is_known_by_its_first_bytes_and_says_what_made_it(suffix, tmp_path):
    path = tmp_path / f"a{suffix}"
    still = ga.scene(ga.dots((0, 0), 1))
    format = FORMATS[suffix]
    art = still if format.kind != "film" else lambda u: ga.scene(ga.dots((0, u), 1))
    ga.render(art, path, px=20, seconds=0.2, fps=10, provenance={"made": "so"})
    assert read(path) == {"made": "so"}
    if suffix:
        assert format in recognized(path.read_bytes()[:HEAD])


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_a_format_cannot_do_is_told_with_those_that_can(suffix, tmp_path):
    format = FORMATS[suffix]
    if format.alpha:
        assert format_of(tmp_path / f"a{suffix}", transparent=True) == format
    else:
        with pytest.raises(ArtError, match=r"no transparency; write \.\w+, .* or \.\w+"):
            format_of(tmp_path / f"a{suffix}", transparent=True)


def test_reading_what_files_say_is_light():
    """No format's reader imports what only its writer needs."""
    code = (
        "import io, sys\n"
        "from gradart.rendering.formats.registry import FORMATS\n"
        "for format in FORMATS.values():\n"
        "    try: format.text_in(io.BytesIO(bytes(64)))\n"
        "    except Exception: pass\n"
        "heavy = 'jax', 'numpy', 'matplotlib', 'scipy', 'PIL', 'cairocffi'\n"
        "assert not [m for m in heavy if m in sys.modules], sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
