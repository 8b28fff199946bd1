// A piece: its program, run for parameters and a playhead, and how its scenes lie on the page.

import { readsInk, sceneOf } from "./art.js";
import { exposed, filmExposures } from "./film_exposure.js";
import { argument, defaults, same } from "./inputs.js";
import { fit } from "./placement.js";

/** @import { Art, Program, SceneOfPlaces } from "./art.js" */
/** @import { Typed } from "./packing.js" */
/** @import { Placement, Scene } from "./scene.js" */
/** @import { Values } from "./inputs.js" */

const FEW = 8; // frames that show how far a film reaches, more or less

/**
 * @typedef {object} Drawn
 * @property {Scene} scene
 * @property {Placement} placement
 */

/** @typedef {ReturnType<typeof makePiece>} Piece */

/**
 * @param {Art} art
 * @param {Program} program
 * @param {readonly Typed[]} arrays of the document, some of which may be known outputs
 */
export function makePiece(art, program, arrays = []) {
  const inked = art.film && readsInk(art.marks);
  const frames = art.film ? Math.max(1, Math.round(art.seconds * art.fps)) : 1;
  /** @type {SceneOfPlaces} of the value that is chosen */
  let shown = art;
  /** @type {Scene | null} whose arrays are those of the program */
  let scene = null;
  /** @type {Placement | null} of all frames, where they have one */
  let placement = null;
  /** @type {ReadonlyMap<number, number> | null} of all frames */
  let exposures = null;
  let asTold = false; // whether the values are those that the placement is told for
  let fits = false; // whether all frames have been laid on the page
  let looked = frames; // at so many of the frames, to lay them on the page

  /** @param {number} u */
  const sceneAt = (u) => {
    scene ??= exposures ? exposed(sceneOf(shown, program.outputs), exposures) : sceneOf(shown, program.outputs);
    if (art.film) program.stages[1](u);
    return scene;
  };

  function* frameScenes() {
    for (let i = 0; i < looked; i++) yield sceneAt(i / looked);
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

    /**
     * Compute what depends on parameters alone. While a hand moves, a film is laid on its page by
     * `few` of its frames, and exposed as before.
     * @param {Values} values
     * @param {boolean} [few]
     */
    set(values, few = false) {
      scene = placement = null;
      if (!few) exposures = null;
      fits = false;
      looked = few ? Math.min(frames, FEW) : frames;
      asTold = same(values, defaults(art.inputs));
      shown = chosen(art, values);
      if (art.known && asTold) {
        const { places, constants } = art.known;
        places.forEach((place, i) => program.outputs[place].data.set(/** @type {any} */ (arrays[constants + i])));
        return;
      }
      const inputs = art.inputs.filter(({ kind }) => kind !== "choice");
      program.stages[0](...inputs.map((input) => argument(input, values[input.name])));
    },

    /**
     * The scene at a playhead and how it lies on the page, to be painted before the next call. The
     * frames of a film lie there all alike, so that their union fits, unless they have a box; and
     * are exposed alike.
     * @param {number} u
     * @returns {Drawn}
     */
    at(u) {
      if (art.film && !fits) {
        const told = asTold && art.placement;
        if (art.box === null) placement = told || fit(frameScenes(), art.page);
        fits = true;
      }
      if (inked && exposures === null) {
        const told = asTold && art.exposures;
        exposures = told
          ? new Map(Object.entries(told).map(([run, exposure]) => [Number(run), exposure]))
          : filmExposures((frame) => at(frame / frames), frames, art.page);
        scene = null; // the next one has these
      }
      return at(u);
    },
  };
}

/** What is told of the scene for these values. @param {Art} art @param {Values} values @returns {SceneOfPlaces} */
function chosen(art, values) {
  const choice = art.inputs.find(({ kind }) => kind === "choice");
  if (!choice?.options || !art.scenes) return art;
  return art.scenes[choice.options.indexOf(values[choice.name])];
}
