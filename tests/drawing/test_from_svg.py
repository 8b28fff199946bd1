"""SVG files as marks: those of gradart come back, those of others look like elsewhere."""

import subprocess
import warnings
from io import BytesIO

import jax
import numpy as np
import pytest
from PIL import Image

import gradart as ga

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
BOX = ((0, 0), (100, 50))
PAGE = {"page": "100x50mm", "margin": 0}
INKSCAPE = f"""<?xml version="1.0"?>
{HEAD} xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
 width="100mm" height="50mm" viewBox="0 0 200 100" stroke-linecap="round" stroke-linejoin="round">
<style>.a{{stroke:red}}</style>
<defs><path id="q" d="M0 0L10 10"/></defs>
<g inkscape:label="1 gold" inkscape:groupmode="layer" id="layer1" opacity="0.8"
 transform="translate(20,10) scale(4)" stroke="#b8860b" stroke-width="0.3">
 <path id="arc" d="M0 0C1 1 2 2 3 0ZM5 5A1 2 30 0 1 8 7q2,2 0 3t1 1"/>
 <use xlink:href="#q" x="13"/>
 <rect x="20" width="3" height="4" rx="1" class="a" fill="teal"/>
 <circle cx="6" cy="12" r="2" opacity=".5"/></g>
<g display="none"><path d="M9 9L8 8"/></g>
<symbol id="s" viewBox="0 0 10 10"><path d="M0 0L10 10L0 10Z"/></symbol>
<use xlink:href="#s" x="140" y="40" width="30" height="30"/>
<g transform="rotate(20 120 40) skewX(10)"><g transform="matrix(1 .1 0 1 0 0)" fill="none"
 style="stroke:blue;stroke-width:2"><ellipse cx="120" cy="40" rx="16" ry="8"/>
 <polygon points="100,20 120,30 100,40"/><line x1="90" x2="95" y2="9"/></g></g>
<svg x="60" y="60" width="40" height="20" viewBox="0 0 100 100"><path d="M0 0H100V100H0Z"
 fill="#0a05"/></svg>
</svg>"""


def written(path, text):
    path.write_text(text)
    return path


def pixels(art, path, **how):
    ga.render(art, path, px=500, **PAGE, **how)
    return np.asarray(Image.open(path).convert("RGB")).astype(float)


def painted_by_librsvg(file):
    command = ["rsvg-convert", "-w", "500", "--background-color=white", str(file)]
    png = subprocess.run(command, capture_output=True, check=True).stdout
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(float)


@pytest.mark.parametrize("seed", range(3))
def test_a_drawing_of_gradart_comes_back_to_a_micrometer(seed, tmp_path):
    walks = jax.random.uniform(jax.random.key(seed), (4, 7, 2)) * 40 + 5
    walks = walks.at[1, 3].set(np.nan)
    marks = [
        ga.lines(walks, stroke="#b8860b", width=0.45),
        ga.polygons(walks[2:] + 3, fill="#c2410c", alpha=0.5),
        ga.beziers(walks[0], stroke="teal", width=0.2),
    ]
    file = ga.render(ga.scene(marks, box=BOX), tmp_path / "a.svg", **PAGE)
    back = ga.from_svg(file)
    for mark, again in zip(marks, back, strict=True):
        ours, theirs = np.asarray(mark.shape.points), np.asarray(again.shape.points)
        if ours.shape != theirs.shape:  # a row that is broken is another mark, with its length
            ours, theirs = ours[~np.isnan(ours)], theirs[~np.isnan(theirs)]
        np.testing.assert_allclose(theirs, ours, atol=0.001)
        assert type(again.shape) is type(mark.shape)
        assert again.shape.closed == mark.shape.closed
        if mark.style.stroke is not None:
            np.testing.assert_allclose(again.style.width, mark.style.width)
        for name in ("stroke", "fill"):
            a, b = getattr(mark.style, name), getattr(again.style, name)
            assert (a is None) == (b is None)
            if a is not None:
                np.testing.assert_allclose(b, a, atol=0.002)
    whole = ga.render(ga.scene(back, box=BOX), tmp_path / "b.svg", **PAGE)
    np.testing.assert_allclose(
        np.nan_to_num(ga.svg_paths(whole)), np.nan_to_num(ga.svg_paths(file)), atol=0.0011
    )


def test_a_file_of_inkscapes_kind_looks_as_librsvg_paints_it(tmp_path):
    file = written(tmp_path / "a.svg", INKSCAPE)
    ours = pixels(ga.scene(ga.from_svg(file), box=BOX, paper="white"), tmp_path / "ours.png")
    wanted = painted_by_librsvg(file)[: len(ours)]
    # Of this group's shapes each meets the paper at 0.8, where librsvg fades the group as a whole.
    apart = np.abs(ours - wanted).max(-1)
    assert (apart > 100).mean() < 0.002
    moved = np.abs(np.roll(ours, 4, 1) - wanted).max(-1)
    assert (moved > 100).mean() > 0.01  # so that a shift of 0.8 mm would be seen


def test_layers_groups_and_ids_are_chosen_by_their_names(tmp_path):
    file = written(tmp_path / "a.svg", INKSCAPE)
    assert len(ga.svg_paths(file, layer="1 gold")) == 4
    assert len(ga.svg_paths(file, layer="gold")) == 4
    assert len(ga.svg_paths(file, layer="arc")) == 1
    with pytest.raises(ga.ArtError, match=r"a.svg has no layer 'blue'; it has 1 gold"):
        ga.from_svg(file, layer="blue")


@pytest.mark.parametrize(
    ("size", "corner"),
    [
        ('width="20mm" height="10mm" viewBox="0 0 40 20"', (20, 0)),
        ('width="2cm" viewBox="0 0 40 20"', (20, 0)),
        ('viewBox="0 0 40 20"', (40 * 25.4 / 96, 0)),
        ('width="40" height="20"', (40 * 25.4 / 96, 0)),
        ('width="1in" height="1in" viewBox="0 0 40 20"', (25.4, 25.4 / 4)),
        ('width="20mm" height="20mm" viewBox="0 0 40 20" preserveAspectRatio="none"', (20, 0)),
        ('width="20mm" height="20mm" viewBox="0 0 40 20" preserveAspectRatio="xMidYMax"', (20, 0)),
        ('width="100%" height="100%" viewBox="-10 -10 40 20"', (50 * 25.4 / 96, -10 * 25.4 / 96)),
    ],
)
def test_units_and_view_boxes_give_millimeters_from_the_lower_left(size, corner, tmp_path):
    text = f'{HEAD} {size}><path stroke="red" d="M0 0L40 20"/></svg>'
    [[*_, end]] = ga.svg_paths(written(tmp_path / "a.svg", text))
    np.testing.assert_allclose(end, corner, atol=1e-9)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<path stroke='red' d='M0 0L1 nan'/>", "broken|none|holds no path"),
        ("<path stroke='red' d='M0 0L1e400 1'/>", "broken|none"),
        ("<g>" * 300 + "</g>" * 300, "more than 200 deep"),
        ("<g id='a'><use href='#a'/></g>", "uses 'a' within itself"),
        ("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>", "within itself"),
        ("", "holds no path"),
        ("<path d='M0 0'", "is broken, or no XML, at line 1"),
        (
            "".join(f"<g id='l{i}'>" + f"<use href='#l{i + 1}'/>" * 10 + "</g>" for i in range(9))
            + "<path id='l9' d='M0 0H1V1'/>",
            "draws more than 300,000 elements",
        ),
    ],
)
def test_hostile_files_are_refused_in_a_line(body, said, tmp_path):
    with pytest.raises(ga.ArtError, match=said) as caught:
        ga.from_svg(written(tmp_path / "a.svg", f"{HEAD}>{body}</svg>"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("inside", ["<!ENTITY a 'b'>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>"])
def test_entities_are_refused_in_any_encoding(inside, encoding, tmp_path):
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE svg [{inside}]>{HEAD}>&a;</svg>'
    (tmp_path / "a.svg").write_bytes(text.encode(encoding))
    with pytest.raises(ga.ArtError, match="declares entities"):
        ga.from_svg(tmp_path / "a.svg")


def test_what_is_no_svg_is_told(tmp_path):
    with pytest.raises(ga.ArtError, match="is no SVG, but html"):
        ga.from_svg(written(tmp_path / "a.svg", "<html/>"))
    with pytest.raises(ga.ArtError, match="No such file"):
        ga.svg_paths(tmp_path / "none.svg")
    with pytest.raises(ga.ArtError, match="not a file but a folder"):
        ga.svg_paths(tmp_path)


def test_what_is_left_out_is_said(tmp_path):
    body = (
        "<text>hi</text><text>ho</text><rect width='1' height='1' fill='url(#a)' mask='url(#b)'/>"
    )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        ga.from_svg(
            written(tmp_path / "a.svg", f"{HEAD}>{body}<path id='paper' d='M0 0H1V1'/></svg>")
        )
    assert [str(w.message) for w in said] == [
        "a.svg: left out text (2), the effect of mask (1), gradients and patterns (1)"
    ]


STAR = "M50 5L79 95L3 39H97L21 95Z"
NESTED = "M10 10H90V90H10ZM20 20H80V80H20ZM30 30H70V70H30Z"  # all of one sense
RINGS = (
    "M50 10A40 40 0 1 1 49.9 10ZM50 30A20 20 0 1 1 49.9 30Z"
    "M30 50C10 10 90 90 70 50C60 20 40 90 30 50Z"
)
LOOPS = "M10 50C60 -60 60 160 90 50C60 160 60 -60 10 50ZM20 20H80V80H20Z"
OPEN = "M10 10L90 20L20 80L80 90"


@pytest.mark.parametrize("rule", ["evenodd", "nonzero"])
@pytest.mark.parametrize("told", ["attribute", "style", "css", "inherited"])
def test_fills_are_those_of_librsvg_by_either_rule(rule, told, tmp_path):
    shapes = [STAR, NESTED, RINGS, LOOPS, OPEN]
    how = {
        "attribute": f'fill-rule="{rule}"',
        "style": f'style="fill-rule:{rule}"',
        "css": 'class="r"',
        "inherited": "",
    }[told]
    pens = ['fill="#c2410c" stroke="#1d4e6b" stroke-width="2"', 'fill="teal"']
    paths = "".join(
        f'<path transform="translate({20 * x} {20 * y}) scale(.19)" d="{d}" {how} {pen}/>'
        for x, d in enumerate(shapes)
        for y, pen in enumerate(pens)
    )
    head = f"{HEAD} width='100mm' height='50mm' viewBox='0 0 100 50'"
    group = f'<g fill-rule="{rule}" stroke-linejoin="round" stroke-linecap="round">{paths}</g>'
    file = written(tmp_path / "a.svg", f"{head}><style>.r{{fill-rule:{rule}}}</style>{group}</svg>")
    ours = pixels(ga.scene(ga.from_svg(file), box=BOX, paper="white"), tmp_path / "ours.png")
    wanted = painted_by_librsvg(file)[: len(ours)]
    apart = np.abs(ours - wanted).max(-1)
    assert (apart > 100).mean() < 0.0005
    assert apart.mean() < 1
    # The other rule would be seen.
    other = ga.from_svg(written(tmp_path / "b.svg", file.read_text().replace(rule, "x")))
    if rule == "evenodd":
        wrong = pixels(ga.scene(other, box=BOX, paper="white"), tmp_path / "wrong.png")
        assert (np.abs(wrong - wanted).max(-1) > 100).mean() > 0.02


def test_outlines_that_do_not_cross_stay_curves(tmp_path):
    d = "M50 10A40 40 0 1 1 49.9 10ZM50 30A20 20 0 1 1 49.9 30Z"
    file = written(tmp_path / "a.svg", f'{HEAD}><path fill-rule="evenodd" d="{d}"/></svg>')
    [mark] = ga.from_svg(file)
    ours, plain = np.asarray(mark.shape.points)[0], ga.svg_paths(file)[0]
    hole = np.flatnonzero(np.isnan(ours[:, 0]))[0]
    assert ours.shape == plain.shape
    # The outline turns to the left, and the hole, the same curve, to the right.
    for part, was in ((ours[:hole], plain[:hole]), (ours[hole + 2 :], plain[hole + 2 :])):
        assert np.allclose(part, was) or np.allclose(part, was[::-1])
    areas = [
        (p[:-1, 0] * p[1:, 1] - p[:-1, 1] * p[1:, 0]).sum()
        for p in (ours[:hole:3], ours[hole + 2 :: 3])
    ]
    assert areas[0] > 0 > areas[1]
