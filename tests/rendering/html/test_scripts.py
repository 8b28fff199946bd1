"""The page's scripts without a browser: modules joined, numbers unpacked, values and texts."""

import gzip
import json
import os
import shutil
import subprocess
from graphlib import CycleError
from pathlib import Path

import numpy as np
import pytest
from rendering.html.pieces import bytes_of

from gradart.javascript.modules import joined
from gradart.rendering.html.array_packing import in_steps, packed
from gradart.rendering.html.byte_text import LETTERS, byte_text
from gradart.rendering.html.compression import gzipped
from gradart.rendering.html.document import STATIC, number_block

HERE = Path(__file__).parent
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="scripts are run by node")


def run(*words, **environment):
    done = subprocess.run(
        [NODE, *map(str, words)], capture_output=True, text=True, env=os.environ | environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_node
def test_the_pure_parts_pass_their_unit_tests():
    run("--test", *(HERE / f"{name}.test.js" for name in ("address", "piece", "values")))


MODULES = {
    "main.js": """// Comments are left out.
import { count, next as more } from "./a.js";
import { Point, text } from "./b.js";

/**
 * Also these.
 */
export async function start() {
  more();
  const at = /** @type {Point} */ (new Point());
  const local = `${text} // and this stays`;
  console.log(count(), at.x, local, "/* this", "too */", [...numbers()].join());
}

export function* numbers() {
  yield* [1, 2, 3];
}
""",
    "a.js": """import { text } from "./b.js";

let number = text.length;
export const count = () => number;
export function next() {
  number += 1;
}
""",
    "b.js": """console.log("once");
const local = 5;
export const text = "http://x";
export class Point {
  x = local;
}
""",
}


@pytest.fixture
def write(tmp_path):
    def written(**modules):
        (tmp_path / "package.json").write_text('{"type": "module"}')
        for name, text in modules.items():
            (tmp_path / f"{name}.js").write_text(text)
        return tmp_path / "main.js"

    return written


@needs_node
def test_joined_modules_do_what_modules_do(write, tmp_path):
    entry = write(**{name.removesuffix(".js"): text for name, text in MODULES.items()})
    (tmp_path / "apart.js").write_text('import { start } from "./main.js";\nstart();\n')
    script = joined(entry)
    (tmp_path / "joined.cjs").write_text(f'"use strict";\n{script}\nmain_js.start();\n')
    said = run(tmp_path / "joined.cjs")
    assert said == run(tmp_path / "apart.js")
    assert said.startswith("once\n9 5 http://x // and this stays /* this too */ 1,2,3")
    assert "left out" not in script
    assert "Also" not in script


@pytest.mark.parametrize(
    "text",
    [
        'import "./a.js";',
        'import * as a from "./a.js";',
        'import a from "./a.js";',
        'import { a } from "https://example.org/a.js";',
        'import { a } from "../a.js";',
        "export default 3;",
        "export let a = 3;",
        "export { a };",
        'export * from "./a.js";',
    ],
)
def test_other_forms_of_imports_and_exports_are_refused(write, text):
    entry = write(main=f"const a = 3;\n{text}\n", a="export const b = 3;\n")
    with pytest.raises(ValueError, match=r"main\.js: .* is no import or export"):
        joined(entry)


def test_modules_that_import_each_other_are_refused(write):
    ring = {"main": "a", "a": "b", "b": "a"}
    with pytest.raises(CycleError):
        joined(write(**{a: f'import {{ x }} from "./{b}.js";\n' for a, b in ring.items()}))


@needs_node
def test_the_script_of_the_page_is_one_that_can_be_read(tmp_path):
    (tmp_path / "page.cjs").write_text(joined(STATIC / "main.js"))
    run("--check", tmp_path / "page.cjs")


ARRAYS = [
    np.array([0.1, -0.0, np.nan, np.inf, -np.inf, 5e-324, 1.7976931348623157e308]),
    np.linspace(0, 1, 99).reshape(11, 9),
    np.asfortranarray(np.arange(12.0).reshape(3, 4)),
    np.array(3.5),
    np.empty((0, 2)),
    np.array([1.5, 0.1, np.nan], np.float32),
    np.array([-(2**31), 2**31 - 1], np.int64),
    np.array([2**32 - 1], np.uint64),
    np.array([7, -7], np.int16),
    np.array([[True, False, True]]),
    np.arange(256).astype(np.uint8),
    np.array([1.0, 2.0]).astype(">f8"),
]


NAMES = {
    "float64": "Float64Array",
    "float32": "Float32Array",
    "int16": "Int16Array",
    "uint64": "BigUint64Array",
    "bool": "Uint8Array",
    "uint8": "Uint8Array",
}


def little(array):
    return array.astype(array.dtype.newbyteorder("<"), "C")


@needs_node
def test_numbers_come_back_bit_for_bit(tmp_path):
    held = [array.astype(float) if array.dtype == np.int64 else array for array in ARRAYS]
    expected = [
        {"type": NAMES[array.dtype.name], "bytes": little(array).tobytes().hex()} for array in held
    ]
    (tmp_path / "blocks.html").write_text(number_block([*map(packed, ARRAYS)]))
    (tmp_path / "expected.json").write_text(json.dumps(expected))
    run("--test", HERE / "data_blocks.test.js", NUMBERS=str(tmp_path))
    assert number_block([*map(packed, ARRAYS)]) == number_block([*map(packed, ARRAYS)])


def test_neighbors_that_are_alike_are_packed_tightly():
    smooth = np.sin(np.linspace(0, 6, 20_000))
    assert len(number_block([packed(in_steps(smooth))])) < 0.8 * smooth.nbytes * 4 / 3


def test_letters_of_bytes_are_few_and_none_that_ends_markup():
    data = np.random.default_rng(1).bytes(1300)
    text = byte_text(data)
    assert len(text) == 1600
    assert set(text) <= set(LETTERS)
    assert not set(LETTERS) & set("\"&'<\n")
    assert len(set(LETTERS)) == 91


@needs_node
def test_bytes_of_every_length_come_back_from_letters():
    data = [bytes(range(255, 255 - n, -1)) for n in range(40)] + [b"\xff" * 26, b"\0" * 27]
    texts = list(map(byte_text, data))
    assert list(map(bytes_of, texts)) == data
    module = (STATIC / "byte_text.js").as_uri()
    code = f'import {{ bytesOf }} from "{module}";\n'
    code += 'const hex = (text) => Buffer.from(bytesOf(text)).toString("hex");\n'
    code += f"console.log(JSON.stringify({json.dumps(texts)}.map(hex)));"
    found = run("--input-type=module", "-e", code)
    assert json.loads(found) == [one.hex() for one in data]


def test_what_is_compressed_in_stretches_is_gzip_and_shorter():
    random = np.random.default_rng(2)
    noise = np.round(random.normal(0, 5, 90_000)).astype(np.int8).tobytes()
    mixed = noise + b"what repeats, " * 9_000 + noise
    for data in (b"", b"a", mixed):
        assert gzip.decompress(gzipped(data)) == data
    assert len(gzipped(mixed)) < 0.92 * len(gzip.compress(mixed, 9))
    assert len(gzipped(mixed[90_000:-90_000])) < 800
