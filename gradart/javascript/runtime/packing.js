// Arrays from few bytes, as gradart.javascript.packing makes them.

/** @type {Record<string, new (buffer: ArrayBuffer) => import("./arrays.js").Row>} */
const ARRAYS = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/**
 * An array of the program, from its bytes.
 * @param {{kind: string, dtype: string, shape: number[], low: number, step: number}} told
 * @param {Uint8Array} bytes
 */
export function unpacked(told, bytes) {
  if (told.kind === "plain") return new ARRAYS[told.dtype](bytes.slice().buffer);
  const { shape, low, step } = told;
  const size = shape.reduce((a, b) => a * b, 1);
  const along = Math.max(shape.length - 2, 0);
  const rowLength = shape.slice(along + 1).reduce((a, b) => a * b, 1);
  const rows = shape[along];
  const sums = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    const folded =
      (bytes[k] | (bytes[k + size] << 8) | (bytes[k + 2 * size] << 16) | (bytes[k + 3 * size] << 24)) >>> 0;
    const change = folded % 2 ? -(folded + 1) / 2 : folded / 2;
    sums[k] = Math.floor(k / rowLength) % rows ? sums[k - rowLength] + change : change;
  }
  const result = told.dtype === "float32" ? new Float32Array(size) : new Float64Array(size);
  for (let k = 0; k < size; k++) result[k] = low + sums[k] * step;
  const bits = bytes.subarray(4 * size);
  if (bits.length)
    for (let k = 0; k < size; k++) if (bits[k >> 3] & (128 >> (k & 7))) result[k] = NaN;
  return result;
}
