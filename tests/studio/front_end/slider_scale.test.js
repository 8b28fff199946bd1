// The scale of a slider: equal steps of the picture, and values with as few digits as these leave.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromPage } from "./from_page.js";

const { placeAt, placeOf, positionAt, valueAt, valueOf } = await fromPage("slider_scale.js");

const places = Array.from({ length: 65 }, (_, i) => i / 64);
const squared = places.map((place) => place ** 2); // the picture goes the faster, the farther it is
const radius = { log: false };
const scale = { log: true };

test("place and position are each other's inverse, and the ends are the ends", () => {
  for (const shares of [null, squared]) {
    for (let i = 0; i <= 100; i += 1) {
      assert.ok(Math.abs(positionAt(shares, placeAt(shares, i / 100)) - i / 100) < 1e-12);
    }
    assert.deepEqual([placeAt(shares, 0), placeAt(shares, 1)], [0, 1]);
    assert.deepEqual([positionAt(shares, 0), positionAt(shares, 1)], [0, 1]);
  }
});

test("equal steps of the slider are equal steps of the picture", () => {
  for (let i = 0; i <= 10; i += 1) assert.ok(Math.abs(placeAt(squared, i / 10) ** 2 - i / 10) < 1e-3);
});

test("a value and its place are each other's inverse, on a logarithmic range too", () => {
  for (const p of [radius, scale]) {
    for (const value of [0.01, 0.3, 1, 100]) {
      const back = valueOf(p, [0.01, 100], placeOf(p, [0.01, 100], value));
      assert.ok(Math.abs(back / value - 1) < 1e-12);
    }
  }
  assert.equal(placeOf(radius, [2, 2], 2), 0);
});

test("each step of a slider is another value, which shows at its step again, in few digits", () => {
  const steps = 1000;
  for (const [p, range] of [[radius, [0.1, 2]], [scale, [0.01, 100]], [radius, [-3e-5, 2e-5]], [radius, [0, 9e4]]]) {
    for (const shares of [null, squared]) {
      const seen = new Set();
      for (let at = 0; at <= steps; at += 1) {
        const value = valueAt(p, range, shares, at / steps, steps);
        seen.add(value);
        assert.ok(value >= range[0] && value <= range[1]);
        const back = steps * positionAt(shares, placeOf(p, range, value));
        assert.equal(Math.round(back), at, `${value} of ${range}`);
      }
      assert.equal(seen.size, steps + 1);
    }
  }
  assert.equal(valueAt(radius, [0.1, 2], null, 0.5, steps), 1.05);
});
