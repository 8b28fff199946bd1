// Taylor polynomials of points: what they are at a place, and where they hold.

/**
 * The values of polynomials at s, by Horner's rule, into `out`.
 * @param {Float32Array} coefficients (order + 1, n): those of 1, of s, of s^2, ...
 * @param {number} s
 * @param {Float32Array} out (n,)
 */
export function evaluate(coefficients, s, out) {
  const n = out.length;
  const last = coefficients.length - n;
  for (let i = 0; i < n; i += 1) {
    let sum = coefficients[last + i];
    for (let at = last - n + i; at >= 0; at -= n) sum = sum * s + coefficients[at];
    out[i] = sum;
  }
  return out;
}

/**
 * Their derivatives by s, by Horner's rule, into `out`.
 * @param {Float32Array} coefficients
 * @param {number} s
 * @param {Float32Array} out
 */
export function slopes(coefficients, s, out) {
  const n = out.length;
  const order = coefficients.length / n - 1;
  for (let i = 0; i < n; i += 1) {
    let sum = 0;
    for (let k = order; k > 0; k -= 1) sum = sum * s + k * coefficients[k * n + i];
    out[i] = sum;
  }
  return out;
}

/** Whether polynomials hold for a value; `inner` asks for that share of the way at most.
 * @param {{ at: number, low: number, high: number }} held
 * @param {number} value */
export function holds({ at, low, high }, value, inner = 1) {
  return low < high && value >= at + inner * (low - at) && value <= at + inner * (high - at);
}
