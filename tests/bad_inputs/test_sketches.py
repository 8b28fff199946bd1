"""What a sketch file may hold that is no sketch, or ends, or hides what others import."""

import pytest

ENDS = {
    "sys.exit()": "sys.exit()",
    "sys.exit(0)": "sys.exit(0)",
    "exit(3)": "sys.exit(3)",
    "raise SystemExit('so')": "sys.exit('so')",
    "os._exit(0)": "os._exit(0)",
    "os.execlp('true', 'true')": "os.execv(",
}


@pytest.mark.parametrize("where", ["{0}", "def piece():\n    {0}", "{1}"])
@pytest.mark.parametrize("how", ENDS)
def test_a_sketch_that_ends_the_program_is_told_so_and_the_status_is_1(
    refused, where, how, monkeypatch
):
    for name in ("_exit", "execv"):  # the program is pytest here
        monkeypatch.setattr(f"os.{name}", lambda *_: None)
    frame = f"def piece():\n    def frame(u):\n        {how}\n    return frame"
    body = where.format(how, frame)
    text = f"import os, sys\n{body}" if where == "{0}" else f"import os, sys\n@ga.sketch\n{body}"
    line = refused(text, status=1)
    assert f": the sketch has ended the program, {ENDS[how]}" in line
    assert line.endswith("; leave that out")
    assert ", line " in line


@pytest.mark.parametrize(
    "raised", ["Stop('halt')", "asyncio.CancelledError('halt')", "GeneratorExit('halt')"]
)
def test_a_bare_exception_names_the_line(refused, raised):
    text = (
        f"import asyncio\nclass Stop(BaseException): pass\n@ga.sketch\ndef piece(): raise {raised}"
    )
    assert refused(text).endswith(f"piece, line 7: {raised.split('(')[0].split('.')[-1]}: halt")


@pytest.mark.parametrize("frame", [False, True])
def test_causes_that_go_round_in_a_circle_end(refused, frame):
    text = (
        "def piece(u=0):\n    a, b = ValueError('x'), KeyError('y')\n"
        "    b.__cause__ = a\n    raise a from b"
    )
    if frame:
        lines = text.replace("piece(u=0)", "frame(u)").splitlines()
        text = "\n    ".join(["def piece():", *lines, "return frame"])
    assert refused(f"@ga.sketch\n{text}").endswith(f"line {9 if frame else 8}: ValueError: x")


def test_an_error_in_an_imported_function_names_its_file(refused, studio):
    studio("shapes.py", "def draw(n=1):\n    return 1 / 0\n")
    line = refused("from shapes import draw\npiece = ga.sketch(draw)\n")
    assert line.endswith("draw, shapes.py, line 5: ZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    "film", ["lambda: ga.scene()", "lambda u, v: ga.scene()", "lambda *, u: ga.scene()", "piece"]
)
def test_a_film_that_takes_something_else_than_a_playhead_is_told(refused, film):
    line = refused(f"@ga.sketch\ndef piece(): return {film}\n")
    assert line.endswith(
        "piece returned a function that cannot be called with the playhead alone;"
        " write def frame(u)"
    )


def test_a_line_that_no_file_has_is_not_named(refused):
    line = refused("@ga.sketch\ndef piece(): return ga.scene()", "--margin", "-3")
    assert line.startswith("gradart: piece: a margin of -3 mm leaves no drawing")


WRAPPED = "import functools\ndef same(f):\n{}    def g(*a, **k): return f(*a, **k)\n    return g\n"
UNWRAPPED = WRAPPED.format("")
WRAPPED = WRAPPED.format("    @functools.wraps(f)\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{WRAPPED}@same\n@ga.sketch\ndef piece(n=1): ...", "of piece: write @ga.sketch above it"),
        (f"{UNWRAPPED}@same\n@ga.sketch\ndef piece(n=1): ...", "of piece: write @ga.sketch above"),
        (f"{UNWRAPPED}@ga.sketch\n@same\ndef piece(n=1): ...", "which a decorator keeps by functo"),
        ("@ga.sketch\nclass Piece: ...", "piece = ga.sketch(Piece()) for an instance"),
        (
            "class A:\n    @ga.sketch\n    def piece(self, n=1): ...",
            "piece is a method; take it out",
        ),
        ("@ga.sketch\n@classmethod\ndef piece(n=1): ...", "takes a function of Python, not <class"),
        ("@ga.sketch\nasync def piece(): ...", "piece is async, and would not run; write def piec"),
        ("@ga.sketch\nasync def piece(): yield", "piece is async"),
        ("@ga.sketch\ndef piece(): yield ga.scene()", "piece yields; return one scene, or for a f"),
        ("@ga.sketch\ndef piece():\n    return (x for x in ())", "piece returned a generator"),
        ("@ga.sketch\n@ga.sketch\ndef piece(): ...", "piece is a sketch already; write @ga.sketch"),
        ("@ga.sketch('a3')\ndef piece(): ...", "by name: @ga.sketch(page='a3')"),
        ("@ga.sketch(title='x')\ndef piece(): ...", "has no option title; it has page, landscape"),
        ("@ga.sketch(called='x')\ndef piece(): ...", "has no option called"),
        ("piece = ga.sketch(max)", "takes a function of Python, not <built-in function max>"),
        ("piece = ga.sketch(3)", "takes a function of Python, not 3"),
        ("@ga.sketch\n@jax.jit\ndef piece(ink='red'): ...", "jax.jit over piece takes numbers"),
        (
            "@ga.sketch\n@jax.jit\ndef piece(n=1.0): return lambda u: n",
            "jax.jit over piece takes nu",
        ),
        (
            "@ga.sketch\n@jax.jit\ndef piece(n=1): return [0] * range(n)",
            "piece, line 6: a Python ind",
        ),
        (
            "@ga.sketch\ndef piece(): ...\nga.main(piece)",
            "line 6: ga.main is for a file run by Pyt",
        ),
        (
            "@ga.sketch\ndef piece(page='a5'): ...",
            "page is the sheet that piece is rendered on: write def piece(page",
        ),
        (
            "@ga.sketch\ndef piece(px=3): ...",
            "px is an option of every sketch, --px; call the para",
        ),
        ("@ga.sketch\ndef piece(seed): ...", "write def piece(key, ...) in place of seed"),
        ("@ga.sketch\ndef piece(margin=3): ...", "margin is an option of every sketch"),
        ("@ga.sketch\ndef piece(u): ...", "write def frame(u): ... in piece, and return frame"),
        ("@ga.sketch\ndef piece(t): ...", "write def curve(t): ... in piece; a parameter of the s"),
        ("@ga.sketch\ndef piece(n): ...", "parameter n has no default; write n=1.0, for example"),
        ("@ga.sketch\ndef piece(key, /): ...", "leave out the / in def piece(...)"),
        (
            "@ga.sketch\ndef piece(n: 'int |' = 1): ...",
            "an annotation of piece cannot be read: Forw",
        ),
        (
            "@ga.sketch\ndef piece(n=[]): ...",
            "n holds nothing; say what it can, n: list[float] = []",
        ),
        ("@ga.sketch\ndef piece(n=[1, 'a']): ...", "n holds several kinds of things"),
        (
            "@ga.sketch\ndef piece(n=[[[1]]]): ...",
            "n is a list of lists of lists; a list of points",
        ),
        ("@ga.sketch\ndef piece(n={'a': 1}): ...", "n is a dict; use a float, an int"),
        (
            "@ga.sketch\ndef piece(n=jax.random.key(0)): ...",
            "n is a random key, which the seed makes",
        ),
        (
            "@ga.sketch\ndef piece(n=float('inf')): ...",
            "the default of n must be a number, not inf",
        ),
        (
            "@ga.sketch\ndef piece(dark=True, no_dark=1): ...",
            "--no-dark means something else alrea",
        ),
    ],
)
def test_what_is_no_sketch_says_what_to_write(refused, text, says):
    assert says in refused(text)


def test_a_sketch_of_another_file_is_told_where_it_is(refused, studio):
    studio("far.py", "@ga.sketch\ndef draw():\n    return ga.scene()\n")
    assert refused("from far import draw\n").endswith("draw is one of far.py: gradart run far.py")


def test_what_a_library_hides_is_told(refused, studio):
    """A neighbor may not have the name of a module of Python, but is to hear of it."""
    studio("colorsys.py", "shade = 1.0\n")
    line = refused("from colorsys import shade\n@ga.sketch\ndef piece(): ...\n")
    assert line.endswith(
        "colorsys is a module of Python or of a library, not the colorsys.py here: rename that"
    )
    studio("shades.py", "shade = 1.0\n")
    line = refused("@ga.sketch\ndef piece():\n    import shades\n")
    assert "import shades at the top of the file" in line
