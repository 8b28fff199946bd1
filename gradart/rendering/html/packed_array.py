"""An array as bytes of a web page, and what is told of how they are read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Packed:
    """An array as bytes. `kind` is how they are read, by `static/packing.js`.

    "plain" are the first bytes of all its elements, of type `dtype`, then the second ones, and so
    on, each as those bits in which it differs from the one before, along the last axis but one:
    neighbors are alike there, and compress.

    "steps" are whole numbers, differences along the axis `along`, of differences if the `order` is
    2, and so on: an element is `low` + a sum of these * `step`, a power of two. The x of all points
    come first, as do the reds of colors. Holes are elements that are all NaN, all infinite, or all
    the largest number there is: `hole`. They repeat what stands before; where there are such,
    `lifted`, bits before all other bytes tell them. Of a table, `across`, they are differences
    along the last axis too, or what it is more than those beside it tell, if there are `weights`.

    "rows" are few, the `palette` (m, k), of which the numbers `of` (n,) tell which comes when. Rows
    that are alike stand beside each other in it.

    "levels" are 255ths from 0 to 1, exactly, as pixels (..., h, w, channels) have them, channel
    after channel: what each is more than those beside it tell, modulo 256. In "tones" the levels of
    red and blue are those by which they are more than green, from -128 to 127: of grays, and of
    most ramps, that is less. "colors" begins with a palette of so many `colors`, from dark to
    light: channel after channel, how each differs from the one before. Then come the numbers of the
    pixels in it, told by those beside them as levels are.

    "spline" are coefficients which the page makes of the samples `of`, all bits of which are there:
    it takes the luma of colors, blurs it by `smooth`, brings it to [0, 1] if it is `leveled`, and
    finds the spline of a `degree`. "cosines" are such, or another table (h, w): `low` + what the
    page adds up of cosines whose heights `of` (m, n) are there. Their waves end at the edges of the
    table without the `spare` samples that it has on each side.

    Whole numbers are told by the range coder, with their neighbors `back` numbers before; or, where
    that is 0, by the lowest bytes of all, then the next ones. `median` and `weights` are those of
    `Beside`.
    """

    kind: str
    dtype: str
    shape: tuple[int, ...]
    data: bytes
    low: float = 0.0
    step: float = 1.0
    along: int = 0
    order: int = 1
    hole: str = "NaN"
    lifted: bool = False
    across: bool = False
    colors: int = 0
    back: int = 0
    median: bool = False
    weights: tuple[int, ...] = ()
    palette: "Packed | None" = None
    of: "Packed | None" = None
    smooth: float = 0.0
    leveled: bool = False
    degree: int = 3
    spare: int = 0
