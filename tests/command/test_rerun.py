"""A file says what made it, and can be made again."""

import json
import re
import subprocess
import sys

import pytest
from pictures import pdf_text
from PIL import Image

from gradart.files.reading import text_hash
from gradart.jobs import versions
from gradart.rendering.formats.provenance import as_json, read

PIECES = '''
from pathlib import Path
from typing import Annotated, Literal
import _helper

@ga.sketch(page="30x20mm", seed=3)
def still(key, x: Annotated[float, ga.Bounds(0, 9)] = 1.0, n=2, dark=False,
          kind: Literal["round", "open"] = "round", ink="#c2410c", letter: Path | None = None,
          gap: float | None = None):
    """A still.

    And more."""
    extra = float(letter.read_text()) if letter else 0.0
    ends = jax.random.normal(key, (n, 2)) * jnp.array([x, extra + _helper.SHIFT])
    return ga.scene(ga.lines(ends, stroke=ink), paper="black" if dark else "white")

@ga.sketch(seconds=0.3, fps=10, page="square", at=0.5)
def film(x=1.0):
    return lambda u: ga.scene(ga.dots([(0, 0), (x, u)], 20))

@ga.sketch(page="a6")
def sheet(page):
    return ga.scene(ga.lines(page.box), box=page.box)
'''


@pytest.fixture
def pieces(studio, tmp_path, monkeypatch):
    """A file of two sketches that imports a helper, outside of any repository."""
    (tmp_path / "_helper.py").write_text("SHIFT = 0.5\n")
    monkeypatch.setattr(versions, "_commit", lambda file: {})
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return studio("pieces.py", PIECES)


def _made(gradart, *words):
    vector = any(str(word).endswith((".svg", ".pdf")) for word in words)
    status, out, err = gradart("run", *words, *([] if vector else ["--px", 40]))
    assert (status, err) == (0, []), err
    return [line.split("  ")[0] for line in out]


def test_what_is_drawn_for_its_page_is_made_again_on_it(pieces, gradart, tmp_path):
    words = ("--page", "a5", "--landscape", "--margin", 10)
    (file,) = _made(gradart, "pieces.py:sheet", "-o", "a.svg", *words)
    assert 'd="M10 138l190-128"' in (tmp_path / file).read_text()
    status, out, _ = gradart("rerun", file)
    assert status == 0
    assert "byte for byte the same" in out[-1]


@pytest.mark.exhaustive
def test_every_format_is_made_again(pieces, gradart):
    words = ("--margin", 2.5, "--seed", 7, "--x", 2.5, "--dark", "--gap", "none")
    files = []
    for ending in "png", "svg", "pdf":
        files += _made(gradart, "pieces.py:still", "-o", f"a.{ending}", *words)
    for ending in ".png", ".gif", ".webp", ".apng", ".mp4", "":
        files += _made(gradart, "pieces.py:film", "-o", f"film{ending}", "--fps", 20)
    files += _made(gradart, "pieces.py:film", "-o", "clear.webp", "--transparent")
    for file in files:
        status, out, err = gradart("rerun", file)
        assert (status, out, err) == (0, [f"{file}  made again, byte for byte the same"], [])


@pytest.mark.parametrize(
    ("format", "name"), [("png", "bare"), ("svg", "a.b"), ("pdf", "a.png"), ("gif", "film")]
)
def test_a_file_is_made_again_in_its_format_whatever_its_name(
    pieces, gradart, tmp_path, format, name
):
    """As what went to standard output, and from there to any name."""
    sketch = "film" if format == "gif" else "still"
    [made] = _made(gradart, f"pieces.py:{sketch}", "-o", f"x.{format}")
    (tmp_path / made).rename(tmp_path / name)
    assert gradart("rerun", name) == (0, [f"{name}  made again, byte for byte the same"], [])


def test_every_kind_of_parameter_comes_back(pieces, gradart, tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "letter.txt").write_text("0.25")
    own = ("--kind", "open", "--ink", "#336699", "--letter", "far/letter.txt", "--gap", 0.1)
    files = _made(gradart, "pieces.py:still", *own, "-p", "n=2..4", "-p", "x=0.1,3", "-o", "out")
    assert len(files) == 6
    for file in files:
        status, out, err = gradart("rerun", file, "--sketch", "pieces.py", "-o", "again.png")
        assert (status, len(out), err) == (0, 2, [])
        assert (tmp_path / "again.png").read_bytes() == (tmp_path / file).read_bytes()
    # Moved with what it was made from, it finds both beside it.
    for name in "pieces.py", "_helper.py":
        (tmp_path / name).rename(tmp_path / "out" / name)
    (tmp_path / "far").rename(tmp_path / "out" / "far")
    assert gradart("rerun", files[0])[0] == 0


def test_a_picture_deep_in_new_folders_finds_its_sketch_if_that_is_the_same(
    pieces, gradart, tmp_path, monkeypatch
):
    (tmp_path / "_helper.py").write_text("SHIFT = 0.5\n")
    gradart("run", "pieces.py:still", "--px", 40, "-o", "many/new/folders/a.png")
    for folder, name in ("many/new", "folders/a.png"), ("many/new/folders", "a.png"):
        monkeypatch.chdir(tmp_path / folder)
        status, out, err = gradart("rerun", name)
        assert (status, out, err) == (0, [f"{name}  made again, byte for byte the same"], [])
    pieces.write_text(pieces.read_text() + "# another one, maybe of somebody else\n")
    status, _, [err] = gradart("rerun", "a.png")
    assert (status, err) == (
        2,
        "gradart: a.png was made by pieces.py, which is not here; name it: --sketch pieces.py",
    )


def test_what_differs_is_told(pieces, gradart, tmp_path):
    (tmp_path / "letter.txt").write_text("0.25")
    [file] = _made(gradart, "pieces.py:still", "--letter", "letter.txt", "-o", "a.png")
    end = f"{file}  made again, byte for byte the same"

    # What does not show in the picture does not make it another.
    pieces.write_text(pieces.read_text() + "# more\n")
    status, out, err = gradart("rerun", file)
    assert (status, out, err) == (0, ["  pieces.py has changed since", end], [])

    (tmp_path / "letter.txt").write_text("0.5")
    (tmp_path / "_helper.py").write_text("SHIFT = 1.5\n")
    pieces.write_text(pieces.read_text().replace("n=2", "m=0.5, n=2"))
    status, out, [err] = gradart("rerun", file, "-o", "b.png")
    assert (status, out[1:]) == (
        1,
        [
            "  pieces.py has changed since",
            "  the import _helper.py has changed",
            "  the file of letter has changed",
            "  m: is new",
        ],
    )
    assert err == f"gradart: {file} made again is another file; what differs: see above"
    assert read("b.png")["source"] != read("a.png")["source"]

    # A parameter that is gone, another version, another machine.
    said = read(file)
    said["versions"]["numpy"] = "1.0"
    said["machine"] = "an abacus"
    Image.new("RGB", (40, 40)).save("old.png", pnginfo=_text(said))
    pieces.write_text(PIECES_WITHOUT_N)
    status, out, [err] = gradart("rerun", "old.png")
    assert status == 1
    assert "  n: the sketch has it no more" in out
    assert any(re.fullmatch(r"  numpy: then 1\.0, now \d.*", line) for line in out)
    assert any(line.startswith("  the machine: then an abacus, now ") for line in out)


PIECES_WITHOUT_N = (
    "import jax\nimport jax.numpy as jnp\nimport gradart as ga\n" + PIECES
).replace("n=2, ", "").replace("(n, 2)", "(2, 2)")  # fmt: skip


def _text(said):
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("gradart", as_json(said))
    return text


def test_files_that_cannot_be_made_again(pieces, gradart, tmp_path):
    [file] = _made(gradart, "pieces.py:film", "-o", "a.gif")
    said = read(file)

    def refused(change, *words):
        Image.new("RGB", (4, 4)).save("b.png", pnginfo=_text(said | change))
        status, out, [err] = gradart("rerun", "b.png", *words)
        assert (status, out) == (2, [])
        return err

    assert "has no sketch other" in refused({"sketch": "other"})
    assert "--sketch gone.py" in refused({"file": "gone.py", "path": "gone.py"})
    assert "no such file: none.py" in refused({}, "--sketch", "none.py")
    assert "x must be a number" in refused({"parameters": {"x": "many"}})
    assert "px was 'big'" in refused({"options": {"px": "big"}})
    assert "px was true" in refused({"options": {"px": True}})
    assert "out was" in refused({"options": {"out": "/etc/passwd"}})
    assert "seed" in refused({"seed": -1})
    assert refused({"file": "\x1b[2J.py", "path": "\x1b.py"}).isprintable()
    assert refused({"options": {"\x1b[2J": 1}}).isprintable()
    assert "does not say what made it" in refused({"sketch": "\x1b[2J"})
    (tmp_path / "c.png").write_bytes(b"nothing")
    for command in "info", "rerun":
        assert "does not say what made it" in gradart(command, "c.png")[2][0]
        assert "cannot be read" in gradart(command, "none.png")[2][0]


def test_info_tells_all_of_it(pieces, gradart, tmp_path, monkeypatch):
    monkeypatch.setattr(versions, "_commit", lambda file: {"commit": "ab" * 20, "dirty": True})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795687200")
    [file] = _made(gradart, "pieces.py:still", "--x", 2.5)
    status, out, err = gradart("info", file)
    assert (status, err) == (0, [])
    assert out[0] == f"{file}  still of still: A still."
    rows = dict(line.split(maxsplit=1) for line in out[1:] if line.strip())
    assert rows["--x"] == "2.5"
    assert rows["--ink"] == "#c2410c"
    assert rows["--letter"] == "none"
    assert rows["--dark"] == "false"
    assert rows["--px"] == "40"
    assert rows["--seed"] == "3"
    assert rows["commit"] == "abababababab, and changes that it does not hold"
    assert rows["date"] == "2026-11-26T10:00:00Z"
    assert {"jax", "jaxlib", "numpy", "cairo", "pillow", "zlib", "gradart"} <= rows.keys()
    assert rows["imports"].split() == ["_helper.py", read(file)["imports"]["_helper.py"][:12]]


def test_a_file_from_elsewhere_cannot_speak_to_the_terminal(pieces, gradart):
    [file] = _made(gradart, "pieces.py:film", "-o", "a.png")
    evil = {"title": "\x1b[2J\nyes", "machine": "\x1b]0;x\x07", "versions": {"numpy": "\x1b[31m"}}
    Image.new("RGB", (4, 4)).save("b.png", pnginfo=_text(read(file) | evil))
    for command in "info", "rerun":
        _, out, err = gradart(command, "b.png")
        assert all(line.isprintable() for line in out + err)
    assert gradart("info", "b.png")[1][0].endswith(r"\x1b[2J\nyes")


def test_resume_makes_only_what_is_missing_or_otherwise(pieces, gradart, tmp_path, monkeypatch):
    words = ("run", "pieces.py:still", "pieces.py:film", "--px", 40, "--resume")
    sweep = ("-o", "out")

    def kinds(*more):
        status, out, err = gradart(*words, *sweep, *more)
        assert (status, err) == (0, []), err
        return {line.split()[0]: "up to date" in line for line in out}

    assert kinds() == {"out/still.png": False, "out/film.gif": False}
    assert kinds() == {"out/still.png": True, "out/film.gif": True}
    assert kinds("--margin", 3) == {"out/still.png": False, "out/film.gif": False}
    (tmp_path / "_helper.py").write_text("SHIFT = 0.75\n")
    assert kinds("--margin", 3) == {"out/still.png": False, "out/film.gif": False}
    # Another commit is no reason; a file that was cut short is.
    monkeypatch.setattr(versions, "_commit", lambda file: {"commit": "ab" * 20, "dirty": False})
    (tmp_path / "out" / "film.gif").write_bytes(b"GIF89a")
    assert kinds("--margin", 3) == {"out/still.png": True, "out/film.gif": False}
    # Without the option, all are made.
    out = gradart(*words[:-1], *sweep)[1]
    assert not [line for line in out if "up to date" in line]
    # The still of a film, by its default name, is not the film.
    gradart("run", "pieces.py:film", "--px", 40, "-o", "film.png")
    [line] = gradart("run", "pieces.py:film", "--px", 40, "--resume")[1]
    assert line.startswith("film.gif  40 x 40 px")


def test_info_is_light(tmp_path):
    code = (
        "import sys; from gradart.command.cli import main; main(['info', 'none.png']);"
        " sys.exit('jax' in sys.modules or 'numpy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, capture_output=True)


@pytest.mark.exhaustive
def test_a_sketch_that_runs_as_a_program_says_the_same(pieces, gradart, tmp_path):
    pieces.write_text(pieces.read_text() + '\nif __name__ == "__main__":\n    ga.main(still)\n')
    _made(gradart, "pieces.py:still", "-o", "one.png")
    command = [sys.executable, "pieces.py", "--px", "40", "-o", "two.png"]
    subprocess.run(command, check=True, capture_output=True)
    said, again = read("one.png"), read("two.png")
    assert {k for k in said if said[k] != again.get(k)} <= {"commit", "dirty"}


def test_the_source_is_what_has_run(pieces, gradart, tmp_path):
    """A file that is edited while a picture is made does not change what the picture says."""
    text = pieces.read_text()
    edit = "    Path(__file__).write_text('# empty')\n    extra ="
    pieces.write_text(text.replace("    extra =", edit))
    before = pieces.read_text()
    [file] = _made(gradart, "pieces.py:still")
    assert pieces.read_text() == "# empty"
    assert read(file)["source"] == text_hash(before)


@pytest.mark.parametrize("value", ["tomorrow", "1e9", "-99999999999999999"])
def test_a_date_that_is_none(pieces, gradart, monkeypatch, value):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    status, out, [err] = gradart("run", "pieces.py:film", "--px", 40)
    assert (status, out) == (2, [])
    assert "SOURCE_DATE_EPOCH" in err


@pytest.mark.exhaustive
def test_a_date_stands_where_a_format_has_it(pieces, gradart, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795687200")
    made = {}
    for ending in ".png", ".svg", ".pdf", ".gif", ".webp", ".apng", ".mp4", "":
        [file] = _made(gradart, "pieces.py:film", "-o", f"a{ending}")
        path = tmp_path / (file if ending else f"{file}/frame_0000.png")
        made[ending] = path.read_bytes()
        assert read(path)["date"] == "2026-11-26T10:00:00Z"
    time = b"\0\0\0\x07tIME" + bytes([0x07, 0xEA, 11, 26, 10, 0, 0])
    assert all(time in made[ending] for ending in (".png", ".apng", ""))
    assert b"20261126100000" in pdf_text(made[".pdf"])
    assert b'xmp:CreateDate="2026-11-26T10:00:00Z"' in made[".webp"]
    assert (1795687200 + 2082844800).to_bytes(4, "big") in made[".mp4"]  # counted from 1904
    for ending in ".png", ".apng":
        subprocess.run(["pngcheck", "-q", tmp_path / f"a{ending}"], check=True)
    # Made again later, it keeps its date; what it would say now is told.
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    for ending in ".pdf", ".mp4":
        status, out, _ = gradart("rerun", f"a{ending}")
        assert status == 0
        assert out[0] == "  SOURCE_DATE_EPOCH: then 2026-11-26T10:00:00Z, now none"
    # No date is told where none is set.
    for ending in ".png", ".pdf", ".webp", ".mp4":
        [file] = _made(gradart, "pieces.py:film", "-o", f"b{ending}")
        data = (tmp_path / file).read_bytes()
        assert not [word for word in (b"tIME", b"CreateDate") if word in data]
        assert b"19700101000000" in pdf_text(data) or ending != ".pdf"
        assert "date" not in read(file)


def test_facts_are_plain_json_without_places_of_this_machine(pieces, gradart, tmp_path):
    [file] = _made(gradart, "pieces.py:still", "-o", str(tmp_path / "a.svg"))
    said = json.dumps(read(file))
    assert str(tmp_path) not in said
    assert "<title>A still.</title>" in (tmp_path / "a.svg").read_text()
    # The name of the file is no part of it, so that one which is moved can be made again.
    [file] = _made(gradart, "pieces.py:film", "-o", str(tmp_path / "b.svg"))
    (tmp_path / "b.svg").rename(tmp_path / "c.svg")
    assert gradart("rerun", "c.svg")[0] == 0
