"""A gallery is rendered, left alone while nothing changes, and cleared of what is gone."""

import html.parser
import json
import os
import re

import pytest
from PIL import Image

STILL = '''"""A <dot> & more.

Its second line.
"""

import gradart as ga


@ga.sketch(page="40x40mm")
def dot(x=1.0):
    return ga.scene(ga.dots([(0, 0), (x, 1)], 5))
'''
FILM = '''import gradart as ga


@ga.sketch(seconds=0.2, fps=10, at=0.5, page="30x20mm")
def film():
    """A film."""
    return lambda u: ga.scene(ga.dots([(0, 0), (1, u)], 3))
'''


@pytest.fixture
def rooms(tmp_path, monkeypatch):
    """A folder `sketches` with a still and a film in the current folder, and it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sketches").mkdir()
    (tmp_path / "sketches" / "dot.py").write_text(STILL)
    (tmp_path / "sketches" / "film.py").write_text(FILM)
    return tmp_path


def _names(folder):
    return sorted(p.name for p in folder.iterdir())


WHOLE = [
    *("README.md", "dot.pdf", "dot.png", "dot.svg", "film.gif", "film.mp4", "film.png"),
    *("index.html", "manifest.json"),
]


def test_a_picture_of_a_gallery_has_a_palette_and_is_made_again(rooms, gradart):
    assert gradart("gallery")[0] == 0
    with Image.open(rooms / "gallery" / "dot.png") as picture:
        assert picture.mode == "P"
    with Image.open(rooms / "gallery" / "film.gif") as film:
        assert film.info["duration"] == 100  # as the sketch has it
    for name in "dot.png", "film.png", "dot.svg":
        said = f"gallery/{name}  made again, byte for byte the same"
        assert gradart("rerun", f"gallery/{name}") == (0, [said], [])


@pytest.mark.exhaustive
def test_a_gallery_from_first_to_last(rooms, gradart):
    status, out, err = gradart("gallery")
    assert (status, err) == (0, [])
    assert [line.split()[0] for line in out] == [
        *("gallery/dot.png", "gallery/dot.svg", "gallery/dot.pdf", "1"),
        *("gallery/film.png", "gallery/film.gif", "gallery/film.mp4", "gallery/index.html"),
    ]
    assert re.fullmatch(r"1 of 2, about \d+ s left", out[3])
    assert _names(rooms / "gallery") == WHOLE
    first = {p: p.read_bytes() for p in (rooms / "gallery").iterdir()}

    # Nothing has changed: nothing is made. Forced, the same is made again.
    assert gradart("gallery")[1] == [
        *("gallery/dot  up to date", "gallery/film  up to date", "gallery/index.html  2 pieces"),
    ]
    assert len(gradart("gallery", "--force")[1]) == 8
    assert {p: p.read_bytes() for p in (rooms / "gallery").iterdir()} == first

    # A changed source, and a file that is missing, are made anew.
    (rooms / "sketches" / "dot.py").write_text(STILL.replace("x=1.0", "x=2.0"))
    (rooms / "gallery" / "film.gif").unlink()
    assert len(gradart("gallery")[1]) == 8

    # What is gone from the sketches goes from the gallery; what others put there stays.
    (rooms / "gallery" / "mine.png").write_text("mine")
    (rooms / "sketches" / "film.py").unlink()
    gradart("gallery")
    assert _names(rooms / "gallery") == sorted(
        [name for name in WHOLE if "film" not in name] + ["mine.png"]
    )


def test_a_manifest_from_elsewhere_removes_nothing_outside(rooms, gradart):
    (rooms / "sketches" / "film.py").unlink()
    (rooms / "mine.png").write_text("mine")
    (rooms / "out").mkdir()
    (rooms / "out" / "notes.txt").write_text("mine")
    files = ["../mine.png", "notes.txt", str(rooms / "mine.png")]
    manifest = {"old": {"digest": "", "files": files}}
    (rooms / "out" / "manifest.json").write_text(json.dumps(manifest))
    assert gradart("gallery", "sketches", "-o", "out")[0] == 0
    assert (rooms / "mine.png").is_file()
    assert (rooms / "out" / "notes.txt").is_file()
    (rooms / "out" / "manifest.json").write_text("[1]")
    assert gradart("gallery", "sketches", "-o", "out")[0] == 0


def test_a_helper_that_changes_makes_its_sketch_anew(rooms, gradart):
    (rooms / "sketches" / "film.py").unlink()
    helper = rooms / "sketches" / "_helper.py"
    helper.write_text("x = 1.0\n")
    (rooms / "sketches" / "dot.py").write_text("import _helper\n" + STILL)
    assert len(gradart("gallery")[1]) == 4
    assert len(gradart("gallery")[1]) == 2
    helper.write_text("x = 2.0\n")
    assert len(gradart("gallery")[1]) == 4


class _Page(html.parser.HTMLParser):
    """The links of a page, and its tags that are still open at the end."""

    def __init__(self):
        super().__init__()
        self.links, self.open = [], []

    def handle_starttag(self, tag, attributes):
        self.links += [value for name, value in attributes if name in ("src", "href", "poster")]
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_index_shows_each_piece_whole(rooms, gradart):
    gradart("gallery")
    page = (rooms / "gallery" / "index.html").read_text()
    parsed = _Page()
    parsed.feed(page)
    assert parsed.open == []
    assert set(parsed.links) == {name for name in WHOLE if name.startswith(("dot", "film"))}
    assert not re.search("https?:", page)
    readme = (rooms / "gallery" / "README.md").read_text()
    for text in (page, readme):
        assert "A &lt;dot&gt; &amp; more." in text
        assert "Its second line." in text
        assert "gradart run sketches/dot.py\n" in text.replace("</code>", "\n")
        assert "gradart run sketches/film.py -o film.mp4" in text
    assert STILL.strip() in readme
    assert html.escape(FILM.strip()) in page
    assert '<img src="film.gif"' in readme


@pytest.mark.exhaustive
def test_pages_are_written_where_they_are_asked_for_and_linked(rooms, gradart):
    assert gradart("gallery")[0] == 0
    manifest = (rooms / "gallery" / "manifest.json").read_text()
    status, out, err = gradart("gallery", "--html")
    assert (status, err) == (0, [])
    pages = ["dot.html", "film.html"]
    assert [line.split()[0] for line in out if ".html" in line] == [
        *(f"gallery/{page}" for page in pages),
        "gallery/index.html",
    ]
    assert _names(rooms / "gallery") == sorted([*WHOLE, *pages])
    for page in pages:
        assert gradart("rerun", f"gallery/{page}")[0] == 0
        for index in "README.md", "index.html":
            assert page in (rooms / "gallery" / index).read_text()
    assert '<a href="dot.html">live page</a>' in (rooms / "gallery" / "index.html").read_text()
    assert '"name":"x"' in (rooms / "gallery" / "dot.html").read_text()

    # They stay while nothing changes, and go with the next picture that does not ask for them.
    for words in ("gallery", "--html"), ("gallery",):
        assert gradart(*words)[1][:2] == ["gallery/dot  up to date", "gallery/film  up to date"]
    assert _names(rooms / "gallery") == sorted([*WHOLE, *pages])
    assert gradart("gallery", "--force")[0] == 0
    assert _names(rooms / "gallery") == WHOLE
    assert (rooms / "gallery" / "manifest.json").read_text() == manifest


def test_a_page_that_is_heavy_or_cannot_be_is_left_out_and_told(rooms, gradart, monkeypatch):
    untraced = FILM.replace("(1, u)", "(1, 0.5 if u < 0.5 else 0.6)")
    assert untraced != FILM
    (rooms / "sketches" / "film.py").write_text(untraced)
    monkeypatch.setattr("gradart.command.gallery_pictures._HEAVY_PAGE", 10_000)
    status, out, _ = gradart("gallery", "--html")
    assert status == 0
    said = [line for line in out if "left out" in line]
    assert said[0].startswith("gallery/dot.html  left out: it has 0 MB")
    assert said[1].startswith("gallery/film.html  left out: film, line ")
    assert _names(rooms / "gallery") == WHOLE
    assert gradart("gallery", "--html")[1][0] == "gallery/dot  up to date"


def test_two_pieces_of_one_name_are_refused(rooms, gradart):
    (rooms / "sketches" / "twin.py").write_text(STILL)
    status, _, [err] = gradart("gallery")
    assert status == 2
    assert "2 sketches in sketches are called dot" in err
    assert not (rooms / "gallery").exists()


def test_a_broken_piece_keeps_what_was_finished(rooms, gradart):
    broken = FILM.replace("    return", "    nosuch\n    return")
    (rooms / "sketches" / "film.py").write_text(broken)
    status, out, [err] = gradart("gallery")
    assert (status, len(out)) == (2, 4)
    assert err.startswith("gradart: film, line 7: ")
    (rooms / "sketches" / "film.py").write_text(FILM)
    assert gradart("gallery")[1][0] == "gallery/dot  up to date"


def _with_less(text):
    """The still as a sketch that says that something is not installed, and draws less."""
    warn = "warnings.warn('pip install x', ImportWarning, stacklevel=1)"
    text = f"import warnings\n{text}".replace("    return", f"    {warn}\n    return")
    return text.replace("1)], 5)", "1)], 1)")


def test_a_piece_that_misses_something_replaces_no_whole_one(rooms, gradart):
    """Without a framework, a sketch draws less: a picture of it that is there stays."""
    assert gradart("gallery")[0] == 0
    before = {p: p.read_bytes() for p in (rooms / "gallery").iterdir()}
    (rooms / "sketches" / "dot.py").write_text(_with_less(STILL))
    for words in ("gallery",), ("gallery", "--force"):
        status, out, err = gradart(*words)
        assert (status, err) == (0, [])
        assert "gallery/dot  skipped. pip install x" in out
        now = {p: p.read_bytes() for p in before if p.suffix not in (".md", ".html")}
        assert now == {p: before[p] for p in now}

    # Of a piece that is no longer whole, the index shows what there is.
    (rooms / "gallery" / "dot.svg").unlink()
    assert gradart("gallery")[0] == 0
    assert _names(rooms / "gallery") == [name for name in WHOLE if name != "dot.svg"]
    assert "dot.svg" not in (rooms / "gallery" / "README.md").read_text()
    (rooms / "sketches" / "dot.py").write_text(STILL)
    assert gradart("gallery")[0] == 0
    assert _names(rooms / "gallery") == WHOLE


@pytest.mark.exhaustive
def test_a_piece_that_misses_something_from_the_first_is_left_out(rooms, gradart):
    (rooms / "sketches" / "dot.py").write_text(_with_less(STILL))
    status, out, _ = gradart("gallery")
    assert (status, out[-1]) == (0, "gallery/index.html  1 piece")
    assert _names(rooms / "gallery") == [name for name in WHOLE if "dot" not in name]


def test_no_folder(rooms, gradart):
    status, _, [err] = gradart("gallery", "nosuch")
    assert status == 2
    assert err == "gradart: there is no folder nosuch here; name one: gradart gallery FOLDER"


def test_without_sketches_here_it_is_the_gallery_of_the_examples(tmp_path, gradart, monkeypatch):
    """Where gradart is installed and there is no clone."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "dot.py").write_text(STILL)
    (tmp_path / "package" / "order.txt").write_text("# Dots\ndot\n")
    monkeypatch.setattr("gradart.command.examples.folder", lambda: tmp_path / "package")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    status, out, err = gradart("gallery")
    assert (status, err) == (0, [])
    assert out[0] == "sketches  1 examples copied, to be drawn and changed"
    assert _names(tmp_path / "here") == ["gallery", "sketches"]
    assert "gradart run sketches/dot.py" in (tmp_path / "here/gallery/README.md").read_text()
    (tmp_path / "here" / "sketches" / "dot.py").write_text(STILL.replace("x=1.0", "x=2.0"))
    assert gradart("gallery")[1][0].startswith("gallery/dot.png")  # the own one, not copied again


def test_a_heavy_vector_is_left_out(rooms, gradart, monkeypatch):
    monkeypatch.setattr("gradart.command.gallery_pictures._HEAVY", 10)
    status, out, _ = gradart("gallery")
    assert status == 0
    assert not list((rooms / "gallery").glob("*.svg"))
    assert not [line for line in out if ".pdf" in line]
    assert "dot.svg" not in (rooms / "gallery" / "README.md").read_text()


def test_ink_and_light_become_pictures_only(rooms, gradart):
    text = STILL.replace("1)], 5)", "1)], 5, blend='light')")
    assert text != STILL
    (rooms / "sketches" / "dot.py").write_text(text)
    (rooms / "sketches" / "film.py").unlink()
    assert gradart("gallery")[0] == 0
    assert _names(rooms / "gallery") == ["README.md", "dot.png", "index.html", "manifest.json"]


@pytest.mark.skipif(os.name == "nt", reason="pipes")
@pytest.mark.parametrize("name", ["manifest.json", "README.md", "index.html", "dot.png"])
def test_a_pipe_in_the_gallery_is_not_waited_for(rooms, gradart, name):
    (rooms / "gallery").mkdir()
    os.mkfifo(rooms / "gallery" / name)
    status, out, err = gradart("gallery")
    assert (status, out) == (2, [])
    assert err == [f"gradart: gallery/{name} is a pipe or a device; remove it"]
