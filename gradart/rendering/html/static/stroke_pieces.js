// Polylines before they are drawn: cut into pieces, each a segment of a stroke with what happens at
// its ends, as gradart/rendering/ink/binning.py has it. Coordinates are pixels.

import { THIN } from "./stroke_outlines.js";

const FINE = 0.15; // px: up to this half width ends and corners are less than a fiftieth of a pixel
const GENTLE = 0.02; // px: what a corner leaves open on its outside, and does not matter
const LARGEST = 1e300; // differences of coordinates up to this do not overflow; beyond, the pen lifts

// Kinds of pieces: cut across y, not x; a stroke's own end at the start, at the end; a disk.
export const STEEP = 1;
export const OPENS = 2;
export const CLOSES = 4;
export const BLOT = 8;

/** Numbers of a piece: the ends of its segment, its direction, the direction of the next one if there
 * is a corner to fill between them (else 0), half its width, its kind, and where its ink begins. A
 * disk has its center and, as half its width, its radius. */
export const FIELDS = 11;

const LEAST = 1 << 8; // pieces that there is room for at first
const MOST = 1 << 16; // pieces that are handed on at a time // pieces that are handed on at a time

/** Pieces (room, FIELDS) of which `count` are filled, on a canvas of this size; `flush` draws them.
 * @typedef {object} Plan
 * @property {Float64Array} pieces
 * @property {number} count
 * @property {number} width
 * @property {number} height
 * @property {(pieces: Float64Array, count: number) => void} flush
 */

/** @param {number} width
 * @param {number} height
 * @param {(pieces: Float64Array, count: number) => void} flush
 * @returns {Plan} */
export function emptyPlan(width, height, flush) {
  return { pieces: new Float64Array(LEAST * FIELDS), count: 0, width, height, flush };
}

/** Draw what is planned.
 * @param {Plan} plan */
export function flushPlan(plan) {
  if (plan.count > 0) plan.flush(plan.pieces, plan.count);
  plan.count = 0;
}

/** A segment that was cut: its ends. */
const ends = new Float64Array(4);

/** Move the ends of a segment along it to where low <= x <= high. It reaches there.
 * @param {number} ax where in `ends` its coordinates are that are cut: 0, or 1 for y
 * @param {number} low
 * @param {number} high */
function within(ax, low, high) {
  const ay = 1 - ax;
  const x0 = ends[ax];
  const y0 = ends[ay];
  const x1 = ends[ax + 2];
  const y1 = ends[ay + 2];
  if (x0 === x1) return;
  const slope = (y1 - y0) / (x1 - x0);
  const first = Math.abs(x0) < Math.abs(x1); // the end that rounds less
  const x = first ? x0 : x1;
  const y = first ? y0 : y1;
  if (x0 < low || x0 > high) {
    ends[ax] = Math.min(Math.max(x0, low), high);
    ends[ay] = y + slope * (ends[ax] - x);
  }
  if (x1 < low || x1 > high) {
    ends[ax + 2] = Math.min(Math.max(x1, low), high);
    ends[ay + 2] = y + slope * (ends[ax + 2] - x);
  }
}

/** The distance of two points; hypot of all is twenty times as slow.
 * @param {number} x
 * @param {number} y */
function distance(x, y) {
  const squared = x * x + y * y;
  return squared < 1e300 ? Math.sqrt(squared) : Math.hypot(x, y);
}

/** The length of the segment that begins at point k of a run, as if that were a ring.
 * @param {Float64Array} points
 * @param {number} k
 * @param {number} begin
 * @param {number} end */
function lengthOf(points, k, begin, end) {
  const a = 2 * k;
  const b = k + 1 < end ? a + 2 : 2 * begin;
  return distance(points[b] - points[a], points[b + 1] - points[a + 1]);
}

/** Whether the bodies of two segments of a stroke, the shorter of this length, leave a corner to see.
 * @param {number} half
 * @param {number} ux
 * @param {number} uy
 * @param {number} vx
 * @param {number} vy
 * @param {number} length */
function meets(half, ux, uy, vx, vy, length) {
  if (half <= FINE) return false;
  if (Math.abs(uy) > Math.abs(ux) !== Math.abs(vy) > Math.abs(vx)) return true;
  if (ux * vx + uy * vy < 0) return true;
  // The gap on the outer side; or, of a dense curve, how far the cuts shift its edges.
  return Math.abs(ux * vy - uy * vx) * half * Math.max(Math.min(half, 1), half / length) > GENTLE;
}

/** Plan a run that is shorter than its round ends as a disk of the same ink.
 * @param {Plan} plan
 * @param {Float64Array} points
 * @param {number} a
 * @param {number} b
 * @param {number} half
 * @param {number} ink */
function planBlot(plan, points, a, b, half, ink) {
  let total = 0;
  for (let k = a; k < b; k += 1) {
    total += distance(points[2 * k + 2] - points[2 * k], points[2 * k + 3] - points[2 * k + 1]);
  }
  const x = (points[2 * a] + points[2 * b]) / 2;
  const y = (points[2 * a + 1] + points[2 * b + 1]) / 2;
  const radius = Math.sqrt((2 * half * total) / Math.PI);
  const reach = 1.2 * radius;
  const seen = x > -reach && x < plan.width + reach && y > -reach && y < plan.height + reach;
  if (!(radius > 0 && seen)) return;
  const { pieces } = plan;
  const at = plan.count * FIELDS;
  pieces[at] = x;
  pieces[at + 1] = y;
  pieces[at + 8] = radius;
  pieces[at + 9] = BLOT;
  pieces[at + 10] = ink;
  plan.count += 1;
}

/** Plan the segments of a run of points, first to last, that the pen draws unlifted.
 * @param {Plan} plan
 * @param {Float64Array} points
 * @param {number} begin
 * @param {number} end after the last
 * @param {boolean} ring
 * @param {number} half
 * @param {number} ink */
function planRun(plan, points, begin, end, ring, half, ink) {
  // A half circle holds as much ink as a square end that is pi/4 of its radius long: its center is
  // that much before the end of the stroke, so that the ink remains length times width.
  let first = begin;
  let last = ring ? end - 1 : end - 2;
  let skip = half > THIN && !ring ? (Math.PI / 4) * half : 0;
  let cut = skip;
  for (let own; first <= last && (own = lengthOf(points, first, begin, end)) <= skip; first += 1) skip -= own;
  for (let own; first <= last && (own = lengthOf(points, last, begin, end)) <= cut; last -= 1) cut -= own;
  if (first > last || (first === last && skip + cut >= lengthOf(points, first, begin, end))) {
    planBlot(plan, points, begin, end - 1, half, ink);
    return;
  }
  const { pieces, width, height } = plan;
  const rounded = half > FINE && !ring;
  const margin = 2 * half + 2; // no end and no corner reaches over it
  const right = width + margin;
  const below = height + margin;
  const reach = 1.5 * half;
  let previous = -1; // where the segment before is in the plan, if it is
  let px = 0; // its direction
  let py = 0;
  let before = -1; // its length
  let openingX = 0;
  let openingY = 0;
  let opening = 0;
  for (let k = first; k <= last; k += 1) {
    const a = 2 * k;
    const b = k + 1 < end ? a + 2 : 2 * begin;
    let x0 = points[a];
    let y0 = points[a + 1];
    let x1 = points[b];
    let y1 = points[b + 1];
    const long = distance(x1 - x0, y1 - y0);
    if (long === 0) continue;
    const ux = (x1 - x0) / long;
    const uy = (y1 - y0) / long;
    let kind = Math.abs(uy) > Math.abs(ux) ? STEEP : 0;
    if (rounded && k === first) {
      x0 += skip * ux;
      y0 += skip * uy;
      kind |= OPENS;
    }
    if (rounded && k === last) {
      x1 -= cut * ux;
      y1 -= cut * uy;
      kind |= CLOSES;
    }
    if (before < 0) {
      openingX = ux;
      openingY = uy;
      opening = long;
    } else if (previous >= 0 && meets(half, px, py, ux, uy, Math.min(long, before))) {
      pieces[previous + 6] = ux;
      pieces[previous + 7] = uy;
    }
    px = ux;
    py = uy;
    before = long;
    previous = -1;
    if (Math.min(x0, x1) < -margin || Math.max(x0, x1) > right ||
      Math.min(y0, y1) < -margin || Math.max(y0, y1) > below) {
      if (Math.min(x0, x1) > right || Math.max(x0, x1) < -margin) continue;
      if (Math.min(y0, y1) > below || Math.max(y0, y1) < -margin) continue;
      ends[0] = x0;
      ends[1] = y0;
      ends[2] = x1;
      ends[3] = y1;
      within(0, -margin, right);
      if (Math.min(ends[1], ends[3]) > below || Math.max(ends[1], ends[3]) < -margin) continue;
      within(1, -margin, below);
      // All are near now; but the slope of a segment 1e300 long and hardly wide is infinite.
      const far = Math.abs(ends[0]) + Math.abs(ends[1]) + Math.abs(ends[2]) + Math.abs(ends[3]);
      if (!(far <= 4 * (right + below))) continue;
      if (ends[0] !== x0 || ends[1] !== y0) kind &= ~OPENS;
      if (ends[2] !== x1 || ends[3] !== y1) kind &= ~CLOSES;
      x0 = ends[0];
      y0 = ends[1];
      x1 = ends[2];
      y1 = ends[3];
    }
    if (Math.max(y0, y1) + reach <= 0 || Math.min(y0, y1) - reach >= height) continue;
    previous = plan.count * FIELDS;
    pieces[previous] = x0;
    pieces[previous + 1] = y0;
    pieces[previous + 2] = x1;
    pieces[previous + 3] = y1;
    pieces[previous + 4] = ux;
    pieces[previous + 5] = uy;
    pieces[previous + 6] = 0;
    pieces[previous + 7] = 0;
    pieces[previous + 8] = half;
    pieces[previous + 9] = kind;
    pieces[previous + 10] = ink;
    plan.count += 1;
  }
  if (ring && previous >= 0 && meets(half, px, py, openingX, openingY, Math.min(before, opening))) {
    pieces[previous + 6] = openingX;
    pieces[previous + 7] = openingY;
  }
}

/** Whether the pen draws to a point.
 * @param {Float64Array} points
 * @param {number} k */
function drawn(points, k) {
  return Math.abs(points[2 * k]) <= LARGEST && Math.abs(points[2 * k + 1]) <= LARGEST;
}

/** Plan one polyline of m points, half its width wide, with the ink that begins at `ink`.
 * @param {Plan} plan
 * @param {Float64Array} points
 * @param {number} m
 * @param {boolean} closed
 * @param {number} half
 * @param {number} ink */
export function planStroke(plan, points, m, closed, half, ink) {
  if (!(half > 0)) return;
  if (plan.count + m > MOST) flushPlan(plan);
  if ((plan.count + m) * FIELDS > plan.pieces.length) {
    const { pieces } = plan;
    plan.pieces = new Float64Array(2 * (plan.count + m) * FIELDS);
    plan.pieces.set(pieces);
  }
  for (let start = 0; start < m; start += 1) {
    let stop = start;
    while (stop < m && drawn(points, stop)) stop += 1;
    if (stop - start > 1) planRun(plan, points, start, stop, closed && stop - start > 2, half, ink);
    start = stop;
  }
}
