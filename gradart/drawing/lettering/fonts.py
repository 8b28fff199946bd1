"""Fonts: faces that travel with matplotlib, a font file, or a family that this machine has."""

import os
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gradart.errors import ArtError, warn

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

# The faces that travel with matplotlib, so that a sheet looks the same on every machine: the file,
# the font of mathtext beside it, and what a viewer without it may take.
_FACES = {
    "serif": ("STIXGeneral.ttf", "stix", "serif"),
    "italic": ("STIXGeneralItalic.ttf", "stix", "serif"),
    "bold": ("STIXGeneralBol.ttf", "stix", "serif"),
    "sans": ("DejaVuSans.ttf", "dejavusans", "sans-serif"),
    "mono": ("DejaVuSansMono.ttf", "dejavusans", "monospace"),
}
_STYLES = ("bold", "italic")


@dataclass(frozen=True)
class Face:
    """A font's file, the font of mathtext beside it, and what a viewer without it may take."""

    file: Path
    math: str = "dejavusans"
    generic: str = ""

    @property
    def family(self) -> str:
        return str(self._font.family_name)

    @property
    def is_bold(self) -> bool:
        return "bold" in self._font.style_name.lower()

    @property
    def is_italic(self) -> bool:
        style = self._font.style_name.lower()
        return "italic" in style or "oblique" in style

    @property
    def _font(self) -> "FT2Font":
        from matplotlib.font_manager import get_font

        return get_font(self.file)


@lru_cache
def face(font: str) -> Face:
    """Return the face that a text's `font` names; ArtError for one that is not there.

    It is serif, italic, bold, sans or mono, a font file's path, or the name of a family, to which
    bold and italic may be added: "Liberation Sans bold italic".
    """
    if font in _FACES:
        import matplotlib

        name, math, generic = _FACES[font]
        return Face(Path(matplotlib.get_data_path(), "fonts", "ttf", name), math, generic)
    if os.path.isfile(font):  # which is no error where the name is too long for one
        return Face(Path(font))
    return _face_of_family(font)


def _face_of_family(font: str) -> Face:
    """Return a family's face on this machine; a warning where it is not quite what is asked."""
    from matplotlib.font_manager import FontEntry, fontManager, weight_dict

    known = {entry.name.lower(): entry.name for entry in fontManager.ttflist}
    words = font.lower().split()
    styles = set()
    while words and " ".join(words) not in known and words[-1] in _STYLES:
        styles.add(words.pop())
    family = known.get(" ".join(words))
    if family is None:
        near = get_close_matches(" ".join(words), known, 1)
        hint = f"; the nearest family here is {known[near[0]]!r}" if near else ""
        names = ", ".join(_FACES)
        raise ArtError(
            f"no font {font!r}; write one of {names}, a font file's path or a family's name{hint}"
        )
    wanted = 700 if "bold" in styles else 400

    def distance(entry: FontEntry) -> tuple[object, ...]:
        """How far a face is from what is wanted, as a key to sort by; the same on every run."""
        weight = weight_dict[entry.weight] if isinstance(entry.weight, str) else entry.weight
        leans = (entry.style != "normal") != ("italic" in styles)
        return leans, abs(weight - wanted), entry.stretch != "normal", entry.fname

    faces = (entry for entry in fontManager.ttflist if entry.name == family)
    found = Face(Path(min(faces, key=distance).fname))
    for style, has in ("bold", found.is_bold), ("italic", found.is_italic):
        if style in styles and not has:
            warn(f"the family {family!r} has no {style} face here: it is set without")
    return found
