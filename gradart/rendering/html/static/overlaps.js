// Which shapes lie over which: the cells of a grid that each covers, found row by row, as
// gradart/rendering/vector/overlaps.py finds them.

/**
 * A path of points in cells, x and y in turn: that of row i and column j has its center at (j, i).
 * It covers what lies within `reach` of it and, if it is filled, all that is between its ends in a
 * row. A point that is not finite lifts the pen.
 * @typedef {{ path: Float64Array, reach: number, filled: boolean }} Covered
 */

/**
 * The number that each cell was given last, and room for the ends of rows.
 * @typedef {{ top: Int32Array, rows: number, columns: number, lows: Float64Array, highs: Float64Array }} Grid
 */

/** @param {number} rows @param {number} columns @returns {Grid} */
export function gridOf(rows, columns) {
  const top = new Int32Array(rows * columns).fill(-1);
  return { top, rows, columns, lows: new Float64Array(rows), highs: new Float64Array(rows) };
}

/** The largest number in the cells that a path covers; -1 if there are none. @param {Grid} grid @param {Covered} covered */
export function highestUnder(grid, covered) {
  let found = -1;
  eachSpan(grid, covered, (from, end) => {
    for (let at = from; at < end; at += 1) if (grid.top[at] > found) found = grid.top[at];
  });
  return found;
}

/** Give all cells that a path covers a number. @param {Grid} grid @param {Covered} covered @param {number} number */
export function coverWith(grid, covered, number) {
  eachSpan(grid, covered, (from, end) => grid.top.fill(number, from, end));
}

/** About how many cells and rows the others look at for a path. @param {Covered} covered @param {number} rows @param {number} columns */
export function lookedAt({ path, reach, filled }, rows, columns) {
  let cells = 0;
  for (let k = 0; k + 3 < path.length; k += 2) {
    const [first, end] = reached(path, k, reach, rows);
    if (first >= end) continue;
    const [x0, y0, x1, y1] = path.subarray(k, k + 4);
    const [left, right] = within(Math.min(x0, x1) - reach, Math.max(x0, x1) + reach, columns);
    const stroke = 2 * reach * (Math.hypot(x1 - x0, y1 - y0) + 2 * reach);
    const box = (end - first) * Math.max(right - left, 0);
    cells += end - first + (filled ? 0 : Math.min(stroke, box));
  }
  return cells + (filled ? rows * columns : 0);
}

/** Name the cells that a path covers, a piece of a row at a time: the first, and the one after the last.
 * @param {Grid} grid @param {Covered} covered @param {(from: number, end: number) => void} name */
function eachSpan({ rows, columns, lows, highs }, { path, reach, filled }, name) {
  /** @param {number} row @param {number} low @param {number} high */
  const tell = (row, low, high) => {
    const [first, end] = within(low, high, columns);
    if (first < end) name(row * columns + first, row * columns + end);
  };
  lows.fill(Infinity);
  highs.fill(-Infinity);
  for (let k = 0; k + 3 < path.length; k += 2) {
    const [first, end] = reached(path, k, reach, rows);
    for (let row = first; row < end; row += 1) {
      const [low, high] = span(path, k, reach, row);
      if (!filled) tell(row, low, high);
      if (low < lows[row]) lows[row] = low;
      if (high > highs[row]) highs[row] = high;
    }
  }
  if (filled) for (let row = 0; row < rows; row += 1) tell(row, lows[row], highs[row]);
}

/** The first of 0 to count - 1 between low and high, and the one after the last. @param {number} low @param {number} high @param {number} count */
function within(low, high, count) {
  if (!(low <= high) || low > count || high < 0) return [0, 0];
  return [Math.ceil(Math.max(low, 0)), Math.floor(Math.min(high, count - 1)) + 1];
}

/** The first of `count` rows that a segment covers, and the one after the last. @param {Float64Array} path @param {number} k @param {number} reach @param {number} count */
function reached(path, k, reach, count) {
  if (!Number.isFinite(path[k] + path[k + 1] + path[k + 2] + path[k + 3])) return [0, 0];
  return within(Math.min(path[k + 1], path[k + 3]) - reach, Math.max(path[k + 1], path[k + 3]) + reach, count);
}

/** The lowest and highest x within `reach` of a segment at the height y. @param {Float64Array} path @param {number} k @param {number} reach @param {number} y */
function span(path, k, reach, y) {
  const [x0, y0, x1, y1] = [path[k], path[k + 1], path[k + 2], path[k + 3]];
  let [low, high] = [Infinity, -Infinity];
  for (const [x, rise] of [[x0, y - y0], [x1, y - y1]]) {
    if (Math.abs(rise) > reach) continue;
    const half = Math.sqrt(reach * reach - rise * rise);
    low = Math.min(low, x - half);
    high = Math.max(high, x + half);
  }
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (!length) return [low, high];
  /** Where an edge of the segment's body crosses the height. @param {number} ax @param {number} ay @param {number} bx @param {number} by */
  const meet = (ax, ay, bx, by) => {
    if (ay === by || y < Math.min(ay, by) || y > Math.max(ay, by)) return;
    const x = ax + (bx - ax) * ((y - ay) / (by - ay));
    low = Math.min(low, x);
    high = Math.max(high, x);
  };
  const [across, up] = [(reach * (y0 - y1)) / length, (reach * (x1 - x0)) / length];
  for (const side of [-1, 1]) meet(x0 + side * across, y0 + side * up, x1 + side * across, y1 + side * up);
  for (const [x, end] of [[x0, y0], [x1, y1]]) meet(x - across, end - up, x + across, end + up);
  return [low, high];
}
