// The exposures of a film's ink and light: one for all frames, as rendering/film/exposure.py finds them.

import { exposureOn } from "./ink.js";
import { runsBy } from "./runs.js";

/** @import { Mark, Placement, Scene, Sheet } from "./scene.js" */

const SAMPLES = 5; // frames; the fullest of them is exposed well

/**
 * A scene with exposures for those runs of its marks that have none.
 * @param {Scene} scene
 * @param {ReadonlyMap<number, number>} exposures by the numbers of the runs
 * @returns {Scene}
 */
export function exposed(scene, exposures) {
  if (exposures.size === 0) return scene;
  const marks = runsOf(scene).flatMap((run, number) => {
    const exposure = exposures.get(number);
    if (exposure === undefined || !isAutomatic(run)) return run;
    return run.map((mark) => ({ ...mark, blend: { ...mark.blend, exposure } }));
  });
  return { ...scene, marks };
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
  const wanted = runsOf(at(0).scene).filter(isAutomatic).length;
  if (wanted === 0) return found;
  const spread = Array.from({ length: SAMPLES }, (_, i) => Math.floor((i * (frames - 1)) / (SAMPLES - 1)));
  const samples = new Set(spread);
  const others = Array.from({ length: frames }, (_, frame) => frame).filter((frame) => !samples.has(frame));
  for (const frame of [...samples, ...others]) {
    // Ink that is in none of the samples is looked for in all other frames.
    if (!samples.has(frame) && found.size === wanted) break;
    const { scene, placement } = at(frame);
    runsOf(scene).forEach((run, number) => {
      const exposure = isAutomatic(run) ? exposureOn(run, placement, sheet) : null;
      if (exposure) found.set(number, Math.min(exposure, found.get(number) ?? Infinity));
    });
  }
  return found;
}

/** @param {Scene} scene */
const runsOf = ({ marks }) => runsBy(marks, ({ blend }) => `${blend.kind} ${blend.exposure}`);

/** Whether the exposure of a run is to be found. @param {readonly Mark[]} run */
const isAutomatic = ([{ blend }]) => blend.kind !== "over" && blend.exposure === null;
