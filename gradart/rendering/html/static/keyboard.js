// What keys do, and the list that says so.

import { $ } from "./elements.js";
import { h } from "./markup.js";

/**
 * What a key does. `said` is for the list, in which one that has none stands with another.
 * @typedef {object} Action
 * @property {string} key as events name it, a letter small; after "Shift+" with that key
 * @property {string} [shown] where the name is no good to read
 * @property {string} [said]
 * @property {() => void} act
 */

/** Let keys act, and list them. @param {readonly Action[]} actions */
export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (taken(/** @type {HTMLElement} */ (event.target), name)) return;
    const shifted = event.shiftKey ? actions.find(({ key }) => key === `Shift+${name}`) : undefined;
    const action = shifted ?? actions.find(({ key }) => key === name);
    if (!action) return;
    event.preventDefault();
    action.act();
  });
  const said = actions.filter((action) => action.said);
  $("keys").querySelector("dl")?.replaceChildren(
    ...said.flatMap(({ key, shown, said: words }) => [
      h("dt", {}, ...(shown ?? key).split(" ").map((one) => h("kbd", {}, one))),
      h("dd", {}, words),
    ]),
  );
}

/** Whether a key belongs to the element that has the focus. @param {HTMLElement} target @param {string} key */
function taken(target, key) {
  if (target.matches("input:not([type=range], [type=checkbox]), select, textarea")) return true;
  if (target.matches("input[type=range]")) return /^(?:Arrow|Page|Home$|End$)/.test(key);
  return key === " " && target.matches("button, summary, input, a");
}
