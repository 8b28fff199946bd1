// Where a piece shows its curves: which of its lines are the graph of a function, or of one of its
// derivatives, is seen from the lines themselves.

import { rowsOf } from "./marked_rows.js";

/** @import { Curve, Lessons } from "./lessons.js" */
/** @import { Jet } from "./curve_geometry.js" */
/** @import { Placement, Scene } from "./scene.js" */

/**
 * Where a curve is drawn, from t0 to t1: (x, y) of it at (x0 + sx x, y0 + sy y) of the drawing. Of a
 * graph x is t, and y its derivative of order `order`.
 * @typedef {object} Place
 * @property {Curve} curve
 * @property {number} order
 * @property {number} x0
 * @property {number} sx
 * @property {number} y0
 * @property {number} sy
 * @property {number} t0
 * @property {number} t1
 */

const FEW = 5; // points of a line that are looked at first
const SOME = 24; // and if these are right
const RIGHT = 0.03; // mm between a line and the graph that it is, because of rounding
const HIGH = 2; // mm of a graph at least
const CLOSE = 0.7; // mm between a curve and what is drawn of it
const DENSE = 64; // points of a curve that are looked for in the drawing

/**
 * All places of all curves in a scene.
 * @param {Lessons} lessons
 * @param {Scene} scene
 * @param {Placement} placement
 * @returns {Place[]}
 */
export function findPlaces(lessons, scene, placement) {
  const rows = rowsOf(scene);
  const { curves } = lessons;
  /** @type {Place[]} */
  const places = [];
  for (const curve of curves.filter(({ kind }) => kind === "graph")) {
    for (const row of rows) {
      const found = graphOn(row, curve, lessons, placement.scale);
      if (found && !places.some((place) => isSame(place, found, placement.scale))) places.push(found);
    }
  }
  places.sort((a, b) => curves.indexOf(a.curve) - curves.indexOf(b.curve) || a.order - b.order);
  for (const curve of curves.filter(({ kind }) => kind === "curve")) {
    places.push(...planePlaces(curve, lessons, rows, placement.scale));
  }
  return places;
}

/**
 * The derivatives of what is drawn at a place, in the drawing's units.
 * @param {Place} place
 * @param {Float64Array} jet of its curve
 * @param {number} t
 * @returns {Jet}
 */
export function drawnJet({ curve, order, x0, sx, y0, sy }, jet, t) {
  if (curve.kind === "graph") {
    return Array.from(jet.subarray(order), (y, k) => [
      k === 0 ? x0 + sx * t : k === 1 ? sx : 0,
      sy * y + (k === 0 ? y0 : 0),
    ]);
  }
  return Array.from({ length: jet.length / 2 }, (_, k) => [
    sx * jet[2 * k] + (k === 0 ? x0 : 0),
    sy * jet[2 * k + 1] + (k === 0 ? y0 : 0),
  ]);
}

/**
 * The place of a graph, or of a derivative's, that a line is; null if it is none.
 * @param {number[][]} row
 * @param {Curve} curve
 * @param {Lessons} lessons
 * @param {number} scale
 * @returns {Place | null}
 */
function graphOn(row, curve, lessons, scale) {
  const [first, last] = [row[0][0], row[row.length - 1][0]];
  const onward = Math.sign(last - first);
  if (!onward || row.some(([x], i) => i > 0 && (x - row[i - 1][0]) * onward <= 0)) return null;
  const [low, high] = onward > 0 ? [first, last] : [last, first];
  for (const [x0, sx] of ways(low, high, lessons)) {
    for (let order = 0; order < lessons.order(curve) - 1; order++) {
      if (!fitted(row, curve, order, x0, sx, lessons, scale, FEW)) continue;
      const found = fitted(row, curve, order, x0, sx, lessons, scale, SOME);
      if (found) return { curve, order, x0, sx, ...found, t0: (low - x0) / sx, t1: (high - x0) / sx };
    }
  }
  return null;
}

/** How numbers may lie along a line from `low` to `high`. @param {number} low @param {number} high @param {Lessons} lessons */
function ways(low, high, lessons) {
  const found = [[0, 1]];
  const panels = lessons.panels();
  for (const { from, onto } of panels) {
    const sx = (onto[2] - onto[0]) / (from[2] - from[0]);
    found.push([onto[0] - sx * from[0], sx]);
  }
  const spans = [...lessons.curves.map(lessons.interval), ...panels.map(({ from }) => [from[0], from[2]])];
  for (const span of spans) {
    if (!span) continue;
    const sx = (high - low) / (span[1] - span[0]);
    found.push([low - sx * span[0], sx]);
  }
  const isNew = (/** @type {number[]} */ [x0, sx], /** @type {number} */ i) => !found.slice(0, i).some(([x, s]) => Math.abs(x - x0) + Math.abs(s - sx) < 1e-9);
  return found.filter(isNew);
}

/**
 * The height and the scale at which some points of a line are those of a graph; null if they are not.
 * @param {number[][]} row
 * @param {Curve} curve
 * @param {number} order
 * @param {number} x0
 * @param {number} sx
 * @param {Lessons} lessons
 * @param {number} scale
 * @param {number} count
 */
function fitted(row, curve, order, x0, sx, lessons, scale, count) {
  const all = Array.from({ length: count }, (_, i) => row[Math.round((i * (row.length - 1)) / (count - 1))]);
  const values = all.map(([x]) => lessons.jet(curve, (x - x0) / sx)[order]);
  if (!values.every(Number.isFinite)) return null;
  const mean = (/** @type {number[]} */ list) => list.reduce((a, b) => a + b, 0) / count;
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const slope = (/** @type {number[]} */ from, /** @type {number[]} */ to) => {
    const [a, b] = [mean(from), mean(to)];
    return mean(from.map((v, i) => (v - a) * (to[i] - b))) / mean(from.map((v) => (v - a) ** 2));
  };
  const sy = slope(values, ys);
  const y0 = mean(ys) - sy * mean(values);
  const range = Math.max(...values) - Math.min(...values);
  if (!(sy > 0 && sy * range * scale >= HIGH)) return null;
  if (values.some((v, i) => Math.abs(y0 + sy * v - ys[i]) * scale > RIGHT)) return null;
  // Any straight line is the graph of a derivative that is straight.
  const straight = slope(xs, values);
  const bent = values.some((v, i) => Math.abs(v - mean(values) - straight * (xs[i] - mean(xs))) > 0.01 * range);
  return order > 0 && !bent ? null : { y0, sy };
}

/** @param {Place} a @param {Place} b @param {number} scale */
function isSame(a, b, scale) {
  if (a.curve !== b.curve || a.order !== b.order) return false;
  const near = (x, y) => Math.abs(x - y) * scale < 0.5;
  return near(a.x0, b.x0) && near(a.y0, b.y0) && near(a.sx * (a.t1 - a.t0), b.sx * (b.t1 - b.t0));
}

/**
 * Where a curve of the plane is seen: as it is, or by a panel.
 * @param {Curve} curve
 * @param {Lessons} lessons
 * @param {number[][][]} rows
 * @param {number} scale
 * @returns {Place[]}
 */
function planePlaces(curve, lessons, rows, scale) {
  const span = lessons.interval(curve);
  if (!span) return [];
  const [t0, t1] = span;
  const points = Array.from({ length: DENSE + 1 }, (_, i) => lessons.jet(curve, t0 + ((t1 - t0) * i) / DENSE));
  const asItIs = { curve, order: 0, x0: 0, sx: 1, y0: 0, sy: 1, t0, t1 };
  const isDrawn = (/** @type {Place} */ { x0, sx, y0, sy }) => {
    const near = points.filter(([x, y]) => isNear(x0 + sx * x, y0 + sy * y, rows, CLOSE / scale));
    return near.length > 0.6 * points.length;
  };
  if (!lessons.told.elsewhere || isDrawn(asItIs)) return [asItIs];
  const places = lessons.panels().map(({ from, onto }) => {
    const [sx, sy] = [0, 1].map((i) => (onto[i + 2] - onto[i]) / (from[i + 2] - from[i]));
    return { ...asItIs, x0: onto[0] - sx * from[0], sx, y0: onto[1] - sy * from[1], sy };
  });
  return places.filter(isDrawn);
}

/** Whether a point lies on a line. @param {number} x @param {number} y @param {number[][][]} rows @param {number} reach */
function isNear(x, y, rows, reach) {
  return rows.some((row) =>
    row.some(([x1, y1], i) => {
      if (i === 0) return false;
      const [x0, y0] = row[i - 1];
      const [dx, dy] = [x1 - x0, y1 - y0];
      const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
      return Math.hypot(x - x0 - along * dx, y - y0 - along * dy) < reach;
    }),
  );
}
