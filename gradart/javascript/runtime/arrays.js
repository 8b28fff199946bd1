// The order of the elements of arrays.

/** @typedef {Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array} Row */

/** Which of two numbers comes first: NaN comes last. @param {number} a @param {number} b */
function compared(a, b) {
  if (a < b) return -1;
  if (a > b) return 1;
  return a === b ? 0 : Number(a !== a) - Number(b !== b);
}

/**
 * Sorts rows of arrays side by side by the first `keys` of them; equal ones stay in order.
 * @param {Row[]} sources
 * @param {Row[]} results
 * @param {number} size how many are sorted, that lie `step` apart
 * @param {number} step
 * @param {number} keys
 */
export function sort(sources, results, size, step, keys) {
  const order = new Uint32Array(size);
  const total = sources[0].length;
  const by = sources.slice(0, keys);
  for (let outer = 0; outer < total; outer += size * step)
    for (let inner = 0; inner < step; inner++) {
      const start = outer + inner;
      for (let k = 0; k < size; k++) order[k] = k;
      order.sort((a, b) => {
        for (const key of by) {
          const sign = compared(key[start + a * step], key[start + b * step]);
          if (sign) return sign;
        }
        return a - b;
      });
      sources.forEach((source, n) => {
        for (let k = 0; k < size; k++) results[n][start + k * step] = source[start + order[k] * step];
      });
    }
}

/**
 * The largest of each row, the largest first, and their places.
 * @param {Row} source @param {Row} values @param {Row} where @param {number} size @param {number} count
 */
export function top_k(source, values, where, size, count) {
  const order = new Uint32Array(size);
  for (let row = 0; row * size < source.length; row++) {
    for (let k = 0; k < size; k++) order[k] = k;
    order.sort((a, b) => compared(source[row * size + b], source[row * size + a]) || a - b);
    for (let k = 0; k < count; k++) {
      values[row * count + k] = source[row * size + order[k]];
      where[row * count + k] = order[k];
    }
  }
}
