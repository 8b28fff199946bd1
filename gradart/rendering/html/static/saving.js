// Files of what is seen, made here and handed to the browser as downloads.

import { asText, nameOf, same } from "./inputs.js";

/** @import { Art } from "./art.js" */
/** @import { Values } from "./inputs.js" */

const LONG = 60; // letters of a title in a file's name

/**
 * A file's name, without its ending: the sketch's or the title, and what differs from the defaults.
 * @param {Art} art
 * @param {Values} values
 * @param {number | null} u the playhead of a film's frame
 */
export function fileName(art, values, u) {
  const changed = art.inputs
    .filter((input) => !same(values[input.name], input.default))
    .map((input) => nameOf(input) + asText(input, values[input.name]));
  const at = u ? [`at${Number(u.toFixed(4))}`] : [];
  return [art.name || shortly(art.title) || "picture", ...changed, ...at].map(plain).join("_").slice(0, 3 * LONG);
}

/** A title, or its first clause where it is long. @param {string} title */
const shortly = (title) => (title.length > LONG ? title.split(/[.:;,]\s/, 1)[0] : title);

/** A text with only what a file's name can hold everywhere. @param {string} text */
function plain(text) {
  const letters = text.normalize("NFKC").replace(/[^\p{L}\p{N}.,+-]+/gu, "_");
  return letters.replace(/^[_.]+|[_.]+$/g, "").slice(0, LONG);
}

/** Hand a file to the browser. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A canvas as PNG. @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
export function asPng(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no PNG was made"))), "image/png");
  });
}
