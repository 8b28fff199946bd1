// The elements and icons of the page.

import { addIconsOf, iconOf } from "./markup.js";

/**
 * The elements of page.html that are more than an HTMLElement.
 * @typedef {object} Elements
 * @property {HTMLCanvasElement} picture
 * @property {HTMLCanvasElement} detail
 * @property {HTMLInputElement} head
 * @property {HTMLSelectElement} speed
 * @property {HTMLButtonElement} reset
 */

/**
 * The element with an id, which page.html has.
 * @template {string} I
 * @param {I} id
 * @returns {I extends keyof Elements ? Elements[I] : HTMLElement}
 */
export function $(id) {
  return /** @type {any} */ (document.getElementById(id));
}

/** @type {Record<string, string>} */
const PATHS = {
  play: "M8 5l11 7-11 7z",
  pause: "M9 5v14M15 5v14",
  loop: "M17 3l3 3-3 3M4 11V9a3 3 0 0 1 3-3h13M7 21l-3-3 3-3M20 13v2a3 3 0 0 1-3 3H4",
  full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  small: "M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5",
  panel: "M4 8h8M16 8h4M14 6v4M4 16h3M11 16h9M9 14v4",
  down: "M12 4v11M7 11l5 5 5-5M5 20h14",
  back: "M6 6v5h5M6.5 11A7 7 0 1 1 6 14.5",
  dice: "M5 5h14v14H5zM9 9h.01M15 9h.01M9 15h.01M15 15h.01M12 12h.01",
};

/** An icon. @param {string} name one of PATHS */
export const icon = (name) => iconOf(PATHS[name]);

/** Put an icon on each button that names one. */
export const addIcons = () => addIconsOf(PATHS);
