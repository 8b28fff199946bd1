// Factors and solutions of matrices, row after row, a batch of them one after another.

/** The lower factor of symmetric matrices n x n; NaN where one is not positive. @param {Float64Array} out @param {Float64Array} a @param {number} n */
export function cholesky(out, a, n) {
  out.fill(0);
  for (let m = 0; m < a.length; m += n * n)
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let sum = a[m + i * n + j];
        for (let k = 0; k < j; k++) sum -= out[m + i * n + k] * out[m + j * n + k];
        out[m + i * n + j] = i === j ? Math.sqrt(sum) : sum / out[m + j * n + j];
      }
}

/**
 * Solves op(a) x = b, or x op(a) = b, of triangular a; b and x are rows x columns.
 * @param {Float64Array} out @param {Float64Array} a @param {Float64Array} b
 * @param {number} rows @param {number} columns
 * @param {number} left @param {number} lower @param {number} transposed @param {number} unit
 */
export function triangular_solve(out, a, b, rows, columns, left, lower, transposed, unit) {
  const n = left ? rows : columns;
  const others = left ? columns : rows;
  const down = Boolean(lower) !== Boolean(transposed) === Boolean(left);
  for (let batch = 0; batch * rows * columns < b.length; batch++) {
    const m = batch * n * n;
    const start = batch * rows * columns;
    /** @param {number} i @param {number} j */
    const at = (i, j) => a[m + (transposed ? j * n + i : i * n + j)];
    for (let c = 0; c < others; c++)
      for (let step = 0; step < n; step++) {
        const i = down ? step : n - 1 - step;
        const place = start + (left ? i * columns + c : c * columns + i);
        let sum = b[place];
        for (let s = 0; s < step; s++) {
          const k = down ? s : n - 1 - s;
          const known = out[start + (left ? k * columns + c : c * columns + k)];
          sum -= (left ? at(i, k) : at(k, i)) * known;
        }
        out[place] = unit ? sum : sum / at(i, i);
      }
  }
}

/**
 * Factors with partial pivoting of matrices rows x columns: both in one, pivots, permutation.
 * @param {Float64Array} out @param {Int32Array} pivots @param {Int32Array} order @param {Float64Array} a
 * @param {number} rows @param {number} columns
 */
export function lu(out, pivots, order, a, rows, columns) {
  out.set(a);
  const steps = Math.min(rows, columns);
  for (let batch = 0; batch * rows * columns < a.length; batch++) {
    const m = batch * rows * columns;
    for (let k = 0; k < rows; k++) order[batch * rows + k] = k;
    for (let k = 0; k < steps; k++) {
      let best = k;
      for (let i = k + 1; i < rows; i++)
        if (Math.abs(out[m + i * columns + k]) > Math.abs(out[m + best * columns + k])) best = i;
      pivots[batch * steps + k] = best;
      if (best !== k) {
        for (let j = 0; j < columns; j++) {
          const kept = out[m + k * columns + j];
          out[m + k * columns + j] = out[m + best * columns + j];
          out[m + best * columns + j] = kept;
        }
        const moved = order[batch * rows + k];
        order[batch * rows + k] = order[batch * rows + best];
        order[batch * rows + best] = moved;
      }
      const pivot = out[m + k * columns + k];
      for (let i = k + 1; i < rows; i++) {
        const factor = (out[m + i * columns + k] /= pivot);
        for (let j = k + 1; j < columns; j++)
          out[m + i * columns + j] -= factor * out[m + k * columns + j];
      }
    }
  }
}

/** @param {Int32Array} out @param {Int32Array} pivots @param {number} steps @param {number} count */
export function pivots_to_permutation(out, pivots, steps, count) {
  for (let batch = 0; batch * steps < pivots.length; batch++) {
    for (let k = 0; k < count; k++) out[batch * count + k] = k;
    for (let k = 0; k < steps; k++) {
      const other = pivots[batch * steps + k];
      const kept = out[batch * count + k];
      out[batch * count + k] = out[batch * count + other];
      out[batch * count + other] = kept;
    }
  }
}

/**
 * Eigenvectors, as columns, and eigenvalues, the least first, of symmetric matrices n x n: by
 * Jacobi's rotations. The first component of a vector that is not 0 may have either sign.
 * @param {Float64Array} vectors @param {Float64Array} values @param {Float64Array} a @param {number} n
 */
export function eigh(vectors, values, a, n) {
  const s = new Float64Array(n * n);
  const v = new Float64Array(n * n);
  for (let m = 0; m < a.length; m += n * n) {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        s[i * n + j] = (a[m + i * n + j] + a[m + j * n + i]) / 2;
        v[i * n + j] = i === j ? 1 : 0;
      }
    for (let sweep = 0; sweep < 60; sweep++) {
      let off = 0;
      for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += s[p * n + q] ** 2;
      if (off === 0) break;
      for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(s, v, n, p, q);
    }
    const order = Array.from({ length: n }, (_, k) => k).sort((i, j) => s[i * n + i] - s[j * n + j]);
    order.forEach((from, to) => {
      values[m / n + to] = s[from * n + from];
      for (let i = 0; i < n; i++) vectors[m + i * n + to] = v[i * n + from];
    });
  }
}

/** @param {Float64Array} s @param {Float64Array} v @param {number} n @param {number} p @param {number} q */
function rotate(s, v, n, p, q) {
  const between = s[p * n + q];
  if (between === 0) return;
  const half = (s[q * n + q] - s[p * n + p]) / 2 / between;
  const t = (half >= 0 ? 1 : -1) / (Math.abs(half) + Math.hypot(half, 1));
  const c = 1 / Math.hypot(t, 1);
  const sine = t * c;
  for (let k = 0; k < n; k++) {
    const x = s[k * n + p];
    const y = s[k * n + q];
    s[k * n + p] = c * x - sine * y;
    s[k * n + q] = sine * x + c * y;
  }
  for (let k = 0; k < n; k++) {
    const x = s[p * n + k];
    const y = s[q * n + k];
    s[p * n + k] = c * x - sine * y;
    s[q * n + k] = sine * x + c * y;
    const d = v[k * n + p];
    const e = v[k * n + q];
    v[k * n + p] = c * d - sine * e;
    v[k * n + q] = sine * d + c * e;
  }
}
