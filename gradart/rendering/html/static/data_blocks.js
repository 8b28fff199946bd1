// The data in the document: JSON, and numbers that are packed as document.py does.

import { unpackedBytes } from "./byte_text.js";
import { unpacked } from "./packing.js";

/** @import { Typed } from "./packing.js" */

/** The value in a block of JSON. @param {string} id */
export function readJson(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "");
}

/** All arrays in the document, in their order. @returns {Promise<Typed[]>} */
export async function readNumbers() {
  const bytes = new Uint8Array(await unpackedBytes("numbers").arrayBuffer());
  /** @type {Typed[]} */
  const arrays = [];
  const line = bytes.indexOf(10); // ends what is told of them
  let start = line + 1;
  for (const told of JSON.parse(new TextDecoder().decode(bytes.subarray(0, line)))) {
    start += told.bytes;
    arrays.push(told.same === undefined ? unpacked(told, bytes.subarray(start - told.bytes, start)) : arrays[told.same]);
  }
  return arrays;
}
