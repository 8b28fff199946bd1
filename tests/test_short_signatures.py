"""Help shows of a public function or class short types, by their names, and all keywords."""

import inspect
import pydoc
import re
import subprocess
import sys

import gradart as ga
from gradart.short_signatures import shorten
from tests.public_names import CALLABLES

LONG = r"jaxlib|gradart\.|numpy\.|typing\.|collections|ForwardRef|Annotated"
EACH = 45  # letters that a parameter takes, on the whole
SIGNED = sorted(CALLABLES.keys() - {"ArtError", "ArtWarning"})  # which take what any exception does


def test_a_signature_is_short_and_names_what_can_be_looked_up():
    signatures = {name: inspect.signature(CALLABLES[name]) for name in SIGNED}
    texts = {name: str(signature) for name, signature in signatures.items()}
    most = {name: 60 + EACH * len(signature.parameters) for name, signature in signatures.items()}
    assert [text for name, text in texts.items() if len(text) >= most[name]] == []
    assert [text for text in texts.values() if re.search(LONG, text)] == []


def test_keywords_of_a_style_are_shown_one_by_one():
    assert str(inspect.signature(ga.polygons)) == (
        "(points: Numbers, *, stroke: ColorLike | None = ..., width: Numbers = ...,"
        " fill: ColorLike | Gradient | None = ..., alpha: Numbers = ...) -> Mark"
    )


def test_help_shows_what_the_code_says():
    assert "ellipse(a: float = 1.0, b: float = 0.6," in pydoc.plain(pydoc.render_doc(ga.ellipse))
    assert "circle(radius: float = 1.0, center: Point = (0.0, 0.0)) -> Curve" in pydoc.plain(
        pydoc.render_doc(ga.curves)
    )
    assert "Mark(shape: Shape, style: Style)" in pydoc.plain(pydoc.render_doc(ga.Mark))


def test_only_what_is_shown_changes():
    """The annotations stay what they are, and what is not of gradart stays as it is."""
    assert ga.lines.__annotations__["return"] is ga.Mark

    class Other:
        def method(self, x: "int") -> None: ...

    before = inspect.signature(Other.method)
    shorten(Other)
    assert inspect.signature(Other.method) == before


def test_losses_are_there_first_of_all():
    code = "import gradart as ga; print(ga.losses.tone.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "tone\n"
