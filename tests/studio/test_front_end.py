"""The front end's JavaScript: its types of messages, its unit tests, its elements."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from studio.declarations import FILE, declarations

STATIC = FILE.parent
TESTS = Path(__file__).with_name("front_end")
NODE = shutil.which("node")


def test_browser_and_server_have_one_table_of_messages():
    assert FILE.read_text() == declarations(), "run python tests/studio/declarations.py"


@pytest.mark.skipif(NODE is None, reason="the front end's unit tests need node")
def test_the_pure_parts_of_the_front_end_pass_their_unit_tests():
    command = [NODE, "--test", *map(str, TESTS.glob("*.test.js"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_element_that_the_front_end_asks_for_is_in_the_document():
    ids = set(re.findall(r'\bid="(\w+)"', (STATIC / "index.html").read_text()))
    scripts = "".join(file.read_text() for file in STATIC.glob("*.js"))
    asked = set(re.findall(r'\$\("(\w+)"\)', scripts))
    assert asked
    assert asked <= ids
