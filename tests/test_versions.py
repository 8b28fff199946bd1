"""What is told of versions beside pyproject.toml agrees with it: the lowest, the developers'."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements-dev.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]


def _wanted(lines):
    """The requirements of these lines, with those of gradart's own extras written out."""
    for requirement in map(Requirement, lines):
        if requirement.name == "gradart":
            for extra in requirement.extras:
                yield from _wanted(EXTRAS[extra])
        else:
            yield requirement


def test_each_lowest_version_is_printed_once():
    """A package of users without a lowest version would be tested in the newest one only."""
    command = [sys.executable, ROOT / ".ci/lowest.py"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lowest = [Requirement(line) for line in printed.splitlines()]
    users = [PROJECT["dependencies"], *(EXTRAS[name] for name in EXTRAS if name != "test")]
    wanted = [r for lines in users for r in _wanted(lines) if not str(r.specifier).startswith("==")]
    assert {r.name for r in lowest} == {r.name for r in wanted}
    assert len(lowest) == len({r.name for r in lowest})
    for requirement in wanted:
        (version,) = (
            str(r.specifier).removeprefix("==") for r in lowest if r.name == requirement.name
        )
        assert requirement.specifier.contains(version)


@pytest.mark.parametrize("python", ["3.11.0", "3.12.0", "3.13.0", "3.14.0"])
def test_developers_versions_are_ones_that_the_project_allows(python):
    where = {"python_full_version": python, "python_version": python[:4]}
    pins = [Requirement(line) for line in LOCK.splitlines() if not line.lstrip().startswith("#")]
    here = {r.name: r for r in pins if r.marker is None or r.marker.evaluate(where)}
    for requirement in _wanted([*PROJECT["dependencies"], *EXTRAS["test"]]):
        pin = here[re.sub("[-_.]+", "-", requirement.name.lower())]
        assert requirement.specifier.contains(str(pin.specifier).removeprefix("==")), requirement


def test_developers_versions_name_no_registry():
    pins = [line for line in LOCK.splitlines() if not line.startswith("#")]
    form = re.compile(r"[\w.-]+==[\w.]+( ; [\w.<>=!' ()]+)?")
    assert [line for line in pins if not form.fullmatch(line)] == []
    assert not re.search("://|--hash|--(extra-)?index|--find-links ", LOCK)
