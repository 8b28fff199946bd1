// Scenes of scenes.py, with arrays of numbers in place of base64.

/** @import { Scene } from "../../../gradart/rendering/html/static/scene.js" */

/** @param {any} told @returns {Scene} */
export function readScene(told) {
  return revived(told);
}

/** @param {any} value */
function revived(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(revived);
  if ("float64" in value) {
    const bytes = Uint8Array.from(atob(value.float64), (letter) => letter.charCodeAt(0));
    return { data: new Float64Array(bytes.buffer), shape: value.shape };
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, revived(part)]));
}
