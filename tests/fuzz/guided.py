"""Bytes that look for new paths through a reader, by atheris (pip install atheris).

`python -m tests.fuzz.guided npz CORPUS -max_total_time=600`, or hgt, tif, pictures, provenance.
What ends it, an error other than ArtError, it leaves in the current folder as crash-*.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["gradart", "PIL", "zipfile", "numpy.lib"]):
    from gradart.library.readers import file_checks

    from . import readers

NAMES = {"npz": ".npz", "hgt": ".hgt", "tif": ".tif", "pictures": ".png", "provenance": ".gif"}


def main() -> None:
    kind, corpus = sys.argv[1], Path(sys.argv[2])
    file_checks.BUDGET = 1_000_000
    corpus.mkdir(parents=True, exist_ok=True)
    for number, (name, data) in enumerate(readers.good().items()):
        picture = not name.endswith(readers.ELEVATION)
        if name.endswith(NAMES[kind]) or kind == "provenance" or (kind == "pictures" and picture):
            (corpus / f"good{number}").write_bytes(data)
    folder = Path(tempfile.mkdtemp())
    atheris.Setup(
        [sys.argv[0], *sys.argv[2:]], lambda data: readers.read(NAMES[kind], data, folder) and None
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
