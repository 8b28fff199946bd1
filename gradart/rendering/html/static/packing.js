// Arrays from few bytes, as packing.py makes them.

import { sumOfCosines } from "./cosines.js";
import { addBeside } from "./prediction.js";
import { decoded } from "./range_decoder.js";
import { splineCoefficients } from "./spline_coefficients.js";

/** @typedef {Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array | BigUint64Array} Typed */

/**
 * How an array is packed; what is not there is as usual.
 * @typedef {object} Told
 * @property {"plain" | "steps" | "levels" | "tones" | "colors" | "rows" | "spline" | "cosines"} kind
 * @property {string} dtype
 * @property {number[]} shape
 * @property {number} [low]
 * @property {number} [step]
 * @property {string} [hole] the number that stands for holes
 * @property {number} [along] the axis of differences
 * @property {number} [order]
 * @property {boolean} [lifted] whether there are holes
 * @property {boolean} [across]
 * @property {number} [colors]
 * @property {number} [back]
 * @property {boolean} [median]
 * @property {number[]} [weights]
 * @property {Told} [palette]
 * @property {Told} [of]
 * @property {number} [bytes]
 * @property {number} [smooth]
 * @property {boolean} [leveled]
 * @property {number} [degree]
 * @property {number} [spare]
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
    case "cosines":
      return cosines(told, bytes, size);
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

/** Whole numbers, of so many bytes each where they are not coded. @param {Told} told @param {Uint8Array} bytes @param {number} size @param {number} width */
function whole({ back }, bytes, size, width) {
  if (back) return decoded(bytes, size, back);
  const found = new Int32Array(size);
  for (let k = 0; k < size; k++) {
    let folded = 0;
    for (let byte = 0; byte < width; byte++) folded |= bytes[k + byte * size] << (8 * byte);
    found[k] = (folded >>> 1) ^ -(folded & 1); // the sign is in the lowest bit
  }
  return found;
}

/** Steps added up along an axis, as often as they are differences of such. @param {Told} told @param {Uint8Array} bytes @param {number} size */
function summed(told, bytes, size) {
  const { dtype, shape, low = 0, step = 1, along = 0, order = 1, hole = "NaN", lifted = false, across = false, weights = [] } = told;
  const row = shape.slice(along + 1).reduce((product, side) => product * side, 1);
  const length = shape[along] ?? 1;
  const last = shape[shape.length - 1] ?? 1;
  const apart = !across && order && shape.length > 1 && last <= APART ? last : 1;
  const holes = bytes.subarray(0, lifted ? (size + 7) >> 3 : 0);
  const ordered = whole(told, bytes.subarray(holes.length), size, 4);
  const sums = apart > 1 ? ordered.map((_, k) => ordered[(k % apart) * (size / apart) + Math.floor(k / apart)]) : ordered;
  if (weights.length) addBeside(sums, shape[1], false, weights);
  else {
    for (let pass = 0; pass < order; pass++) for (let k = row; k < size; k++) if (Math.floor(k / row) % length) sums[k] += sums[k - row];
    for (let k = 0; k < size && across; k++) if (k % shape[1]) sums[k] += sums[k - 1];
  }
  const result = numbers(dtype, size);
  for (let k = 0; k < size; k++) result[k] = low + sums[k] * step;
  for (let k = 0; k < size && lifted; k++) if (holes[k >> 3] & (128 >> (k & 7))) result[k] = Number(hole);
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

/** Pixels whose colors are told by their places in a palette. @param {Told} told @param {Uint8Array} bytes @param {number} size */
function fromPalette(told, bytes, size) {
  const { dtype, shape, colors = 0, median = false, weights = [] } = told;
  const [height, width, channels] = shape.slice(-3);
  const places = Uint16Array.from(whole(told, bytes.subarray(colors * channels), size / channels, 2));
  const count = height * width;
  for (let k = 0; k < places.length; k += count) addBeside(places.subarray(k, k + count), width, median, weights);
  const palette = bytes.slice(0, colors * channels);
  for (let k = 0; k < palette.length; k++) if (k % colors) palette[k] += palette[k - 1];
  const result = numbers(dtype, size);
  for (let k = 0; k < size; k++) result[k] = palette[(k % channels) * colors + places[Math.floor(k / channels)]] / 255;
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

/** The sum of cosines. @param {Told} told @param {Uint8Array} bytes @param {number} size */
function cosines({ dtype, shape, low = 0, of, spare = 0 }, bytes, size) {
  const result = numbers(dtype, size);
  if (!of) return result;
  const heights = /** @type {Float64Array} */ (unpacked(of, bytes));
  sumOfCosines(heights, of.shape[1], shape, spare).forEach((height, k) => (result[k] = low + height));
  return result;
}

/** Pixels whose levels are told by those beside them, of tones red and blue by green. @param {Told} told @param {Uint8Array} bytes @param {number} size */
function pixels(told, bytes, size) {
  const { kind, dtype, shape, median = false, weights = [] } = told;
  const [height, width, channels] = shape.slice(-3);
  const count = height * width;
  const levels = Uint8Array.from(whole(told, bytes, size, 1));
  const isTone = (plane) => kind === "tones" && plane % channels < 3 && (plane % channels) % 2 === 0;
  for (let plane = 0; plane < size / count; plane++) {
    const own = isTone(plane) ? new Int8Array(levels.buffer, plane * count, count) : levels.subarray(plane * count, (plane + 1) * count);
    addBeside(own, width, median, weights);
  }
  const result = numbers(dtype, size);
  for (let plane = 0, at = 0; plane < size / count; plane++) {
    const green = isTone(plane) ? (1 - (plane % channels)) * count : 0;
    const first = Math.floor(plane / channels) * count * channels + (plane % channels);
    for (let k = 0; k < count; k++, at++) result[first + k * channels] = ((levels[at] + (green && levels[at + green])) & 255) / 255;
  }
  return result;
}
