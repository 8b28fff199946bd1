// The exposures of a film's ink and light: one for all frames, as rendering/film/exposure.py finds them.

import { inkCutter } from "./clipped_scene.js";
import { leaves } from "./groups.js";
import { exposureOn } from "./ink.js";
import { blendRuns, everyRun } from "./runs.js";

/** @import { Mark, Placement, Scene, Sheet } from "./scene.js" */

const SAMPLES = 5; // frames; the fullest of them is exposed well

/**
 * A scene with exposures for those runs of its marks that have none.
 * @param {Scene} scene
 * @param {ReadonlyMap<number, number>} exposures by the numbers of the runs, as `everyRun` has them
 * @returns {Scene}
 */
export function exposed(scene, exposures) {
  if (exposures.size === 0) return scene;
  let next = 0;
  /** @param {Mark[]} marks @returns {Mark[]} */
  const told = (marks) => blendRuns(marks).flatMap((run) => {
    const exposure = exposures.get(next);
    next += 1;
    if (exposure !== undefined && isAutomatic(run)) {
      return run.map((mark) => ({ ...mark, blend: { ...mark.blend, exposure } }));
    }
    return run.map((mark) => (mark.kind === "group" ? { ...mark, marks: told(mark.marks) } : mark));
  });
  return { ...scene, marks: told(scene.marks) };
}

/**
 * The exposures that a film leaves to be found, each that of its fullest frame.
 * @param {(frame: number) => { scene: Scene, placement: Placement }} at whose scene is seen until the next
 * @param {number} frames
 * @param {Sheet} sheet
 */
export function filmExposures(at, frames, sheet) {
  /** @type {Map<number, number>} */
  const found = new Map();
  const wanted = everyRun(at(0).scene.marks).filter(isAutomatic).length;
  if (wanted === 0) return found;
  const spread = Array.from({ length: SAMPLES }, (_, i) => Math.floor((i * (frames - 1)) / (SAMPLES - 1)));
  const samples = new Set(spread);
  const others = Array.from({ length: frames }, (_, frame) => frame).filter((frame) => !samples.has(frame));
  for (const frame of [...samples, ...others]) {
    // Ink that is in none of the samples is looked for in all other frames.
    if (!samples.has(frame) && found.size === wanted) break;
    const { scene, placement } = at(frame);
    const cut = inkCutter(scene, placement, sheet);
    everyRun(scene.marks).forEach((run, number) => {
      const exposure = isAutomatic(run) ? exposureOn(cut(leaves(run)), placement, sheet) : null;
      if (exposure) found.set(number, Math.min(exposure, found.get(number) ?? Infinity));
    });
  }
  return found;
}

/** Whether the exposure of a run is to be found. @param {readonly Mark[]} run */
const isAutomatic = ([{ blend }]) => blend.kind !== "over" && blend.exposure === null;
