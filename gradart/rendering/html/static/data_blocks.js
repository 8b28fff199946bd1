// The data in the document: JSON, and numbers that are packed as data_blocks.py does.

/** @typedef {Float64Array | Int32Array | Uint32Array | Uint8Array} Typed */

/** @type {Record<string, (bytes: ArrayBuffer) => Typed>} */
const ARRAYS = {
  float64: (bytes) => new Float64Array(bytes),
  float32: (bytes) => Float64Array.from(new Float32Array(bytes)),
  int32: (bytes) => new Int32Array(bytes),
  uint32: (bytes) => new Uint32Array(bytes),
  uint8: (bytes) => new Uint8Array(bytes),
};
const SIZES = { float64: 8, float32: 4, int32: 4, uint32: 4, uint8: 1 };

/** The value in a block of JSON. @param {string} id */
export function readJson(id) {
  return JSON.parse(textOf(id));
}

/** All arrays in the document, in their order; floats have 64 bits. @returns {Promise<Typed[]>} */
export async function readNumbers() {
  const packed = Uint8Array.from(atob(textOf("numbers")), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let start = 0;
  return readJson("arrays").map(({ type, shape }) => {
    const count = shape.reduce((product, side) => product * side, 1);
    const size = SIZES[type];
    const planes = bytes.subarray(start, start + count * size);
    start += count * size;
    return ARRAYS[type](interleaved(planes, count, size).buffer);
  });
}

/**
 * Bytes of numbers, each together, of planes that have the first bytes of all, then the second.
 * @param {Uint8Array} planes
 * @param {number} count of numbers
 * @param {number} size of one, in bytes
 */
function interleaved(planes, count, size) {
  const bytes = new Uint8Array(count * size);
  for (let byte = 0; byte < size; byte++) {
    for (let i = 0; i < count; i++) bytes[i * size + byte] = planes[byte * count + i];
  }
  return bytes;
}

/** @param {string} id */
const textOf = (id) => document.getElementById(id)?.textContent ?? "";
