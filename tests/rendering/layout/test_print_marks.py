"""Bleed and crop marks: the page is the page, what lies around it is cut off."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from pictures import assert_alike, pdf_text, read
from PIL import Image

import gradart as ga
from gradart.rendering.layout.page import Cut, Page
from gradart.rendering.layout.print_marks import print_marks, printed

SIDE = 100  # mm of the page
PAPER = "#4080c0"
PX = 10  # to the mm
CROSS = ga.scene(  # from far outside the page to far outside
    ga.lines([[(-2, 0.3), (3, 0.3)], [(0.6, -2), (0.6, 3)]], width=2, stroke="#ffffff"),
    ga.dots((0.5, 0.5), 10, fill="#000000"),
    box=((0, 0), (1, 1)),
    paper=PAPER,
)


def write(path, **options):
    return ga.render(CROSS, path, page=f"{SIDE}x{SIDE}mm", ppi=25.4 * PX, **options)


def needs(tool):
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def test_the_page_lies_in_the_middle_of_its_sheet(tmp_path):
    plain = read(write(tmp_path / "a.png"))
    for options, around in (
        ({"bleed": 3}, 3),
        ({"bleed": 3, "crop_marks": True}, 8),
        ({"crop_marks": True}, 8),
        ({"bleed": 5, "crop_marks": True}, 10),
    ):
        sheet = read(write(tmp_path / "b.png", **options))
        assert sheet.shape[:2] == (PX * (SIDE + 2 * around),) * 2
        edge = PX * around
        np.testing.assert_array_equal(sheet[edge:-edge, edge:-edge], plain)


def test_the_drawing_goes_on_in_the_bleed_and_no_farther(tmp_path):
    sheet = read(write(tmp_path / "a.png", bleed=4, crop_marks=True))[..., :3]
    white, blue = (255, 255, 255), (0x40, 0x80, 0xC0)
    middle = PX * (9 + SIDE // 5)
    assert (sheet[middle, PX * 5 + 2] == blue).all()  # in the bleed
    assert (sheet[middle, PX * 5 - 2] == white).all()  # outside of it
    line = round(PX * (9 + 7.5 + 0.7 * 85))  # what crosses the page at y = 0.3
    assert (sheet[line - 20 : line + 21, PX * 5 + 5] == white).all(-1).sum() >= 19
    assert (sheet[:, : PX * 5 - 2] == white).all(-1).mean() > 0.99


def test_no_seam_is_seen_in_the_white_around_at_any_size(tmp_path):
    for px in (301, 458, 999):
        how = {"page": "90x70mm", "px": px, "bleed": 1.7, "crop_marks": True}
        sheet = read(ga.render(CROSS, tmp_path / "a.png", **how))[..., :3]
        unit, around = px / 106, 8 - 1.7  # marks at the corners are as wide as 0.1 mm
        edge = int(around * unit)
        for turned in sheet, sheet[::-1], sheet.swapaxes(0, 1), sheet.swapaxes(0, 1)[::-1]:
            band = turned[:edge, : int(7.8 * unit)].astype(int)
            assert band.min() == 255
            middle = slice(int(9 * unit), turned.shape[1] - int(9 * unit))
            assert turned[:edge, middle].min() == 255


def test_crop_marks_point_at_the_corners_of_the_page(tmp_path):
    sheet = read(write(tmp_path / "a.png", bleed=3, crop_marks=True))[..., :3].astype(int)
    size, dark = len(sheet), sheet.sum(-1) < 3 * 250
    for turned in dark, dark.T, dark[::-1], dark[:, ::-1].T:
        rows = np.flatnonzero(turned[:, : PX * 5 - 1].any(1))
        ends = PX * 8, size - PX * 8
        assert set(rows) <= {row + d for row in ends for d in (-1, 0)}
        assert all(turned[end - 1 : end + 1, 2 : PX * 5 - 1].any(0).all() for end in ends)


def test_nothing_is_drawn_in_the_marks_gap():
    page = printed(Page(SIDE, SIDE, 0.0), 0.0, True)
    assert page == Page(SIDE + 16, SIDE + 16, 8.0, Cut(8.0, 0.0, True))
    lines = np.asarray(print_marks(page)[-1].shape.points)
    assert lines.shape == (8, 2, 2)
    outside = np.minimum(lines, SIDE + 16 - lines).min(-1)
    assert (outside.max(-1) <= 5).all()  # 3 mm from the page at the nearest


def test_without_either_a_page_is_itself():
    page = Page(210.0, 297.0, 10.0)
    assert printed(page, 0.0, False) is page
    assert print_marks(page) == print_marks(printed(page, 3.0, False)) == []
    assert repr(page) == "Page(width=210.0, height=297.0, margin=10.0)"


@needs("pdfinfo")
def test_a_pdf_says_where_it_is_cut(tmp_path):
    write(tmp_path / "a.pdf", bleed=3, crop_marks=True, provenance={"title": "cut"})
    told = subprocess.run(["pdfinfo", "-box", tmp_path / "a.pdf"], capture_output=True, text=True)
    assert told.stderr == ""
    boxes = {
        name: [float(number) / 72 * 25.4 for number in numbers.split()]
        for name, numbers in re.findall(r"(\w+)Box: +(.*)", told.stdout)
    }
    assert boxes["Media"] == pytest.approx([0, 0, 116, 116], abs=0.01)
    assert boxes["Bleed"] == pytest.approx([5, 5, 111, 111], abs=0.01)
    assert boxes["Trim"] == pytest.approx([8, 8, 108, 108], abs=0.01)
    assert "Title:           cut" in told.stdout
    assert b"TrimBox" not in pdf_text(write(tmp_path / "b.pdf").read_bytes())


@pytest.mark.parametrize(
    ("ending", "tool"),
    [
        pytest.param("pdf", "pdftocairo -png -singlefile -scale-to 1160 FROM TO", id="pdf"),
        pytest.param("svg", "rsvg-convert -w 1160 FROM -o TO.png", id="svg"),
    ],
)
def test_vectors_show_the_same_sheet(ending, tool, tmp_path):
    if shutil.which(tool.split()[0]) is None:
        pytest.skip(f"{tool.split()[0]} is not installed")
    options = {"bleed": 3, "crop_marks": True}
    still, file = write(tmp_path / "a.png", **options), write(tmp_path / f"a.{ending}", **options)
    places = {"FROM": str(file), "TO": str(tmp_path / "b"), "TO.png": str(tmp_path / "b.png")}
    subprocess.run([places.get(word, word) for word in tool.split()], check=True)
    assert_alike(read(still), read(tmp_path / "b.png"), mean=2 / 255)
    if ending == "svg":
        root = ET.parse(file).getroot()
        assert root.attrib["viewBox"] == "0 0 116 116"


@pytest.mark.parametrize("ending", ["jpg", "webp"])
def test_photographs_of_it_bleed_too(ending, tmp_path):
    with Image.open(write(tmp_path / f"a.{ending}", bleed=3)) as picture:
        assert picture.size == (1060, 1060)


def test_a_film_has_no_bleed(tmp_path):
    path = ga.render(lambda u: CROSS, tmp_path / "a", page="square", px=20, seconds=0.1, bleed=3)
    assert read(path / "frame_0000.png").shape == (20, 20, 4)
    assert (read(path / "frame_0000.png")[0, 0, :3] == (0x40, 0x80, 0xC0)).all()


@pytest.mark.parametrize("bleed", [-1, 101, float("nan"), "3mm"])
def test_a_bleed_that_cannot_be_is_told(bleed, tmp_path):
    with pytest.raises(ga.ArtError, match="bleed is a number from 0 to 100, not"):
        write(tmp_path / "a.png", bleed=bleed)
