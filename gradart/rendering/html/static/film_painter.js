// A film's frames on a canvas: what does not move and lies under all that moves is painted once.

import { lay, layAround, paintMarks } from "./canvas.js";
import { paintedMarks } from "./clipped_scene.js";

/** @import { Corner, Mark, Placement, Scene, Sheet } from "./scene.js" */

/** What is painted of a canvas already, and for which paper and placement.
 * @typedef {{ context: OffscreenCanvasRenderingContext2D, key: string, quick: boolean }} Below */

/**
 * Paints frames as `paint` does, and keeps for each canvas what stands still. It is to `forget` that
 * where anything but the playhead has changed.
 */
export function makeFilmPainter() {
  /** @type {WeakMap<HTMLCanvasElement | OffscreenCanvas, Below>} */
  let kept = new WeakMap();

  return {
    forget() {
      kept = new WeakMap();
    },

    /**
     * @param {CanvasRenderingContext2D} context
     * @param {Scene} scene
     * @param {Placement} placement
     * @param {Sheet} sheet
     * @param {number} pixelsPerMm
     * @param {Corner} [view] where the page's corner lies, if the canvas shows a part of the page
     * @param {boolean} [quick] as `paint` has it
     */
    paint(context, scene, placement, sheet, pixelsPerMm, view, quick = false) {
      const { canvas } = context;
      const marks = paintedMarks(scene, placement, sheet);
      const still = stillMarks(marks);
      context.save();
      if (still) {
        const { scale, dx, dy } = placement;
        const cut = scene.clip && scene.box?.data;
        const key = [canvas.width, canvas.height, pixelsPerMm, view?.x, view?.y, scale, dx, dy, scene.paper?.data, cut].join();
        let below = kept.get(canvas);
        if (below?.key !== key || (below.quick && !quick)) {
          below = { context: like(context), key, quick };
          lay(below.context, scene.paper);
          paintMarks(below.context, marks.slice(0, still), placement, sheet, pixelsPerMm, view, quick);
          kept.set(canvas, below);
        }
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.globalCompositeOperation = "copy"; // what is clear, too
        context.drawImage(below.context.canvas, 0, 0);
        context.globalCompositeOperation = "source-over";
      } else {
        lay(context, scene.paper);
      }
      paintMarks(context, marks.slice(still), placement, sheet, pixelsPerMm, view, quick);
      layAround(context, scene, placement, sheet, pixelsPerMm, view);
      context.restore();
    },
  };
}

/** What paints on a canvas of the same size. @param {CanvasRenderingContext2D} context */
function like(context) {
  const { width, height } = context.canvas;
  const { willReadFrequently } = context.getContextAttributes();
  const found = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently });
  return /** @type {OffscreenCanvasRenderingContext2D} */ (found);
}

/** How many marks stand still before one that moves. A run of ink is not split: it is exposed as one. @param {Mark[]} marks */
function stillMarks(marks) {
  let count = marks.findIndex(({ moves }) => moves);
  if (count < 0) return marks.length;
  while (count > 0 && marks[count].blend.kind !== "over" && marks[count - 1].blend.kind === marks[count].blend.kind) count -= 1;
  return count;
}
