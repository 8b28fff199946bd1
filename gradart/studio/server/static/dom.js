// The elements and icons of the page, and what it waits for.

import { addIconsOf, iconOf } from "./markup.js";

/**
 * The elements of index.html that are more than an HTMLElement.
 * @typedef {object} Elements
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLDialogElement} help
 * @property {HTMLDetailsElement} kept
 * @property {HTMLProgressElement} exported
 * @property {HTMLProgressElement} rolled
 * @property {HTMLSelectElement} vary
 * @property {HTMLSelectElement} cells
 * @property {HTMLSelectElement} speed
 * @property {HTMLInputElement} head
 * @property {HTMLInputElement} seed
 * @property {HTMLInputElement} px
 * @property {HTMLInputElement} strength
 * @property {HTMLInputElement} presetname
 * @property {HTMLButtonElement} play
 * @property {HTMLButtonElement} undo
 * @property {HTMLButtonElement} redo
 * @property {HTMLButtonElement} resetall
 */

/**
 * The element with an id, which index.html has.
 * @template {string} I
 * @param {I} id
 * @returns {I extends keyof Elements ? Elements[I] : HTMLElement}
 */
export const $ = (id) => /** @type {any} */ (document.getElementById(id));

/** @type {Record<string, string>} */
const PATHS = {
  back: "M14 5l-7 7 7 7",
  undo: "M8 6L4 10l4 4M4 10h10a5 5 0 0 1 0 10h-3",
  redo: "M16 6l4 4-4 4M20 10H10a5 5 0 0 0 0 10h3",
  heart: "M12 20C5 15 3 11.5 4.5 8a4.2 4.2 0 0 1 7.5-.5A4.2 4.2 0 0 1 19.5 8C21 11.5 19 15 12 20z",
  down: "M12 4v11M7 11l5 5 5-5M5 20h14",
  reset: "M6 6v5h5M6.5 11A7 7 0 1 1 6 14.5",
  dice: "M5 5h14v14H5zM9 9h.01M15 9h.01M9 15h.01M15 15h.01M12 12h.01",
  play: "M8 5l11 7-11 7z",
  pause: "M9 5v14M15 5v14",
  previous: "M17 6l-8 6 8 6zM6 6v12",
  next: "M7 6l8 6-8 6zM18 6v12",
  fit: "M5 9V5h4M19 9V5h-4M5 15v4h4M19 15v4h-4",
  page: "M5 3h14v18H5zM8 6h8v12H8z",
  close: "M6 6l12 12M18 6L6 18",
  hand: "M8 12.5V6.5a1.5 1.5 0 0 1 3 0V11V4.5a1.5 1.5 0 0 1 3 0V11V6.5a1.5 1.5 0 0 1 3 0V15a5.5 5.5 0 0 1-5.5 5.5c-3 0-4.3-1.5-5.6-4l-2-3.8a1.4 1.4 0 0 1 2.4-1.4z",
  lock: "M8 11V8a4 4 0 0 1 8 0v3M6 11h12v9H6z",
  help: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5h.01",
};

/** An icon. @param {string} name one of PATHS */
export const icon = (name) => iconOf(PATHS[name]);

/** Put an icon on each button that names one. */
export const addIcons = () => addIconsOf(PATHS);

/**
 * Draw a picture's bytes into a canvas, which takes its size.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export async function paint(canvas, bytes) {
  const bitmap = await createImageBitmap(new Blob([bytes]));
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
}

/**
 * A function that is called once the calls have stopped for a while.
 * @param {number} milliseconds
 * @param {() => void} work
 */
export function debounced(milliseconds, work) {
  let timer = 0;
  const call = () => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}
