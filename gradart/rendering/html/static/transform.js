// A mark on its page, in mm from the page's top left corner, y down, cut to what is seen: as
// gradart/rendering/layout/transform.py places it.

import { cutCurve, cutLine } from "./clipping.js";
import { bounds, largest } from "./placement.js";
import { seenCells } from "./raster_cells.js";

/** @import { Window } from "./clipping.js" */
/** @import { Gradient, Shape, Numbers, Placement, Sheet } from "./scene.js" */

/** What is seen of a page, in mm. @typedef {{ left: number, top: number, width: number, height: number }} View */

const PAD = 1; // mm beyond a stroke's width, so that what a cut leaves behind stays off the paper
const PAGES = 4; // nothing inked in mm is wider than this many pages
const OVERSHOOT = 0.01; // of a color, by rounding or a spline; no eye can tell
const HUGE = 1e307; // a sum of a few of these is still finite

/** How a mark is brought onto its page: y is turned by `flip`, and all is cut before it is shifted.
 * @typedef {{ scale: number, dx: number, dy: number, box: Window }} Way */

/**
 * The marks that a mark becomes. Their numbers are checked: an error says what is wrong with `what`.
 * @param {Shape} mark
 * @param {string} what
 * @param {Placement} placement
 * @param {Sheet} sheet
 * @param {View} seen
 * @returns {Shape[]}
 */
export function placed(mark, what, { scale, dx, dy }, sheet, seen) {
  const widest = PAGES * Math.max(sheet.width, sheet.height);
  const top = limited(mark.width, `${what}: width`, widest);
  const pad = (mark.stroke ? top : 0) + PAD;
  const box = {
    x0: seen.left - pad - dx, y0: seen.top - pad - dy,
    x1: seen.left + seen.width + pad - dx, y1: seen.top + seen.height + pad - dy,
  };
  const way = { scale, dx, dy, box };
  const style = {
    ...mark, stroke: mark.stroke && colors(mark.stroke, `${what}: stroke`),
    fill: mark.fill && colors(mark.fill, `${what}: fill`),
    gradient: mark.gradient && onPage(mark.gradient, way, what),
  };
  if (mark.kind === "raster") {
    const corners = flipped(/** @type {Numbers} */ (mark.corners), scale);
    return seenCells({ ...style, points: colors(mark.points, what) }, corners, what, way);
  }
  if (mark.kind === "dots") {
    const radius = /** @type {Numbers} */ (mark.radius);
    limited(radius, `${what}: radius`, widest);
    return bounds(mark.points, what) ? dots(style, radius, way) : [];
  }
  if (!bounds(mark.points, what) || (mark.anchor && !bounds(mark.anchor, `${what}: at`))) return [];
  return paths(style, mark.anchor ? anchored(mark.points, mark.anchor, scale) : flipped(mark.points, scale), way);
}

/** A gradient in mm. @param {Gradient} gradient @param {Way} way @param {string} what @returns {Gradient} */
function onPage({ kind, ends, stops }, { scale, dx, dy }, what) {
  const { data } = shifted(flipped(ends, scale), dx, dy);
  if (!data.every(Number.isFinite) || (data[0] === data[2] && data[1] === data[3])) {
    throw new Error(`${what}: its gradient must run from one finite point to another`);
  }
  return { kind, ends: { data, shape: [2, 2] }, stops: colors(stops, `${what}: fill`) };
}

/** Colors in [0, 1]. @param {Numbers} values @param {string} what */
export function colors({ data, shape }, what) {
  return {
    shape,
    data: Float64Array.from(data, (value) => {
      if (!(value >= -OVERSHOOT && value <= 1 + OVERSHOOT)) {
        throw new Error(`${what}: a color's numbers lie in [0, 1], this one is ${value}`);
      }
      return Math.min(Math.max(value, 0), 1);
    }),
  };
}

/** @param {Numbers} sizes @param {string} what @param {number} widest */
function limited(sizes, what, widest) {
  const top = largest(sizes, what);
  if (top > widest) throw new Error(`${what} of ${top} mm is wider than ${PAGES} pages; it is in millimeters`);
  return top;
}

/** @param {number} value */
const held = (value) => (value > HUGE ? HUGE : value < -HUGE ? -HUGE : value);

/** Points in mm, y down. @param {Numbers} points @param {number} scale @returns {Numbers} */
function flipped({ data, shape }, scale) {
  return { shape, data: Float64Array.from(data, (value, i) => held(value * (i % 2 ? -scale : scale))) };
}

/** Points in mm around a place of the drawing. @param {Numbers} points @param {Numbers} anchor @param {number} scale */
function anchored({ data, shape }, anchor, scale) {
  const foot = flipped(anchor, scale).data;
  return { shape, data: Float64Array.from(data, (value, i) => foot[i % 2] + (i % 2 ? -value : value)) };
}

/** @param {Numbers} points @param {number} dx @param {number} dy @returns {Numbers} */
function shifted({ data, shape }, dx, dy) {
  return { shape, data: Float64Array.from(data, (value, i) => value + (i % 2 ? dy : dx)) };
}

/** A mark's style for some of its rows alone. @param {Shape} mark @param {number[]} rows @returns {Shape} */
function picked(mark, rows) {
  const { stroke, fill, width, radius } = mark;
  return {
    ...mark, stroke: stroke && some(stroke, rows, 1), fill: fill && some(fill, rows, 1), width: some(width, rows, 0),
    radius: radius && some(radius, rows, 0),
  };
}

/** Some rows of an array that has one for each, with more than `axes` axes. @param {Numbers} values @param {number[]} rows @param {number} axes @returns {Numbers} */
function some({ data, shape }, rows, axes) {
  if (shape.length <= axes) return { data, shape };
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  const out = new Float64Array(rows.length * size);
  rows.forEach((row, i) => out.set(data.subarray(row * size, (row + 1) * size), i * size));
  return { data: out, shape: [rows.length, ...shape.slice(1)] };
}

/** @param {Shape} mark @param {Numbers} radius @param {Way} way @returns {Shape[]} */
function dots(mark, radius, { scale, dx, dy, box }) {
  const places = flipped(mark.points, scale);
  /** @type {number[]} */
  const rows = [];
  for (let row = 0; row < mark.points.shape[0]; row += 1) {
    const size = radius.data[radius.shape.length ? row : 0];
    const x = places.data[2 * row];
    const y = places.data[2 * row + 1];
    if (x + size >= box.x0 && y + size >= box.y0 && x - size <= box.x1 && y - size <= box.y1) rows.push(row);
  }
  return rows.length ? [{ ...picked(mark, rows), points: shifted(some(places, rows, 0), dx, dy) }] : [];
}

/**
 * @param {Shape} mark
 * @param {Numbers} rows
 * @param {Way} way
 * @returns {Shape[]}
 */
function paths(mark, rows, { dx, dy, box }) {
  const count = rows.shape[0];
  const length = 2 * rows.shape[1];
  /** @param {number} row */
  const points = (row) => rows.data.subarray(row * length, (row + 1) * length);
  const within = Array.from({ length: count }, () => false);
  /** @type {number[]} */
  const touched = [];
  for (let row = 0; row < count; row += 1) {
    const [x0, y0, x1, y1] = hull(points(row));
    within[row] = x0 >= box.x0 && y0 >= box.y0 && x1 <= box.x1 && y1 <= box.y1;
    if (x1 >= box.x0 && y1 >= box.y0 && x0 <= box.x1 && y0 <= box.y1) touched.push(row);
  }
  if (within.every(Boolean)) return [{ ...mark, anchor: null, points: shifted(rows, dx, dy) }];
  // Row for row the fill and then the stroke, so that those which are cut come one by one.
  const both = mark.stroke && mark.fill;
  /** @type {number[][]} */
  const groups = [];
  for (const row of touched) {
    const last = groups[groups.length - 1];
    if (last && !(both && (!within[row] || !within[last[0]]))) last.push(row);
    else groups.push([row]);
  }
  return groups.flatMap((group) => {
    if (group.every((row) => within[row])) {
      return [{ ...picked(mark, group), anchor: null, points: shifted(some(rows, group, 0), dx, dy) }];
    }
    return [true, false].flatMap((fill) => {
      if (!(fill ? mark.fill : mark.stroke)) return [];
      const cut = mark.kind === "lines" ? cutLine : cutCurve;
      const left = group.map((row) => ({ row, cut: cut(points(row), mark.closed, box, fill) }))
        .filter((one) => one.cut.length);
      if (!left.length) return [];
      const style = picked(fill ? { ...mark, stroke: null } : { ...mark, fill: null }, left.map((one) => one.row));
      return [{ ...style, closed: fill, anchor: null, points: shifted(ragged(left.map((one) => one.cut)), dx, dy) }];
    });
  });
}

/** The lowest and highest coordinates, NaN left out; NaN where there is none. @param {ArrayLike<number>} points */
function hull(points) {
  const found = [NaN, NaN, NaN, NaN];
  for (let i = 0; i < points.length; i += 1) {
    const axis = i % 2;
    if (!(points[i] >= found[axis])) found[axis] = points[i] === points[i] ? points[i] : found[axis];
    if (!(points[i] <= found[2 + axis])) found[2 + axis] = points[i] === points[i] ? points[i] : found[2 + axis];
  }
  return found;
}

/** Rows of points as an array, in which shorter ones end in NaN. @param {number[][]} rows @returns {Numbers} */
function ragged(rows) {
  const length = Math.max(...rows.map((row) => row.length));
  const data = new Float64Array(rows.length * length).fill(NaN);
  rows.forEach((row, i) => data.set(row, i * length));
  return { data, shape: [rows.length, length / 2, 2] };
}
