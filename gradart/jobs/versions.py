"""What a picture was made from: sources, files, versions, and the state of the work tree."""

import ast
import os
import platform
import re
import subprocess
import sys
import tokenize
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from threading import Thread

from gradart.errors import PACKAGE, RenderFault

# Whose work goes into every picture, or whose encoders write it.
_LIBRARIES = (
    *("gradart", "jax", "jaxlib", "numpy", "scipy", "optax", "matplotlib"),
    *("cairocffi", "pillow", "imageio-ffmpeg"),
)
_GIT_SECONDS = 2  # after which the commit is left out
_asked: "dict[Path, Future[dict[str, str | bool]]]" = {}  # the commits of these files


def versions(source: str, *helpers: Path) -> dict[str, str]:
    """Versions of Python, the libraries that all pictures need, and those that the sketch imports.

    These are looked for in its source, and in the files of its folder that it imports.
    """
    texts = [source, *map(_text, helpers)]
    found = dict(installed())
    for name in sorted({name for text in texts for name in _imported(text)}):
        if name not in found and name not in sys.stdlib_module_names:
            with suppress(PackageNotFoundError):
                found[name] = version(name)
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has gone since it was imported
        return ""


@cache
def installed() -> Mapping[str, str]:
    """Versions of Python, of the libraries that all pictures need, and of their libraries in C."""
    from PIL import features

    from gradart.rendering.painting.cairo_library import libcairo

    found = {"python": "{}.{}".format(*sys.version_info)}
    found |= {name: _version(name) for name in _LIBRARIES}
    with suppress(RenderFault):  # SVG does without it
        found["cairo"] = str(libcairo().cairo_version_string())
    found |= {name: str(features.version(name)) for name in ("zlib", "webp")}
    return found


def _version(name: str) -> str:
    """What `version` gives, without all else that is told of a library: a tenth of its time."""
    told = re.search(r"^Version: (.+)$", distribution(name).read_text("METADATA") or "", re.M)
    return told[1] if told else version(name)


def source_text(file: Path) -> str:
    """The text of a Python file as Python reads it; empty if it cannot."""
    try:
        with tokenize.open(file) as text:
            return text.read()
    except (OSError, SyntaxError, ValueError):
        return ""


@cache
def _imported(source: str) -> frozenset[str]:
    """The packages that a source imports anywhere, by the first part of their names."""
    names = set()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # a helper that has changed since
        return frozenset()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return frozenset(names)


@cache
def code() -> str:
    """A hash of gradart's own code, whose version stays the same while it is worked on."""
    whole = sha256()
    for folder, folders, names in os.walk(PACKAGE):
        # Not the sketches that a wheel brings along, nor the index's templates, which are no code.
        folders[:] = sorted(name for name in folders if name not in ("examples", "__pycache__"))
        for name in sorted(name for name in names if name.endswith(".py")):
            with open(os.path.join(folder, name), "rb") as file:
                whole.update(sha256(file.read()).digest())
    return whole.hexdigest()


def whereabouts(file: Path, here: Path) -> dict[str, str | bool]:
    """What else explains a picture of the sketch in `file`, for who works in the folder `here`.

    That is the way from there to the sketch, gradart's code, the machine, the commit that `file`
    is in. A gallery that lies in a repository leaves these out: it would change with every commit.
    """
    commit = _asked.pop(file).result() if file in _asked else _commit(file)
    return {**_way(file, here), "code": code()[:12], "machine": machine(), **commit}


def ask_commit(file: Path) -> None:
    """Begin to ask git of a file, which takes it longer than `whereabouts` should be waited for."""
    found = _asked[file] = Future()

    def look() -> None:
        try:
            found.set_result(_commit(file))
        except Exception as error:
            found.set_exception(error)

    Thread(target=look, daemon=True).start()


def _way(file: Path, here: Path) -> dict[str, str | bool]:
    """The way from a folder to a file; none if it leads through the root, and so tells too much."""
    with suppress(ValueError):  # another drive
        if os.path.commonpath([file, here]) != file.anchor:
            return {"path": Path(os.path.relpath(file, here)).as_posix()}
    return {}


@cache
def machine() -> str:
    """The system and its processor, which decide the last bits of some sums."""
    kind = f"{platform.system()} {platform.machine()}"
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return f"{kind}, {line.partition(':')[2].strip()}"
    return kind


def _commit(file: Path) -> dict[str, str | bool]:
    """The commit that is checked out, and whether the work tree or the file differs from it."""
    root = next((folder for folder in file.parents if (folder / ".git").exists()), None)
    if root is None:
        return {}
    # No look at what is not tracked: that can be the whole of a home folder.
    state = _git(root, "status", "--porcelain=v2", "--branch", "--untracked-files=no")
    lines = (state or "").splitlines()
    head = next((line.split()[-1] for line in lines if line.startswith("# branch.oid ")), "")
    if len(head) < 40:  # no git, no repository after all, or one without a commit
        return {}
    changed = any(not line.startswith("#") for line in lines)
    tracked = _git(root, "ls-files", "--error-unmatch", "--", str(file))
    return {"commit": head, "dirty": changed or tracked is None}


def _git(root: Path, *words: str) -> str | None:
    """What git says; None if it fails, or takes too long."""
    command = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", str(root), *words]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_GIT_SECONDS,
            env=os.environ | {"LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
