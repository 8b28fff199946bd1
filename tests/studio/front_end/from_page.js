// The modules of the live page, for tests: those that touch no document.

import { readFile } from "node:fs/promises";

const STATIC = new URL("../../../gradart/studio/server/static/", import.meta.url);
/** @type {Map<string, Promise<string>>} */
const addresses = new Map();

// Its text, and not its path: outside a browser a .js file in a Python package is no module. One
// that several import is the same one, as it is in a browser.
function address(name) {
  if (!addresses.has(name)) addresses.set(name, made(name));
  return addresses.get(name);
}

async function made(name) {
  let text = await readFile(new URL(name, STATIC), "utf8");
  for (const [whole, other] of [...text.matchAll(/^import [^"]*"\.\/(\w+\.js)";$/gm)]) {
    text = text.replace(whole, whole.replace(`./${other}`, await address(other)));
  }
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

/** A module of the live page. @param {string} name */
export const fromPage = async (name) => import(await address(name));
