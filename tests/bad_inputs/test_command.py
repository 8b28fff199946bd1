"""What the command line is given: sizes, seeds, endings, parameters, sketches, disks."""

import re
import subprocess
import sys

import pytest

STILL = """
@ga.sketch
def piece(key, x=1.0):
    return ga.scene(ga.dots([(0, 0), (x, 1)]))
"""
FILM = """
@ga.sketch
def piece():
    return lambda u: ga.scene(ga.dots([(0, 0), (1, u)]))
"""


@pytest.mark.parametrize("px", ["0", "-3", "nan", "2.5", "many"])
def test_a_size_of_nothing(refused, px):
    assert px in refused(STILL, f"--px={px}")


@pytest.mark.parametrize("margin", ["-1", "nan", "inf", "200"])
def test_a_margin_of_nothing(refused, margin):
    assert re.search(r"margin", refused(STILL, f"--margin={margin}"))


@pytest.mark.parametrize("page", ["0x100mm", "nanx20mm", "a44", "-5x5mm"])
def test_a_page_of_nothing(refused, page):
    assert "page" in refused(STILL, f"--page={page}")


def test_more_pixels_than_a_side_can_have(refused):
    assert "32767" in refused(STILL, "--px", 32768)


def test_more_pixels_than_the_budget(refused):
    assert "GRADART_MAX_PIXELS=" in refused(STILL, "--px", 20000)


@pytest.mark.parametrize("seed", ["-1", "4294967296", "1.5", "seven", "nan", "", "0..9..0", "9..0"])
def test_a_seed_that_is_none(refused, seed):
    assert "seed" in refused(STILL, f"--seed={seed}")


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("--seconds=nan", "seconds"),
        ("--seconds=0", "seconds"),
        ("--seconds=0.001", "no frame"),
        ("--fps=-25", "fps"),
        ("--fps=0", "fps"),
        ("--fps=nan", "fps"),
        ("--fps=inf", "fps"),
    ],
)
def test_a_film_of_no_frames(refused, option, says):
    assert says in refused(FILM, option)


@pytest.mark.parametrize("name", ["piece.tiff", "piece.jp2", "piece.mp3"])
def test_an_ending_that_is_not_known(refused, name):
    line = refused(STILL, "-o", name)
    assert name.rpartition(".")[2] in line
    assert ".png" in line


def test_a_film_without_paper_in_a_format_that_has_paper(refused):
    assert "no transparency" in refused(FILM, "-o", "piece.mp4", "--transparent")


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("-o", "piece.py/piece.png"), 1, "piece.py is a file"),
        (("--turns", "3..5"), 2, "--turns takes one value; for several write -p turns=3..5"),
        (("--frames", "3"), 2, "piece has no parameter frames; it takes turns, n"),
    ],
)
def test_what_is_told_before_any_work(refused, words, status, says):
    text = "@ga.sketch\ndef piece(turns=3.0, n=1):\n    raise KeyError\n"
    assert refused(text, *words, status=status).endswith(says)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("ga.line([])", "gradart has no line: write lines"),
        ("ga.lines([(0, 0), (1, 1)], color='red')", "no argument color: write stroke or fill; it"),
        ("ga.dots((0, 0), lw=2)", "ga.dots has no argument lw: write width; it takes centers, rad"),
        ("ga.lines(ga.circle())", "not a function; ga.point(f, t) computes a curve's points"),
        ("ga.lines((jnp.ones(9), jnp.ones(9)))", "not (2, 9); jnp.stack([x, y], -1) makes points"),
        ("ga.lines([(0, 0), (1, 1, 1)])", "its rows differ in length; give each as many numbers"),
        ("ga.lines([(0, 0), (1, 1)], width=(1, 2))", "width has 2 values for 1 stroke, which tak"),
        ("ga.dots(jax.random.normal(key, (3, 2)))", "key is not defined: a sketch that draws at"),
        ("ga.dots(ga.grid(3, 4))", "ga.grid needs 'box'; it takes rows, columns, box"),
        ("ga.dots(ga.value(lambda x, y: x, jnp.ones((4, 2))))", "a field one point p, x, y = p"),
        ("ga.dots((0, 0), fill=(255, 0, 9))", "this one is 255; divide by 255"),
    ],
)
def test_names_and_numbers_of_other_libraries(refused, call, says):
    assert says in refused(f"@ga.sketch\ndef piece():\n    return ga.scene({call})\n")


@pytest.mark.parametrize("call", ["lines(1)", "lines(1, 2, color=3)"])
def test_a_function_of_the_sketch_is_not_taken_for_gradarts(refused, call):
    line = refused(f"def lines(a, b): ...\n@ga.sketch\ndef piece():\n    return ga.scene({call})\n")
    assert "TypeError: lines() " in line


def test_no_such_file(refused):
    assert "no such file: piece.py" in refused(None)


def test_a_syntax_error(refused):
    assert "piece.py, line 5: " in refused("x = 1\ny = (\n")


def test_a_file_that_is_not_text(studio, gradart, tmp_path):
    (tmp_path / "piece.py").write_bytes(b"\xff\xfe\0")
    status, _, [line] = gradart("run", "piece.py")
    assert status == 2
    assert "piece.py" in line


def test_no_sketch(refused):
    assert "@ga.sketch" in refused("x = 1\n")


def test_an_error_while_the_file_is_read(refused):
    assert "piece.py, line 5: ModuleNotFoundError: " in refused("x = 1\nimport nosuchmodule\n")


def test_two_sketches(refused):
    line = refused(STILL + STILL.replace("piece", "other"))
    assert "piece.py:piece, " in line
    assert "piece.py:other" in line


BOUNDED = """
from typing import Annotated

@ga.sketch
def piece(turns: Annotated[float, ga.Bounds(1, 20)] = 5.0, n=3):
    return ga.scene()
"""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--trns", "7"], "piece has no parameter trns; did you mean turns? it takes turns, n"),
        (["-p", "trns=7"], "piece has no parameter trns; did you mean turns?"),
        (["--pxx", "7"], "did you mean px?"),
        (["--turns", "21"], "turns must be a number from 1 to 20, not 21"),
        (["-p", "turns=1..30"], "turns must be a number from 1 to 20, not 21"),
        (["-p", "turns=up..down"], "turns=up..down is no range"),
        (["-p", "turns"], "write -p turns=3..9"),
        (["-p", "turns=2", "--turns", "3"], "turns is given twice"),
        (["--turns", "many"], "turns must be a number from 1 to 20, not many"),
        (["--n", "2.5"], "n must be a whole number, not 2.5"),
        (["--turns"], "expected one argument"),
        (["stray"], "stray"),
    ],
)
def test_parameters_that_are_none(refused, words, says):
    assert says in refused(BOUNDED, *words)


def test_more_values_than_anyone_wants(refused):
    assert "values" in refused(BOUNDED, "-p", "turns=1..20..0.000001")


def test_a_folder_for_what_cannot_be_made(refused):
    assert "px" in refused(STILL, "--px", 0, "--seed", "0..3", "-o", "many")


def test_a_folder_that_cannot_be_made(refused):
    line = refused(STILL, "-o", "/proc/nosuch/piece.png", status=1)
    assert line.endswith("no such folder: /proc/nosuch, and none can be made")


def test_a_folder_in_the_way(refused, tmp_path):
    (tmp_path / "piece.png").mkdir()
    assert "piece.png" in refused(STILL)


def test_a_read_only_folder(refused):
    assert "/proc/piece.png" in refused(STILL, "-o", "/proc/piece.png", status=1)


FULL = """
import resource, signal, sys
from gradart.command.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.dont_write_bytecode = True  # Python would keep half of a module that is compiled here
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
sys.exit(main(["run", "piece.py", "-o", "piece.svg"]))
"""


def test_a_full_disk_costs_no_picture(studio, tmp_path, contents):
    """A process may write no more than 2000 bytes into a file, which fails as a full disk does."""
    many = "ga.dots(jax.random.normal(key, (3000, 2)))"
    studio("piece.py", STILL.replace("ga.dots([(0, 0), (x, 1)])", many))
    (tmp_path / "piece.svg").write_text("before")
    before = contents()
    done = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch("gradart: .*piece.svg.*\n", done.stderr), done.stderr
    assert contents() == before


def test_an_interrupt_ends_it_with_130(studio, gradart):
    text = STILL.replace("    return", "    raise KeyboardInterrupt\n    return")
    status, out, err = gradart("run", studio("piece.py", text))
    assert (status, out, err) == (130, [], ["gradart: stopped; what was finished is kept"])
