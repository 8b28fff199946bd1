"""The words of the command line: what is swept, ignored, misplaced, or broken among others."""

import os
import re
import subprocess
import sys

import pytest
from PIL import Image
from sampling import some

from gradart.command.cli import main
from gradart.rendering.formats.provenance import read

DOT = '''
@ga.sketch(page="20x20mm", seed=5)
def {name}(key, turns=5.0, n=1, font="a", bold=False):
    """A dot."""
    {line}
    return ga.scene(ga.dots([(0, 0), (turns, n)], 2))
'''
FILM = """
@ga.sketch(page="20x20mm", seconds=0.2, fps=10)
def film():
    return lambda u: ga.scene(ga.dots([(0, 0), (1, u)], 2))
"""
HOMELY = """
from pathlib import Path

@ga.sketch(page="20x20mm", seconds=0.2, fps=10)
def dot(photo: Path | None = None, word="a"):
    return lambda u: ga.scene(ga.dots([(0, 0), (1, u)], 2))
"""


@pytest.fixture
def dot(studio):
    def write(name="dot", line=""):
        return studio(f"{name}.py", DOT.format(name=name.rpartition("/")[2], line=line))

    write()
    return write


def names(out):
    return [line.split("  ")[0] for line in out]


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (("-p", "turns=4..6"), ["dot_turns4.png", "dot_turns5.png", "dot_turns6.png"]),
        (("-p", "font=a,b"), ["dot_fonta.png", "dot_fontb.png"]),
        (("-p", "bold=true,false"), ["dot_boldtrue.png", "dot_boldfalse.png"]),
        (("--seed", "4..6"), ["dot_seed4.png", "dot_seed5.png", "dot_seed6.png"]),
        (("--seed", "5..5"), ["dot_seed5.png"]),
        (("-p", "turns=5..5", "-o", "a.png"), ["a_turns5.png"]),
        (("--seed", "4,5", "-o", "fav.png"), ["fav_seed4.png", "fav_seed5.png"]),
        (("--seed", "4,5", "-p", "n=1..2", "-o", "fav.svg"), None),
        (("--seed", "5", "-o", "fav.png"), ["fav.png"]),
        (("-p", "turns=5"), ["dot.png"]),
        (("-p", "turns=7", "--seed", "4"), ["dot_seed4_turns7.png"]),
    ],
)
def test_all_of_a_sweep_are_named_alike(dot, gradart, words, files):
    status, out, err = gradart("run", "dot.py", *words)
    assert (status, err) == (0, [])
    wanted = files or [f"fav_seed{seed}_n{n}.svg" for seed in (4, 5) for n in (1, 2)]
    assert names(out) == wanted


def test_a_long_name_is_cut_and_tells_all_values_apart(studio, gradart):
    art = "ga.scene(ga.dots([(0, 0), (wave[-1], 1)], 2))"
    studio("many.py", f"@ga.sketch\ndef many(wave=[0.5] * 200, word=''):\n    return {art}\n")
    same = "1.5," * 99
    sweep = gradart("run", "many.py", "--px", 8, "-p", f"wave={same}1;{same}2;{same}1,1")
    accents = gradart("run", "many.py", "--px", 8, "--word", "\u00e9" * 300)  # two bytes each
    assert (sweep[0], accents[0]) == (0, 0)
    made = [*names(sweep[1]), *names(accents[1])]
    assert len(set(made)) == 4
    assert all(name.startswith("many_") and len(name.encode()) <= 154 for name in made)
    status, out, _ = gradart("rerun", made[0])
    assert (status, out) == (0, [f"{made[0]}  made again, byte for byte the same"])


def test_a_sweep_leaves_the_bare_name_alone(dot, gradart, tmp_path):
    gradart("run", "dot.py", "--px", 16, "-o", "fav.png", "--seed", 3)
    before = (tmp_path / "fav.png").read_bytes()
    assert gradart("run", "dot.py", "--px", 16, "-o", "fav.png", "--seed", "4..6")[0] == 0
    assert (tmp_path / "fav.png").read_bytes() == before
    assert read("fav_seed5.png")["seed"] == 5


def test_several_outputs_come_from_one_computation(dot, gradart, tmp_path):
    dot(line="print('computed')")
    words = ("-o", "two.png", "-o", "two.svg", "-o", "./two.png", "-o", "new/two.pdf")
    status, out, err = gradart("run", "dot.py", "--px", 16, *words)
    assert (status, err) == (0, [])
    assert names(out) == ["computed", "two.png", "two.svg", "new/two.pdf"]
    (tmp_path / "two.svg").unlink()
    _, out, _ = gradart("run", "dot.py", "--px", 16, *words, "--resume")
    assert sorted(names(out)) == sorted(["computed", "two.svg", "two.png", "new/two.pdf"])
    assert len([line for line in out if "up to date" in line]) == 2
    status, out, err = gradart("run", "dot.py", "--px", 16, "-o", "a.png", "-o", "a.gif")
    assert (status, names(out), len(err)) == (2, ["computed", "a.png"], 1)
    status, out, _ = gradart("run", "dot.py", "--seed", "1..2", "-o", "b.svg", "-o", "many")
    assert [name for name in names(out) if name != "computed"] == [
        *("b_seed1.svg", "many/dot_seed1.png", "b_seed2.svg", "many/dot_seed2.png")
    ]


def test_a_gif_is_made_to_fit_beside_others_and_says_how_large_it_is(studio, gradart, tmp_path):
    studio("film.py", FILM)
    words = ("film.py", "--px", 200, "--seconds", 0.5, "-o", "a.gif", "-o", "a.png")
    status, out, _ = gradart("run", *words)
    assert status == 0
    most = (tmp_path / "a.gif").stat().st_size * 3 // 4
    status, out, err = gradart("run", *words, "--max-size", most)
    assert (status, len(err), len(names(out))) == (0, 1, 2)
    assert (tmp_path / "a.gif").stat().st_size <= most
    with Image.open(tmp_path / "a.gif") as picture:
        assert f"{picture.width} x {picture.height} px" in out[0]
    for file in ("a.gif", "a.png"):
        assert gradart("rerun", file)[0] == 0
    status, _, [err] = gradart("run", "film.py", "-o", "b.mp4", "--max-size", "2MB")
    assert (status, "--max-size is for .gif; write -o NAME.gif" in err) == (2, True)


@pytest.mark.parametrize(
    ("words", "note"),
    [
        (("dot.py", "--fps", "3"), "dot is a still, of which --fps changes nothing"),
        (("dot.py", "--seconds", "3", "--at", "0.5"), "--seconds and --at change nothing"),
        (("film.py", "-o", "a.gif", "--at", "0.5"), "--at changes nothing in a film; write .png"),
        (("film.py", "-o", "folder", "--at", "0.5"), None),
        (("film.py", "--at", "0.5", "--fps", "5"), None),
        (("dot.py", "--margin", "1"), None),
        (("dot.py", "-o", "a.svg", "-o", "a.pdf", "--px", "9"), "--px changes nothing in .pdf and"),
        (("dot.py", "-o", "a.svg", "-o", "a.png", "--px", "9"), None),
        (("dot.py", "-o", "a.svg", "--ppi", "9"), "--ppi changes nothing in .svg"),
        (("dot.py", "--plays", "2"), "dot is a still, of which --plays changes nothing"),
        (("film.py", "-o", "a.mp4", "--plays", "2"), "--plays changes nothing in .mp4"),
        (("film.py", "-o", "a.gif", "--crop-marks"), "--crop-marks changes nothing in a film"),
        (("film.py", "-o", "a.gif", "-o", "a.png", "--bleed", "3"), None),
    ],
)
def test_an_option_that_changes_nothing_is_noted(dot, studio, gradart, words, note):
    studio("film.py", FILM)
    status, _, err = gradart("run", *words)
    assert status == 0
    assert len(err) == (note is not None)
    assert not err or note in err[0]


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (("dot.py", "--font", "a.py"), ["dot_fonta.py.png"]),
        (("--font", "b.py", "dot.py"), ["dot_fontb.py.png"]),
        (("dot.py", "--font=dot.py"), ["dot_fontdot.py.png"]),
        (("dot.py", "--bold", "two.py"), ["dot_boldtrue.png", "two_boldtrue.png"]),
        (("--bold", "two.py"), ["two_boldtrue.png"]),
        (("--px", "8", "two.py", "dot.py"), ["two.png", "dot.png"]),
        (("--landscape", "two.py"), ["two.png"]),
        (("-p", "font=a.py", "two.py"), ["two_fonta.py.png"]),
    ],
)
def test_an_options_value_is_no_sketch(dot, gradart, words, files):
    dot("two")
    status, out, err = gradart("run", *words, *(() if "--px" in words else ("--px", "8")))
    assert (status, err) == (0, [])
    assert names(out) == files


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("dot.py",), "say what to do with it: gradart run dot.py"),
        (("dot.py:dot", "--px", "3"), "say what to do with it: gradart run dot.py:dot"),
        (("dot",), "say what to do with it: gradart run dot.py"),
        (("--px", "3", "dot.py"), "say what to do with it: gradart run dot.py"),
        (("folder",), "say what to do with it: gradart run folder"),
        (("picture.png",), "say what to do with it: gradart info picture.png"),
        (("rum", "dot.py"), "say what to do with it: gradart run dot.py"),
        (("lisst",), "no command lisst; did you mean gradart list? there are run, list, gallery"),
        (("list",), "there is no folder sketches here; name one: gradart list waves.py, or a fo"),
        (("run", "dot.py", "--fnt", "a.py"), "dot has no parameter fnt; did you mean font?"),
        (("run", "dot.py", "--turns="), "turns must be a number, and nothing is given"),
        (("run", "dot.py", "-p", "turns="), "turns must be a number, and nothing is given"),
        (("run", "dot.py", "-p", "turns=3,,4"), "turns must be a number, and nothing is given"),
        (("run", "dot.py", "-p", "=3"), "-p =3 names no parameter; write -p NAME=3"),
        (("run", "dot.py", "--px="), "argument --px: give a whole number, not nothing"),
        (("run", "dot.py", "--at="), "argument --at: give a number, not nothing"),
        (("run", "dot.py", "--preset="), "dot has no preset ''; it has none"),
        (("run", "dot.py", "-o", ""), "argument -o/--out: give the name of a file or a folder"),
        (("gallery", "folder", "-o", ""), "argument -o/--out: give the name of a file or a fo"),
        (("rerun", "a.png", "-o="), "argument -o/--out: give the name of a file or a folder"),
        (("rerun", "a.png", "b.png", "-o", "c.png"), "-o names one file; make the others again"),
    ],
)
def test_what_to_write_is_said(dot, gradart, tmp_path, words, says):
    (tmp_path / "folder").mkdir()
    (tmp_path / "picture.png").touch()
    status, out, [err] = gradart(*words)
    assert (status, out) == (2, [])
    assert says in err


def test_info_and_rerun_take_several_files(dot, gradart, tmp_path):
    gradart("run", "dot.py", "-o", "a.svg", "-o", "b.svg")
    (tmp_path / "none.svg").touch()
    status, out, err = gradart("info", "a.svg", "none.svg", "b.svg")
    assert status == 2
    assert [line for line in out if "still of dot" in line] == [
        "a.svg  still of dot: A dot.",
        "b.svg  still of dot: A dot.",
    ]
    assert err == ["gradart: none.svg does not say what made it; gradart run writes files that do"]
    status, out, err = gradart("rerun", "a.svg", "none.svg", "b.svg")
    assert (status, len(err)) == (2, 1)
    assert out == [f"{name}.svg  made again, byte for byte the same" for name in "ab"]


@pytest.mark.parametrize("line", some(["1 / 0", "def", "import nosuch", "x ="], 2))
def test_one_broken_sketch_is_named_and_the_others_are_made(dot, studio, gradart, tmp_path, line):
    for name in "ac":
        dot(f"sketches/{name}")
    studio("sketches/b.py", f"\n{line}\n")
    status, out, [err] = gradart("run", "sketches", "--px", 8, "-o", "out")
    assert (status, names(out)) == (1, ["out/a.png", "out/c.png"])
    assert err.startswith("gradart: b.py, line 5")
    for words in ("run", "sketches/a.py", "sketches/b.py", "sketches/c.py", "--px", 8), ("list",):
        status, out, [err] = gradart(*words)
        assert (status, err.startswith("gradart: b.py, line 5")) == (1, True)
        assert [line[0] for line in out if line.startswith(("a.", "a:", "c.", "c:"))] == ["a", "c"]
    status, out, [err] = gradart("gallery")
    assert (status, err.startswith("gradart: b.py, line 5")) == (1, True)
    assert {"a.png", "c.png"} < set(os.listdir(tmp_path / "gallery"))
    assert "index.html" not in os.listdir(tmp_path / "gallery")
    assert gradart("run", "sketches/b.py")[0] == 2
    dot("sketches/b")
    assert gradart("gallery")[0] == 0
    assert "b.png" in os.listdir(tmp_path / "gallery")


SHORT = "import sys; from gradart.command.cli import main; sys.exit(main())"


@pytest.mark.skipif(os.name == "nt", reason="pipes")
@pytest.mark.parametrize("words", [("info", "a.svg"), ("list", "dot.py"), ("run", "--help")])
def test_a_reader_that_leaves_ends_it_without_a_word(dot, words):
    """As before `| head`, which reads a line and leaves: here it leaves at once."""
    assert main(["run", "dot.py", "-o", "a.svg"]) == 0
    reader, writer = os.pipe()
    os.close(reader)
    # Where Python does not buffer, newer argparse itself does not mind who reads its help.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [sys.executable, "-c", SHORT, *words],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(os.name == "nt", reason="pipes")
def test_output_that_is_closed_or_full(dot):
    assert main(["run", "dot.py", "-o", "a.svg"]) == 0
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", SHORT, "info", "a.svg"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert (done.returncode, done.stderr) == (1, "gradart: No space left on device\n")
    command = f"import os, sys; os.closerange(1, 3); os.execv({sys.executable!r}, "
    command += f"[{sys.executable!r}, '-c', {SHORT!r}, 'info', 'a.svg'])"
    assert subprocess.run([sys.executable, "-c", command]).returncode == 0


def test_a_comma_in_a_text_has_a_backslash_in_a_sweep(studio, gradart):
    studio("say.py", "@ga.sketch\ndef say(word='a'):\n    return ga.scene(ga.text(word, (0, 0)))\n")
    out = gradart("run", "say.py", "-p", r"word=Hello\, world,Bye", "--px", "20", "-o", "all")[1]
    assert [line.split()[0] for line in out] == [
        "all/say_wordhello-world.png",
        "all/say_wordbye.png",
    ]
    assert gradart("run", "say.py", "--word", "Hello, world", "--px", "20")[0] == 0
    line = "note: word takes 2 values; as one text, write --word 'Hello, world'"
    assert (
        line in gradart("run", "say.py", "-p", "word=Hello, world", "--px", "20", "-o", "two")[2][0]
    )


@pytest.mark.parametrize(
    "words",
    [["-p", "x=-3"], ["--x", "-3"], ["--x=-3"], ["--x", "-3e0"], ["-p", "x=-3,-4"], ["--x", "-.5"]],
)
def test_negative_numbers_are_values(studio, gradart, words):
    studio("low.py", "@ga.sketch\ndef low(x=1.0):\n    return ga.scene(ga.dots((x, 0)))\n")
    assert gradart("run", "low.py", *words, "--px", "20")[0] == 0


def test_a_name_is_the_same_however_its_accents_are_typed(studio, gradart):
    studio("low.py", "@ga.sketch\ndef low(größe=1.0):\n    return ga.scene(ga.dots((größe, 0)))\n")
    for name in "gr\u00f6\u00dfe", "gro\u0308\u00dfe":
        assert gradart("run", "low.py", f"--{name}", "2", "--px", "20")[0] == 0
        assert gradart("run", "low.py", "-p", f"{name}=2,3", "--px", "20", "-o", "all")[0] == 0


@pytest.mark.parametrize(
    "words",
    [
        "run dot.py -o ~/a.png",
        "run dot.py -o ~",
        "run dot.py --out=~/a.png",
        "run ~/dot.py",
        "run dot.py -p photo=~/a.png",
        "run dot.py --photo ~/a.png",
        "run dot.py -o a.mp4 --audio ~/a.png",
        "rerun a.png -o ~/b.png",
        "info ~/a.png",
        "watch ~/dot.py",
        "new ~/a",
        "gallery -o ~/folder",
    ],
)
def test_a_home_that_the_shell_left_is_spelled_out(studio, gradart, tmp_path, monkeypatch, words):
    monkeypatch.setenv("HOME", "/home/ada")
    studio("dot.py", HOMELY)
    status, _, [err] = gradart(*words.split())
    assert status == 2
    assert re.search(r"~\S* stands for /home/ada\S* to the shell alone: write /home/ada", err)
    assert sorted(os.listdir(tmp_path)) == ["dot.py"]


def test_a_tilde_in_a_text_or_a_name_is_one(studio, gradart, tmp_path):
    studio("dot.py", HOMELY)
    assert gradart("run", "dot.py", "--word", "~/", "--at", "0", "-o", "~a.png")[0] == 0
    assert (tmp_path / "~a.png").exists()
