// Elements of arrays from, and to, places that are numbers themselves; and their order.

/** @typedef {Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array} Row */

/** @param {number[]} shape */
function stepsOf(shape) {
  const steps = new Array(shape.length);
  let step = 1;
  for (let k = shape.length - 1; k >= 0; k--) {
    steps[k] = step;
    step *= shape[k];
  }
  return steps;
}

/**
 * Where the elements of a part of an array lie, row after row.
 * @param {number[]} sizes
 * @param {number[]} steps
 */
function places(sizes, steps) {
  let all = Int32Array.of(0);
  sizes.forEach((size, k) => {
    const next = new Int32Array(all.length * size);
    for (let i = 0; i < all.length; i++)
      for (let j = 0; j < size; j++) next[i * size + j] = all[i] + j * steps[k];
    all = next;
  });
  return all;
}

/** @param {number} count */
function axes(count) {
  return Array.from({ length: count }, (_, k) => k);
}

/**
 * jax.lax.gather for these shapes: (out, operand, places, what lies outside).
 * @param {{operand: number[], out: number[], places: number[], offset: number[], collapsed: number[],
 *   starts: number[], batch: number[], placesBatch: number[], sizes: number[], mode: string, words: number}} table
 */
export function gather(table) {
  const { operand, out, offset, collapsed, starts, batch, placesBatch, sizes, words } = table;
  const steps = stepsOf(operand);
  const outSteps = stepsOf(out);
  const batchAxes = axes(out.length).filter((k) => !offset.includes(k));
  const window = axes(operand.length).filter((k) => !collapsed.includes(k) && !batch.includes(k));
  const parts = window.map((k) => sizes[k]);
  const from = places(parts, window.map((k) => steps[k]));
  const to = places(parts, offset.map((k) => outSteps[k]));
  const batchSizes = batchAxes.map((k) => out[k]);
  const toBatch = places(batchSizes, batchAxes.map((k) => outSteps[k]));
  // What the place in a batch adds by itself, where operand and places have batches alike.
  const own = batchAxes.map(() => 0);
  batch.forEach((axis, j) => {
    own[placesBatch[j]] += steps[axis];
  });
  const fromBatch = places(batchSizes, own);
  const depth = table.places[table.places.length - 1] ?? 1;
  const last = starts.map((axis) => operand[axis] - sizes[axis]);
  const factors = starts.map((axis) => steps[axis]);
  const fills = table.mode === "fill";
  /** @param {Row} result @param {Row} source @param {Row} where @param {number} outside */
  return (result, source, where, outside) => {
    for (let b = 0; b < toBatch.length; b++) {
      let start = fromBatch[b];
      let within = true;
      for (let j = 0; j < depth; j++) {
        let place = Number(where[b * depth + j]);
        if (place < 0 || place > last[j]) {
          within = !fills;
          if (fills) break;
          place = place < 0 ? 0 : last[j];
        }
        start += place * factors[j];
      }
      for (let k = 0; k < from.length; k++)
        for (let w = 0; w < words; w++)
          result[(toBatch[b] + to[k]) * words + w] = within
            ? source[(start + from[k]) * words + w]
            : outside;
    }
  };
}

/** @type {Record<string, (old: number, more: number) => number>} */
const UPDATES = {
  set: (_, more) => more,
  add: (old, more) => old + more,
  sub: (old, more) => old - more,
  mul: (old, more) => old * more,
  min: Math.min,
  max: Math.max,
};

/**
 * jax.lax.scatter and its kin for these shapes: (result, which holds the operand, places, updates).
 * @param {{operand: number[], updates: number[], places: number[], window: number[], inserted: number[],
 *   starts: number[], batch: number[], placesBatch: number[], mode: string, how: string}} table
 */
export function scatter(table) {
  const { operand, updates, window, inserted, starts, batch, placesBatch } = table;
  const steps = stepsOf(operand);
  const updateSteps = stepsOf(updates);
  const batchAxes = axes(updates.length).filter((k) => !window.includes(k));
  const inner = axes(operand.length).filter((k) => !inserted.includes(k) && !batch.includes(k));
  const parts = window.map((k) => updates[k]);
  const to = places(parts, inner.map((k) => steps[k]));
  const from = places(parts, window.map((k) => updateSteps[k]));
  const batchSizes = batchAxes.map((k) => updates[k]);
  const fromBatch = places(batchSizes, batchAxes.map((k) => updateSteps[k]));
  const own = batchAxes.map(() => 0);
  batch.forEach((axis, j) => {
    own[placesBatch[j]] += steps[axis];
  });
  const toBatch = places(batchSizes, own);
  const depth = table.places[table.places.length - 1] ?? 1;
  const last = starts.map((axis) => {
    const k = inner.indexOf(axis);
    return operand[axis] - (k < 0 ? 1 : parts[k]);
  });
  const factors = starts.map((axis) => steps[axis]);
  const drops = table.mode === "fill";
  const update = UPDATES[table.how];
  /** @param {Row} result @param {Row} where @param {Row} source */
  return (result, where, source) => {
    for (let b = 0; b < fromBatch.length; b++) {
      let start = toBatch[b];
      let within = true;
      for (let j = 0; j < depth; j++) {
        let place = Number(where[b * depth + j]);
        if (place < 0 || place > last[j]) {
          within = !drops;
          if (drops) break;
          place = place < 0 ? 0 : last[j];
        }
        start += place * factors[j];
      }
      if (within)
        for (let k = 0; k < from.length; k++) {
          const at = start + to[k];
          result[at] = update(result[at], source[fromBatch[b] + from[k]]);
        }
    }
  };
}

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
