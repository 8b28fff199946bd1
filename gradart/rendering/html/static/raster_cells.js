// A picture on its page: the cells that are seen of it, upright, in mm.

/** @import { Window } from "./clipping.js" */
/** @import { Shape, Numbers } from "./scene.js" */

const PAGES = 4; // cells wider than so many of what is seen are drawn one by one
const SEEN = 1e-6; // mm; a picture less wide cannot be seen
const NONE = Object.freeze({ data: new Float64Array(1), shape: [] });

/**
 * What becomes of a picture whose corners are in mm, y down, before the drawing is shifted by
 * (dx, dy): one that holds the cells in the window, or a polygon for each of its cells.
 * @param {Shape} mark
 * @param {Numbers} corners
 * @param {string} what
 * @param {{ dx: number, dy: number, box: Window }} way
 * @returns {Shape[]}
 */
export function seenCells(mark, corners, what, { dx, dy, box }) {
  const { data } = corners;
  if (!data.every(Number.isFinite)) throw new Error(`${what}: its box must be finite, not ${data.join(", ")}`);
  const [height, width] = mark.points.shape;
  const across = partOf(data[0], data[2], width, box.x0, box.x1);
  const down = partOf(data[1], data[3], height, box.y0, box.y1);
  if (!(across.cell > 0 && down.cell > 0)) throw new Error(`${what}: its box has no area; write ((x0, y0), (x1, y1))`);
  if (across.first >= across.last || down.first >= down.last) return [];
  const pixels = upright(mark.points, across, down);
  /** @type {Shape} */
  const plain = {
    ...mark, stroke: null, fill: null, width: NONE, gradient: null,
    blend: { kind: "over", exposure: null, embed: false },
  };
  if (across.cell <= PAGES * (box.x1 - box.x0) && down.cell <= PAGES * (box.y1 - box.y0)) {
    const [x0, x1] = [placeOf(across, across.first) + dx, placeOf(across, across.last) + dx];
    const [y0, y1] = [placeOf(down, down.first) + dy, placeOf(down, down.last) + dy];
    if (!(x1 - x0 > SEEN && y1 - y0 > SEEN)) return [];
    return [{ ...plain, points: pixels, corners: { data: new Float64Array([x0, y0, x1, y1]), shape: [2, 2] } }];
  }
  // Cells larger than the page, each as the rectangle that is seen of it.
  /** @type {Shape[]} */
  const cells = [];
  for (let row = down.first; row < down.last; row += 1) {
    for (let column = across.first; column < across.last; column += 1) {
      const [x0, x1] = [0, 1].map((i) => clamp(placeOf(across, column + i), box.x0, box.x1) + dx);
      const [y0, y1] = [0, 1].map((i) => clamp(placeOf(down, row + i), box.y0, box.y1) + dy);
      const at = 4 * ((row - down.first) * (across.last - across.first) + column - across.first);
      cells.push({
        ...plain, kind: "lines", closed: true, corners: null,
        points: { data: new Float64Array([x0, y0, x1, y0, x1, y1, x0, y1]), shape: [1, 4, 2] },
        fill: { data: pixels.data.slice(at, at + 4), shape: [4] },
      });
    }
  }
  return cells;
}

/** @typedef {{ start: number, cell: number, count: number, turned: boolean, first: number, last: number }} Part */

/**
 * Which of `count` cells between two places lie in a window, and two more on both sides, which
 * smoothing looks at. They are counted from the lower place.
 * @param {number} from
 * @param {number} to
 * @param {number} count
 * @param {number} low
 * @param {number} high
 * @returns {Part}
 */
function partOf(from, to, count, low, high) {
  const start = Math.min(from, to);
  const cell = (Math.max(from, to) - start) / count;
  const first = clamp(Math.floor((low - start) / cell) - 2, 0, count);
  const last = clamp(Math.ceil((high - start) / cell) + 2, 0, count);
  return { start, cell, count, turned: from > to, first, last };
}

/** Where a cell begins. @param {Part} part @param {number} index */
const placeOf = ({ start, cell }, index) => start + index * cell;

/** @param {number} value @param {number} low @param {number} high */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** The cells of both parts, the first row on top. @param {Numbers} pixels @param {Part} across @param {Part} down @returns {Numbers} */
function upright({ data, shape: [, width] }, across, down) {
  const [rows, columns] = [down.last - down.first, across.last - across.first];
  const out = new Float64Array(4 * rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const y = down.turned ? down.count - 1 - down.first - row : down.first + row;
    for (let column = 0; column < columns; column += 1) {
      const x = across.turned ? across.count - 1 - across.first - column : across.first + column;
      for (let c = 0; c < 4; c += 1) out[4 * (row * columns + column) + c] = data[4 * (y * width + x) + c];
    }
  }
  return { data: out, shape: [rows, columns, 4] };
}
