"""The library cairo: found, kept as it was parsed, and whole before threads paint with it."""

import os
import subprocess
import sys

import pytest


def test_a_missing_cairo_is_one_clear_error(tmp_path):
    code = "from gradart.rendering.painting.cairo_library import libcairo; libcairo()"
    for chosen in (tmp_path / "libcairo.so", __file__):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "GRADART_CAIRO": str(chosen)},
            capture_output=True,
            text=True,
        )
        last = done.stderr.strip().splitlines()[-1]
        for said in ("RenderFault", str(chosen), "apt install libcairo2", "brew install cairo"):
            assert said in last


def test_the_chosen_cairo_is_used():
    found = "from ctypes.util import find_library; import os; print(find_library('cairo'))"
    name = subprocess.run([sys.executable, "-c", found], capture_output=True, text=True).stdout
    code = (
        "from gradart.rendering.painting.cairo_library import libcairo\n"
        "print(libcairo().cairo_version())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "GRADART_CAIRO": name.strip()},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) > 11000


@pytest.mark.exhaustive
def test_kept_declarations_of_cairo_are_those_that_were_parsed(tmp_path):
    """What is kept is used instead of a parser; where it is broken, it is parsed again."""
    code = (
        "import sys\n"
        "from gradart.rendering.painting.cairo_library import libcairo\n"
        "cairo = libcairo()\n"
        "ffi, lib, said = cairo.ffi, cairo.cairo, {}\n"
        "for name in dir(lib):\n"
        "    try:\n"
        "        value = getattr(lib, name)\n"
        "    except Exception:  # of which there are two kinds\n"
        "        continue  # this libcairo has it not\n"
        "    if not isinstance(value, int):\n"
        "        kind = ffi.typeof(value)\n"
        "        value = [part.kind for part in (kind.result, *kind.args)]\n"
        "    said[name] = value\n"
        "sizes = [ffi.sizeof(f'cairo_{n}_t') for n in ('glyph', 'path_data', 'matrix')]\n"
        "print('pycparser' in sys.modules, ffi.list_types(), sizes, sorted(said.items()))\n"
    )
    cache = tmp_path / "cache"

    def run():
        environment = {**os.environ, "GRADART_CACHE": str(cache)}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        parsed, _, rest = done.stdout.partition(" ")
        return parsed == "True", rest

    (first, declared), (again, same) = run(), run()
    assert (first, again) == (True, False)
    assert same == declared
    [file] = (cache / "cairo").iterdir()
    for broken in (b"", b"no code", file.read_bytes()[:100]):
        file.write_bytes(broken)
        assert run() == (True, declared)
        assert run() == (False, declared)


def test_threads_that_ask_for_functions_of_cairo_at_once_find_them(tmp_path):
    """Even if each takes its turn within the other's, as where JAX has a word in a collection."""
    code = (
        "import gc, sys, threading\n"
        "from gradart.rendering.painting.cairo_library import libcairo\n"
        "lib = libcairo().cairo\n"
        "sys.setswitchinterval(1e-6)\n"
        "gc.set_threshold(1)\n"
        "gc.callbacks.append(lambda *a: None)\n"
        "gate = threading.Barrier(8)\n"
        "def ask():\n"
        "    gate.wait()\n"
        "    for name in ('fill', 'set_operator', 'set_line_cap', 'matrix_init'):\n"
        "        getattr(lib, f'cairo_{name}')\n"
        "threads = [threading.Thread(target=ask) for _ in range(8)]\n"
        "for thread in threads:\n"
        "    thread.start()\n"
        "for thread in threads:\n"
        "    thread.join()\n"
    )
    command = [sys.executable, "-c", code]
    environment = {**os.environ, "GRADART_CACHE": str(tmp_path)}
    for _ in range(2):  # parsed, and then as kept
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
