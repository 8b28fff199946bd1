"""The page's JavaScript without a browser: what it says of scenes."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from rendering.html.scenes import scene_json

import gradart as ga

HERE = Path(__file__).parent
STATIC = Path(ga.__file__).parent / "rendering/html/static"
NODE = shutil.which("node")

needs_node = pytest.mark.skipif(NODE is None, reason="the page's JavaScript needs node")


def sheet_json(sheet):
    return {"width": sheet.width, "height": sheet.height, "margin": sheet.margin}


def drawn(asked, folder):
    """What draw.mjs finds of lists of scenes, each with its sheet, and with what an SVG says."""
    told = [
        {"scenes": [*map(scene_json, scenes)], "sheet": sheet_json(sheet), "said": said}
        for scenes, sheet, said in asked
    ]
    return answered("draw.mjs", told, folder)


def answered(script, asked, folder):
    """What a script of this folder prints, as JSON, for what it is asked."""
    (folder / "asked.json").write_text(json.dumps(asked))
    code = folder / "code"  # outside a browser a .js file in a Python package is no module
    shutil.copytree(STATIC, code / "static")
    for name in (script, "read_scene.js"):
        shutil.copy(HERE / name, code / name)
    (code / "package.json").write_text('{"type": "module"}')
    command = [NODE, code / script, code / "static", folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
