"""Type as letters in SVG and PDF, where that is asked for; fonts by the names of their families."""

import shutil
import subprocess
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from pictures import assert_alike, read

import gradart as ga
from gradart.drawing.lettering.fonts import face

SVG = "{http://www.w3.org/2000/svg}"
PAGE = "240x160mm"


def scene(font="serif", **style):
    words = "Type & <letters>\nfor $5, AVATAR"
    return ga.scene(
        ga.text(words, (0.5, 0.5), size=8, font=font, **style),
        ga.dots((0.5, 0.5), 1, fill="#c00000"),
        box=((0, 0), (1, 1)),
        paper="#ffffff",
    )


def write(path, art, **options):
    return ga.render(art, path, page=PAGE, **options)


def painted(pdf, to):
    subprocess.run(["pdftocairo", "-png", "-singlefile", "-scale-to", "900", pdf, to], check=True)
    return read(to.with_suffix(".png"))


def needs(*tools):
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{missing} are not installed")


@needs("pdftotext", "pdffonts", "pdftocairo")
@pytest.mark.parametrize(
    ("font", "style", "name"),
    [
        ("serif", {}, "STIXGeneral-Regular"),
        ("bold", {"align": "right", "tracking": 0.1}, "STIXGeneral-Bold"),
        ("DejaVu Sans bold italic", {"align": "center", "valign": "middle"}, "DejaVuSans-Bold"),
        ("mono", {"rotate": 30, "valign": "top", "fill": "#0000c0"}, "DejaVuSansMono"),
    ],
)
def test_a_pdf_has_the_letters_where_their_outlines_are(font, style, name, tmp_path):
    art = scene(font, **style)
    plain = write(tmp_path / "a.pdf", art)
    letters = write(tmp_path / "b.pdf", art, selectable_text=True)
    fonts = [
        subprocess.run(["pdffonts", file], capture_output=True, text=True).stdout.splitlines()[2:]
        for file in (plain, letters)
    ]
    assert [len(lines) for lines in fonts] == [0, 1]
    assert name in fonts[1][0]
    assert_alike(painted(plain, tmp_path / "c"), painted(letters, tmp_path / "d"), mean=1 / 255)
    said = subprocess.run(["pdftotext", "-raw", letters, "-"], capture_output=True, text=True)
    if not style.get("rotate"):
        assert said.stdout.split() == ["Type", "&", "<letters>", "for", "$5,", "AVATAR"]
    assert subprocess.run(["pdftotext", plain, "-"], capture_output=True).stdout.strip() == b""
    assert letters.stat().st_size < 40_000


def test_an_svg_has_text_with_its_font_and_its_place(tmp_path):
    art = scene("bold", align="center", rotate=30, tracking=0.1, fill="#0000c0")
    root = ET.parse(write(tmp_path / "a.svg", art, selectable_text=True)).getroot()
    [text] = root.iter(f"{SVG}text")
    assert ["".join(part.itertext()) for part in text] == ["Type & <letters>", "for $5, AVATAR"]
    told = text.attrib
    assert told["transform"] == "translate(120 80) rotate(-30)"
    assert (told["font-family"], told["font-weight"]) == ("'STIXGeneral', serif", "bold")
    assert (told["font-size"], told["text-anchor"]) == ("8", "middle")
    assert float(told["letter-spacing"]) == pytest.approx(0.8)
    assert [float(part.attrib["y"]) for part in text] == [0, pytest.approx(8 * 1.35)]
    [layer] = [group for group in root.iter(f"{SVG}g") if text in list(group)]
    assert layer.attrib["fill"] == "#0000c0"
    assert not list(ET.parse(write(tmp_path / "b.svg", art)).getroot().iter(f"{SVG}text"))


@needs("rsvg-convert", "fc-list")
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_an_svg_looks_the_same_where_the_font_is_there(align, tmp_path):
    families = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True).stdout
    if "DejaVu Sans" not in families:
        pytest.skip("the font is not installed")
    art = scene("DejaVu Sans", align=align, rotate=-20, valign="middle")
    files = [
        write(tmp_path / "a.svg", art),
        write(tmp_path / "b.svg", art, selectable_text=True),
    ]
    for file in files:
        to = file.with_suffix(".png")
        subprocess.run(["rsvg-convert", "-w", "600", file, "-o", to], check=True)
    assert_alike(*(read(file.with_suffix(".png")) for file in files), mean=1 / 255, ink=0.3)


@pytest.mark.parametrize(
    "string", ["$x^2$", "e\u0301", "\u05e9\u05dc\u05d5\u05dd"], ids=["math", "accent", "hebrew"]
)
def test_what_is_no_row_of_letters_stays_outlines(string):
    art = ga.scene(ga.text(string, (0, 0), font="sans"))
    assert write(None, art, format="svg", selectable_text=True) == write(None, art, format="svg")


@needs("pdftocairo")
def test_type_that_the_paper_cuts_is_whole_and_looks_cut(tmp_path):
    words = ga.text("cut\noff", (1, 0.5), size=80)
    beyond = ga.text("beyond", (9, 0.5), size=80)
    art = ga.scene(words, beyond, box=((0, 0), (1, 1)))
    [text] = ET.parse(write(tmp_path / "a.svg", art, selectable_text=True)).iter(f"{SVG}text")
    assert ["".join(part.itertext()) for part in text] == ["cut", "off"]
    plain = write(tmp_path / "a.pdf", art)
    letters = write(tmp_path / "b.pdf", art, selectable_text=True)
    assert_alike(painted(plain, tmp_path / "c"), painted(letters, tmp_path / "d"), mean=1 / 255)


def test_pixels_have_outlines_in_any_case(tmp_path):
    pictures = [
        read(write(tmp_path / f"{word}.png", scene(), px=300, selectable_text=word))
        for word in (False, True)
    ]
    np.testing.assert_array_equal(*pictures)


def test_the_still_of_a_film_has_letters_where_they_are_then(tmp_path):
    def film(u):
        return ga.scene(ga.text("moves", (u, 0), size=5), box=((0, -1), (1, 1)))

    file = write(tmp_path / "a.svg", film, at=0.5, selectable_text=True)
    [text] = ET.parse(file).getroot().iter(f"{SVG}text")
    assert text.attrib["transform"] == "translate(120 80)"
    assert text.attrib["font-size"] == "5"


@pytest.mark.parametrize(
    ("font", "file"),
    [
        ("serif", "STIXGeneral.ttf"),
        ("DejaVu Sans", "DejaVuSans.ttf"),
        ("dejavu sans BOLD", "DejaVuSans-Bold.ttf"),
        ("DejaVu Serif bold italic", "DejaVuSerif-BoldItalic.ttf"),
        ("DejaVu Sans Mono", "DejaVuSansMono.ttf"),
    ],
)
def test_a_font_is_known_by_its_family(font, file):
    assert face(font).file.name == file


def test_a_style_that_a_family_lacks_is_said():
    with pytest.warns(ga.ArtWarning, match="the family 'DejaVu Sans Display' has no bold face"):
        ga.text("\N{INTEGRAL}", (0, 0), font="DejaVu Sans Display bold")


def test_a_family_that_is_not_here_is_told_with_the_nearest():
    with pytest.raises(ga.ArtError, match=r"no font 'DejaVu Sanz'.* here is 'DejaVu Sans'"):
        ga.text("a", (0, 0), font="DejaVu Sanz")
    with pytest.raises(ga.ArtError, match=r"no font 'zzzz'; write one of serif, .*family's name$"):
        ga.text("a", (0, 0), font="zzzz")
