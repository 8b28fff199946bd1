// What is set: the sketch's parameters and seed, with undo and redo.

const listeners = [];

export const state = { sketch: null, values: {}, seed: 0, frame: null };

let past = [];
let future = [];
let settled = snapshot();

function snapshot() {
  return JSON.stringify({ values: state.values, seed: state.seed });
}

/** Listen to changes: listener({ live, fresh }). Live while a hand is still on
 * the control, fresh when the sketch has been loaded. */
export function changed(listener) {
  listeners.push(listener);
}

function notify(how) {
  for (const listener of listeners) listener(how);
}

/** The settings as the studio takes them. */
export function settings() {
  return { values: { ...state.values }, seed: state.seed };
}

/** A word for the settings; the same settings give the same one. */
export const key = snapshot;

/** Change some parameters, or the seed. */
export function set({ values = {}, seed = state.seed }, { live = false } = {}) {
  Object.assign(state.values, values);
  state.seed = seed;
  if (!live) record();
  notify({ live });
}

function record() {
  const now = snapshot();
  if (now === settled) return;
  past.push(settled);
  future = [];
  settled = now;
}

function travel(from, to) {
  if (!from.length) return;
  to.push(settled);
  settled = from.pop();
  Object.assign(state, JSON.parse(settled));
  notify({ live: false });
}

export const undo = () => travel(past, future);
export const redo = () => travel(future, past);
export const canUndo = () => past.length > 0;
export const canRedo = () => future.length > 0;

const defaults = (sketch) =>
  Object.fromEntries(sketch.parameters.map((p) => [p.name, p.default]));

/** Whether two values are alike, lists too. */
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Take a sketch in hand. A reloaded one keeps its parameters, where they still fit. */
export function adopt(sketch) {
  const again = state.sketch?.name === sketch.name && state.sketch?.file === sketch.file;
  const values = defaults(sketch);
  if (again) {
    const before = defaults(state.sketch);
    for (const p of sketch.parameters) {
      const value = state.values[p.name];
      // What was at its default follows the new default.
      if (value !== undefined && !same(value, before[p.name]) && fits(p, value)) values[p.name] = value;
    }
  } else {
    past = [];
    future = [];
  }
  const seed = again && state.seed !== state.sketch.seed ? state.seed : sketch.seed;
  Object.assign(state, { sketch, values, seed });
  settled = snapshot();
  notify({ live: false, fresh: true });
}

/** Whether a value is one that a parameter takes, as far as can be told here. */
export function fits(p, value) {
  if (value === null) return p.optional;
  if (p.choices.length) return p.choices.includes(value);
  if (p.type === "list") {
    const parts = p.varies && Array.isArray(value) ? value.map(() => p.parts[0]) : p.parts;
    const whole = Array.isArray(value) && value.length === parts.length;
    return whole && value.every((one, index) => fits(parts[index], one));
  }
  const number = p.type === "float" || p.type === "int";
  if (number) {
    return (
      typeof value === "number" &&
      (p.type === "float" || Number.isInteger(value)) &&
      (p.low === null || (value >= p.low && value <= p.high))
    );
  }
  return typeof value === (p.type === "bool" ? "boolean" : "string");
}

/** The range that a slider runs over: the bounds, or a span around the default. */
export function range(p, value = p.default) {
  if (p.low !== null) return [p.low, p.high];
  const base = p.default ?? 0;
  const reach = p.type === "int" ? Math.max(10, 2 * Math.abs(base)) : 2 * Math.abs(base) || 1;
  const [low, high] = base < 0 ? [-reach, 0] : base > 0 ? [0, reach] : [-reach, reach];
  return [Math.min(low, value ?? low), Math.max(high, value ?? high)];
}

/** All parameters and the seed at random, inside their bounds. */
export function shuffled() {
  const values = {};
  for (const p of state.sketch.parameters) {
    const value = anyOf(p, state.values[p.name]);
    if (value !== undefined) values[p.name] = value;
  }
  return { values, seed: state.sketch.takesKey ? anySeed() : state.seed };
}

/** A value at random, of a list one for each that it holds; undefined without choices or bounds. */
function anyOf(p, value) {
  const u = Math.random();
  if (p.parts.length) {
    if (value === null) return undefined;
    const parts = value.map((one, index) => [anyOf(p.parts[p.varies ? 0 : index], one), one]);
    const some = parts.some(([other]) => other !== undefined);
    return some ? parts.map(([other, one]) => other ?? one) : undefined;
  }
  if (p.choices.length) return p.choices[Math.floor(u * p.choices.length)];
  if (p.type === "bool") return u < 0.5;
  return p.low !== null ? between(p, u, value) : undefined;
}

/** The value of a number at a place from 0 to 1 of its range. */
export function between(p, u, now = state.values[p.name]) {
  const [low, high] = range(p, now);
  const value = p.log ? low * (high / low) ** u : low + u * (high - low);
  const rounded = p.type === "int" ? Math.round(value) : Number(value.toPrecision(4));
  return Math.min(high, Math.max(low, rounded));
}

export const anySeed = () => Math.floor(Math.random() * 10000);
