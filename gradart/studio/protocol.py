"""How browser, server and workers of the live page speak: messages as bytes, fields of answers.

A message is the same between server and worker as between server and browser: two big-endian 32-bit
lengths, JSON in UTF-8, and a body behind it, which mostly is a picture. The front end's types are
made of the answers; tests/studio/declarations.py writes them.
"""

import json
import struct
from collections.abc import Mapping
from typing import BinaryIO, Literal, NotRequired, TypedDict

from gradart.jobs.sources import Sources

Values = dict[str, object]  # of parameters by name; each is checked where the sketch is
# What a worker is asked: the word for it, and what belongs to it by name.
Request = TypedDict("Request", {"do": str, "with": dict[str, object]})
ToSend = tuple[Mapping[str, object], bytes]

_LENGTHS = struct.Struct(">II")
HEAD = _LENGTHS.size  # bytes


def pack(head: Mapping[str, object], body: bytes = b"") -> bytes:
    """A message as bytes. NaN and infinity, which JSON has not, are refused."""
    text = json.dumps(head, separators=(",", ":"), allow_nan=False).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def lengths(start: bytes) -> tuple[int, int]:
    """The lengths of the JSON and of the body, from the first HEAD bytes of a message."""
    text, body = _LENGTHS.unpack(start)
    return text, body


def unpacked(data: bytes) -> "list[Message]":
    """The messages that were packed, one behind the other. A ValueError tells that they are cut."""
    messages = []
    at = 0
    while at < len(data):
        if len(data) - at < HEAD:
            raise ValueError("a message is cut")
        text, body = lengths(data[at : at + HEAD])
        start, middle, end = at + HEAD, at + HEAD + text, at + HEAD + text + body
        if end > len(data):
            raise ValueError("a message is cut")
        messages.append((json.loads(data[start:middle]), data[middle:end]))
        at = end
    return messages


def read(stream: BinaryIO) -> Request | None:
    """The next request of a stream; None at its end."""
    start = stream.read(HEAD)
    if len(start) < HEAD:
        return None
    text, body = lengths(start)
    request: Request = json.loads(stream.read(text))
    stream.read(body)  # which no request has
    return request


class Answer(TypedDict, total=False):
    """Fields that any answer may have; one with `error` or `interrupted` has none but these."""

    id: int | None  # of the request
    done: bool  # whether it is the last answer to the request
    error: str
    interrupted: bool  # another request has taken the place of this one


class Head(Answer, total=False):
    """What the server itself reads of a worker's answer; the browser gets more in it."""

    ready: bool  # alone: the worker has started
    free: bool  # alone: another request may be sent, with which it begins when this one is done
    memory: int  # bytes that the worker holds
    watch: list[str]
    name: str
    address: str | None
    sources: Sources  # that thumbnails were made from
    seconds: float  # that they took


Message = tuple[Head, bytes]  # as it was read


class Studio(Answer):
    """The first message: what is watched."""

    folder: bool
    title: str


class Parameter(TypedDict):
    """A parameter of a sketch, as a control needs it; `parts` are those of a list.

    `role` is what its numbers stand for, `section` the heading that it stands under, if any.
    """

    name: str
    type: str
    default: object
    low: float | None
    high: float | None
    step: float | None
    log: bool
    choices: list[object]
    palettes: dict[str, str]  # those that a palette or ramp can be by name, as their hex codes
    parts: list["Parameter"]
    varies: bool
    optional: bool
    role: Literal["", "point", "vector", "range", "easing", "seed"]
    section: str
    help: str


class Format(TypedDict):
    """A format that art can be exported as."""

    suffix: str  # with its dot
    kind: Literal["still", "film", "either"]


class Sketch(TypedDict):
    """A loaded sketch."""

    name: str
    title: str
    notes: str
    file: str
    seed: int
    takesKey: bool
    fps: float
    parameters: list[Parameter]
    formats: list[Format]


class Loaded(Answer):
    """A sketch that has been loaded, and the files that are watched for it."""

    begun: NotRequired[bool]  # alone: loading has begun
    sketch: Sketch
    watch: list[str]


class Placement(TypedDict):
    """How the drawing lies on the page: x in mm is scale x + dx, y is dy - scale y."""

    scale: float
    dx: float
    dy: float


class Drawn(Answer):
    """A picture; its file is the body. `page` is width, height and margin in mm."""

    page: tuple[float, float, float]
    placement: Placement
    frames: int  # 0 for a still
    frame: int | None
    stages: dict[str, float]  # ms
    fields: list[str]
    notes: list[str]


class Cell(Drawn):
    """A picture of the grid of variations."""

    cell: int


class Frame(Answer):
    """One frame of a film; its JPEG is the body."""

    frame: int


class Probed(Answer):
    """A field at a point: its value and gradient; None for what is not finite."""

    name: str
    at: tuple[float, float]
    value: float | None
    gradient: tuple[float | None, float | None]


class Grip(TypedDict):
    """A place on the drawing: which mark, and which points of its path make it, by weights."""

    mark: int
    path: int
    points: list[int]
    weights: list[float]


class Pull(TypedDict):
    """A place on the drawing, and the point of the page in mm that it is to come to."""

    grip: Grip
    to: list[float]


class Grabbed(Answer):
    """The place that is held, and where it is, in mm of the page."""

    grip: Grip
    at: tuple[float, float]


class Pulled(Answer):
    """Where a pull has brought parameters, and what is held; which are kept by their bounds.

    To ask `again` for the same may bring it nearer.
    """

    values: Values
    at: list[tuple[float, float]]
    bounded: list[str]
    again: bool


class Movement(TypedDict):
    """How far a parameter moves the picture over all of its range: RMS in mm; and what it does."""

    mm: float
    effect: Literal["moves", "ink", "jumps", "nothing"]


class Moves(Answer):
    """How far each float parameter moves the picture."""

    movements: dict[str, Movement]


class Travel(Answer):
    """How the picture goes along a parameter's slider: shares of its way at evenly spaced places.

    `on_page` are the places, from 0 to 1, between which it stays on its page.
    """

    parameter: str
    shares: list[float] | None
    on_page: tuple[float, float] | None


class Stroked(TypedDict):
    """A mark: its paths of so many points each; colors and mm are for all paths, or for each."""

    shape: Literal["lines", "beziers", "dots"]
    paths: int
    points: int
    closed: bool
    stroke: list[str] | None
    width: list[float]
    fill: list[str] | None
    radius: list[float]
    blend: Literal["over", "ink", "light"]


class Touched(Answer):
    """What a parameter moves: the drawing, as polynomials in s, where its value is at + unit s.

    The body has the coefficients, as little-endian float32: (order + 1, places + points, 2) in mm
    of the page. First come places with an arrow each, then the points of the marks. Between `low`
    and `high` they are right to 0.2 mm. Where that is not known, there are no marks.
    """

    parameter: str
    at: float
    unit: float
    low: float
    high: float
    places: int
    paper: str
    marks: list[Stroked]


class Liked(Answer):
    """A liked picture, and what made it; its thumbnail is the body."""

    name: str
    values: Values
    seed: int
    at: float


class Preset(TypedDict):
    """Parameters under a name."""

    values: Values
    seed: int


class Presets(Answer):
    """All presets of the sketch."""

    presets: dict[str, Preset]


class Exported(Answer):
    """A frame of `frames` is written; the last answer has the file's name, the file is the body."""

    frame: int
    frames: int
    name: NotRequired[str]


class Listed(Answer):
    """The names of all sketch files; then of each sketch a thumbnail, or what is `wrong`."""

    names: NotRequired[list[str]]
    of_file: str
    name: str
    title: str
    address: NotRequired[str]  # what opens it: the file, and the sketch if there are several
    wrong: NotRequired[str]


ANSWERS = {
    "studio": Studio,
    "load": Loaded,
    "draw": Drawn,
    "frames": Frame,
    "probe": Probed,
    "grab": Grabbed,
    "pull": Pulled,
    "moves": Moves,
    "travel": Travel,
    "touch": Touched,
    "grid": Cell,
    "like": Liked,
    "liked": Liked,
    "presets": Presets,
    "save_preset": Presets,
    "delete_preset": Presets,
    "export": Exported,
    "list": Listed,
    "closed": Answer,  # of the front end itself: the connection has been lost
}
