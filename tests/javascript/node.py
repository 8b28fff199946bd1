"""Programs of JavaScript, run by node on the runtime that a page has."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart.javascript
import gradart.rendering.html
from gradart.javascript.translation import translate
from gradart.rendering.html.array_packing import packed

RUNTIME = Path(gradart.javascript.__file__).parent / "runtime"
PAGE = Path(gradart.rendering.html.__file__).parent / "static"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node runs the programs")

_MAIN = """
import * as a from "{home}/numbers.js"; import * as b from "{home}/arrays.js";
import * as c from "{home}/random.js"; import * as d from "{home}/linear_algebra.js";
import * as e from "{home}/special_functions.js"; import * as f from "{home}/fourier.js";
import { unpacked } from "{page}/packing.js"; import { readFileSync } from "node:fs";
const runtime = { ...a, ...b, ...c, ...d, ...e, ...f };
const shown = (x) => (typeof x === "bigint" || !Number.isFinite(x) ? String(x) : x);
const numbers = (x) => (Array.isArray(x) ? x.map(Number) : Number(x));
const given = (x) => (x.big ? BigUint64Array.from(x.data.map(BigInt)) : numbers(x.data));
const all = JSON.parse(readFileSync(0, "utf8"));
const results = all.map(({ code, constants, calls }) => {
  const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
  const held = constants.map((told) => unpacked(told, bytes(told.data)));
  const program = (0, eval)(code)(runtime, held);
  return calls.map((stages) => {
    stages.forEach((inputs, k) => inputs && program.stages[k](...inputs.map(given)));
    return program.outputs.map((out) => Array.from(out.data, shown));
  });
});
console.log(JSON.stringify(results));
"""


def plain(x):
    """An array as JSON holds it, a number as such; keys as their words."""
    if jax.dtypes.issubdtype(jnp.asarray(x).dtype, jax.dtypes.prng_key):
        x = jax.random.key_data(x)
    x = np.asarray(x)
    if x.dtype == np.uint64:
        return {"data": [str(n) for n in x.ravel().tolist()], "big": True}
    if x.dtype.kind == "f":
        flat = [
            n if np.isfinite(n) else str(n).replace("inf", "Infinity").replace("nan", "NaN")
            for n in x.ravel().tolist()
        ]
    else:
        flat = [int(n) for n in x.ravel().tolist()]
    return {"data": flat if x.ndim else flat[0]}


def run(programs):
    """What translations give: for each (translation, calls) its outputs at each of the calls.

    A call holds the inputs of each stage, or None for one that is not called.
    """
    told = [
        {
            "code": translation.code,
            "constants": [
                vars(p) | {"data": base64.b64encode(p.data).decode()}
                for p in map(packed, translation.constants)
            ],
            "calls": [[None if s is None else [plain(x) for x in s] for s in c] for c in calls],
        }
        for translation, calls in programs
    ]
    main = _MAIN.replace("{home}", RUNTIME.as_uri()).replace("{page}", PAGE.as_uri())
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", main],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def numbers(row, like):
    """What node has told of an output, in the shape and the type of an array of JAX."""
    if jax.dtypes.issubdtype(like.dtype, jax.dtypes.prng_key):
        like = jax.random.key_data(like)
    kind = np.asarray(like).dtype
    values = [int(x) if kind == np.uint64 else float(x) for x in row]
    return np.array(values, kind if kind == np.uint64 else float).reshape(np.shape(like))


def agrees(got, want, tolerance=1e-12):
    """Whether an output is what JAX computes, NaN and infinity where that has them."""
    if jax.dtypes.issubdtype(want.dtype, jax.dtypes.prng_key):
        want = jax.random.key_data(want)
    want = np.asarray(want)
    if want.dtype == np.uint64:
        return np.array_equal(got, want)
    want = want.astype(float)
    return np.allclose(
        got,
        want,
        tolerance,
        tolerance * (1 + np.nanmax(np.abs(want[np.isfinite(want)]), initial=0)),
        equal_nan=True,
    )


def checked(functions, tolerance=1e-12):
    """The names of those functions of (function, *arguments) whose JavaScript differs from JAX."""
    programs, wanted = [], []
    with jax.enable_x64(True):
        for function, *arguments in functions.values():
            arguments = [jnp.asarray(x) for x in arguments]
            closed = jax.make_jaxpr(function)(*arguments)
            stages = [0] * len(arguments)
            programs.append((translate(closed, stages), [[arguments]]))
            wanted.append(jax.tree.leaves(jax.jit(function)(*arguments)))
        results = run(programs)
        wrong = {}
        for name, ((outputs,), want) in zip(
            functions, zip(results, wanted, strict=True), strict=True
        ):
            for k, (row, y) in enumerate(zip(outputs, want, strict=True)):
                got = numbers(row, y)
                if not agrees(got, y, tolerance):
                    wrong[f"{name}[{k}]"] = got, y
    return wrong
