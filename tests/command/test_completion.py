"""The shell completes commands, options, files, and parameters of sketches that are not run."""

import os
import shutil
import subprocess
import sys

import pytest

from gradart.command.completion import parameters

pytest.importorskip("argcomplete")

SKETCH = """
import sys
assert False, "a sketch is not run to complete a line"

@ga.sketch(page="square")
def waves(key, n_dots: Annotated[int, ga.Bounds(1, 9)] = 3, dark=False, *,
          kind: Annotated[Literal["round", "square"], "of dot"] = "round"):
    ...

def helper(other=1): ...
"""


@pytest.fixture
def completed(studio, tmp_path):
    """What can stand at the end of a line, in a folder with a sketch; JAX stays unimported."""
    studio("waves.py", SKETCH)
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "waves.presets.json").write_text('{"waves": {"calm": {}}}')
    (tmp_path / "jax.py").write_text("raise ImportError('jax is imported')")

    def run(line):
        told = tmp_path / "told"
        told.write_text("")
        asks = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_SHELL": "bash", "_ARGCOMPLETE_IFS": "\n"}
        asks |= {"_ARGCOMPLETE_STDOUT_FILENAME": str(told), "_ARGCOMPLETE_SUPPRESS_SPACE": "1"}
        asks |= {"COMP_LINE": line, "COMP_POINT": str(len(line)), "COMP_TYPE": "9"}
        code = (
            "import sys; sys.path.insert(0, '.')\n"
            "from gradart.command.cli import main\n"
            "main(['nothing'])\n"
        )
        command = [sys.executable, "-c", code]
        subprocess.run(command, env=os.environ | asks, check=True, capture_output=True)
        return sorted(word.strip() for word in told.read_text().splitlines())

    return run


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("gradart r", ["rerun", "run"]),
        ("gradart run w", ["waves.py"]),
        ("gradart run n", []),
        ("gradart info n", ["notes.txt"]),
        ("gradart run waves.py --n", ["--n-dots", "--no-dark", "--no-landscape"]),
        ("gradart run waves.py:waves --n-d", ["--n-dots"]),
        ("gradart run waves.py --kind ", ["round", "square"]),
        ("gradart run waves.py --oth", []),
        ("gradart run waves.py waves.py --kin", ["--kind"]),
        ("gradart run waves.py -p n", ["n_dots="]),
        ("gradart run waves.py --page le", ["legal", "letter"]),
        ("gradart run waves.py --preset ", ["calm"]),
        ("gradart new fresh --template f", ["field", "film", "fit"]),
        ("gradart examples br", ["braid"]),
        ("gradart completion ", ["bash", "fish", "zsh"]),
    ],
)
def test_what_can_stand_at_the_cursor(completed, line, words):
    assert completed(line) == words


def test_options_are_completed(completed):
    assert {"--page", "--px", "--preset", "--param"} <= set(completed("gradart run --p"))


def test_parameters_are_read_from_the_text():
    assert list(parameters(SKETCH)) == [
        *(("n-dots", ()), ("dark", (True, False)), ("kind", ("round", "square"))),
    ]
    assert list(parameters("@sketch\ndef f(x, /, y=1, z=2): ...")) == [("y", ()), ("z", ())]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_a_shell_reads(gradart, shell, tmp_path):
    status, out, err = gradart("completion", shell)
    assert (status, err) == (0, [])
    assert any("gradart" in line for line in out)
    if program := shutil.which(shell):
        (tmp_path / "script").write_text("\n".join(out))
        subprocess.run([program, "-n", str(tmp_path / "script")], check=True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_a_line(studio, tmp_path):
    """As the Tab key does: the function that the script registers fills COMPREPLY."""
    studio("waves.py", SKETCH)
    program = tmp_path / "gradart"
    program.write_text(f"#!{sys.executable}\nfrom gradart.command.cli import main\nmain()\n")
    program.chmod(0o755)
    script = (
        'PATH=.:$PATH; eval "$(gradart completion bash)"\n'
        "COMP_LINE='gradart run waves.py --n-d' COMP_POINT=26 COMP_TYPE=9\n"
        "COMP_WORDS=(gradart run waves.py --n-d); COMP_CWORD=3\n"
        '_python_argcomplete gradart; echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "--n-dots"
