// Marks that add up as ink or light, beyond what 8 bits can hold, painted on a canvas.

import { accumulate } from "./density.js";
import { accumulateOn, isSoftware, openDevice } from "./density_webgl.js";
import { blocksOf } from "./ink_blocks.js";
import { exposureOf, tone } from "./tone.js";

/** @import { Device } from "./density_webgl.js" */
/** @import { Grid, Inked } from "./ink_blocks.js" */
/** @import { Placement, Shape, Sheet } from "./scene.js" */
/** @import { Density } from "./tone.js" */

const CELL = 0.25; // mm: the density that counts is the mean over so much, whatever the pixels
const LONGEST = 4096; // px of the long side of a sheet that is summed for its exposure
const HEAVY = 1 << 16; // points; fewer are summed sooner than a graphics card can be asked
const SUMMED = 1 << 22; // px of a sheet that are summed for the exposure of a part of it

/** What sums much ink; null where the processor is faster. It is looked for when it is first needed.
 * @type {Device | null | undefined} */
let device;

/** The sums of blocks, by a graphics card where there is one and it is worth its while.
 * @param {Grid} grid
 * @param {Inked} inked */
function sumsOf(grid, inked) {
  const points = inked.blocks.reduce((count, { n, m }) => count + n * m, 0);
  if (points > HEAVY) {
    if (device === undefined) {
      device = openDevice();
      if (device && isSoftware(device)) device = null;
    }
    const sums = device && accumulateOn(device, grid, inked);
    if (sums) return sums;
  }
  return accumulate(grid, inked);
}

/** The density that a run of marks adds to pixels.
 * @param {Shape[]} run
 * @param {Placement} placement
 * @param {Grid} grid
 * @returns {Density} */
export function summed(run, placement, grid) {
  const inked = blocksOf(run, kindOf(run), placement, grid);
  const { width, height } = grid;
  const { channels, tint } = inked;
  return { sums: sumsOf(grid, inked), width, height, channels, tint };
}

/** @param {Shape[]} run */
function kindOf(run) {
  return run[0].blend.kind === "light" ? "light" : "ink";
}

/** How many pixels wide the cells are whose means count for a picture's exposure. Halves go to the even
 * number, as Python rounds.
 * @param {number} unit */
function cellOf(unit) {
  const cells = CELL * unit;
  const rounded = cells % 1 === 0.5 ? 2 * Math.round(cells / 2) : Math.round(cells);
  return Math.max(1, rounded);
}

/** The pixels of a whole sheet, so many. Its short side is rounded to whole ones, and what is centered in
 * mm stays centered.
 * @param {Sheet} sheet
 * @param {number} unit px to the mm
 * @returns {Grid} */
function centered(sheet, unit, width = wholePixels(sheet.width * unit), height = wholePixels(sheet.height * unit)) {
  return { width, height, unit, x: (width - sheet.width * unit) / 2, y: (height - sheet.height * unit) / 2 };
}

/** @param {number} side */
const wholePixels = (side) => Math.max(1, Math.round(side));

/** The exposure of a run of marks, by the sheet alone and no picture's pixels: films and files of paths
 * have it. Null if nothing of it is on the sheet.
 * @param {Shape[]} run
 * @param {Placement} placement
 * @param {Sheet} sheet */
export function exposureOn(run, placement, sheet) {
  if (run.length === 0) return null;
  const unit = Math.min(1 / CELL, LONGEST / Math.max(sheet.width, sheet.height));
  const [width, height] = [sheet.width, sheet.height].map((side) => Math.ceil(side * unit));
  return exposureOf(summed(run, placement, { width, height, unit, x: 0, y: 0 }), 1);
}

/** The exposure that a picture of the whole sheet finds for a run of marks. Where that has very many
 * pixels, its cells are summed as pixels: they hold the same means, but for the rounding of ends.
 * @param {Shape[]} run
 * @param {Placement} placement
 * @param {Grid} grid of the whole sheet */
function exposureAt(run, placement, grid) {
  const cell = cellOf(grid.unit);
  if (grid.width * grid.height <= SUMMED) return exposureOf(summed(run, placement, grid), cell);
  const width = Math.max(1, Math.floor(grid.width / cell));
  const height = Math.max(1, Math.floor(grid.height / cell));
  const unit = grid.unit / cell;
  const coarse = { width, height, unit, x: grid.x / cell, y: grid.y / cell };
  return exposureOf(summed(run, placement, coarse), 1);
}

/** Paint a run of marks that follow one another and are blended alike, as ink or as light, over what the
 * canvas shows. Without an exposure, it is that of a picture of the whole sheet.
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
 * @param {Shape[]} run
 * @param {Placement} placement
 * @param {Sheet} sheet
 * @param {number} pixelsPerMm
 * @param {{ x: number, y: number }} [corner] where the sheet's top left corner lies, in px of the canvas;
 *   without it, all of the sheet is on the canvas */
export function paintInk(context, run, placement, sheet, pixelsPerMm, corner) {
  const { width, height } = context.canvas;
  const whole = corner ? centered(sheet, pixelsPerMm) : centered(sheet, pixelsPerMm, width, height);
  const { x, y } = corner ?? whole;
  const density = summed(run, placement, { width, height, unit: pixelsPerMm, x, y });
  const found = () => (corner ? exposureAt(run, placement, whole) : exposureOf(density, cellOf(pixelsPerMm)));
  const exposure = run[0].blend.exposure ?? found() ?? 1;
  const image = context.getImageData(0, 0, width, height);
  const [left, top] = [Math.round(whole.x - x), Math.round(whole.y - y)];
  tone(density, image.data, kindOf(run), exposure, left, top);
  context.putImageData(image, 0, 0);
}
