// Pictures on a canvas: resampled as Pillow does it for gradart/rendering/painting/cairo.py.

import { isCrisp } from "./cells.js";

/** @import { Axes } from "./paths.js" */
/** @import { Shape, Numbers } from "./scene.js" */

/**
 * Paint cells (h, w, 4) over their box, `unit` pixels to the mm.
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
 * @param {Shape} mark
 * @param {Axes} axes
 * @param {number} unit
 */
export function paintRaster(context, { points, corners }, { kx, ky, x0, y0 }, unit) {
  if (!corners) return;
  const [height, width] = points.shape;
  const { data } = corners;
  const across = { from: data[0] * kx + x0, to: data[2] * kx + x0, count: width };
  const down = { from: data[1] * ky + y0, to: data[3] * ky + y0, count: height };
  const crisp = isCrisp(Math.abs(across.to - across.from) / width / unit, Math.abs(down.to - down.from) / height / unit);
  const columns = taps(across, context.canvas.width, crisp);
  const rows = taps(down, context.canvas.height, crisp);
  if (!columns || !rows) return;
  const surface = new OffscreenCanvas(columns.size, rows.size);
  const inner = /** @type {OffscreenCanvasRenderingContext2D} */ (surface.getContext("2d"));
  inner.putImageData(resampled(premultiplied(points), columns, rows), 0, 0);
  context.save();
  context.translate(columns.low, rows.low);
  context.globalAlpha = 1;
  context.fillStyle = /** @type {CanvasPattern} */ (context.createPattern(surface, "no-repeat"));
  const [left, right] = [Math.min(across.from, across.to), Math.max(across.from, across.to)];
  const [top, low] = [Math.min(down.from, down.to), Math.max(down.from, down.to)];
  context.fillRect(left - columns.low, top - rows.low, right - left, low - top);
  context.restore();
}

/**
 * Of each pixel between two places, from which cells it is mixed.
 * @typedef {{ low: number, size: number, most: number, first: Int32Array, cells: Int32Array, weights: Float32Array }} Taps
 */

/**
 * Which cells each pixel is mixed from along one axis, and with which weights: Pillow's, for cells
 * that are repeated outward; null where no pixel shows them. The first cell is at `from`.
 * @param {{ from: number, to: number, count: number }} axis
 * @param {number} pixels that there are
 * @param {boolean} crisp
 * @returns {Taps | null}
 */
function taps({ from, to, count }, pixels, crisp) {
  const [start, end] = [Math.min(from, to), Math.max(from, to)];
  const low = Math.max(Math.floor(start), 0);
  const size = Math.min(Math.ceil(end), pixels) - low;
  if (!(size > 0)) return null;
  const step = count / (end - start); // cells to a pixel
  const offset = (low - start) * step;
  const over = Math.max(-offset, (low + size - start) * step - count, 0);
  const margin = Math.min(Math.ceil(over) + 1, count); // of cells repeated outward
  const stretch = Math.max(step, 1);
  const reach = crisp ? 0 : 2 * stretch;
  const most = crisp ? 1 : Math.ceil(2 * reach) + 1;
  const first = new Int32Array(size + 1);
  const cells = new Int32Array(size * most);
  const weights = new Float32Array(size * most);
  let at = 0;
  for (let pixel = 0; pixel < size; pixel += 1) {
    const center = offset + (pixel + 0.5) * step;
    let lowest = Math.floor(center);
    let after = lowest + 1;
    if (!crisp) {
      lowest = Math.max(Math.floor(center - reach + 0.5), -margin);
      after = Math.min(Math.floor(center + reach + 0.5), count + margin);
    }
    let sum = 0;
    first[pixel] = at;
    for (let cell = lowest; cell < after; cell += 1) {
      const weight = crisp ? 1 : cubic((cell - center + 0.5) / stretch);
      const inside = Math.min(Math.max(cell, 0), count - 1);
      cells[at] = from <= to ? inside : count - 1 - inside;
      weights[at] = weight;
      sum += weight;
      at += 1;
    }
    for (let i = first[pixel]; i < at; i += 1) weights[i] /= sum;
  }
  first[size] = at;
  return { low, size, most, first, cells, weights };
}

/** Pillow's bicubic filter: Keys' with a = -1/2. @param {number} x */
function cubic(x) {
  const d = Math.abs(x);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}

/** Cells (h, w, 4) in [0, 1] as premultiplied bytes. @param {Numbers} cells */
function premultiplied({ data, shape }) {
  const bytes = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = Math.min(Math.max(Math.round(data[i + 3] * 255), 0), 255);
    bytes[i + 3] = alpha;
    for (let c = 0; c < 3; c += 1) {
      const value = Math.min(Math.max(Math.round(data[i + c] * 255), 0), 255);
      bytes[i + c] = alpha === 255 ? value : (value * alpha) / 255;
    }
  }
  return { bytes, shape };
}

/**
 * The pixels, with straight alpha.
 * @param {{ bytes: Uint8ClampedArray, shape: readonly number[] }} cells
 * @param {Taps} columns
 * @param {Taps} rows
 */
function resampled({ bytes, shape: [height, width] }, columns, rows) {
  const across = columns.size;
  const wide = new Float32Array(4 * across * height);
  const used = new Uint8Array(height);
  for (let i = 0; i < rows.first[rows.size]; i += 1) used[rows.cells[i]] = 1;
  for (let y = 0; y < height; y += 1) {
    if (!used[y]) continue;
    for (let x = 0, out = 4 * y * across; x < across; x += 1, out += 4) {
      let [r, g, b, a] = [0, 0, 0, 0];
      for (let i = columns.first[x]; i < columns.first[x + 1]; i += 1) {
        const at = 4 * (y * width + columns.cells[i]);
        const weight = columns.weights[i];
        r += weight * bytes[at];
        g += weight * bytes[at + 1];
        b += weight * bytes[at + 2];
        a += weight * bytes[at + 3];
      }
      wide[out] = r;
      wide[out + 1] = g;
      wide[out + 2] = b;
      wide[out + 3] = a;
    }
  }
  const picture = new ImageData(across, rows.size);
  const row = new Float32Array(4 * across);
  for (let y = 0; y < rows.size; y += 1) {
    row.fill(0);
    for (let i = rows.first[y]; i < rows.first[y + 1]; i += 1) {
      const weight = rows.weights[i];
      const at = 4 * across * rows.cells[i];
      for (let x = 0; x < row.length; x += 1) row[x] += weight * wide[at + x];
    }
    const out = 4 * across * y;
    for (let x = 0; x < row.length; x += 4) {
      const alpha = Math.min(Math.max(row[x + 3], 0), 255);
      const whole = alpha > 0 ? 255 / alpha : 0;
      picture.data[out + x] = row[x] * whole;
      picture.data[out + x + 1] = row[x + 1] * whole;
      picture.data[out + x + 2] = row[x + 2] * whole;
      picture.data[out + x + 3] = alpha;
    }
  }
  return picture;
}
