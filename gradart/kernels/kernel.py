"""A compiled function: the object code that is kept for what it is called with, or else numba's."""

import ctypes
import json
import re
import threading
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property, update_wrapper
from hashlib import sha256
from pathlib import Path
from struct import error as WordError

from gradart.kernels import compiled_files as kept
from gradart.kernels.argument_types import (
    NoTypeError,
    NumbaType,
    Type,
    Word,
    laid_out,
    packer,
    reader,
    type_of,
)
from gradart.kernels.compiler import Dispatcher, Option
from gradart.kernels.machine import KEEPS, levels, loaded, processor

Code = Callable[[Sequence[Word]], object]

_RETURNED = 0, -2  # what numba's functions say if no error has ended them
_lock = threading.RLock()


class Kernel:
    """A function that is compiled once for each way to call it: for all types of arguments.

    Code for them is looked for in what came with the package, then in what was kept on this
    machine; only where there is none is numba imported, and what it makes is kept.
    """

    def __init__(
        self,
        function: Callable[..., object],
        plain: Callable[[], Callable[..., object]],
        options: dict[str, Option],
    ) -> None:
        """Of a function, what has numba make its own of it, and more options of numba's."""
        update_wrapper(self, function)
        self.function = function
        self.name = f"{function.__module__}:{function.__qualname__}"
        self._make_plain, self._options = plain, options
        # A function made by another one is of more than its file's text.
        self._keeps = KEEPS and "<" not in function.__qualname__
        self._codes: dict[tuple[Hashable, ...], Code | None] = {}
        self.signatures: list[list[Type]] = []  # the types that it has been called with

    def __call__(self, *values: object) -> object:
        key: list[Hashable] = []
        words: list[Word] = []
        try:
            laid_out(values, key, words)
            code = self._codes[tuple(key)]
        except NoTypeError:
            return self._plain(*values)
        except KeyError:
            code = self._code(tuple(key), values)
        if code is None:
            return self._plain(*values)
        try:
            return code(words)
        except WordError:  # a number of more than 8 bytes
            return self._plain(*values)

    @cached_property
    def _plain(self) -> Callable[..., object]:
        return self._make_plain()

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """What compiles it, for itself and into others."""
        from gradart.kernels.compiler import dispatcher

        return dispatcher(self.function, **self._options)

    @property
    def _numba_type_(self) -> NumbaType:
        """What numba asks a value for that compiled code names."""
        return self.dispatcher._numba_type_

    def _code(self, key: tuple[Hashable, ...], values: Sequence[object]) -> Code | None:
        """Find or make the code for such values; None if numba alone calls it."""
        with _lock:
            if key not in self._codes:
                kinds = [type_of(value) for value in values]
                self.signatures.append(kinds)
                self._codes[key] = self._loaded(kinds)
            return self._codes[key]

    def ready(self, kinds: list[Type]) -> bool:
        """Whether there is code now for arguments of these types."""
        with _lock:
            return self._loaded(kinds) is not None

    def _loaded(self, kinds: list[Type]) -> Code | None:
        """What calls code that is found, or else made; None if there can be none."""
        if not self._keeps:
            return None
        try:
            name = self.file_name(kinds)
        except OSError:  # the texts are not there, as in an archive
            return None
        for level in levels():
            if code := self._callable(kept.made(name, level), kinds):
                return code
        ours = self.file_name(kinds, f"{processor()} {kept.versions()}")
        if code := self._callable(kept.kept(ours), kinds):
            return code
        from gradart.kernels.compiler import object_code

        try:
            made = object_code(self.dispatcher, kinds, symbol(ours))
        except NoTypeError:
            return None
        kept.keep(ours, made)
        return self._callable(made, kinds)

    def file_name(self, kinds: list[Type], machine: str = "") -> str:
        """The name of the file that keeps the code for arguments of these types."""
        folder = Path(self.function.__code__.co_filename).parent
        words = re.sub(r"\W", "-", self.name)
        call = sha256(json.dumps([kinds, machine]).encode()).hexdigest()
        return f"{words}.{kept.texts_of(folder)[:16]}.{call[:16]}"

    def _callable(self, found: kept.Kept | None, kinds: list[Type]) -> Code | None:
        """What calls object code with words; None if there is none, or none that runs here."""
        if found is None:
            return None
        try:
            enter = loaded(found.code, found.symbol, found.needs)
        except OSError:
            return None
        pack = packer(kinds)
        size, read = reader(found.result)
        name = self.function.__name__

        def call(words: Sequence[Word]) -> object:
            room = ctypes.create_string_buffer(size)
            status = enter(pack(*words), room)
            if status not in _RETURNED:
                raise RuntimeError(f"{name} ended with an error")
            return read(room)

        return call


def symbol(name: str) -> str:
    """The name under which a file of object code defines its function, from the file's own name."""
    return re.sub(r"\W", "_", name)
