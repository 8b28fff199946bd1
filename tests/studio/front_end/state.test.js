// The pure parts of the front end: what a parameter takes, ranges of sliders, undo.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, test } from "node:test";

// Its text, and not its path: outside a browser a .js file in a Python package is no module.
const file = new URL("../../../gradart/studio/server/static/state.js", import.meta.url);
const source = encodeURIComponent(await readFile(file, "utf8"));
const { adopt, between, canRedo, canUndo, fits, loaded, nudged, range, redo, same, set, shuffled, state,
  toggleLock, undo } =
  await import(`data:text/javascript,${source}`);

const parameter = (name, type, value, more = {}) => ({
  name, type, default: value, low: null, high: null, step: null, log: false, choices: [], parts: [],
  varies: false, optional: false, help: "", ...more,
});
const radius = parameter("radius", "float", 1, { low: 0.1, high: 2 });
const petals = parameter("petals", "int", 5, { low: 1, high: 12 });
const look = parameter("look", "str", "plain", { choices: ["plain", "bold"] });
const sketch = (...parameters) => ({
  name: "ring", file: "ring.py", title: "", notes: "", seed: 3, takesKey: true, fps: 25, parameters,
});

beforeEach(() => {
  state.sketch = null;
  adopt(sketch(radius, petals, look));
});

test("a value fits if its parameter takes it", () => {
  assert.ok(fits(radius, 2) && !fits(radius, 2.1) && !fits(radius, "1"));
  assert.ok(fits(petals, 12) && !fits(petals, 2.5));
  assert.ok(fits(look, "bold") && !fits(look, "loud"));
  assert.ok(!fits(radius, null) && fits({ ...radius, optional: true }, null));
  const point = parameter("at", "list", [0, 1], { parts: [radius, radius] });
  assert.ok(fits(point, [1, 2]) && !fits(point, [1]) && !fits(point, [1, 9]));
  const palette = parameter("palette", "list", ["#000000"], {
    parts: [parameter("", "color", "#000000")], varies: true,
  });
  assert.ok(fits(palette, []) && fits(palette, ["#ffffff", "#000000"]) && !fits(palette, [1]));
});

test("a slider runs over the bounds, or about the default, and holds the value", () => {
  assert.deepEqual(range(radius), [0.1, 2]);
  assert.deepEqual(range(parameter("x", "float", 3)), [0, 6]);
  assert.deepEqual(range(parameter("x", "float", -3)), [-6, 0]);
  assert.deepEqual(range(parameter("x", "int", 0)), [-10, 10]);
  assert.deepEqual(range(parameter("x", "float", 3), 50), [0, 50]);
});

test("a place between the ends of a logarithmic range is a factor and not a step", () => {
  const scale = { ...radius, low: 0.01, high: 100, log: true };
  assert.deepEqual([0, 0.5, 1].map((u) => between(scale, u)), [0.01, 1, 100]);
  assert.equal(between(petals, 0.5), 7);
});

test("undo and redo go through the settings that were kept, and not through those of a drag", () => {
  assert.ok(!canUndo());
  for (const value of [1.1, 1.2, 1.3]) set({ values: { radius: value } }, { live: true });
  set({ values: { radius: 1.4 } });
  set({ seed: 9 });
  undo();
  assert.deepEqual([state.values.radius, state.seed], [1.4, 3]);
  undo();
  assert.equal(state.values.radius, 1);
  assert.ok(!canUndo() && canRedo());
  redo();
  assert.equal(state.values.radius, 1.4);
  set({ values: { petals: 6 } });
  assert.ok(!canRedo());
});

test("a reloaded sketch keeps what was set where it still fits; the rest follows new defaults", () => {
  set({ values: { radius: 1.7, petals: 9 } });
  adopt(sketch(radius, { ...petals, high: 8 }, { ...look, default: "bold" }));
  assert.deepEqual(state.values, { radius: 1.7, petals: 5, look: "bold" });
  assert.equal(state.seed, 3);
  adopt({ ...sketch(radius), name: "other" });
  assert.deepEqual(state.values, { radius: 1 });
  assert.ok(!canUndo());
});

test("shuffled values fit their parameters", () => {
  for (let i = 0; i < 100; i += 1) {
    const { values } = shuffled();
    for (const p of loaded().parameters) assert.ok(fits(p, values[p.name]), `${p.name} ${values[p.name]}`);
  }
});

test("lists are the same by what they hold", () => {
  assert.ok(same([[1, 2]], [[1, 2]]) && !same([1], [2]));
});

test("what is locked stays when the others are shuffled", () => {
  toggleLock("petals");
  for (let i = 0; i < 20; i++) assert.ok(!("petals" in shuffled().values));
  toggleLock("petals");
  assert.deepEqual(state.locked, []);
  toggleLock("radius");
  adopt(sketch(petals));
  assert.deepEqual(state.locked, ["radius"]); // a save keeps it
});

test("a shuffle by millimeters moves the picture by about as many", () => {
  const slow = parameter("slow", "float", 1, { low: 0, high: 2 });
  const still = parameter("still", "float", 1, { low: 0, high: 2 });
  adopt(sketch(radius, slow, still, petals));
  state.movements = {
    radius: { mm: 190, effect: "moves" }, slow: { mm: 20, effect: "moves" }, still: { mm: 0, effect: "nothing" },
  };
  let squares = 0;
  for (let i = 0; i < 400; i++) {
    const { values } = nudged(2);
    assert.deepEqual(Object.keys(values), ["radius", "slow"]);
    squares += ((values.radius - 1) * 100) ** 2 + ((values.slow - 1) * 10) ** 2;
  }
  assert.ok(Math.abs(Math.sqrt(squares / 400) - 2) < 0.3);
  toggleLock("slow");
  assert.deepEqual(Object.keys(nudged(2).values), ["radius"]);
  for (let i = 0; i < 50; i++) assert.ok(fits(radius, nudged(1000).values.radius));
});
