"""Calls of Python from compiled programs that JAX keeps from one run to the next.

JAX keeps none that calls Python by `jax.pure_callback`: that holds the function's address. Here a
program holds the name of one target, and as text which function of a module is meant and what it
is given beside arrays. So a program that draws a picture is compiled once on a machine.

The target is a handler of XLA's foreign function interface, written in ctypes after the header
xla/ffi/api/c_api.h that comes with jaxlib.
"""

import base64
import ctypes
import functools
import io
import pickle
from collections.abc import Callable, Sequence
from ctypes import POINTER, Structure, c_char_p, c_int, c_int64, c_size_t, c_uint32, c_void_p
from pathlib import Path

import jax
import numpy as np
from jax.interpreters import mlir

HostFunction = Callable[..., Sequence[np.ndarray]]

TARGET = "gradart_host"
_MAJOR = 0  # of the interface that is read here
_INTERNAL = 13  # the code of an error
_KINDS = {
    **{1: np.bool_, 2: np.int8, 3: np.int16, 4: np.int32, 5: np.int64},
    **{6: np.uint8, 7: np.uint16, 8: np.uint32, 9: np.uint64},
    **{10: np.float16, 11: np.float32, 12: np.float64, 15: np.complex64, 18: np.complex128},
}
_HEAD = (("struct_size", c_size_t), ("extension", c_void_p))


class _Version(Structure):
    _fields_ = [*_HEAD, ("major", c_int), ("minor", c_int)]


class _ErrorGiven(Structure):
    _fields_ = [*_HEAD, ("message", c_char_p), ("code", c_int)]


_Error = ctypes.CFUNCTYPE(c_void_p, POINTER(_ErrorGiven))


class _Interface(Structure):
    _fields_ = [*_HEAD, ("version", _Version), ("internal", c_void_p), ("error", _Error)]


class _Metadata(Structure):
    _fields_ = [("struct_size", c_size_t), ("version", _Version), ("traits", c_uint32)]


class _Asked(Structure):  # the extension by which XLA asks a handler which interface it knows
    _fields_ = [
        ("struct_size", c_size_t),
        ("kind", c_int),
        ("next", c_void_p),
        ("metadata", POINTER(_Metadata)),
    ]


class _Buffer(Structure):
    _fields_ = [
        *_HEAD,
        ("kind", c_int),
        ("data", c_void_p),
        ("rank", c_int64),
        ("shape", POINTER(c_int64)),
    ]


class _Buffers(Structure):
    _fields_ = [
        *_HEAD,
        ("size", c_int64),
        ("kinds", c_void_p),
        ("each", POINTER(POINTER(_Buffer))),
    ]


class _Text(Structure):
    _fields_ = [("data", c_void_p), ("size", c_size_t)]


class _Attributes(Structure):
    _fields_ = [
        *_HEAD,
        ("size", c_int64),
        ("kinds", c_void_p),
        ("names", c_void_p),
        ("each", POINTER(POINTER(_Text))),
    ]


class _Call(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("asked", POINTER(_Asked)),
        ("interface", POINTER(_Interface)),
        ("context", c_void_p),
        ("stage", c_int),
        ("inputs", _Buffers),
        ("outputs", _Buffers),
        ("attributes", _Attributes),
    ]


def calling(function: HostFunction) -> mlir.LoweringRule:
    """The lowering rule of a primitive that a `function` of a module computes, for processors.

    It is given the operands as arrays of NumPy that are not to be written to, and by their names
    the primitive's parameters, which can be pickled; it returns an array for each result.
    """

    lowering = jax.ffi.ffi_lowering(TARGET)
    return lambda context, *operands, **static: lowering(
        context, *operands, call=_as_text(function, static)
    )


def _as_text(function: HostFunction, static: dict[str, object]) -> str:
    """A call without its operands, in the same letters in each run."""
    data = io.BytesIO()
    pickler = pickle.Pickler(data, 4)
    pickler.fast = True  # otherwise it notes which of equal values are one object
    pickler.dump((function, static))
    return base64.b64encode(data.getvalue()).decode()


@functools.lru_cache(256)
def _from_text(text: bytes) -> tuple[HostFunction, dict[str, object]]:
    function, static = pickle.loads(base64.b64decode(text))
    return function, static


def _array(buffer: _Buffer) -> np.ndarray:
    """A buffer of XLA as an array, which is its memory."""
    shape, kind = buffer.shape[: buffer.rank], np.dtype(_KINDS[buffer.kind])
    if 0 in shape:
        return np.empty(shape, kind)
    size = int(np.prod(shape, dtype=int)) * kind.itemsize
    memory = memoryview((ctypes.c_char * size).from_address(buffer.data))
    return np.frombuffer(memory, kind).reshape(shape)


def _handle(given: "ctypes._Pointer[_Call]") -> int | None:
    """Answer a call of XLA: by its own memory, or by an error of its making."""
    call = given[0]
    interface = call.interface[0]
    if call.asked:
        call.asked[0].metadata[0].version.major = _MAJOR  # another one is refused
        call.asked[0].metadata[0].version.minor = interface.version.minor
        return None
    try:
        text = call.attributes.each[0][0]
        function, static = _from_text(ctypes.string_at(text.data, text.size))
        operands = [_array(call.inputs.each[i][0]) for i in range(call.inputs.size)]
        for operand in operands:
            operand.flags.writeable = False
        for i, result in enumerate(function(*operands, **static)):
            _array(call.outputs.each[i][0])[...] = result
    except BaseException as error:
        told = f"{type(error).__name__}: {error}".encode()
        size = _ErrorGiven.code.offset + ctypes.sizeof(c_int)
        return interface.error(_ErrorGiven(size, None, told, _INTERNAL))
    return None


_handler = ctypes.CFUNCTYPE(c_void_p, POINTER(_Call))(_handle)


def _is_known() -> bool:
    """Whether this jaxlib has the interface that is read here, as its own header says."""
    try:
        header = Path(jax.ffi.include_dir(), "xla", "ffi", "api", "c_api.h").read_text()
    except OSError:
        return False
    return f"#define XLA_FFI_API_MAJOR {_MAJOR}\n" in header


IS_KNOWN = _is_known()  # if not, programs that draw are compiled anew in each run
if IS_KNOWN:
    jax.ffi.register_ffi_target(TARGET, jax.ffi.pycapsule(_handler), platform="cpu")
