"""The document: markup, style, script and data of a piece as one HTML file that asks for no other.

Data are JSON and numbers in elements that no browser runs. Four texts in it are obeyed: the script,
which is compressed, the few lines that run it, the style, which the script begins with, and a line
by which nothing is seen before that. All are named by their hashes in the page's policy. Whatever
else a sketch has brought along is data.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template

import numpy as np

from gradart.javascript.modules import constant, joined
from gradart.rendering.html.array_packing import packed
from gradart.rendering.html.byte_text import byte_text
from gradart.rendering.html.compression import gzipped
from gradart.rendering.html.packed_array import Packed
from gradart.rendering.html.page_types import ToldArt, ToldScene
from gradart.rendering.html.pixel_packing import PIXELS
from gradart.rendering.html.scene_arrays import every_mark

STATIC = Path(__file__).with_name("static")
_ENTRY, _INSPECTED = "main", "inspected"  # without and with lessons
_POLICY = (
    "default-src 'none'; script-src '{start}' '{script}'; style-src '{unstyled}' '{style}';"
    " img-src data: blob:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
_UNSTYLED = "body{visibility:hidden}noscript{visibility:visible}"  # until there is the style
_STYLED = 'document.head.append(Object.assign(document.createElement("style"),{{textContent:{}}}));'
_HALVES = re.compile("[\0\ud800-\udfff]")  # letters that no file can hold


def document(
    art: ToldArt,
    code: str,
    constants: Sequence[np.ndarray],
    provenance: str = "",
    lessons: str | None = None,
) -> str:
    """A piece as one HTML file, which computes and paints it where it is seen.

    `art` is what the page is told of it, as `static/art.js` declares; `code` an expression of
    JavaScript, `(constants) => program`; `constants` the arrays that it is given, those of float32
    as float64. `provenance` is JSON that says where the piece comes from, and may be empty.
    `lessons` is the code of what may be looked at by hand, whose arrays are the last of the
    constants; only then the page has what that takes.
    """
    entry, programs = (_ENTRY, code) if lessons is None else (_INSPECTED, f"{code}, {lessons}")
    styles = ["style"] if lessons is None else ["style", _INSPECTED]
    style = "".join((STATIC / f"{name}.css").read_text(encoding="utf-8") for name in styles)
    script = f'"use strict";\n{_STYLED.format(json.dumps(style))}\n'
    parts = [packed(array) for array in constants]
    script += f"{joined(STATIC / f'{entry}.js', [*_idle(art), *_not_read(parts)])}\n"
    script += f"{constant(entry)}.start({programs});\n"
    start = "{\n" + joined(STATIC / "start.js") + "}\n"  # a block, as the script has such names too
    template = Template((STATIC / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        policy=_POLICY.format(
            start=_hash(start),
            script=_hash(script),
            unstyled=_hash(_UNSTYLED),
            style=_hash(style),
        ),
        title=_text(art["title"]),
        description=_text(art["description"]),
        unstyled=_UNSTYLED,
        provenance=json_block("provenance", provenance) if provenance else "",
        art=json_block("art", as_json(art)),
        numbers=number_block(parts),
        code=byte_block("code", script.encode()),
        start=start,
    )


def _idle(art: ToldArt) -> Sequence[str]:
    """Modules that a piece has no use for, as it has no ink, or no pictures, groups or lessons."""
    scenes: Sequence[ToldScene] = art.get("scenes", [art])
    marks = [mark for scene in scenes for mark in every_mark(scene["marks"])]
    kinds = {mark["kind"] for mark in marks}
    ink = any(mark["blend"]["kind"] != "over" for mark in marks)
    lessons = art.get("lessons")
    used = {
        "ink": ink,
        "tone": ink,
        "film_exposure": ink and art["film"],
        "raster": ink or "raster" in kinds,  # an SVG may hold ink as a picture
        "raster_cells": ink or "raster" in kinds,
        "group_pictures": "group" in kinds,
        "player": art["film"],
        "curve_subject": lessons is not None and bool(lessons["curves"]),
        "field_subject": lessons is not None and bool(lessons["fields"]),
    }
    return [name for name, is_used in used.items() if not is_used]


def _not_read(parts: Sequence[Packed]) -> Sequence[str]:
    """Modules that read what is packed in ways that none of a page's arrays is."""
    some = [*_with_inner(parts)]
    used = {
        "spline_coefficients": any(one.kind == "spline" for one in some),
        "cosines": any(one.kind == "cosines" for one in some),
        "prediction": any(one.kind in PIXELS or one.weights for one in some),
        "range_decoder": any(one.back for one in some),
    }
    return [name for name, is_used in used.items() if not is_used]


def _with_inner(parts: Iterable[Packed]) -> Iterator[Packed]:
    """Packed arrays, and those that they are made of."""
    for part in parts:
        yield part
        yield from _with_inner(one for one in (part.palette, part.of) if one is not None)


def _hash(text: str) -> str:
    """What a policy calls a script or style of this text by (CSP 3, hash sources)."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _text(text: object) -> str:
    """A text that stays one in an element, and in an attribute's quotes."""
    return escape(_HALVES.sub("\ufffd", str(text)), quote=True)


def json_block(name: str, text: str) -> str:
    """A block of JSON that the page finds by its name. The text cannot end it, nor begin another.

    In JSON `<` is only found in texts, where an escape stands for it.
    """
    inside = text.replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{inside}</script>'


def as_json(value: object) -> str:
    """A value as JSON in ASCII, in which numbers are finite."""
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def number_block(parts: Sequence[Packed]) -> str:
    """Packed arrays as one block, compressed: a line of JSON says how each is, then come the bytes.

    An array that is there already is said to be the same, and has no bytes.
    """
    firsts: dict[tuple[str, bytes], int] = {}
    packs, data = [], []
    for number, part in enumerate(parts):
        how = as_json(told(part))
        first = firsts.setdefault((how, part.data), number)
        packs.append(how if first == number else as_json({"same": first, "bytes": 0}))
        data.append(part.data if first == number else b"")
    return byte_block("numbers", f"[{','.join(packs)}]\n".encode() + b"".join(data))


def byte_block(name: str, data: bytes) -> str:
    """A block of bytes that the page finds by its name, compressed by gzip, as letters."""
    text = byte_text(gzipped(data))
    return f'<script type="application/octet-stream" id="{name}">{text}</script>'


def told(part: Packed) -> dict[str, object]:
    """How an array is packed, as `static/packing.js` declares it: what is not as usual."""
    usual = {field.name: field.default for field in fields(part)}
    more = {name: value for name, value in vars(part).items() if value != usual[name]}
    parts = {name: told(one) for name, one in more.items() if isinstance(one, Packed)}
    del more["data"]
    return {**more, **parts, "bytes": len(part.data)}
