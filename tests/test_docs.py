"""The pages in docs: each public name has its place, all code is Python, links lead somewhere."""

import ast
import importlib.util
import re
import sys
from pathlib import Path

import pytest

import gradart as ga
from gradart.calculus.programs.jaxprs import CALLS
from gradart.javascript import primitives

HOME = Path(__file__).parents[1]
DOCS = HOME / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
READ_THERE = [HOME / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]


def _directives(page, name):
    """The contents of a directive on a page, without its options."""
    found = re.findall(rf"^```\{{{name}\}}\n(.*?)^```$", page.read_text(), re.M | re.S)
    return [re.sub(r"\A(:\w+:.*\n)+", "", content) for content in found]


def _part(name):
    """A file of the site's extension that needs no Sphinx."""
    spec = importlib.util.spec_from_file_location(name, DOCS / "extension" / f"{name}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_public_name_is_in_the_reference_once():
    lists = [c for page in PAGES for c in _directives(page, "reference")]
    names = [line.partition(":")[0] for content in lists for line in content.split("\n") if line]
    assert sorted(names) == sorted(vars(ga)["__all__"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_all_code_that_is_shown_is_run_or_of_another_language(page):
    for code in _directives(page, "gradart"):
        ast.parse(code)
    fences = re.findall(r"^```(\S+)", page.read_text(), re.M)
    directives = {
        "gradart",
        "reference",
        "toctree",
        "pieces",
        "plates",
        "commands",
        "formats",
        "live",
    }
    known = {f"{{{name}}}" for name in directives | {"render-options", "translated-primitives"}}
    assert set(fences) <= known | {"sh", "js", "html"}


@pytest.mark.parametrize("page", PAGES + READ_THERE, ids=lambda page: str(page.relative_to(HOME)))
def test_links_to_files_lead_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    for target in targets:
        file, _, anchor = target.partition("#")
        if ":" not in target:
            assert not file or (page.parent / file).exists(), target
        if anchor and file.endswith(".md") and ":" not in target:
            heads = re.findall(r"^#+ (.*)$", (page.parent / file).read_text(), re.M)
            assert anchor in [re.sub(r"\W+", "-", head.lower()) for head in heads] + heads, target


def test_blocks_of_a_page_follow_one_another(tmp_path):
    run = _part("run_blocks")
    codes = [
        "import gradart as ga\na = 2\nprint(a)",
        "a + 1",
        "ga.dots([(0.0, 0.0), (1.0, a)])",
        '@ga.sketch(page="a5")\ndef one():\n    return ga.scene(ga.dots([(0.0, 0.0), (1.0, 1.0)]))',
        "b = 1\nnowhere",
        "b",
    ]
    blocks = [run.Block(code, f"block{n}") for n, code in enumerate(codes)]
    blocks.append(run.Block("a = ga.page('a4').width\na", "apart", example="page"))
    printed, number, picture, sheet, wrong, after, apart = run.run_page("here", blocks, tmp_path)
    assert (printed.text, number.text, apart.text) == ("2\n", "3\n", "210.0\n")
    assert (tmp_path / picture.picture).is_file()
    assert picture.size == (900, 900)
    assert sheet.size[0] < sheet.size[1] == 900
    assert wrong.error == "line 2: NameError: name 'nowhere' is not defined"
    assert after.error


def test_links_of_a_site_that_lead_nowhere_are_found(tmp_path):
    links = _part("links")
    (tmp_path / "there.html").write_text('<h1 id="top">There</h1>')
    good = '<a href="there.html#top" id="a">x</a> <a href="https://x.org/">x</a> <a href="#a">'
    bad = (
        '<a href="gone.html">x</a> <a href="there.html#gone">x</a> <img src="gone.png">'
        '<script src="https://example.org/x.js"></script>'
    )
    (tmp_path / "good.html").write_text(good)
    assert links.faults(tmp_path) == []
    (tmp_path / "bad.html").write_text(bad)
    assert len(links.faults(tmp_path)) == 4


def test_what_is_told_of_primitives_is_what_has_a_translation():
    """The site's table is made of the translator's own, family by family; none is left out."""
    source = ast.parse((DOCS / "extension" / "tables.py").read_text())
    [families] = [
        node.value
        for node in source.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "FAMILIES"
    ]
    told = eval(ast.unparse(families), vars(primitives) | {"CALLS": CALLS})
    names = [name for family in told.values() for name in family]
    assert len(names) == len(set(names))
    assert set(names) == {*primitives.RULES, *CALLS}


def test_pieces_of_the_site_that_are_alive_are_in_the_gallery():
    text = (DOCS / "extension" / "live_pages.py").read_text()
    pieces = ast.literal_eval(re.search(r"^PIECES = (\(.*?\))", text, re.M | re.S)[1])
    assert 1 <= len(pieces) <= 8  # each takes some seconds of the site's build
    assert all((HOME / "sketches" / f"{name}.py").is_file() for name in pieces)
    shown = re.findall(r"^```\{live\} (\w+)", "\n".join(p.read_text() for p in PAGES), re.M)
    assert set(shown) <= set(pieces)
