// What keys do.

import { newSeed } from "./controls.js";
import { $ } from "./dom.js";
import * as film from "./film.js";
import * as variations from "./variations.js";
import { toggleHand } from "./drag.js";
import { like } from "./saved.js";
import { shuffle } from "./movements.js";
import { nextField, toggleEdges } from "./inspector.js";
import * as viewport from "./viewport.js";
import { redo, undo } from "./state.js";

const help = $("help");

const actions = {
  s: like,
  r: newSeed,
  v: shuffle,
  g: () => (variations.isOpen() ? variations.close() : variations.open()),
  " ": film.toggle,
  arrowleft: () => film.step(-1),
  arrowright: () => film.step(1),
  f: viewport.fit,
  "+": () => viewport.magnify(1.25),
  "=": () => viewport.magnify(1.25),
  "-": () => viewport.magnify(0.8),
  h: toggleHand,
  m: toggleEdges,
  d: nextField,
  "?": () => help.showModal(),
  escape: () => (variations.isOpen() ? variations.close() : null),
};

/** Whether a key belongs to the element that has the focus. */
function taken(target, key) {
  if (target.matches("input:not([type=range], [type=checkbox], [type=radio]), select, textarea")) {
    return key !== "escape";
  }
  if (target.matches("input[type=range], input[type=radio]")) return key.startsWith("arrow");
  return key === " " && target.matches("button, summary, input");
}

document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (help.open || document.body.dataset.view === "list" || taken(event.target, key)) return;
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") (event.shiftKey ? redo : undo)();
    else if (key === "y") redo();
    else return;
  } else if (!event.altKey && Object.hasOwn(actions, key)) {
    actions[key]();
  } else {
    return;
  }
  event.preventDefault();
});

$("keys").addEventListener("click", () => help.showModal());
