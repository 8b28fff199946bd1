"""A film in JavaScript lies on its page, and is exposed, as Python has it."""

import json
import shutil
import subprocess
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from sampling import some

import gradart as ga
from gradart.drawing.groups import leaves
from gradart.errors import ArtError
from gradart.rendering.film.tracing import playheads
from gradart.rendering.html.recorded_frames import recorded
from gradart.rendering.layout.page import page
from gradart.rendering.pipeline import compose

NODE = shutil.which("node")
SHEET = page("120x80mm")
SECONDS, FPS = 2.0, 5.0
T = np.linspace(0, 1, 30)


def wave(u, **style):
    return ga.lines(jnp.stack([T, jnp.sin(9 * T + 6 * u) * (1 + u)], -1), **style)


def plain(u):
    return ga.scene(wave(u, width=0.5), ga.dots([(0, u)], 3), ga.text("a", at=(u, 2)))


def camera(u):
    return ga.scene(wave(u), box=((u, -1 - u), (2 + u, 1)))


def still_box(u):
    return ga.scene(wave(u), box=((0, -1), (1, 1)), paper=ga.color("#fff") * (1 - 0.1 * u))


def inked(u):
    """Fuller in the middle; the light is only there in a few frames that are no samples."""
    many = jnp.where(jnp.arange(40)[:, None, None] < 40 * jnp.sin(3.1 * u), 1.0, jnp.nan)
    strokes = many * jnp.stack([jnp.stack([T, T * k / 40], -1) for k in range(40)])
    seldom = jnp.where((u > 0.25) & (u < 0.35), 1.0, jnp.nan)
    return ga.scene(
        ga.lines(strokes, width=0.6, alpha=0.3, blend="ink"),
        ga.dots([(0.5, 0.2)], 2, fill="#c2410c", blend=ga.ink(exposure=1.5)),
        ga.lines(
            seldom * jnp.array([(0.0, 0.0), (1.0, 0.4)]), width=2, stroke="#ffa", blend="light"
        ),
        box=((0, 0), (1, 1)),
    )


def grouped(u):
    """Ink in groups within groups, each run with an exposure of its own; its box shows a part."""
    rows = jnp.stack([jnp.stack([T * (0.5 + k / 40), T * k / 20 + u], -1) for k in range(40)])
    inner = ga.group(
        ga.lines(rows, width=0.3, alpha=0.1, blend="ink"), ga.dots([(u, 0.5)], 1), alpha=1 - u
    )
    return ga.scene(
        ga.group(ga.lines(rows[::2], alpha=0.3, blend="ink"), inner, blend="multiply"),
        ga.group(
            ga.lines(rows, stroke="#ffa", alpha=0.3, blend="light"), mask=[(0, 0), (1, 0), (u, 1)]
        ),
        ga.lines(rows[:, :, ::-1], width=0.3, alpha=0.5, blend="ink"),
        box=((0, 0), (1, 1)),
        clip=True,
    )


FILMS = [plain, camera, still_box, inked, grouped]


@pytest.mark.skipif(NODE is None, reason="scripts are run by node")
@pytest.mark.parametrize("film", some(FILMS, 2), ids=lambda film: film.__name__)
def test_a_film_lies_and_is_exposed_as_in_python(film, tmp_path):
    heads = playheads(SECONDS, FPS)
    composition = compose(film, SHEET, heads)
    bare = [composition.frames.at(u) for u in heads]  # whose exposures are still to be found
    found = recorded(bare)
    sheet = {"width": SHEET.width, "height": SHEET.height, "margin": SHEET.margin}
    art = {**found.told, "film": True, "seconds": SECONDS, "fps": FPS, "page": sheet, "inputs": []}
    constants = [np.where(np.isnan(c), None, c).ravel().tolist() for c in found.constants]
    asked = {"art": art, "code": found.code, "constants": constants, "heads": heads.tolist()}
    (tmp_path / "asked.json").write_text(json.dumps(asked))
    command = [NODE, Path(__file__).with_name("piece_in_node.mjs"), tmp_path / "asked.json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for u, said in zip(heads, json.loads(done.stdout), strict=True):
        still = composition.still(u)
        placement = [still.placement.scale, still.placement.dx, still.placement.dy]
        np.testing.assert_allclose(said["placement"], placement, rtol=1e-5, atol=1e-5)  # in steps
        marks = list(leaves(still.scene.marks))
        blends = [mark.style.blend.exposure for mark in marks]
        for here, there in zip(said["exposures"], blends, strict=True):
            assert (here is None) == (there is None)
            assert here is None or here == pytest.approx(there, rel=1e-3)
        points = np.array(said["points"][0], float)
        shape = marks[0].shape.points
        np.testing.assert_allclose(points, np.ravel(shape), atol=2 / 2**17)  # half a step


@pytest.mark.parametrize("part", ["marks", "mask", "alpha", None])
def test_a_group_moves_with_what_is_in_it_its_mask_and_its_alpha(part):
    def frame(u):
        size = {name: 1 + u * (name == part) for name in ("marks", "mask")}
        inside = ga.group(ga.dots([(0, 0)], size["marks"]))
        mask = ga.dots([(0, 0)], size["mask"])
        return ga.scene(ga.group(inside, mask=mask, alpha=1 - u / 2 * (part == "alpha")))

    group = recorded(map(frame, (0.0, 0.5))).told["marks"][0]
    assert group["kind"] == "group"
    found = group["moves"], group["marks"][0]["moves"], group["mask"][0]["moves"]
    assert found == (part is not None, part == "marks", part == "mask")


def test_a_film_whose_frames_have_other_marks_is_told(tmp_path):
    def grows(u):
        return ga.scene([ga.dots((0, k), 1) for k in range(1 + int(4 * float(u)))])

    with (
        pytest.warns(ga.ArtWarning, match="cannot be traced"),
        pytest.raises(ArtError, match=r"frame 1 has other marks than the first"),
    ):
        ga.render(grows, tmp_path / "a.html", seconds=0.8, fps=5)
    assert not (tmp_path / "a.html").exists()
