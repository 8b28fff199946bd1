"""The live page's JavaScript: its types say what the server and index.html have; its pure parts."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

import gradart
from gradart.studio.server.messages import KINDS

STATIC = Path(gradart.__file__).parent / "studio" / "server" / "static"
TYPES = (STATIC / "types.d.ts").read_text()
TAGS = {  # of the interfaces that more than one kind of element shares no properties with
    "HTMLButtonElement": "button",
    "HTMLCanvasElement": "canvas",
    "HTMLDetailsElement": "details",
    "HTMLDialogElement": "dialog",
    "HTMLFormElement": "form",
    "HTMLInputElement": "input",
    "HTMLOutputElement": "output",
    "HTMLProgressElement": "progress",
    "HTMLSelectElement": "select",
}


def interface(name):
    """The text between the braces of an interface in types.d.ts."""
    return re.search(rf"^export interface {name} {{\n(.*?)^}}", TYPES, re.M | re.S)[1]


def test_the_page_and_the_server_have_one_table_of_messages():
    entries = re.findall(r"^  (\w+): {(.*?)};$", interface("Messages"), re.M | re.S)
    typed = {kind: set(re.findall(r"(\w+)\??:", fields)) for kind, fields in entries}
    assert typed == {kind: set(fields) for kind, fields in KINDS.items()}


def test_all_that_the_page_sends_has_a_kind():
    sent = set()
    for file in STATIC.glob("*.js"):
        sent |= set(re.findall(r"\bsend\(\s*\"(\w+)\"", file.read_text()))
    assert sent == set(KINDS)


def test_the_page_and_its_types_have_the_same_elements():
    found = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if (name := dict(attrs).get("id")) is not None:
                assert name not in found
                found[name] = tag

    Reader().feed((STATIC / "index.html").read_text())
    typed = dict(re.findall(r"^  (\w+): (\w+);$", interface("Elements"), re.M))
    assert typed.keys() == found.keys()
    own = set(TAGS.values())
    for name, kind in typed.items():
        assert TAGS[kind] == found[name] if kind in TAGS else found[name] not in own, name


def test_every_module_of_the_page_is_loaded():
    """From main.js on, imports reach each file, and lead to none that is not there."""
    reached, waiting = set(), ["main.js"]
    while waiting:
        file = waiting.pop()
        if file not in reached:
            reached.add(file)
            waiting += re.findall(
                r'^(?:import|} from).*"\./(.+?)";$', (STATIC / file).read_text(), re.M
            )
    assert reached == {file.name for file in STATIC.glob("*.js")}


def test_the_pure_parts_of_the_page():
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    major = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    if int(re.match(r"v(\d+)", major)[1]) < 20:
        pytest.skip(f"needs node 20, not {major.strip()}")
    tests = Path(__file__).with_name("state.test.mjs")
    done = subprocess.run([node, "--test", tests], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "# pass 5" in done.stdout
