// Values as sliders show them, as programs take them, and as files are named by them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { argument, fits, rgba } from "../../../gradart/rendering/html/static/inputs.js";
import { fileName } from "../../../gradart/rendering/html/static/saving.js";
import { placeOf, range, stepsOf, valueAt } from "../../../gradart/rendering/html/static/slider_scale.js";

const SCALES = {
  float: { name: "a", kind: "float", default: 5, low: 1, high: 20 },
  logarithm: { name: "a", kind: "float", default: 1, low: 1e-3, high: 1e4, log: true },
  int: { name: "a", kind: "int", default: 3, low: -4, high: 300 },
  "int over logarithms": { name: "a", kind: "int", default: 3, low: 1, high: 1e6, log: true },
  steps: { name: "a", kind: "float", default: 3, low: 0, high: 10, step: 0.25 },
  tiny: { name: "a", kind: "float", default: 2e-9, low: 1e-9, high: 3e-9 },
  free: { name: "a", kind: "float", default: -0.3 },
};

for (const [name, input] of Object.entries(SCALES)) {
  test(`a slider's places have values within the range, in order, and are found again: ${name}`, () => {
    const span = range(input, input.default);
    const steps = stepsOf(input, span);
    const places = Array.from({ length: steps + 1 }, (_, place) => place);
    const values = places.map((place) => valueAt(input, span, place));
    assert.equal(values[0], span[0]);
    assert.equal(values[steps], span[1]);
    values.forEach((value, place) => {
      assert.ok(fits(input, value), String(value));
      if (place) assert.ok(value >= values[place - 1]);
      if (input.kind === "float") assert.equal(placeOf(input, span, value), place);
    });
  });
}

test("a slider with a step goes by it, to the last digit", () => {
  const input = { name: "a", kind: "float", default: 0.5, low: 0, high: 1, step: 0.125 };
  const tenths = { name: "a", kind: "float", default: 0.5, low: 0.1, high: 0.9, step: 0.1 };
  const values = (one, count) => Array.from({ length: count }, (_, place) => valueAt(one, range(one, 0.5), place));
  assert.deepEqual(values(input, 9), [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]);
  assert.deepEqual(values(tenths, 9), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
});

test("a slider by the logarithm has as many steps for each factor", () => {
  const { logarithm } = SCALES;
  const span = range(logarithm, 1);
  const tenths = [0.01, 0.1, 1, 10, 100].map((value) => placeOf(logarithm, span, value));
  for (let i = 1; i < tenths.length; i++) assert.ok(Math.abs(tenths[i] - tenths[i - 1] - 1000 / 7) <= 1);
});

test("a slider reaches a value outside of its usual span", () => {
  assert.deepEqual(range(SCALES.free, 12), [-0.6, 12]);
  assert.deepEqual(range(SCALES.free, -40), [-40, 0]);
});

test("programs take numbers, and arrays for what is more", () => {
  assert.equal(argument({ name: "a", kind: "bool", default: false }, true), 1);
  assert.deepEqual(argument({ name: "key", kind: "key", default: 0 }, 2 ** 32 - 1), Uint32Array.of(0, 2 ** 32 - 1));
  const list = { name: "a", kind: "list", default: [[0, 0], [0, 0]] };
  assert.deepEqual(argument(list, [[1, 2], [3, 4]]), Float64Array.of(1, 2, 3, 4));
  assert.deepEqual(argument({ ...list, whole: true }, [[1, 2], [3, 4]]), Int32Array.of(1, 2, 3, 4));
  const palette = { name: "a", kind: "palette", default: "b", options: ["b"], colors: { b: ["#000000", "#0000ff33"] } };
  assert.deepEqual(argument(palette, "b"), Float64Array.of(0, 0, 0, 1, 0, 0, 1, 0.2));
  assert.ok(fits(palette, "b") && !fits(palette, "c"));
  assert.deepEqual(rgba("#0f8"), Float64Array.of(0, 1, 136 / 255, 1));
  assert.deepEqual(rgba("#0F800080"), Float64Array.of(15 / 255, 128 / 255, 0, 128 / 255));
});

test("a file is named by its piece and by what differs, in letters that any disk holds", () => {
  const inputs = [SCALES.float, { name: "tint", kind: "color", default: "#000000" }, { name: "key", kind: "key", default: 1 }];
  const art = { title: '../a "b" <c>: d/é\u2028漢', inputs };
  const name = fileName(art, { a: 7.5, tint: "#ff0000", key: 2 }, 0.25);
  assert.equal(name, "a_b_c_d_é_漢_a7.5_tint_ff0000_seed2_at0.25");
  assert.equal(fileName({ ...art, name: "moire", inputs: [] }, {}, null), "moire");
  const long = "Schotter: squares that lose their order from the top down, row by row.";
  assert.equal(fileName({ title: long, inputs: [] }, {}, null), "Schotter");
  assert.equal(fileName({ title: "", inputs: [] }, {}, null), "picture");
  assert.ok(fileName({ title: "x".repeat(9000), inputs: [] }, {}, null).length < 100);
});
