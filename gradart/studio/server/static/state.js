// The state of the front end, and its settings: parameters and seed, with undo and redo.

/** @import { Answers, Grip, Movement, Parameter, Placement, Sketch } from "./messages.js" */
/** @typedef {{ live?: boolean, fresh?: boolean }} Change Live while a hand is still on the control,
 * fresh when the sketch has been loaded. */
/** @typedef {{ view: number[] | null, kind: "jpeg" | "png", frame: number | null, key: string,
 *   held: boolean }} Asked held while a hand holds the drawing */
/** @typedef {{ values: Record<string, any>, seed: number, says: string,
 *   canvas: HTMLCanvasElement, button: HTMLElement }} Cell */

/** @type {((change: Change) => void)[]} */
const listeners = [];

/**
 * All that the front end knows. The sketch's parameters and seed are changed by `set`, which
 * tells the listeners; each of the other parts is changed by the module that is named.
 */
export const state = {
  /** @type {Sketch | null} the sketch that is loaded */
  sketch: null,
  /** @type {Record<string, any>} of its parameters */
  values: {},
  seed: 0,
  /** @type {number | null} of a film, the one that is seen */
  frame: null,
  /** @type {string[]} names of parameters that stay where they are when others are varied */
  locked: [],
  /** @type {string[]} earlier settings, for undo; as `key` writes them */
  past: [],
  /** @type {string[]} later settings, for redo */
  future: [],

  // main.js
  /** @type {Answers["studio"] | null} what the studio says of itself */
  studio: null,
  /** @type {string | null} the name of the sketch that was opened; null for the only one */
  opened: null,

  // socket.js
  connection: {
    /** @type {WebSocket | null} */
    socket: null,
    wait: 250, // ms, until it is opened again when it is lost
  },

  // picture_requests.js
  requests: {
    last: 0, // the number of the newest
    answered: 0, // the number of the newest that was answered
    /** @type {Map<number, Asked>} those under way, by number */
    asked: new Map(),
    loading: false, // whether the studio loads the sketch
    /** @type {{ load: string | null, draw: string | null }} what is wrong, by what it is wrong with */
    wrong: { load: null, draw: null },
  },

  // viewport.js
  viewport: {
    /** @type {[number, number, number]} mm: width, height, margin */
    page: [200, 200, 15],
    /** @type {Placement | null} how the drawing lies on the page */
    placement: null,
    /** @type {ImageBitmap | null} the picture of the whole page */
    whole: null,
    /** @type {{ bitmap: ImageBitmap, view: number[] } | null} sharper, of what is seen */
    part: null,
    zoom: 1, // css px in a mm
    corner: [0, 0], // css px, where the page's top left is
    fitted: true, // whether the whole page is seen
  },

  // film.js
  film: {
    /** @type {Map<number, Blob>} pictures by number */
    frames: new Map(),
    made: "", // of which settings; as `key` writes them
    count: 0, // 0 for a still
    playing: false,
    request: 0, // the number of the last request for frames
    arriving: false, // whether they are on their way
    clock: 0, // ms of the film that have been played
    before: 0, // ms, when the clock was last set
    drawing: false,
  },

  // inspector.js
  inspector: {
    edges: false, // whether the edge and margin of the page are shown
    /** @type {string[]} the names of those that the sketch looks at */
    fields: [],
    field: 0, // which of them is looked at; -1 for none
    number: 0, // of the last request
    busy: false,
    /** @type {number[] | null} mm of the page, under the pointer */
    pointer: null,
    /** @type {number[] | null} the point of the last request */
    asked: null,
    /** @type {Answers["probe"] | null} what the studio says of the field there */
    found: null,
  },

  // drag.js
  drag: {
    tool: false, // whether the pointer pulls without Alt, too
    number: 0, // of the last request
    busy: false, // whether a pull is under way
    held: false, // whether the pointer is down
    patient: false, // whether a pull to where the pointer rests has been asked for again
    loose: false, // whether it has been let go, and is not yet fitted to the page again
    /** @type {Grip | null} the place of the drawing that is held */
    grip: null,
    /** @type {number[] | null} mm of the page: where that is */
    at: null,
    /** @type {number[] | null} mm of the page: where it is pulled to */
    target: null,
    /** @type {number[] | null} the target of the last request */
    asked: null,
    /** @type {{ grip: Grip, at: number[] }[]} places that are to stay where they are */
    pins: [],
    /** @type {Placement | null} of the last picture */
    placement: null,
  },

  // movements.js
  /** @type {Record<string, Movement>} how far parameters move the picture, as it was last measured */
  movements: {},

  // slider_motion.js
  /** @type {Record<string, { shares: number[] | null, on_page: [number, number] | null, of: string }>}
   * how the picture goes along sliders, and of which range that is told */
  travels: {},
  touch: {
    /** @type {string | null} the parameter whose slider is touched */
    parameter: null,
    number: 0, // of the last request
    busy: false, // whether it is under way
    asked: "", // with which settings; as `key` writes them
    /** @type {{ head: Answers["touch"], coefficients: Float32Array, points: Float32Array, others: string }
     * | null} what the slider moves, room for where that is, and the settings beside the slider's */
    series: null,
  },

  // variations.js
  grid: {
    number: 0, // of the last request
    /** @type {Cell[]} what each cell sets, and its elements */
    cells: [],
  },

  // saved.js
  likeTimer: 0,
};

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

/** The sketch that is loaded; only to be asked for where there is one. */
export function loaded() {
  if (!state.sketch) throw new Error("no sketch is loaded");
  return state.sketch;
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
  state.past.push(settled);
  state.future = [];
  settled = now;
}

function travel(from, to) {
  if (!from.length) return;
  to.push(settled);
  settled = from.pop();
  Object.assign(state, JSON.parse(settled));
  notify({ live: false });
}

export const undo = () => travel(state.past, state.future);
export const redo = () => travel(state.future, state.past);
export const canUndo = () => state.past.length > 0;
export const canRedo = () => state.future.length > 0;

const defaults = (sketch) =>
  Object.fromEntries(sketch.parameters.map((p) => [p.name, p.default]));

/** Whether two values are alike, lists too. */
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Take a sketch in hand. A reloaded one keeps its parameters, where they still fit. */
export function adopt(sketch) {
  const again = state.sketch?.name === sketch.name && state.sketch?.file === sketch.file;
  const values = defaults(sketch);
  if (again) {
    const before = defaults(loaded());
    for (const p of sketch.parameters) {
      const value = state.values[p.name];
      // What was at its default follows the new default.
      if (value !== undefined && !same(value, before[p.name]) && fits(p, value)) values[p.name] = value;
    }
  } else {
    state.past = [];
    state.future = [];
    state.locked = [];
  }
  const seed = again && state.seed !== state.sketch?.seed ? state.seed : sketch.seed;
  Object.assign(state, { sketch, values, seed });
  settled = snapshot();
  notify({ live: false, fresh: true });
}

/** Whether a value is one that a parameter takes, as far as can be told here. */
export function fits(p, value) {
  if (value === null) return p.optional;
  // A palette or a ramp may be of other colors than those that have a name.
  if (p.choices.length && p.type !== "palette" && p.type !== "ramp") return p.choices.includes(value);
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

/** Lock a parameter where it is, or free it. */
export function toggleLock(name) {
  const others = state.locked.filter((other) => other !== name);
  state.locked = others.length < state.locked.length ? others : [...others, name];
}

/** The value of a number at a place from 0 to 1 of its range. */
export function between(p, u, now = state.values[p.name]) {
  const [low, high] = range(p, now);
  const value = p.log ? low * (high / low) ** u : low + u * (high - low);
  const rounded = p.type === "int" ? Math.round(value) : Number(value.toPrecision(4));
  return Math.min(high, Math.max(low, rounded));
}

/** @typedef {{ name: string, part: Parameter, says: string }} Coordinate A number of a parameter, as the
 * studio calls it (`turns`, `reach[0]`, `corners[2][0]`), and in words. */

const AXES = { point: ["x", "y"], vector: ["x", "y"], range: ["low", "high"], easing: ["x1", "y1", "x2", "y2"] };

/**
 * The numbers of a parameter: itself, or those in its list; also in those of its points.
 * @param {Parameter} p
 * @returns {Coordinate[]}
 */
export const numbersOf = (p) => within(p, p.name, p.name.replaceAll("_", " "), state.values[p.name]);

/**
 * @param {Parameter} part
 * @param {string} name
 * @param {string} says
 * @param {any} value
 * @returns {Coordinate[]}
 */
function within(part, name, says, value) {
  const inner = name.includes("[");
  if (part.type === "float" || part.type === "int") {
    // Without bounds its slider runs over what the number is, for in a list it has no default.
    return [{ name, part: inner ? { ...part, default: value } : part, says }];
  }
  const rows = inner && part.role !== "point" && part.role !== "vector";
  if (part.type !== "list" || !Array.isArray(value) || rows) return [];
  return value.flatMap((one, index) =>
    within(part.parts[part.varies ? 0 : index], `${name}[${index}]`, `${says} ${AXES[part.role]?.[index] ?? index + 1}`, one),
  );
}

/** The parameter of a number's name, and the way to it there. @param {string} name */
function place(name) {
  const [owner, ...path] = name.split(/[[\]]+/).filter(Boolean);
  return { owner, path: path.map(Number) };
}

/** A number by its name. @param {string} name */
export function numberOf(name) {
  const { owner, path } = place(name);
  return path.reduce((value, index) => value?.[index], state.values[owner]);
}

/**
 * The values of all parameters with another number in them.
 * @param {string} name
 * @param {any} number
 * @param {Record<string, any>} values
 */
export function withNumber(name, number, values = state.values) {
  const { owner, path } = place(name);
  const put = (value, depth) => (depth === path.length ? number : value?.with(path[depth], put(value[path[depth]], depth + 1)));
  return { ...values, [owner]: put(values[owner], 0) };
}
