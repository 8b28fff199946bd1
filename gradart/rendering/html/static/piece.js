// A piece: its program, run for parameters and a playhead, and how its scenes lie on the page.

import { sceneOf } from "./art.js";
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
  /** @type {Scene | null} */
  let scene = null;
  /** @type {Placement | null} of all frames, where they have one */
  let placement = null;

  /** @param {number} u */
  const sceneAt = (u) => {
    scene ??= sceneOf(art, program.outputs);
    if (art.film) program.stages[1](u);
    return scene;
  };

  function* frameScenes(count) {
    for (let i = 0; i < count; i++) yield sceneAt(i / count);
  }

  return {
    frames,

    /** Compute what depends on parameters alone. @param {Values} values */
    set(values) {
      scene = null;
      placement = null;
      program.stages[0](...art.inputs.map((input) => argument(input, values[input.name])));
    },

    /**
     * The scene at a playhead and how it lies on the page, to be painted before the next call. The
     * frames of a film lie there all alike, so that their union fits, unless they have a box.
     * @param {number} u
     * @returns {Drawn}
     */
    at(u) {
      if (art.film && art.box === null) placement ??= fit(frameScenes(frames), art.page);
      const now = sceneAt(u);
      if (placement === null || art.boxMoves) placement = fit([now], art.page);
      return { scene: now, placement };
    },
  };
}
