// A page whose curves and fields can be looked at by hand: the page, with lessons beside it.

import { makeInspector } from "./inspector.js";
import { makeLessons } from "./lessons.js";
import { start as begin } from "./main.js";

/** @import { Program } from "./art.js" */
/** @import { Typed } from "./packing.js" */

/**
 * @param {(constants: Typed[]) => Program} makeProgram
 * @param {(constants: Typed[]) => Program} makeLessonProgram
 */
export function start(makeProgram, makeLessonProgram) {
  return begin(makeProgram, (art, arrays, pause) => {
    const told = /** @type {import("./lessons.js").Told} */ (art.lessons);
    return makeInspector(art, makeLessons(told, makeLessonProgram(arrays.slice(told.constants))), pause);
  });
}
