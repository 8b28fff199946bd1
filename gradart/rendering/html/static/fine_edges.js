// Thin lines and edges as cairo has them, on a canvas that is painted several times as high and then
// pressed flat.
//
// Browsers round the corners of what they fill to quarters of a pixel from top to bottom, not from left
// to right, of which a small dot loses a twentieth; and lines of a pixel or less are drawn another way,
// whose pixels are others still. That takes a few times as long, and is for pictures that stand still.

/** @import { Context } from "./canvas.js" */
/** @import { Shape } from "./scene.js" */

const THIN = 3; // px, from which on lines are wide enough
const STEPS = 4; // of a pixel
const MOST = 2 ** 24; // pixels of a canvas, which is what the smallest devices hold

/** Whether a mark has lines or edges that are to be painted finely. @param {Shape} mark @param {number} unit pixels to the mm */
export function isFine({ stroke, fill, width: { data } }, unit) {
  if (fill) return true;
  if (!stroke) return false;
  for (let i = 0; i < data.length; i += 1) if (data[i] > 0 && data[i] * unit < THIN) return true;
  return false;
}

/** In how many steps a pixel of a canvas can be painted: 1 for no more than one. @param {Context} context */
export function stepsOf({ canvas: { width, height } }) {
  let steps = STEPS;
  while (steps > 1 && width * height * steps > MOST) steps /= 2;
  return steps;
}

/**
 * Paint on what a canvas shows, in so many steps to the pixel: what `paint` is given is as wide, and is
 * measured in the same pixels.
 * @param {Context} context
 * @param {number} steps
 * @param {(fine: Context) => void} paint
 */
export function paintFinely(context, steps, paint) {
  const { width, height } = context.canvas;
  let fine = clear(width, height * steps);
  fine.imageSmoothingEnabled = false;
  fine.drawImage(context.canvas, 0, 0, width, height * steps);
  fine.scale(1, steps);
  paint(fine);
  for (let left = steps / 2; left > 1; left /= 2) fine = halved(fine, width, height * left);
  context.save();
  context.globalAlpha = 1;
  context.globalCompositeOperation = "copy"; // what is clear, too
  context.drawImage(fine.canvas, 0, 0, width, height);
  context.restore();
}

/** A canvas at half its height: each pixel the mean of two. @param {Context} context @param {number} width @param {number} height */
function halved({ canvas }, width, height) {
  const half = clear(width, height);
  half.drawImage(canvas, 0, 0, width, height);
  return half;
}

/** @param {number} width @param {number} height */
function clear(width, height) {
  return /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(width, height).getContext("2d"));
}
