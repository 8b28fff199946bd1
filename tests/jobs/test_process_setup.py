"""Nothing in the current folder is run but the sketch, and what it imports."""

import subprocess
import sys

import pytest

from gradart.jobs.process_setup import python

EVIL = "open('ran', 'a').write(__name__); raise SystemExit('imported')\n"


@pytest.fixture
def folder(tmp_path):
    """A folder with a file of the name of each module of Python, and of some others."""
    for name in (*sys.stdlib_module_names, "scipy", "numpy", "jax", "tqdm", "PIL", "matplotlib"):
        (tmp_path / f"{name}.py").write_text(EVIL)
    return tmp_path


@pytest.mark.parametrize(
    "who", ["gradart.jobs.process_pool:serve", "gradart.studio.worker.process:main"]
)
def test_a_worker_imports_nothing_of_the_current_folder(folder, who):
    """It leaves at once, because its input has ended."""
    done = subprocess.run(python(who), stdin=subprocess.DEVNULL, cwd=folder, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert not (folder / "ran").exists()


def test_a_command_imports_nothing_of_the_current_folder(tmp_path):
    """As a module too: Python has put the folder first, and imported a few things by then."""
    for name in ("argparse", "json", "random", "http", "difflib", "textwrap", "numpy", "jax"):
        (tmp_path / f"{name}.py").write_text(EVIL)
    (tmp_path / "s.py").write_text(
        "import gradart as ga\n@ga.sketch\ndef s(x=1.0):\n    return ga.scene()\n"
    )
    words = [sys.executable, "-m", "gradart", "list", "s.py"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "s\n  s.py\n  --x  1.0\n", done.stderr
    assert not (tmp_path / "ran").exists()


def test_a_worker_finds_what_its_parent_does(monkeypatch):
    monkeypatch.setattr(sys, "path", ["", "/some/folder", *sys.path])
    monkeypatch.setattr(
        sys.modules["__main__"], "__file__", "/some/folder/program.py", raising=False
    )
    command = python("gradart.jobs.process_pool:serve")
    assert command[:2] == [sys.executable, "-P"]
    assert "/some/folder" not in command[-1]
    assert '""' not in command[-1]
    assert all(f'"{place}"' in command[-1] for place in sys.path[2:] if place.startswith("/"))
