// Lines thinner than a pixel, which browsers that paint by the processor draw paler the more they
// slant: a pixel high where they should be a pixel across. They are drawn wider for it.

/** @import { Numbers } from "./scene.js" */

const STEPS = 32; // between factors that are told apart: rows that share one are painted together

/** @type {boolean | undefined} */
let known;

/** Whether this browser's canvas does so, measured when it is first asked. */
export function slantsArePale() {
  known ??= measured();
  return known;
}

function measured() {
  const canvas = new OffscreenCanvas(300, 150); // smaller ones are never painted by a graphics card
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.lineWidth = 0.5;
  /** What is covered by a line of a hundred pixels. @param {number} x @param {number} y */
  const covered = (x, y) => {
    context.clearRect(0, 0, 300, 150);
    context.beginPath();
    context.moveTo(20.5, 20.5);
    context.lineTo(20.5 + x, 20.5 + y);
    context.stroke();
    return context.getImageData(0, 0, 300, 150).data.reduce((sum, value) => sum + value, 0);
  };
  return covered(60, 80) < 0.9 * covered(100, 0);
}

/**
 * How much wider a row is to be drawn, 1 to 1.42: its length, in what counts as such for a slanting
 * line. Of curves, the points that pull at them stand for them.
 * @param {Numbers} points
 * @param {number} row
 */
export function widening({ data, shape }, row) {
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
