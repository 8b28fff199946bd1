// The data in the document: JSON, and numbers that are packed as document.py does.

import { unpacked } from "./packing.js";

/** @import { Typed } from "./packing.js" */

/** The value in a block of JSON. @param {string} id */
export function readJson(id) {
  return JSON.parse(textOf(id));
}

/** All arrays in the document, in their order. @returns {Promise<Typed[]>} */
export async function readNumbers() {
  const data = Uint8Array.from(atob(textOf("numbers")), (letter) => letter.charCodeAt(0));
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  /** @type {Typed[]} */
  const arrays = [];
  let start = 0;
  for (const told of readJson("arrays")) {
    start += told.bytes;
    arrays.push(told.same === undefined ? unpacked(told, bytes.subarray(start - told.bytes, start)) : arrays[told.same]);
  }
  return arrays;
}

/** @param {string} id */
const textOf = (id) => document.getElementById(id)?.textContent ?? "";
