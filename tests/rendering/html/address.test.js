// Values in the address: what is written is read back, and what is wrong changes nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isBare, read, written } from "../../../gradart/rendering/html/static/address.js";
import { defaults } from "../../../gradart/rendering/html/static/inputs.js";

const INPUTS = [
  { name: "turns", kind: "float", default: 5, low: 1, high: 20 },
  { name: "free", kind: "float", default: 0 },
  { name: "n", kind: "int", default: 3, low: 1, high: 12 },
  { name: "dark", kind: "bool", default: false },
  { name: "tint", kind: "color", default: "#c2410c" },
  { name: "points", kind: "list", default: [[0, 0.5], [1, 2]], low: -9, high: 9 },
  { name: "cells", kind: "list", default: [3, 4], low: 1, whole: true },
  { name: "größe_a", kind: "float", default: 1 },
  { name: "key", kind: "key", default: 7 },
];

const VALUES = {
  turns: 7.25,
  free: -1e-300,
  n: 12,
  dark: true,
  tint: "#11223344",
  points: [[-9, 0], [0.1, 3]],
  cells: [1, 900],
  größe_a: 2,
  key: 4294967295,
};

test("what is written is read back", () => {
  const text = written(INPUTS, VALUES);
  assert.match(text, /^[\x21-\x7e]+$/); // as an address holds it
  assert.deepEqual({ ...read(INPUTS, `#${text}`).values }, VALUES);
  assert.deepEqual(read(INPUTS, `#${text}`).notes, []);
});

test("what is at its default is not written", () => {
  assert.equal(written(INPUTS, defaults(INPUTS)), "");
  assert.equal(written(INPUTS, { ...defaults(INPUTS), key: 8 }), "seed=8");
  assert.equal(written(INPUTS, { ...defaults(INPUTS), n: 4 }, "#bare&n=9"), "bare&n=4");
});

const WRONG = [
  "turns=0.99", "turns=20.01", "turns=", "turns", "turns=NaN", "turns=Infinity", "turns=1e999", "turns=7,5",
  "free=-Infinity", "n=2.5", "n=0", "n=1e99", "dark=1", "dark=", "tint=red", "tint=%23ggg", "tint=c2410c",
  "points=1,2,3", "points=1,2,3,4,5", "points=1,2,3,", "points=1,2,3,10", "points=a,b,c,d",
  "cells=1,2.5", "cells=0,1", "cells=1",
  "seed=-1", "seed=0.5", "seed=4294967296", "seed=x", "key=3", "none=1", "=1", "__proto__=1", "toString=1",
  "%E0%A4%A=1", "turns=%E0%A4%A",
];
for (const text of WRONG) {
  test(`${text} changes nothing, and is told`, () => {
    const { values, notes } = read(INPUTS, `#${text}`);
    assert.deepEqual(Object.keys(values), []);
    assert.equal(notes.length, 1);
  });
}

test("one wrong value leaves the others", () => {
  const { values, notes } = read(INPUTS, "#n=99&turns=2&&dark=true");
  assert.deepEqual({ ...values }, { turns: 2, dark: true });
  assert.deepEqual(notes, ["In the address n is “99”; it takes a whole number from 1 to 12."]);
});

test("a text of any length is told in a line", () => {
  const [note] = read(INPUTS, `#n=${"9".repeat(100_000)}`).notes;
  assert.ok(note.length < 150, note);
});

test("the picture alone is asked for before or behind #", () => {
  assert.ok(isBare({ search: "?bare", hash: "" }));
  assert.ok(isBare({ search: "", hash: "#n=3&bare" }));
  assert.ok(!isBare({ search: "?b=bare", hash: "#barely" }));
});
