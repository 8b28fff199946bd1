// Marks of ink or light as blocks: where their rows lie in pixels, how wide they are, how dense.

import { planStroke } from "./stroke_pieces.js";

/** @import { Plan } from "./stroke_pieces.js" */
/** @import { Shape, Numbers, Placement } from "./scene.js" */

/** `width` x `height` pixels, `unit` of them to the mm of a sheet whose top left corner lies at
 * (x, y), in px from that of the pixels.
 * @typedef {{ width: number, height: number, unit: number, x: number, y: number }} Grid */

/** Rows of a mark: n of m points, each at (x * scaleX + dx, y * scaleY + dy) in px. Sizes are widths or
 * radii, in px once multiplied by `unit`; inks (1 or n, channels) the density of full coverage.
 * @typedef {object} Block
 * @property {"lines" | "beziers" | "dots"} kind
 * @property {boolean} closed
 * @property {Numbers["data"]} data
 * @property {number} n
 * @property {number} m
 * @property {number} scaleX
 * @property {number} scaleY
 * @property {number} dx
 * @property {number} dy
 * @property {Numbers} sizes
 * @property {number} unit
 * @property {Float64Array} inks
 */

/** Blocks whose densities are multiples of one `tint` have one channel, others have three.
 * @typedef {{ blocks: Block[], channels: number, tint: readonly number[] }} Inked */

const DARKEST = 1 / 255; // what full coverage by black lets through: log 0 is not a density
const FLAT = 0.05; // px that the chords of a curve stay within
const CHORDS = 1000; // of a piece of a curve, at most

/** The density of full coverage in a channel: multiply's, or screen's.
 * @param {number} value of the color, from 0 to 1
 * @param {number} alpha
 * @param {"ink" | "light"} kind */
function densityOf(value, alpha, kind) {
  const seen = Math.min(Math.max(value, 0), 1);
  const lost = Math.min(Math.max(alpha, 0), 1) * (kind === "ink" ? 1 - seen : seen);
  return -Math.log1p(-Math.min(lost, 1 - DARKEST));
}

/** The color of a mark that adds up: dots have a fill, lines a stroke.
 * @param {Shape} mark */
function colorOf(mark) {
  if (mark.kind === "raster") return null;
  return mark.kind === "dots" ? mark.fill : mark.stroke;
}

/** Whether all colors take as much of each channel, so that one is enough; or are all the same one.
 * @param {Numbers[]} colors */
function isAlike(colors) {
  const first = colors[0].data;
  let same = true;
  let gray = true;
  for (const { data } of colors) {
    for (let i = 0; i < data.length && (same || gray); i += 4) {
      const red = data[i];
      gray = gray && red === data[i + 1] && red === data[i + 2];
      same = same && red === first[0] && data[i + 1] === first[1] && data[i + 2] === first[2] &&
        data[i + 3] === first[3];
    }
  }
  return same || gray;
}

/** The densities of colors, (1 or n, channels); in one channel the largest of the three.
 * @param {Numbers} colors
 * @param {"ink" | "light"} kind
 * @param {number} channels */
function inksOf({ data }, kind, channels) {
  const n = data.length / 4;
  const inks = new Float64Array(n * channels);
  for (let i = 0; i < n; i += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const density = densityOf(data[4 * i + channel], data[4 * i + 3], kind);
      if (channels === 3) inks[3 * i + channel] = density;
      else inks[i] = Math.max(inks[i], density);
    }
  }
  return inks;
}

/** Marks of a run as blocks on pixels. Rasters, and marks without color, do not add up.
 * @param {Shape[]} run
 * @param {"ink" | "light"} kind
 * @param {Placement} placement
 * @param {Grid} grid
 * @returns {Inked} */
export function blocksOf(run, kind, placement, grid) {
  const marks = run.filter(colorOf);
  const colors = marks.map((mark) => /** @type {Numbers} */ (colorOf(mark)));
  const alike = colors.length > 0 && isAlike(colors);
  const channels = alike ? 1 : 3;
  let tint = [1, 1, 1];
  if (alike) {
    const densities = inksOf({ data: colors[0].data.slice(0, 4), shape: [4] }, kind, 3);
    const most = Math.max(...densities);
    if (most > 0) tint = Array.from(densities, (density) => density / most);
  }
  const { unit } = grid;
  const blocks = marks.map((mark, index) => {
    const { data, shape } = mark.points;
    const dots = mark.kind === "dots";
    const { scale } = placement;
    let [scaleX, scaleY] = [scale * unit, -scale * unit];
    let [dx, dy] = [placement.dx * unit + grid.x, placement.dy * unit + grid.y];
    if (mark.anchor !== null) {
      dx += scaleX * mark.anchor.data[0];
      dy += scaleY * mark.anchor.data[1];
      [scaleX, scaleY] = [unit, -unit];
    }
    return {
      kind: /** @type {Block["kind"]} */ (mark.kind), closed: mark.closed, data, n: shape[0],
      m: dots ? 1 : shape[1], scaleX, scaleY, dx, dy,
      sizes: dots ? /** @type {Numbers} */ (mark.radius) : mark.width, unit,
      inks: inksOf(colors[index], kind, channels),
    };
  });
  return { blocks, channels, tint };
}

let points = new Float64Array(1 << 12); // (m, 2): a row in pixels

/** How many chords the pieces of curves take, so that none is seen: a cubic with second differences of
 * at most d is within 3/4 d / s^2 of s chords. They are two at least where a piece is not drawn, so that
 * one of its points can lift the pen.
 * @param {Block} block */
function chordCount({ data, n, m, scaleX, scaleY }) {
  let most = 0;
  let least = 1;
  for (let row = 0; row < n; row += 1) {
    for (let k = 0; k + 3 < m; k += 3) {
      for (let axis = 0; axis < 2; axis += 1) {
        const at = 2 * (row * m + k) + axis;
        const scale = axis ? scaleY : scaleX;
        const one = Math.abs(scale * (data[at] - 2 * data[at + 2] + data[at + 4]));
        const two = Math.abs(scale * (data[at + 2] - 2 * data[at + 4] + data[at + 6]));
        if (one > most) most = one; // nor is NaN
        if (two > most) most = two;
        if (Number.isNaN(one + two)) least = 2;
      }
    }
  }
  const count = Math.ceil(Math.sqrt((0.75 * most * Math.SQRT2) / FLAT));
  return Math.min(Math.max(count, least), CHORDS);
}

/** Put a row of cubic pieces into `points`, as so many chords each. One with a NaN is not drawn.
 * @param {Block} block
 * @param {number} row
 * @param {number} steps
 * @returns {number} points */
function putChords({ data, m, scaleX, scaleY, dx, dy }, row, steps) {
  let at = 0;
  for (let k = 0; k + 3 < m; k += 3) {
    const from = 2 * (row * m + k);
    // The first point is there also of what is not drawn: there the piece before ends.
    points[at] = scaleX * data[from] + dx;
    points[at + 1] = scaleY * data[from + 1] + dy;
    at += 2;
    for (let step = 1; step < steps; step += 1, at += 2) {
      const t = step / steps;
      const s = 1 - t;
      const a = s * s * s;
      const b = 3 * s * s * t;
      const c = 3 * s * t * t;
      const d = t * t * t;
      const x = a * data[from] + b * data[from + 2] + c * data[from + 4] + d * data[from + 6];
      const y = a * data[from + 1] + b * data[from + 3] + c * data[from + 5] + d * data[from + 7];
      points[at] = scaleX * x + dx;
      points[at + 1] = scaleY * y + dy;
    }
  }
  const end = 2 * (row * m + m - 1);
  points[at] = scaleX * data[end] + dx;
  points[at + 1] = scaleY * data[end + 1] + dy;
  return at / 2 + 1;
}

/** Plan the strokes of a block.
 * @param {Plan} plan
 * @param {Block} block
 * @param {number} channels */
export function planBlock(plan, block, channels) {
  const { data, n, m, scaleX, scaleY, dx, dy, closed, inks, unit } = block;
  const sizes = block.sizes.data;
  const steps = block.kind === "beziers" ? chordCount(block) : 1;
  const room = 2 * (m * steps + 1);
  if (points.length < room) points = new Float64Array(room);
  const eachSize = sizes.length > 1;
  const eachInk = inks.length > channels;
  for (let row = 0; row < n; row += 1) {
    let count = m;
    if (block.kind === "beziers") {
      count = putChords(block, row, steps);
    } else {
      for (let at = 0, from = 2 * m * row; at < 2 * m; at += 2, from += 2) {
        points[at] = scaleX * data[from] + dx;
        points[at + 1] = scaleY * data[from + 1] + dy;
      }
    }
    const half = (unit * sizes[eachSize ? row : 0]) / 2;
    planStroke(plan, points, count, closed, half, eachInk ? row * channels : 0);
  }
}
