// Taylor polynomials by Horner's rule, and where they hold.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromPage } from "./from_page.js";

const { evaluate, holds, slopes } = await fromPage("taylor.js");

// 1 - s + 2 s^2, and exp(s) to order 2.
const coefficients = new Float32Array([1, 1, -1, 1, 2, 0.5]);

test("the values and slopes of polynomials are those of their sums", () => {
  for (const s of [-1, -0.25, 0, 0.5, 1]) {
    assert.deepEqual([...evaluate(coefficients, s, new Float32Array(2))], [1 - s + 2 * s * s, 1 + s + s * s / 2]);
    assert.deepEqual([...slopes(coefficients, s, new Float32Array(2))], [-1 + 4 * s, 1 + s]);
  }
});

test("where a pen lifts, it does so at each place, and the other points do not mind", () => {
  const [lifted, other] = evaluate(new Float32Array([NaN, 1, 0, 2]), 0.5, new Float32Array(2));
  assert.ok(Number.isNaN(lifted));
  assert.equal(other, 2);
});

test("a polynomial holds up to its ends, and a part of the way to them", () => {
  const series = { at: 1, low: 0.5, high: 3 };
  assert.deepEqual([0.4, 0.5, 1, 3, 3.1].map((value) => holds(series, value)), [false, true, true, true, false]);
  assert.ok(holds(series, 1.9, 0.5) && !holds(series, 2.1, 0.5) && !holds(series, 0.7, 0.5));
  assert.ok(!holds({ at: 1, low: 1, high: 1 }, 1));
});
