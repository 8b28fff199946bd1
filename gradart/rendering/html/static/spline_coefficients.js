// The coefficients of the spline through a table of samples, as gradart/library/splines.py makes them.

const REACH = 4; // widths of the Gaussian, beyond which it is cut off

/** The poles of the filter that finds them, by degree (Unser, Aldroubi and Eden 1993). @type {Record<number, number[]>} */
const POLES = {
  3: [Math.sqrt(3) - 2],
  5: [
    Math.sqrt(67.5 - Math.sqrt(4436.25)) + Math.sqrt(26.25) - 6.5,
    Math.sqrt(67.5 + Math.sqrt(4436.25)) - Math.sqrt(26.25) - 6.5,
  ],
};

/**
 * The coefficients (height + degree - 1, width + degree - 1) of the spline through a table
 * (height, width), which is changed: blurred by `smooth` samples first, and brought to [0, 1].
 * @param {Float64Array} table
 * @param {number} height
 * @param {number} width
 * @param {{smooth: number, leveled: boolean, degree: number}} how
 */
export function splineCoefficients(table, height, width, { smooth, leveled, degree }) {
  if (smooth) alongBoth(table, height, width, blurred(smooth));
  if (leveled) level(table);
  alongBoth(table, height, width, filtered(degree));
  const spare = Math.floor(degree / 2);
  const columns = width + 2 * spare;
  const around = new Float64Array((height + 2 * spare) * columns);
  for (let k = 0; k < around.length; k++) {
    const y = mirrored(Math.floor(k / columns) - spare, height);
    around[k] = table[y * width + mirrored((k % columns) - spare, width)];
  }
  return around;
}

/** A place in a row of n that is reflected at the centers of its ends. @param {number} k @param {number} n */
function mirrored(k, n) {
  if (n === 1) return 0;
  const within = Math.abs(k) % (2 * n - 2);
  return Math.min(within, 2 * n - 2 - within);
}

/** Bring numbers to [0, 1]. @param {Float64Array} table */
function level(table) {
  let low = Infinity;
  let high = -Infinity;
  for (const x of table) {
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  const range = high - low || 1;
  for (let k = 0; k < table.length; k++) table[k] = (table[k] - low) / range;
}

/** Replace each column of a table, then each row, by what a function makes of it. @param {Float64Array} table @param {number} height @param {number} width @param {(line: Float64Array) => Float64Array} made */
function alongBoth(table, height, width, made) {
  const column = new Float64Array(height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) column[y] = table[y * width + x];
    const other = made(column);
    for (let y = 0; y < height; y++) table[y * width + x] = other[y];
  }
  for (let k = 0; k < table.length; k += width) table.set(made(table.slice(k, k + width)), k);
}

/** A function that blurs a line by a Gaussian of so many samples. @param {number} smooth */
function blurred(smooth) {
  const reach = Math.floor(REACH * smooth + 0.5);
  const weights = Float64Array.from({ length: reach + 1 }, (_, k) => Math.exp((-0.5 * k * k) / smooth ** 2));
  const whole = weights.reduce((sum, weight) => sum + 2 * weight, -weights[0]);
  for (let j = 0; j <= reach; j++) weights[j] /= whole;
  return (/** @type {Float64Array} */ line) => {
    const n = line.length;
    const around = new Float64Array(n + 2 * reach);
    for (let k = 0; k < around.length; k++) around[k] = line[mirrored(k - reach, n)];
    const sums = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      sums[k] = weights[0] * around[k + reach];
      for (let j = 1; j <= reach; j++) sums[k] += weights[j] * (around[k + reach - j] + around[k + reach + j]);
    }
    return sums;
  };
}

/** A function that makes of a line's samples the coefficients of its spline: a filter there and back for each pole. @param {number} degree */
function filtered(degree) {
  return (/** @type {Float64Array} */ line) => {
    const n = line.length;
    if (n === 1) return line;
    const c = line.slice();
    for (const pole of POLES[degree]) {
      const gain = (1 - pole) * (1 - 1 / pole);
      for (let k = 0; k < n; k++) c[k] *= gain;
      const all = pole ** (n - 1); // the line, mirrored, goes on for ever
      let first = c[0] + all * c[n - 1];
      for (let k = 1, power = pole; k < n - 1; k++, power *= pole) first += power * (c[k] + all * c[n - 1 - k]);
      c[0] = first / (1 - all * all);
      for (let k = 1; k < n; k++) c[k] += pole * c[k - 1];
      c[n - 1] = (pole / (pole * pole - 1)) * (pole * c[n - 2] + c[n - 1]);
      for (let k = n - 2; k >= 0; k--) c[k] = pole * (c[k + 1] - c[k]);
    }
    return c;
  };
}
