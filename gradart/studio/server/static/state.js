// What is set: the sketch's parameters and seed, with undo and redo.

/** @import { Change, Parameter, Settings, Sketch, Value, Values } from "./types.d.ts" */

/** @type {((change: Change) => void)[]} */
const listeners = [];

/** @type {Settings & { sketch: Sketch | null, frame: number | null }} */
export const state = { sketch: null, values: {}, seed: 0, frame: null };

/** @type {string[]} */
let past = [];
/** @type {string[]} */
let future = [];
let settled = snapshot();

function snapshot() {
  return JSON.stringify({ values: state.values, seed: state.seed });
}

/** The sketch in hand. */
export function sketchInHand() {
  if (!state.sketch) throw new Error("there is no sketch yet");
  return state.sketch;
}

/**
 * Listen to changes: live while a hand is still on the control, fresh when the sketch has been
 * loaded.
 * @param {(change: Change) => void} listener
 */
export function changed(listener) {
  listeners.push(listener);
}

/** @param {Change} change */
function tell(change) {
  for (const listener of listeners) listener(change);
}

/**
 * The settings as the studio takes them.
 * @returns {Settings}
 */
export function settings() {
  return { values: { ...state.values }, seed: state.seed };
}

/** A word for the settings; the same settings give the same one. */
export const key = snapshot;

/**
 * Change some parameters, or the seed.
 * @param {Partial<Settings>} settings
 * @param {Change} change
 */
export function set({ values = {}, seed = state.seed }, { live = false } = {}) {
  Object.assign(state.values, values);
  state.seed = seed;
  if (!live) keep();
  tell({ live });
}

function keep() {
  const now = snapshot();
  if (now === settled) return;
  past.push(settled);
  future = [];
  settled = now;
}

/**
 * @param {string[]} from
 * @param {string[]} to
 */
function go(from, to) {
  const next = from.pop();
  if (next === undefined) return;
  to.push(settled);
  settled = next;
  Object.assign(state, JSON.parse(settled));
  tell({ live: false });
}

export const undo = () => go(past, future);
export const redo = () => go(future, past);
export const canUndo = () => past.length > 0;
export const canRedo = () => future.length > 0;

/**
 * @param {Sketch} sketch
 * @returns {Values}
 */
export const defaults = (sketch) =>
  Object.fromEntries(sketch.parameters.map((p) => [p.name, p.default]));

/**
 * Whether two values are alike, lists too.
 * @param {Value} a
 * @param {Value} b
 */
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Take a sketch in hand. A reloaded one keeps its parameters, where they still fit.
 * @param {Sketch} sketch
 */
export function take(sketch) {
  const last = state.sketch;
  const again = last?.name === sketch.name && last.file === sketch.file;
  const values = defaults(sketch);
  if (again) {
    const before = defaults(last);
    for (const p of sketch.parameters) {
      const value = state.values[p.name];
      // What was at its default follows the new default.
      if (value !== undefined && !same(value, before[p.name]) && fits(p, value)) values[p.name] = value;
    }
  } else {
    past = [];
    future = [];
  }
  const seed = again && state.seed !== last.seed ? state.seed : sketch.seed;
  Object.assign(state, { sketch, values, seed });
  settled = snapshot();
  tell({ live: false, fresh: true });
}

/**
 * Whether a value is one that a parameter takes, as far as can be told here.
 * @param {Parameter} p
 * @param {Value} value
 * @returns {boolean}
 */
export function fits(p, value) {
  if (value === null) return p.optional;
  if (p.choices.length) return /** @type {Value[]} */ (p.choices).includes(value);
  if (p.type === "list") {
    const parts = p.varies && Array.isArray(value) ? value.map(() => p.parts[0]) : p.parts;
    if (!Array.isArray(value) || value.length !== parts.length) return false;
    return value.every((one, index) => fits(parts[index], one));
  }
  const number = p.type === "float" || p.type === "int";
  if (number) {
    return (
      typeof value === "number" &&
      (p.type === "float" || Number.isInteger(value)) &&
      (p.low === null || p.high === null || (value >= p.low && value <= p.high))
    );
  }
  return typeof value === (p.type === "bool" ? "boolean" : "string");
}

/**
 * The range that a number's slider runs over: the bounds, or a span around the default.
 * @param {Parameter} p
 * @param {Value} value
 * @returns {[number, number]}
 */
export function range(p, value = p.default) {
  if (p.low !== null && p.high !== null) return [p.low, p.high];
  const base = Number(p.default ?? 0);
  const reach = p.type === "int" ? Math.max(10, 2 * Math.abs(base)) : 2 * Math.abs(base) || 1;
  const [low, high] = base < 0 ? [-reach, 0] : base > 0 ? [0, reach] : [-reach, reach];
  return [Math.min(low, Number(value ?? low)), Math.max(high, Number(value ?? high))];
}

/**
 * All parameters and the seed at random, inside their bounds.
 * @returns {Settings}
 */
export function shuffled() {
  const sketch = sketchInHand();
  /** @type {Values} */
  const values = {};
  for (const p of sketch.parameters) {
    const value = anyOf(p, state.values[p.name]);
    if (value !== undefined) values[p.name] = value;
  }
  return { values, seed: sketch.takesKey ? anySeed() : state.seed };
}

/**
 * A value at random, of a list one for each that it holds; undefined without choices or bounds.
 * @param {Parameter} p
 * @param {Value} value
 * @returns {Value | undefined}
 */
function anyOf(p, value) {
  const u = Math.random();
  if (p.parts.length) {
    if (!Array.isArray(value)) return undefined;
    const others = value.map((one, index) => anyOf(p.parts[p.varies ? 0 : index], one));
    const some = others.some((other) => other !== undefined);
    return some ? others.map((other, index) => other ?? value[index]) : undefined;
  }
  if (p.choices.length) return p.choices[Math.floor(u * p.choices.length)];
  if (p.type === "bool") return u < 0.5;
  return p.low !== null ? between(p, u, value) : undefined;
}

/**
 * The value of a number at a place from 0 to 1 of its range.
 * @param {Parameter} p
 * @param {number} u
 */
export function between(p, u, now = state.values[p.name]) {
  const [low, high] = range(p, now);
  const value = p.log ? low * (high / low) ** u : low + u * (high - low);
  const rounded = p.type === "int" ? Math.round(value) : Number(value.toPrecision(4));
  return Math.min(high, Math.max(low, rounded));
}

export const anySeed = () => Math.floor(Math.random() * 10000);
