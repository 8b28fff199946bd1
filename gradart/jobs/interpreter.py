"""Python started anew: with the modules that this process has, but none of the current folder."""

import json
import os
import sys
from pathlib import Path

from gradart.errors import PACKAGE


def python(function: str) -> list[str]:
    """The command that calls a function, written `package.module:function`, in a new process.

    Python puts the folder of its program, or the current one, before all modules. What lies there
    belongs to the artist: a sketch called random.py must not be what a library imports.
    """
    module, _, name = function.partition(":")
    code = (
        "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
        f" from {module} import {name}; {name}()"
    )
    return [sys.executable, "-P", "-c", code, json.dumps(_path())]


def _path() -> list[str]:
    """Where this process finds modules, without the folder of its program."""
    program = getattr(sys.modules["__main__"], "__file__", None)
    folder = str(Path(program).absolute().parent) if program else ""
    own = [place for place in sys.path if os.path.isabs(place) and place != folder]
    return list(dict.fromkeys([*own, str(Path(PACKAGE).parent)]))
