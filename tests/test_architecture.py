"""ARCHITECTURE.md tells of the files, folders and functions that there are."""

import ast
import re
import runpy
from functools import cache
from pathlib import Path

import gradart

HOME = Path(gradart.__file__).parent
ROOT = Path(__file__).parents[1]
TOOL = runpy.run_path(str(ROOT / ".ci/architecture.py"))
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PROSE = PAGE.partition(TOOL["BEGIN"])[0]
# `rendering/render.py`, `sketching/sketch.py:sketch` or `rendering/ink/`; what is written in
# capitals, like `NAME.py`, stands for any.
PLACE = re.compile(
    r"(?P<path>[\w./-]*/|[\w./-]*\w\.(?:pyi?|js|md|lock|toml))(?::(?P<name>[\w.]+))?"
)
QUOTED = sorted(set(re.findall(r"`([^`\n]+)`", PROSE)))
PLACES = [place for text in QUOTED if (place := PLACE.fullmatch(text)) and "NAME" not in text]


@cache
def _names(file):
    """The functions, classes and constants of a module, and the methods and fields of classes."""
    names = set()
    todo = [("", node) for node in ast.parse(file.read_text()).body]
    for prefix, node in todo:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(prefix + node.name)
            if isinstance(node, ast.ClassDef):
                todo += [(f"{node.name}.", inner) for inner in node.body]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {prefix + t.id for t in targets if isinstance(t, ast.Name)}
    return names


def test_the_list_is_that_of_the_files():
    fresh = TOOL["written"](PAGE)
    assert fresh == PAGE, "write the list anew: python .ci/architecture.py"


def test_each_file_says_what_it_holds(tmp_path):
    """In one sentence of its own; and one that says nothing is seen to say nothing."""
    lines = re.findall(r"^- `(.*?)`: ?(.*)$", PAGE, re.MULTILINE)
    assert len(lines) > 100
    assert [name for name, line in lines if not line.endswith(".")] == []
    assert len({line for _, line in lines}) == len(lines)
    (tmp_path / "empty.py").write_text("")
    assert list(TOOL["listed"](tmp_path))[1] == "- `empty.py`: "


def _is_there(place):
    found = [f for f in (HOME / place["path"], ROOT / place["path"]) if f.exists()]
    if not found or not place["name"]:
        return bool(found)
    if found[0].suffix == ".py":
        return place["name"] in _names(found[0])
    return bool(re.search(rf"\b{place['name']}\b", found[0].read_text(encoding="utf-8")))


def test_what_the_page_names_is_there():
    assert [place[0] for place in PLACES if not _is_there(place)] == []
    assert not _is_there(PLACE.fullmatch("rendering/render.py:nothing"))


def test_the_picture_has_every_room():
    picture = PROSE.partition("```text")[2].partition("```")[0]
    rooms = [room for room in HOME.iterdir() if (room / "__init__.py").exists()]
    assert [room.name for room in rooms if f"{room.name}/" not in picture] == []
    assert len(PLACES) > 40
