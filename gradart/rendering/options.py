"""What a picture is meant to be: its page, and as a film its length. It travels with the art."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Options of `render` where none are given: a sketch's, on the scene or film that it returns.

    The page is a name that `page` knows, the margin in mm, 7.5 % of the short side for None; `at`
    is the playhead of a film's still.
    """

    page: str = "a4"
    landscape: bool = False
    margin: float | None = None
    seconds: float = 4.0
    fps: float = 25
    at: float = 0.0
    title: str = ""
