"""A sketch file as a program of its own."""

import sys

from gradart.command.cli import run_sketch
from gradart.errors import ArtError
from gradart.sketching.loading import LOADED
from gradart.sketching.sketch import Sketch


def main(sketch: Sketch) -> None:
    """Render the sketch as `gradart run` does, with the same options, and end the program.

    >>> if __name__ == "__main__":
    ...     ga.main(waves)
    """
    if sketch.globals["__name__"].startswith(LOADED):
        raise ArtError(
            'ga.main is for a file run by Python: write if __name__ == "__main__": above'
        )
    sys.exit(run_sketch(sketch))
