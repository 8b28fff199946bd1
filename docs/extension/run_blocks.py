"""Runs the blocks of code of one page, in order, as a notebook would: in a process of its own.

What a block ends with is shown: a scene, a mark or a sketch as a picture, a film as an animation,
anything else as text, after what was printed.
"""

import ast
import io
import linecache
import os
import tempfile
import traceback
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PX = 900  # of a picture's long side, which is shown at half of that or less
FILM_PX, FPS = 420, 12.0  # of a film


@dataclass(frozen=True)
class Block:
    """A piece of code, and how what it draws is shown."""

    code: str
    name: str  # of the files that it becomes
    page: str | None = None
    seconds: float | None = None
    example: str = ""  # the public name that it is an example of, if it is one


@dataclass(frozen=True)
class Shown:
    """What a block has shown: files of pictures, a text, or the error that it ended with."""

    picture: str = ""  # a PNG
    film: str = ""  # an animated WebP, of which the picture is a frame
    size: tuple[int, int] = (0, 0)  # of either, in pixels
    text: str = ""
    error: str = ""


def run_page(where: str, blocks: Sequence[Block], folder: Path) -> list[Shown]:
    """Run the blocks of the page `where`; their pictures go into `folder`.

    After an error the others of the page are not run: they may need what it did not make.
    """
    here = Path.cwd()
    names: dict[str, dict[str, Any]] = {"": {"__name__": "page"}}  # those of each example apart
    shown: list[Shown] = []
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)  # for the files that they write
        try:
            for number, block in enumerate(blocks, 1):
                if failed and not block.example:
                    shown.append(Shown(error="not run, after the error above"))
                    continue
                if block.example not in names:
                    names[block.example] = _assumed()
                mine = names[block.example]
                shown.append(_run(block, mine, f"<{where}, block {number}>", folder))
                failed = failed or bool(shown[-1].error and not block.example)
        finally:
            os.chdir(here)
    return shown


def _run(block: Block, names: dict[str, Any], file: str, folder: Path) -> Shown:
    from gradart.errors import ArtWarning

    linecache.cache[file] = len(block.code), None, block.code.splitlines(True), file
    printed = io.StringIO()
    try:
        with redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore" if block.example else "error", ArtWarning)
            values = _values(block.code, names, file)
            for value in values[:-1] if block.example else []:
                if not _picture(value):
                    print(repr(value))
            return _show(values[-1] if values else None, printed, block, folder)
    except Exception as error:
        line = next(
            (
                f.lineno
                for f in traceback.extract_tb(error.__traceback__)[::-1]
                if f.filename == file
            ),
            "?",
        )
        return Shown(error=f"line {line}: {type(error).__name__}: {error}")


def _values(code: str, names: dict[str, Any], file: str) -> list[object]:
    """Run the code; what its expressions are worth, and the sketch that it ends with."""
    tree, values = ast.parse(code, file), []
    for part in tree.body:
        if isinstance(part, ast.Expr):
            value = eval(compile(ast.Expression(part.value), file, "eval"), names)
            values += [] if value is None else [value]
        else:
            exec(compile(ast.Module([part], []), file, "exec"), names)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.FunctionDef) and last.decorator_list:
        values.append(names[last.name])
    elif not isinstance(last, ast.Expr) and code:
        values.append(None)  # what stands before is not shown
    return values


def _picture(value: object) -> bool:
    import gradart as ga

    return isinstance(value, ga.Mark | ga.Scene | ga.Sketch)


def _show(value: object, printed: io.StringIO, block: Block, folder: Path) -> Shown:
    import gradart as ga

    if isinstance(value, ga.Mark) or (
        isinstance(value, list | tuple) and value and all(isinstance(m, ga.Mark) for m in value)
    ):
        value = ga.scene(value)
    page = block.page
    if isinstance(value, ga.Scene) and value.options is None:
        page = page or "square"
    art = value() if isinstance(value, ga.Sketch) else value
    if isinstance(art, ga.Scene) or isinstance(value, ga.Sketch) or block.seconds is not None:
        return _draw(art, page, block, folder, printed.getvalue())
    if value is not None:
        print(repr(value), file=printed)
    return Shown(text=printed.getvalue())


def _draw(art: Any, page: str | None, block: Block, folder: Path, text: str) -> Shown:
    from PIL import Image

    import gradart as ga

    is_film = not isinstance(art, ga.Scene)
    picture, film = f"{block.name}.png", f"{block.name}.webp" if is_film else ""
    ga.render(art, folder / picture, page=page, px=FILM_PX if is_film else PX)
    if is_film:
        ga.render(art, folder / film, page=page, px=FILM_PX, fps=FPS, seconds=block.seconds)
    with Image.open(folder / picture) as image:
        size = image.size
    return Shown(picture, film, size, text)


def _assumed() -> dict[str, Any]:
    """The names that an example of the reference takes for granted."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    import gradart as ga

    return {"ga": ga, "jax": jax, "jnp": jnp, "np": np}
