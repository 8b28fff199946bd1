// The pure parts of the live page: what is set, with undo and redo, and what a parameter takes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// As a module of its own text: Node takes a .js file for one only beside a package.json.
const fresh = async () => {
  const file = new URL("../../gradart/studio/server/static/state.js", import.meta.url);
  const text = `${readFileSync(file, "utf8")}\n// ${Math.random()}`; // state of its own for each test
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
};

const parameter = (name, type, value, more = {}) => ({
  ...{ name, type, default: value, low: null, high: null, step: null, log: false },
  ...{ choices: [], parts: [], varies: false, optional: false, help: "", ...more },
});
const sketch = (...parameters) => ({
  ...{ name: "rings", title: "", notes: "", file: "rings.py", seed: 3, takesKey: true, fps: 25 },
  parameters,
});
const turns = parameter("turns", "float", 5, { low: 1, high: 9 });

test("undo and redo walk through what was set, and a new step ends the redoing", async () => {
  const { state, take, set, undo, redo, canUndo, canRedo } = await fresh();
  take(sketch(turns));
  const walk = [5];
  for (const value of [6, 7, 8]) {
    set({ values: { turns: value } }, { live: true });
    set({ values: { turns: value } });
    walk.push(value);
  }
  for (const value of walk.slice(0, -1).reverse()) {
    undo();
    assert.equal(state.values.turns, value);
  }
  assert.ok(!canUndo());
  undo();
  assert.equal(state.values.turns, 5);
  redo();
  assert.equal(state.values.turns, 6);
  set({ values: { turns: 2 } });
  assert.ok(!canRedo());
  undo();
  assert.equal(state.values.turns, 6);
});

test("a reloaded sketch keeps what was set and still fits; the rest follows its defaults", async () => {
  const { state, take, set } = await fresh();
  const word = parameter("word", "str", "a", { choices: ["a", "b"] });
  take(sketch(turns, word, parameter("size", "int", 4)));
  set({ values: { turns: 8, word: "b" }, seed: 12 });
  take(sketch({ ...turns, high: 6 }, { ...word, choices: ["a", "b", "c"] }, parameter("size", "int", 9)));
  assert.deepEqual(state.values, { turns: 5, word: "b", size: 9 });
  assert.equal(state.seed, 12);
  take({ ...sketch(turns), name: "another" });
  assert.deepEqual([state.values, state.seed], [{ turns: 5 }, 3]);
});

test("a value fits where its type, bounds, choices and parts have it", async () => {
  const { fits } = await fresh();
  const point = parameter("at", "list", [0, 0], { parts: [turns, turns] });
  const path = parameter("path", "list", [], { parts: [point], varies: true });
  const cases = [
    [turns, [1, 9, 4.5], [0.9, 9.1, "4", null, true, [4]]],
    [parameter("n", "int", 1), [0, -7, 1e9], [0.5, "1", null]],
    [parameter("n", "int", 1, { optional: true }), [null, 2], [0.5]],
    [parameter("dark", "bool", true), [true, false], [0, "true", null]],
    [parameter("ink", "color", "#000000"), ["#123456", ""], [7, null]],
    [parameter("kind", "str", "a", { choices: ["a", 2] }), ["a", 2], ["2", "b", null]],
    [point, [[1, 9]], [[1], [1, 2, 3], [0, 1], 1, "ab", null]],
    [path, [[], [[1, 2]], [[1, 2], [3, 4]]], [[1, 2], [[1]], null]],
  ];
  for (const [p, good, bad] of cases) {
    for (const value of good) assert.equal(fits(p, value), true, `${p.name} ${JSON.stringify(value)}`);
    for (const value of bad) assert.equal(fits(p, value), false, `${p.name} ${JSON.stringify(value)}`);
  }
});

test("a slider runs over the bounds, or around the default and the value", async () => {
  const { range } = await fresh();
  assert.deepEqual(range(turns), [1, 9]);
  for (const value of [-3, 0, 0.2, 40]) {
    for (const type of ["int", "float"]) {
      const p = parameter("x", type, value);
      for (const now of [value, 100, -100]) {
        const [low, high] = range(p, now);
        assert.ok(low <= Math.min(value, now) && Math.max(value, now) <= high && low < high);
      }
    }
  }
});

test("between and shuffled stay inside, and reach both ends", async () => {
  const { between, fits, shuffled, take } = await fresh();
  const size = parameter("size", "float", 1, { low: 0.01, high: 100, log: true });
  assert.deepEqual([0, 0.5, 1].map((u) => between(size, u)), [0.01, 1, 100]);
  assert.deepEqual([0, 0.5, 1].map((u) => between(turns, u)), [1, 5, 9]);
  const points = parameter("at", "list", [[2, 3], [4, 5]], {
    parts: [parameter("", "list", [2, 3], { parts: [turns, turns] })],
    varies: true,
  });
  const all = [turns, size, points, parameter("free", "float", 2), parameter("dark", "bool", true)];
  take(sketch(...all));
  for (let i = 0; i < 200; i++) {
    const { values, seed } = shuffled();
    assert.ok(!("free" in values) && Number.isInteger(seed) && seed >= 0);
    for (const p of all) if (p.name in values) assert.ok(fits(p, values[p.name]), p.name);
  }
});
