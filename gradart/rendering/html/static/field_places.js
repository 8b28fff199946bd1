// Where a piece shows the plane of a field: as it is, or through the panels that show its level
// lines or its picture.

import { rowsOf, shapesOf } from "./marked_rows.js";

/** @import { Field, Lessons } from "./lessons.js" */
/** @import { Drawn } from "./piece.js" */
/** @import { Sheet } from "./scene.js" */

/**
 * The field's point (x, y) lies at (x0 + sx x, y0 + sy y) of the drawing, where it is in the box
 * x0, y0, x1, y1 of the field.
 * @typedef {object} FieldPlace
 * @property {number} x0
 * @property {number} sx
 * @property {number} y0
 * @property {number} sy
 * @property {number[]} box
 */

const LEVEL = 0.004; // of a field's range, that it may differ along a level line
const SOME = 12; // points of a line at which the field is looked at
const TWO = 2; // level lines that are no chance

/**
 * @param {Field} field
 * @param {Lessons} lessons
 * @param {Drawn} drawn
 * @param {Sheet} page
 * @returns {FieldPlace[]}
 */
export function fieldPlaces(field, lessons, { scene, placement }, page) {
  const { scale, dx, dy } = placement;
  const { width, height, margin } = page;
  const sheet = [(margin - dx) / scale, (dy - height + margin) / scale, (width - margin - dx) / scale, (dy - margin) / scale];
  const whole = { x0: 0, sx: 1, y0: 0, sy: 1, box: within(lessons.box(field), scene.box ? [...scene.box.data] : sheet) };
  if (!lessons.told.elsewhere) return [whole];
  const rows = rowsOf(scene);
  const rasters = shapesOf(scene.marks).flatMap(({ kind, corners }) => (kind === "raster" && corners ? [[...corners.data]] : []));
  const places = lessons.panels().map(({ from, onto }) => {
    const [sx, sy] = [0, 1].map((i) => (onto[i + 2] - onto[i]) / (from[i + 2] - from[i]));
    return { x0: onto[0] - sx * from[0], sx, y0: onto[1] - sy * from[1], sy, box: from, onto };
  });
  const size = (/** @type {number[]} */ [x, y, x1, y1]) => Math.hypot(x1 - x, y1 - y);
  return places.filter(
    ({ onto, ...place }) =>
      rasters.some((box) => box.every((x, i) => Math.abs(x - onto[i]) < 1e-6 * size(onto))) ||
      hasLevelLines(field, place, lessons, rows, scale),
  );
}

/** The part of a box that another has too. @param {number[] | null} box @param {number[]} other */
function within(box, other) {
  return box ? box.map((x, i) => (i < 2 ? Math.max(x, other[i]) : Math.min(x, other[i]))) : other;
}

/**
 * Whether lines of the drawing are level lines of the field there.
 * @param {Field} field
 * @param {FieldPlace} place
 * @param {Lessons} lessons
 * @param {number[][][]} rows
 * @param {number} scale
 */
function hasLevelLines(field, { x0, sx, y0, sy, box }, lessons, rows, scale) {
  const at = (/** @type {number} */ x, /** @type {number} */ y) => lessons.slope(field, x, y).value;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < SOME * SOME; i++) {
    const [a, b] = [((i % SOME) + 0.5) / SOME, (Math.floor(i / SOME) + 0.5) / SOME];
    const value = at(box[0] + a * (box[2] - box[0]), box[1] + b * (box[3] - box[1]));
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const inside = (/** @type {number[]} */ [x, y]) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
  let found = 0;
  for (const row of rows) {
    const points = Array.from({ length: SOME }, (_, i) => row[Math.round((i * (row.length - 1)) / (SOME - 1))]);
    const there = points.map(([x, y]) => [(x - x0) / sx, (y - y0) / sy]);
    const middle = points[SOME >> 1];
    if (!there.every(inside) || Math.hypot(points[0][0] - middle[0], points[0][1] - middle[1]) * scale < 3) continue;
    const values = there.map(([x, y]) => at(x, y));
    if (Math.max(...values) - Math.min(...values) < LEVEL * (high - low)) found++;
    if (found === TWO) return true;
  }
  return false;
}
