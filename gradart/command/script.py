"""A sketch file as a program of its own: `ga.main`."""

import sys
from collections.abc import Sequence

from gradart.command import options
from gradart.command.cli import as_program
from gradart.errors import ArtError
from gradart.files.reading import START_FOLDER
from gradart.jobs.process_setup import prepare
from gradart.sketching.loading import LOADED, alone
from gradart.sketching.sketch import Sketch
from gradart.terminal import plain


def main(sketch: Sketch) -> None:
    """Render a sketch as `gradart run` does, with the same options, and end the program.

    `sketch` is drawn with the options of the command line, as in `python spiral.py --turns 7 -o
    spiral.svg`: the last lines of a file that is a program.

    >>> @ga.sketch
    ... def ring(radius=1.0):
    ...     return ga.scene(ga.circles((0, 0), radius))
    >>> if __name__ == "__main__":
    ...     ga.main(ring)
    """
    if str(sketch.globals["__name__"]).startswith(LOADED):
        raise ArtError(
            'ga.main is for a file run by Python: write if __name__ == "__main__": above'
        )
    sys.exit(run_sketch(sketch))


def run_sketch(sketch: Sketch, argv: Sequence[str] | None = None) -> int:
    """`gradart run` for a sketch that is at hand; return the exit status."""
    from gradart.command.run import render

    parser = options.Parser(prog=plain(sketch.file.name), description=plain(sketch.title))

    def work(words: list[str]) -> int:
        prepare()
        options.add(parser, [sketch])
        return render([alone(sketch)], options.parse(parser, words, [sketch]), START_FOLDER)

    return as_program(argv, work, command="run")
