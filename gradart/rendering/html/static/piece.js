// A piece: its program, run for parameters and a playhead, and how its scenes lie on the page.

import { sceneOf } from "./art.js";
import { exposed, filmExposures } from "./film_exposure.js";
import { argument } from "./inputs.js";
import { fit } from "./placement.js";

/** @import { Art, Program } from "./art.js" */
/** @import { Placement, Scene } from "./scene.js" */
/** @import { Values } from "./inputs.js" */

/**
 * @typedef {object} Drawn
 * @property {Scene} scene
 * @property {Placement} placement
 */

/**
 * @param {Art} art
 * @param {Program} program
 */
export function makePiece(art, program) {
  const frames = art.film ? Math.max(1, Math.round(art.seconds * art.fps)) : 1;
  /** @type {Scene | null} whose arrays are those of the program */
  let scene = null;
  /** @type {Placement | null} of all frames, where they have one */
  let placement = null;
  /** @type {ReadonlyMap<number, number> | null} of all frames */
  let exposures = null;

  /** @param {number} u */
  const sceneAt = (u) => {
    scene ??= exposed(sceneOf(art, program.outputs), exposures ?? new Map());
    if (art.film) program.stages[1](u);
    return scene;
  };

  function* frameScenes() {
    for (let i = 0; i < frames; i++) yield sceneAt(i / frames);
  }

  /** @param {Scene} now @returns {Placement} */
  const placed = (now) => {
    if (art.boxMoves) return fit([now], art.page);
    placement ??= fit([now], art.page);
    return placement;
  };

  /** @param {number} u @returns {Drawn} */
  const at = (u) => {
    const now = sceneAt(u);
    return { scene: now, placement: placed(now) };
  };

  return {
    frames,

    /** Compute what depends on parameters alone. @param {Values} values */
    set(values) {
      scene = placement = exposures = null;
      program.stages[0](...art.inputs.map((input) => argument(input, values[input.name])));
    },

    /**
     * The scene at a playhead and how it lies on the page, to be painted before the next call. The
     * frames of a film lie there all alike, so that their union fits, unless they have a box; and
     * are exposed alike.
     * @param {number} u
     * @returns {Drawn}
     */
    at(u) {
      if (art.film && exposures === null) {
        if (art.box === null) placement = fit(frameScenes(), art.page);
        const found = filmExposures((frame) => at(frame / frames), frames, art.page);
        exposures = found;
        scene = null;
      }
      return at(u);
    },
  };
}
