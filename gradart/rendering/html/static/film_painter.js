// A film's frames on a canvas: what does not move and lies under all that moves is painted once.

import { lay, paintMarks } from "./canvas.js";

/** @import { Corner, Mark, Placement, Scene, Sheet } from "./scene.js" */

/**
 * A function that paints a frame of a film. What stands still is taken from the first one that it
 * is given, and from the next where paper or placement are others; where anything but the playhead
 * is another, make another painter.
 * @param {CanvasRenderingContext2D} context
 * @param {Sheet} sheet
 * @param {number} pixelsPerMm
 * @param {Corner} [view] where the page's corner lies, if the canvas shows a part of the page
 * @returns {(scene: Scene, placement: Placement) => void}
 */
export function filmPainter(context, sheet, pixelsPerMm, view) {
  const { width, height } = context.canvas;
  const below = new OffscreenCanvas(width, height);
  const under = /** @type {OffscreenCanvasRenderingContext2D} */ (below.getContext("2d"));
  let known = ""; // paper and placement of what is painted below
  return (scene, placement) => {
    const still = stillMarks(scene.marks);
    const now = `${scene.paper?.data} ${placement.scale} ${placement.dx} ${placement.dy}`;
    if (!still || now !== known) {
      const target = still ? under : context;
      lay(target, scene.paper);
      paintMarks(target, still ? scene.marks.slice(0, still) : scene.marks, placement, sheet, pixelsPerMm, view);
      known = now;
      if (!still) return;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = "copy"; // also of what is clear
    context.drawImage(below, 0, 0);
    context.globalCompositeOperation = "source-over";
    paintMarks(context, scene.marks.slice(still), placement, sheet, pixelsPerMm, view);
  };
}

/** How many marks stand still before one that moves. A run of ink is not split: it is exposed as one. @param {Mark[]} marks */
function stillMarks(marks) {
  let count = marks.findIndex(({ moves }) => moves);
  if (count < 0) return marks.length;
  while (count > 0 && marks[count].blend.kind !== "over" && marks[count - 1].blend.kind === marks[count].blend.kind) count -= 1;
  return count;
}
