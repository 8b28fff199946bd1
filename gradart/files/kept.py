"""What is kept from one run to the next, in the user's folder for caches: small files by name.

Each may be gone at any time, and then is made anew; where none can be written, none is kept.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

from gradart.files.reading import opened


def cache_folder() -> str:
    """The folder of what is kept, in the user's one for caches; empty if there is none.

    The environment variable GRADART_CACHE names another one, or none if it is empty.
    """
    if (chosen := os.environ.get("GRADART_CACHE")) is not None:
        return chosen
    home = Path.home()
    match sys.platform:
        case "win32":
            base = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
        case "darwin":
            base = home / "Library" / "Caches"
        case _:
            base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return str(base / "gradart")


def kept(name: str, *, code: bool = False) -> bytes | None:
    """The bytes that an earlier run has kept under a name like `thumbnails/3f9c`, or None.

    None also where others could have written what is `code`, and will be run.
    """
    folder = cache_folder()
    if not folder:
        return None
    try:
        with opened(Path(folder, name)) as file:
            if code and not (
                is_ours(Path(folder, name).parent.stat()) and is_ours(os.fstat(file.fileno()))
            ):
                return None
            return file.read()
    except OSError:
        return None


def is_ours(state: os.stat_result) -> bool:
    """Whether nobody but this user, the system's, and who installed gradart can write there."""
    if not hasattr(os, "geteuid"):
        return True  # on Windows, where a user's folders are that user's alone
    owners = 0, os.geteuid(), Path(__file__).stat().st_uid
    return state.st_uid in owners and not state.st_mode & 0o022


def keep(name: str, data: bytes, most: int) -> None:
    """Keep bytes under a name like `thumbnails/3f9c`, of which that folder has at most `most`.

    Those that were kept longest ago go first. Another process reads all of the bytes, or none.
    """
    folder = cache_folder()
    if not folder:
        return
    path = Path(folder, name)
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, data)
        forget(path.parent, most)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that nobody else can write, and no other process sees before it is whole."""
    import tempfile

    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def forget(folder: Path, most: int) -> None:
    """Remove what was kept longest ago in a folder, a quarter of `most` at a time: seldom."""
    names = os.listdir(folder)
    if len(names) <= most:
        return
    ages: list[tuple[int, Path]] = []
    for name in names:
        with suppress(OSError):  # another process has removed it
            ages.append(((folder / name).stat().st_mtime_ns, folder / name))
    for _, file in sorted(ages)[: len(names) - most + most // 4]:
        with suppress(OSError):
            file.unlink()
