// Lines thinner than a pixel, which browsers that paint by the processor draw paler the more they
// slant: a pixel high where they should be a pixel across. They are drawn wider for it.
//
// Others are filled as outlines, which takes six times as long.

/** @import { Numbers } from "./scene.js" */

const PALE = 1.1; // of the ink that a pen of a pixel has: what needs more would be seen to be pale
export const OUTLINED = 1.001; // px: the thinnest pen whose lines are outlines
const STEPS = 32; // between factors that are told apart: rows that share one are painted together

/** @type {boolean | undefined} */
let known;

/** Whether this browser's canvas does so, measured when it is first asked. */
export function slantsArePale() {
  known ??= measured();
  return known;
}

function measured() {
  /** What is covered by a line of a hundred pixels. @param {number} x @param {number} y */
  const covered = (x, y) => {
    const canvas = new OffscreenCanvas(300, 150); // smaller ones are never painted by a graphics card
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.lineWidth = 0.5;
    context.beginPath();
    context.moveTo(20.5, 20.5);
    context.lineTo(20.5 + x, 20.5 + y);
    context.stroke();
    return context.getImageData(0, 0, 300, 150).data.reduce((sum, value) => sum + value, 0);
  };
  return covered(60, 80) < 0.9 * covered(100, 0);
}

/**
 * The width of the pen that draws a row of a line thinner than a pixel. Above 1, the line is drawn as
 * an outline, and with its width as its alpha.
 * @param {number} line
 * @param {Numbers} points
 * @param {number} row
 */
export function penOf(line, points, row) {
  const wider = line * widening(points, row);
  return wider > PALE ? OUTLINED : Math.min(wider, 1);
}

/**
 * How much wider a row is to be drawn, 1 to 1.42: its length, in what counts as such for a slanting
 * line. Of curves, the points that pull at them stand for them.
 * @param {Numbers} points
 * @param {number} row
 */
function widening({ data, shape }, row) {
  const length = 2 * shape[1];
  let long = 0;
  let counted = 0;
  for (let at = row * length + 2; at < (row + 1) * length; at += 2) {
    const dx = Math.abs(data[at] - data[at - 2]);
    const dy = Math.abs(data[at + 1] - data[at - 1]);
    if (!(dx + dy > 0)) continue;
    long += Math.sqrt(dx * dx + dy * dy);
    counted += dx > dy ? dx : dy;
  }
  return counted > 0 ? Math.round((STEPS * long) / counted) / STEPS : 1;
}
