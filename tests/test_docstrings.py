"""Public docstrings: their examples run, and they tell of each parameter.

What an example shows last is a picture where it is natural: a mark or a scene, which a notebook,
and the pages made from these docstrings, show as one; here it must be one that can be drawn.
"""

import doctest
import inspect
import re
import sys
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from tests.public_names import CALLABLES, CLASSES, PUBLIC

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
NEEDS = {"explore": "ipywidgets", "from_torch": "torch", "from_tensorflow": "tensorflow"}
SHORT = 100


def _text(name):
    """A docstring without its examples."""
    return re.sub(r"(?m)^(>>>|\.\.\.).*$", "", inspect.getdoc(PUBLIC[name]) or "")


def _examples(name):
    return doctest.DocTestParser().get_examples(inspect.getdoc(PUBLIC[name]) or "")


def _run(name, pictures):
    """The failures, in doctest's words, of the examples of a docstring."""

    def show(value):
        if isinstance(value, ga.Mark | ga.Scene):
            pictures.append(value)
        elif value is not None:
            print(repr(value))

    names = {"ga": ga, "jax": jax, "jnp": jnp, "np": np}
    parser, said = doctest.DocTestParser(), []
    test = parser.get_doctest(inspect.getdoc(PUBLIC[name]), names, f"ga.{name}", None, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "__displayhook__", show)  # which doctest takes
        doctest.DocTestRunner(optionflags=OPTIONS, verbose=False).run(
            test, out=said.append, clear_globs=False
        )
    return "".join(said)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", [name for name in PUBLIC if _examples(name)])
def test_its_examples_run(name, tmp_path, monkeypatch):
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    monkeypatch.chdir(tmp_path)
    pictures = []
    with warnings.catch_warnings():
        warnings.simplefilter("error", ga.ArtWarning)
        failures = _run(name, pictures)
        assert not failures, failures
        for picture in pictures:
            scene = picture if isinstance(picture, ga.Scene) else ga.scene(picture)
            assert ga.render(scene, format="png", px=60, page="square")[:4] == b"\x89PNG"


def test_each_has_an_example():
    assert [name for name in CALLABLES if not _examples(name)] == []


def _untold(name):
    """The parameters that a docstring does not tell of."""
    quoted = " ".join(re.findall(r"`[^`]+`", _text(name)))
    try:
        parameters = inspect.signature(CALLABLES[name]).parameters
    except ValueError:  # of an exception, which takes any
        return []
    return [p for p in parameters if p != "self" and not re.search(rf"\b{p}\b", quoted)]


def test_each_tells_of_each_parameter():
    assert {name: untold for name in CALLABLES if (untold := _untold(name))} == {}


def test_each_first_line_stands_alone():
    """It is a sentence that ends where the line does, and is short."""
    docs = {name: inspect.getdoc(PUBLIC[name]) or "" for name in PUBLIC}
    firsts = {name: text.partition("\n")[0] for name, text in docs.items()}
    assert {k: v for k, v in firsts.items() if not v.endswith(".") or len(v) >= SHORT} == {}
    needy = r"(It|This|See|As|The same)\b"
    assert {k: v for k, v in firsts.items() if re.match(needy, v)} == {}


def test_all_names_are_seen():
    """The lists that the tests above go through are not empty, and hold each kind of name."""
    assert {"lines", "fields.disk", "losses.tone", "Scene", "Fit.film", "curves"} <= set(PUBLIC)
    assert len(CALLABLES) > 120
    assert set(CLASSES) < set(CALLABLES)
