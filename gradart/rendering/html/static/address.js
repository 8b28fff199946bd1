// Values in the address, behind its `#`, so that a link shows a variation.

import { asText, fromText, nameOf, same, wanted } from "./inputs.js";

/** @import { Input } from "./art.js" */
/** @import { Values } from "./inputs.js" */

const BARE = "bare"; // shows the picture alone

/** Whether an address asks for the picture alone. @param {{ search: string, hash: string }} address */
export function isBare({ search, hash }) {
  return search.slice(1).split("&").includes(BARE) || hash.slice(1).split("&").includes(BARE);
}

/**
 * What stands behind `#` for values: those that differ from the defaults.
 * @param {readonly Input[]} inputs
 * @param {Values} values
 * @param {string} before what stands there now, of which `bare` stays
 */
export function written(inputs, values, before = "") {
  const changed = inputs
    .filter((input) => !same(values[input.name], input.default))
    .map((input) => `${escaped(nameOf(input))}=${escaped(asText(input, values[input.name]))}`);
  const bare = before.slice(1).split("&").includes(BARE) ? [BARE] : [];
  return [...bare, ...changed].join("&");
}

const escaped = (text) => encodeURIComponent(whole(text)).replaceAll("%2C", ",");

/** A text without halves of letters, of which no address can be made. @param {string} text */
const whole = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");

/**
 * The values that stand behind `#`, and what is to be said of what is none.
 * @param {readonly Input[]} inputs
 * @param {string} hash with its `#`, or empty
 * @returns {{ values: Values, notes: string[] }}
 */
export function read(inputs, hash) {
  /** @type {Values} */
  const values = {};
  const notes = [];
  for (const part of hash.slice(1).split("&")) {
    if (part === "" || part === BARE) continue;
    const [name, text] = part.split(/=(.*)/s).map(unescaped);
    const input = inputs.find((one) => whole(nameOf(one)) === name);
    const value = input && fromText(input, text ?? "");
    if (!input) notes.push(`The address names ${quoted(name)}, which is no parameter here.`);
    else if (value === undefined) {
      notes.push(`In the address ${name} is ${quoted(text ?? "")}; it takes ${wanted(input)}.`);
    } else values[input.name] = value;
  }
  return { values, notes };
}

/** @param {string} text */
function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not what an address escapes: shown as it is
  }
}

/** @param {string} text */
const quoted = (text) => `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
