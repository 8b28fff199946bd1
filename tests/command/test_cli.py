"""Every command and option, in small."""

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import tqdm
from PIL import Image

from gradart.command import cli, options
from gradart.command.new import TEMPLATES
from gradart.rendering.formats.provenance import read
from gradart.sketching.parameters import RESERVED
from gradart.terminal import terminal_bars

DOT = '''
"""A dot.

On paper.
"""
from typing import Annotated, Literal

@ga.sketch(page="square")
def dot(x: Annotated[float, ga.Bounds(0, 9), "how far"] = 1.0, n_dots=2, dark=False,
        kind: Literal["round", "square"] = "round"):
    """A dot."""
    paper = "black" if dark else "white"
    places = [(0, 0)] + [(x, k) for k in range(n_dots)]
    return ga.scene(ga.dots(places, 20, fill="red"), paper=paper)
'''
NOISE = """
@ga.sketch
def noise(key, n=3):
    return ga.scene(ga.lines(jax.random.normal(key, (n, 2))))
"""
SHEET = """
@ga.sketch(page="a5")
def sheet(page):
    return ga.scene(ga.lines(page.box), box=page.box)
"""
FILM = """
@ga.sketch(seconds=1, fps=10, page="square")
def film():
    return lambda u: ga.scene(ga.dots([(0, 0), (1, 1)], 20), ga.dots((u, u), 20, fill="red"))
"""


@pytest.fixture
def dot(studio):
    return studio("dot.py", DOT)


@pytest.fixture
def film(studio):
    return studio("film.py", FILM)


def _files(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.suffix != ".py")


def _size(path):
    with Image.open(path) as image:
        return image.size


def test_a_still_becomes_a_png_in_the_current_folder(gradart, dot):
    status, out, err = gradart("run", dot, "--px", 40)
    assert (status, err) == (0, [])
    [line] = out
    assert line.startswith("dot.png  40 x 40 px  ")
    assert line.endswith(" s")
    assert _size("dot.png") == (40, 40)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_still_becomes_what_its_ending_says(gradart, dot, tmp_path, ending):
    status, out, _ = gradart("run", dot, "-o", tmp_path / f"a.{ending}", "--px", 40)
    assert status == 0
    assert ("200 x 200 mm" if ending != "png" else "40 x 40 px") in out[0]
    assert _files(tmp_path) == [f"a.{ending}"]


def test_the_page_is_chosen(gradart, dot, tmp_path):
    gradart("run", dot, "--px", 40, "--page", "100x200mm", "--margin", 5)
    assert _size("dot.png") == (20, 40)
    gradart("run", dot, "--px", 40, "--page", "100x200mm", "--landscape", "-o", "wide.png")
    assert _size("wide.png") == (40, 20)
    gradart("run", dot, "--px", 40, "--transparent", "-o", "clear.png")
    with Image.open("clear.png") as image:
        assert image.convert("RGBA").getpixel((0, 0))[3] == 0


def test_parameters_are_options(gradart, dot, tmp_path):
    status, out, _ = gradart(
        *("run", "--px", 20, "--x", 3, dot, "--n-dots", 4, "--dark", "--kind=square")
    )
    assert status == 0
    assert out[0].startswith("dot_x3_n_dots4_darktrue_kindsquare.png")
    with Image.open("dot_x3_n_dots4_darktrue_kindsquare.png") as image:
        assert image.convert("RGB").getpixel((0, 0)) == (0, 0, 0)
    gradart("run", dot, "--px", 20, "--n_dots", 2, "--no-dark", "--x", "1")
    assert (tmp_path / "dot.png").is_file()


@pytest.mark.parametrize("word", ["-3", "-.5", "-1e-3", "-2.5E+2"])
def test_a_negative_number_is_a_value(gradart, studio, word):
    text = "@ga.sketch\ndef tilt(x=1.0):\n    return ga.scene(ga.lines([(0, 0), (x, 1)]))\n"
    status, out, _ = gradart("run", studio("tilt.py", text), "--x", word, "--px", 20)
    assert status == 0
    assert out[0].startswith(f"tilt_x{float(word):.12g}.png")


def test_seeds_and_sweeps_multiply(gradart, studio, dot, tmp_path):
    noise = studio("noise.py", NOISE)
    status, out, err = gradart("run", noise, "--px", 20, "--seed", "0..2", "-p", "n=3,5")
    assert (status, err) == (0, [])
    names = [line.split()[0] for line in out]
    assert names == [f"noise_seed{seed}_n{n}.png" for seed in range(3) for n in (3, 5)]
    gradart("run", dot, "--px", 20, "-p", "x=0..1..0.5", "-o", "sweep")
    assert _files(tmp_path / "sweep") == ["dot_x0.5.png", "dot_x0.png", "dot_x1.png"]
    gradart("run", dot, "--px", 20, "-p", "x=2,3", "-o", "sheet.svg")
    assert (tmp_path / "sheet_x2.svg").is_file()
    assert (tmp_path / "sheet_x3.svg").is_file()


def test_the_same_seed_gives_the_same_bytes(gradart, studio, tmp_path):
    noise = studio("noise.py", NOISE)
    for name in ("a.png", "b.png"):
        gradart("run", noise, "--px", 20, "--seed", 7, "-o", name)
    gradart("run", noise, "--px", 20, "--seed", 8, "-o", "c.png")
    a, b, c = ((tmp_path / name).read_bytes() for name in ("a.png", "b.png", "c.png"))
    assert a == b != c


def test_several_sketches_at_once(gradart, studio, dot, tmp_path):
    studio("noise.py", NOISE)
    status, out, _ = gradart("run", dot, "--px", 20, "noise.py", "-o", "both")
    assert (status, len(out)) == (0, 2)
    assert _files(tmp_path / "both") == ["dot.png", "noise.png"]
    status, _, err = gradart("run", dot, "noise.py", "-o", "both.png")
    assert status == 2
    assert "name a folder" in err[0]


@pytest.mark.parametrize("ending", ["gif", "webp", "apng", "mp4"])
def test_a_film_becomes_what_its_ending_says(gradart, film, tmp_path, ending):
    status, out, _ = gradart(
        *("run", film, "--px", 20, "--seconds", 0.5, "--fps", 10, "-o", f"a.{ending}")
    )
    assert status == 0
    assert "20 x 20 px" in out[0]
    assert _files(tmp_path) == [f"a.{ending}"]
    if ending != "mp4":
        with Image.open(f"a.{ending}") as image:
            assert image.n_frames == 5  # type: ignore[attr-defined]


def test_a_film_is_a_gif_or_a_folder_of_frames_or_one_still(gradart, film, tmp_path):
    gradart("run", film, "--px", 20)
    with Image.open("film.gif") as image:
        assert image.n_frames == 10  # type: ignore[attr-defined]
    gradart("run", film, "--px", 20, "-o", "frames")
    assert len(_files(tmp_path / "frames")) == 10
    for at in ("0.2", "0.8"):
        gradart("run", film, "--px", 20, "--at", at, "-o", f"at{at}.png")
    assert (tmp_path / "at0.2.png").read_bytes() != (tmp_path / "at0.8.png").read_bytes()
    gradart("run", film, "--px", 20, "--at", 0.2)
    assert (tmp_path / "film.png").read_bytes() == (tmp_path / "at0.2.png").read_bytes()


def test_a_file_says_what_made_it(gradart, dot):
    gradart("run", dot, "--px", 20, "--x", 3, "--seed", 0)
    said = read("dot_x3.png")
    assert (said["sketch"], said["seed"]) == ("dot", 0)
    assert said["parameters"] == {"x": 3.0, "n_dots": 2, "dark": False, "kind": "round"}


def test_a_seed_without_a_key_is_noted(gradart, dot):
    status, out, err = gradart("run", dot, "--px", 20, "--seed", "0..9")
    assert (status, len(out)) == (0, 1)
    assert err == ["gradart: note: dot has no key, so that its seed changes nothing"]


def test_notes_and_debug(gradart, studio):
    blank = studio("blank.py", "@ga.sketch\ndef blank():\n    return ga.scene()\n")
    status, _, err = gradart("run", blank, "--px", 20)
    assert status == 0
    assert len(err) == 1
    assert err[0].startswith("gradart: note: ")
    broken = studio("broken.py", "@ga.sketch\ndef broken():\n    return nosuch\n")
    status, _, err = gradart("run", broken)
    assert (status, err) == (
        2,
        ["gradart: broken, line 6: NameError: name 'nosuch' is not defined"],
    )
    status, _, err = gradart("run", broken, "--debug")
    assert status == 2
    assert "Traceback (most recent call last):" in err


def test_the_progress_bar_is_for_terminals_and_for_what_takes_long(monkeypatch, gradart, film):
    assert gradart("run", film, "--px", 20)[2] == []
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert gradart("run", film, "--px", 20)[2] == []
    monkeypatch.setattr("tqdm.tqdm", partial(tqdm.tqdm, delay=0, mininterval=0))
    progress = terminal_bars()("film.gif", "frames")
    for done in range(1, 11):
        progress(done, 10)


def test_help_shows_the_sketchs_own_parameters(gradart, dot, capsys):
    with pytest.raises(SystemExit) as done:
        gradart("run", dot, "--help")
    assert done.value.code == 0
    said = capsys.readouterr().out
    assert "--n-dots" in said
    assert "1.0, 0 to 9, how far" in said


def test_no_parameter_can_hide_an_option():
    parser = options.Parser()
    options.add(parser, [])
    flags = {flag[2:] for action in parser._actions for flag in action.option_strings}
    assert {
        flag.replace("-", "_") for flag in flags if flag and not flag.startswith("no-")
    } <= RESERVED


def test_list_is_a_table(gradart, studio, dot):
    studio("sketches/noise.py", NOISE)
    studio("sketches/sheet.py", SHEET)
    status, out, _ = gradart("list", dot, "sketches")
    assert status == 0
    assert out == [
        "dot: A dot.",
        "  dot.py",
        "  --x       1.0    0 to 9          how far",
        "  --n-dots  2",
        "  --dark    false",
        "  --kind    round  round | square",
        "",
        "noise",
        "  sketches/noise.py",
        "  --n     3",
        "  --seed  0  the sketch draws at random from it",
        "",
        "sheet",
        "  sketches/sheet.py",
        "  --page  a5  the sketch is drawn anew for another",
    ]


def test_list_shows_all_sketches_of_a_file(gradart, studio):
    studio("two.py", "".join(f"@ga.sketch\ndef {n}(): ...\n" for n in ("one", "two")))
    assert gradart("list", "two.py") == (0, ["one", "  two.py", "", "two", "  two.py"], [])
    assert gradart("list", "two.py:two") == (0, ["two", "  two.py"], [])


def test_a_long_help_is_folded(gradart, studio):
    help = " ".join(["words"] * 40)
    text = (
        f"from typing import Annotated\n@ga.sketch\ndef f(x: Annotated[float, '{help}'] = 1.0):\n"
    )
    studio("long.py", text + "    return ga.scene()\n")
    _, out, _ = gradart("list", "long.py")
    assert max(map(len, out)) <= 100
    assert sum(line.count("words") for line in out) == 40


LESS = {  # than a template draws, so that its test is quick
    "still": ["--n", 100],
    "film": ["--n", 100, "--at", 0.3],
    "field": ["--drops", 20, "--levels", 4],
    "photograph": ["--apart", 0.08],
    "plotter": ["--n", 3],
    "fit": ["--n", 20, "--steps", 2],
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("template", TEMPLATES)
def test_new_writes_a_sketch_that_works_at_once(gradart, studio, tmp_path, template):
    status, out, err = gradart("new", "waves", "--template", template)
    assert (status, err) == (0, [])
    assert out == ["waves.py  written; render it with: gradart run waves.py"]
    status, _, err = gradart("run", "waves.py", "--px", 60, *LESS[template], "-o", "waves.png")
    assert (status, err) == (0, [])
    with Image.open(tmp_path / "waves.png") as image:
        assert len(image.convert("RGB").getcolors(60 * 60)) > 5  # something is drawn
    assert len((tmp_path / "waves.py").read_text().splitlines()) <= 60
    lint = shutil.which("ruff", path=os.path.dirname(sys.executable))
    subprocess.run([lint, "check", "--isolated", "--ignore=I001", "waves.py"], check=True)
    form = [lint, "format", "--isolated", "--line-length=100", "--check", "waves.py"]
    subprocess.run(form, check=True)


def test_new_never_writes_over_anything(gradart, studio, tmp_path):
    status, out, _ = gradart("new", "waves")
    assert status == 0
    assert "gradart run waves.py" in out[0]
    assert "--template film, field, photograph, plotter, fit" in out[1]
    before = (tmp_path / "waves.py").read_bytes()
    for name, says in (("waves", "already"), ("my waves", "my_waves"), ("class", "waves")):
        status, _, [err] = gradart("new", name)
        assert status == 2
        assert says in err
    assert gradart("new", "waves", "-t", "film")[0] == 2
    assert (tmp_path / "waves.py").read_bytes() == before
    status, _, [err] = gradart("new", "other", "-t", "movie")
    assert status == 2
    assert "film" in err


def test_every_template_is_offered():
    folder = Path(cli.__file__).parent / "templates"
    assert {file.stem for file in folder.glob("*.txt")} == set(TEMPLATES)


def test_gradart_alone_says_what_to_do_first(gradart, studio):
    status, out, err = gradart()
    assert (status, err) == (0, [])
    assert len(out) == 5
    said = "\n".join(out)
    for name in re.findall(r"gradart (\w+)", said)[1:]:
        assert name in cli.COMMANDS
    words = re.search(r"gradart (new \w+)", said)[1].split()
    assert gradart(*words)[0] == 0
    words = re.search(r"gradart (run [\w.]+)", said)[1].split()
    assert gradart(*words, "--px", 20)[0] == 0


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("jax", "jax is the name of a module that is installed, which it would hide; take another"),
        ("numpy", "a module that is installed"),
        ("gradart", "a module that is installed"),
        ("pytest", "a module that is installed"),
        ("random", "a module of Python itself"),
        ("site", "a module of Python itself"),
        ("sub/http.py", "http is the name of a module of Python itself"),
        ("__main__", "a module of Python itself"),
        ("ga", "something that every sketch uses"),
        ("Annotated", "something that every sketch uses"),
    ],
)
def test_new_takes_no_name_that_would_hide_a_module(gradart, studio, tmp_path, name, says):
    (tmp_path / "sub").mkdir()
    status, _, [err] = gradart("new", name)
    assert status == 2
    assert says in err
    assert [p.name for p in tmp_path.rglob("*")] == ["sub"]
    (tmp_path / "waves").mkdir()
    assert gradart("new", "waves")[0] == 0


def test_the_help_says_how_commas_and_lists_are_written(gradart, studio, capsys):
    studio("flag.py", "@ga.sketch\ndef flag(path=((0.0, 0.0),)):\n    return ga.scene()\n")
    with pytest.raises(SystemExit):
        gradart("run", "flag.py", "--help")
    help = " ".join(capsys.readouterr().out.split())
    assert r"a comma in a text is written \,: word=Hello\, world,Bye" in help
    assert "--path FLOAT,FLOAT;..." in help


def test_version_and_help_are_light():
    heavy = "jax", "numpy", "matplotlib", "scipy", "imageio", "PIL", "cairocffi", "tqdm"
    code = (
        "import sys; from gradart.command.cli import main\n"
        "try: main(['--help'])\n"
        f"finally: assert not [m for m in {heavy} if m in sys.modules]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    version = subprocess.run([sys.executable, "-m", "gradart", "--version"], capture_output=True)
    assert version.stdout.startswith(b"gradart ")


@pytest.mark.exhaustive
def test_a_sketch_file_is_a_program(studio, tmp_path):
    text = NOISE + '\n\nif __name__ == "__main__":\n    ga.main(noise)\n'
    noise = studio("noise.py", text)
    environment = os.environ | {"GRADART_CACHE": str(tmp_path / "cache")}
    words = [sys.executable, noise, "--px", "20", "--n", "5", "--seed", "3"]
    done = subprocess.run(words, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("noise_seed3_n5.png  ")
    assert "Traceback" not in done.stderr
    done = subprocess.run([*words, "--nn", "5"], capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert done.stderr == "gradart: noise has no parameter nn; did you mean n? it takes n\n"
