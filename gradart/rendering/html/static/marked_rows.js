// The lines of a drawing as rows of points, to be compared with curves and fields.

/** @import { Mark, Scene, Shape } from "./scene.js" */

const LEAST = 8; // points of a line that may be a curve
const ROWS = 600; // lines that are looked at

/** Marks without their groups, whose marks stand in their place. @param {Mark[]} marks @returns {Shape[]} */
export function shapesOf(marks) {
  return marks.flatMap((mark) => (mark.kind === "group" ? shapesOf(mark.marks) : [mark]));
}

/** The lines, and points of Bezier pieces, as rows of x and y. @param {Scene} scene @returns {number[][][]} */
export function rowsOf(scene) {
  const rows = [];
  for (const { kind, points, anchor, stroke } of shapesOf(scene.marks)) {
    if ((kind !== "lines" && kind !== "beziers") || anchor || !stroke) continue;
    const [n, m] = points.shape;
    for (let i = 0; i < n && rows.length < ROWS; i++) {
      const corners = points.data.subarray(2 * i * m, 2 * (i + 1) * m);
      const row = kind === "lines" ? pairs(corners) : along(corners);
      const seen = row.filter(([x, y]) => x === x && y === y);
      if (seen.length >= LEAST) rows.push(seen);
    }
  }
  return rows;
}

/** @param {ArrayLike<number>} numbers */
const pairs = (numbers) => Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);

/** Points along Bezier pieces, four of each. @param {ArrayLike<number>} numbers */
function along(numbers) {
  const corners = pairs(numbers);
  const row = [corners[0]];
  for (let i = 0; i + 3 < corners.length; i += 3) {
    const [p, q, r, s] = corners.slice(i, i + 4);
    for (const t of [0.25, 0.5, 0.75, 1]) {
      const u = 1 - t;
      const at = (/** @type {number} */ k) =>
        u * u * u * p[k] + 3 * u * u * t * q[k] + 3 * u * t * t * r[k] + t * t * t * s[k];
      row.push([at(0), at(1)]);
    }
  }
  return row;
}
