// What the page is told of a piece, and scenes of the numbers that its program computes.

/** @import { Mark, Numbers, Placement, Scene } from "./scene.js" */

/**
 * A parameter that is alive. A list is a value of numbers in lists of any depth, whose lengths
 * stay; a key is the seed of what is random.
 * @typedef {object} Input
 * @property {string} name
 * @property {"float" | "int" | "bool" | "color" | "key" | "list" | "choice" | "palette"} kind
 * @property {any} default of a color a code like #c2410c
 * @property {readonly any[]} [options] those of a choice, each with its scene; names of palettes
 * @property {Record<string, string[]>} [colors] of each palette, its paper last
 * @property {boolean} [whole] whether all numbers of a list are whole
 * @property {number | null} [low]
 * @property {number | null} [high]
 * @property {number | null} [step] of its slider
 * @property {boolean} [log] whether its slider runs over logarithms
 * @property {string} [words] that say what it is
 */

/**
 * A parameter that is not alive, and why.
 * @typedef {object} Fixed
 * @property {string} name
 * @property {any} value
 * @property {string} why
 */

/**
 * A mark of which numbers are the places of these among a program's outputs; so are those of a
 * group's marks and of its mask's.
 * @typedef {{ [field: string]: any }} MarkOfPlaces
 */

/**
 * What is told of a scene.
 * @typedef {Pick<Art, "paper" | "box" | "clip" | "paperMoves" | "boxMoves" | "marks">} SceneOfPlaces
 */

/**
 * @typedef {object} Art
 * @property {string} [name] of files
 * @property {string} title
 * @property {string} description
 * @property {string} alt
 * @property {boolean} film
 * @property {number} seconds
 * @property {number} fps
 * @property {number} at the playhead of the still
 * @property {{ width: number, height: number, margin: number }} page in mm
 * @property {number | null} paper null where it is left out
 * @property {number | null} box
 * @property {boolean} clip whether the box is all that is shown
 * @property {boolean} paperMoves
 * @property {boolean} boxMoves
 * @property {MarkOfPlaces[]} marks
 * @property {SceneOfPlaces[]} [scenes] for each of the options of the choice that there is
 * @property {Placement} [placement] of all frames, where no box moves and all has its defaults
 * @property {Record<string, number>} [exposures] of all frames then, by the numbers of the runs
 * @property {{ places: number[], constants: number }} [known] those outputs that parameters change, where
 *   they take long to compute, and the first of the arrays that they are for the defaults
 * @property {Input[]} inputs
 * @property {Fixed[]} fixed
 * @property {import("./lessons.js").Told} [lessons] of a page that can be inspected
 */

/**
 * What computes a piece: first what depends on parameters, then what depends on the playhead too.
 * @typedef {object} Program
 * @property {((...inputs: any[]) => void)[]} stages
 * @property {Numbers[]} outputs filled anew at each call
 */

/** Whether some of these marks add up as ink or light, in groups and masks too. @param {MarkOfPlaces[]} marks @returns {boolean} */
export function readsInk(marks) {
  return marks.some(({ blend, marks: inside = [], mask }) => (
    blend.kind !== "over" || readsInk([...inside, ...(mask ?? [])])));
}

const REFERENCES = ["points", "radius", "corners", "anchor", "stroke", "fill", "width"];

/**
 * The scene whose arrays are a program's outputs.
 * @param {SceneOfPlaces} art
 * @param {readonly Numbers[]} outputs
 * @returns {Scene}
 */
export function sceneOf(art, outputs) {
  const numbers = (place) => (place === null || place === undefined ? null : outputs[place]);
  /** @param {MarkOfPlaces} mark @returns {Mark} */
  const resolved = (mark) => {
    const found = { ...mark };
    if (mark.kind === "group") {
      found.alpha = numbers(mark.alpha);
      found.marks = mark.marks.map(resolved);
      found.mask = mark.mask && mark.mask.map(resolved);
      return /** @type {Mark} */ (/** @type {unknown} */ (found));
    }
    for (const name of REFERENCES) found[name] = numbers(mark[name]);
    if (mark.gradient) {
      const { kind, ends, stops } = mark.gradient;
      found.gradient = { kind, ends: numbers(ends), stops: numbers(stops) };
    }
    return /** @type {Mark} */ (/** @type {unknown} */ (found));
  };
  return {
    paper: numbers(art.paper),
    box: numbers(art.box),
    clip: art.clip,
    marks: art.marks.map(resolved),
  };
}
