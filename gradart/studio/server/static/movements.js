// How far each parameter moves the picture: those that do nothing are pale, and shuffling by some
// millimeters knows how far to go.

import { $ } from "./dom.js";
import { on, send } from "./socket.js";
import { nudged, shuffled } from "./shuffling.js";
import { changed, set, settings, state } from "./state.js";

let measuring = false;
let shuffling = false; // once it is measured

/** Measure it, beside the page; it may take long. */
export function measure() {
  if (measuring || !state.sketch) return;
  measuring = true;
  send("moves", settings());
}

changed(({ fresh }) => {
  if (!fresh) return;
  measuring = shuffling = false;
  state.movements = {};
  if ($("strength").value) measure();
});

on("moves", (head) => {
  measuring = false;
  if (!head.error && !head.interrupted) state.movements = head.movements;
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-parameter]"))) {
    const effect = state.movements[row.dataset.parameter ?? ""]?.effect ?? "";
    row.dataset.effect = effect;
    row.title = effect === "nothing" ? "It does nothing" : "";
  }
  if (shuffling && Object.keys(state.movements).length) shuffle();
  shuffling = false;
});

/** Shuffle all that is not locked: by as many mm as are asked for, or to any values. */
export function shuffle() {
  if (!state.sketch) return;
  const mm = Number($("strength").value);
  shuffling = false;
  if (!(mm > 0)) set(shuffled());
  else if (Object.keys(state.movements).length) set(nudged(mm));
  else {
    shuffling = true;
    measure();
  }
}

$("strength").addEventListener("focus", measure);
