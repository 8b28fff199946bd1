"""Palettes: a few colors and their paper, by name, from colors, or in harmony with one.

Those with a name were chosen for gradart, in OKLCH, from dark to light; the last color of most is
an accent. They are under gradart's license, and copied from nowhere.

Ramps as texts too, as a sketch's parameter is written: `#1b1b1e #c2410c 20% #f7f4ed`, `desert`.

What sRGB does not have keeps its lightness and hue, and its chroma is made as small as it must be.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_key, as_number, short
from gradart.calculus.checks.artist_functions import as_count
from gradart.calculus.programs.precision import constant
from gradart.drawing.color.color_vision import ColorBlindness, color_blind
from gradart.drawing.color.oklab import from_oklch, oklab, oklch
from gradart.drawing.color.ramps import Ramp, ramp, strip
from gradart.drawing.style import PAPER, ColorLike, color, hex_code, numbers
from gradart.errors import ArtError
from gradart.types import Array, Key, Numbers

NAMED = {
    "desert": "#4d2b1f #a14122 #c67630 #dbb066 #a7cfda on #f8f1e5",
    "dusk": "#291f4f #723776 #c8536c #ee9465 #eecf9c on #f6edf5",
    "tide": "#12283e #1c587c #318ea2 #7bc0bb #e77e4c on #eff7f7",
    "moss": "#1a2b1d #3c5936 #79904e #bfc16a #934e8e on #f3f3e5",
    "ember": "#281c18 #7f211b #cc361e #ec7c27 #f2c86c on #f7efe6",
    "orchard": "#14361d #739a51 #efac44 #e0e2b1 #c7272d on #f8f5e9",
    "lagoon": "#003744 #007176 #37b19e #9ee7c6 #f47b74 on #f0f8f5",
    "heather": "#362e46 #6b507f #ad77a8 #d6a8bd #90a879 on #f4f0f7",
    "slate": "#21242a #464e58 #717c87 #a4b0b8 #d2511a on #f4f3f0",
    "terracotta": "#3c2825 #883f2d #c2603d #d39e7a #457d79 on #faeee3",
    "harbor": "#172b4b #246099 #82b3c8 #edc658 #d53830 on #f5f2eb",
    "meadow": "#245427 #4f8c41 #afbb47 #ecd877 #8d6cc2 on #f6f7e8",
    "saffron": "#3a211d #944123 #da7e07 #f4b93c #416e8d on #fbf5e5",
    "winter": "#232c3a #455a71 #7b9aad #b6d0d8 #d15a63 on #f3f8fa",
    "carnival": "#272852 #1666aa #3bbb8d #f4c43a #e23248 on #f9f4e9",
    "print": "#202127 #1c7abb #f5d83d #ee395e on #f6f4eb",
    "blueprint": "#426d91 #749fb8 #adcddb #e7f4f9 on #15365d",
    "night": "#484286 #9460b7 #dd84af #f5c299 #f6eed8 on #0e101f",
    "aurora": "#314f81 #009298 #46d193 #d3eb85 #d769c2 on #051119",
    "lantern": "#7e302d #c94c2d #ee9138 #f8d376 #5c8f9f on #1c100e",
}
_USE = "give a name like 'desert', or colors like '#c2410c #1b1b1e on #f7f4ed'"


@dataclass(frozen=True)
class Palette:
    """A few colors, and the paper that they lie on: made by `palette`, and by `analogous` and kin.

    `colors` are RGBA (n, 4) and `paper` is (4,), both of 8 bits a channel; `text` is what `palette`
    makes it of again, and what a sketch's parameter is written as. It has a length, is iterable,
    and is indexed as its `colors` are: `p[0]`, `p[:3]`, `p[labels]`. A frozen value.

    >>> desert = ga.palette("desert")
    >>> len(desert), desert[0].shape, desert[1:3].shape
    (5, (4,), (2, 4))
    >>> bars = [ga.lines([(0, i), (3, i)], width=6, stroke=c) for i, c in enumerate(desert)]
    >>> ga.scene(bars, paper=desert.paper)
    """

    text: str
    colors: np.ndarray = field(compare=False, repr=False)
    paper: np.ndarray = field(compare=False, repr=False)

    @property
    def ramp(self) -> Ramp:
        """A function from [0, 1] to colors that runs evenly through them, as `ramp` makes it.

        >>> t = jnp.linspace(0, 1, 40)
        >>> ga.dots(jnp.stack([t, t**2], -1), 2, fill=ga.palette("dusk").ramp(t))
        """
        return ramp(*self.colors)

    def pick(self, key: Key, n: int, *, weights: Numbers | None = None) -> jax.Array:
        """Colors at random, (n, 4): each of `n` on its own, as likely as its weight says.

        `key` is a random key, `weights` are as many numbers of 0 or more as there are colors, whose
        sum counts as 1; without them all are as likely. ArtError for other weights.

        >>> one, two = jax.random.split(jax.random.key(1))
        >>> p = ga.scatter(one, 200, box=((0, 0), (1, 1)))
        >>> fill = ga.palette("desert").pick(two, 200, weights=[1, 1, 1, 4, 1])
        >>> ga.scene(ga.dots(p, 2, fill=fill), paper=ga.palette("desert").paper)
        """
        chances = None if weights is None else self._chances(weights)
        shape = (as_count(n, "n", 0),)
        picked = jax.random.choice(as_key(key), len(self), shape, p=chances)
        return jnp.asarray(constant(self.colors))[picked]

    def _chances(self, weights: Numbers) -> Array:
        given = numbers(weights, "weights")
        if given.shape != (len(self),):
            wants = f"weights are {len(self)} numbers, one for each color"
            raise ArtError(f"{wants}, not an array of shape {given.shape}")
        if not isinstance(given, jax.core.Tracer):
            known = np.asarray(given)
            if not (np.isfinite(known).all() and known.min() >= 0 < known.sum()):
                raise ArtError(f"weights are 0 or more and not all 0, not {short(weights)}")
        return given / given.sum()

    def closest(self, vision: ColorBlindness | None = None) -> tuple[int, int, float]:
        """The two colors that are the least apart: their indices, and their distance in OKLab.

        From 0.02 on two flat areas are told apart side by side, from 0.1 on at a glance. `vision`
        "protan", "deutan" or "tritan" measures as a color-blind eye sees them, by `color_blind`.

        >>> ga.palette("desert").closest("deutan")
        (2, 3, 0.137...)
        """
        if len(self) < 2:
            raise ArtError("a palette of one color has no two that are close")
        seen = self.colors if vision is None else color_blind(self.colors, vision)
        lab = oklab(np.asarray(seen)[:, :3])
        pairs = itertools.combinations(range(len(self)), 2)
        apart, i, j = min((float(np.linalg.norm(lab[i] - lab[j])), i, j) for i, j in pairs)
        return i, j, apart

    def __len__(self) -> int:
        return len(self.colors)

    def __iter__(self) -> Iterator[np.ndarray]:
        return iter(self.colors)

    def __getitem__(self, index: int | slice | Array) -> Array:
        """One color (4,), or several (..., 4); by JAX's arrays of indices too."""
        if isinstance(index, jax.Array):
            return jnp.asarray(constant(self.colors))[index]
        return self.colors[index]

    def __str__(self) -> str:
        return self.text

    def _repr_svg_(self) -> str:
        """What a notebook shows: the colors on their paper."""
        return strip(self.colors, 48, paper=self.paper)


def palette(colors: ColorLike | Palette, paper: ColorLike | None = None) -> Palette:
    """A palette by its name, or of colors of your own.

    `colors` is the name of one that comes with gradart, a text of hex codes, "#c2410c #1b1b1e" or
    "#c2410c #1b1b1e on #f7f4ed", where the last is the paper's, or what `color` reads: a list of
    colors, an array (n, 4). `paper` takes the place of the palette's own, which is gradart's where
    none is told. Colors are rounded to 8 bits a channel. ArtError for an unknown name, which lists
    them.

    The names: desert, dusk, tide, moss, ember, orchard, lagoon, heather, slate, terracotta, harbor,
    meadow, saffron, winter, carnival and print on light paper; blueprint, night, aurora and lantern
    on dark.

    >>> tide = ga.palette("tide")
    >>> rings = ga.circles((0, 0), [5, 4, 3, 2, 1], fill=tide.colors, stroke=None)
    >>> ga.scene(rings, paper=tide.paper)
    >>> ga.palette(["#0b3954", "#bfd7ea", "#ff6663"], paper="#fbfaf6").text
    '#0b3954 #bfd7ea #ff6663 on #fbfaf6'
    """
    given: ColorLike
    if isinstance(colors, Palette):
        if paper is None:
            return colors
        given = colors.colors
    elif isinstance(colors, str):
        words = NAMED.get(colors.strip().lower(), colors)
        if "#" not in words:
            raise _unknown(colors)
        before, _, after = words.partition(" on ")
        given = [word for word in re.split(r"[\s,]+", before) if word]
        paper = (after.strip() or None) if paper is None else paper
    else:
        given = colors
    rgba, ground = color(given), color(PAPER if paper is None else paper)
    if isinstance(rgba, jax.core.Tracer) or isinstance(ground, jax.core.Tracer):
        raise ArtError("a palette holds colors that are known; make it outside of a film's frame")
    if rgba.ndim != 2 or not len(rgba):
        raise ArtError(f"a palette is a list of colors, not {short(colors)}; {_USE}")
    if ground.shape != (4,):
        raise ArtError(f"a palette's paper has one color, not {short(paper)}")
    inks, sheet = (_rounded(np.asarray(c)) for c in (rgba, ground))
    text = f"{' '.join(map(hex_code, inks))} on {hex_code(sheet)}"
    return Palette(_NAMES.get(text, text), inks, sheet)


def _unknown(name: str) -> ArtError:
    near = get_close_matches(name.lower(), NAMED, 1)
    hint = f"did you mean {near[0]}? " if near else ""
    return ArtError(f"{name!r} is no palette; {hint}there are {', '.join(NAMED)}")


def _rounded(rgba: np.ndarray) -> np.ndarray:
    if not np.isfinite(rgba).all():
        raise ArtError("a palette's colors are numbers from 0 to 1, not NaN or infinite")
    bytes_ = np.round(np.clip(rgba, 0, 1) * 255) / 255
    bytes_.flags.writeable = False
    return bytes_


_NAMES = {text: name for name, text in NAMED.items()}


def ramp_of(value: str | Ramp | Palette | Sequence[ColorLike] | np.ndarray) -> Ramp:
    """The ramp of a text, of a palette, or of colors; ArtError if it is of less than two.

    In a text a percentage after a color says where it is. Those that have none stand evenly between
    the others, the outer ones at the ends, as in a gradient of CSS. A palette's name is a text.
    """
    if isinstance(value, Ramp):
        return value
    if isinstance(value, Palette):
        return value.ramp
    if not isinstance(value, str):
        return ramp(*value)
    if value.strip().lower() in NAMED:
        return palette(value.strip()).ramp
    colors: list[str] = []
    given: dict[int, float] = {}
    for part in re.split(r"[\s,]+", value.strip()):
        if not part.endswith("%"):
            colors.append(part)
        elif not colors or len(colors) - 1 in given:
            raise ArtError(f"{short(value)} has a percentage that no color stands before")
        else:
            given[len(colors) - 1] = float(part[:-1]) / 100
    given = {0: 0.0, len(colors) - 1: 1.0} | given
    order = sorted(given)
    at = np.interp(np.arange(len(colors)), order, [given[index] for index in order])
    return ramp(*colors, at=at.tolist())


def ramp_text(value: str | Ramp | Palette | Sequence[ColorLike] | np.ndarray) -> str:
    """A ramp as a text: a palette's name, or hex codes and where they are, if not evenly spaced."""
    if isinstance(value, str) and value.strip().lower() in NAMED:
        return value.strip().lower()
    if isinstance(value, Palette):
        return ramp_text(value.text if value.text in NAMED else value.ramp)
    made = ramp_of(value)
    codes = [hex_code(one) for one in np.asarray(made.colors)]
    if np.allclose(made.at, np.linspace(0, 1, len(codes)), rtol=0, atol=1e-6):
        return " ".join(codes)
    places = [f" {100 * at:.6g}%" for at in made.at]
    if made.at[0] == 0:
        places[0] = ""
    if made.at[-1] == 1:
        places[-1] = ""
    return " ".join(code + place for code, place in zip(codes, places, strict=True))


_DARKEST, _LIGHTEST = 0.25, 0.92  # lightness of the outer tones
_PAPER = 0.97, 0.015  # lightness, and chroma at most


def analogous(color: ColorLike, n: int = 5, *, spread: float = 60.0) -> Palette:
    """A palette of neighboring hues, as light and as colorful as one color, which is in the middle.

    `n` hues, evenly over `spread` degrees of the circle of hues of OKLCH, with that of `color` in
    the middle; the paper is almost white, with its hue. What sRGB does not have keeps lightness and
    hue, with less chroma. ArtError for no single color.

    >>> leaves = ga.analogous("#4f8c41", 5, spread=90)
    >>> ga.scene(ga.dots([(i, 0) for i in range(5)], 6, fill=leaves.colors), paper=leaves.paper)
    """
    count = as_count(n, "n", 1)
    reach = float(as_number(spread, "spread")) / 2
    return _turned(color, np.linspace(-reach, reach, count) if count > 1 else np.zeros(1))


def complementary(color: ColorLike, n: int = 2) -> Palette:
    """A palette of hues that are as far from each other as can be, beginning with one color.

    `n` hues, evenly over the whole circle of OKLCH from that of `color` on: 2 are complementary, 3
    a triad, 4 a square. All are as light and as colorful as it, but what sRGB does not have keeps
    lightness and hue, with less chroma. The paper is almost white. ArtError for no single color.

    >>> three = ga.complementary("#1c7abb", 3)
    >>> ga.scene(ga.dots([(i, 0) for i in range(3)], 6, fill=three.colors), paper=three.paper)
    """
    count = as_count(n, "n", 1)
    return _turned(color, 360 / count * np.arange(count))


def tonal(color: ColorLike, n: int = 5) -> Palette:
    """A palette of one hue, from dark to light in even steps.

    `n` tones of the hue and chroma of `color`, of a lightness from 0.25 to 0.92 in OKLCH; the
    chroma is less where sRGB has no such color, as it is at both ends. The paper is almost white.
    ArtError for no single color.

    >>> blues = ga.tonal("#1c7abb", 6)
    >>> rings = ga.circles((0, 0), range(6, 0, -1), fill=blues.colors, stroke=None)
    >>> ga.scene(rings, paper=blues.paper)
    """
    count = as_count(n, "n", 1)
    _, chroma, hue = _lch(color)
    tones = np.linspace(_DARKEST, _LIGHTEST, count)
    lch = np.stack(np.broadcast_arrays(tones, chroma, hue), -1)
    return palette(from_oklch(lch), tint(chroma, hue))


def tint(chroma: float, hue: float) -> np.ndarray:
    """The almost white paper (3,) that goes with colors of a chroma and a hue."""
    return from_oklch(np.array([_PAPER[0], min(chroma, _PAPER[1]), hue]))


def _turned(of: ColorLike, degrees: np.ndarray) -> Palette:
    """The color with its hue turned by each of the degrees (n,)."""
    lightness, chroma, hue = _lch(of)
    lch = np.stack(np.broadcast_arrays(lightness, chroma, hue + degrees), -1)
    return palette(from_oklch(lch), tint(chroma, hue))


def _lch(value: ColorLike) -> np.ndarray:
    """Lightness, chroma and hue of one color."""
    rgba = color(value)
    if rgba.shape != (4,):
        raise ArtError(f"give one color, like '#1c7abb', not {short(value)}")
    if isinstance(rgba, jax.core.Tracer):
        raise ArtError("a palette holds colors that are known; make it outside of a film's frame")
    return oklch(np.asarray(rgba, float)[:3])
