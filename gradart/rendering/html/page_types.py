"""What the page of a piece is told, as JSON: the types that `static/art.js` declares, in Python.

Whole numbers that stand for numbers of a mark are places of arrays among a program's results.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from gradart.drawing.shapes import Mode
from gradart.drawing.style import BlendKind


class ToldBlend(TypedDict):
    """How a mark is blended."""

    kind: BlendKind
    exposure: float | None
    embed: bool


class ToldLayer(TypedDict):
    """A layer that was asked for."""

    number: int
    name: str


class ToldGradient(TypedDict):
    """A gradient, with the places of its ends and of its colors."""

    kind: Literal["linear", "radial"]
    ends: int | None
    stops: int | None


class _Meeting(TypedDict):
    """What groups and other marks have alike: blend, layer, and whether something of them moves."""

    blend: ToldBlend
    layer: ToldLayer | None
    moves: NotRequired[bool]


class ToldShape(_Meeting):
    """A mark that is no group, with the places of its numbers, None for those that it has not."""

    kind: Literal["lines", "beziers", "dots", "raster"]
    points: int | None
    closed: bool
    radius: int | None
    corners: int | None
    anchor: int | None
    stroke: int | None
    fill: int | None
    width: int | None
    gradient: ToldGradient | None


class ToldGroup(_Meeting):
    """A group, with its marks and those of its mask."""

    kind: Literal["group"]
    marks: list["ToldMark"]
    mask: list["ToldMark"] | None
    alpha: int | None
    mode: Mode


ToldMark: TypeAlias = ToldShape | ToldGroup


class ToldScene(TypedDict):
    """A scene, and what of it moves with the playhead, where that is known."""

    paper: int | None
    box: int | None
    clip: bool
    marks: list[ToldMark]
    paperMoves: NotRequired[bool]
    boxMoves: NotRequired[bool]


class ToldInput(TypedDict):
    """A parameter that is alive, as its control needs it."""

    name: str
    kind: Literal["float", "int", "bool", "color", "key", "list", "choice", "palette"]
    default: object
    options: NotRequired[list[object]]
    colors: NotRequired[dict[str, list[str]]]
    whole: NotRequired[bool]
    low: NotRequired[float]
    high: NotRequired[float]
    step: NotRequired[float]
    log: NotRequired[bool]
    words: NotRequired[str]


class ToldFixed(TypedDict):
    """A parameter that is not alive, and why."""

    name: str
    value: object
    why: str


class ToldCurve(TypedDict):
    """A curve or a function of a number, with the places of its derivatives and intervals."""

    name: str
    kind: str
    jet: int
    ends: list[int]
    descended: NotRequired[bool]


class ToldField(TypedDict):
    """A field, with the places of its value, gradient and Hessian, and of its box."""

    name: str
    box: int | None
    value: int
    gradient: int
    hessian: int


class ToldLessons(TypedDict):
    """What can be looked at by hand; from `constants` on, a page's arrays are those of lessons."""

    inputs: list[ToldInput]
    elsewhere: bool
    curves: list[ToldCurve]
    fields: list[ToldField]
    panels: list[list[int]]
    constants: NotRequired[int]


class ToldPlacement(TypedDict):
    """How a drawing lies on its page: x in mm is scale x + dx, y is dy - scale y."""

    scale: float
    dx: float
    dy: float


class ToldPage(TypedDict):
    """A sheet, in mm."""

    width: float
    height: float
    margin: float


class ToldKnown(TypedDict):
    """Outputs that are known for the defaults: their places, and the first of their arrays."""

    places: list[int]
    constants: int


class ToldBesides(TypedDict, total=False):
    """What some pages are told: the scenes of a choice, outputs that are known where they take long
    to compute, and what can be looked at by hand.
    """

    scenes: list[ToldScene]
    known: ToldKnown
    lessons: ToldLessons


class ToldProgram(ToldBesides, ToldScene):
    """What is told of a program: its scene and its parameters."""

    inputs: list[ToldInput]
    fixed: list[ToldFixed]


class ToldPiece(ToldProgram):
    """What is told of a piece, whose page, title and name are those of the file."""

    film: bool
    seconds: float
    fps: float
    at: float
    description: str
    alt: str
    exposures: dict[int, float]
    placement: ToldPlacement


class ToldName(TypedDict, total=False):
    """What files of a piece are called, if a sketch has made it."""

    name: str


class ToldArt(ToldName, ToldPiece):
    """All that a page is told."""

    title: str
    page: ToldPage
