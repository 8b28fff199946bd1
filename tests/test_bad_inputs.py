"""What an artist sees who gives wrong input: one line, and nothing else changed.

The numbers in the names are those of the list of bad inputs.
"""

import re
import subprocess
import sys

import numpy as np
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


@pytest.fixture
def refused(studio, gradart, tmp_path):
    """A function that runs a sketch text and returns the one line that it gets for it."""

    def run(text, *words, status=2):
        file = studio("piece.py", text) if text is not None else "piece.py"
        before = _contents(tmp_path)
        found, out, err = gradart("run", file, "--px", 20, *words)
        assert (found, out, len(err)) == (status, [], 1), err
        assert err[0].startswith("gradart: ")
        assert "Traceback" not in err[0]
        assert _contents(tmp_path) == before
        return err[0]

    return run


def _contents(folder):
    return {p: p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def _at(text, part):
    """The line of the sketch file that holds a part of the text; three are above it."""
    return text[: text.index(part)].count("\n") + 4


@pytest.mark.parametrize("px", ["0", "-3", "nan", "2.5", "many"])
def test_9_a_size_of_nothing(refused, px):
    assert px in refused(STILL, f"--px={px}")


@pytest.mark.parametrize("margin", ["-1", "nan", "inf", "200"])
def test_9_a_margin_of_nothing(refused, margin):
    assert re.search(r"margin", refused(STILL, f"--margin={margin}"))


@pytest.mark.parametrize("page", ["0x100mm", "nanx20mm", "a44", "-5x5mm"])
def test_9_a_page_of_nothing(refused, page):
    assert "page" in refused(STILL, f"--page={page}")


def test_10_more_pixels_than_a_side_can_have(refused):
    assert "32767" in refused(STILL, "--px", 32768)


def test_11_more_pixels_than_the_budget(refused):
    assert "GRADART_MAX_PIXELS=" in refused(STILL, "--px", 20000)


CURVE = """
@ga.sketch
def piece():
    t = jnp.linspace(0, 1, 9)
    def curve(t):
        return {result}
    return ga.scene(ga.lines(ga.point(curve, t)))
"""


@pytest.mark.parametrize(
    ("result", "says"),
    [
        ("jnp.sin(t)", r"returns shape \(\), a curve returns \(2,\)"),
        ("jnp.zeros(4)", r"returns shape \(4,\), a curve returns \(2,\)"),
    ],
)
def test_13_a_curve_of_another_shape(refused, result, says):
    assert re.search("piece, line 10: .*" + says, refused(CURVE.format(result=result)))


def test_13_a_field_that_is_a_vector(refused):
    text = """
    @ga.sketch
    def piece():
        return ga.scene(ga.lines(ga.gradient(lambda p: 2 * p, jnp.ones((3, 2)))))
    """
    assert re.search(r"piece, line 7: .*\(2,\), a field returns \(\)", refused(text))


@pytest.mark.parametrize("result", ["None", "'up'", "(t, None)"])
def test_14_a_curve_of_no_numbers(refused, result):
    line = refused(CURVE.format(result=result))
    assert re.search(r"piece, line 10: the curve returns .*return one array", line)


@pytest.mark.parametrize("call", ["math.sin(t)", "np.sin(t)", "float(t)"])
def test_17_a_function_that_jax_cannot_see_through(refused, call):
    text = CURVE.format(result=f"jnp.array([t, {call}])") + "\nimport math\nimport numpy as np\n"
    line = refused(text)
    assert line.startswith(f"gradart: piece, line {_at(text, call)}: ")
    assert "use jax.numpy" in line


def test_18_an_if_on_a_traced_value(refused):
    text = CURVE.format(result="jnp.array([t, t if t > 0.5 else 0.0])")
    line = refused(text)
    assert line.startswith(f"gradart: piece, line {_at(text, 'if t')}: ")
    assert "use jnp.where" in line


ROOT = """
@ga.sketch
def piece():
    t = jnp.linspace(0, 1, 9)
    p, v = ga.jet(lambda t: jnp.array([t, {root}]), t, order=1)
    return ga.scene(ga.segments(p, p + v))
"""


@pytest.mark.parametrize(
    ("root", "status"),
    [("jnp.linalg.norm(jnp.array([t, t]))", 0), ("jnp.sqrt(t)", 2)],  # NaN, and infinite
)
def test_21_a_derivative_that_is_not_finite(studio, gradart, root, status):
    file = studio("piece.py", ROOT.format(root=root))
    found, _, [note, *error] = gradart("run", file, "--px", 20)
    assert re.search(r"note: piece, line 8: .*not finite at t = 0: use safe_norm", note)
    assert (found, len(error)) == (status, status // 2)


@pytest.mark.parametrize("seed", ["-1", "4294967296", "1.5", "seven", "nan", "", "0..9..0", "9..0"])
def test_24_a_seed_that_is_none(refused, seed):
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
def test_25_a_film_of_no_frames(refused, option, says):
    assert says in refused(FILM, option)


@pytest.mark.parametrize("name", ["piece.tiff", "piece.jpg", "piece.mp3"])
def test_30_an_ending_that_is_not_known(refused, name):
    line = refused(STILL, "-o", name)
    assert name.rpartition(".")[2] in line
    assert ".png" in line


def test_30_a_film_without_paper_in_a_format_that_has_paper(refused):
    assert "no transparency" in refused(FILM, "-o", "piece.mp4", "--transparent")


def test_31_an_npz_of_objects(refused, tmp_path):
    np.savez(tmp_path / "land.npz", elevation=np.array([{}, None], object))
    text = """
    @ga.sketch
    def piece():
        ga.terrain("land.npz")
        return ga.scene()
    """
    line = refused(text)
    assert "land.npz" in line
    assert "allow_pickle" not in line


def test_36_no_such_file(refused):
    assert "no such file: piece.py" in refused(None)


def test_36_a_syntax_error(refused):
    assert "piece.py, line 5: " in refused("x = 1\ny = (\n")


def test_36_a_file_that_is_not_text(studio, gradart, tmp_path):
    (tmp_path / "piece.py").write_bytes(b"\xff\xfe\0")
    status, _, [line] = gradart("run", "piece.py")
    assert status == 2
    assert "piece.py" in line


def test_36_no_sketch(refused):
    assert "@ga.sketch" in refused("x = 1\n")


def test_36_an_error_while_the_file_is_read(refused):
    assert "piece.py, line 5: ModuleNotFoundError: " in refused("x = 1\nimport nosuchmodule\n")


def test_36_two_sketches(refused):
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
def test_37_parameters(refused, words, says):
    assert says in refused(BOUNDED, *words)


def test_37_more_values_than_anyone_wants(refused):
    assert "values" in refused(BOUNDED, "-p", "turns=1..20..0.000001")


def test_38_a_folder_for_what_cannot_be_made(refused):
    assert "px" in refused(STILL, "--px", 0, "--seed", "0..3", "-o", "many")


def test_38_a_missing_folder(refused):
    assert "nosuch" in refused(STILL, "-o", "nosuch/piece.png", status=1)


def test_38_a_folder_in_the_way(refused, tmp_path):
    (tmp_path / "piece.png").mkdir()
    assert "piece.png" in refused(STILL)


def test_38_a_read_only_folder(refused):
    assert "/proc/piece.png" in refused(STILL, "-o", "/proc/piece.png", status=1)


FULL = """
import resource, signal, sys
from gradart.command.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
sys.exit(main(["run", "piece.py", "--px", "900", "-o", "piece.svg"]))
"""


def test_38_a_full_disk(studio, tmp_path):
    """A process may write no more than 2000 bytes into a file, which fails as a full disk does."""
    many = "ga.dots(jax.random.normal(key, (3000, 2)))"
    studio("piece.py", STILL.replace("ga.dots([(0, 0), (x, 1)])", many))
    (tmp_path / "piece.svg").write_text("before")
    before = _contents(tmp_path)
    done = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch("gradart: .*piece.svg.*\n", done.stderr), done.stderr
    assert _contents(tmp_path) == before


def test_40_an_interrupt(studio, gradart):
    text = STILL.replace("    return", "    raise KeyboardInterrupt\n    return")
    status, out, err = gradart("run", studio("piece.py", text))
    assert (status, out, err) == (130, [], ["gradart: stopped; what was finished is kept"])
