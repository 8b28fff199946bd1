// Numbers as JAX has them: powers, rounding, and what a type makes of a number of another.

const float64 = new Float64Array(1);
const uint64 = new BigUint64Array(float64.buffer);
const int64 = new BigInt64Array(float64.buffer);
const float32 = new Float32Array(1);
const uint32 = new Uint32Array(float32.buffer);
const int32 = new Int32Array(float32.buffer);

/** @param {number} x @param {number} n a whole number from 0 */
export function powi(x, n) {
  let result = 1;
  for (let square = x; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** A power as C has it: 1 ** NaN is 1 there, and NaN in JavaScript. @param {number} x @param {number} y */
export function pow(x, y) {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y;
}

/** @param {number} x */
export function logistic(x) {
  return 1 / (1 + Math.exp(-x));
}

/** log(exp(a) + exp(b)). @param {number} a @param {number} b */
export function log_add(a, b) {
  const high = Math.max(a, b);
  return high === -Infinity ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

/** The nearest whole number, the even one of two. @param {number} x */
export function round_even(x) {
  const low = Math.floor(x);
  const gap = x - low;
  if (gap !== 0.5) return gap < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

/** The nearest whole number, of two the one away from 0. @param {number} x */
export function round_away(x) {
  const low = Math.floor(Math.abs(x));
  return Math.sign(x) * (Math.abs(x) - low >= 0.5 ? low + 1 : low);
}

/** @param {number} x @param {number} y */
export function nextafter(x, y) {
  if (x !== x || y !== y) return NaN;
  if (x === y) return y;
  if (x === 0) return y > 0 ? 5e-324 : -5e-324;
  float64[0] = x;
  int64[0] += x < y === x > 0 ? 1n : -1n;
  return float64[0];
}

/** @param {bigint} x */
export function uint64_as_float64(x) {
  uint64[0] = x;
  return float64[0];
}

/** @param {number} x */
export function float64_as_uint64(x) {
  float64[0] = x;
  return uint64[0];
}

/** @param {number} x */
export function int64_as_float64(x) {
  int64[0] = BigInt(x);
  return float64[0];
}

/** @param {number} x */
export function float64_as_int64(x) {
  float64[0] = x;
  return Number(int64[0]);
}

/** @param {number} x */
export function uint32_as_float32(x) {
  uint32[0] = x;
  return float32[0];
}

/** @param {number} x */
export function float32_as_uint32(x) {
  float32[0] = x;
  return uint32[0];
}

/** @param {number} x */
export function int32_as_float32(x) {
  int32[0] = x;
  return float32[0];
}

/** @param {number} x */
export function float32_as_int32(x) {
  float32[0] = x;
  return int32[0];
}

/** @param {number} x */
export function int32_as_uint32(x) {
  return x >>> 0;
}

/** @param {number} x */
export function uint32_as_int32(x) {
  return x | 0;
}

/** A float as a whole number: cut, and no farther than the type reaches. @param {number} low @param {number} high */
function saturated(low, high) {
  /** @param {number} x */
  return (x) => (x !== x ? 0 : Math.trunc(Math.min(Math.max(x, low), high)));
}

export const saturated_int64 = saturated(-(2 ** 63), 2 ** 63);
export const saturated_int32 = saturated(-(2 ** 31), 2 ** 31 - 1);
export const saturated_int16 = saturated(-(2 ** 15), 2 ** 15 - 1);
export const saturated_int8 = saturated(-128, 127);
export const saturated_uint32 = saturated(0, 2 ** 32 - 1);
export const saturated_uint16 = saturated(0, 2 ** 16 - 1);
export const saturated_uint8 = saturated(0, 255);
