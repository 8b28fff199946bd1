// Groups as pictures of their own on a canvas, as gradart/rendering/painting/cairo_groups.py lays them.

import { alphaOf } from "./groups.js";

/** @import { Context } from "./canvas.js" */
/** @import { Group, Mark } from "./scene.js" */

/** The canvases of the groups on a canvas, which are kept from one to the next, and from frame to frame.
 * @typedef {{ picture?: OffscreenCanvasRenderingContext2D, mask?: OffscreenCanvasRenderingContext2D }} Own */

/** @type {WeakMap<HTMLCanvasElement | OffscreenCanvas, Own>} */
const kept = new WeakMap();

/**
 * Lay a group on what is there.
 * @param {Context} context
 * @param {Group} group
 * @param {(context: Context, marks: Mark[]) => void} paintMarks
 */
export function layGroup(context, group, paintMarks) {
  const alpha = alphaOf(group, "a group");
  const picture = clear(context, "picture");
  paintMarks(picture, group.marks);
  if (group.mask) {
    const mask = clear(context, "mask");
    paintMarks(mask, group.mask);
    picture.globalCompositeOperation = "destination-in";
    picture.drawImage(mask.canvas, 0, 0);
  }
  context.globalAlpha = alpha;
  context.globalCompositeOperation = group.mode === "normal" ? "source-over" : group.mode;
  context.drawImage(picture.canvas, 0, 0);
  context.globalAlpha = 1;
  context.globalCompositeOperation = "source-over";
}

/** A clear canvas of the same size, for a group or its mask. @param {Context} context @param {keyof Own} which */
function clear(context, which) {
  const { canvas } = context;
  const { width, height } = canvas;
  const own = kept.get(canvas) ?? {};
  kept.set(canvas, own);
  let found = own[which];
  if (!found || found.canvas.width !== width || found.canvas.height !== height) {
    // What reads what it has painted, as ink does, does so in a group too.
    const told = "getContextAttributes" in context ? context.getContextAttributes() : {};
    const made = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: told.willReadFrequently });
    found = own[which] = /** @type {OffscreenCanvasRenderingContext2D} */ (made);
  }
  found.globalAlpha = 1;
  found.globalCompositeOperation = "source-over";
  found.clearRect(0, 0, width, height);
  return found;
}
