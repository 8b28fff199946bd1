// Arrays from few bytes, as packing.py makes them.

import { splineCoefficients } from "./spline_coefficients.js";

/** @typedef {Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array | BigUint64Array} Typed */

/**
 * How an array is packed; what is not there is as usual.
 * @typedef {object} Told
 * @property {"plain" | "steps" | "levels" | "tones" | "colors" | "rows" | "spline"} kind
 * @property {string} dtype
 * @property {number[]} shape
 * @property {number} [low]
 * @property {number} [step]
 * @property {string} [hole] the number that stands for holes
 * @property {number} [along] the axis of differences
 * @property {number} [order]
 * @property {boolean} [across]
 * @property {number} [colors]
 * @property {boolean} [median]
 * @property {Told} [palette]
 * @property {Told} [of]
 * @property {number} [bytes]
 * @property {number} [smooth]
 * @property {boolean} [leveled]
 * @property {number} [degree]
 */

const LUMA = [0.2126, 0.7152, 0.0722]; // Rec. 709
const APART = 4; // elements along the last axis at most, of which each has bytes of its own

/** @type {Record<string, new (bytes: ArrayBuffer) => Typed>} */
const ARRAYS = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint64: BigUint64Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** An array from its bytes. @param {Told} told @param {Uint8Array} bytes @returns {Typed} */
export function unpacked(told, bytes) {
  const size = told.shape.reduce((product, side) => product * side, 1);
  switch (told.kind) {
    case "plain":
      return plain(told, bytes, size);
    case "steps":
      return summed(told, bytes, size);
    case "spline":
      return spline(told, bytes);
    case "rows":
      return fromRows(told, bytes, size);
    case "colors":
      return fromPalette(told, bytes, size);
    default:
      return pixels(told, bytes, size);
  }
}

/** The numbers of planes that have the first bytes of all, then the second; each tells how it differs from the one before. @param {Told} told @param {Uint8Array} planes @param {number} size */
function plain({ dtype, shape }, planes, size) {
  const [row, length] = rows(shape);
  const bytes = new Uint8Array(planes.length);
  const width = size && planes.length / size;
  for (let byte = 0; byte < width; byte++) {
    for (let i = 0; i < size; i++) {
      const at = i * width + byte;
      const first = i % (row * length) < row;
      bytes[at] = first ? planes[byte * size + i] : planes[byte * size + i] ^ bytes[at - row * width];
    }
  }
  return new ARRAYS[dtype](bytes.buffer);
}

/** How many elements there are from one to the next along the last axis but one, and how many along it. @param {number[]} shape @returns {[number, number]} */
function rows(shape) {
  const along = Math.max(shape.length - 2, 0);
  return [shape.slice(along + 1).reduce((product, side) => product * side, 1), shape[along] ?? 1];
}

/** Steps added up along an axis, as often as they are differences of such. @param {Told} told @param {Uint8Array} bytes @param {number} size */
function summed({ dtype, shape, low = 0, step = 1, along = 0, order = 1, hole = "NaN", across = false }, bytes, size) {
  const row = shape.slice(along + 1).reduce((product, side) => product * side, 1);
  const length = shape[along] ?? 1;
  const last = shape[shape.length - 1] ?? 1;
  const apart = !across && shape.length > 1 && last <= APART ? last : 1;
  const sums = new Int32Array(size); // modulo 2^32
  for (let k = 0; k < size; k++) {
    const at = (k % apart) * (size / apart) + Math.floor(k / apart);
    const folded = bytes[at] | (bytes[at + size] << 8) | (bytes[at + 2 * size] << 16) | (bytes[at + 3 * size] << 24);
    sums[k] = (folded >>> 1) ^ -(folded & 1); // the sign is in the lowest bit
  }
  for (let pass = 0; pass < order; pass++) for (let k = row; k < size; k++) if (Math.floor(k / row) % length) sums[k] += sums[k - row];
  for (let k = 0; k < size && across; k++) if (k % shape[1]) sums[k] += sums[k - 1];
  const result = numbers(dtype, size);
  for (let k = 0; k < size; k++) result[k] = low + sums[k] * step;
  const lifted = bytes.subarray(4 * size);
  for (let k = 0; k < size && lifted.length; k++) if (lifted[k >> 3] & (128 >> (k & 7))) result[k] = Number(hole);
  return result;
}

/** Zeros. @param {string} dtype @param {number} size */
const numbers = (dtype, size) => (dtype === "float32" ? new Float32Array(size) : new Float64Array(size));

/** Rows that are told by their places in a palette. @param {Told} told @param {Uint8Array} bytes @param {number} size */
function fromRows({ dtype, shape, palette, of }, bytes, size) {
  const result = numbers(dtype, size);
  if (!palette || !of) return result;
  const known = unpacked(palette, bytes.subarray(0, palette.bytes));
  const places = unpacked(of, bytes.subarray(palette.bytes));
  const length = shape[1];
  for (let k = 0; k < size; k++) result[k] = Number(known[Number(places[Math.floor(k / length)]) * length + (k % length)]);
  return result;
}

/** Pixels whose colors are told by their places in a palette, these by those to the left and above. @param {Told} told @param {Uint8Array} bytes @param {number} size */
function fromPalette({ dtype, shape, colors = 0, median = false }, bytes, size) {
  const [height, width, channels] = shape.slice(-3);
  const count = size / channels;
  const start = colors * channels;
  const places = new Uint16Array(count); // modulo 2^16
  const result = numbers(dtype, size);
  for (let k = 0; k < count; k++) {
    const folded = bytes[start + k] | (bytes[start + count + k] << 8);
    const x = k % width;
    const y = Math.floor(k / width) % height;
    const left = x ? places[k - 1] : 0;
    const above = y ? places[k - width] : 0;
    const corner = x && y ? places[k - width - 1] : 0;
    places[k] = ((folded >>> 1) ^ -(folded & 1)) + beside(left, above, corner, median);
    for (let c = 0; c < channels; c++) result[k * channels + c] = bytes[places[k] * channels + c] / 255;
  }
  return result;
}

/** The coefficients of a spline, from the samples. @param {Told} told @param {Uint8Array} bytes */
function spline({ dtype, of, smooth = 0, leveled = false, degree = 3 }, bytes) {
  if (!of) return new Float64Array(0);
  const [height, width, channels] = of.shape;
  const samples = unpacked(of, bytes);
  const table = new Float64Array(height * width);
  const weights = channels === 3 ? LUMA : [1];
  for (let k = 0; k < samples.length; k++) table[Math.floor(k / weights.length)] += weights[k % weights.length] * Number(samples[k]);
  const coefficients = splineCoefficients(table, height, width, { smooth, leveled, degree });
  return dtype === "float32" ? new Float32Array(coefficients) : coefficients;
}

/** What those to the left and above tell of a number. @param {number} left @param {number} above @param {number} corner @param {boolean} median */
function beside(left, above, corner, median) {
  const sum = left + above - corner;
  return median ? Math.min(Math.max(left, above), Math.max(Math.min(left, above), sum)) : sum;
}

/** Pixels whose levels are told by those to the left and above, of tones red and blue by green. @param {Told} told @param {Uint8Array} bytes @param {number} size */
function pixels({ kind, dtype, shape, median = false }, bytes, size) {
  const [height, width, channels] = shape.slice(-3);
  const levels = new Uint8Array(size);
  for (let at = 0, plane = 0; at < size; plane++) {
    const first = Math.floor(plane / channels) * height * width * channels + (plane % channels);
    const isTone = kind === "tones" && plane % channels < 3 && (plane % channels) % 2 === 0;
    const row = isTone ? new Int8Array(width) : new Uint8Array(width); // modulo 256
    for (let k = 0; k < height * width; k += width) {
      let left = 0;
      let corner = 0;
      for (let x = 0; x < width; x++) {
        const above = row[x];
        row[x] = beside(left, above, corner, median) + bytes[at++];
        left = row[x];
        corner = above;
        levels[first + (k + x) * channels] = left;
      }
    }
  }
  for (let k = 0; k < size && kind === "tones"; k += channels) {
    levels[k] += levels[k + 1];
    levels[k + 2] += levels[k + 1];
  }
  const result = numbers(dtype, size);
  for (let k = 0; k < size; k++) result[k] = levels[k] / 255;
  return result;
}
