"""The document: what a sketch brings along stays data, whatever it is, and nothing is asked for."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from browsers import until
from rendering.html.pieces import INPUTS, rose, script_of

from gradart.rendering.formats.html import text_in
from gradart.rendering.html.document import document

HOSTILE = [
    "</script><script>document.title='owned'</script>",
    "<!--<script>",
    "<img src=x onerror=document.title='owned'>",
    "'\"&lt;`${document.title='owned'}",
    "a\u2028b\u2029c\u0000d\ud800e",
    "javascript:alert(1)",
    "$style $title ${script} %s {0}",
    "]]><title>owned</title>",
]


def attribute(html, start):
    return re.search(re.escape(start) + r'([^"]*)"', html)[1]


def test_the_policy_names_the_script_and_what_runs_it_and_the_style():
    html = document(*rose())
    policy = attribute(html, 'Content-Security-Policy" content="')
    rules = dict(rule.split(maxsplit=1) for rule in policy.split("; "))
    assert "unsafe" not in policy
    assert "http" not in policy
    assert rules["default-src"] == "'none'"
    parser = Parser()
    parser.feed(html)
    assert parser.texts.keys() == {"script", "style"}
    script = script_of(html)
    parser.texts["script"].append(script)
    style, _ = json.JSONDecoder().raw_decode(script.partition("textContent:")[2])
    assert "visibility: visible" in style  # which is not, before the script is there
    parser.texts["style"].append(style)
    for kind, count in {"script": 2, "style": 2}.items():
        assert len(parser.texts[kind]) == count
        digests = [hashlib.sha256(text.encode()).digest() for text in parser.texts[kind]]
        named = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
        assert rules[f"{kind}-src"] == " ".join(named)


class Parser(HTMLParser):
    """Keeps the texts of the elements that a browser would obey: scripts that are none of data."""

    def __init__(self):
        super().__init__()
        self.texts, self._kind = {}, None

    def handle_starttag(self, tag, attributes):
        obeyed = tag in ("script", "style") and "type" not in dict(attributes)
        self._kind = tag if obeyed else None

    def handle_data(self, text):
        if self._kind:
            self.texts.setdefault(self._kind, []).append(text)
            self._kind = None


def test_the_same_piece_gives_the_same_bytes():
    assert document(*rose(), provenance="{}") == document(*rose(), provenance="{}")


@pytest.mark.exhaustive
def test_texts_stay_texts(show):
    """In names, docstrings, values, reasons: they are read, and never obeyed."""
    all_of_it = "\n".join(HOSTILE)
    names = [f"{n} {hostile}" for n, hostile in enumerate(HOSTILE)]
    inputs = [dict(INPUTS[0], name=name, words=name) for name in names]
    fixed = [{"name": name, "value": [name], "why": name} for name in names]
    told = {"title": all_of_it, "description": all_of_it, "alt": all_of_it, "name": all_of_it}
    page = show(rose(**told, inputs=[*INPUTS, *inputs], fixed=fixed))
    texts = {
        selector: page.locator(selector).all_text_contents()
        for selector in ("#title", "#description", ".help", "#fixed small")
    }
    whole = json.loads(json.dumps(all_of_it))  # with halves of letters as JSON has them
    assert texts == {
        "#title": [whole],
        "#description": [whole],
        ".help": ["in all", *names],
        "#fixed small": names,
    }
    assert page.locator("#picture").get_attribute("aria-label") == whole
    assert page.evaluate("document.title") != "owned"
    assert page.evaluate("document.scripts.length") == 4
    assert page.locator("img, title, iframe, #stage script").count() == 1
    for name in names:
        field = page.get_by_label(name.replace("_", " "), exact=True)
        field.fill("9")
        field.press("Enter")
    assert page.evaluate("location.hash").count("=9") == len(names)
    page.reload()
    page.wait_for_selector("#frame[aria-busy=false]")
    values = page.locator("[type=number]").evaluate_all("all => all.map(field => field.value)")
    assert values.count("9") == len(names)


def test_numbers_of_any_size_are_shown(show):
    inputs = [
        dict(INPUTS[0], name="petals", default=5, low=None, high=None),
        dict(INPUTS[1], low=1e-300, high=1e300),
        *INPUTS[2:],
    ]
    fixed = [{"name": "n", "value": 10**400, "why": "large"}]
    page = show(rose(inputs=inputs, fixed=fixed), "#petals=9007199254740991&reach=1e-299")
    assert page.input_value("#p-petals") == "9007199254740991"
    assert page.input_value("#p-reach") == "1e-299"
    page.goto(page.url.partition("#")[0] + "#petals=9007199254740993")
    until(page, "note.textContent.includes('whole number')")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_file_says_of_its_making_is_found(tmp_path, hostile):
    said = json.dumps({"sketch": hostile, hostile: 1})
    path = tmp_path / "a.html"
    path.write_text(
        document(*rose(title=hostile, description=hostile), provenance=said), encoding="utf-8"
    )
    with path.open("rb") as file:
        assert json.loads(text_in(file)) == json.loads(said)


@pytest.mark.exhaustive
def test_hidden_texts_of_an_address_are_told_as_they_are(show):
    page = show(None, "#%3Cimg%20src=x%20onerror=alert(1)%3E=1&petals=</script>")
    assert page.locator("#note img").count() == 0
    note = page.locator("#note").text_content()
    assert "“<img src”" in note
    assert "“</script>”" in note
