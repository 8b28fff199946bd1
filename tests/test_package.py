"""What is built for an index of packages is whole, small, and says what it needs to say."""

import email
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from gradart.kernels.machine import KEEPS, levels

pytest.importorskip("hatchling")
pytest.importorskip("hatch_fancy_pypi_readme")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The source distribution, and the wheel that is built of it, with nothing compiled in it."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(out), "-t"]
    subprocess.run([*build, "sdist"], cwd=ROOT, check=True, capture_output=True)
    source, unpacked = _unpacked(out)
    plain = {**os.environ, "HATCH_BUILD_NO_HOOKS": "true"}
    words = [*build, "wheel"]
    subprocess.run(words, cwd=unpacked, env=plain, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    return source, wheel


def _unpacked(out):
    """The source distribution in a folder, and the folder that it unpacks to."""
    (source,) = out.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(out, filter="data")
    return source, out / source.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """A folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(built[1]) as archive:
        archive.extractall(folder)
    return folder


def test_both_are_small(built):
    source, wheel = built
    assert source.stat().st_size < 2e6
    assert wheel.stat().st_size < 1.5e6


def test_the_wheel_has_each_file_of_the_package_and_each_sketch(installed):
    for ours, theirs in (("gradart", "gradart"), ("sketches", "gradart/examples")):
        files = {p.relative_to(ROOT / ours) for p in (ROOT / ours).rglob("*") if p.is_file()}
        wanted = {file for file in files if "__pycache__" not in file.parts}
        assert len(wanted) > 30
        place = installed / theirs
        got = {p.relative_to(place) for p in place.rglob("*") if p.is_file()}
        assert wanted <= got
        for file in wanted:
            assert (place / file).read_bytes() == (ROOT / ours / file).read_bytes()


def test_an_editable_install_copies_nothing(tmp_path):
    """A clone's sketches are those of the clone, as they are now."""
    code = f"import hatchling.build as build; build.build_editable({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if ".dist-info/" not in name)
        assert archive.read(name).decode().strip() == str(ROOT)


def test_the_wheel_alone_lists_copies_and_finds_its_examples(installed, tmp_path):
    """In a process that knows no clone: the code it says it is made of is that of the clone."""
    code = (
        f"import sys; sys.path.insert(0, {str(installed)!r})\n"
        "import gradart, gradart.jobs.versions as versions\n"
        f"assert gradart.__file__.startswith({str(installed)!r})\n"
        "from gradart.command.cli import main\n"
        "assert main(['examples']) == main(['examples', 'braid']) == 0\n"
        "print(versions.code())\n"
    )
    words = [sys.executable, "-I", "-c", code]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert [p.name for p in tmp_path.iterdir()] == ["braid.py"]
    from gradart.jobs.versions import code as of_clone

    assert done.stdout.splitlines()[-1] == of_clone()


def test_the_text_for_an_index_needs_no_file_beside_it(installed):
    (file,) = installed.glob("*.dist-info/METADATA")
    facts = email.message_from_string(file.read_text())
    text = facts.get_payload()
    assert text.startswith("# gradart\n")
    links = re.findall(r"\]\(([^)]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    assert len(links) >= 2
    assert [link for link in links if not link.startswith("https://")] == []
    assert "pip install gradart\n" in text  # and nothing that is done in a clone
    assert [word for word in ("install.sh", ".venv", "-e '.[") if word in text] == []
    assert "## A piece in fifteen lines" in text
    assert "## The command line" in text
    assert len(text) > 5000
    assert facts["Description-Content-Type"] == "text/markdown"
    kinds = facts.get_all("Classifier")
    for start in (
        "Development Status",
        "Intended Audience",
        "Programming Language :: Python :: 3.",
    ):
        assert [kind for kind in kinds if kind.startswith(start)]


@pytest.mark.exhaustive
@pytest.mark.skipif(not (KEEPS and levels()), reason="nothing is compiled for this system")
def test_a_wheel_draws_with_what_is_compiled_in_it_and_the_same_bits_as_numba(tmp_path):
    """On each kind of machine that this one can be, and on none of them is numba imported."""
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path), "-t", "wheel"]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.stat().st_size < 2.1e6  # half a megabyte of it is compiled
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = (
        "import hashlib, sys; from gradart.kernels import kernel; import kernel_calls as k\n"
        "kernel.levels = lambda: sys.argv[1:]\n"
        "print({n: hashlib.sha256(k.bits(call())).hexdigest() for n, call in k.CALLS.items()})\n"
        "assert ('numba' in sys.modules) == (not sys.argv[1:])"
    )
    path = os.pathsep.join([str(site), str(ROOT / "tests")])
    told = set()
    for words, more in [*(([level], {}) for level in levels()), ([], {"NUMBA_OPT": "3"})]:
        run = [sys.executable, "-P", "-W", "ignore", "-c", code, *words]
        where = {**os.environ, "PYTHONPATH": path, "GRADART_CACHE": "", **more}
        told.add(subprocess.run(run, env=where, check=True, capture_output=True, text=True).stdout)
    assert len(told) == 1
    assert not (site / "gradart/kernels/__pycache__").exists() or not [
        file for file in (site / "gradart/kernels/__pycache__").iterdir() if file.suffix != ".pyc"
    ]
