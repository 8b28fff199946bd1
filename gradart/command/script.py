"""A sketch file as a program of its own."""

import sys

from gradart.command.cli import run_sketch
from gradart.sketching.sketch import Sketch


def main(sketch: Sketch) -> None:
    """Render the sketch as `gradart run` does, with the same options, and end the program.

    >>> if __name__ == "__main__":
    ...     ga.main(waves)
    """
    sys.exit(run_sketch(sketch))
