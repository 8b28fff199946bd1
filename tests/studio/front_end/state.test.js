// The pure parts of the front end: what a parameter takes, ranges of sliders, undo.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { fromPage } from "./from_page.js";

const { adopt, between, canRedo, canUndo, fits, loaded, numberOf, numbersOf, range, redo, same, set, state,
  toggleLock, undo, withNumber } = await fromPage("state.js");
const { nudged, shuffled } = await fromPage("shuffling.js");

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

test("the seed is shuffled too, unless it is locked", () => {
  const seeds = () => new Set(Array.from({ length: 20 }, () => shuffled().seed));
  assert.ok(seeds().size > 5);
  toggleLock("seed");
  assert.deepEqual([...seeds()], [state.seed]);
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

const part = parameter("", "float", null);
const size = parameter("size", "list", [1, 2], { role: "range", parts: [{ ...part, low: 0.1, high: 10, log: true }, { ...part, low: 0.1, high: 10, log: true }] });
const spot = parameter("spot", "list", [0.5, -1], { role: "point", parts: [part, part] });
const path = parameter("path", "list", [[0, 0], [1, 1]], { parts: [spot], varies: true });
const pace = parameter("pace", "list", [0.4, 0, 0.2, 1], {
  role: "easing", parts: [{ ...part, low: 0, high: 1 }, part, { ...part, low: 0, high: 1 }, part],
});
const trees = parameter("trees", "int", 7, { role: "seed" });

test("each number of a list has a name, a value and a range", () => {
  adopt(sketch(radius, size, spot, path, look, trees));
  const all = loaded().parameters.flatMap(numbersOf);
  assert.deepEqual(all.map(({ name }) => name), ["radius", "size[0]", "size[1]", "spot[0]", "spot[1]", "path[0][0]", "path[0][1]", "path[1][0]", "path[1][1]", "trees"]);
  assert.deepEqual(all.map(({ says }) => says), ["radius", "size low", "size high", "spot x", "spot y", "path 1 x", "path 1 y", "path 2 x", "path 2 y", "trees"]);
  assert.deepEqual(all.map(({ name }) => numberOf(name)), [1, 1, 2, 0.5, -1, 0, 0, 1, 1, 7]);
  assert.deepEqual(all.map((one) => range(one.part)).slice(2, 5), [[0.1, 10], [0, 1], [-2, 0]]);
  assert.deepEqual(withNumber("size[1]", 5).size, [1, 5]);
  assert.deepEqual(withNumber("path[1][0]", 5).path, [[0, 0], [5, 1]]);
  assert.deepEqual([withNumber("radius", 2).radius, state.values.radius, state.values.size], [2, 1, [1, 2]]);
});

test("ranges, easings and seeds are shuffled to what they can be", () => {
  adopt(sketch(size, spot, path, pace, trees));
  const seen = new Set();
  for (let i = 0; i < 60; i++) {
    const { values } = shuffled();
    seen.add(values.trees);
    assert.ok(fits(size, values.size) && values.size[0] <= values.size[1]);
    assert.ok(fits(pace, values.pace) && values.pace.every((y) => y >= 0 && y <= 1));
    assert.ok(!("spot" in values) && !("path" in values)); // which have no bounds
  }
  assert.ok(seen.size > 30 && [...seen].every((seed) => fits(trees, seed) && seed >= 0));
});

test("a shuffle by millimeters moves the numbers in lists, too", () => {
  adopt(sketch(size, spot, path, trees));
  state.movements = { size: { mm: 50, effect: "moves" }, spot: { mm: 30, effect: "moves" } };
  const moved = new Set();
  for (let i = 0; i < 50; i++) {
    const { values } = nudged(3);
    assert.deepEqual(Object.keys(values), ["size", "spot"]);
    assert.ok(fits(size, values.size) && fits(spot, values.spot));
    for (const [name, before] of [["size", [1, 2]], ["spot", [0.5, -1]]]) {
      values[name].forEach((one, index) => one !== before[index] && moved.add(`${name}[${index}]`));
      assert.deepEqual(state.values[name], before);
    }
  }
  assert.deepEqual([...moved].sort(), ["size[0]", "size[1]", "spot[0]", "spot[1]"]);
});
