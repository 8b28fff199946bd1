// Exact area coverage: what bodies of strokes, polygons and specks add to the pixels of a canvas,
// as gradart/rendering/ink/coverage.py and stroke_kernel.py have it.

import { xs, ys } from "./stroke_outlines.js";

/** Sums of density, (height, width, channels), of 1 or 3 channels. Pixel (i, j) is the square
 * [i, i + 1] x [j, j + 1].
 * @typedef {{ sums: Float32Array, width: number, height: number, channels: number }} Canvas */

/** The side of the square of a disk's area, to its radius: within a pixel all look alike. */
export const SIDE = Math.sqrt(Math.PI);

const LEAST = 1e-9; // px: the least tilt, so that none divides by zero
const FLAT = 1e-200; // px: an edge that rises less bounds no area, and its slope might be infinite

let scratch = new Float64Array(1 << 12); // differences of coverage: zero before and after

/** The mean of max(0, t) over t in [x - reach, x + reach]; share is 1 / (4 reach).
 * @param {number} x
 * @param {number} reach
 * @param {number} share */
function ramp(x, reach, share) {
  if (x <= -reach) return 0;
  return x < reach ? (x + reach) * (x + reach) * share : x;
}

/** Add what is within `half` of the line y + slope (x - start), start <= x <= end; |slope| <= 1. A
 * steep one has its axes exchanged.
 * @param {Canvas} canvas
 * @param {boolean} steep
 * @param {number} start
 * @param {number} y
 * @param {number} end
 * @param {number} slope
 * @param {number} half
 * @param {Float64Array} inks
 * @param {number} ink where that of the stroke begins */
export function layStrip(canvas, steep, start, y, end, slope, half, inks, ink) {
  const { sums, width, height, channels } = canvas;
  const stepI = steep ? width * channels : channels;
  const stepJ = steep ? channels : width * channels;
  const rows = steep ? width : height;
  const red = inks[ink];
  const green = channels === 3 ? inks[ink + 1] : 0;
  const blue = channels === 3 ? inks[ink + 2] : 0;
  const lean = Math.abs(slope);
  const tall = 2 * half * Math.sqrt(1 + slope * slope); // measured across the axis
  let first = Math.max(Math.floor(start), 0);
  let last = Math.min(Math.ceil(end), steep ? height : width);
  if (lean > 1e-6) {
    // Only where the strip meets the rows, and half a column more.
    const reach = tall / (2 * lean) + 1;
    const a = start - y / slope;
    const b = start + (rows - y) / slope;
    first = Math.max(first, Math.floor(Math.min(a, b) - reach));
    last = Math.min(last, Math.ceil(Math.max(a, b) + reach));
  }
  const count = Math.ceil(tall + lean) + 1; // of the pixels that a column can touch
  const wholeTilt = Math.max(lean / 2, LEAST);
  const wholeShare = 0.25 / wholeTilt;
  for (let i = first; i < last; i += 1) {
    const left = i > start ? i : start;
    const right = i + 1 < end ? i + 1 : end;
    const run = right - left;
    const bottom = y + slope * ((left + right) / 2 - start) - tall / 2;
    let tilt = wholeTilt;
    let share = wholeShare;
    if (run < 1) {
      tilt = Math.max((lean * run) / 2, LEAST);
      share = 0.25 / tilt;
    }
    let j = Math.floor(bottom - tilt) | 0;
    const high = j + count < rows ? j + count : rows;
    let before = 0;
    if (j < 0) {
      j = 0;
      before = ramp(-bottom, tilt, share) - ramp(-bottom - tall, tilt, share);
    }
    // Twice the ramps of `rise` and of `rise - tall`, without a branch: none can be foretold.
    let rise = j - bottom;
    for (let at = i * stepI + j * stepJ; j < high; j += 1, at += stepJ) {
      rise += 1;
      const over = rise - tall;
      const a = Math.abs(rise - tilt);
      const b = Math.abs(over - tilt);
      const c = (Math.abs(rise + tilt) - a) / 2 + tilt;
      const d = (Math.abs(over + tilt) - b) / 2 + tilt;
      const below = (c * c - d * d) * share + (tall + a - b) / 2;
      const area = run * (below - before);
      before = below;
      sums[at] += area * red;
      if (channels === 3) {
        sums[at + 1] += area * green;
        sums[at + 2] += area * blue;
      }
    }
  }
}

/** Turn the cut of a thin strip, as `layStrip` has it, into a square end at its point (x, y); it
 * goes on to `way`, 1 or -1. Beyond the cut a triangle is added, before it one taken off: both
 * between the strip's edge and the line across it.
 * @param {Canvas} canvas
 * @param {boolean} steep
 * @param {number} x
 * @param {number} y
 * @param {number} slope
 * @param {number} half
 * @param {number} way
 * @param {Float64Array} inks
 * @param {number} ink */
export function laySquare(canvas, steep, x, y, slope, half, way, inks, ink) {
  if (Math.abs(slope) < 1e-3) return;
  const { sums, width, height, channels } = canvas;
  const stepI = steep ? width * channels : channels;
  const stepJ = steep ? channels : width * channels;
  const columns = steep ? height : width;
  const rows = steep ? width : height;
  const red = inks[ink];
  const green = channels === 3 ? inks[ink + 1] : 0;
  const blue = channels === 3 ? inks[ink + 2] : 0;
  const long = Math.sqrt(1 + slope * slope);
  const wide = (half * Math.abs(slope)) / long;
  const up = slope > 0 ? half * long : -half * long;
  const sign = slope > 0 ? way : -way;
  for (let side = 1; side >= -1; side -= 2) {
    const begin = side > 0 ? x : x - wide;
    const until = side > 0 ? x + wide : x;
    const last = Math.min(Math.ceil(until), columns);
    for (let i = Math.max(Math.floor(begin), 0); i < last; i += 1) {
      const left = i > begin ? i : begin;
      const right = i + 1 < until ? i + 1 : until;
      const run = right - left;
      const off = (left + right) / 2 - x;
      const edge = y + slope * off - side * up;
      const across = y - off / slope;
      const tilt = Math.max((Math.abs(slope) * run) / 2, LEAST);
      const tiltAcross = run / Math.abs(slope) / 2 + LEAST;
      const share = 0.25 / tilt;
      const shareAcross = 0.25 / tiltAcross;
      const weight = run * sign;
      let j = Math.max(Math.floor(Math.min(edge - tilt, across - tiltAcross)), 0);
      const high = Math.min(Math.ceil(Math.max(edge + tilt, across + tiltAcross)), rows);
      let before = ramp(j - edge, tilt, share) - ramp(j - across, tiltAcross, shareAcross);
      for (let at = i * stepI + j * stepJ; j < high; at += stepJ) {
        j += 1;
        const below = ramp(j - edge, tilt, share) - ramp(j - across, tiltAcross, shareAcross);
        const area = weight * (below - before);
        before = below;
        sums[at] += area * red;
        if (channels === 3) {
          sums[at + 1] += area * green;
          sums[at + 2] += area * blue;
        }
      }
    }
  }
}

/** Add the polygon of n vertices that `stroke_outlines.js` has made: area counterclockwise positive,
 * clockwise negative.
 * @param {Canvas} canvas
 * @param {number} n
 * @param {Float64Array} inks
 * @param {number} ink */
export function fill(canvas, n, inks, ink) {
  const { sums, width, height, channels } = canvas;
  let least = Infinity;
  let most = -Infinity;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let k = 0; k < n; k += 1) {
    const x = xs[k];
    const y = ys[k];
    if (x < least) least = x;
    if (x > most) most = x;
    if (y < lowest) lowest = y;
    if (y > highest) highest = y;
  }
  const from = Math.max(Math.floor(least), 0) | 0;
  const to = Math.min(Math.ceil(most), width) | 0;
  const low = Math.max(Math.floor(lowest), 0) | 0;
  const high = Math.min(Math.ceil(highest), height) | 0;
  if (!(from < to && low < high)) return;
  const stride = to - from + 1;
  const size = (high - low) * stride;
  if (scratch.length < size) scratch = new Float64Array(2 * size);
  let x0 = xs[n - 1];
  let y0 = ys[n - 1];
  for (let k = 0; k < n; k += 1) {
    const x1 = xs[k];
    const y1 = ys[k];
    const under = y0 < y1 ? y0 : y1;
    const over = y0 < y1 ? y1 : y0;
    if (over - under > FLAT) {
      const slope = (x1 - x0) / (y1 - y0);
      const steepness = Math.abs(slope) / 2;
      const end = Math.min(Math.ceil(over), high) | 0;
      for (let j = Math.max(Math.floor(under), low) | 0; j < end; j += 1) {
        const enter = under > j ? under : j;
        const leave = over < j + 1 ? over : j + 1;
        const rise = leave - enter;
        const run = y1 < y0 ? rise : -rise; // the inside is right of a way down
        const middle = x0 + slope * ((enter + leave) / 2 - y0);
        const tilt = Math.max(steepness * rise, LEAST);
        const start = Math.max(Math.floor(middle - tilt), from) | 0;
        if (start >= to) continue;
        const stop = Math.max(Math.min(Math.floor(middle + tilt) + 1, to), start) | 0;
        const row = (j - low) * stride - from;
        if (stop === start + 1 && start + 1 >= middle + tilt && start <= middle - tilt) {
          // Within one pixel: a trapezoid to its right.
          const cover = start + 1 - middle;
          scratch[row + start] += run * cover;
          scratch[row + stop] += run * (1 - cover);
          continue;
        }
        const share = 0.25 / tilt;
        let before = 0;
        let area = ramp(start - middle, tilt, share);
        for (let i = start; i < stop; i += 1) {
          const further = ramp(i + 1 - middle, tilt, share);
          const cover = further - area;
          scratch[row + i] += run * (cover - before);
          before = cover;
          area = further;
        }
        scratch[row + stop] += run * (1 - before);
      }
    }
    x0 = x1;
    y0 = y1;
  }
  const red = inks[ink];
  const green = channels === 3 ? inks[ink + 1] : 0;
  const blue = channels === 3 ? inks[ink + 2] : 0;
  for (let j = low, row = 0; j < high; j += 1, row += stride) {
    let cover = 0;
    let at = (j * width + from) * channels;
    for (let i = row; i < row + stride - 1; i += 1, at += channels) {
      cover += scratch[i];
      scratch[i] = 0;
      sums[at] += cover * red;
      if (channels === 3) {
        sums[at + 1] += cover * green;
        sums[at + 2] += cover * blue;
      }
    }
    scratch[row + stride - 1] = 0;
  }
}

/** Add a square with a side of at most a pixel, around (x, y).
 * @param {Canvas} canvas
 * @param {number} x
 * @param {number} y
 * @param {number} side
 * @param {Float64Array} inks
 * @param {number} ink */
export function laySpeck(canvas, x, y, side, inks, ink) {
  const { sums, width, height, channels } = canvas;
  const x0 = x - side / 2;
  const y0 = y - side / 2;
  const i = Math.floor(x0);
  const j = Math.floor(y0);
  if (!(i >= -1 && i < width && j >= -1 && j < height)) return; // nor is NaN
  const right = Math.max(x0 + side - (i + 1), 0);
  const upper = Math.max(y0 + side - (j + 1), 0);
  for (let dj = 0; dj < 2; dj += 1) {
    if (j + dj < 0 || j + dj >= height) continue;
    const tall = dj ? upper : side - upper;
    for (let di = 0; di < 2; di += 1) {
      if (i + di < 0 || i + di >= width) continue;
      const area = tall * (di ? right : side - right);
      const at = ((j + dj) * width + i + di) * channels;
      sums[at] += area * inks[ink];
      if (channels === 3) {
        sums[at + 1] += area * inks[ink + 1];
        sums[at + 2] += area * inks[ink + 2];
      }
    }
  }
}
