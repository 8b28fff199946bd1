// Arrays from few bytes, as packing.py makes them.

/** @typedef {Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array | BigUint64Array} Typed */

/**
 * @typedef {object} Told
 * @property {"plain" | "steps" | "levels" | "tones"} kind
 * @property {string} dtype
 * @property {number[]} shape
 * @property {number} low
 * @property {number} step
 * @property {string} hole the number that stands for holes
 */

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
  if (told.kind === "plain") return plain(told, bytes, size);
  return told.kind === "steps" ? summed(told, bytes, size) : pixels(told, bytes, size);
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

/** Steps added up, along the last axis but one. @param {Told} told @param {Uint8Array} bytes @param {number} size */
function summed({ dtype, shape, low, step, hole }, bytes, size) {
  const [row, length] = rows(shape);
  const sums = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    const three = bytes[k] | (bytes[k + size] << 8) | (bytes[k + 2 * size] << 16);
    const folded = three + bytes[k + 3 * size] * 2 ** 24; // the sign is in the lowest bit
    const change = folded % 2 ? -(folded + 1) / 2 : folded / 2;
    sums[k] = Math.floor(k / row) % length ? sums[k - row] + change : change;
  }
  const result = dtype === "float32" ? new Float32Array(size) : sums;
  for (let k = 0; k < size; k++) result[k] = low + sums[k] * step;
  const lifted = bytes.subarray(4 * size);
  for (let k = 0; k < size && lifted.length; k++) if (lifted[k >> 3] & (128 >> (k & 7))) result[k] = Number(hole);
  return result;
}

/** Pixels whose levels are told by those to the left and above, of tones red and blue by green. @param {Told} told @param {Uint8Array} bytes @param {number} size */
function pixels({ kind, dtype, shape }, bytes, size) {
  const [height, width, channels] = shape.slice(-3);
  const levels = new Uint8Array(size);
  const above = new Uint8Array(width);
  for (let at = 0, plane = 0; at < size; plane++) {
    const first = Math.floor(plane / channels) * height * width * channels + (plane % channels);
    above.fill(0);
    for (let k = 0; k < height * width; k += width) {
      let rise = 0; // of the row's levels over those above
      for (let x = 0; x < width; x++) {
        rise += bytes[at++];
        above[x] += rise;
        levels[first + (k + x) * channels] = above[x];
      }
    }
  }
  for (let k = 0; k < size && kind === "tones"; k += channels) {
    levels[k] += levels[k + 1];
    levels[k + 2] += levels[k + 1];
  }
  const result = dtype === "float32" ? new Float32Array(size) : new Float64Array(size);
  for (let k = 0; k < size; k++) result[k] = levels[k] / 255;
  return result;
}
