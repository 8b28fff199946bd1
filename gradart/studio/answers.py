"""What the studio tells a browser: the fields of each answer.

The front end's types are made of these; tests/studio/declarations.py writes them.
"""

from typing import Any, Literal, NotRequired, TypedDict


class Answer(TypedDict, total=False):
    """Fields that any answer may have; one with `error` or `interrupted` has none but these."""

    id: int | None  # of the request
    done: bool  # whether it is the last answer to the request
    error: str
    interrupted: bool  # another request has taken the place of this one


class Studio(Answer):
    """The first message: what is watched."""

    folder: bool
    title: str


class Parameter(TypedDict):
    """A parameter of a sketch, as a control needs it; `parts` are those of a list."""

    name: str
    type: str
    default: Any
    low: float | None
    high: float | None
    step: float | None
    log: bool
    choices: list[Any]
    parts: list["Parameter"]
    varies: bool
    optional: bool
    help: str


class Format(TypedDict):
    """A format that art can be exported as."""

    suffix: str  # with its dot
    kind: Literal["still", "film"]


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
    """Where a pull has brought parameters, and what is held; which are kept by their bounds."""

    values: dict[str, Any]
    at: list[tuple[float, float]]
    bounded: list[str]


class Movement(TypedDict):
    """How far a parameter moves the picture over all of its range: RMS in mm; and what it does."""

    mm: float
    effect: Literal["moves", "ink", "jumps", "nothing"]


class Moves(Answer):
    """How far each float parameter moves the picture."""

    movements: dict[str, Movement]


class Liked(Answer):
    """A liked picture, and what made it; its thumbnail is the body."""

    name: str
    values: dict[str, Any]
    seed: int
    at: float


class Preset(TypedDict):
    """Parameters under a name."""

    values: dict[str, Any]
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
