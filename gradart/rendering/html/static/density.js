// Ink and light summed by the processor: fine strokes and dots added up beyond what 8 bits can hold,
// as gradart/rendering/ink/density.py does.

import { planBlock } from "./ink_blocks.js";
import { SIDE, fill, laySpeck, laySquare, layStrip } from "./coverage.js";
import { THIN, cap, circle, corner } from "./stroke_outlines.js";
import { BLOT, CLOSES, FIELDS, OPENS, STEEP, emptyPlan, flushPlan } from "./stroke_pieces.js";

/** @import { Canvas } from "./coverage.js" */
/** @import { Block, Grid, Inked } from "./ink_blocks.js" */

const BANDS = 64; // of rows

/** Draw a piece of a stroke, as `stroke_pieces.js` has them.
 * @param {Canvas} canvas
 * @param {Float64Array} pieces
 * @param {number} at where its numbers begin
 * @param {Float64Array} inks */
function drawPiece(canvas, pieces, at, inks) {
  const x0 = pieces[at];
  const y0 = pieces[at + 1];
  const x1 = pieces[at + 2];
  const y1 = pieces[at + 3];
  const ux = pieces[at + 4];
  const uy = pieces[at + 5];
  const half = pieces[at + 8];
  const kind = pieces[at + 9] | 0;
  const ink = pieces[at + 10] | 0;
  if (kind & BLOT) {
    fill(canvas, circle(x0, y0, half), inks, ink);
    return;
  }
  const steep = (kind & STEEP) !== 0;
  const ahead = steep ? uy > 0 : ux > 0;
  const slope = steep ? ux / uy : uy / ux;
  const start = steep ? y0 : x0;
  const end = steep ? y1 : x1;
  if (ahead) layStrip(canvas, steep, start, steep ? x0 : y0, end, slope, half, inks, ink);
  else layStrip(canvas, steep, end, steep ? x1 : y1, start, slope, half, inks, ink);
  if (half <= THIN) {
    const way = ahead ? 1 : -1;
    if (kind & OPENS) laySquare(canvas, steep, start, steep ? x0 : y0, slope, half, -way, inks, ink);
    if (kind & CLOSES) laySquare(canvas, steep, end, steep ? x1 : y1, slope, half, way, inks, ink);
  } else {
    if (kind & OPENS) fill(canvas, cap(x0, y0, -ux, -uy, half), inks, ink);
    if (kind & CLOSES) fill(canvas, cap(x1, y1, ux, uy, half), inks, ink);
  }
  const vx = pieces[at + 6];
  const vy = pieces[at + 7];
  if (vx !== 0 || vy !== 0) fill(canvas, corner(x1, y1, ux, uy, vx, vy, half), inks, ink);
}

let sorted = new Uint32Array(0);
const starts = new Uint32Array(BANDS + 1);

/** The numbers of pieces, sorted into bands of rows from top to bottom: drawn so, they find the canvas
 * in the processor's cache.
 * @param {Float64Array} pieces
 * @param {number} count
 * @param {number} height */
function downwards(pieces, count, height) {
  if (sorted.length < count) sorted = new Uint32Array(count);
  const bandOf = (/** @type {number} */ at) =>
    Math.min(Math.max(Math.floor((pieces[at + 1] / height) * BANDS), 0), BANDS - 1);
  starts.fill(0);
  for (let at = 0; at < count * FIELDS; at += FIELDS) starts[bandOf(at) + 1] += 1;
  for (let band = 0; band < BANDS; band += 1) starts[band + 1] += starts[band];
  for (let k = 0; k < count; k += 1) sorted[starts[bandOf(k * FIELDS)]++] = k;
  return sorted;
}

/** Draw the disks of a block.
 * @param {Canvas} canvas
 * @param {Block} block */
function drawDots(canvas, block) {
  const { data, n, scaleX, scaleY, dx, dy, inks, unit } = block;
  const { width, height, channels } = canvas;
  const sizes = block.sizes.data;
  const eachSize = sizes.length > 1;
  const eachInk = inks.length > channels;
  for (let row = 0; row < n; row += 1) {
    const x = scaleX * data[2 * row] + dx;
    const y = scaleY * data[2 * row + 1] + dy;
    const radius = unit * sizes[eachSize ? row : 0];
    const reach = 1.2 * radius;
    if (!(reach > 0 && x > -reach && x < width + reach && y > -reach && y < height + reach)) continue;
    const ink = eachInk ? row * channels : 0;
    if (radius * SIDE > 1) fill(canvas, circle(x, y, radius), inks, ink);
    else laySpeck(canvas, x, y, radius * SIDE, inks, ink);
  }
}

/** The summed density (height, width, channels) of blocks.
 * @param {Grid} grid
 * @param {Inked} inked
 * @returns {Float32Array} */
export function accumulate({ width, height }, { blocks, channels }) {
  const canvas = { sums: new Float32Array(width * height * channels), width, height, channels };
  let { inks } = blocks[0] ?? { inks: new Float64Array(0) };
  const plan = emptyPlan(width, height, (pieces, count) => {
    const order = downwards(pieces, count, height);
    for (let k = 0; k < count; k += 1) drawPiece(canvas, pieces, order[k] * FIELDS, inks);
  });
  for (const block of blocks) {
    inks = block.inks;
    if (block.kind === "dots") drawDots(canvas, block);
    else planBlock(plan, block, channels);
    flushPlan(plan);
  }
  const { sums } = canvas;
  // What two bodies cover is taken off, also where a scribble in less than a pixel has left none.
  for (let at = 0; at < sums.length; at += 1) if (sums[at] < 0) sums[at] = 0;
  return sums;
}
