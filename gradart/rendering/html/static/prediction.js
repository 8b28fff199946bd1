// What the numbers to the left of one and above it tell of it, as prediction.py has it.

const ONE = 256; // of weights
const UP = [0, 1, 1, 1, 0, 2, 2, 2, 1, 1, 0, 3]; // rows
const RIGHT = [-1, 0, -1, 1, -2, 0, -1, 1, -2, 2, -3, 0]; // columns

/**
 * Make of what each number of a plane (height, width) is more than those beside it tell the number.
 * @param {Uint8Array | Int8Array | Uint16Array | Int32Array} plane whose numbers are modulo its own
 * @param {number} width
 * @param {boolean} median
 * @param {number[]} weights
 */
export function addBeside(plane, width, median, weights) {
  const places = RIGHT.map((right, k) => right - UP[k] * width);
  for (let k = 0; k < plane.length; k++) {
    const x = k % width;
    if (weights.length && k >= 3 * width && x >= 3 && x < width - 2) {
      let sum = ONE / 2;
      for (let j = 0; j < weights.length; j++) sum += weights[j] * plane[k + places[j]];
      plane[k] += Math.floor(sum / ONE);
      continue;
    }
    const left = x ? plane[k - 1] : 0;
    const above = k < width ? 0 : plane[k - width];
    const corner = x && k >= width ? plane[k - width - 1] : 0;
    const sum = left + above - corner;
    plane[k] += median ? Math.min(Math.max(left, above), Math.max(Math.min(left, above), sum)) : sum;
  }
}
