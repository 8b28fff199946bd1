"""install.sh says what it does, and asks for root only where the system lacks something."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "install.sh"
pytestmark = pytest.mark.skipif(shutil.which("sh") is None, reason="sh is not installed")

# Stands for python3: cairo is there if the file `cairo` is, and a new environment has programs
# that only write down how they were called.
PYTHON = """#!/bin/sh
case "$1 $2" in
    "- ") exec test -f cairo ;;
    "-m venv")
        mkdir -p .venv/bin
        for name in pip gradart python; do cp {stub} .venv/bin/$name; done ;;
esac
"""
STUB = '#!/bin/sh\necho "$(basename "$0") $*" >> calls\n'


@pytest.fixture
def installed(tmp_path):
    """Run the script in a folder of its own, on a machine with these programs only."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "dirname", "basename", "mkdir", "cp", "test", "env"):
        (programs / name).symlink_to(shutil.which(name))
    stub = tmp_path / "stub"

    def program(name, text):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)

    stub.write_text(STUB)
    stub.chmod(0o755)
    program("python3", PYTHON.format(stub=stub))
    program("id", "#!/bin/sh\necho 1000\n")
    shutil.copy(SCRIPT, tmp_path)

    def run(*others):
        for name in others:
            # apt-get brings cairo; sudo does what it is told.
            more = {"sudo": '"$@"\n', "apt-get": ": > cairo\n"}.get(name, "")
            program(name, STUB + more)
        done = subprocess.run(
            ["sh", str(tmp_path / "install.sh")],
            env={"PATH": str(programs)},
            capture_output=True,
            text=True,
        )
        calls = tmp_path / "calls"
        return done, calls.read_text().splitlines() if calls.exists() else []

    return run


DRAWN = [
    "pip install --disable-pip-version-check -e .",
    "gradart run sketches/forward_spiral.py -o out/forward_spiral.png",
    "python -m gradart.kernels.ahead_of_time",
]


def test_where_cairo_is_there_nobody_needs_root(installed, tmp_path):
    (tmp_path / "cairo").write_text("")
    done, calls = installed("sudo", "apt-get")
    assert (done.returncode, calls) == (0, DRAWN)
    said = done.stdout
    assert said.index("1 GB on disk") < said.index("2/4") < said.index("4/4")
    assert f"{tmp_path}/out/forward_spiral.png" in said
    assert "gradart new waves" in said


def test_what_the_system_lacks_is_installed_with_sudo(installed):
    done, calls = installed("sudo", "apt-get")
    assert done.returncode == 0
    assert [call for call in calls if call.startswith("apt-get")] == [
        "apt-get update -q",
        "apt-get install -qy libcairo2 python3-venv",
    ]
    assert calls[-3:] == DRAWN


@pytest.mark.parametrize(
    ("programs", "says"),
    [
        (["apt-get"], "have an administrator do: apt-get install libcairo2 python3-venv"),
        ([], "brew install python cairo"),
    ],
)
def test_without_root_or_apt_it_says_what_to_do(installed, programs, says):
    done, calls = installed(*programs)
    assert (done.returncode, calls) == (1, [])
    assert says in done.stdout


def test_it_is_what_readme_says():
    readme = (SCRIPT.parent / "README.md").read_text()
    assert "<!-- install -->\n```sh\nsh install.sh\n```" in readme
    ignored = (SCRIPT.parent / ".gitignore").read_text().splitlines()
    assert {".venv/", "/out/"} <= set(ignored)
    assert os.access(SCRIPT, os.X_OK)
