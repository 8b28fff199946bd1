"""What numba makes of a function: something to call in this process, or object code to be kept."""

import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from gradart.kernels.argument_types import NoTypeError, Type, numba_type, result_type
from gradart.kernels.compiled_files import Kept

if TYPE_CHECKING:
    from llvmlite.binding import TargetMachine

# Of numba, which declares its types in some versions alone.
Dispatcher = Any
Option = Any

# Compiled code does not count references to arrays, so it can make none: the counters, locked and
# shared by all threads, took longer than the drawing.
OPTIONS: dict[str, Option] = {"nogil": True, "error_model": "numpy", "_nrt": False}
# Without what Python would call it by, which is a fourth of what there is to compile.
_LEAN: dict[str, Option] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def dispatcher(function: Callable[..., object], **options: Option) -> Dispatcher:
    """What other functions are compiled with, and object code is made of: not to be called."""
    import numba

    return numba.njit(**OPTIONS, **_LEAN, **options)(function)


def object_code(
    made: Dispatcher, kinds: Sequence[Type], symbol: str, target: "TargetMachine | None" = None
) -> Kept:
    """The object code of a function for arguments of these types, by what `dispatcher` made of it.

    The code is for the processor that numba compiles for, or another target: a target machine of
    llvmlite's. It defines `symbol`, a function of the addresses of words and of room for a result,
    that returns what became of it as numba does. NoTypeError if it cannot be kept.
    """
    from llvmlite import binding
    from numba.core.registry import cpu_target

    types = tuple(numba_type(kind) for kind in kinds)
    made.compile(types)
    made_of = made.overloads[types]
    result = result_type(made_of.signature.return_type)
    module = binding.parse_assembly(made.inspect_llvm(types))
    inner = module.get_function(made_of.fndesc.mangled_name)
    entry = _entry(inner.name, [str(argument.type) for argument in inner.arguments], symbol)
    module.link_in(binding.parse_assembly(entry))
    # So that nothing of it is taken for something of another object.
    for each in (*module.functions, *module.global_variables):
        if not each.is_declaration and each.name != symbol:
            each.linkage = binding.Linkage.internal
    if target is None:
        triple, name, features = cpu_target.target_context.codegen().magic_tuple()
        target = target_machine(triple, name, features)
    else:
        module.triple, module.data_layout = target.triple, str(target.target_data)
    module.verify()
    code = target.emit_object(module)
    return Kept(code, symbol, result, undefined(code))


def target_machine(triple: str, name: str, features: str) -> "TargetMachine":
    """What makes object code as numba does."""
    from llvmlite import binding

    return binding.Target.from_triple(triple).create_target_machine(
        cpu=name, features=features, opt=3, reloc="default", codemodel="jitdefault", jit=True
    )


def _entry(inner: str, arguments: list[str], symbol: str) -> str:
    """A function, as LLVM reads it, that reads words and calls what numba made.

    That takes the address of its result and of what it may tell of an error, then the words.
    """
    result, error, *rest = arguments
    word = "ptr" if "ptr" in arguments else "i64*"  # before LLVM 15 a pointer tells what it is to
    lines = [
        f"declare i32 @{inner}({', '.join(arguments)})",
        f"define i32 @{symbol}({word} %words, i64 %room) {{",
        f"%told = alloca {error if error == 'ptr' else error[:-1]}",
        f"%result = inttoptr i64 %room to {result}",
    ]
    given = [f"{result} %result", f"{error} %told"]
    for k, kind in enumerate(rest):
        lines.append(f"%at{k} = getelementptr i64, {word} %words, i64 {k}")
        if kind in ("i64", "double"):
            at = f"%at{k}"
            if kind == "double" and word != "ptr":
                lines.append(f"%to{k} = bitcast i64* {at} to double*")
                at = f"%to{k}"
            source = word if word == "ptr" else f"{kind}*"
            lines.append(f"%v{k} = load {kind}, {source} {at}, align 1")
        else:
            lines.append(f"%w{k} = load i64, {word} %at{k}, align 1")
            how = "inttoptr" if kind == "ptr" or kind.endswith("*") else "trunc"
            lines.append(f"%v{k} = {how} i64 %w{k} to {kind}")
        given.append(f"{kind} %v{k}")
    lines += [f"%status = call i32 @{inner}({', '.join(given)})", "ret i32 %status", "}"]
    return "\n".join(lines)


def undefined(code: bytes) -> list[str]:
    """The names that an object file, in the format ELF, leaves others to define."""
    if code[:6] != b"\x7fELF\2\1":
        raise NoTypeError
    (sections,) = struct.unpack_from("<Q", code, 40)
    size, count = struct.unpack_from("<HH", code, 58)
    headers = [struct.unpack_from("<IIQQQQIIQQ", code, sections + size * k) for k in range(count)]
    found = []
    for header in (header for header in headers if header[1] == 2):  # of symbols
        start, length, texts = header[4], header[5], headers[header[6]][4]
        for at in range(start + 24, start + length, 24):
            name, _, _, section = struct.unpack_from("<IBBH", code, at)
            if section == 0:
                found.append(code[texts + name : code.index(b"\0", texts + name)].decode())
    return sorted(found)
