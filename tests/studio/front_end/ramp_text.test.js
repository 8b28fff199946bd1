// Ramps as texts: read and written as the studio does it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromPage } from "./from_page.js";

const { stopsOf, textOf } = await fromPage("ramp_text.js");
const places = (text) => stopsOf(text).map(({ at }) => at);

test("colors stand where their percentages say, and evenly between those that have some", () => {
  assert.deepEqual(places("#000 #111 #222"), [0, 0.5, 1]);
  assert.deepEqual(places("#000, red 20%,#fff"), [0, 0.2, 1]);
  const spread = places("#000 10% #111 #222 #333 70%");
  [0.1, 0.3, 0.5, 0.7].forEach((at, index) => assert.ok(Math.abs(spread[index] - at) < 1e-12));
  assert.deepEqual(stopsOf("#4d2b1f #a14122 on #f8f1e5").map(({ color }) => color), ["#4d2b1f", "#a14122"]);
  assert.deepEqual(stopsOf(""), []);
});

test("a text is the same again when it is read and written", () => {
  for (const text of ["#000000 #ffffff", "#000000 #ff0000 20% #ffffff", "#000000 10% #ff0000 40% #ffffff88 70%"]) {
    assert.equal(textOf(stopsOf(text)), text);
  }
  assert.equal(textOf(stopsOf("#000 0% #111 50% #222 100%")), "#000 #111 #222");
});
