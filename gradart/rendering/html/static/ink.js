/** @import { Mark, Placement, Sheet } from "./scene.js" */

/** @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context @param {Mark[]} run @param {Placement} placement @param {Sheet} sheet @param {number} pixelsPerMm @param {{ x: number, y: number }} [corner] */
export function paintInk(context, run, placement, sheet, pixelsPerMm, corner) {
  throw new Error(`ink is not there yet: ${[context, run, placement, sheet, pixelsPerMm, corner]}`);
}

/** @param {Mark[]} run @param {Placement} placement @param {Sheet} sheet @returns {number | null} */
export function exposureOn(run, placement, sheet) {
  throw new Error(`ink is not there yet: ${[run, placement, sheet]}`);
}

/** @param {Mark[]} run @param {Placement} placement @param {{ width: number, height: number, unit: number, x: number, y: number }} grid @returns {any} */
export function summed(run, placement, grid) {
  throw new Error(`ink is not there yet: ${[run, placement, grid]}`);
}
