// From summed density to 8 bits: paper * exp(-sum) as ink, 1 - (1 - paper) * exp(-sum) as light, on
// sRGB values, as gradart/rendering/ink/tone.py does.

/** Summed density: (height, width, channels); of one channel, in each of three as often as `tint` says.
 * @typedef {object} Density
 * @property {Float32Array} sums
 * @property {number} width
 * @property {number} height
 * @property {number} channels
 * @property {readonly number[]} tint
 */

const PERCENTILE = 0.95; // of the pixels that were touched: these get
const FULL = 1.8; // this density, 17 % of the paper
const SAMPLES = 1 << 20; // of these are enough to find a percentile
const MOST = 1e25; // exposure: all that was touched is full, and no product is infinite
const TOUCHED = 1e-6; // of the greatest: below lies what is left of what was added and taken off again
const NOTHING = 2 ** -33; // density: so little is not seen

/** The number that k others of these, all above 0, are less than: by their bits, which are in order.
 * @param {Uint32Array} bits
 * @param {number} k */
function ranked(bits, k) {
  const counts = new Uint32Array(1 << 16);
  let high = 0;
  let left = k;
  for (let i = 0; i < bits.length; i += 1) counts[bits[i] >>> 16] += 1;
  while (left >= counts[high]) left -= counts[high++];
  counts.fill(0);
  for (let i = 0; i < bits.length; i += 1) {
    if (bits[i] >>> 16 === high) counts[bits[i] & 0xffff] += 1;
  }
  let low = 0;
  while (left >= counts[low]) left -= counts[low++];
  return new Float32Array(new Uint32Array([high * 65536 + low]).buffer)[0];
}

/** The largest density of the channels, as means over cell x cell pixels.
 * @param {Density} density
 * @param {number} cell */
function cellMeans({ sums, width, height, channels }, cell) {
  const columns = Math.max(1, Math.floor(width / cell));
  const rows = Math.max(1, Math.floor(height / cell));
  const right = columns * Math.min(cell, width);
  const bottom = rows * Math.min(cell, height);
  const means = new Float32Array(columns * rows);
  const line = new Float64Array(columns * channels); // of one row of cells, the channels apart
  const share = (columns * rows) / (right * bottom);
  for (let y = 0; y < bottom; y += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      const start = channel * columns;
      let at = y * width * channels + channel;
      for (let column = 0; column < columns; column += 1) {
        let sum = 0;
        for (let i = 0; i < right; i += columns, at += channels) sum += sums[at];
        line[start + column] += sum;
      }
    }
    if ((y + 1) % (bottom / rows) > 0) continue;
    const row = ((y + 1) * rows) / bottom - 1;
    for (let column = 0; column < columns; column += 1) {
      let most = line[column];
      for (let at = column + columns; at < line.length; at += columns) most = Math.max(most, line[at]);
      means[row * columns + column] = most * share;
    }
    line.fill(0);
  }
  return means;
}

/** The factor that brings density to what the eye expects of a full picture; null where there is none.
 * @param {Density} density
 * @param {number} cell how many pixels wide the squares are whose means count */
export function exposureOf(density, cell) {
  const means = cellMeans(density, cell);
  const stride = Math.max(1, Math.floor(means.length / SAMPLES));
  let most = 0;
  for (let at = 0; at < means.length; at += stride) most = Math.max(most, means[at]);
  let n = 0;
  for (let at = 0; at < means.length; at += stride) {
    if (means[at] > TOUCHED * most) means[n++] = means[at];
  }
  if (n === 0) return null;
  const bits = new Uint32Array(means.buffer, 0, n);
  const place = PERCENTILE * (n - 1);
  const below = Math.floor(place);
  const low = ranked(bits, below);
  const high = below + 1 < n ? ranked(bits, below + 1) : low;
  return FULL / (low + (high - low) * (place - below));
}

const STEPS = 256; // of the table to a unit of density
const DENSEST = 20; // 255 * exp(-20) is nothing
const passes = new Float64Array(DENSEST * STEPS + 2);
for (let k = 0; k < passes.length; k += 1) passes[k] = Math.exp(-k / STEPS);

/** exp(-x), to within 2e-6 of it; for all pixels of a page, exp itself takes longer than the strokes.
 * @param {number} x */
function passed(x) {
  const place = (x < DENSEST ? x : DENSEST) * STEPS;
  const k = place | 0;
  return passes[k] + (passes[k + 1] - passes[k]) * (place - k);
}

/** A threshold in (0, 1) that rounds neighbors differently, so that nothing bands: interleaved gradient
 * noise, Jorge Jimenez, "Next generation post processing in Call of Duty: Advanced Warfare" (2014).
 * @param {number} x
 * @param {number} y */
function dither(x, y) {
  const wave = 0.06711056 * x + 0.00583715 * y;
  const noise = 52.9829189 * (wave - Math.floor(wave));
  return 0.001 + 0.998 * (noise - Math.floor(noise));
}

/** Lay density on pixels, RGBA bytes that are not premultiplied: these are replaced by what is seen.
 * @param {Density} density
 * @param {Uint8ClampedArray} pixels
 * @param {"ink" | "light"} kind
 * @param {number} exposure
 * @param {number} left the column and the row where these pixels begin in the picture of the sheet
 * @param {number} top */
export function tone({ sums, width, height, channels, tint }, pixels, kind, exposure, left, top) {
  const factor = Math.min(exposure, MOST);
  const last = channels - 1;
  const [red, green, blue] = [0, 1, 2].map((channel) => factor * (channels === 1 ? tint[channel] : 1));
  const light = kind === "light";
  const x0 = Math.max(0, left);
  const y0 = Math.max(0, top);
  for (let y = 0, at = 0, from = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 4, from += channels) {
      const one = sums[from];
      const two = last ? sums[from + 1] : one;
      const three = last ? sums[from + 2] : one;
      if (one + two + three < NOTHING) continue;
      const r = passed(red * one);
      const g = passed(green * two);
      const b = passed(blue * three);
      const threshold = dither(x0 + x, y0 + y);
      const alpha = pixels[at + 3] / 255;
      // Paper that lets nothing through has this color; ...
      let seenR = light ? 255 - (255 - pixels[at]) * r : pixels[at] * r;
      let seenG = light ? 255 - (255 - pixels[at + 1]) * g : pixels[at + 1] * g;
      let seenB = light ? 255 - (255 - pixels[at + 2]) * b : pixels[at + 2] * b;
      if (alpha < 1) {
        // ... where there is no paper, the layer itself: black or colored as far as it is opaque.
        const opaque = 1 - Math.min(r, g, b);
        const covered = alpha + opaque * (1 - alpha);
        const under = alpha / Math.max(covered, 1e-6);
        const alone = (255 * (1 - alpha)) / Math.max(covered, 1e-6);
        seenR = under * seenR + alone * (light ? 1 - r : r - 1 + opaque);
        seenG = under * seenG + alone * (light ? 1 - g : g - 1 + opaque);
        seenB = under * seenB + alone * (light ? 1 - b : b - 1 + opaque);
        pixels[at + 3] = Math.floor(255 * covered + threshold);
      }
      pixels[at] = Math.floor(seenR + threshold);
      pixels[at + 1] = Math.floor(seenG + threshold);
      pixels[at + 2] = Math.floor(seenB + threshold);
    }
  }
}
